package policy

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// A Starter is what a first policy is written from: checks of the server as it
// is today.
type Starter struct {
	// Results are of safe checks, without expectations; each has been run.
	Results []*probe.Result
	// Assumed says that the user named no origin, so that the ones of the
	// results stand for a stranger's page.
	Assumed bool
	// MaskURL replaces what may be a secret in a URL by Mask, and SecretHeader
	// tells headers whose values are secret. A policy has variables there.
	MaskURL      func(url string) string
	Mask         string
	SecretHeader func(name string) bool
}

// errNothingDecided: without a verdict there is nothing to write down.
var errNothingDecided = errors.New("no check came to a verdict, so there is nothing to write down")

// Write returns a commented policy that holds today. It names the origins of
// the results and no other: what a server's answers name, or accept beyond
// that, is for a person to bless. Values of credentials become variables.
func (s *Starter) Write() (string, error) {
	groups, left := s.group()
	if len(groups) == 0 {
		return "", errNothingDecided
	}
	w := &yamlWriter{}
	w.line(0, "# Which origins may read which endpoints, as the server answers today.")
	w.line(0, "# corscheck test holds the server against it; corscheck test --schema prints a")
	w.line(0, "# JSON Schema of this file for editors.")
	for _, r := range left {
		w.line(0, "# Left out: %s %s from %s, as there was no verdict.", comment(r.Check.Request.Method), comment(s.MaskURL(r.Check.Request.URL)), comment(r.Check.Request.Origin))
	}
	w.line(0, "version: %d", Version)
	w.line(0, "targets:")
	for _, g := range groups {
		g.write(w, s)
	}
	text := w.String()
	// What is written must be readable: a mistake here is ours, not the user's.
	everySet := Options{LookupEnv: func(string) (string, bool) { return "x", true }}
	if _, err := Parse("corscheck.yaml", []byte(text), everySet); err != nil {
		return "", fmt.Errorf("the policy for these checks cannot be written: %w", err)
	}
	return text, nil
}

// A starterGroup becomes one target: one URL, its methods and browsers for which
// the same origins are allowed and the same denied.
type starterGroup struct {
	results     []*probe.Result
	methods     []string
	browsers    []string
	allow, deny []string
}

// group puts results together and returns those without a verdict besides.
func (s *Starter) group() (groups []*starterGroup, left []*probe.Result) {
	byRequest := map[string]*starterGroup{}
	var single []*starterGroup
	for _, r := range s.Results {
		if r.Fetch == nil || !decided(r) {
			left = append(left, r)
			continue
		}
		method, browser := r.Fetch.Request.Method, r.Fetch.Browser.Name
		key := r.Check.Request.URL + "\n" + method + "\n" + browser
		g := byRequest[key]
		if g == nil {
			g = &starterGroup{methods: []string{method}, browsers: []string{browser}}
			byRequest[key] = g
			single = append(single, g)
		}
		g.add(r)
	}
	groups = merged(single, func(a, b *starterGroup) bool { return slices.Equal(a.browsers, b.browsers) })
	return merged(groups, func(a, b *starterGroup) bool { return slices.Equal(a.methods, b.methods) }), left
}

// merged makes one group of those with the same URL and lists that are alike.
func merged(groups []*starterGroup, alike func(a, b *starterGroup) bool) []*starterGroup {
	var kept []*starterGroup
	for _, g := range groups {
		twin := slices.IndexFunc(kept, func(o *starterGroup) bool { return o.takes(g) && alike(o, g) })
		if twin < 0 {
			kept = append(kept, g)
			continue
		}
		o := kept[twin]
		o.methods = union(o.methods, g.methods)
		o.browsers = union(o.browsers, g.browsers)
		o.results = append(o.results, g.results...)
	}
	return kept
}

