package generate

import (
	"strconv"

	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// own are situations that only some ways meet.
func (w *way) own() []situation {
	switch w.request.Initiator {
	case "xhr", "xhr-upload":
		return append(ofScript(), ofXHR()...)
	case "":
		return append(append(ofScript(), ofMode()...), blocked)
	case "script", "module", "font":
		return []situation{blocked}
	}
	return nil
}

// blocked is left out for XMLHttpRequest, which Firefox never ends then, and for
// EventSource and images, which WebKitGTK never ends.
var blocked = situation{"redirect to a blocked port", leading("http://127.0.0.1:6000/")}

// asking has the script ask in this way; everything it may need is allowed.
func asking(method, body string, headers ...[2]string) func(*building) {
	return func(b *building) {
		b.s.Request.Method, b.s.Request.Headers = method, headers
		b.s.Request.Body = nil
		if body != "" {
			b.s.Request.Body = &body
		}
		with(200, allowing...)(b)
	}
}

// ofScript are methods, headers and bodies.
func ofScript() []situation {
	list := []situation{
		{"POST a text", asking("POST", "a=b")},
		{"POST a form", asking("POST", "a=b", [2]string{"Content-Type", "application/x-www-form-urlencoded"})},
		{"POST JSON", asking("POST", "{}", [2]string{"Content-Type", "application/json"})},
		{"POST JSON in another charset", asking("POST", "{}", [2]string{"Content-Type", "application/json; charset=latin1"})},
		{"POST nothing", asking("POST", "")},
		{"GET with a body", asking("GET", "x")},
		{"PUT, 303, 308", func(b *building) {
			through(station{"other", true}, station{"other", true}, station{"other", true})(b)
			b.s.Request.Method, b.s.Request.Body = "PUT", text("x")
			b.s.Server[1].Status, b.s.Server[3].Status = 303, 308
		}},
		{"HEAD", asking("HEAD", "")},
		{"OPTIONS", asking("OPTIONS", "")},
		{"PUT", asking("PUT", "x")},
		{"patch", asking("patch", "x")},
		{"TRACE", asking("TRACE", "")},
		{"no method", asking("G T", "")},
		{"a header", asking("GET", "", [2]string{"X-Foo", "1"}, [2]string{"Accept", "text/html"}, [2]string{"x-foo", "2"})},
		{"forbidden headers", asking("GET", "", [2]string{"Cookie", "a=b"}, [2]string{"Origin", "x"}, [2]string{"User-Agent", "x"})},
		{"no header", asking("GET", "", [2]string{"X Foo", "1"})},
		{"Range", asking("GET", "", [2]string{"Range", "bytes=0-0"})},
		{"If-Range", asking("GET", "", [2]string{"Range", "bytes=0-0"}, [2]string{"If-Range", "\"e\""})},
		{"If-None-Match", asking("GET", "", [2]string{"If-None-Match", "\"e\""})},
		{"Authorization", asking("GET", "", [2]string{"Authorization", "Bearer t"})},
		{"Accept-Language", asking("GET", "", [2]string{"Accept-Language", "de"})},
	}
	return list
}

// ofXHR are the faults of preflights.
func ofXHR() []situation {
	preflight := func(method string, status int, headers ...[2]string) func(*building) {
		return func(b *building) {
			b.s.Request.Method = method
			if b.s.Request.Body == nil && method != "GET" {
				b.s.Request.Body = text("x")
			}
			b.s.Request.Headers = scenario.Headers{{"X-Foo", "1"}}
			b.s.Server = append(b.s.Server, scenario.Answer{Host: "other", Method: "OPTIONS", Path: "/p1", Status: status, Headers: headers})
			b.answer("other", "/p1", 200, allowing...)
		}
	}
	open := func(more ...[2]string) scenario.Headers { return append(allowing[:2:2], more...) }
	methods := [2]string{"Access-Control-Allow-Methods", "PUT"}
	headers := [2]string{"Access-Control-Allow-Headers", "x-foo"}
	return []situation{
		{"preflight fine", preflight("PUT", 200, open(methods, headers)...)},
		{"preflight without headers", preflight("PUT", 200)},
		{"preflight of another origin", preflight("PUT", 200, [2]string{"Access-Control-Allow-Origin", "{third}"})},
		{"preflight with a wildcard", preflight("PUT", 200, [2]string{"Access-Control-Allow-Origin", "*"}, methods, headers)},
		{"preflight without credentials", preflight("PUT", 200, [2]string{"Access-Control-Allow-Origin", "{origin}"}, methods, headers)},
		{"preflight without methods", preflight("PUT", 200, open(headers)...)},
		{"preflight without allowed headers", preflight("PUT", 200, open(methods)...)},
		{"preflight of GET without allowed headers", preflight("GET", 200, open()...)},
		{"preflight with bad methods", preflight("PUT", 200, open([2]string{"Access-Control-Allow-Methods", "PUT GET"}, headers)...)},
		{"preflight with bad headers", preflight("PUT", 200, open(methods, [2]string{"Access-Control-Allow-Headers", "x foo"})...)},
		{"preflight 401", preflight("PUT", 401, open(methods, headers)...)},
		{"preflight 404 without headers", preflight("PUT", 404)},
		{"preflight redirected", preflight("PUT", 301, open([2]string{"Location", "{other}/p2"})...)},
	}
}

// ofMode are the redirect modes, and statuses that mean something to fetch().
func ofMode() []situation {
	var list []situation
	for _, mode := range []string{"manual", "error"} {
		for _, st := range []station{{"other", true}, {"same", false}} {
			list = append(list, situation{"redirect " + mode + " at " + st.host, func(b *building) {
				through(st, station{"third", true})(b)
				b.s.Request.Redirect = mode
			}})
		}
		list = append(list, situation{"redirect mode " + mode + ", 200", func(b *building) {
			with(200, allowing...)(b)
			b.s.Request.Redirect = mode
		}})
	}
	for _, status := range []int{200, 302} {
		list = append(list, situation{"credentials omit, " + strconv.Itoa(status), func(b *building) {
			b.s.Request.Credentials = "omit"
			with(status, append(allowing, [2]string{"Location", "{third}/p2"})...)(b)
		}})
	}
	return list
}
