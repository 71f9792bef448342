package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

func TestMaskURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/x?page=2":                                 "https://a.example/x?page=2",
		"https://u:p@a.example/x":                                    "https://***@a.example/x",
		"https://a.example/x?access_token=abc&page=2#frag":           "https://a.example/x?access_token=***&page=2#frag",
		"https://a.example/x?key=1":                                  "https://a.example/x?key=***",
		"https://a.example/x?keyword=shoes&author=me":                "https://a.example/x?keyword=shoes&author=me",
		"https://a.example/?x=eyJhbGciOi.eyJzdWIiOi.sig":             "https://a.example/?x=***",
		"https://a.example/?id=550e8400-e29b-41d4-a716-446655440000": "https://a.example/?id=550e8400-e29b-41d4-a716-446655440000",
		"https://a.example/?X-Amz-Signature=00ff":                    "https://a.example/?X-Amz-Signature=***",
		"https://a.example/?to=me@b.example":                         "https://a.example/?to=me@b.example",
		"https://a.example/#access_token=abc&state=x":                "https://a.example/#access_token=***&state=x",
		"https://a.example/?a=1#top":                                 "https://a.example/?a=1#top",
		"https://a.example/?%74oken=abc":                             "https://a.example/?%74oken=***",
	} {
		if got := MaskURL(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestMaskHeader(t *testing.T) {
	for in, want := range map[string]string{
		"Authorization: Bearer abc.def":                 "Bearer ***",
		"Authorization: abc":                            "***",
		"authorization: my secret phrase":               "***",
		"Cookie: sid=1; theme=dark":                     "sid=***; theme=***",
		"X-API-Key: 1":                                  "***",
		"X-Auth-Token: t":                               "***",
		"X-CSRF-Token: t":                               "***",
		"Content-Type: application/json":                "application/json",
		"X-Author: me":                                  "me",
		"Access-Control-Request-Headers: authorization": "authorization",
		"Sec-Fetch-Mode: cors":                          "cors",
		"X-Foo: ":                                       "",
		"X-Id-Card: eyJhbGciOi.eyJzdWIiOi.sig":          "***",
		"X-Id-Card: Bearer eyJhbGciOi.eyJzdWIiOi.sig":   "Bearer ***",
		"X-A: Token ghp_" + strings.Repeat("a1", 12):    "Token ***",
		"X-A: sk-" + strings.Repeat("a1", 12):           "***",
		"X-A: xoxb-" + strings.Repeat("a1", 12):         "***",
		"X-A: AKIA" + strings.Repeat("A1", 8):           "***",
		"X-A: page ghp_" + strings.Repeat("a1", 12):     "page ghp_" + strings.Repeat("a1", 12),
		"X-Trace: 4bf92f3577b34da6a3ce929d0e0e4736":     "4bf92f3577b34da6a3ce929d0e0e4736",
	} {
		name, value, _ := strings.Cut(in, ": ")
		if got := MaskHeader(name, value); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// TestNoSecretSurvives puts secrets wherever a user can put them, lets a server
// echo them wherever it can, and looks for them in every format.
func TestNoSecretSurvives(t *testing.T) {
	secrets := []string{"tok-12345678", "dXNlcjpodW50ZXIyMg", "hunter22", "sid-98765432", "q-secret-1", "body-secret-value", "set-by-server-1", "api-key-555", "form value9", "pass6"}
	echo := strings.Join(secrets, " ") + " form+value9"
	r := &probe.Result{
		Check: probe.Check{
			Request: fetch.Request{
				URL: "https://api.example.com/x?token=q-secret-1&page=2", Origin: "https://app.example.com", Method: "POST",
				Headers: []fetch.Header{{Name: "Authorization", Value: "Basic dXNlcjpodW50ZXIyMg=="}, {Name: "X-Api-Key", Value: "api-key-555"}, {Name: "Authorization", Value: "Bearer tok-12345678"}},
				Cookies: []string{"sid=sid-98765432; Secure"}, Body: []byte(`{"a":["body-secret-value"]}`),
			},
			Source: &probe.Source{File: "corscheck.yaml", Line: 1, Column: 1},
			Expect: &probe.Expectation{Allow: true},
		},
		Findings:    []finding.Finding{{ID: "no-cors-headers", Severity: finding.Error, Title: echo, Detail: echo, Evidence: []string{echo}, Fix: &finding.Fix{Stack: "nginx", Confidence: finding.High, Why: echo, Snippet: echo}}},
		Assumptions: []string{echo},
		Failures:    []probe.Failure{{Expectation: "expose", Want: "x", Got: echo}},
		Exchanges: []probe.Exchange{{Exchange: fetch.Exchange{
			Message:  fetch.Message{Kind: fetch.Actual, Method: "POST", Body: []byte("b=form+value9"), Headers: []fetch.Header{{Name: "Cookie", Value: "sid=sid-98765432"}, {Name: "Referer", Value: "https://app.example.com/?token=q-secret-1"}}},
			Response: &fetch.Response{Status: 200, Body: []byte(echo), Headers: []fetch.Header{{Name: "Set-Cookie", Value: "s=set-by-server-1; Path=/"}, {Name: "X-Echo", Value: echo}, {Name: "X-Request-Id", Value: "kept"}}},
			Failure:  &fetch.Failure{Kind: fetch.FailReset, Detail: echo},
		}}},
	}
	r.Check.Request.Body = []byte(`{"a":["body-secret-value"],"password":"pass6"}`)
	second := *r
	second.Check.Request.Body = []byte("b=form+value9&c=1&passwd=pass6")
	for _, result := range []*probe.Result{r, &second} {
		c := FromResult(result)
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), `"s=***; Path=/"`) || !strings.Contains(string(text), `"kept"`) {
			t.Errorf("the answer's headers are not as they should be: %s", text)
		}
		d := &Document{Checks: []Check{c}}
		d.Summary.Add(&c)
		for _, format := range FormatNames() {
			out := render(t, d, format, Options{Verbose: 2})
			for _, s := range secrets {
				if s == "body-secret-value" && result != r || strings.HasPrefix(s, "form") && result == r {
					continue // not a secret of this one
				}
				if strings.Contains(out, s) {
					t.Errorf("%s shows %q", format, s)
				}
			}
		}
	}
}
