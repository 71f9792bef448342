package browser_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/corscheck/corscheck/internal/demand"
	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/browser"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/lab"
)

// launch starts a browser, with the same gate as open.
func launch(t *testing.T, o browser.LaunchOptions) *browser.Tabs {
	t.Helper()
	_, missing := browser.FindChromium()
	demand.Here(t, "chromium", missing)
	o.Proxy = "direct://" // whatever the machine's settings say
	if o.Timeout == 0 {
		o.Timeout = 20 * time.Second
	}
	tabs, err := browser.Launch(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tabs.Close)
	t.Logf("%s", tabs.Version())
	return tabs
}

// Chromium and corscheck are of one opinion about every route of the lab: the
// verdict, what script sees, the code and the console's text.
func TestTabsAgreeOnEveryLabRoute(t *testing.T) {
	tabs := launch(t, browser.LaunchOptions{})
	server, err := lab.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	prober, err := probe.New(probe.Options{NoDiagnose: true, Timeout: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer prober.Close()
	start := time.Now()
	for _, route := range lab.Routes() {
		if !route.Request.Initiator.Scripted() {
			continue // the recordings of testdata/verdicts hold the elements to it
		}
		c := server.Check(&route, fetch.Chrome)
		ours := prober.Check(t.Context(), c)
		theirs, err := tabs.Run(t.Context(), &c.Request)
		if err != nil {
			t.Errorf("%s: %v", route.Name, err)
			continue
		}
		for _, d := range theirs.Differences(ours.Fetch) {
			t.Errorf("%s: %s: the browser has %q, corscheck %q", route.Name, d.What, d.Browser, d.Corscheck)
		}
	}
	t.Logf("%d routes in %s", len(lab.Routes()), time.Since(start).Round(time.Millisecond))
}

// A target remembers what it was asked, and lets every origin read it.
type target struct {
	*httptest.Server
	mu   sync.Mutex
	seen []*http.Request
}

func newTarget(t *testing.T) *target {
	x := &target{}
	x.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x.mu.Lock()
		x.seen = append(x.seen, r)
		x.mu.Unlock()
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		h.Set("Access-Control-Allow-Credentials", "true")
		h.Set("Access-Control-Allow-Methods", "PUT")
		h.Set("Access-Control-Allow-Headers", "x-bytes, content-type")
		fmt.Fprint(w, "{}")
	}))
	t.Cleanup(x.Close)
	return x
}

func (x *target) requests() []*http.Request {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := x.seen
	x.seen = nil
	return out
}

// The page has any origin, and nothing is sent to its host.
func TestTabsTakeAnyOrigin(t *testing.T) {
	x := newTarget(t)
	elsewhere := newTarget(t) // the page's own host, which must stay alone
	tabs := launch(t, browser.LaunchOptions{Resolve: []string{"app.example.com:80:" + strings.TrimPrefix(elsewhere.URL, "http://")}})
	for _, origin := range []string{
		"https://app.example.com", "http://app.example.com", "http://localhost:3000", "https://xn--bcher-kva.example:8443", elsewhere.URL, "null",
	} {
		got, err := tabs.Run(t.Context(), &fetch.Request{URL: x.URL + "/x", Origin: origin, Initiator: fetch.InitiatorFetch})
		if err != nil {
			t.Errorf("%s: %v", origin, err)
			continue
		}
		if got.Verdict != fetch.Allowed || got.Status != 200 || got.Type != fetch.TypeCORS {
			t.Errorf("%s: %+v", origin, got)
		}
		for _, r := range x.requests() {
			if r.Header.Get("Origin") != origin {
				t.Errorf("%s: the request says Origin: %q", origin, r.Header.Get("Origin"))
			}
		}
	}
	if n := len(elsewhere.requests()); n != 0 {
		t.Errorf("%d requests reached the page's own host", n)
	}
	var unsupported *browser.Unsupported
	if _, err := tabs.Run(t.Context(), &fetch.Request{URL: x.URL, Origin: "capacitor://localhost"}); !errors.As(err, &unsupported) {
		t.Errorf("capacitor://localhost: %v", err)
	}
}

