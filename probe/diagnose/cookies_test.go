package diagnose

import (
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// TestCookiesAreWorthWhatTheJarSays: what is said of a cookie differs by browser,
// names the attribute, and never holds the value.
func TestCookiesAreWorthWhatTheJarSays(t *testing.T) {
	const far, near = "https://app.example.org", "https://app.example.com"
	for _, tt := range []struct {
		name, url, origin, line string
		chrome, firefox, safari string // parts of the detail; empty is no finding
	}{
		{"no SameSite", "https://api.example.com/", far, "id=secret", "no SameSite, which counts as Lax. Write SameSite=None; Secure.", "", "Safari blocks third-party cookies. No attribute"},
		{"Strict", "https://api.example.com/", far, "id=secret; SameSite=Strict", "SameSite=Strict", "SameSite=Strict", "blocks third-party cookies"},
		{"made for other sites", "https://api.example.com/", far, "id=secret; SameSite=None; Secure", "", "", "blocks third-party cookies"},
		{"one site", "https://api.example.com/", near, "id=secret; SameSite=Strict", "", "", ""},
		{"its own path", "https://api.example.com/login", near, "id=secret; Path=/account", "", "", ""},
		{"another domain", "https://api.example.com/", near, "id=secret; Domain=example.org", "Domain is example.org. Leave Domain out.", "Leave Domain out.", "Leave Domain out."},
		{"Secure over http", "http://api.example.com/", "http://app.example.com", "id=secret; Secure", "Use https, and write SameSite=None; Secure.", "Use https.", "Use https."},
		{"None without Secure over http", "http://api.example.com/", "http://app.example.com", "id=secret; SameSite=None", "SameSite=Lax instead", "SameSite=Lax instead", ""},
		{"two schemes", "https://api.example.com/", "http://app.example.com", "id=secret", "http and https are different sites", "", ""},
		{"a prefix", "https://api.example.com/", near, "__Host-id=secret; Secure; Domain=example.com; Path=/", "Leave Domain out.", "Leave Domain out.", ""},
		{"deleted", "https://api.example.com/", far, "id=; Max-Age=0", "", "", ""},
		{"no name", "https://api.example.com/", far, "secret", "the cookie without a name", "", "blocks third-party cookies"},
	} {
		for _, p := range fetch.Profiles() {
			want := map[string]string{"chrome": tt.chrome, "firefox": tt.firefox, "safari": tt.safari}[p.Name]
			res := judge(p, fetch.Request{URL: tt.url, Origin: tt.origin, Credentials: fetch.CredentialsInclude}, &fetch.Response{Status: 200, Headers: []fetch.Header{
				{Name: "Access-Control-Allow-Origin", Value: tt.origin}, {Name: "Access-Control-Allow-Credentials", Value: "true"}, {Name: "Set-Cookie", Value: tt.line},
			}})
			detail := ""
			for _, f := range Run(t.Context(), Case{Result: res}, nil) {
				if f.ID == finding.CookieNotSent {
					detail = f.Detail
				}
			}
			if (detail == "") != (want == "") || !strings.Contains(detail, want) || strings.Contains(detail, "secret") {
				t.Errorf("%s in %s: %q, want %q", tt.name, p.Name, detail, want)
			}
		}
	}
}
