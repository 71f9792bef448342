// Package generate makes scenarios from a seed: valid configurations with zero
// to three things wrong with them, over the whole space of what a script may
// ask for and a server may answer. The same seed gives the same scenarios,
// each of which can be made again from the seed and its number alone.
package generate

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// Scenario makes the scenario of a number in the sequence of a seed.
func Scenario(seed, number uint64) *scenario.Scenario {
	g := &generator{r: rand.New(rand.NewPCG(seed, number))}
	return g.scenario(seed, number)
}

// Scenarios makes n scenarios of a seed, from a number on.
func Scenarios(seed, from uint64, n int) []*scenario.Scenario {
	out := make([]*scenario.Scenario, n)
	for i := range out {
		out[i] = Scenario(seed, from+uint64(i))
	}
	return out
}

// Mixed makes n scenarios of a seed, from a number on, of those that are not of
// fetch() with the mode cors on an ordinary page.
func Mixed(seed, from uint64, n int) []*scenario.Scenario {
	out := make([]*scenario.Scenario, 0, n)
	for ; len(out) < n; from++ {
		if sc := Scenario(seed, from); sc.Page != nil || sc.Request.Initiator != "" || sc.Request.Mode != "" {
			out = append(out, sc)
		}
	}
	return out
}

type generator struct {
	r *rand.Rand
	s *scenario.Scenario
	// hops are the stations of the request: where each is, and which of the
	// answers are its preflight's and its own.
	hops []*hop
	// way is how the page asks where its answers must suit it, and ofWay what they
	// are left to; nil for fetch() and XMLHttpRequest.
	way   *way
	ofWay *generator
}

// A hop is one URL that the request visits if nothing goes wrong.
type hop struct {
	host, path string
	tainted    bool // its Origin is null
	preflight  scenario.Answer
	actual     scenario.Answer
}

func (g *generator) chance(percent int) bool { return g.r.IntN(100) < percent }

func pick[T any](g *generator, list []T) T { return list[g.r.IntN(len(list))] }

func (g *generator) scenario(seed, number uint64) *scenario.Scenario {
	g.s = &scenario.Scenario{ID: fmt.Sprintf("g%d-%d", seed, number)}
	g.request()
	g.mix(seed, number)
	g.route()
	for _, h := range g.hops {
		g.serve(h)
	}
	for wrong := g.wrongs(); wrong > 0; wrong-- {
		pick(g, faults)(g, pick(g, g.hops))
	}
	if g.way != nil { // a fault may have given it a header
		g.s.Request.Headers = nil
		g.onlyGoodTypes()
		g.noFTP()
	}
	if g.s.Request.Initiator != "" {
		g.avoidHangs()
	}
	for _, h := range g.hops {
		g.s.Server = append(g.s.Server, h.preflight, h.actual)
	}
	return g.s
}

// wrongs is how many things are wrong: one is what teaches most.
func (g *generator) wrongs() int { return []int{0, 0, 1, 1, 1, 1, 2, 2, 3}[g.r.IntN(9)] }

// request makes what the script asks for.
func (g *generator) request() {
	q := &g.s.Request
	q.Method = g.method()
	q.Credentials = pick(g, []string{"same-origin", "include", "include", "omit"})
	q.Redirect = pick(g, []string{"follow", "follow", "follow", "follow", "follow", "follow", "follow", "follow", "manual", "error"})
	for n := pick(g, []int{0, 0, 0, 1, 1, 1, 2, 2, 3, 5}); n > 0; n-- {
		q.Headers = append(q.Headers, g.requestHeader())
	}
	method := strings.ToUpper(q.Method)
	if method != "GET" && method != "HEAD" && g.chance(45) {
		body := pick(g, bodies)
		q.Body = &body
	}
}

func (g *generator) method() string {
	if g.chance(55) {
		return pick(g, plainMethods)
	}
	return pick(g, oddMethods)
}

func (g *generator) requestHeader() [2]string {
	switch {
	case g.chance(45):
		h := pick(g, sensitive)
		return [2]string{pick(g, []string{h.name, h.name, strings.ToLower(h.name), strings.ToUpper(h.name)}), pick(g, h.values)}
	case g.chance(10):
		h := pick(g, sensitive)
		return [2]string{h.name, strings.Repeat(pick(g, []string{"a", "b;", "0", "\xe9", "text/plain;"}), 1+g.r.IntN(130))}
	}
	return pick(g, otherRequestHeaders)
}

// route decides where the request goes: to one URL, or through redirects.
func (g *generator) route() {
	first := "other"
	if g.chance(8) {
		first = "same"
	}
	g.s.Target = scenario.Target{Host: first, Path: "/p1"}
	g.hops = []*hop{{host: first, path: "/p1"}}
	if !g.chance(30) {
		return
	}
	for n := pick(g, []int{1, 1, 1, 2, 2, 3}); n > 0; n-- {
		before := g.hops[len(g.hops)-1]
		h := &hop{host: pick(g, places), path: fmt.Sprintf("/p%d", len(g.hops)+1)}
		h.tainted = before.tainted || before.host != "same" && h.host != before.host
		g.hops = append(g.hops, h)
	}
}

