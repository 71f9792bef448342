package diagnose

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// probeOrigin is an origin that nobody can have put on a list.
const probeOrigin = "https://corscheck-probe.example"

// dependsOnOrigin: the answer names the origin, so others may get another one.
func (s *subject) dependsOnOrigin() bool {
	return s.passedCORS() && isSafe(s.at.Message.Method) && allowOrigin(s.at.Response) != "*" && s.at.Message.Hop == 0
}

// differentialAdvice compares the answer with those for no origin, for another
// one, and, where a cache may be in between, for this one again on the URL that
// was first asked for without an origin.
func differentialAdvice(ctx context.Context, s *subject) []finding.Finding {
	var found []finding.Finding
	other := s.plainGET()
	other.Origin, other.Page = probeOrigin, ""
	foreign := s.tryIt(ctx, other, "how another origin is answered")
	fresh := s.plainGET()
	fresh.URL = withQuery(s.here(), freshValue())
	nobody := s.tryIt(ctx, s.fromNobody(fresh), "how a request without an Origin is answered")

	own := sample{"from " + s.origin(), s.at.Response}
	samples := []sample{own, {"from " + probeOrigin, lastAnswer(foreign)}, {"without an Origin", lastAnswer(nobody)}}
	if reflected(lastAnswer(foreign)) {
		found = append(found, s.reflects(lastAnswer(foreign))...)
	}
	if again := s.poisoned(ctx, fresh, lastAnswer(nobody)); again != nil {
		return append(found, again...)
	}
	return append(found, s.varies(samples)...)
}

// A sample is one answer of a resource.
type sample struct {
	who    string
	answer *fetch.Response
}

func reflected(r *fetch.Response) bool { return r != nil && allowOrigin(r) == probeOrigin }

func (s *subject) reflects(r *fetch.Response) []finding.Finding {
	fresh := *s
	fresh.evidence = nil
	fresh.learn(fmt.Sprintf("GET from %s: %s", probeOrigin, outcome(r)))
	detail := fmt.Sprintf("The server allows %s, which nobody can have put on a list: it sends back whatever origin asks.", probeOrigin)
	if credentials, _ := r.Get("Access-Control-Allow-Credentials"); credentials == "true" {
		detail += " As it also allows credentials, any site can read what a logged-in user may read."
	}
	return fresh.conclude(finding.ReflectsAnyOrigin, true, detail)
}

// varies finds an answer that another one contradicts without saying, by Vary,
// that it is not for everybody. Answers of different status are of different
// making and not compared.
func (s *subject) varies(samples []sample) []finding.Finding {
	own := samples[0]
	var silent []string
	differ := false
	for _, p := range samples {
		if p.answer == nil || p.answer.Status/100 != own.answer.Status/100 {
			continue
		}
		differ = differ || allowOrigin(p.answer) != allowOrigin(own.answer)
		if !variesByOrigin(p.answer) && !isNeverStored(p.answer) {
			silent = append(silent, p.who)
		}
	}
	if !differ || len(silent) == 0 {
		return nil
	}
	fresh := *s
	fresh.evidence = nil
	for _, p := range samples {
		if p.answer != nil {
			fresh.learn(fmt.Sprintf("GET %s: %s, %s", p.who, outcome(p.answer), varyOf(p.answer)))
		}
	}
	return fresh.conclude(finding.VaryOriginMissing, true, fmt.Sprintf(
		"Access-Control-Allow-Origin depends on who asks, and there is no Vary: Origin on the answer to a request %s. A cache may hand one to the other.", strings.Join(silent, ", or ")))
}

func varyOf(r *fetch.Response) string {
	if v, ok := r.Get("Vary"); ok {
		return "Vary: " + v
	}
	return "no Vary"
}

// isNeverStored: no cache keeps the answer.
func isNeverStored(r *fetch.Response) bool {
	v, _ := r.Get("Cache-Control")
	return containsFold(v, "no-store")
}

// poisoned asks once more for the URL that was first asked for without an
// Origin. Only where a cache is likely is that worth a request: one that says it
// is there may ignore Vary, as CDNs do, and others keep to it.
func (s *subject) poisoned(ctx context.Context, fresh fetch.Request, nobody *fetch.Response) []finding.Finding {
	if nobody == nil || isNeverStored(nobody) || variesByOrigin(nobody) && !behindCache(nobody) || !mayBeCached(nobody) && !s.Deep {
		return nil
	}
	res := s.tryIt(ctx, fresh, "whether a cache hands out the answer made for no origin")
	answer := lastAnswer(res)
	if answer == nil || passes(res) || answer.Status/100 != s.status()/100 {
		return nil
	}
	own := *s
	own.evidence = nil
	own.learn("first without an Origin: " + outcome(nobody))
	own.learn(fmt.Sprintf("then from %s, the same URL: %s", s.origin(), outcome(answer)))
	if hit := cacheHit(answer); hit != "" {
		own.learn("the second answer has " + hit)
	}
	const handed = "A cache handed out the answer that it had stored for a request without an Origin, and the page could not read it."
	if variesByOrigin(nobody) {
		found := own.conclude(finding.CachedWithoutCORS, true, handed+" The server sends Vary: Origin, and the cache does not keep to it: Origin must be part of its key.")
		found[0].Severity = finding.Warning
		return found
	}
	return own.conclude(finding.VaryOriginMissing, true, handed+" Vary: Origin is missing on the answers that have no Access-Control-Allow-Origin.")
}

// cacheHeaders are those by which a cache tells that it is there.
var cacheHeaders = []string{"Age", "X-Cache", "CF-Cache-Status", "Cache-Status", "X-Cache-Status", "X-Proxy-Cache", "X-Vercel-Cache", "X-Varnish", "X-Served-By"}

func behindCache(r *fetch.Response) bool {
	return slices.ContainsFunc(cacheHeaders, func(name string) bool { return has(r, name) })
}

// mayBeCached: a header speaks of a cache, or allows one.
func mayBeCached(r *fetch.Response) bool {
	if behindCache(r) || has(r, "Via") || has(r, "Expires") || has(r, "ETag") {
		return true
	}
	v, _ := r.Get("Cache-Control")
	return containsFold(v, "max-age") || containsFold(v, "public")
}
