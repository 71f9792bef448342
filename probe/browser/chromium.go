package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/audits"
	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/corscheck/corscheck/probe/browser/scenario"
	"github.com/corscheck/corscheck/probe/fetch"
)

// chromium is driven through the DevTools Protocol.
type chromium struct {
	path    string
	product string
	cancel  []context.CancelFunc
	tab     context.Context

	mu       sync.Mutex
	requests map[network.RequestID]string // to the scenario's prefix
	reports  map[string]*report
	cors     map[string]bool // prefixes whose failure has a console message
	heard    time.Time       // when the last event came
}

func findChromium() (driver, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return &chromium{path: path, requests: map[network.RequestID]string{}, reports: map[string]*report{}, cors: map[string]bool{}}, nil
		}
	}
	return nil, errors.New("no Chromium is installed (tried chromium, chromium-browser, google-chrome)")
}

// quiet keeps the browser from calling home: tests talk to loopback only.
var quiet = []chromedp.ExecAllocatorOption{
	chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
	chromedp.Flag("no-sandbox", true),
	chromedp.Flag("headless", "new"),
	chromedp.Flag("disable-gpu", true),
	chromedp.Flag("disable-quic", true),
	chromedp.Flag("disable-background-networking", true),
	chromedp.Flag("disable-component-update", true),
	chromedp.Flag("disable-sync", true),
	chromedp.Flag("disable-default-apps", true),
	chromedp.Flag("disable-dev-shm-usage", true),
	chromedp.Flag("disable-background-timer-throttling", true),
	chromedp.Flag("disable-renderer-backgrounding", true),
	chromedp.Flag("no-proxy-server", true),
}

func (c *chromium) start(ctx context.Context, page string, set setting) error {
	flags := append([]chromedp.ExecAllocatorOption{chromedp.ExecPath(c.path)}, quiet...)
	flags = append(flags, chromiumPlaces(set.places)...)
	if set.thirdParty != "" {
		profile, err := chromiumProfile(set.thirdParty)
		if err != nil {
			return err
		}
		c.cancel = append(c.cancel, func() { os.RemoveAll(profile) })
		flags = append(flags, chromedp.UserDataDir(profile))
	}
	ctx, cancel := chromedp.NewExecAllocator(ctx, flags...)
	c.cancel = append(c.cancel, cancel)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(c.hear))
	c.cancel = append(c.cancel, cancel)
	got, err := chromedp.CallBrowser(ctx, cdpbrowser.GetVersion, cdp.Empty{})
	if err != nil {
		return err
	}
	c.product, c.tab = got.Product, ctx
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		return err
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		return err
	}
	if _, err := chromedp.Call(ctx, audits.Enable, cdp.Empty{}); err != nil {
		return err
	}
	return chromedp.Do(ctx, chromedp.Navigate(page))
}

// chromiumProfile makes a profile that treats third-party cookies as its owner set it.
func chromiumProfile(thirdParty string) (dir string, err error) {
	if dir, err = os.MkdirTemp("", "corscheck-chromium-"); err != nil {
		return "", err
	}
	mode := 0 // allow
	if thirdParty == "block" {
		mode = 1
	}
	if err := os.Mkdir(filepath.Join(dir, "Default"), 0o700); err != nil {
		return dir, err
	}
	preferences := fmt.Sprintf(`{"profile":{"cookie_controls_mode":%d}}`, mode)
	return dir, os.WriteFile(filepath.Join(dir, "Default", "Preferences"), []byte(preferences), 0o600)
}

// chromiumPlaces are the flags that bring the names of the places to loopback.
func chromiumPlaces(places scenario.Places) []chromedp.ExecAllocatorOption {
	rules := make([]string, 0, len(places))
	for _, name := range places.Names() {
		rules = append(rules, "MAP "+name+" 127.0.0.1")
	}
	var spaces []string
	for _, space := range []fetch.AddressSpace{fetch.SpacePublic, fetch.SpaceLocal} {
		for _, address := range places.Overrides(space) {
			spaces = append(spaces, address+"="+string(space))
		}
	}
	return []chromedp.ExecAllocatorOption{
		chromedp.Flag("host-resolver-rules", strings.Join(rules, ",")),
		chromedp.Flag("ip-address-space-overrides", strings.Join(spaces, ",")),
		chromedp.Flag("ignore-certificate-errors", true),
		// A sandboxed frame in a process of its own would report to a session of its own.
		chromedp.Flag("disable-features", strings.Join(append(away[:len(away):len(away)], "IsolateSandboxedIframes"), ",")),
	}
}

