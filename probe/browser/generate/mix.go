package generate

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// mixed is how many in a hundred scenarios are made in another way than by
// fetch() with the mode cors, or in a sandbox. They take their chances from a
// source of their own, so that all other scenarios of a seed stay what they are.
const mixed = 12

// mix turns the request into one of another way.
func (g *generator) mix(seed, number uint64) {
	own := &generator{r: rand.New(rand.NewPCG(seed^0x9e3779b97f4a7c15, number))}
	if !own.chance(mixed) {
		return
	}
	if own.chance(25) {
		g.s.Page = &scenario.Page{Sandboxed: true}
	}
	if g.s.Page != nil && own.chance(30) {
		return // fetch() in a sandbox
	}
	w := pick(own, ways)
	q, of := &g.s.Request, w.request
	q.Initiator, q.CrossOrigin, q.Mode = of.Initiator, of.CrossOrigin, of.Mode
	switch of.Initiator {
	case "":
		return // with the methods, headers and redirect modes that fetch() takes
	case "xhr", "xhr-upload":
		q.Credentials, q.Redirect = of.Credentials, "follow"
		return
	}
	q.Method, q.Headers, q.Body, q.Redirect = "GET", nil, nil, "follow"
	q.Credentials = of.Credentials
	g.way, g.ofWay = &w, own
}

// suit makes an answer one that the way can use, most of the time.
func (g *generator) suit(a *scenario.Answer) {
	if g.way == nil {
		return
	}
	kept := a.Headers[:0:0]
	for _, h := range a.Headers {
		if !strings.EqualFold(h[0], "Content-Type") {
			kept = append(kept, h)
		}
	}
	kind := g.way.kind
	if g.ofWay.chance(15) {
		kind = pick(g.ofWay, otherTypes)
	}
	a.Headers = append(kept, [2]string{"Content-Type", kind})
	a.Body = g.way.body
	if g.ofWay.chance(3) {
		a.Body = ""
	}
	for _, h := range unlikely {
		if g.ofWay.chance(4) {
			a.Headers = append(a.Headers, h)
		}
	}
}

// avoidHangs takes out redirects to blocked ports: Firefox never ends such a request
// of XMLHttpRequest, and WebKitGTK none of an EventSource or an image. An empty
// Location leaves these of WebKitGTK waiting, too.
func (g *generator) avoidHangs() {
	for _, h := range g.hops {
		for i, line := range h.actual.Headers {
			if strings.EqualFold(line[0], "Location") && (strings.HasPrefix(line[1], "http://127.0.0.1:") || (g.s.Request.Initiator == "img" || g.s.Request.Initiator == "eventsource") && strings.TrimSpace(line[1]) == "") {
				h.actual.Headers[i][1] = "{third}/p2"
			}
		}
	}
}

// onlyGoodTypes leaves an element's answers without a Content-Type that a fault has
// repeated or spoiled: each browser reads what is no type in its own way, down to
// what its network library sniffs.
func (g *generator) onlyGoodTypes() {
	for _, h := range g.hops {
		seen := false
		h.actual.Headers = slices.DeleteFunc(h.actual.Headers, func(line [2]string) bool {
			if !strings.EqualFold(line[0], "Content-Type") {
				return false
			}
			again := seen
			seen = true
			return again || !slices.Contains(otherTypes, line[1]) && line[1] != g.way.kind
		})
	}
}

// noFTP leaves out redirects of an element to ftp:, where WebKit forgets the resource
// policy of the answer.
func (g *generator) noFTP() {
	for _, h := range g.hops {
		for i, line := range h.actual.Headers {
			if strings.EqualFold(line[0], "Location") && strings.HasPrefix(strings.ToLower(line[1]), "ftp:") {
				h.actual.Headers[i][1] = "{third}/p2"
			}
		}
	}
}

var otherTypes = []string{
	"text/html", "text/plain", "application/json", "text/xml", "image/png", "image/svg+xml", "text/css", "text/csv",
	"application/octet-stream", "application/javascript", "text/javascript; charset=utf-8", "TEXT/JAVASCRIPT",
	"text/event-stream; charset=utf-8", "Text/Event-Stream", "audio/mpeg", "video/mp4", "font/woff2", "application/xhtml+xml", "application/ld+json",
	"text/vtt", "application/pdf", "application/msword-template", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/dash+xml",
}

var unlikely = scenario.Headers{
	{"X-Content-Type-Options", "nosniff"}, {"Cross-Origin-Resource-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-site"}, {"Cross-Origin-Resource-Policy", "cross-origin"},
}
