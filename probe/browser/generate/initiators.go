package generate

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// A way is one way for a page to make a request: the API or element, and what it
// is given.
type way struct {
	name    string
	request scenario.Request
	// kind and body are of an answer that the API or element can use.
	kind, body string
}

// ways are all that a page can do beyond fetch() in the mode cors.
var ways = []way{
	{"xhr", scenario.Request{Initiator: "xhr", Credentials: "same-origin"}, "text/plain", "x"},
	{"xhr with credentials", scenario.Request{Initiator: "xhr", Credentials: "include"}, "text/plain", "x"},
	{"xhr-upload", scenario.Request{Initiator: "xhr-upload", Method: "POST", Credentials: "same-origin", Body: text("a=b")}, "text/plain", "x"},
	{"xhr-upload with credentials", scenario.Request{Initiator: "xhr-upload", Method: "POST", Credentials: "include", Body: text("a=b")}, "text/plain", "x"},
	{"eventsource", scenario.Request{Initiator: "eventsource", Credentials: "same-origin"}, "text/event-stream", ":\n\n"},
	{"eventsource with credentials", scenario.Request{Initiator: "eventsource", Credentials: "include"}, "text/event-stream", ":\n\n"},
	{"script", scenario.Request{Initiator: "script"}, "text/javascript", "0"},
	{"script anonymous", scenario.Request{Initiator: "script", CrossOrigin: "anonymous"}, "text/javascript", "0"},
	{"script use-credentials", scenario.Request{Initiator: "script", CrossOrigin: "use-credentials"}, "text/javascript", "0"},
	{"module", scenario.Request{Initiator: "module"}, "text/javascript", "0"},
	{"module use-credentials", scenario.Request{Initiator: "module", CrossOrigin: "use-credentials"}, "text/javascript", "0"},
	{"img", scenario.Request{Initiator: "img"}, "image/gif", "{image}"},
	{"img anonymous", scenario.Request{Initiator: "img", CrossOrigin: "anonymous"}, "image/gif", "{image}"},
	{"img use-credentials", scenario.Request{Initiator: "img", CrossOrigin: "use-credentials"}, "image/gif", "{image}"},
	{"font", scenario.Request{Initiator: "font"}, "font/ttf", "{font}"},
	{"no-cors", scenario.Request{Mode: "no-cors", Credentials: "same-origin"}, "text/plain", "x"},
	{"no-cors with credentials", scenario.Request{Mode: "no-cors", Credentials: "include"}, "text/plain", "x"},
	{"same-origin", scenario.Request{Mode: "same-origin", Credentials: "same-origin"}, "text/plain", "x"},
}

func text(s string) *string { return &s }

// allowing are headers that let every origin read, with credentials.
var allowing = scenario.Headers{{"Access-Control-Allow-Origin", "{reflect}"}, {"Access-Control-Allow-Credentials", "true"}}

// A situation is what the servers make of a way.
type situation struct {
	name  string
	build func(b *building)
}

// A building is a scenario in the making.
type building struct {
	s   *scenario.Scenario
	way *way
}

// Initiators is every way in every situation that bears on it: the set of
// testdata/verdicts/initiators.jsonl.gz.
func Initiators() []*scenario.Scenario {
	var out []*scenario.Scenario
	for i := range ways {
		w := &ways[i]
		for _, at := range append(situations(), w.own()...) {
			b := &building{way: w, s: &scenario.Scenario{
				ID: "initiator: " + w.name + ", " + at.name, Request: w.request,
				Target: scenario.Target{Host: "other", Path: "/p1"},
			}}
			if b.s.Request.Method == "" {
				b.s.Request.Method = "GET"
			}
			b.s.Request.Redirect = "follow"
			at.build(b)
			out = append(out, b.s)
		}
	}
	return out
}

