package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdpfetch "github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/corscheck/corscheck/probe/browser/scenario"
	"github.com/corscheck/corscheck/probe/fetch"
)

//go:embed tab.js
var tabJS string

// An Unsupported error says why a request cannot be made in a browser.
type Unsupported struct{ Why string }

func (e *Unsupported) Error() string { return e.Why }

// A Sight is what a browser made of a request.
type Sight struct {
	Verdict fetch.Verdict // allowed, blocked or failed
	// Type, Status and Exposed are what script sees where it is allowed; Type is
	// empty where the API does not tell.
	Type    fetch.ResponseType
	Status  int
	Exposed []string
	// Code is what DevTools names the failure, Param its value, Console the
	// message in the console.
	Code, Param, Console string
	// TimedOut says that no answer came in time, so that corscheck gave up.
	TimedOut bool

	cors bool // the failure is one of CORS
}

// Run makes a request in a tab of its own, on a page of the request's origin.
// Cookies go into its jar first; whether they go along to another site is the
// browser's own affair, as its build and its settings have it.
// The navigation to that page is answered here: nothing is sent to its host,
// unless the request itself, or a redirect of it, leads there.
func (t *Tabs) Run(ctx context.Context, q *fetch.Request) (*Sight, error) {
	run, err := newTab(q, t.timeout)
	if err != nil {
		return nil, err
	}
	page, cancel := chromedp.NewContext(t.root, chromedp.WithNewBrowserContext(), chromedp.WithListener(run.hear))
	defer cancel()
	// Room for the start of a tab beside the request itself.
	page, stop := context.WithTimeout(page, t.timeout+30*time.Second)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	run.page = page
	if err := run.open(q); err != nil {
		return nil, err
	}
	return run.fetch(q)
}

// A tab is one request under way.
type tab struct {
	page    context.Context
	timeout time.Duration
	url     string // of the page
	null    bool   // the page's origin is opaque
	cookies []*network.CookieParam

	mu      sync.Mutex
	started bool              // the page is there, and the script runs
	id      network.RequestID // of the request
	failed  *network.EventLoadingFailed
	console string
}

// pageOfNull is where the page with an opaque origin stands: plain http, so that
// no target is mixed content to it. The name is reserved and has no address.
const pageOfNull = "http://sandboxed.corscheck.invalid/"

func newTab(q *fetch.Request, timeout time.Duration) (*tab, error) {
	t := &tab{timeout: timeout, url: q.Origin + "/", null: q.Origin == "null"}
	switch {
	case t.null:
		t.url = pageOfNull
	case strings.HasPrefix(q.Page, q.Origin+"/"):
		t.url = q.Page
	}
	if !strings.HasPrefix(t.url, "http://") && !strings.HasPrefix(t.url, "https://") {
		return nil, &Unsupported{fmt.Sprintf("a page at %s cannot be opened in a browser", q.Origin)}
	}
	switch q.Initiator {
	case "", fetch.InitiatorFetch, fetch.InitiatorXHR, fetch.InitiatorXHRUpload:
	default:
		return nil, &Unsupported{fmt.Sprintf("requests of %s are not made in the browser, only those of fetch and xhr", q.Initiator)}
	}
	var err error
	t.cookies, err = cookieParams(q)
	return t, err
}

// open prepares the tab and shows the page.
func (t *tab) open(q *fetch.Request) error {
	if _, err := chromedp.Call(t.page, network.Enable, network.EnableParams{}); err != nil {
		return err
	}
	if _, err := chromedp.Call(t.page, log.Enable, cdp.Empty{}); err != nil {
		return err
	}
	if q.UserAgent != "" {
		if _, err := chromedp.Call(t.page, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: q.UserAgent}); err != nil {
			return err
		}
	}
	if len(t.cookies) > 0 {
		if _, err := chromedp.Call(t.page, network.SetCookies, network.SetCookiesParams{Cookies: t.cookies}); err != nil {
			return fmt.Errorf("the browser refuses the cookie: %w", err)
		}
	}
	origin := q.Origin
	if t.null {
		origin = strings.TrimSuffix(pageOfNull, "/")
	}
	patterns := []*cdpfetch.RequestPattern{{URLPattern: origin + "/*"}}
	if _, err := chromedp.Call(t.page, cdpfetch.Enable, cdpfetch.EnableParams{Patterns: patterns}); err != nil {
		return err
	}
	if err := chromedp.Do(t.page, chromedp.Navigate(t.url)); err != nil {
		return fmt.Errorf("the page at %s does not open: %w", origin, err)
	}
	is, err := chromedp.Run(t.page, chromedp.Evaluate[string]("self.origin"))
	if err != nil {
		return err
	}
	if is != q.Origin {
		return &Unsupported{fmt.Sprintf("the browser makes %s of the origin %s", is, q.Origin)}
	}
	return nil
}

