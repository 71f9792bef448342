package fix_test

import (
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/fix"
)

// FuzzFor holds that no value changes the shape of a change: whatever origin,
// method, header or path is given, either there is no change or it has exactly
// the lines that harmless values give it, all of them printable ASCII.
func FuzzFor(f *testing.F) {
	f.Add("https://app.example.com", "PUT", "content-type", "/users", "x-total-count")
	f.Add("https://a'b", "PUT", "x'y", "/a\nb", "x\"y")
	f.Add("https://a\" b", "M'", "x`y", "/*/?>", "x$y")
	f.Add("capacitor://localhost", "PATCH", "x%s", "/{{.}}", "x|y")
	f.Fuzz(func(t *testing.T, origin, method, header, path, expose string) {
		for _, s := range append(fix.Stacks(), fix.Stack{Key: "unknown"}) {
			w := fix.Want{URL: &fetch.URL{Scheme: "https", Host: "api.example.com", Path: path}, Origin: origin, Method: method, Headers: []string{header}, Expose: []string{expose}}
			got, ok := fix.For("no-cors-headers", s.Key, w)
			if !ok {
				continue
			}
			if strings.IndexFunc(got.Snippet, func(r rune) bool { return r != '\n' && r != '\t' && (r < ' ' || r > '~') }) >= 0 {
				t.Fatalf("%s prints what is not ASCII: %q", s.Key, got.Snippet)
			}
			usual := w
			usual.URL = &fetch.URL{Scheme: "https", Host: "api.example.com", Path: "/users"}
			usual.Origin, usual.Headers, usual.Method = "https://app.example.com", []string{"x-usual"}, "PUT"
			if usual.Expose = nil; isName(expose) {
				usual.Expose = []string{"x-usual"}
			}
			if !strings.HasPrefix(origin, "http://") && !strings.HasPrefix(origin, "https://") {
				usual.Origin = "capacitor://localhost" // some libraries want these written otherwise
			}
			if m := strings.ToUpper(method); m == method && (m == "GET" || m == "HEAD" || m == "POST" || m == "") {
				usual.Method = method
			}
			want, _ := fix.For("no-cors-headers", got.Stack, usual)
			if got.Stack != "any" && strings.Count(got.Snippet, "\n") != strings.Count(want.Snippet, "\n") {
				t.Fatalf("%s: %q changes the lines of\n%s", s.Key, []string{origin, method, header, path, expose}, got.Snippet)
			}
		}
	})
}

// isName reports whether s is a token.
func isName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", r)
	})
}
