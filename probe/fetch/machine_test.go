package fetch_test

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

const page, target = "https://app.example.com", "https://api.example.com/users"

func allow(more ...fetch.Header) *fetch.Response {
	return &fetch.Response{Status: 200, Headers: append([]fetch.Header{
		{Name: "Access-Control-Allow-Origin", Value: page},
	}, more...)}
}

// judge steps a fetch with answers in order; the last one repeats.
func judge(t *testing.T, p *fetch.Profile, req fetch.Request, answers ...*fetch.Response) *fetch.Result {
	t.Helper()
	f, err := fetch.New(p, req)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		if _, ok := f.Next(); !ok {
			return f.Result()
		}
		f.Receive(answers[min(i, len(answers)-1)])
	}
}

func TestWhatFetchThrowsFor(t *testing.T) {
	tests := []struct {
		req  fetch.Request
		want string
	}{
		{fetch.Request{URL: "nonsense"}, "not a valid URL"},
		{fetch.Request{URL: "https://u:p@h/"}, "user name or password"},
		{fetch.Request{URL: "ftp://h/"}, "ftp:"},
		{fetch.Request{URL: target, Method: "GE T"}, "not a token"},
		{fetch.Request{URL: target, Method: "trace"}, "forbidden"},
		{fetch.Request{URL: target, Method: "get", Body: []byte("x")}, "with a body"},
		{fetch.Request{URL: target, Method: "PUT", Mode: fetch.ModeNoCORS}, "no-cors"},
		{fetch.Request{URL: target, Headers: []fetch.Header{{Name: "a b", Value: "1"}}}, "not a token"},
		{fetch.Request{URL: target, Headers: []fetch.Header{{Name: "x", Value: "1\r\n2"}}}, "line end"},
		{fetch.Request{URL: target, Redirect: "folow"}, "has the redirect mode follow or error or manual, not folow"},
		{fetch.Request{URL: target, Redirect: fetch.RedirectManual, Initiator: fetch.InitiatorXHR}, "has the redirect mode follow, not manual"},
		{fetch.Request{URL: target, Initiator: "iframe"}, `"iframe" makes no requests`},
	}
	for _, tt := range tests {
		tt.req.Origin = page
		_, err := fetch.New(fetch.Chrome, tt.req)
		var thrown *fetch.RequestError
		if !errors.As(err, &thrown) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: got %v, want %s", tt.req, err, tt.want)
		}
	}
}

func TestWhatIsSentNowhere(t *testing.T) {
	tests := []struct {
		name string
		p    *fetch.Profile
		req  fetch.Request
		rule *fetch.Rule
	}{
		{"bad port", fetch.Chrome, fetch.Request{URL: "http://h:6000/", Origin: "http://h"}, fetch.RuleBadPort},
		{"mixed content", fetch.Chrome, fetch.Request{URL: "http://api.example.com/", Origin: page}, fetch.RuleMixedContent},
		{"loopback is mixed content in Safari", fetch.Safari, fetch.Request{URL: "http://127.0.0.1/", Origin: page}, fetch.RuleMixedContent},
		{"mode same-origin", fetch.Firefox, fetch.Request{URL: target, Origin: page, Mode: fetch.ModeSameOrigin}, fetch.RuleMode},
		{"mode no-cors without follow", fetch.Chrome, fetch.Request{URL: target, Origin: page, Mode: fetch.ModeNoCORS, Redirect: fetch.RedirectError}, fetch.RuleNoCORSRedirect},
	}
	for _, tt := range tests {
		f, err := fetch.New(tt.p, tt.req)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if m, ok := f.Next(); ok {
			t.Errorf("%s: sends %s %s", tt.name, m.Method, m.URL)
			continue
		}
		if r := f.Result(); r.Verdict != fetch.Blocked || r.Failing.Rule != tt.rule {
			t.Errorf("%s: %s, %+v", tt.name, r.Verdict, r.Failing)
		}
	}
	r := judge(t, fetch.Chrome, fetch.Request{URL: "http://127.0.0.1/", Origin: page}, allow())
	if r.Verdict != fetch.Allowed {
		t.Errorf("loopback is no mixed content in Chrome: %s", r.Verdict)
	}
}

