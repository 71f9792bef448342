package policy

import (
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// FuzzStarter: whatever a server answers and a user asks for, the policy that
// is written can be read back, names no origin but the one asked for, and has
// the same URL, headers and method.
func FuzzStarter(f *testing.F) {
	f.Add("/users?a=b", "X-A", "b", "Access-Control-Allow-Origin: *\nAccess-Control-Expose-Headers: x-a, \"\nVary: Origin")
	f.Add("/\"${A}#: 'x", "null", " - ${ $${ {a: [b]} #", "Access-Control-Allow-Origin: https://other.example")
	f.Add("/é\u202e", "true", "~", "Access-Control-Max-Age: 99999999999999999999")
	f.Fuzz(func(t *testing.T, path, name, value, lines string) {
		c := probe.Check{Browser: fetch.Chrome, Request: fetch.Request{
			URL: "https://api.example/" + strings.TrimSpace(strings.ToValidUTF8(path, "")), Origin: "https://asked.example", Method: "PUT",
			Headers: []fetch.Header{{Name: name, Value: strings.Trim(strings.ToValidUTF8(value, ""), " \t\r\n")}},
		}}
		if fetch.IsForbiddenRequestHeader(name, value) || valueProblem(c.Request.Headers[0].Value) != "" {
			return
		}
		if _, err := fetch.New(c.Browser, c.Request); err != nil {
			return
		}
		r := answer(t, c, lines, lines)
		if r.Fetch.Verdict != fetch.Allowed && r.Fetch.Verdict != fetch.Blocked {
			return
		}
		s := &Starter{
			Results: []*probe.Result{r}, Mask: "***",
			MaskURL:      func(url string) string { return url },
			SecretHeader: func(string) bool { return false },
		}
		if strings.Contains(c.Request.URL, "***") {
			return
		}
		text, err := s.Write()
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		p, err := Parse("corscheck.yaml", []byte(text), Options{LookupEnv: func(string) (string, bool) { return "", false }})
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		for back := range p.Checks() {
			q := back.Request
			if q.URL != c.Request.URL || q.Origin != c.Request.Origin || q.Method != "PUT" || len(q.Headers) != 1 || q.Headers[0] != c.Request.Headers[0] {
				t.Fatalf("%+v became %+v\n%s", c.Request, q, text)
			}
			if back.Expect.Allow != (r.Fetch.Verdict == fetch.Allowed) {
				t.Fatalf("%s became allow %v", r.Fetch.Verdict, back.Expect.Allow)
			}
			if back.Expect.Verify != nil {
				if failures := back.Expect.Verify(r); len(failures) > 0 {
					t.Fatalf("%v\n%s", failures, text)
				}
			}
		}
	})
}
