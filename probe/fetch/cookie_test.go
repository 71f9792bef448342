package fetch_test

import (
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
)

// TestThirdPartyCookiesAreAssumed: whether a window lets them through is the user's
// setting, so what Chrome sends is said to be an assumption.
func TestThirdPartyCookiesAreAssumed(t *testing.T) {
	for _, setting := range []fetch.ThirdParty{"", fetch.ThirdPartyBlock} {
		f, err := fetch.New(fetch.Chrome, fetch.Request{URL: "https://api.example.com/", Origin: "https://app.example.org",
			Credentials: fetch.CredentialsInclude, Cookies: []string{"a=1; SameSite=None; Secure"}, ThirdParty: setting})
		if err != nil {
			t.Fatal(err)
		}
		m, _ := f.Next()
		_, sent := m.Get("Cookie")
		if sent != (setting == "") || len(f.Result().Assumptions) != 1 {
			t.Errorf("with %q the cookie is sent: %t, assumed: %q", setting, sent, f.Result().Assumptions)
		}
	}
}

// TestCookies shows which cookies of the jar go along with the request.
func TestCookies(t *testing.T) {
	const crossSite, sameSite = "https://app.example.org", "https://app.example.com"
	for _, tt := range []struct {
		name, origin, url string
		credentials       fetch.CredentialsMode
		cookies           []string
		want              string
		otherwise         map[string]string // what a browser sends instead
	}{
		{name: "SameSite=None; Secure crosses sites", origin: crossSite, cookies: []string{"a=1; SameSite=None; Secure"}, want: "a=1",
			otherwise: map[string]string{"firefox": "", "safari": ""}},
		{name: "without SameSite it is Lax", origin: crossSite, cookies: []string{"a=1"}},
		{name: "Lax stays within the site", origin: sameSite, cookies: []string{"a=1", "b=2; SameSite=Strict"}, want: "a=1; b=2"},
		{name: "None without Secure is refused", origin: crossSite, cookies: []string{"a=1; samesite=none"}},
		{name: "Secure needs https", origin: "http://app.example.com", url: "http://api.example.com/", cookies: []string{"a=1; Secure", "b=2"}, want: "b=2"},
		{name: "Secure is sent to loopback", origin: "http://localhost:3000", url: "http://localhost:8080/", cookies: []string{"a=1; Secure"}, want: "a=1",
			otherwise: map[string]string{"safari": ""}},
		{name: "without credentials none goes", origin: sameSite, credentials: fetch.CredentialsSameOrigin, cookies: []string{"a=1"}},
		{name: "the path must match", origin: sameSite, url: "https://api.example.com/users/1", cookies: []string{"a=1; Path=/users", "b=2; Path=/user", "c=3; Path=/"}, want: "a=1; c=3"},
	} {
		for _, p := range fetch.Profiles() {
			t.Run(tt.name+"/"+p.Name, func(t *testing.T) {
				req := fetch.Request{URL: "https://api.example.com/", Origin: tt.origin, Method: "GET", Credentials: fetch.CredentialsInclude, Cookies: tt.cookies}
				if tt.url != "" {
					req.URL = tt.url
				}
				if tt.credentials != "" {
					req.Credentials = tt.credentials
				}
				f, err := fetch.New(p, req)
				if err != nil {
					t.Fatal(err)
				}
				m, ok := f.Next()
				if !ok {
					t.Fatal("nothing is sent")
				}
				want := tt.want
				if other, ok := tt.otherwise[p.Name]; ok {
					want = other
				}
				if got, _ := m.Get("Cookie"); got != want {
					t.Errorf("Cookie %q, want %q", got, want)
				}
			})
		}
	}
}