// answer adds an answer that the way can use, with these headers.
func (b *building) answer(host, path string, status int, headers ...[2]string) *scenario.Answer {
	lines := append(scenario.Headers{{"Content-Type", b.way.kind}}, headers...)
	b.s.Server = append(b.s.Server, scenario.Answer{Host: host, Method: "*", Path: path, Status: status, Headers: lines, Body: b.way.body})
	return &b.s.Server[len(b.s.Server)-1]
}

func (b *building) last() *scenario.Answer { return &b.s.Server[len(b.s.Server)-1] }

// preflight adds an answer for a preflight that lets everything pass.
func (b *building) preflight(host, path string) {
	b.s.Server = append(b.s.Server, scenario.Answer{Host: host, Method: "OPTIONS", Path: path, Status: 204,
		Headers: append(scenario.Headers{{"Access-Control-Allow-Methods", "{reflect_method}"}, {"Access-Control-Allow-Headers", "{reflect_headers}"}}, allowing...)})
}

// with is one answer of the other origin.
func with(status int, headers ...[2]string) func(*building) {
	return func(b *building) {
		b.preflight("other", "/p1")
		b.answer("other", "/p1", status, headers...)
	}
}

// data is the way's body in the form of data: URLs.
func (w *way) data() string {
	return base64.StdEncoding.EncodeToString([]byte((&scenario.Answer{Body: w.body}).Payload()))
}

// sandboxed puts the page into a sandbox.
func sandboxed(build func(*building)) func(*building) {
	return func(b *building) {
		b.s.Page = &scenario.Page{Sandboxed: true}
		build(b)
	}
}

// station is where a redirect leads from or to; open lets the page read it.
type station struct {
	host string
	open bool
}

// through leads the request over stations.
func through(stations ...station) func(*building) {
	return func(b *building) {
		b.s.Target.Host = stations[0].host
		for i, st := range stations {
			path := "/p" + strconv.Itoa(i+1)
			b.preflight(st.host, path)
			a := b.answer(st.host, path, 200)
			if st.open {
				a.Headers = append(a.Headers, allowing...)
			}
			if i+1 < len(stations) {
				a.Status = 302
				a.Headers = append(a.Headers, [2]string{"Location", "{" + stations[i+1].host + "}/p" + strconv.Itoa(i+2)})
			}
		}
	}
}

// leading redirects the other origin to a Location.
func leading(location string) func(*building) {
	return func(b *building) {
		b.preflight("other", "/p1")
		b.answer("other", "/p1", 307, append(allowing, [2]string{"Location", location})...)
		b.answer("third", "/p2", 200, allowing...)
	}
}

// typed has the way's answer be of another type.
func typed(kind string, more ...[2]string) func(*building) {
	return func(b *building) {
		b.preflight("other", "/p1")
		a := b.answer("other", "/p1", 200, append(allowing, more...)...)
		a.Headers[0][1] = kind
		if kind == "" {
			a.Headers = a.Headers[1:]
		}
	}
}