func TestPreflightStopsThere(t *testing.T) {
	r := judge(t, fetch.Chrome, fetch.Request{URL: target, Origin: page, Method: "DELETE"},
		allow(fetch.Header{Name: "Access-Control-Allow-Methods", Value: "delete"}))
	if len(r.Exchanges) != 1 || r.Verdict != fetch.Blocked || r.Reason().Param != "DELETE" {
		t.Errorf("%d exchanges, %s, %+v", len(r.Exchanges), r.Verdict, r.Reason())
	}
}

func TestPreflightOnly(t *testing.T) {
	req := fetch.Request{URL: target, Origin: page, Method: "PUT", PreflightOnly: true}
	r := judge(t, fetch.Chrome, req, allow(fetch.Header{Name: "Access-Control-Allow-Methods", Value: "PUT"}))
	if r.Verdict != fetch.Allowed || len(r.Exchanges) != 1 {
		t.Errorf("%s after %d exchanges", r.Verdict, len(r.Exchanges))
	}
	req.Method = "GET"
	if r := judge(t, fetch.Chrome, req, allow()); r.Verdict != fetch.Undecided || len(r.Exchanges) != 0 {
		t.Errorf("without a preflight: %s after %d exchanges", r.Verdict, len(r.Exchanges))
	}
}

func TestWithhold(t *testing.T) {
	f, _ := fetch.New(fetch.Chrome, fetch.Request{URL: target, Origin: page, Method: "POST"})
	f.Next()
	f.Withhold()
	if r := f.Result(); r.Verdict != fetch.Undecided || !r.Exchanges[0].NotSent || r.Reason() != nil {
		t.Errorf("%s, %+v", r.Verdict, r.Exchanges)
	}
}

func TestNetworkFailure(t *testing.T) {
	f, _ := fetch.New(fetch.Chrome, fetch.Request{URL: target, Origin: page})
	f.Next()
	f.Fail(&fetch.Failure{Kind: fetch.FailRefused, Detail: "connection refused", Code: "net::ERR_CONNECTION_REFUSED"})
	r := f.Result()
	if r.Verdict != fetch.Failed || r.Reason().Code != "net::ERR_CONNECTION_REFUSED" || r.Reason().Console != "" {
		t.Errorf("%s, %+v", r.Verdict, r.Reason())
	}
}

func TestNullOrigin(t *testing.T) {
	r := judge(t, fetch.Chrome, fetch.Request{URL: target, Origin: "null", Credentials: fetch.CredentialsInclude},
		&fetch.Response{Status: 200, Headers: []fetch.Header{
			{Name: "Access-Control-Allow-Origin", Value: "null"}, {Name: "Access-Control-Allow-Credentials", Value: "true"},
		}})
	if r.Verdict != fetch.Allowed || r.Type != fetch.TypeCORS {
		t.Errorf("%s %s", r.Verdict, r.Type)
	}
	if origin, _ := r.Exchanges[0].Message.Get("Origin"); origin != "null" {
		t.Errorf("Origin %q", origin)
	}
}

func TestOpaqueResponse(t *testing.T) {
	r := judge(t, fetch.Chrome, fetch.Request{URL: target, Origin: page, Mode: fetch.ModeNoCORS,
		Headers: []fetch.Header{{Name: "X-Foo", Value: "1"}}}, &fetch.Response{Status: 200})
	if r.Verdict != fetch.Allowed || r.Type != fetch.TypeOpaque || r.Status != 0 || len(r.Exposed) != 0 || len(r.Dropped) != 1 {
		t.Errorf("%+v", r)
	}
}

