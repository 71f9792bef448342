package fetch_test

import (
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
)

func TestParseURL(t *testing.T) {
	tests := []struct{ in, base, want string }{
		{"http://example.com", "", "http://example.com/"},
		{"HTTP://Example.COM:80/A/../b?q#f", "", "http://example.com/b?q#f"},
		{`http:\\example.com\a\b`, "", "http://example.com/a/b"},
		{"http:example.com/x", "", "http://example.com/x"},
		{"http:///example.com", "", "http://example.com/"},
		{" \thttp://exa\nmple.com/ ", "", "http://example.com/"},
		{"https://example.com:443/", "", "https://example.com/"},
		{"https://example.com:0443/", "", "https://example.com/"},
		{"http://example.com:99999/", "", ""},
		{"http://example.com:x/", "", ""},
		{"http://", "", ""},
		{"//", "http://a/b", ""},
		{"http://user:pa ss@h/", "", "http://user:pa%20ss@h/"},
		{"http://@h/", "", "http://h/"},
		{"http://a b/", "", ""},
		{"http://0x7f.1/", "", "http://127.0.0.1/"},
		{"http://2130706433/", "", "http://127.0.0.1/"},
		{"http://127.0.0.256/", "", ""},
		{"http://1.2.3.4.5/", "", ""},
		{"http://[::1]:8080/", "", "http://[::1]:8080/"},
		{"http://[0:0:0:0:0:0:0:1]/", "", "http://[::1]/"},
		{"http://[::ffff:127.0.0.1]/", "", "http://[::ffff:7f00:1]/"},
		{"http://[2001:db8:0:1:1:1:1:1]/", "", "http://[2001:db8:0:1:1:1:1:1]/"},
		{"http://[::1%25eth0]/", "", ""},
		{"http://bücher.example/", "", "http://xn--bcher-kva.example/"},
		{"http://%62ücher.example/", "", "http://xn--bcher-kva.example/"},
		{"http://\x86/", "", ""},
		{"http://h/%7Efoo/%2e%2E/x y", "", "http://h/x%20y"},
		{"http://h/a?b'c\"d", "", "http://h/a?b%27c%22d"},
		{"example.com", "", ""},
		{"mailto:x", "", "mailto:x"},
		{"data:text/plain,hi", "", "data:text/plain,hi"},
		{"A:/.//", "", "a:/.//"},
		{"/p?q", "http://h/a/b", "http://h/p?q"},
		{"p", "http://h/a/b?q", "http://h/a/p"},
		{"?q", "http://h/a/b#f", "http://h/a/b?q"},
		{"#f", "http://h/a/b?q", "http://h/a/b?q#f"},
		{"", "http://h/a/b?q", "http://h/a/b?q"},
		{"//other/x", "https://h/a", "https://other/x"},
		{`\\other\x`, "https://h/a", "https://other/x"},
		{"http:x", "http://h/a/b", "http://h/a/x"},
		{"https:x", "http://h/a/b", "https://x/"},
	}
	for _, tt := range tests {
		var base *fetch.URL
		if tt.base != "" {
			base, _ = fetch.ParseURL(tt.base, nil)
		}
		u, err := fetch.ParseURL(tt.in, base)
		switch {
		case err != nil && tt.want != "":
			t.Errorf("%q against %q: %v", tt.in, tt.base, err)
		case err == nil && u.String() != tt.want:
			t.Errorf("%q against %q: got %q, want %q", tt.in, tt.base, u, tt.want)
		}
	}
}

func TestParseOrigin(t *testing.T) {
	tests := []struct{ in, want, err string }{
		{"https://app.example.com", "https://app.example.com", ""},
		{"HTTPS://App.Example.com:443", "https://app.example.com", ""},
		{"http://localhost:3000", "http://localhost:3000", ""},
		{"http://[::1]:80", "http://[::1]", ""},
		{"https://bücher.example", "https://xn--bcher-kva.example", ""},
		{"null", "null", ""},
		{"chrome-extension://abcdef", "chrome-extension://abcdef", ""},
		{"https://app.example.com/", "", "an origin has no trailing slash: write https://app.example.com"},
		{"https://app.example.com/x", "", "an origin has no path: write https://app.example.com"},
		{"https://app.example.com?x", "", "an origin has no query: write https://app.example.com"},
		{"app.example.com", "", "an origin needs a scheme: write https://app.example.com"},
		{"localhost:3000", "", "an origin needs a scheme: write http://localhost:3000"},
		{"127.0.0.1:8080", "", "an origin needs a scheme: write http://127.0.0.1:8080"},
		{"https://u@app.example.com", "", "an origin has no user name: write https://app.example.com"},
		{"https://*.example.com", "", "a page has one exact origin, not a pattern: write it without *"},
		{"data:x", "", "a page at data: has no origin of its own: write null"},
		{"", "", "an origin looks like https://app.example.com"},
		{"x y", "", "an origin looks like https://app.example.com"},
	}
	for _, tt := range tests {
		got, err := fetch.ParseOrigin(tt.in)
		if err == nil && tt.err != "" || err != nil && err.Error() != tt.err || got != tt.want {
			t.Errorf("%q: got %q, %v; want %q, %s", tt.in, got, err, tt.want, tt.err)
		}
	}
}

func TestSameSite(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"https://app.example.com", "https://api.example.com", true},
		{"https://example.com", "https://api.example.com", true},
		{"https://example.com:8443", "https://example.com", true},
		{"http://example.com", "https://example.com", false},
		{"https://a.github.io", "https://b.github.io", false},
		{"https://example.com", "https://badexample.com", false},
		{"http://127.0.0.1:1", "http://127.0.0.1:2", true},
		{"http://127.0.0.1", "http://127.0.0.2", false},
		{"http://localhost:1", "http://localhost:2", true},
		{"https://example.com", "https://api.example.com.", true},
		{"https://www.amazonaws.com", "https://bucket.s3.amazonaws.com", false}, // a site of its own, by the public suffix list
		{"http://a.localhost", "http://localhost", false},
		{"https://example.co.uk", "https://other.co.uk", false},
	}
	for _, tt := range tests {
		a, _ := fetch.ParseURL(tt.a, nil)
		b, _ := fetch.ParseURL(tt.b, nil)
		for range 2 { // the second time from what is known
			if a.SameSite(b) != tt.want || b.SameSite(a) != tt.want {
				t.Errorf("%s and %s: got %v", tt.a, tt.b, !tt.want)
			}
			b := *b
			b.Scheme = "other"
			schemeless := tt.want || a.Host == b.Host
			if a.SchemelesslySameSite(&b) != schemeless || b.SchemelesslySameSite(a) != schemeless {
				t.Errorf("%s and %s without schemes: got %v", tt.a, tt.b, !schemeless)
			}
		}
	}
}
