package diagnose

import (
	"context"
	"slices"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// A recipe is one way in which a request goes wrong.
type recipe struct {
	name string
	// applies looks at the trace alone.
	applies func(*subject) bool
	// conclude asks what it needs; it returns nothing where its cause is not
	// the cause.
	conclude func(context.Context, *subject) []finding.Finding
}

// causes are the recipes for verdicts that are not allowed, in the order in
// which they claim the headline: what happened earlier explains what came
// later, and what is specific explains what is general.
var causes []recipe

// init breaks the cycle between a recipe that judges another trace and the list
// that it is in.
func init() {
	causes = []recipe{
		{"the network", (*subject).failedOnNetwork, networkCause},
		{"refused before sending", (*subject).refusedBeforeSending, unsentCause},
		{"plain HTTP to a TLS port", (*subject).wantsTLS, wantsTLSCause},
		{"a repeated header", (*subject).repeatsHeader, repeatedHeaderCause},
		{"a body without an end", (*subject).endsNowhere, endlessCause},
		{"an answer from a cache", (*subject).looksCached, cachedCause},
		{"a redirect", (*subject).isRedirect, redirectCause},
		{"behind a redirect", (*subject).behindRedirect, redirectedCause},
		{"an object store", (*subject).fromBucket, bucketCause},
		{"a platform", (*subject).fromPlatform, platformCause},
		{"the preflight's status", (*subject).preflightRefused, preflightStatusCause},
		{"an error page", (*subject).errorWithoutCORS, errorPageCause},
		{"a preflight without CORS headers", (*subject).preflightLacksOrigin, preflightMissingCause},
		{"a response without CORS headers", (*subject).responseLacksOrigin, responseMissingCause},
		{"a value", (*subject).breaksAny, valueCause},
	}
}

// advice are the recipes for what is said beside the verdict.
var advice = []recipe{
	{"same origin", (*subject).isSameOrigin, sameOriginAdvice},
	{"an opaque response", (*subject).isOpaque, opaqueAdvice},
	{"address families", (*subject).onThisMachine, familiesAdvice},
	{"local network access", (*subject).reachesLocalNetwork, localNetworkAdvice},
	{"differential", (*subject).dependsOnOrigin, differentialAdvice},
	{"cookies", (*subject).setsCookies, cookieAdvice},
	{"the standard", (*subject).preflightOK, stricterAdvice},
	{"lists", (*subject).passedCORS, malformedAdvice},
	{"the wildcard", (*subject).passedCORS, wildcardAdvice},
	{"null", (*subject).passedCORS, nullAdvice},
	{"exposure", (*subject).passedCORS, exposureAdvice},
	{"preflight cache", (*subject).preflightOK, preflightCacheAdvice},
	{"the header list", (*subject).hasHeaderList, headerListAdvice},
}

// causes runs the recipes until one of them knows the cause.
func (s *subject) causes(ctx context.Context) []finding.Finding {
	if s.res.Verdict != fetch.Blocked && s.res.Verdict != fetch.Failed {
		return nil
	}
	for _, r := range causes {
		if !r.applies(s) {
			continue
		}
		if found := r.conclude(ctx, s); len(found) > 0 {
			found = s.familiesDiffer(ctx, found)
			return append(found, s.besides(found)...)
		}
	}
	return nil
}

func (s *subject) advise(ctx context.Context) []finding.Finding {
	var found []finding.Finding
	for _, r := range advice {
		if r.applies(s) {
			fresh := *s
			fresh.evidence = nil
			found = append(found, r.conclude(ctx, &fresh)...)
		}
	}
	return found
}

// inOrder keeps the headline first and sorts the others by severity and then as
// the catalogue does. Each ID stands once.
func inOrder(found []finding.Finding) []finding.Finding {
	var out []finding.Finding
	for _, f := range found {
		if !slices.ContainsFunc(out, func(g finding.Finding) bool { return g.ID == f.ID }) {
			out = append(out, f)
		}
	}
	if len(out) > 1 {
		start := 0
		if out[0].Severity == finding.Error {
			start = 1
		}
		slices.SortStableFunc(out[start:], func(a, b finding.Finding) int {
			if d := weight(a.Severity) - weight(b.Severity); d != 0 {
				return d
			}
			return finding.Rank(a.ID) - finding.Rank(b.ID)
		})
	}
	return out
}

func weight(s finding.Severity) int {
	return slices.Index([]finding.Severity{finding.Error, finding.Warning, finding.Info}, s)
}
