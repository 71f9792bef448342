package generate

import (
	"strings"

	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// faults are the things that can be wrong, each applied to one hop. Those that
// people meet most stand here more than once.
var faults = []func(*generator, *hop){
	(*generator).wrongOrigin, (*generator).wrongOrigin, (*generator).wrongOrigin,
	(*generator).twice, (*generator).twice,
	(*generator).without, (*generator).without,
	(*generator).wrongCredentials,
	(*generator).wrongMethods, (*generator).wrongMethods,
	(*generator).wrongHeaders, (*generator).wrongHeaders,
	(*generator).preflightStatus, (*generator).preflightStatus,
	(*generator).actualStatus,
	(*generator).preflightRedirect,
	(*generator).wrongLocation, (*generator).wrongLocation,
	(*generator).noise,
	(*generator).wrongExpose,
	(*generator).notThere,
}

// message is the hop's preflight or actual answer.
func (g *generator) message(h *hop) *scenario.Answer {
	if g.chance(50) {
		return &h.preflight
	}
	return &h.actual
}

// set replaces the value of a header, or adds it.
func set(a *scenario.Answer, name, value string) {
	for i := range a.Headers {
		if strings.EqualFold(a.Headers[i][0], name) {
			a.Headers[i][1] = value
			return
		}
	}
	a.Headers = append(a.Headers, [2]string{name, value})
}

func (g *generator) wrongOrigin(h *hop) {
	set(g.message(h), "Access-Control-Allow-Origin", pick(g, origins))
}

func (g *generator) wrongCredentials(h *hop) {
	g.s.Request.Credentials = "include"
	set(g.message(h), "Access-Control-Allow-Credentials", pick(g, credentials))
}

func (g *generator) wrongMethods(h *hop) {
	if !g.chance(25) {
		set(&h.preflight, "Access-Control-Allow-Methods", g.mangle(g.s.Request.Method, lists))
		return
	}
	set(&h.preflight, "Access-Control-Allow-Methods", pick(g, methodLists))
}

func (g *generator) wrongHeaders(h *hop) {
	name := "x-foo"
	if n := len(g.s.Request.Headers); n > 0 {
		name = g.s.Request.Headers[g.r.IntN(n)][0]
	} else {
		g.s.Request.Headers = scenario.Headers{{"X-Foo", "1"}}
	}
	if g.chance(20) {
		set(&h.preflight, "Access-Control-Allow-Headers", pick(g, headerLists))
		return
	}
	set(&h.preflight, "Access-Control-Allow-Headers", g.mangle(name, lists))
}

// mangle puts a token into one of the forms of a list.
func (g *generator) mangle(token string, forms []string) string {
	token = pick(g, []string{token, strings.ToLower(token), strings.ToUpper(token), normal(token)})
	return strings.ReplaceAll(pick(g, forms), "T", token)
}

func (g *generator) wrongExpose(h *hop) {
	set(&h.actual, "Access-Control-Expose-Headers", g.mangle(pick(g, []string{"x-secret", "X-Public", "etag"}), lists))
}

// twice writes a header in several lines.
func (g *generator) twice(h *hop) {
	a := g.message(h)
	if len(a.Headers) == 0 {
		return
	}
	line := pick(g, a.Headers)
	again := [2]string{line[0], pick(g, []string{line[1], line[1], "", "*", "{origin}", "true", "{third}", "null", "@", "GET"})}
	at := g.r.IntN(len(a.Headers) + 1)
	a.Headers = append(a.Headers[:at:at], append(scenario.Headers{again}, a.Headers[at:]...)...)
}

func (g *generator) without(h *hop) {
	a := g.message(h)
	if g.chance(15) {
		a.Headers = nil
		return
	}
	if n := len(a.Headers); n > 0 {
		at := g.r.IntN(n)
		a.Headers = append(a.Headers[:at:at], a.Headers[at+1:]...)
	}
}

func (g *generator) preflightStatus(h *hop) { h.preflight.Status = pick(g, statuses) }

func (g *generator) actualStatus(h *hop) { h.actual.Status = pick(g, statuses) }

func (g *generator) preflightRedirect(h *hop) {
	h.preflight.Status = pick(g, redirectStatuses)
	set(&h.preflight, "Location", pick(g, locations))
}

func (g *generator) wrongLocation(h *hop) {
	h.actual.Status = pick(g, redirectStatuses)
	if g.chance(5) {
		g.s.Server = append(g.s.Server, scenario.Answer{Host: "other", Method: "*", Path: "/p9", Status: 200,
			Headers: scenario.Headers{{"Access-Control-Allow-Origin", "*"}}, Body: "{}"})
	}
	set(&h.actual, "Location", pick(g, locations))
}

// noise puts bytes where none belong into the value of some header.
func (g *generator) noise(h *hop) {
	a := g.message(h)
	if len(a.Headers) == 0 {
		return
	}
	i := g.r.IntN(len(a.Headers))
	if strings.EqualFold(a.Headers[i][0], "Location") {
		return // wrongLocation has odd ones enough
	}
	v := a.Headers[i][1]
	n := pick(g, noises)
	switch g.r.IntN(3) {
	case 0:
		v = n + v
	case 1:
		v += n
	default:
		at := g.r.IntN(len(v) + 1)
		if strings.Contains(v, "{") {
			at = len(v)
		}
		v = v[:at] + n + v[at:]
	}
	a.Headers[i][1] = v
}

// notThere leaves the hop's preflight or itself to the server's bare 404.
func (g *generator) notThere(h *hop) { g.message(h).Path = "/elsewhere" }
