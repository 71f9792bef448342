package generate

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// A Pool is recorded scenarios to be crossed with each other.
type Pool struct {
	scenarios []*scenario.Scenario
	answers   []scenario.Answer
	lines     [][]scenario.Headers // by header name: its lines in one answer
}

// NewPool takes the scenarios that no cookie and no other place than the three
// origins is part of.
func NewPool(all []*scenario.Scenario) *Pool {
	p := new(Pool)
	index := map[string]int{} // into lines, by header name
	for _, sc := range all {
		if sc.Page != nil && sc.Page.Host != "" || len(sc.Cookies) > 0 || sc.ThirdParty != "" || sc.Target.URL != "" || !slices.Contains(places, sc.Target.Host) {
			continue
		}
		p.scenarios = append(p.scenarios, sc)
		for _, a := range sc.Server {
			p.answers = append(p.answers, a)
			for _, lines := range linesByName(a.Headers) {
				name := strings.ToLower(lines[0][0])
				at, known := index[name]
				if !known {
					at = len(p.lines)
					index[name] = at
					p.lines = append(p.lines, nil)
				}
				p.lines[at] = append(p.lines[at], lines)
			}
		}
	}
	return p
}

// linesByName are the lines of each header of an answer, in the order of the first ones.
func linesByName(all scenario.Headers) []scenario.Headers {
	var out []scenario.Headers
	for _, h := range all {
		at := slices.IndexFunc(out, func(lines scenario.Headers) bool { return strings.EqualFold(lines[0][0], h[0]) })
		if at < 0 {
			at = len(out)
			out = append(out, nil)
		}
		out[at] = append(out[at], h)
	}
	return out
}

// Crossed makes n scenarios of a seed, from a number on: each is one of the pool with
// parts of others in their place, so that whatever was met alone meets all the rest.
func (p *Pool) Crossed(seed, from uint64, n int) []*scenario.Scenario {
	out := make([]*scenario.Scenario, 0, n)
	for ; len(out) < n; from++ {
		c := &crossing{generator{r: rand.New(rand.NewPCG(seed, from))}, p}
		if c.cross(fmt.Sprintf("c%d-%d", seed, from)); !cannotRun(c.s) {
			out = append(out, c.s)
		}
	}
	return out
}

type crossing struct {
	generator
	*Pool
}

func (c *crossing) cross(id string) {
	base := *pick(&c.generator, c.scenarios)
	base.ID = id
	base.Request.Headers = slices.Clone(base.Request.Headers)
	base.Server = slices.Clone(base.Server)
	for i := range base.Server {
		base.Server[i].Headers = slices.Clone(base.Server[i].Headers)
	}
	c.s = &base
	for range 1 + c.r.IntN(4) {
		pick(&c.generator, crossings)(c)
	}
	c.settle()
}

// crossings are what of one scenario may take the place of the same in another.
var crossings = []func(*crossing){
	func(c *crossing) { c.s.Request.Method = c.other().Method },
	func(c *crossing) { c.s.Request.Headers = slices.Clone(c.other().Headers) },
	func(c *crossing) {
		both := append(c.s.Request.Headers, c.other().Headers...)
		c.r.Shuffle(len(both), func(i, j int) { both[i], both[j] = both[j], both[i] })
		c.s.Request.Headers = both[:min(len(both), 12)]
	},
	func(c *crossing) { c.s.Request.Credentials = c.other().Credentials },
	func(c *crossing) { c.s.Request.Redirect = c.other().Redirect },
	func(c *crossing) { c.s.Request.Body = c.other().Body },
	(*crossing).headerLines,
	func(c *crossing) { c.answer().Status = pick(&c.generator, c.answers).Status },
	(*crossing).corsHeaders,
	(*crossing).redirectFirst,
}

func (c *crossing) other() *scenario.Request { return &pick(&c.generator, c.scenarios).Request }

// answer is one of the scenario's, or one that goes nowhere.
func (c *crossing) answer() *scenario.Answer {
	if len(c.s.Server) == 0 {
		return new(scenario.Answer)
	}
	return &c.s.Server[c.r.IntN(len(c.s.Server))]
}