// What is asked for arrives byte for byte, by fetch() and by XMLHttpRequest.
func TestTabsSendTheRequest(t *testing.T) {
	x := newTarget(t)
	tabs := launch(t, browser.LaunchOptions{})
	q := fetch.Request{
		URL: x.URL + "/x", Origin: "http://127.0.0.1:3000", Page: "http://127.0.0.1:3000/app/", Method: "PUT",
		Headers: []fetch.Header{{Name: "X-Bytes", Value: "caf\xe9"}, {Name: "Content-Type", Value: "application/json"}},
		Body:    []byte(`{"a":"ü"}`), Credentials: fetch.CredentialsInclude, UserAgent: "corscheck-test/1",
		Cookies: []string{"session=topsecret; SameSite=Lax", "other=1; Path=/elsewhere"},
	}
	for _, initiator := range []fetch.Initiator{fetch.InitiatorFetch, fetch.InitiatorXHR, fetch.InitiatorXHRUpload} {
		q.Initiator = initiator
		got, err := tabs.Run(t.Context(), &q)
		if err != nil {
			t.Fatal(err)
		}
		if got.Verdict != fetch.Allowed || got.Status != 200 {
			t.Errorf("%s: %+v", initiator, got)
		}
		seen := x.requests()
		if len(seen) != 2 || seen[0].Method != "OPTIONS" || seen[1].Method != "PUT" {
			t.Fatalf("%s: %d requests", initiator, len(seen))
		}
		put := seen[1]
		if h := put.Header; h.Get("X-Bytes") != "caf\xe9" || h.Get("User-Agent") != "corscheck-test/1" || h.Get("Content-Type") != "application/json" || put.ContentLength != int64(len(q.Body)) {
			t.Errorf("%s: %v", initiator, h)
		}
		if got := put.Header.Get("Cookie"); got != "session=topsecret" {
			t.Errorf("%s: Cookie %q", initiator, got)
		}
	}
}

// A request that leads back to the page's own host arrives there, and so does
// the preflight that it calls for.
func TestTabsLetTheRequestReturn(t *testing.T) {
	x := newTarget(t)
	away := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		w.Header().Set("Access-Control-Allow-Headers", "x-bytes")
		if r.Method != "OPTIONS" {
			http.Redirect(w, r, x.URL+"/x", http.StatusFound)
		}
	}))
	t.Cleanup(away.Close)
	tabs := launch(t, browser.LaunchOptions{})
	for range 5 {
		got, err := tabs.Run(t.Context(), &fetch.Request{URL: away.URL + "/", Origin: x.URL, Headers: []fetch.Header{{Name: "X-Bytes", Value: "1"}}})
		if err != nil {
			t.Fatal(err)
		}
		if got.Verdict != fetch.Allowed {
			t.Errorf("%+v", got)
		}
		seen := x.requests()
		if len(seen) != 2 || seen[0].Method != "OPTIONS" || seen[1].Method != "GET" {
			t.Errorf("%d requests reached the page's own host instead of a preflight and the GET", len(seen))
		}
	}
}

// A cookie that is not meant for other sites stays back.
func TestTabsKeepCookiesWithinTheSite(t *testing.T) {
	x := newTarget(t)
	tabs := launch(t, browser.LaunchOptions{})
	_, err := tabs.Run(t.Context(), &fetch.Request{
		URL: x.URL + "/x", Origin: "https://app.example.com", Credentials: fetch.CredentialsInclude,
		Cookies: []string{"none=1; SameSite=None; Secure", "lax=1; SameSite=Lax", "strict=1; SameSite=Strict"},
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := x.requests()
	if len(seen) != 1 {
		t.Fatalf("%d requests", len(seen))
	}
	if got := seen[0].Header.Get("Cookie"); strings.Contains(got, "lax") || strings.Contains(got, "strict") {
		t.Errorf("Cookie %q", got)
	}
}

// Each request has a profile of its own: neither a preflight nor a cookie of
// one serves another.
func TestTabsForget(t *testing.T) {
	x := newTarget(t)
	tabs := launch(t, browser.LaunchOptions{})
	for range 2 {
		if _, err := tabs.Run(t.Context(), &fetch.Request{URL: x.URL + "/x", Origin: "http://localhost:3000", Method: "PUT"}); err != nil {
			t.Fatal(err)
		}
		if n := len(x.requests()); n != 2 {
			t.Errorf("%d requests instead of a preflight and the PUT", n)
		}
	}
}

// Local Network Access is off unless it is asked for.
func TestTabsJudgeLocalNetworkAccess(t *testing.T) {
	x := newTarget(t)
	tabs := launch(t, browser.LaunchOptions{LocalNetworkAccess: true})
	q := fetch.Request{URL: x.URL + "/x", Origin: "https://app.example.com", PageAddress: fetch.SpacePublic}
	ours := probe.Fetch(t.Context(), q)
	theirs, err := tabs.Run(t.Context(), &q)
	if err != nil {
		t.Fatal(err)
	}
	if theirs.Verdict != fetch.Blocked {
		t.Errorf("%+v", theirs)
	}
	for _, d := range theirs.Differences(ours.Fetch) {
		t.Errorf("%s: the browser has %q, corscheck %q", d.What, d.Browser, d.Corscheck)
	}
}

// TestLaunchOfSomethingElse: a program that is no browser is one clear sentence.
func TestLaunchOfSomethingElse(t *testing.T) {
	for path, want := range map[string]string{
		"/bin/ls":      "it is no Chrome, Chromium or Edge, or ends at once: ",
		"/nonexistent": "cannot start /nonexistent: no such file or directory",
	} {
		if _, err := os.Stat(path); err != nil && path != "/nonexistent" {
			continue
		}
		tabs, err := browser.Launch(t.Context(), browser.LaunchOptions{Path: path})
		if err == nil {
			tabs.Close()
			t.Fatalf("%s starts", path)
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
