package diagnose_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// A profile is how a library answers, as measured: it allows the origin app,
// GET and POST, and the header content-type, unless a scene allows more.
type profile struct {
	name string
	// preflight answers OPTIONS; get adds headers to other answers and reports
	// whether the application may answer.
	preflight func(w http.ResponseWriter, r *http.Request, ok verdicts)
	get       func(w http.ResponseWriter, r *http.Request, origin bool) bool
	// silent: nothing in its answers to an unknown origin tells that it does CORS.
	silent bool
}

// verdicts are what the library thinks of a preflight.
type verdicts struct{ origin, method, headers bool }

func (v verdicts) all() bool { return v.origin && v.method && v.headers }

func (p profile) serve(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin") == app
	if isPreflight(r) {
		acrm := r.Header.Get("Access-Control-Request-Method")
		v := verdicts{origin, acrm == "GET" || acrm == "POST", true}
		for name := range strings.SplitSeq(r.Header.Get("Access-Control-Request-Headers"), ",") {
			v.headers = v.headers && slices.Contains([]string{"", "content-type"}, strings.ToLower(strings.TrimSpace(name)))
		}
		p.preflight(w, r, v)
		return
	}
	if p.get(w, r, origin) {
		data(w, r)
	}
}

// lists is what libraries with fixed lists answer, with or without the origin.
func lists(w http.ResponseWriter, status int, origin bool) {
	if origin {
		put(w, "Access-Control-Allow-Origin: "+app)
	}
	put(w, "Access-Control-Allow-Methods: GET,POST", "Access-Control-Allow-Headers: content-type", "Vary: Origin")
	w.WriteHeader(status)
}

func varied(w http.ResponseWriter, _ *http.Request, origin bool) bool {
	put(w, "Vary: Origin")
	if origin {
		put(w, "Access-Control-Allow-Origin: "+app)
	}
	return true
}

func unvaried(w http.ResponseWriter, _ *http.Request, origin bool) bool {
	if origin {
		put(w, "Access-Control-Allow-Origin: "+app)
	}
	return true
}

