package probe

import (
	"errors"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
)

func TestParseTarget(t *testing.T) {
	for _, test := range []struct{ in, want, problem, correct string }{
		{in: " https://api.example/users ", want: "https://api.example/users"},
		{in: "HTTP://API.Example:8080/%7Ea?q=1#x", want: "HTTP://API.Example:8080/%7Ea?q=1#x"},
		{in: "http://[::1]:8080/", want: "http://[::1]:8080/"},
		{in: "", problem: "empty"},
		{in: "api.example", problem: "no scheme", correct: "https://api.example"},
		{in: "127.0.0.1:8080/x", problem: "no scheme", correct: "http://127.0.0.1:8080/x"},
		{in: "[::1]:8080", problem: "no scheme", correct: "http://[::1]:8080"},
		{in: "https:api.example/x", problem: "two slashes", correct: "https://api.example/x"},
		{in: "http:/api.example/x", problem: "two slashes", correct: "http://api.example/x"},
		{in: "http:", problem: "no host"},
		{in: "api.example/x?token=s3cret", problem: `"api.example/x?..." has no scheme`, correct: "https://api.example/x?token=s3cret"},
		{in: "https://", problem: "no host"},
		{in: "https://:8080/", problem: "no host"},
		{in: "https://u:p@api.example/x", problem: "user name or password", correct: "https://api.example/x"},
		{in: "wss://api.example/", problem: "not an http or https URL"},
		{in: "file:///etc/passwd", problem: "not an http or https URL"},
		{in: "javascript:alert(1)", problem: "not an http or https URL"},
		{in: "https://api.example:99999/", problem: "its port 99999 is larger than 65535"},
		{in: "https://api.example:65536/", problem: "its port 65536 is larger than 65535"},
		{in: "https://api.example:0000080/", want: "https://api.example:0000080/"},
		{in: "https://api.example:http/", problem: `its port "http" is not a number`},
		{in: "https://exa mple/", problem: `"exa mple" is not the name or address of a host`},
		{in: "https://[::1/", problem: `"[::1" is not the name or address of a host`},
	} {
		got, err := ParseTarget(test.in)
		checkInput(t, test.in, got, test.want, err, test.problem, test.correct)
	}
}

func TestParseOrigin(t *testing.T) {
	for _, test := range []struct{ in, want, problem, correct string }{
		{in: "https://app.example", want: "https://app.example"},
		{in: " HTTPS://App.Example:443 ", want: "https://app.example"},
		{in: "http://localhost:3000", want: "http://localhost:3000"},
		{in: "https://bücher.example", want: "https://xn--bcher-kva.example"},
		{in: "chrome-extension://abcdefghijklmnop", want: "chrome-extension://abcdefghijklmnop"},
		{in: "capacitor://localhost", want: "capacitor://localhost"},
		{in: "null", want: "null"},
		{in: "", problem: "empty", correct: "https://app.example.com"},
		{in: "*", problem: "a page has exactly one"},
		{in: "https://app.example/", problem: "trailing slash", correct: "https://app.example"},
		{in: "https://app.example/login", problem: "path", correct: "https://app.example"},
		{in: "https://app.example?x", problem: "query", correct: "https://app.example"},
		{in: "https://app.example?", problem: "query", correct: "https://app.example"},
		{in: "https://app.example#", problem: "fragment", correct: "https://app.example"},
		{in: "https:app.example", problem: "two slashes", correct: "https://app.example"},
		{in: "https:///app.example", problem: "two slashes", correct: "https://app.example"},
		{in: `https:\\app.example`, problem: "two slashes", correct: "https://app.example"},
		{in: "https://app.example\\", problem: "trailing slash", correct: "https://app.example"},
		{in: "https://app.example,", problem: "comma", correct: ""},
		{in: "https://app.example,https://b.example", problem: "more than one origin"},
		{in: "https://app.example https://b.example", problem: "more than one origin"},
		{in: `"https://app.example"`, problem: "quotes", correct: "https://app.example"},
		{in: `"null"`, problem: "quotes", correct: "null"},
		{in: "NULL", problem: "lower case", correct: "null"},
		{in: "app.example", problem: "scheme", correct: "https://app.example"},
		{in: "localhost:5173", problem: "scheme", correct: "http://localhost:5173"},
		{in: "https://u:p@app.example", problem: "user name", correct: "https://app.example"},
		{in: "https://*.example", problem: "no origin"},
		{in: "https://app.example:99999", problem: "its port 99999 is larger than 65535"},
		{in: "https://u:p@app.example:x", problem: `its port "x" is not a number`},
	} {
		got, err := ParseOrigin(test.in)
		checkInput(t, test.in, got, test.want, err, test.problem, test.correct)
	}
}