// hear runs on the protocol's own goroutine and must not wait.
func (t *tab) hear(event any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := event.(type) {
	case *cdpfetch.EventRequestPaused:
		go t.answer(e, t.started && fetches(e.ResourceType))
	case *network.EventRequestWillBeSent:
		if t.started && t.id == "" && fetches(e.Type) && e.Type != network.ResourceTypePreflight {
			t.id = e.RequestID
		}
	case *network.EventLoadingFailed:
		if t.id != "" && e.RequestID == t.id {
			t.failed = e
		}
	case *log.EventEntryAdded:
		// "Failed to load resource" is what every failure has. Nothing but the
		// request makes this page print.
		if t.started && t.console == "" && e.Entry.Source != log.EntrySourceNetwork {
			t.console = e.Entry.Text
		}
	}
}

// fetches tells the request under check, with its preflights and redirects, by
// its type: nothing else on the page is of one of these. Its ID would not do,
// since a request may be paused before the event that tells the ID arrives.
func fetches(t network.ResourceType) bool {
	switch t {
	case network.ResourceTypeFetch, network.ResourceTypeXHR, network.ResourceTypePreflight:
		return true
	}
	return false
}

// answer decides about a request to the page's own host: the page itself is
// served, the request under check goes on its way, everything else fails.
func (t *tab) answer(e *cdpfetch.EventRequestPaused, own bool) {
	// An error is a tab that was closed.
	switch {
	case own:
		_, _ = chromedp.Call(t.page, cdpfetch.ContinueRequest, cdpfetch.ContinueRequestParams{RequestID: e.RequestID})
	case e.ResourceType == network.ResourceTypeDocument:
		headers := []*cdpfetch.HeaderEntry{{Name: "Content-Type", Value: "text/html; charset=utf-8"}}
		if t.null {
			headers = append(headers, &cdpfetch.HeaderEntry{Name: "Content-Security-Policy", Value: "sandbox allow-scripts"})
		}
		_, _ = chromedp.Call(t.page, cdpfetch.FulfillRequest, cdpfetch.FulfillRequestParams{
			RequestID: e.RequestID, ResponseCode: 200, ResponseHeaders: headers,
			Body: []byte(`<!doctype html><title>corscheck</title><link rel="icon" href="data:,">`),
		})
	default:
		_, _ = chromedp.Call(t.page, cdpfetch.FailRequest, cdpfetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: network.ErrorReasonBlockedByClient})
	}
}

// asked is the request as the page's script takes it.
type asked struct {
	URL         string      `json:"url"`
	Method      string      `json:"method"`
	Headers     [][2]string `json:"headers"`
	Body        *[]byte     `json:"body"` // base64
	Credentials string      `json:"credentials"`
	Redirect    string      `json:"redirect"`
	Mode        string      `json:"mode"`
	Initiator   string      `json:"initiator"`
	Timeout     int64       `json:"timeout"`
}

func (t *tab) script(q *fetch.Request) (string, error) {
	a := asked{
		URL: q.URL, Method: orElse(q.Method, "GET"), Headers: [][2]string{},
		Credentials: orElse(string(q.Credentials), "same-origin"), Redirect: orElse(string(q.Redirect), "follow"),
		Mode: orElse(string(q.Mode), "cors"), Initiator: orElse(string(q.Initiator), "fetch"),
		Timeout: t.timeout.Milliseconds(),
	}
	for _, h := range q.Headers {
		a.Headers = append(a.Headers, [2]string{h.Name, scenario.Latin1(h.Value)})
	}
	if q.Body != nil {
		a.Body = &q.Body
	}
	text, err := json.Marshal(a)
	return "(" + tabJS + ")(" + string(text) + ")", err
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// fetch runs the request and gathers what the browser says about it.
func (t *tab) fetch(q *fetch.Request) (*Sight, error) {
	script, err := t.script(q)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	t.started = true
	t.mu.Unlock()
	type seen struct {
		Allowed bool     `json:"allowed"`
		Timeout bool     `json:"timeout"`
		Type    string   `json:"type"`
		Status  int      `json:"status"`
		Exposed []string `json:"exposed"`
		Error   string   `json:"error"`
	}
	got, err := chromedp.Run(t.page, chromedp.Evaluate[seen](script, chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, err
	}
	if got.Allowed {
		return &Sight{Verdict: fetch.Allowed, Type: fetch.ResponseType(got.Type), Status: got.Status, Exposed: sorted(got.Exposed)}, nil
	}
	if got.Timeout {
		return &Sight{Verdict: fetch.Failed, TimedOut: true}, nil
	}
	if err := t.settle(); err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed == nil {
		return nil, errors.New("the browser does not say why the request fails: " + got.Error)
	}
	return t.sight(), nil
}

// settle waits until the browser has said what it has to say about a failure.
func (t *tab) settle() error {
	return poll(t.page, 5*time.Second, func() bool {
		t.mu.Lock()
		defer t.mu.Unlock()
		return t.failed != nil && (t.failed.CorsErrorStatus == nil || t.console != "")
	})
}