func union(a, b []string) []string {
	for _, s := range b {
		if !contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

func decided(r *probe.Result) bool {
	return r.Fetch.Verdict == fetch.Allowed || r.Fetch.Verdict == fetch.Blocked || preflightPassed(r)
}

// preflightPassed: the request itself was not sent, and its preflight passed,
// which is what a policy asks of such a method.
func preflightPassed(r *probe.Result) bool {
	if r.Fetch.Verdict != fetch.Undecided {
		return false
	}
	return slices.ContainsFunc(r.Fetch.Exchanges, func(x fetch.Exchange) bool {
		return x.Message.Kind == fetch.Preflight && x.Response != nil
	})
}

func (g *starterGroup) add(r *probe.Result) {
	list := &g.deny
	if r.Fetch.Verdict != fetch.Blocked {
		list = &g.allow
	}
	if origin := r.Check.Request.Origin; !contains(*list, origin) {
		*list = append(*list, origin)
	}
	g.results = append(g.results, r)
}

func (g *starterGroup) takes(o *starterGroup) bool {
	a, b := &g.results[0].Check.Request, &o.results[0].Check.Request
	return a.URL == b.URL && slices.Equal(g.allow, o.allow) && slices.Equal(g.deny, o.deny)
}

func (g *starterGroup) write(w *yamlWriter, s *Starter) {
	r := &g.results[0].Check.Request
	w.url(s.MaskURL(r.URL), s.Mask)
	w.requests(g.methods, slices.ContainsFunc(g.results, func(r *probe.Result) bool { return r.Check.Request.Body != nil }))
	if len(r.Headers) > 0 {
		w.line(2, "headers:")
		for _, h := range combined(r.Headers) {
			w.header(h, s.SecretHeader(h.Name))
		}
	}
	for _, f := range []struct{ key, value, usual string }{
		{"credentials", string(r.Credentials), ""},
		{"redirect", string(r.Redirect), string(fetch.RedirectFollow)},
		{"page-address", string(r.PageAddress), ""},
		{"browser", browserWord(g.browsers), fetch.Chrome.Name},
	} {
		if f.value != "" && f.value != f.usual {
			w.line(2, "%s: %s", f.key, f.value)
		}
	}
	if r.PreflightOnly {
		w.line(2, "preflight-only: true")
	}
	if s.Assumed {
		w.line(2, "# No origin was given: this one stands for a page that nobody knows. Put your own in its place.")
	}
	if slices.ContainsFunc(g.results, onlySendingDecides) {
		w.line(2, "# No preflight is due here: it takes corscheck test --send-unsafe to decide it.")
	}
	w.origins("allow", "pages that must be able to read it", g.allow)
	w.origins("deny", "pages that must not be able to", g.deny)
	if expect := g.expectations(); len(expect) > 0 {
		w.line(2, "expect: # of pages under allow")
		for _, line := range expect {
			w.line(3, "%s", line)
		}
	}
}

// onlySendingDecides: the request was sent with SendUnsafe and had no preflight.
func onlySendingDecides(r *probe.Result) bool {
	v := verification{result: r}
	return !fetch.IsSafeMethod(r.Fetch.Request.Method) && !r.Fetch.PreflightNeeded && v.answer(fetch.Actual) != nil
}

// expectations are what all allowed results of the group show today, each among
// the results that can show it: an answer that did not come shows nothing, and
// corscheck test does not check it then either.
func (g *starterGroup) expectations() []string {
	var answered, preflights, vary int
	var due []bool
	exposed := map[string]int{}
	lowest, told := int64(0), 0
	for _, r := range g.results {
		if r.Fetch.Verdict == fetch.Blocked {
			continue
		}
		due = append(due, r.Fetch.PreflightNeeded)
		v := verification{result: r}
		if p := v.answer(fetch.Preflight); p != nil {
			preflights++
			if _, sent := p.Get("Access-Control-Max-Age"); sent {
				seconds, _ := preflightAge(p)
				if told++; told == 1 || seconds < lowest {
					lowest = seconds
				}
			}
		}
		if a := v.answer(fetch.Actual); a != nil {
			answered++
			if namesOrigin(a) {
				vary++
			}
			for _, name := range exposedBeyond(r, a) {
				exposed[name]++
			}
		}
	}
	var lines []string
	if names := inAll(exposed, answered); len(names) > 0 {
		lines = append(lines, "expose: ["+(&yamlWriter{}).flow(names)+"]")
	}
	if told > 0 && told == preflights {
		lines = append(lines, fmt.Sprintf("max-age: %q", fmt.Sprintf(">=%d", lowest)))
	}
	if vary > 0 && vary == answered {
		lines = append(lines, "vary: true")
	}
	if len(due) > 0 && !slices.Contains(due, !due[0]) {
		lines = append(lines, "preflight: "+strconv.FormatBool(due[0]))
	}
	return lines
}

func inAll(count map[string]int, n int) []string {
	var names []string
	for name, c := range count {
		if c == n {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// exposedBeyond are the headers that script can read because the server said so.
func exposedBeyond(r *probe.Result, response *fetch.Response) []string {
	list, _ := response.Get("Access-Control-Expose-Headers")
	var names []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.ToLower(strings.TrimSpace(name)); fetch.IsToken(name) && contains(r.Fetch.Exposed, name) && !contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// browserWord is what the policy's key browser says.
func browserWord(browsers []string) string {
	switch {
	case len(browsers) == len(profiles):
		return "all"
	case len(browsers) == 1:
		return browsers[0]
	}
	return "[" + strings.Join(browsers, ", ") + "]"
}