func TestLocalNetworkAccess(t *testing.T) {
	answer := allow()
	answer.Address = netip.MustParseAddr("192.168.1.2")
	req := fetch.Request{URL: target, Origin: page, PageAddress: fetch.SpacePublic}
	r := judge(t, fetch.Chrome, req, answer)
	if r.Verdict != fetch.Blocked || r.Reason().Code != "LocalNetworkAccessPermissionDenied" {
		t.Errorf("%s, %+v", r.Verdict, r.Reason())
	}
	for _, space := range []fetch.AddressSpace{"", fetch.SpaceLocal, fetch.SpaceLoopback} {
		req.PageAddress = space
		if r := judge(t, fetch.Chrome, req, answer); r.Verdict != fetch.Allowed {
			t.Errorf("from %q: %s", space, r.Verdict)
		}
	}
}

func TestSpaceOf(t *testing.T) {
	for addr, want := range map[string]fetch.AddressSpace{
		"8.8.8.8": "public", "127.1.2.3": "loopback", "::1": "loopback", "0.0.0.0": "loopback", "10.0.0.1": "local",
		"100.64.0.1": "local", "169.254.1.1": "local", "fd00::1": "local", "fe80::1": "local", "::ffff:10.0.0.1": "local",
		"2606:4700::1": "public",
	} {
		if got := fetch.SpaceOf(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: got %s, want %s", addr, got, want)
		}
	}
}

func TestMaxAge(t *testing.T) {
	tests := []struct {
		value                             string
		present                           bool
		chrome, firefox, safari, standard int
	}{
		{"", false, 5, 5, 5, 5},
		{"", true, 5, 5, 5, 5},
		{"0", true, 0, 0, 0, 0},
		{"600", true, 600, 600, 600, 600},
		{"86400", true, 7200, 86400, 600, 86400},
		{"1000000", true, 7200, 86400, 600, 1000000},
		{"-1", true, 0, 0, 0, 5},
		{"+60", true, 60, 0, 60, 5},
		{"abc", true, 5, 0, 5, 5},
		{"1.5", true, 5, 0, 5, 5},
		{"60, 60", true, 5, 0, 5, 5},
	}
	for _, tt := range tests {
		for p, want := range map[*fetch.Profile]int{
			fetch.Chrome: tt.chrome, fetch.Firefox: tt.firefox, fetch.Safari: tt.safari, fetch.Standard: tt.standard,
		} {
			if got := p.MaxAge(tt.value, tt.present); got != want {
				t.Errorf("%s %q: got %d, want %d", p.Name, tt.value, got, want)
			}
		}
	}
}

