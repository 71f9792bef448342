package fix_test

import (
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/fix"
)

const app = "https://app.example.com"

var target = &fetch.URL{Scheme: "https", Host: "api.example.com", Path: "/users"}

func put() fix.Want {
	return fix.Want{
		URL: target, Origin: app, Method: "PUT", Headers: []string{"x-request-id", "content-type"},
		Credentials: true, Expose: []string{"x-total-count"},
	}
}

// TestForAsksForExactlyTheCheck holds on every stack that serves: the origin,
// the method, the headers, credentials, and nothing that allows everybody.
func TestForAsksForExactlyTheCheck(t *testing.T) {
	for _, s := range fix.Stacks() {
		if s.Kind == fix.DevProxy {
			continue
		}
		t.Run(s.Key, func(t *testing.T) {
			f, ok := fix.For("no-cors-headers", s.Key, put())
			if !ok || f.Stack != s.Key {
				t.Fatalf("For = %+v, %v", f, ok)
			}
			for _, want := range []string{"app.example.com", "content-type", "x-request-id"} {
				if !strings.Contains(strings.ToLower(f.Snippet), want) {
					t.Errorf("the snippet lacks %q:\n%s", want, f.Snippet)
				}
			}
			if s.Key != "hapi" && !strings.Contains(strings.ToUpper(f.Snippet), "PUT") {
				t.Errorf("the snippet lacks the method:\n%s", f.Snippet)
			}
			if !strings.Contains(strings.ToLower(f.Snippet), "credentials") {
				t.Errorf("the snippet lacks credentials:\n%s", f.Snippet)
			}
			for _, never := range []string{`"*"`, `['*']`, "Allow-Origin *", "DELETE\"", "PATCH'", "true, // any"} {
				if strings.Contains(f.Snippet, never) {
					t.Errorf("the snippet has %q:\n%s", never, f.Snippet)
				}
			}
			if strings.Contains(f.Snippet, "not run by") == s.Run {
				t.Errorf("Run is %v, but the snippet says otherwise:\n%s", s.Run, f.Snippet)
			}
		})
	}
}

// TestForGrantsNothingUnasked: a plain GET gets no method, header or credentials.
func TestForGrantsNothingUnasked(t *testing.T) {
	for _, s := range fix.Stacks() {
		if s.Kind == fix.DevProxy {
			continue
		}
		f, ok := fix.For("no-cors-headers", s.Key, fix.Want{URL: target, Origin: app, Method: "GET"})
		if !ok {
			t.Fatalf("%s: nothing for a plain GET", s.Key)
		}
		for _, never := range []string{"PUT", "DELETE'", "content-type", "authorization", "redentials: true", "redentials=True", "redentials true", "MaxAge:", "max_age"} {
			if strings.Contains(f.Snippet, never) && !(s.Key == "cloudfront" && never == "PUT") {
				t.Errorf("%s grants %q to a plain GET:\n%s", s.Key, never, f.Snippet)
			}
		}
	}
}

// Every template of every stack executes for every finding it claims.
func TestForEveryFinding(t *testing.T) {
	ids := []finding.ID{
		"no-cors-headers", "preflight-needs-auth", "preflight-not-routed", "preflight-redirected", "preflight-status",
		"login-redirect", "error-hides-behind-cors", "duplicate-allow-origin", "wildcard-with-credentials",
		"credentials-not-allowed", "header-not-allowed", "method-not-allowed", "malformed-allow-list", "origin-mismatch",
		"loopback-mismatch", "only-preflight-configured", "only-response-configured", "vary-origin-missing",
		"cached-without-cors", "bucket-rule-missing", "platform-auth", "redirect-taints-origin", "header-not-exposed",
		"preflight-not-cached", "reflects-any-origin",
	}
	for _, s := range fix.Stacks() {
		for _, id := range ids {
			w := put()
			w.Target = &fetch.URL{Scheme: "https", Host: "api.example.com", Path: "/users/"}
			f, ok := fix.For(id, s.Key, w)
			if !ok || f.Snippet == "" || strings.Contains(f.Snippet, "<no value>") {
				t.Errorf("For(%s, %s) = %+v, %v", id, s.Key, f, ok)
			}
		}
	}
}

func TestForUnknownStackNamesTheHeaders(t *testing.T) {
	f, ok := fix.For("header-not-allowed", "something", put())
	if !ok || f.Stack != "any" || f.Confidence != finding.Low {
		t.Fatalf("For = %+v, %v", f, ok)
	}
	for _, line := range []string{
		"Access-Control-Allow-Origin: https://app.example.com", "Access-Control-Allow-Methods: PUT",
		"Access-Control-Allow-Headers: content-type, x-request-id", "Access-Control-Allow-Credentials: true", "Vary: Origin",
	} {
		if !strings.Contains(f.Snippet, line) {
			t.Errorf("no line %q in\n%s", line, f.Snippet)
		}
	}
}

// Where no configuration may mend it, there is none: nobody should allow "null".
func TestForRefuses(t *testing.T) {
	for name, change := range map[string]func(*fix.Want){
		"null origin":      func(w *fix.Want) { w.Origin = "null" },
		"origin with path": func(w *fix.Want) { w.Origin += "/x" },
		"origin breaks":    func(w *fix.Want) { w.Origin = "https://a\"; }\nevil" },
		"quote in origin":  func(w *fix.Want) { w.Origin = "https://a'b" },
		"header breaks":    func(w *fix.Want) { w.Headers = []string{"x: y"} },
		"header quote":     func(w *fix.Want) { w.Headers = []string{`x"y`} },
		"method breaks":    func(w *fix.Want) { w.Method = "GET;" },
		"empty header":     func(w *fix.Want) { w.Headers = []string{""} },
	} {
		for _, s := range append(fix.Stacks(), fix.Stack{Key: "unknown"}) {
			w := put()
			change(&w)
			if f, ok := fix.For("no-cors-headers", s.Key, w); ok {
				t.Errorf("%s on %s: %s", name, s.Key, f.Snippet)
			}
		}
	}
	if f, ok := fix.For("unreachable-dns", "nginx", put()); ok {
		t.Errorf("a fix for a host without an address: %s", f.Snippet)
	}
}

// A server chooses which response headers it sends; what is no token stays out.
func TestForLeavesOutWhatIsNoHeaderName(t *testing.T) {
	w := put()
	w.Expose = []string{"x-ok", "x'); system('id'); //", "evil\r\nInjected: 1"}
	for _, s := range fix.Stacks() {
		f, ok := fix.For("header-not-exposed", s.Key, w)
		if !ok || strings.Contains(f.Snippet, "system") || strings.Contains(f.Snippet, "njected") {
			t.Errorf("%s: %v\n%s", s.Key, ok, f.Snippet)
		}
	}
}

func TestSuggest(t *testing.T) {
	for typed, want := range map[string]string{"nignx": "nginx", "expres": "express", "fast-api": "fastapi", "aspnett": "aspnet", "zzzzzz": ""} {
		if got := fix.Suggest(typed); got != want {
			t.Errorf("Suggest(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestLookup(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range fix.Stacks() {
		for _, key := range append([]string{s.Key}, s.Aliases...) {
			if seen[key] {
				t.Errorf("%q names two stacks", key)
			}
			seen[key] = true
			if got, ok := fix.Lookup(strings.ToUpper(key)); !ok || got.Key != s.Key {
				t.Errorf("Lookup(%q) = %q, %v", key, got.Key, ok)
			}
		}
	}
}
