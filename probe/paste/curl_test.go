package paste

import (
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"
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

// FuzzShellWords: a command whose words are quoted for a shell is read back to
// its words.
func FuzzShellWords(f *testing.F) {
	f.Add("-X", "it's \\ \"quoted\" $HOME `id`", "{\"a\": \"b\\nc\"}\n\xff", "")
	f.Add("https://a.example/?a=1&b=2#c", "-H", "x: \u00e9\U0001f4a9", "\x7f\x1b")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		line := "curl"
		want := []string{"curl", a, b, c, d}
		for _, word := range want[1:] {
			quoted, err := syntax.Quote(word, syntax.LangBash)
			if err != nil {
				t.Skip()
			}
			line += " " + quoted
		}
		if expansions(line) > maxExpansions {
			t.Skip()
		}
		words, end, err := shellWords(line)
		if err != nil || end != len(line) || len(words) != len(want) {
			t.Fatalf("%q: %v words, ended at %d of %d, %v", line, words, end, len(line), err)
		}
		for i, w := range words {
			if w.text != want[i] || w.live != "" {
				t.Errorf("%q: word %d is %q, want %q", line, i, w.text, want[i])
			}
		}
	})
}
