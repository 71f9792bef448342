package fix

import (
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/finding"
)

// registry is every stack in the order in which lists show them.
var registry = []*Stack{
	&nginx, &apache, &caddy, &haproxy, &lighttpd,
	&express, &node, &fastify, &koa, &hono, &hapi,
	&flask, &fastapi, &django, &aiohttp, &tornado,
	&rails, &rack, &php,
	&netHTTP, &rsCORS, &gin, &chi, &echo, &fiber,
	&spring, &aspnet, &laravel, &apiGateway, &lambdaURL, &s3, &cloudFront, &gcs, &workers, &supabase, &ingressNginx, &traefik, &kong, &envoy,
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
			if d := finding.Distance(key, name); d < distance {
				best, distance = s.Key, d
			}
		}
	}
	return best
}
