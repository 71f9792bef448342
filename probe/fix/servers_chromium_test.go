package fix_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	cdp "github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// A chromium is a real one with a page on each of two origins. Nothing is sent
// there: the request for the page itself is answered by the test.
type chromium struct {
	mu    sync.Mutex // one fetch() at a time
	pages map[string]context.Context
}

// openChromium starts the browser, or says why it cannot.
func openChromium(t *testing.T) (*chromium, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, err
	}
	allocator, cancel := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("headless", "new"), chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("no-proxy-server", true),
		// A page at a public name may reach loopback: permission was given.
		chromedp.Flag("disable-features", "LocalNetworkAccessChecks"))
	t.Cleanup(cancel)
	root, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(root, chromedp.Navigate("about:blank")); err != nil {
		return nil, err
	}
	c := &chromium{pages: map[string]context.Context{}}
	for _, origin := range []string{app, foreign} {
		page, cancel := chromedp.NewContext(root)
		t.Cleanup(cancel)
		if err := openPage(page, origin); err != nil {
			return nil, fmt.Errorf("a page at %s: %w", origin, err)
		}
		c.pages[origin] = page
	}
	return c, nil
}

// openPage answers the request for the page in the place of its server.
func openPage(page context.Context, origin string) error {
	if err := chromedp.Do(page, chromedp.Navigate("about:blank")); err != nil {
		return err
	}
	err := chromedp.Listen(page, func(event any) {
		if paused, ok := event.(*cdp.EventRequestPaused); ok {
			go chromedp.Call(page, cdp.FulfillRequest, cdp.FulfillRequestParams{
				RequestID: paused.RequestID, ResponseCode: 200,
				ResponseHeaders: []*cdp.HeaderEntry{{Name: "Content-Type", Value: "text/html"}},
				Body:            []byte("<!doctype html><title>page</title>"),
			})
		}
	})
	if err != nil {
		return err
	}
	patterns := []*cdp.RequestPattern{{URLPattern: origin + "/*"}}
	if _, err := chromedp.Call(page, cdp.Enable, cdp.EnableParams{Patterns: patterns}); err != nil {
		return err
	}
	return chromedp.Do(page, chromedp.Navigate(origin+"/"))
}

// fetch runs the request of a failure in the page at that origin. It returns
// the status that script sees, or false where fetch() rejects.
func (c *chromium) fetch(origin, url string, f failure) (int, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	headers := map[string]string{}
	for _, h := range f.headers {
		name, value, _ := strings.Cut(h, ": ")
		headers[name] = value
	}
	init := map[string]any{"method": f.method, "headers": headers, "cache": "no-store"}
	if f.include {
		init["credentials"] = "include"
	}
	arguments, err := json.Marshal([]any{url, init})
	if err != nil {
		return 0, false, err
	}
	script := `fetch(...` + string(arguments) + `).then(async r => { await r.text(); return r.status; }, () => -1)`
	ctx, cancel := context.WithTimeout(c.pages[origin], 20*time.Second)
	defer cancel()
	status, err := chromedp.Run(ctx, chromedp.Evaluate[int](script, chromedp.EvalAwaitPromise))
	return status, status >= 0, err
}
