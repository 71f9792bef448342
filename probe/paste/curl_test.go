package paste

import (
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
)

func TestParseCurlArguments(t *testing.T) {
	items, err := ParseCurl([]string{"-X", "OPTIONS", "https://api.example.com/users", "-H", "Origin: https://app.example.com", "-H", "Access-Control-Request-Method: POST", "-H", "Access-Control-Request-Headers: Content-Type"})
	if err != nil || len(items) != 1 || !items[0].Request.PreflightOnly || items[0].Request.Method != "POST" {
		t.Errorf("the tutorial's preflight yields %s", describe(items, err))
	}
	// A shell has expanded the words already: a $ that is left is meant.
	items, err = ParseCurl([]string{"https://api.example.com/$metadata", "-H", "X-Price: $5"})
	if err != nil || items[0].Request.URL != "https://api.example.com/$metadata" || len(items[0].Notes) > 0 {
		t.Errorf("literal dollars yield %s", describe(items, err))
	}
	for _, bad := range [][]string{nil, {"-H"}, {"--data-raw"}, {"-!"}, {"https://"}, {"ftp://a.example/"}, {"-K", "file", "https://a.example"}} {
		if items, err := ParseCurl(bad); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q yields %s", bad, describe(items, err))
		}
	}
}

// TestSecretsStayOutOfMessages: what is secret in a paste is in no error, note
// or explanation.
func TestSecretsStayOutOfMessages(t *testing.T) {
	const secret = "hunter2secret"
	for _, text := range []string{
		"curl https://api.example.com -H 'Authorization: Bearer " + secret + "' -b 's=" + secret + "' -d '" + secret + "'",
		"curl 'https://api.example.com/?token=" + secret,
		"curl https://me:" + secret + "@api.example.com/ -u me:" + secret,
		"curl \"https://$HOST/?key=" + secret + "\"",
		"curl https://api.example.com -d \"${X:-" + secret + "}\" -H \"X: $(echo " + secret + ")\"",
		"curl -H 'X: " + secret + "'",
		"curl 'ftp://" + secret + "@api.example.com/'",
		"fetch(`${A}/?key=" + secret + "`)",
		"fetch('https://a.example/', {headers: {Authorization: 'x' + '" + secret + "'}, body: f('" + secret + "'), method: m['" + secret + "']})",
		"fetch('https://a.example/?" + secret + "', {",
		"Invoke-WebRequest -Uri \"$base/" + secret + "\" -Headers @{ A = $x." + "y; B = \"" + secret + "\" }",
		"Invoke-WebRequest -Uri \"https://a.example/" + secret,
	} {
		items, err := ParseString(text)
		said := ""
		if err != nil {
			said = err.Error()
		}
		for i := range items {
			said += strings.Join(items[i].Notes, " ") + items[i].Explanation()
		}
		if strings.Contains(said, secret) {
			t.Errorf("%q says %q", text, said)
		}
	}
}

func FuzzCurlLine(f *testing.F) {
	f.Add("PUT", "/users?a=b'c", "X-Foo", "it's \\ \"quoted\" $HOME `id`", "{\"a\": \"b\\nc\"}\n\x00\xff")
	f.Add("GET", "/", "X-Empty", "", "")
	f.Fuzz(func(t *testing.T, method, path, name, value, body string) {
		u, err := fetch.ParseURL("https://api.example.com/"+path, nil)
		if err != nil || !fetch.IsToken(method) || !fetch.IsToken(name) || fetch.IsForbiddenRequestHeader(name, value) ||
			strings.ContainsAny(value+body, "\x00\r\n") || strings.TrimSpace(value) != value || strings.HasPrefix(method, "-") {
			t.Skip()
		}
		switch strings.ToLower(name) {
		case "accept", "user-agent", "cookie", "origin", "content-type", "access-control-request-method":
			t.Skip()
		}
		if strings.EqualFold(method, "GET") || strings.EqualFold(method, "HEAD") || strings.EqualFold(method, "OPTIONS") {
			body = ""
		}
		m := &fetch.Message{Method: method, URL: u, Headers: []fetch.Header{{Name: name, Value: value}}}
		if body != "" {
			m.Body = []byte(body)
		}
		line := CurlLine(m)
		words, end, err := shellWords(line)
		if err != nil || end != len(line) {
			t.Fatalf("%s: %v, ended at %d", line, err, end)
		}
		items, err := readCurl(words[1:])
		if err != nil || len(items) != 1 {
			t.Fatalf("%s yields %s", line, describe(items, err))
		}
		got := items[0].Request
		if got.Method != method || got.URL != u.Display() || string(got.Body) != body || got.Headers[0].Name != name || got.Headers[0].Value != value {
			t.Errorf("%s yields %s", line, describe(items, nil))
		}
	})
}
