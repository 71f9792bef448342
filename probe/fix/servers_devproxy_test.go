package fix_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/internal/demand"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/fix"
)

// TestNginxInFrontOfThePage applies the way out for a server that is somebody
// else's: the page's own nginx passes /api on.
func TestNginxInFrontOfThePage(t *testing.T) {
	demand.Here(t, "nginx", needs["nginx"]())
	behind := upstream(t)
	w := fix.Want{URL: &fetch.URL{Scheme: "http", Host: "127.0.0.1", Port: behind, Path: "/cors/data"}, Origin: app, Method: "GET"}
	change, ok := fix.Develop("nginx-proxy", w)
	if !ok {
		t.Fatal("no change")
	}
	for _, s := range readServers(t) {
		if s.stack != "nginx" {
			continue
		}
		// The server { } of this nginx takes the location beside its own.
		s.files["nginx.conf"] = strings.Replace(s.files["nginx.conf"], "        location / {\n", "<<beside>>\n        location / {\n", 1)
		server, err := s.start(t, map[string]string{"beside": change.Snippet}, behind)
		if err != nil {
			t.Fatalf("%v\n%s", err, change.Snippet)
		}
		defer server.stop()
		res, err := http.Get(server.base + "/api/cors/data")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(text), `"ok": true`) {
			t.Errorf("status %d, %s, %v:\n%s", res.StatusCode, text, err, change.Snippet)
		}
	}
}

// A development proxy needs nothing but the URL's origin.
func TestDevelop(t *testing.T) {
	for _, key := range []string{"vite", "nextjs", "angular", "nginx-proxy"} {
		change, ok := fix.Develop(key, put())
		if !ok || !strings.Contains(change.Snippet, "https://api.example.com") || !strings.Contains(change.Snippet, "/api") {
			t.Errorf("%s: %v\n%s", key, ok, change.Snippet)
		}
		w := put()
		w.URL = &fetch.URL{Scheme: "https", Host: `a';x`, Path: "/"}
		if change, ok := fix.Develop(key, w); ok {
			t.Errorf("%s took the host %q:\n%s", key, w.URL.Host, change.Snippet)
		}
	}
	if _, ok := fix.Develop("nginx", put()); ok {
		t.Error("nginx is no development proxy")
	}
}
