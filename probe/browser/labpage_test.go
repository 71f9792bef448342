package browser

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/corscheck/corscheck/internal/demand"
	"github.com/corscheck/corscheck/probe/lab"
)

func startLab(t *testing.T) (server *lab.Server, runnable int) {
	t.Helper()
	server, err := lab.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	for _, d := range server.Describe() {
		if d.Runnable {
			runnable++
		}
	}
	return server, runnable
}

// The browser that a route ran in does what the page predicts for it.
func checkLab(t *testing.T, text func(script string) string, runnable int, chosen string) {
	t.Helper()
	if got := text(`document.getElementById("browser").value`); got != chosen {
		t.Errorf("the page takes the browser for %q", got)
	}
	if done := text(`document.body.dataset.done`); done != strconv.Itoa(runnable) {
		t.Errorf("%s routes of %d ran", done, runnable)
	}
	if wrong := text(`document.body.dataset.wrong`); wrong != "" {
		t.Errorf("not as predicted: %s", wrong)
	}
}

func TestLabPageInFirefox(t *testing.T) {
	demand.Here(t, "firefox", Installed("firefox"))
	server, runnable := startLab(t)
	d, err := findFirefox()
	if err != nil {
		t.Fatal(err)
	}
	f := d.(*firefox)
	t.Cleanup(f.stop)
	if err := f.start(t.Context(), server.Origins.Page+"/", setting{}); err != nil {
		t.Fatal(err)
	}
	if err := f.m.call("Marionette:SetContext", map[string]any{"value": "content"}, nil); err != nil {
		t.Fatal(err)
	}
	text := func(script string) string {
		var got string
		if err := f.m.script("return String("+script+" ?? '')", &got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	wait := func(script string) {
		t.Helper()
		ready := func() bool { return text(script) == "true" }
		if err := poll(t.Context(), 2*time.Minute, ready); err != nil || !ready() {
			t.Fatalf("%s does not come true: %v", script, err)
		}
	}
	wait(`document.body?.dataset.ready > 0`)
	text(`document.getElementById("all").click()`)
	wait(`document.body.dataset.finished === "yes"`)
	checkLab(t, text, runnable, "firefox")
}

// A labTab is the lab's page in a Chromium that remembers what must not happen.
type labTab struct {
	context.Context
	origins  lab.Origins
	mu       sync.Mutex
	troubles []string
}

func (p *labTab) event(e any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := e.(type) {
	case *runtime.EventExceptionThrown:
		p.troubles = append(p.troubles, "exception: "+e.ExceptionDetails.Text)
	case *network.EventRequestWillBeSent:
		known := slices.ContainsFunc([]string{p.origins.Page, p.origins.Other, p.origins.Third, "http://127.0.0.1:6000", "data:"}, func(o string) bool {
			return strings.HasPrefix(e.Request.URL, o)
		})
		// Redirects of the routes lead elsewhere, and are refused.
		if !known && e.RedirectResponse == nil {
			p.troubles = append(p.troubles, "request: "+e.Request.URL)
		}
	}
}

func (p *labTab) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(p.Context, 2*time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func (p *labTab) text(t *testing.T, script string) string {
	t.Helper()
	got, err := chromedp.Run(p.Context, chromedp.Evaluate[string]("String("+script+" ?? '')"))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func openLab(t *testing.T, server *lab.Server) *labTab {
	t.Helper()
	path, err := FindChromium()
	if err != nil {
		t.Fatal(err)
	}
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), append([]chromedp.ExecAllocatorOption{chromedp.ExecPath(path)}, quiet...)...)
	t.Cleanup(cancel)
	p := &labTab{origins: server.Origins}
	p.Context, cancel = chromedp.NewContext(allocator, chromedp.WithListener(p.event))
	t.Cleanup(cancel)
	if _, err := chromedp.Call(p.Context, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(p.Context, runtime.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	p.do(t, chromedp.Navigate(server.Origins.Page+"/"), chromedp.Poll[chromedp.Void](`document.body.dataset.ready > 0`))
	return p
}

// look writes a screenshot where CORSCHECK_SCREENSHOTS names a folder, and
// checks that nothing is wider than the window.
func (p *labTab) look(t *testing.T, name, scheme string, width int64) {
	t.Helper()
	_, err := chromedp.Call(p.Context, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.do(t, chromedp.EmulateViewport(width, 900))
	if wide := p.text(t, `document.documentElement.scrollWidth > innerWidth`); wide != "false" {
		t.Errorf("%s: the page is wider than %d pixels", name, width)
	}
	dir := os.Getenv("CORSCHECK_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(p.Context, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLabPageInChromium(t *testing.T) {
	demand.Here(t, "chromium", Installed("chromium"))
	server, runnable := startLab(t)
	p := openLab(t, server)
	text := func(script string) string { t.Helper(); return p.text(t, script) }

	// By keyboard: the first Tab reaches the button that runs all.
	p.do(t, chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter), chromedp.Poll[chromedp.Void](`document.body.dataset.finished === "yes"`))
	checkLab(t, text, runnable, "chrome")

	// A row folds out by keyboard, with its explanation and its exchange.
	p.do(t, chromedp.Poll[chromedp.Void](`document.querySelector('#preflight-status .toggle').focus() ?? true`), chromedp.KeyEvent(kb.Enter))
	fold := text(`document.querySelector('#preflight-status .fold').innerText`)
	for _, want := range []string{"> OPTIONS ", "< 500", "rejected: TypeError", "PreflightInvalidStatus", "Access to fetch at"} {
		if !strings.Contains(fold, want) {
			t.Errorf("no %q in what the row folds out:\n%s", want, fold)
		}
	}
	p.do(t, chromedp.Poll[chromedp.Void](`document.querySelector('#preflight-status').scrollIntoView({block: 'center'}) ?? true`))
	p.look(t, "light", "light", 1200)
	p.look(t, "dark", "dark", 1200)
	p.do(t, chromedp.Poll[chromedp.Void](`document.querySelector('#preflight-status').scrollIntoView({block: 'start'}) ?? true`))
	p.look(t, "narrow", "light", 340)
	p.look(t, "narrow-dark", "dark", 340)

	// A wrong prediction is said.
	if got := text(`(() => { const b = document.getElementById('browser'); b.value = 'firefox'; b.dispatchEvent(new Event('change')); return document.body.dataset.wrong })()`); !strings.Contains(got, "save-data") {
		t.Errorf("held against Firefox's predictions, Chromium is wrong about %q", got)
	}
	p.look(t, "wrong", "light", 1200)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, trouble := range p.troubles {
		t.Error(trouble)
	}
}