func TestPreflightBecause(t *testing.T) {
	long := strings.Repeat("a", 129)
	tests := []struct {
		method, name, value string
		want                []string // in Chrome
	}{
		{"GET", "Accept", "*/*", nil},
		{"GET", "Accept", "x:y", []string{"header accept"}},
		{"GET", "Accept", long, []string{"header accept"}},
		{"GET", "Accept-Language", "en-US,en;q=0.9", nil},
		{"GET", "Accept-Language", "en_US", []string{"header accept-language"}},
		{"GET", "Content-Type", "text/plain;charset=utf-8", nil},
		{"GET", "Content-Type", "Text/Plain", nil},
		{"GET", "Content-Type", "application/json", []string{"header content-type"}},
		{"GET", "Content-Type", "text/plain, x/x", []string{"header content-type"}},
		{"GET", "Content-Type", "", []string{"header content-type"}},
		{"GET", "Range", "bytes=0-9", nil},
		{"GET", "Range", "bytes=-9", []string{"header range"}},
		{"GET", "Range", "bytes=9-0", []string{"header range"}},
		{"GET", "DPR", "2.0", nil},
		{"GET", "X-Foo", "1", []string{"header x-foo"}},
		{"GET", "Cookie", "a=b", nil},
		{"GET", "Sec-Foo", "1", nil},
		{"GET", "X-HTTP-Method-Override", "PUT", []string{"header x-http-method-override"}},
		{"GET", "X-HTTP-Method-Override", "GET, trace", nil},
		{"put", "Accept", "*/*", []string{"method PUT"}},
		{"patch", "X-A", "1", []string{"method patch", "header x-a"}},
	}
	for _, tt := range tests {
		f, err := fetch.New(fetch.Chrome, fetch.Request{URL: target, Origin: page, Method: tt.method,
			Headers: []fetch.Header{{Name: tt.name, Value: tt.value}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Result().Because(); !slices.Equal(got, tt.want) {
			t.Errorf("%s %s: %.20s: got %q, want %q", tt.method, tt.name, tt.value, got, tt.want)
		}
	}
}

// TestHeadersOfSchemes: what Referer and Accept-Encoding are, by the schemes of
// the page and of the target, as measured with Chromium 156, Firefox ESR 153 and
// WebKitGTK 2.50. The recorded scenarios all run on http on one machine.
func TestHeadersOfSchemes(t *testing.T) {
	const all, old = "gzip, deflate, br, zstd", "gzip, deflate"
	both := []*fetch.Profile{fetch.Chrome, fetch.Firefox}
	webkit := []*fetch.Profile{fetch.Safari}
	for _, test := range []struct {
		profiles                          []*fetch.Profile
		origin, target, referer, encoding string
	}{
		{both, "http://127.0.0.1:3000", "http://127.0.0.1:8000/", "http://127.0.0.1:3000/", all},
		{both, "http://127.0.0.1:3000", "http://api.example.com/", "http://127.0.0.1:3000/", old},
		{both, "http://app.example.com", "http://127.0.0.1:8000/", "http://app.example.com/", all},
		{both, "http://app.example.com", "http://api.example.com/", "http://app.example.com/", old},
		{both, "http://app.example.com", "https://api.example.com/", "http://app.example.com/", all},
		{both, "https://app.example.com", "https://api.example.com/", "https://app.example.com/", all},
		{both, "https://app.example.com", "http://127.0.0.1:8000/", "", all},
		{webkit, "http://127.0.0.1:3000", "http://localhost:8000/", "http://127.0.0.1:3000/", old},
		{webkit, "https://localhost:3000", "https://127.0.0.1:8000/", "https://localhost:3000/", "gzip, deflate, br"},
	} {
		for _, profile := range test.profiles {
			for _, method := range []string{"GET", "PUT"} { // the latter's first message is its preflight
				f, err := fetch.New(profile, fetch.Request{URL: test.target, Origin: test.origin, Method: method})
				if err != nil {
					t.Fatal(err)
				}
				m, ok := f.Next()
				if !ok {
					t.Fatalf("%s: %s from %s sends nothing", profile.Name, test.target, test.origin)
				}
				referer, _ := m.Get("Referer")
				encoding, _ := m.Get("Accept-Encoding")
				if referer != test.referer || encoding != test.encoding {
					t.Errorf("%s, %s %s from %s: Referer %q, Accept-Encoding %q; want %q, %q", profile.Name, method, test.target, test.origin, referer, encoding, test.referer, test.encoding)
				}
			}
		}
	}
}

// TestLargeStatus: as Chromium 156 shows it to script.
func TestLargeStatus(t *testing.T) {
	resp := allow()
	resp.Status = 99999
	if r := judge(t, fetch.Chrome, fetch.Request{URL: target, Origin: page}, resp); r.Status != 34463 {
		t.Errorf("script sees the status %d, want 34463", r.Status)
	}
}

// TestClientCertificate: what goes along with each message, as measured with
// Chromium 156 on a server that asks for a certificate.
func TestClientCertificate(t *testing.T) {
	for _, test := range []struct {
		profile *fetch.Profile
		mode    fetch.CredentialsMode
		want    []bool // of the preflight and of the request
	}{
		{fetch.Chrome, fetch.CredentialsOmit, []bool{true, true}},
		{fetch.Chrome, fetch.CredentialsSameOrigin, []bool{true, true}},
		{fetch.Chrome, fetch.CredentialsInclude, []bool{true, true}},
		{fetch.Firefox, fetch.CredentialsSameOrigin, []bool{false, false}},
		{fetch.Firefox, fetch.CredentialsInclude, []bool{false, true}},
	} {
		answer := allow(fetch.Header{Name: "Access-Control-Allow-Methods", Value: "PUT"}, fetch.Header{Name: "Access-Control-Allow-Credentials", Value: "true"})
		r := judge(t, test.profile, fetch.Request{URL: target, Origin: page, Method: "PUT", Credentials: test.mode}, answer)
		var got []bool
		for _, x := range r.Exchanges {
			got = append(got, x.Message.ClientCertificate)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s, %s: %v, want %v", test.profile.Name, test.mode, got, test.want)
		}
	}
}

// TestCacheGoesByNow: how fresh a redirect without a Date is follows from when the
// request is made.
func TestCacheGoesByNow(t *testing.T) {
	circle := &fetch.Response{Status: 302, Headers: []fetch.Header{
		{Name: "Access-Control-Allow-Origin", Value: "*"}, {Name: "Location", Value: target},
		{Name: "Expires", Value: "Thu, 01 Jan 2032 00:00:00 GMT"},
	}}
	for _, tt := range []struct {
		now  time.Time
		sent int
	}{
		{time.Time{}, 21},
		{time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC), 1},
		{time.Date(2033, 1, 1, 0, 0, 0, 0, time.UTC), 21},
	} {
		r := judge(t, fetch.Chrome, fetch.Request{URL: target, Origin: page, Now: tt.now}, circle)
		sent := 0
		for i := range r.Exchanges {
			if !r.Exchanges[i].FromCache {
				sent++
			}
		}
		if sent != tt.sent {
			t.Errorf("at %v: %d messages, want %d", tt.now, sent, tt.sent)
		}
	}
}

// Each reason for which a header is dropped is said of those it holds for.
func TestWhyHeadersAreDropped(t *testing.T) {
	headers := []fetch.Header{{Name: "Cookie", Value: "a=b"}, {Name: "X-Foo", Value: "1"}, {Name: "User-Agent", Value: "me"}, {Name: "Accept", Value: "text/plain"}}
	for _, test := range []struct {
		browser *fetch.Profile
		mode    fetch.Mode
		want    []fetch.DropReason
	}{
		{fetch.Chrome, fetch.ModeCORS, []fetch.DropReason{fetch.DroppedForbidden, fetch.DroppedByBrowser}},
		{fetch.Firefox, fetch.ModeCORS, []fetch.DropReason{fetch.DroppedForbidden}},
		{fetch.Chrome, fetch.ModeNoCORS, []fetch.DropReason{fetch.DroppedForbidden, fetch.DroppedNotSafelisted, fetch.DroppedNotSafelisted}},
	} {
		f, err := fetch.New(test.browser, fetch.Request{URL: "https://api.example/", Origin: "https://app.example", Mode: test.mode, Headers: headers})
		if err != nil {
			t.Fatal(err)
		}
		var got []fetch.DropReason
		for _, h := range f.Result().Dropped {
			got = append(got, h.Why)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s, mode %s: %q, want %q", test.browser.Name, test.mode, got, test.want)
		}
	}
}

// What Safari calls a local resource is a file or a blob.
func TestRedirectToLocalResource(t *testing.T) {
	for _, scheme := range []string{"file:", "blob:"} {
		r := judge(t, fetch.Safari, fetch.Request{URL: page + "/a", Origin: page},
			&fetch.Response{Status: 302, Headers: []fetch.Header{{Name: "Location", Value: scheme + "///x"}}})
		if r.Failing == nil || r.Failing.Rule != fetch.RuleRedirectLocal {
			t.Errorf("%s: %+v", scheme, r.Failing)
			continue
		}
		if got, want := r.Failing.Detail(), "a redirect to "+scheme+" leads to a local resource"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if got, want := r.Reason().Explanation, "The response redirects to a "+scheme+" URL, which is a local resource, where no request of a page may go."; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A step says where its rule stands, whichever standard that is.
func TestSectionsAreURLs(t *testing.T) {
	for rule, want := range map[*fetch.Rule]string{
		fetch.RuleAllowOriginPresent: "https://fetch.spec.whatwg.org/#concept-cors-check",
		fetch.RuleEventStream:        "https://html.spec.whatwg.org/#dom-eventsource",
	} {
		if got := (fetch.Step{Rule: rule}).Section(); got != want {
			t.Errorf("%s: %q, want %q", rule.Name, got, want)
		}
	}
}
