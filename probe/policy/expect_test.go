package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// answer runs a check's fetch against canned answers: one for the preflight and
// one for the request; "" withholds the request.
func answer(t *testing.T, c probe.Check, preflight, actual string) *probe.Result {
	t.Helper()
	f, err := fetch.New(c.Browser, c.Request)
	if err != nil {
		t.Fatal(err)
	}
	for m, ok := f.Next(); ok; m, ok = f.Next() {
		lines := actual
		if m.Kind == fetch.Preflight {
			lines = preflight
		}
		if lines == "" {
			f.Withhold()
			continue
		}
		response := &fetch.Response{Status: 200}
		for line := range strings.SplitSeq(lines, "\n") {
			name, value, _ := strings.Cut(line, ": ")
			response.Headers = append(response.Headers, fetch.Header{Name: name, Value: value})
		}
		f.Receive(response)
	}
	return &probe.Result{Check: c, Fetch: f.Result()}
}

func TestExpectations(t *testing.T) {
	const (
		allow     = "Access-Control-Allow-Origin: https://app.example"
		preflight = allow + "\nAccess-Control-Allow-Methods: PUT\nAccess-Control-Allow-Headers: x-a"
	)
	for _, test := range []struct {
		name, request, expect string
		preflight, actual     string
		want                  string // failures, then what was not checked
	}{
		{"exposed", "{method: GET}", "{expose: [X-Total-Count, content-type]}", "",
			allow + "\nContent-Type: text/plain\nX-Total-Count: 3\nAccess-Control-Expose-Headers: x-total-count", ""},
		{"exposed by nobody", "{method: GET}", "{expose: [X-Total-Count]}", "",
			allow + "\nX-Total-Count: 3",
			"expose: want x-total-count, got the response has no Access-Control-Expose-Headers"},
		{"exposed others", "{method: GET}", "{expose: [X-Total-Count]}", "",
			allow + "\nX-Total-Count: 3\nAccess-Control-Expose-Headers: x-other",
			`expose: want x-total-count, got Access-Control-Expose-Headers is "x-other"`},
		{"exposed, but not there", "{method: GET}", "{expose: [X-Total-Count]}", "",
			allow + "\nAccess-Control-Expose-Headers: x-total-count",
			"this response has no x-total-count; script could read it if it had"},
		{"everything exposed, but not there", "{method: GET}", "{expose: [X-Total-Count]}", "",
			allow + "\nAccess-Control-Expose-Headers: *",
			"this response has no x-total-count; script could read it if it had"},
		{"neither exposed nor there", "{method: GET}", "{expose: [X-Total-Count]}", "",
			allow + "\nAccess-Control-Expose-Headers: x-other",
			`expose: want x-total-count, got Access-Control-Expose-Headers is "x-other"`},
		{"exposed but not sent", "{method: PUT}", "{expose: [X-A], vary: true}", preflight, "",
			"expose was not checked: the request itself was not sent; vary was not checked: the request itself was not sent"},

		{"max-age", "{method: PUT}", `{max-age: ">=600"}`, preflight + "\nAccess-Control-Max-Age: 600", allow, ""},
		{"max-age too short", "{method: PUT}", `{max-age: ">=600"}`, preflight + "\nAccess-Control-Max-Age: 599", allow,
			"max-age: want >=600, got 599"},
		{"max-age more than the browser keeps", "{method: PUT}", `{max-age: "86400"}`, preflight + "\nAccess-Control-Max-Age: 86400", allow, ""},
		{"max-age below", "{method: PUT}", `{max-age: "<5"}`, preflight + "\nAccess-Control-Max-Age: -1", allow, ""},
		{"max-age missing", "{method: PUT}", `{max-age: ">5"}`, preflight, allow,
			"max-age: want >5, got 5: no Access-Control-Max-Age was sent, and 5 seconds are the default"},
		{"max-age no number", "{method: PUT}", "{max-age: 10}", preflight + "\nAccess-Control-Max-Age: 10s", allow,
			`max-age: want =10, got 5: Access-Control-Max-Age is "10s", which is no number, and 5 seconds are the default`},
		{"max-age without a preflight", "{method: GET}", "{max-age: 10}", "", allow,
			"max-age was not checked: no preflight was due"},

		{"vary", "{method: GET}", "{vary: true}", "", allow + "\nVary: accept-encoding, origin", ""},
		{"vary in two lines", "{method: GET}", "{vary: true}", "", allow + "\nVary: Accept\nVary: Origin", ""},
		{"vary on everything", "{method: GET}", "{vary: true}", "", allow + "\nVary: *", ""},
		{"vary on another", "{method: GET}", "{vary: true}", "", allow + "\nVary: X-Origin",
			`vary: want Vary names Origin, got Vary is "X-Origin"`},
		{"vary missing", "{method: GET}", "{vary: true}", "", allow, "vary: want Vary names Origin, got no Vary header"},
		{"vary unwanted", "{method: GET}", "{vary: false}", "", allow + "\nVary: Origin",
			`vary: want Vary does not name Origin, got Vary is "Origin"`},
		{"vary not there", "{method: GET}", "{vary: false}", "", allow, ""},

		{"preflight due", "{method: PUT}", "{preflight: true}", preflight, allow, ""},
		{"preflight not due", "{method: GET}", "{preflight: true}", "", allow, "preflight: want a preflight is due, got no preflight is due"},
		{"preflight unwanted", "{method: PUT, headers: {X-A: 1}}", "{preflight: false}", preflight, allow,
			"preflight: want no preflight is due, got a preflight is due because of method PUT, header x-a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			src := fmt.Sprintf("version: 1\ntargets: [{url: https://api.example/, requests: [%s], expect: %s, allow: [https://app.example]}]", test.request, test.expect)
			p, err := Parse("corscheck.yaml", []byte(src), Options{SendUnsafe: test.actual != ""})
			if err != nil {
				t.Fatal(err)
			}
			for c := range p.Checks() {
				r := answer(t, c, test.preflight, test.actual)
				if r.Fetch.Verdict != fetch.Allowed && test.actual != "" {
					t.Fatalf("%s", r.Fetch.Verdict)
				}
				var got []string
				for _, f := range c.Expect.Verify(r) {
					got = append(got, fmt.Sprintf("%s: want %s, got %s", f.Expectation, f.Want, f.Got))
				}
				got = append(got, r.Assumptions...)
				if s := strings.Join(got, "; "); s != test.want {
					t.Errorf("\n got %s\nwant %s", s, test.want)
				}
			}
		})
	}
}
