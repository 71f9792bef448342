package generate

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// Hosts makes n scenarios of a seed, from a number on, whose page and servers are
// not all at 127.0.0.1: on names of one site and of several, over https and plain
// http, HTTP/1.1 and HTTP/2, in three address spaces, and with cookies.
func Hosts(seed, from uint64, n int) []*scenario.Scenario {
	out := make([]*scenario.Scenario, 0, n)
	for ; len(out) < n; from++ {
		sc := Scenario(seed, from)
		if scripted(&sc.Request) {
			relocate(sc, &generator{r: rand.New(rand.NewPCG(seed^0xd1b54a32d192ed03, from))})
			out = append(out, sc)
		}
	}
	return out
}

// scripted leaves out elements, whose mixed content browsers upgrade.
func scripted(q *scenario.Request) bool {
	switch q.Initiator {
	case "", "xhr", "xhr-upload":
		return true
	}
	return false
}

// relocate moves a scenario from its three places to others.
func relocate(sc *scenario.Scenario, g *generator) {
	all := scenario.AllPlaces()
	g.r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if g.chance(60) { // one site is where most goes on
		near := []string{"app", "api", "plain", "two"}
		g.r.Shuffle(len(near), func(i, j int) { near[i], near[j] = near[j], near[i] })
		all = append(near, all...)
	}
	to := map[string]string{}
	var pairs []string
	for i, from := range places {
		to[from] = all[i]
		for _, end := range []string{"}", "host}", "port}"} {
			pairs = append(pairs, "{"+from+end, "{"+to[from]+end)
		}
	}
	moved := strings.NewReplacer(pairs...)
	sandboxed := sc.PageSandboxed()
	sc.ID = "hosts " + sc.ID
	sc.Page = &scenario.Page{Host: to["same"], Sandboxed: sandboxed}
	sc.Target.Host = to[sc.Target.Host]
	for _, from := range places {
		if scenario.OverHTTP2(to[from]) { // the server would close the connection of all scenarios
			sc.Request.Headers = slices.DeleteFunc(slices.Clone(sc.Request.Headers), func(h [2]string) bool { return strings.ContainsFunc(h[1], isControl) })
		}
	}
	for i := range sc.Server {
		a := &sc.Server[i]
		a.Host = to[a.Host]
		if a.Status == 408 && strings.HasPrefix(scenario.Sample[a.Host], "https") {
			a.Status = 409 // browsers ask again where the connection was used before
		}
		a.Headers = slices.DeleteFunc(slices.Clone(a.Headers), func(h [2]string) bool { return unfit(h, a.Host) })
		for j := range a.Headers {
			h := &a.Headers[j]
			h[1] = moved.Replace(h[1])
			if strings.EqualFold(h[0], "Location") {
				h[1] = sameScheme(h[1])
			}
		}
		if a.Status/100 == 3 && strings.HasPrefix(scenario.Sample[a.Host], "https") {
			// Chrome's cache keeps nothing that came with the harness's certificate.
			a.Headers = append(a.Headers, [2]string{"Cache-Control", "no-store"})
		}
		for g.chance(12) {
			a.Headers = append(a.Headers, [2]string{"Set-Cookie", g.cookie()})
		}
	}
	if !sandboxed && g.chance(40) {
		for _, from := range places {
			for n := g.r.IntN(3); n > 0; n-- {
				sc.Cookies = append(sc.Cookies, scenario.Cookie{Host: to[from], Line: g.cookie()})
			}
		}
	}
}

// unfit are lines that would reach other scenarios, or that no answer over HTTP/2 may
// have: Firefox asks again over HTTP/1.1 where it is to negotiate, and a control
// character lets WebKitGTK wait for ever.
func unfit(line [2]string, host string) bool {
	switch {
	case strings.EqualFold(line[0], "Strict-Transport-Security"):
		return true
	case !scenario.OverHTTP2(host):
		return false
	}
	return strings.EqualFold(line[0], "WWW-Authenticate") || strings.ContainsFunc(line[1], isControl)
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// ofHost finds a Location that names a host without the scheme of its place.
var ofHost = regexp.MustCompile(`^(?i:https?:)?//([^{]*)\{([a-z]+)host\}`)

// sameScheme keeps a Location from asking a place by the scheme of another: what a
// server says to that is no answer.
func sameScheme(location string) string {
	if m := ofHost.FindStringSubmatch(location); m != nil && m[1] == "" {
		return "{" + m[2] + "}" + location[len(m[0]):]
	}
	if strings.Contains(location, "host}") || strings.Contains(location, "port}") || strings.HasPrefix(strings.ToLower(location), "http:") {
		return "/p2"
	}
	return location
}

func (g *generator) cookie() string {
	line := pick(g, []string{"a", "b", "c"}) + "=" + pick(g, []string{"1", "2", "", `"x y"`})
	for _, attribute := range []string{
		pick(g, []string{"", "", "; SameSite=Lax", "; SameSite=None", "; samesite=strict", "; SameSite=x"}),
		pick(g, []string{"", "; Secure"}),
		pick(g, []string{"", "", "; HttpOnly", "; Partitioned", "; Max-Age=60", "; Max-Age=0", "; Path=/", "; Path=/p1"}),
	} {
		line += attribute
	}
	return line
}
