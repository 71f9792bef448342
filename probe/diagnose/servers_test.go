package diagnose_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// cors is a sound CORS middleware; faulty servers are made by taking away from
// it, or by putting something in front of it.
type cors struct {
	origins     []string
	methods     string
	headers     string
	credentials bool
	expose      string
	status      int // of the preflight, 204 where 0
}

var sound = cors{origins: []string{app}, methods: "GET, PUT, PATCH, DELETE", headers: "content-type, authorization, x-api-key, x-trace", credentials: true}

func (c cors) wrap(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin")
		ok := slices.Contains(c.origins, r.Header.Get("Origin"))
		if ok {
			h.Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
			if c.credentials {
				h.Set("Access-Control-Allow-Credentials", "true")
			}
			if c.expose != "" {
				h.Set("Access-Control-Expose-Headers", c.expose)
			}
		}
		if isPreflight(r) {
			if ok {
				h.Set("Access-Control-Allow-Methods", c.methods)
				h.Set("Access-Control-Allow-Headers", c.headers)
				h.Set("Access-Control-Max-Age", "7200")
			}
			w.WriteHeader(max(c.status, 204))
			return
		}
		next(w, r)
	}
}

func isPreflight(r *http.Request) bool {
	return r.Method == "OPTIONS" && r.Header.Get("Access-Control-Request-Method") != ""
}

// data is an application that knows nothing of CORS.
func data(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, `{"ok":true}`)
}

// answer is an application that says one thing to everybody.
func answer(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		put(w, headers...)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// put adds header lines, "Name: value".
func put(w http.ResponseWriter, headers ...string) {
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		w.Header().Add(name, value)
	}
}

// bearer refuses every request without a token.
func bearer(status int, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			if status == 401 {
				w.Header().Set("WWW-Authenticate", "Bearer")
			}
			w.WriteHeader(status)
			fmt.Fprint(w, `{"error":"missing token"}`)
			return
		}
		next(w, r)
	}
}

// adding is a proxy that adds a header line to whatever the application sent.
type adding struct {
	http.ResponseWriter
	line string
	done bool
}

func (a *adding) WriteHeader(status int) {
	if !a.done {
		a.done = true
		put(a.ResponseWriter, a.line)
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *adding) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.ResponseWriter.Write(p)
}

// newServer serves until the test ends.
func newServer(t *testing.T, h http.HandlerFunc) string {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}
