package fix_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	cdp "github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/runtime"
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
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-features", "LocalNetworkAccessChecks"))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	root, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Run(root); err != nil {
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

func openPage(page context.Context, origin string) error {
	chromedp.ListenTarget(page, func(event any) {
		paused, ok := event.(*cdp.EventRequestPaused)
		if !ok {
			return
		}
		go chromedp.Run(page, cdp.FulfillRequest(paused.RequestID, 200).
			WithResponseHeaders([]*cdp.HeaderEntry{{Name: "Content-Type", Value: "text/html"}}).
			WithBody(base64.StdEncoding.EncodeToString([]byte("<!doctype html><title>page</title>"))))
	})
	pattern := &cdp.RequestPattern{URLPattern: origin + "/*"}
	return chromedp.Run(page, cdp.Enable().WithPatterns([]*cdp.RequestPattern{pattern}), chromedp.Navigate(origin+"/"))
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
	var status int
	err = chromedp.Run(ctx, chromedp.Evaluate(script, &status, func(p *runtime.EvaluateParams) *runtime.EvaluateParams {
		return p.WithAwaitPromise(true)
	}))
	return status, status >= 0, err
}