func situations() []situation {
	origin := func(v string) [2]string { return [2]string{"Access-Control-Allow-Origin", v} }
	allow := func(v string) [2]string { return [2]string{"Access-Control-Allow-Credentials", v} }
	policy := func(v string) [2]string { return [2]string{"Cross-Origin-Resource-Policy", v} }
	nosniff := [2]string{"X-Content-Type-Options", "nosniff"}
	own := func(status int, headers ...[2]string) func(*building) {
		return func(b *building) {
			b.s.Target.Host = "same"
			b.answer("same", "/p1", status, headers...)
		}
	}
	list := []situation{
		{"works", with(200, append(allowing, [2]string{"Access-Control-Expose-Headers", "X-Secret"}, [2]string{"X-Secret", "1"}, [2]string{"X-Other", "1"})...)},
		{"no headers", with(200)},
		{"wildcard", with(200, origin("*"), allow("true"))},
		{"another origin", with(200, origin("{third}"), allow("true"))},
		{"null", with(200, origin("null"), allow("true"))},
		{"no origin", with(200, origin("x"), allow("true"))},
		{"two origins", with(200, origin("{origin}"), origin("{origin}"), allow("true"))},
		{"two origins in one line", with(200, origin("{origin}, {third}"), allow("true"))},
		{"no credentials", with(200, origin("{origin}"))},
		{"credentials True", with(200, origin("{origin}"), allow("True"))},
		{"own origin", own(200)},
		{"own origin, 404", own(404)},
		{"sandboxed, null", sandboxed(with(200, origin("null"), allow("true")))},
		{"sandboxed, no headers", sandboxed(with(200))},
		{"sandboxed, wildcard", sandboxed(with(200, origin("*")))},
		{"sandboxed, the page's origin", sandboxed(with(200, origin("{same}"), allow("true")))},
		{"sandboxed, own server", sandboxed(own(200))},
		{"sandboxed, own server allows", sandboxed(own(200, allowing...))},
		{"sandboxed, redirect", sandboxed(through(station{"other", true}, station{"third", true}))},
		{"redirect on the own origin", through(station{"same", false}, station{"same", false})},
		{"redirect from the own origin", through(station{"same", false}, station{"other", true})},
		{"redirect from the own origin, closed", through(station{"same", false}, station{"other", false})},
		{"redirect from the own origin and back", through(station{"same", false}, station{"other", true}, station{"same", true})},
		{"redirect within", through(station{"other", true}, station{"other", true})},
		{"redirect away", through(station{"other", true}, station{"third", true})},
		{"redirect away, closed", through(station{"other", true}, station{"third", false})},
		{"redirect away, closed redirect", through(station{"other", false}, station{"third", true})},
		{"redirect home", through(station{"other", true}, station{"same", true})},
		{"redirect home, closed", through(station{"other", true}, station{"same", false})},
		{"redirect twice", through(station{"other", true}, station{"third", true}, station{"other", true})},
		{"redirect to a user name", leading("http://u:p@{thirdhost}/p2")},
		{"redirect to data:", func(b *building) { leading("data:" + b.way.kind + ";base64," + b.way.data())(b) }},
		{"redirect to no URL", leading("http://[/")},
		{"redirect in a circle", leading("{other}/p1")},
		{"redirect without Location", with(302, allowing...)},
		{"type text/html", typed("text/html")},
		{"type application/json", typed("application/json")},
		{"type image/png", typed("image/png")},
		{"type text/css", typed("text/css")},
		{"no type", typed("")},
		{"type text/csv", typed("text/csv")},
		{"type in upper case", func(b *building) { typed(strings.ToUpper(b.way.kind))(b) }},
		{"type image/png, closed", func(b *building) { with(200)(b); b.last().Headers[0][1] = "image/png" }},
		{"policy on a redirect", func(b *building) {
			through(station{"other", true}, station{"third", true})(b)
			b.s.Server[1].Headers = append(b.s.Server[1].Headers, policy("same-origin"))
		}},
		{"type with parameter", func(b *building) { typed(b.way.kind + "; charset=utf-8")(b) }},
		{"nosniff", func(b *building) { typed(b.way.kind, nosniff)(b) }},
		{"nosniff text/plain", typed("text/plain", nosniff)},
		{"nosniff text/html", typed("text/html", nosniff)},
		{"nosniff no type", typed("", nosniff)},
		{"policy same-origin", with(200, append(allowing, policy("same-origin"))...)},
		{"policy same-site", with(200, append(allowing, policy("same-site"))...)},
		{"policy cross-origin", with(200, append(allowing, policy("cross-origin"))...)},
		{"policy that is none", with(200, append(allowing, policy("Same-Origin"))...)},
	}
	for _, status := range []int{201, 204, 205, 206, 300, 304, 400, 401, 404, 407, 416, 500, 503} {
		name := strconv.Itoa(status)
		list = append(list, situation{name, with(status, allowing...)}, situation{name + " without headers", with(status)})
	}
	return list
}
