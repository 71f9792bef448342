// Package browser drives a real Chromium, Firefox or WebKitGTK through
// scenarios and records what each does: the verdict, what script sees, what
// reached the servers, and what the console printed.
package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// Names are the browsers that can be driven.
var Names = []string{"chromium", "firefox", "webkit"}

// Profiles are the names under which records and package fetch know them.
var Profiles = map[string]string{"chromium": "chrome", "firefox": "firefox", "webkit": "safari"}

// A Browser is a running browser with a page at {same}/ that takes scenarios.
type Browser struct {
	// Name is one of Names.
	Name string
	// Servers are the origins that answer.
	Servers *scenario.Servers
	// Unsteady is how many scenarios Conform saw disagree once, and not again.
	Unsteady int

	driver driver
	page   string // the place of the page
	set    setting
	jobs   chan *job
	done   chan []seen
	closed chan struct{}
}

// A driver starts one engine and hears what it reports.
type driver interface {
	// start opens the page.
	start(ctx context.Context, page string, set setting) error
	version() string
	// style says how scenarios are best run in this engine.
	style() style
	// settle waits until the engine has said what it has to say about the
	// scenarios with these prefixes, and returns it by prefix.
	settle(ctx context.Context, blocked []string) (map[string]report, error)
	// forget removes all cookies, where the engine has a way to.
	forget(ctx context.Context) error
	stop()
}

// A setting is what a browser is started with.
type setting struct {
	places scenario.Places
	// thirdParty is Scenario.ThirdParty.
	thirdParty string
}

// A style is how a page runs scenarios.
type style struct {
	parallel int
	// mark has the page print a line before and after each scenario.
	mark bool
}

// A report is what an engine said about a scenario outside the page.
type report struct {
	code, param, console string
}

// A job is what the page is given to do; null ends it.
type job struct {
	// Go is a URL to leave for, instead of anything else.
	Go        string `json:"go,omitempty"`
	Parallel  int    `json:"parallel"`
	Scenarios []task `json:"scenarios"`
}

type task struct {
	Prefix      string           `json:"prefix"`
	URL         string           `json:"url"`
	Method      string           `json:"method"`
	Headers     scenario.Headers `json:"headers"`
	Credentials string           `json:"credentials"`
	Redirect    string           `json:"redirect"`
	Mode        string           `json:"mode"`
	Body        *string          `json:"body"`
	Initiator   string           `json:"initiator"`
	CrossOrigin string           `json:"crossorigin"`
	Sandboxed   bool             `json:"sandboxed"`
	Mark        bool             `json:"mark"`
	Limit       int64            `json:"limit"`
}

// seen is what the page saw of a scenario.
type seen struct {
	Prefix  string   `json:"prefix"`
	Allowed bool     `json:"allowed"`
	Type    string   `json:"type"`
	Status  int      `json:"status"`
	Headers []string `json:"headers"`
	Error   string   `json:"error"`
	Thrown  bool     `json:"thrown"` // fetch() refused its arguments
}

//go:embed page.html
var pageHTML []byte

//go:embed page.js
var pageJS []byte

//go:embed page_initiators.js
var initiatorsJS []byte

const (
	// limit is how long one scenario may take in the page.
	limit = 20 * time.Second
	// chunk is how many scenarios the page gets at a time.
	chunk = 100
)