var places = []string{"same", "other", "third"}

// serve writes a configuration for a hop that works.
func (g *generator) serve(h *hop) {
	include := g.s.Request.Credentials == "include"
	origin := func() [2]string {
		values := []string{"{reflect}", "{reflect}", "{origin}"}
		if h.tainted {
			values = []string{"{reflect}", "null"}
		}
		if !include {
			values = append(values, "*", "*")
		}
		return [2]string{g.spell("Access-Control-Allow-Origin"), pick(g, values)}
	}
	h.preflight = scenario.Answer{Host: h.host, Method: "OPTIONS", Path: h.path, Status: pick(g, goodStatuses)}
	h.preflight.Headers = scenario.Headers{origin(), {g.spell("Access-Control-Allow-Methods"), g.allowMethods(include)}}
	if v := g.allowHeaders(include); v != "" {
		h.preflight.Headers = append(h.preflight.Headers, [2]string{g.spell("Access-Control-Allow-Headers"), v})
	}
	h.actual = scenario.Answer{Host: h.host, Method: "*", Path: h.path, Status: pick(g, goodStatuses), Body: pick(g, []string{"{}", "{}", "", "hello"})}
	h.actual.Headers = scenario.Headers{origin()}
	if include || g.chance(30) {
		allow := [2]string{g.spell("Access-Control-Allow-Credentials"), "true"}
		h.preflight.Headers = append(h.preflight.Headers, allow)
		h.actual.Headers = append(h.actual.Headers, allow)
	}
	if h.host == "same" && !h.tainted && g.chance(70) {
		h.actual.Headers = nil // same-origin needs none
	}
	g.decorate(h)
	g.suit(&h.actual)
	if next := g.after(h); next != nil {
		h.actual.Status = pick(g, redirectStatuses)
		h.actual.Headers = append(h.actual.Headers, [2]string{g.spell("Location"), g.link(h, next)})
	}
	if g.chance(30) {
		shuffle(g, h.preflight.Headers)
		shuffle(g, h.actual.Headers)
	}
}

func (g *generator) after(h *hop) *hop {
	if i := slices.Index(g.hops, h); i+1 < len(g.hops) {
		return g.hops[i+1]
	}
	return nil
}

// link is a Location that leads from one hop to the next.
func (g *generator) link(from, to *hop) string {
	forms := []string{"{" + to.host + "}" + to.path, "{" + to.host + "}" + to.path, "//{" + to.host + "host}" + to.path}
	if from.host == to.host {
		forms = append(forms, to.path, strings.TrimPrefix(to.path, "/"))
	}
	return pick(g, forms) + pick(g, []string{"", "", "", "", "", "", "#f", "?q=1"})
}

// decorate adds what does not decide: other response headers, exposure, ages.
func (g *generator) decorate(h *hop) {
	for n := pick(g, []int{0, 1, 2, 4}); n > 0; n-- {
		h.actual.Headers = append(h.actual.Headers, pick(g, responseHeaders))
	}
	if g.chance(35) {
		h.actual.Headers = append(h.actual.Headers, [2]string{g.spell("Access-Control-Expose-Headers"), pick(g, exposeValues)})
	}
	if g.chance(10) {
		h.preflight.Headers = append(h.preflight.Headers, [2]string{g.spell("Access-Control-Max-Age"), pick(g, ages)})
	}
	if g.chance(10) {
		h.preflight.Body = "ok"
	}
}

// spell is a header's name in one of the spellings that mean the same.
func (g *generator) spell(name string) string {
	switch g.r.IntN(12) {
	case 0:
		return strings.ToLower(name)
	case 1:
		return strings.ToUpper(name)
	}
	return name
}

func (g *generator) allowMethods(include bool) string {
	m := g.s.Request.Method
	values := []string{m, normal(m), "GET, POST, PUT, DELETE, PATCH, OPTIONS, HEAD, " + normal(m), "GET," + normal(m), "{reflect_method}", normal(m) + " ,\tGET"}
	if !include {
		values = append(values, "*", "*, GET")
	}
	return pick(g, values)
}

// normal normalizes as fetch() does: only these six.
func normal(method string) string {
	switch up := strings.ToUpper(method); up {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions:
		return up
	}
	return method
}

func (g *generator) allowHeaders(include bool) string {
	var names []string
	for _, h := range g.s.Request.Headers {
		names = append(names, h[0])
	}
	values := []string{"{reflect_headers}", "{reflect_headers}", strings.Join(names, ", "), strings.ToUpper(strings.Join(names, ",")),
		"x-foo, content-type, authorization, " + strings.ToLower(strings.Join(names, ", "))}
	if !include {
		values = append(values, "*", "*", "*, Authorization")
	}
	return pick(g, values)
}

func shuffle(g *generator, h scenario.Headers) {
	g.r.Shuffle(len(h), func(i, j int) { h[i], h[j] = h[j], h[i] })
}