func checkInput(t *testing.T, in, got, want string, err error, problem, correct string) {
	t.Helper()
	if problem == "" {
		if err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
		return
	}
	var input *InputError
	if !errors.As(err, &input) || !strings.Contains(input.Problem, problem) || input.Correct != correct {
		t.Errorf("%q: %q, %#v; want a problem with %q and %q instead", in, got, err, problem, correct)
	}
	if strings.Contains(err.Error(), "u:p") {
		t.Errorf("%q: the password is shown: %v", in, err)
	}
}

func TestParseMethodAndHeader(t *testing.T) {
	for in, ok := range map[string]bool{"GET": true, "patch": true, "PROPFIND": true, "X!#$": true, "": false, "A B": false, "TRACE": false, "connect": false, "Track": false, "GÉT": false} {
		if _, err := ParseMethod(in); (err == nil) != ok {
			t.Errorf("method %q: %v", in, err)
		}
	}
	for in, want := range map[string]*fetch.Header{
		"X-A: 1":          {Name: "X-A", Value: "1"},
		"X-A:1:2 ":        {Name: "X-A", Value: "1:2"},
		"X-A:":            {Name: "X-A"},
		"":                nil,
		"X-A":             nil,
		"X-A=s3cret":      nil,
		"X-A: 日本 s3cret":  nil,
		"X-A: é":          {Name: "X-A", Value: "\xe9"},
		"X-A: \xe9":       {Name: "X-A", Value: "\xe9"},
		": 1":             nil,
		"X A: 1":          nil,
		"X-A: s3cret\r\n": nil,
		"X-A: s3\x00cret": nil,
	} {
		got, err := ParseHeader(in)
		if want == nil && err == nil || want != nil && (err != nil || got != *want) {
			t.Errorf("header %q: %q, %v", in, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "s3") {
			t.Errorf("header %q: the value is shown: %v", in, err)
		}
	}
}

// What is taken for a target or an origin is what the machine takes, and what
// an error offers instead is taken.
func FuzzParseInput(f *testing.F) {
	for _, s := range []string{"https://a.example", "a.example:80/x", "https://u:p@h/", "null", "//h", "http:h", "https://[::1", "X-A: 1", "ünï.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		target, err := ParseTarget(s)
		if err == nil {
			c := Check{Request: fetch.Request{URL: target, Origin: DefaultOrigin(target)}}
			if err := c.Validate(); err != nil {
				t.Errorf("%q is taken, and then fetch() throws: %v", target, err)
			}
		}
		offered(t, s, err, ParseTarget)
		origin, err := ParseOrigin(s)
		if err == nil {
			if again, err := ParseOrigin(origin); err != nil || again != origin {
				t.Errorf("%q is serialized as %q, and that as %q, %v", s, origin, again, err)
			}
		}
		offered(t, s, err, ParseOrigin)
		if h, err := ParseHeader(s); err == nil && (!fetch.IsToken(h.Name) || strings.ContainsAny(h.Value, "\r\n\x00")) {
			t.Errorf("%q is taken for the header %q", s, h)
		}
	})
}

func offered(t *testing.T, s string, err error, parse func(string) (string, error)) {
	var input *InputError
	if !errors.As(err, &input) || input.Correct == "" || strings.Contains(input.Correct, "HOST") {
		return
	}
	if _, err := parse(input.Correct); err != nil {
		t.Errorf("%q: %q is offered instead, and that: %v", s, input.Correct, err)
	}
}
