package fix_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/internal/demand"
	"github.com/corscheck/corscheck/probe/fix"
)

// oddName is a header name of every character that a token may have and a
// configuration could trip over.
const oddName = "x-!#$%&'*+.^_`|~"

// odd are values that are valid, and that a configuration could trip over.
var odd = map[string]struct{ origin, header string }{
	"header": {app, oddName},
	"app":    {"capacitor://localhost", "x-request-id"},
	"ipv6":   {"http://[::1]:3000", "x-request-id"},
}

// TestOddValuesOnRealServers applies changes for such values: the server has to
// start, and to allow exactly that origin and that name.
func TestOddValuesOnRealServers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real servers")
	}
	behind := upstream(t)
	for _, s := range readServers(t) {
		t.Run(s.stack, func(t *testing.T) {
			demand.Here(t, s.requires, needs[s.requires]())
			if !demand.Named(s.requires) {
				t.Skipf("runs where CORSCHECK_REQUIRE names %s", s.requires)
			}
			t.Parallel()
			for name, values := range odd {
				t.Run(name, func(t *testing.T) { s.takes(t, behind, values.origin, values.header) })
			}
		})
	}
}

func (s *serverFile) takes(t *testing.T, behind, origin, name string) {
	w := fix.Want{URL: target, Origin: origin, Method: "GET", Headers: []string{name}}
	change, ok := fix.For("header-not-allowed", s.stack, w)
	if change.Stack == "any" { // its language cannot write the name
		name = strings.NewReplacer("$", "", "`", "").Replace(name)
		w.Headers = []string{name}
		change, ok = fix.For("header-not-allowed", s.stack, w)
	}
	if ok && change.Stack == "any" {
		t.Skip("its library does not know such values, and gets the general change")
	}
	if !ok || change.Stack != s.stack {
		t.Fatalf("no change for %q and %q: %+v", origin, name, change)
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
	req, err := http.NewRequest(http.MethodOptions, server.base+"/data", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Origin": {origin}, "Access-Control-Request-Method": {"GET"}, "Access-Control-Request-Headers": {name}}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	allowed := strings.FieldsFunc(strings.ToLower(strings.Join(res.Header.Values("Access-Control-Allow-Headers"), ",")), func(r rune) bool { return r == ',' || r == ' ' })
	if !slices.Contains(allowed, name) || res.StatusCode > 299 || allowsOrigin(res, origin) != nil {
		t.Errorf("status %d allows %q from %q, not %q from %q:\n%s", res.StatusCode, allowed,
			res.Header.Values("Access-Control-Allow-Origin"), name, origin, change.Snippet)
	}
}
