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

// looksCached: the answer came from a cache, by its own words, and does not
// allow the origin. Some CDNs store the answers to OPTIONS, too.
func (s *subject) looksCached() bool {
	return s.answered() && s.status() < 400 && s.failsOrigin() && isSafe(s.at.Message.Method) && cacheHit(s.at.Response) != ""
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
	if cacheHit(s.at.Response) == "" {
		if found := s.unsteady(ctx); found != nil {
			return found
		}
	}
	what := "answer"
	if s.preflight() {
		what = "answer to OPTIONS"
	}
	detail := fmt.Sprintf("The %s of %s comes from a cache and was made for another request; with a query that no cache has seen, %s is allowed.", what, s.here().Display(), s.origin())
	if hit := cacheHit(s.at.Response); hit != "" {
		s.learn("the refused answer has " + hit)
	}
	if !variesByOrigin(lastAnswer(res)) && allowOrigin(lastAnswer(res)) != "*" {
		detail += " The server does not send Vary: Origin, so the cache cannot know better."
	}
	return s.conclude(finding.CachedWithoutCORS, true, detail)
}

// unsteady puts the request again as it was, twice in a row so that it meets two
// servers that take turns: where one of them passes, it is no cache that refuses.
func (s *subject) unsteady(ctx context.Context) []finding.Finding {
	for n := 1; n <= 2; n++ {
		answer, ok := s.put(ctx, Question{Message: s.at.Message, Again: n, Why: "whether the URL itself is answered as before"})
		if !ok || answer.Response == nil {
			return nil
		}
		if res := s.replayWith(answer.Response); res == nil || res.Verdict == fetch.Blocked {
			continue
		}
		s.learn("the same request again: " + outcome(answer.Response))
		detail := fmt.Sprintf("The answers of %s differ from one request to the next: two servers, or two configurations, stand behind it, and one of them does not allow %s.", s.here().Display(), s.origin())
		if s.lacksOrigin() {
			return s.conclude(finding.NoCORSHeaders, false, detail)
		}
		return s.originFinding(false, "", detail)
	}
	return nil
}

const whyFresh = "whether an answer that no cache holds has CORS headers"

// freshVariant is the request with a query that no cache has seen.
func (s *subject) freshVariant() fetch.Request {
	req := s.variant()
	if s.preflight() {
		req.PreflightOnly = true
	} else if s.preflightPassed() {
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
