package fix_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fix"
)

// oddName is a header name of every character that a token may have and a
// configuration could trip over.
const oddName = "x-!#$%&'*+.^_`|~"

// TestOddHeaderNamesOnRealServers applies changes for such a name: the server
// has to start, and to allow exactly that name.
func TestOddHeaderNamesOnRealServers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real servers")
	}
	behind := upstream(t)
	for _, s := range readServers(t) {
		t.Run(s.stack, func(t *testing.T) {
			demand(t, s.requires, needs[s.requires]())
			if !required(s.requires) {
				t.Skipf("runs where CORSCHECK_REQUIRE names %s", s.requires)
			}
			t.Parallel()
			name := oddName
			w := fix.Want{URL: target, Origin: app, Method: "GET", Headers: []string{name}}
			change, ok := fix.For("header-not-allowed", s.stack, w)
			if change.Stack == "any" { // its language cannot write the name
				name = strings.NewReplacer("$", "", "`", "").Replace(name)
				w.Headers = []string{name}
				change, ok = fix.For("header-not-allowed", s.stack, w)
			}
			if !ok || change.Stack != s.stack {
				t.Fatalf("no change for %q: %+v", name, change)
			}
			regions, err := s.fixed("none", change.Snippet)
			if err != nil {
				t.Fatal(err)
			}
			server, err := s.start(t, regions, behind)
			if err != nil {
				t.Fatalf("%v\n%s", err, change.Snippet)
			}
			defer server.stop()
			req, _ := http.NewRequest(http.MethodOptions, server.base+"/data", nil)
			req.Header = http.Header{"Origin": {app}, "Access-Control-Request-Method": {"GET"}, "Access-Control-Request-Headers": {name}}
			res, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			allowed := strings.FieldsFunc(strings.ToLower(strings.Join(res.Header.Values("Access-Control-Allow-Headers"), ",")), func(r rune) bool { return r == ',' || r == ' ' })
			if !slices.Contains(allowed, name) || res.StatusCode > 299 {
				t.Errorf("status %d allows %q, not %q:\n%s", res.StatusCode, allowed, name, change.Snippet)
			}
		})
	}
}