func (c *chromium) forget(context.Context) error {
	_, err := chromedp.Call(c.tab, network.ClearBrowserCookies, cdp.Empty{})
	return err
}

func (c *chromium) version() string {
	_, v, _ := strings.Cut(c.product, "/")
	return "Chromium " + v
}

func (c *chromium) style() style { return style{parallel: 8} }

// hear runs on the protocol's own goroutine and must not wait.
func (c *chromium) hear(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard = time.Now()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if e.Type == network.ResourceTypePreflight || c.requests[e.RequestID] != "" {
			return
		}
		if p := scenario.Prefix(e.Request.URL); p != "" {
			c.requests[e.RequestID] = p
		}
	case *network.EventLoadingFinished:
		delete(c.requests, e.RequestID)
	case *network.EventLoadingFailed:
		c.failed(e)
	case *audits.EventIssueAdded:
		c.refused(e)
	case *log.EventEntryAdded:
		if e.Entry.Source == log.EntrySourceNetwork {
			return // "Failed to load resource": what every failure has
		}
		p := scenario.Prefix(e.Entry.Text)
		if p == "" {
			p = c.requests[e.Entry.NetworkRequestID]
		}
		if p == "" {
			return
		}
		if r := c.report(p); r.console == "" {
			r.console = e.Entry.Text
		}
	}
}

func (c *chromium) failed(e *network.EventLoadingFailed) {
	p := c.requests[e.RequestID]
	if p == "" || e.Type == network.ResourceTypePreflight {
		return
	}
	r := c.report(p)
	switch {
	case e.CorsErrorStatus != nil:
		r.code, r.param = string(e.CorsErrorStatus.CorsError), e.CorsErrorStatus.FailedParameter
		c.cors[p] = true
	case e.BlockedReason == network.BlockedReasonMixedContent:
		r.code = "mixed-content"
	default:
		r.code = e.ErrorText
	}
}

// refused hears of what the page's process refused itself, so that there was no
// request to fail.
func (c *chromium) refused(e *audits.EventIssueAdded) {
	d := e.Issue.Details.CorsIssueDetails
	if d == nil || d.CorsErrorStatus == nil || d.Request == nil {
		return
	}
	switch d.CorsErrorStatus.CorsError {
	case network.CorsErrorDisallowedByMode, network.CorsErrorNoCorsRedirectModeNotFollow:
		if p := scenario.Prefix(d.Request.URL); p != "" && c.report(p).code == "" {
			c.report(p).code = string(d.CorsErrorStatus.CorsError)
		}
	}
}

func (c *chromium) report(prefix string) *report {
	r := c.reports[prefix]
	if r == nil {
		r = new(report)
		c.reports[prefix] = r
	}
	return r
}

func (c *chromium) settle(ctx context.Context, blocked []string) (map[string]report, error) {
	start := time.Now()
	err := poll(ctx, 2*time.Second, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		// Not every failure is reported: nothing more comes after a silence.
		if time.Since(start) > 300*time.Millisecond && time.Since(c.heard) > 300*time.Millisecond {
			return true
		}
		for _, p := range blocked {
			r := c.reports[p]
			if r == nil || r.code == "" || c.cors[p] && r.console == "" {
				return false
			}
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string]report{}
	for _, p := range blocked {
		if r := c.reports[p]; r != nil {
			out[p] = *r
		}
	}
	clear(c.reports)
	clear(c.cors)
	clear(c.requests)
	return out, nil
}

// poll waits until ready, at most as long as patience.
func poll(ctx context.Context, patience time.Duration, ready func() bool) error {
	deadline := time.Now().Add(patience)
	for !ready() && time.Now().Before(deadline) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}

func (c *chromium) stop() {
	for i := len(c.cancel) - 1; i >= 0; i-- {
		c.cancel[i]()
	}
}
