package fix

import (
	"slices"
	"strings"
)

// registry is every stack in the order in which lists show them.
var registry = []*Stack{
	&nginx, &apache, &caddy, &haproxy, &lighttpd,
	&express, &node, &fastify, &koa, &hono, &hapi,
	&flask, &fastapi, &django, &aiohttp, &tornado,
	&rails, &rack, &php,
	&netHTTP, &rsCORS, &gin, &chi, &echo, &fiber,
	&spring, &aspnet, &apiGateway, &lambdaURL, &s3, &cloudFront, &gcs, &workers, &supabase, &ingressNginx,
	&vite, &nextjs, &angular, &nginxProxy,
}

func lookup(key string) *Stack {
	key = strings.ToLower(key)
	for _, s := range registry {
		if s.Key == key || slices.Contains(s.Aliases, key) {
			return s
		}
	}
	return nil
}

// Suggest is the known key that is nearest to an unknown one, or empty.
func Suggest(key string) string {
	key = strings.ToLower(key)
	best, distance := "", max(3, len(key)/3+1)
	for _, s := range registry {
		for _, name := range append([]string{s.Key}, s.Aliases...) {
			if d := edits(key, name); d < distance {
				best, distance = s.Key, d
			}
		}
	}
	return best
}

// edits is the Levenshtein distance.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
