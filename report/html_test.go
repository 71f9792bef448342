package report

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdpnetwork "github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/corscheck/corscheck/internal/demand"
)

// A chromiumPage is a report open in a real Chromium that has no network. It
// remembers what a report must never cause.
type chromiumPage struct {
	context.Context
	mu       sync.Mutex
	troubles []string
}

// openReport opens the page; hash is a fragment, or empty.
func openReport(t *testing.T, page, hash string) *chromiumPage {
	t.Helper()
	chromium := demand.Program(t, "chromium")
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("no-proxy-server", true))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	p := &chromiumPage{}
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithListener(p.event))
	t.Cleanup(cancel)
	p.Context = ctx
	for _, enable := range []func() error{
		func() error { _, err := chromedp.Call(ctx, cdpnetwork.Enable, cdpnetwork.EnableParams{}); return err },
		func() error { _, err := chromedp.Call(ctx, runtime.Enable, cdp.Empty{}); return err },
	} {
		if err := enable(); err != nil {
			t.Fatal(err)
		}
	}
	p.run(t, chromedp.Navigate("file://"+file+hash))
	return p
}

func (p *chromiumPage) event(e any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := e.(type) {
	case *runtime.EventExceptionThrown:
		p.troubles = append(p.troubles, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		p.troubles = append(p.troubles, "console: "+string(e.Type))
	case *cdpnetwork.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "file://") {
			p.troubles = append(p.troubles, "request: "+e.Request.URL)
		}
	}
}