var profiles = []profile{
	{name: "rs/cors", get: varied, preflight: func(w http.ResponseWriter, r *http.Request, ok verdicts) {
		put(w, "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
		if ok.all() {
			put(w, "Access-Control-Allow-Origin: "+app, "Access-Control-Allow-Methods: "+r.Header.Get("Access-Control-Request-Method"))
			if h := r.Header.Get("Access-Control-Request-Headers"); h != "" {
				put(w, "Access-Control-Allow-Headers: "+h)
			}
		}
		w.WriteHeader(204)
	}},
	{name: "go-chi/cors", get: varied, preflight: func(w http.ResponseWriter, r *http.Request, ok verdicts) {
		put(w, "Vary: Origin", "Vary: Access-Control-Request-Method", "Vary: Access-Control-Request-Headers")
		if ok.all() {
			put(w, "Access-Control-Allow-Origin: "+app, "Access-Control-Allow-Methods: "+r.Header.Get("Access-Control-Request-Method"))
			put(w, "Access-Control-Allow-Headers: Content-Type")
		}
	}},
	{name: "gorilla/handlers", silent: true, get: unvaried, preflight: func(w http.ResponseWriter, r *http.Request, ok verdicts) {
		switch {
		case !ok.origin:
		case !ok.method:
			w.WriteHeader(405)
		case !ok.headers:
			w.WriteHeader(403)
		default:
			put(w, "Access-Control-Allow-Origin: "+app)
			if r.Header.Get("Access-Control-Request-Headers") != "" {
				put(w, "Access-Control-Allow-Headers: Content-Type")
			}
		}
	}},
	{name: "gin-contrib/cors", preflight: func(w http.ResponseWriter, _ *http.Request, ok verdicts) {
		if !ok.origin {
			w.WriteHeader(403)
			return
		}
		lists(w, 204, true)
	}, get: func(w http.ResponseWriter, r *http.Request, origin bool) bool {
		if r.Header.Get("Origin") != "" && !origin {
			w.WriteHeader(403)
			return false
		}
		return unvaried(w, r, origin)
	}},
	{name: "fiber", get: varied, preflight: func(w http.ResponseWriter, _ *http.Request, ok verdicts) { lists(w, 204, ok.origin) }},
	{name: "express cors", get: varied, preflight: func(w http.ResponseWriter, _ *http.Request, ok verdicts) { lists(w, 204, ok.origin) }},
	{name: "hapi", get: varied, preflight: func(w http.ResponseWriter, r *http.Request, ok verdicts) {
		put(w, "Vary: origin")
		switch {
		case !ok.method:
			w.WriteHeader(404)
			fmt.Fprint(w, `{"statusCode":404,"error":"Not Found","message":"CORS error: Missing or unknown route"}`)
		case ok.all():
			lists(w, 200, true)
		}
	}},
	{name: "flask-cors", silent: true, get: unvaried, preflight: func(w http.ResponseWriter, _ *http.Request, ok verdicts) {
		put(w, "Allow: GET, HEAD, OPTIONS")
		if ok.origin {
			put(w, "Access-Control-Allow-Origin: "+app, "Access-Control-Allow-Methods: GET, POST")
			if ok.headers {
				put(w, "Access-Control-Allow-Headers: content-type")
			}
		}
	}},
	{name: "django-cors-headers", get: varied, preflight: func(w http.ResponseWriter, _ *http.Request, ok verdicts) {
		put(w, "Vary: Origin")
		if ok.origin {
			put(w, "Access-Control-Allow-Origin: "+app, "Access-Control-Allow-Methods: GET, POST", "Access-Control-Allow-Headers: content-type")
		}
	}},
	{name: "Starlette", get: unvaried, preflight: func(w http.ResponseWriter, _ *http.Request, ok verdicts) {
		put(w, "Vary: Origin", "Access-Control-Allow-Methods: GET, POST", "Access-Control-Allow-Headers: Accept, Content-Type")
		var bad []string
		if ok.origin {
			put(w, "Access-Control-Allow-Origin: "+app)
		} else {
			bad = append(bad, "origin")
		}
		if !ok.method {
			bad = append(bad, "method")
		}
		if !ok.headers {
			bad = append(bad, "headers")
		}
		if len(bad) > 0 {
			w.WriteHeader(400)
			fmt.Fprint(w, "Disallowed CORS "+strings.Join(bad, ", "))
			return
		}
		fmt.Fprint(w, "OK")
	}},
	{name: "Spring", preflight: func(w http.ResponseWriter, _ *http.Request, ok verdicts) {
		put(w, "Vary: Origin", "Vary: Access-Control-Request-Method", "Vary: Access-Control-Request-Headers")
		if !ok.all() {
			w.WriteHeader(403)
			fmt.Fprint(w, "Invalid CORS request")
			return
		}
		lists(w, 200, true)
	}, get: func(w http.ResponseWriter, r *http.Request, origin bool) bool {
		if r.Header.Get("Origin") != "" && !origin {
			w.WriteHeader(403)
			fmt.Fprint(w, "Invalid CORS request")
			return false
		}
		return varied(w, r, origin)
	}},
	{name: "rack-cors", get: varied, preflight: func(w http.ResponseWriter, _ *http.Request, ok verdicts) {
		if ok.all() {
			lists(w, 200, true)
			return
		}
		put(w, "X-Rack-CORS: miss; no-origin")
	}},
	{name: "by hand, one if", get: unvaried, preflight: func(w http.ResponseWriter, _ *http.Request, ok verdicts) {
		if !ok.all() {
			w.WriteHeader(403)
			return
		}
		lists(w, 204, true)
	}},
}

// Whatever the library's way of refusing, the cause is the same.
func TestLibrariesRefuse(t *testing.T) {
	const stranger = "https://stranger.example"
	for _, p := range profiles {
		silent := finding.OriginMismatch
		if p.silent {
			silent = finding.NoCORSHeaders // from outside there is no difference
		}
		for _, sc := range []scenario{
			{name: "the origin, simple", request: fetch.Request{Origin: stranger}, want: silent},
			{name: "the origin, preflighted", request: fetch.Request{Origin: stranger, Headers: jsonType}, want: silent},
			{name: "www of the origin", request: fetch.Request{Origin: "https://www.app.example.com"}, want: finding.OriginMismatch},
			{name: "http instead of https", request: fetch.Request{Origin: "http://app.example.com", Headers: jsonType}, want: finding.OriginMismatch},
			{name: "the method", request: fetch.Request{Method: "DELETE"}, want: finding.MethodNotAllowed},
			{name: "the method with a header", request: fetch.Request{Method: "DELETE", Headers: jsonType}, want: finding.MethodNotAllowed},
			{name: "a header", request: fetch.Request{Headers: token}, want: finding.HeaderNotAllowed},
			{name: "a header of two", request: fetch.Request{Headers: append(slices.Clone(jsonType), token...)}, want: finding.HeaderNotAllowed, says: "authorization"},
			{name: "a header with another method", request: fetch.Request{Method: "POST", Headers: token}, want: finding.HeaderNotAllowed},
			{name: "nothing", request: fetch.Request{Headers: jsonType}},
		} {
			sc.server = p.serve
			if p.name == "by hand, one if" && sc.request.Origin == stranger {
				// GET tells nothing, and the preflight no more than its status.
				if sc.want = finding.NoCORSHeaders; sc.request.Headers != nil {
					sc.want = finding.PreflightStatus
				}
			}
			t.Run(p.name+"/"+sc.name, func(t *testing.T) {
				got := perform(t, sc)
				if len(got.findings) > 0 { // certainty differs: a silent library proves less
					sc.doubt = !got.findings[0].Confirmed
				}
				if sc.want == "" { // some forget Vary, which is said and not the matter here
					got.findings = slices.DeleteFunc(got.findings, func(f finding.Finding) bool { return f.ID == finding.VaryOriginMissing })
				}
				check(t, sc, got)
			})
		}
	}
}
