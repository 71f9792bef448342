package browser

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// smallerForms are scenarios that have one thing less than this one, the
// largest cuts first.
func smallerForms(sc *scenario.Scenario) []*scenario.Scenario {
	s := &shrinker{from: sc, size: size(sc)}
	for i := range sc.Server {
		s.try(func(c *scenario.Scenario) { c.Server = slices.Delete(c.Server, i, i+1) })
	}
	s.request()
	for i := range sc.Server {
		s.answer(i)
	}
	for i := range sc.Server {
		for j := range sc.Server[i].Headers {
			s.values(sc.Server[i].Headers[j][1], func(c *scenario.Scenario, v string) { c.Server[i].Headers[j][1] = v })
		}
	}
	return s.out
}

type shrinker struct {
	from *scenario.Scenario
	size int
	out  []*scenario.Scenario
}

// try keeps a change of a copy if that makes the scenario smaller.
func (s *shrinker) try(change func(*scenario.Scenario)) {
	c := clone(s.from)
	change(c)
	if size(c) < s.size && !s.glues(c) {
		s.out = append(s.out, c)
	}
}

// glues reports whether a digit came to stand right after a place: what it is
// part of a port number then differs from run to run.
func (s *shrinker) glues(c *scenario.Scenario) bool {
	for _, a := range c.Server {
		for _, h := range a.Headers {
			if glued.MatchString(h[1]) || strings.EqualFold(h[0], "Location") && spoiled.MatchString(h[1]) {
				return true
			}
		}
	}
	return false
}

var (
	glued   = regexp.MustCompile(`\}[0-9]`)
	spoiled = regexp.MustCompile(`\}[^/?#\\]`) // no path follows the place any more
)

func (s *shrinker) request() {
	q := &s.from.Request
	for i := range q.Headers {
		s.try(func(c *scenario.Scenario) { c.Request.Headers = slices.Delete(c.Request.Headers, i, i+1) })
	}
	s.try(func(c *scenario.Scenario) { c.Request.Body = nil })
	for _, m := range []string{"GET", "PUT", "POST"} {
		s.try(func(c *scenario.Scenario) { c.Request.Method = m })
	}
	plain := "omit"
	if q.Initiator != "" { // fetch() alone knows omit
		plain = "same-origin"
	}
	s.try(func(c *scenario.Scenario) { c.Request.Credentials = plain })
	s.try(func(c *scenario.Scenario) { c.Request.Redirect = "follow" })
	s.try(func(c *scenario.Scenario) { c.Page = nil })
	for i := range q.Headers {
		s.values(q.Headers[i][1], func(c *scenario.Scenario, v string) { c.Request.Headers[i][1] = v })
	}
}

func (s *shrinker) answer(i int) {
	a := &s.from.Server[i]
	for j := range a.Headers {
		s.try(func(c *scenario.Scenario) {
			c.Server[i].Headers = slices.Delete(c.Server[i].Headers, j, j+1)
		})
	}
	s.try(func(c *scenario.Scenario) { c.Server[i].Status = 200 })
	s.try(func(c *scenario.Scenario) { c.Server[i].Body = "" })
	for j := range a.Headers {
		plain := []string{"*", "{reflect}", "{origin}"}
		if strings.EqualFold(a.Headers[j][0], "Location") {
			plain = []string{"{third}/p2", "{other}/p2", "/p2"}
		}
		for _, v := range plain {
			s.try(func(c *scenario.Scenario) { c.Server[i].Headers[j][1] = v })
		}
	}
}

// values are shorter forms of a value: its halves, then one byte less.
func (s *shrinker) values(v string, set func(*scenario.Scenario, string)) {
	if n := len(v); n > 8 {
		s.try(func(c *scenario.Scenario) { set(c, v[:n/2]) })
		s.try(func(c *scenario.Scenario) { set(c, v[n/2:]) })
	}
	if len(v) > 40 {
		return
	}
	for i := range len(v) {
		s.try(func(c *scenario.Scenario) { set(c, v[:i]+v[i+1:]) })
	}
}

// size orders scenarios: what is plain counts as nothing.
func size(sc *scenario.Scenario) int {
	n := len(sc.Request.Method) + 4*len(sc.Request.Headers) + 10*len(sc.Server)
	if sc.Request.Method != "GET" {
		n += 3
	}
	if sc.Request.Body != nil {
		n += 5 + len(*sc.Request.Body)
	}
	if c := sc.Request.Credentials; c == "include" || c == "same-origin" && sc.Request.Initiator == "" {
		n += 3
	}
	if sc.Page != nil {
		n += 5
	}
	if sc.Request.Redirect != "follow" {
		n += 3
	}
	for _, h := range sc.Request.Headers {
		n += len(h[0]) + len(h[1])
	}
	for _, a := range sc.Server {
		n += len(a.Body)
		if a.Status != 200 {
			n += 3
		}
		for _, h := range a.Headers {
			n += 4 + len(h[0]) + len(h[1])
		}
	}
	return n
}

func clone(sc *scenario.Scenario) *scenario.Scenario {
	b, err := json.Marshal(sc)
	if err != nil {
		panic(err) // a scenario is always JSON
	}
	c := new(scenario.Scenario)
	if err := json.Unmarshal(b, c); err != nil {
		panic(err)
	}
	return c
}