func (p *chromiumPage) run(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(p.Context, 60*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// until waits for an expression of the page to be true.
func until(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](expression)
}

// opened waits for the exchange that the bar calls "4 of 12".
func opened(at string) chromedp.Action[chromedp.Void] {
	return until(`document.querySelector('#dialog .bar .mono')?.textContent === '` + at + `'`)
}

// focused waits for the focus to be at a cell of the matrix.
func focused(check string) chromedp.Action[chromedp.Void] {
	return until(`document.activeElement.dataset.check === '` + check + `' && !document.getElementById('dialog').open`)
}

// eval is the value of an expression in the page.
func eval[T any](t *testing.T, p *chromiumPage, expression string) T {
	t.Helper()
	v, err := chromedp.Run(p.Context, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (p *chromiumPage) noTrouble(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, trouble := range p.troubles {
		t.Error(trouble)
	}
}

// screenshot keeps a picture where CORSCHECK_SCREENSHOTS names a folder.
func (p *chromiumPage) screenshot(t *testing.T, name string) {
	t.Helper()
	folder := os.Getenv("CORSCHECK_SCREENSHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(p.Context, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestHTMLInChromium(t *testing.T) {
	d := readDocument(t, "testdata/documents/matrix.json")
	p := openReport(t, render(t, d, "html", Options{}), "")
	p.run(t, chromedp.EmulateViewport(1200, 900))
	p.screenshot(t, "light")

	if n := eval[int](t, p, `document.querySelectorAll('button.cell').length`); n != len(d.Checks) {
		t.Errorf("%d cells of %d checks", n, len(d.Checks))
	}
	// One click from the matrix to the exchange, the cause and the fix.
	p.run(t, chromedp.Click(`button.cell[data-check="2"]`), chromedp.WaitVisible("#dialog-title"))
	p.screenshot(t, "light-exchange")
	text := eval[string](t, p, `document.getElementById('dialog').innerText`)
	for _, want := range []string{"Blocked", "Access-Control-Allow-Methods", "status 204", "method-not-allowed", "'DELETE'", "has been blocked by CORS policy"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the exchange", want)
		}
	}
	// The keyboard: next check, close, back where we were, walk, open.
	p.run(t, chromedp.KeyEvent(kb.ArrowRight), opened("4 of 12"), chromedp.KeyEvent(kb.Escape), focused("3"))
	p.run(t, chromedp.KeyEvent(kb.ArrowDown), focused("6"), chromedp.KeyEvent(kb.ArrowRight), focused("7"), chromedp.KeyEvent(kb.Enter), opened("8 of 12"), chromedp.KeyEvent(kb.Escape), focused("7"))
	// Search and filter.
	p.run(t, chromedp.KeyEvent("/"), chromedp.KeyEvent("admin"), until(`document.getElementById('shown').textContent === '3 of 12 checks'`))
	p.run(t, chromedp.Click(`[data-show-cause="1"]`), until(`document.getElementById('shown').textContent === '2 of 12 checks'`))

	if _, err := chromedp.Call(p.Context, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
	}); err != nil {
		t.Fatal(err)
	}
	p.screenshot(t, "dark")
	if c := eval[string](t, p, `getComputedStyle(document.body).backgroundColor`); c != "rgb(22, 25, 29)" {
		t.Errorf("the dark page is %s", c)
	}
	p.run(t, chromedp.EmulateViewport(360, 740))
	p.run(t, chromedp.Click(`[data-show-cause="1"]`))
	p.screenshot(t, "narrow")
	if !eval[bool](t, p, `(b => { const c = b.getBoundingClientRect(), t = b.closest('.table').getBoundingClientRect(); return c.left >= t.left && c.right <= t.right })(document.querySelector('tr:not([hidden]) .cell:not(.faint)'))`) {
		t.Error("a narrow screen does not show the cell that the cause is about")
	}
	if over := eval[float64](t, p, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		wide := eval[string](t, p, `[...document.querySelectorAll('body *')].filter(e => !e.closest('.table') && e.getBoundingClientRect().right > innerWidth).map(e => e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 40)).join('\n')`)
		t.Errorf("the page is %v pixels too wide for a narrow screen:\n%s", over, wide)
	}
	p.noTrouble(t)
}

// TestHTMLLinksToACheck: a link into a report opens the check it names.
func TestHTMLLinksToACheck(t *testing.T) {
	p := openReport(t, render(t, readDocument(t, "testdata/documents/policy.json"), "html", Options{}), "#check-5")
	p.run(t, opened("5 of 6"))
	p.noTrouble(t)
}

// TestHTMLHostileInChromium: nothing that a server sent becomes an element, runs
// or leads anywhere, neither in the page nor in the exchange.
func TestHTMLHostileInChromium(t *testing.T) {
	d := readDocument(t, "testdata/documents/hostile.json")
	p := openReport(t, render(t, d, "html", Options{}), "#check-1")
	p.run(t, chromedp.WaitVisible("#dialog-title"))
	p.screenshot(t, "hostile")
	if n := eval[int](t, p, `document.scripts.length`); n != 2 {
		t.Errorf("%d scripts", n)
	}
	if n := eval[int](t, p, `document.querySelectorAll('a:not([href^="#cause-"]), img, iframe, object, b').length`); n != 0 {
		t.Errorf("%d elements that are not ours", n)
	}
	text := eval[string](t, p, `document.body.textContent`)
	hostile := Visible(d.Checks[0].Findings[0].Evidence[0])
	if n := strings.Count(text, hostile); n < 4 {
		t.Errorf("the value is there %d times", n)
	}
	for _, r := range text {
		if unsafeRune(r) && r != '\n' && r != '\t' {
			t.Errorf("the page shows %U", r)
		}
	}
	p.noTrouble(t)
}

// TestHTMLOf5000Checks: a long report stays a page that one can use.
func TestHTMLOf5000Checks(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	page := render(t, longDocument(t, 5000), "html", Options{})
	if len(page) > 4<<20 {
		t.Errorf("%d bytes are too many to attach", len(page))
	}
	p := openReport(t, page, "")
	start := time.Now()
	p.run(t, chromedp.KeyEvent("/"), chromedp.KeyEvent("tenant-2499"), until(`document.getElementById('shown').textContent === '2 of 5000 checks'`))
	search := time.Since(start)
	start = time.Now()
	p.run(t, chromedp.Click(`button.cell[data-check="4998"]`), opened("4999 of 5000"))
	t.Logf("%d bytes; search %v, first exchange %v", len(page), search, time.Since(start))
	// Generous: CI machines are slow, and a page that hangs takes far longer.
	if open := time.Since(start); search > 15*time.Second || open > 15*time.Second {
		t.Errorf("search took %v, opening an exchange %v", search, open)
	}
	p.screenshot(t, "long")
	p.noTrouble(t)
}

// longDocument repeats the checks of a small one for as many origins as it
// takes, two methods each.
func longDocument(t testing.TB, n int) *Document {
	t.Helper()
	small := readDocument(t, "testdata/documents/matrix.json")
	text, err := json.Marshal(small.Checks)
	if err != nil {
		t.Fatal(err)
	}
	d := &Document{SchemaVersion: 1, Tool: small.Tool, StartedAt: small.StartedAt}
	var checks []Check
	for i := range n {
		if i%len(small.Checks) == 0 {
			checks = nil
			if err := json.Unmarshal(text, &checks); err != nil {
				t.Fatal(err)
			}
		}
		c := checks[i%len(checks)]
		c.Origin, c.Method = fmt.Sprintf("https://tenant-%04d.example.com", i/2), []string{"GET", "PUT"}[i%2]
		d.Checks = append(d.Checks, c)
		d.Summary.Add(&d.Checks[i])
	}
	return d
}