// headerLines gives an answer the lines that another has of one header.
func (c *crossing) headerLines() {
	a, lines := c.answer(), pick(&c.generator, pick(&c.generator, c.lines))
	if strings.EqualFold(lines[0][0], "Location") {
		return // it may lead anywhere
	}
	a.Headers = slices.DeleteFunc(a.Headers, func(h [2]string) bool { return strings.EqualFold(h[0], lines[0][0]) })
	a.Headers = append(a.Headers, lines...)
	if c.chance(30) {
		c.r.Shuffle(len(a.Headers), func(i, j int) { a.Headers[i], a.Headers[j] = a.Headers[j], a.Headers[i] })
	}
}

// corsHeaders gives an answer what another says of CORS.
func (c *crossing) corsHeaders() {
	a := c.answer()
	a.Headers = slices.DeleteFunc(a.Headers, isCORSHeader)
	for _, h := range pick(&c.generator, c.answers).Headers {
		if isCORSHeader(h) {
			a.Headers = append(a.Headers, h)
		}
	}
}

func isCORSHeader(h [2]string) bool {
	return strings.HasPrefix(strings.ToLower(h[0]), "access-control-")
}

// redirectFirst puts a redirect before the first URL.
func (c *crossing) redirectFirst() {
	t := &c.s.Target
	at := scenario.Target{Host: pick(&c.generator, places), Path: fmt.Sprintf("/q%d", 1+c.r.IntN(9))}
	if slices.ContainsFunc(c.s.Server, func(a scenario.Answer) bool { return a.Path == at.Path }) {
		return
	}
	headers := slices.DeleteFunc(slices.Clone(pick(&c.generator, c.answers).Headers), func(h [2]string) bool { return strings.EqualFold(h[0], "Location") })
	to := "{" + t.Host + "}" + t.Path
	if at.Host == t.Host && c.chance(40) {
		to = t.Path
	}
	first := []scenario.Answer{{
		Host: at.Host, Method: "*", Path: at.Path, Status: pick(&c.generator, []int{301, 302, 303, 307, 308}),
		Headers: append(headers, [2]string{"Location", to}), Body: pick(&c.generator, []string{"", "moved"}),
	}}
	if preflight := pick(&c.generator, c.answers); c.chance(70) {
		first = append([]scenario.Answer{{
			Host: at.Host, Method: "OPTIONS", Path: at.Path, Status: pick(&c.generator, []int{200, 204, 204, preflight.Status}), Headers: slices.Clone(preflight.Headers),
		}}, first...)
	}
	c.s.Server, *t = append(first, c.s.Server...), at
}

// settle leaves each API and element only what it can ask for.
func (c *crossing) settle() {
	q := &c.s.Request
	if q.Method == "GET" || q.Method == "HEAD" {
		q.Body = nil
	}
	switch q.Initiator {
	case "", "fetch":
		if q.Credentials == "" {
			q.Credentials = "same-origin"
		}
		if q.Mode == "no-cors" {
			q.Redirect = "follow"
		}
	case "xhr", "xhr-upload":
		q.Redirect, q.Credentials = "follow", pick(&c.generator, []string{"include", "same-origin"})
	default:
		q.Method, q.Headers, q.Body, q.Redirect = "GET", nil, nil, "follow"
		q.Credentials = pick(&c.generator, []string{"include", "same-origin"})
	}
}

// cannotRun reports whether a browser cannot be made to run a scenario: it would ask the
// user, wait for ever, or print what no scenario can be held to.
func cannotRun(sc *scenario.Scenario) bool {
	scripted := sc.Request.Initiator == "" || sc.Request.Initiator == "fetch"
	if sc.Request.Mode == "no-cors" && !slices.Contains([]string{"GET", "HEAD", "POST"}, sc.Request.Method) {
		return true
	}
	for _, h := range sc.Request.Headers {
		if strings.EqualFold(h[0], "WWW-Authenticate") || control.MatchString(h[1]) {
			return true
		}
	}
	for _, a := range sc.Server {
		if a.Status == 407 || a.Status == 408 {
			return true
		}
		for _, h := range a.Headers {
			switch name := strings.ToLower(h[0]); {
			case control.MatchString(h[0] + h[1]), name == "clear-site-data",
				name == "content-encoding" && sc.Request.Initiator == "eventsource", // DevTools has a code for what it holds, or none
				a.Status == 401 && strings.HasSuffix(name, "-authenticate"),
				name == "location" && !scripted && (strings.HasPrefix(h[1], "http://127.0.0.1:") || strings.TrimSpace(h[1]) == ""):
				return true
			}
		}
	}
	return false
}

var control = regexp.MustCompile("[\x00-\x08\x0a-\x1f\x7f]")