// Open starts a browser. The context bounds its life.
func Open(ctx context.Context, name string) (*Browser, error) {
	d, err := find(name)
	if err != nil {
		return nil, err
	}
	servers, err := scenario.Serve(scenario.AllPlaces()...)
	if err != nil {
		return nil, err
	}
	b := &Browser{
		Name: name, Servers: servers, driver: d,
		jobs: make(chan *job), done: make(chan []seen), closed: make(chan struct{}),
	}
	servers.Handle("/", func([]byte) (string, []byte) { return "text/html; charset=utf-8", pageHTML })
	servers.Handle("/_/page.js", func([]byte) (string, []byte) { return "text/javascript; charset=utf-8", pageJS })
	servers.Handle("/_/initiators.js", func([]byte) (string, []byte) { return "text/javascript; charset=utf-8", initiatorsJS })
	servers.Handle("/_/work", b.work)
	b.set.places = servers.Places
	if err := b.begin(ctx); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// begin starts the browser and waits until its page asks for its first list.
func (b *Browser) begin(ctx context.Context) error {
	if err := b.driver.start(ctx, b.Servers.Places["same"]+"/", b.set); err != nil {
		return fmt.Errorf("cannot start %s: %w", b.Name, err)
	}
	b.page = "same"
	select {
	case <-b.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s did not open its page: %w", b.Name, ctx.Err())
	case <-time.After(time.Minute):
		return fmt.Errorf("%s did not open its page within a minute", b.Name)
	}
}

// restart puts a new browser in the place of one that stopped answering, or that
// is to have another setting.
func (b *Browser) restart(ctx context.Context) error {
	b.driver.stop()
	d, err := find(b.Name)
	if err != nil {
		return err
	}
	select {
	case b.jobs <- nil: // a request for work that the old page left behind
	case <-time.After(time.Second):
	}
	b.driver = d
	return b.begin(ctx)
}

// treat has the browser treat third-party cookies as a scenario wants them.
func (b *Browser) treat(ctx context.Context, thirdParty string) error {
	if b.set.thirdParty == thirdParty {
		return nil
	}
	b.set.thirdParty = thirdParty
	return b.restart(ctx)
}

func find(name string) (driver, error) {
	switch name {
	case "chromium":
		return findChromium()
	case "firefox":
		return findFirefox()
	case "webkit":
		return findWebKit()
	}
	return nil, fmt.Errorf("no browser is called %q; write one of %v", name, Names)
}

// Installed returns nil where the browser can be started, else the reason why not.
func Installed(name string) error {
	_, err := find(name)
	return err
}

// Version is the browser's own, like "Chromium 156.0.8078.79".
func (b *Browser) Version() string { return b.driver.version() }

// Close ends the browser and its servers.
func (b *Browser) Close() {
	close(b.closed)
	b.driver.stop()
	b.Servers.Close()
}

// work is what the page asks: it hands in what it has seen, and waits for more.
func (b *Browser) work(body []byte) (string, []byte) {
	const kind = "application/json"
	var done []seen
	if err := json.Unmarshal(body, &done); err != nil {
		return kind, []byte("null")
	}
	select {
	case b.done <- done:
	case <-b.closed:
		return kind, []byte("null")
	}
	select {
	case j := <-b.jobs:
		out, err := json.Marshal(j)
		if err != nil {
			return kind, []byte("null")
		}
		return kind, out
	case <-b.closed:
		return kind, []byte("null")
	}
}

func (b *Browser) complete(o *scenario.Outcome, prefix string, r report) {
	o.Wire, _ = b.Servers.Unload(prefix)
	o.Code = r.code
	o.Param = b.Servers.Places.Redact(r.param)
	o.Console = b.Servers.Places.Redact(r.console)
}

func (b *Browser) job(scenarios []*scenario.Scenario, prefixes []string) *job {
	how := b.driver.style()
	j := &job{Parallel: how.parallel}
	for i, sc := range scenarios {
		t := task{
			Prefix: prefixes[i], URL: sc.URL(b.Servers.Places, prefixes[i]),
			Method: sc.Request.Method, Headers: sc.Request.Headers, Credentials: sc.Request.Credentials,
			Redirect: sc.Request.Redirect, Mode: sc.Request.Mode, Body: sc.Request.Body,
			Initiator: sc.Request.Initiator, CrossOrigin: sc.Request.CrossOrigin, Sandboxed: sc.PageSandboxed(),
			Mark: how.mark, Limit: limit.Milliseconds(),
		}
		if t.Mode == "" {
			t.Mode = "cors"
		}
		if t.Initiator == "" {
			t.Initiator = "fetch"
		}
		j.Scenarios = append(j.Scenarios, t)
	}
	return j
}

// Stuck is the code of a scenario that the browser did not finish in time.
const Stuck = "stuck"

// ErrGone says that the page stopped answering.
var ErrGone = errors.New("the page stopped answering")

func (b *Browser) run(ctx context.Context, j *job) ([]seen, error) {
	patience := time.NewTimer(2*limit + time.Duration(len(j.Scenarios))*time.Second)
	defer patience.Stop()
	for give := b.jobs; ; {
		select {
		case give <- j:
			give = nil
		case done := <-b.done:
			return done, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-patience.C:
			return nil, fmt.Errorf("%s: %w", b.Name, ErrGone)
		}
	}
}
