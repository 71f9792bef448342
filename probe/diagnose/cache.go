package diagnose

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// cacheHit says by which header an answer tells that it comes from a cache.
func cacheHit(r *fetch.Response) string {
	for _, h := range r.Headers {
		switch name := strings.ToLower(h.Name); name {
		case "age":
			if n, err := strconv.Atoi(strings.TrimSpace(h.Value)); err == nil && n > 0 {
				return h.Name + ": " + h.Value
			}
		case "x-cache", "cf-cache-status", "x-cache-status", "x-proxy-cache", "cache-status", "x-vercel-cache", "x-drupal-cache", "cdn-cache":
			if containsFold(h.Value, "hit") || strings.EqualFold(h.Value, "stale") {
				return h.Name + ": " + h.Value
			}
		}
	}
	return ""
}

// looksCached: the answer to the request itself came from a cache, by its own
// words, and does not allow the origin.
func (s *subject) looksCached() bool {
	return s.answered() && !s.preflight() && s.status() < 400 && s.failsOrigin() && isSafe(s.at.Message.Method) && cacheHit(s.at.Response) != ""
}

func cachedCause(ctx context.Context, s *subject) []finding.Finding {
	s.learnHere()
	return s.freshQuery(ctx)
}

// freshQuery asks for the same URL with a query that no cache has seen: where
// that passes, the cache is the cause.
func (s *subject) freshQuery(ctx context.Context) []finding.Finding {
	res := s.tryIt(ctx, s.freshVariant(), whyFresh)
	if !passes(res) {
		return nil
	}
	s.learnFrom(res)
	detail := fmt.Sprintf("The answer of %s comes from a cache and was made for another request; with a query that no cache has seen, %s is allowed.", s.here().Display(), s.origin())
	if hit := cacheHit(s.at.Response); hit != "" {
		s.learn("the refused answer has " + hit)
	}
	if !variesByOrigin(lastAnswer(res)) && allowOrigin(lastAnswer(res)) != "*" {
		detail += " The server does not send Vary: Origin, so the cache cannot know better."
	}
	return s.conclude(finding.CachedWithoutCORS, true, detail)
}

const whyFresh = "whether an answer that no cache holds has CORS headers"

// freshVariant is the request with a query that no cache has seen.
func (s *subject) freshVariant() fetch.Request {
	req := s.variant()
	if s.preflightPassed() {
		req = s.plainGET() // its preflight would be asked again for the other URL
	}
	req.URL = withQuery(s.here(), s.fresh)
	return req
}

// freshValue is a query value that no cache has seen. Its length is constant,
// so that reports of two runs have the same shape.
func freshValue() string { return fmt.Sprintf("%08x", rand.Uint32()) }

func withQuery(u *fetch.URL, value string) string {
	fresh := *u
	fresh.Fragment = ""
	separator := "?"
	if u.Query != "" && u.Query != "?" {
		separator = u.Query + "&"
	}
	fresh.Query = separator + "corscheck=" + value
	return fresh.String()
}
