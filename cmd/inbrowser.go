package cmd

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/browser"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/report"
)

// inBrowserFlag has each request made a second time, in an installed browser.
type inBrowserFlag struct{ value string }

// anyBrowser is the value of --in-browser without a path.
const anyBrowser = "auto"

func (f *inBrowserFlag) register(c *cobra.Command) {
	c.Flags().StringVar(&f.value, "in-browser", "", "make the request in an installed Chrome, Chromium or Edge too (or in the one at `PATH`) and compare; with --send-unsafe that sends it twice")
	c.Flags().Lookup("in-browser").NoOptDefVal = anyBrowser
}

// apply lets a judgement ask a browser, where the flag is given. Flags that no
// browser can be told are refused.
func (f *inBrowserFlag) apply(j *judgement, request *requestFlags, run *runFlags) error {
	if f.value == "" {
		return nil
	}
	switch {
	case request.preflightOnly:
		return usagef("--in-browser and --preflight-only exclude each other: a browser does not stop behind a preflight")
	case request.browser.value == "firefox" || request.browser.value == "safari":
		return usagef("--in-browser drives Chrome, Chromium or Edge, and --browser %s is judged", request.browser.value).
			withHint("leave out --browser, or write --browser all")
	case run.cacert != "" || run.cert != "":
		return usagef("--in-browser: a browser takes no --cacert and no --cert").
			withHint("add the certificate to the system's store, or use --insecure")
	case request.thirdParty.value != "":
		return usagef("--in-browser: the browser's own setting for cookies of other sites counts").withHint("leave out --third-party-cookies")
	case run.ipv4 || run.ipv6:
		return usagef("--in-browser: a browser takes no -4 and no -6").withHint("use --resolve host:port:addr")
	}
	if u, err := url.Parse(run.proxy); err == nil && u.User != nil {
		return usagef("--in-browser: a browser takes no password for --proxy")
	}
	o := browser.LaunchOptions{
		Resolve: run.resolve, Proxy: run.proxy, Insecure: run.insecure, Timeout: run.timeout,
		LocalNetworkAccess: request.pageAddress.value == string(fetch.SpacePublic),
	}
	if f.value != anyBrowser {
		o.Path = f.value
	}
	j.inBrowser = &o
	return nil
}

// A second is the browser that makes each request once more.
type second struct {
	tabs           *browser.Tabs
	asked, against int
}

// launchSecond starts the browser of a judgement; nil where it has none.
func launchSecond(ctx context.Context, j *judgement) (*second, error) {
	if j.inBrowser == nil {
		return nil, nil
	}
	tabs, err := browser.Launch(ctx, *j.inBrowser)
	if err != nil {
		return nil, usagef("--in-browser: %w", err).withHint("--in-browser=PATH names the executable of a Chrome, Chromium or Edge")
	}
	return &second{tabs: tabs}, nil
}

func (s *second) close() {
	if s != nil {
		s.tabs.Close()
	}
}

// ask makes the request of a result in the browser, and adds what came of it to
// the report of the check.
func (s *second) ask(ctx context.Context, r *probe.Result, check *report.Check) {
	if s == nil || r.Fetch == nil || r.Fetch.Browser != fetch.Chrome || ctx.Err() != nil {
		return
	}
	out := report.InBrowser{Browser: s.tabs.Version()}
	defer func() { check.AddInBrowser(r, out) }()
	method := r.Fetch.Request.Method
	if !r.Check.SendUnsafe && !fetch.IsSafeMethod(method) {
		out.NotRun = fmt.Sprintf("a browser cannot be kept from sending the %s once its preflight passes; --send-unsafe lets it", method)
		return
	}
	q := r.Check.Request
	q.Method, q.Origin, q.URL = method, r.Fetch.Request.Origin, r.Fetch.Request.URL
	sight, err := s.tabs.Run(ctx, &q)
	if err != nil {
		out.NotRun = whyNot(err)
		return
	}
	s.asked++
	out.Verdict, out.ResponseType = string(sight.Verdict), string(sight.Type)
	out.Code, out.Param, out.Console = sight.Code, sight.Param, sight.Console
	if sight.Verdict == fetch.Allowed {
		out.Status, out.ExposedHeaders = &sight.Status, sight.Exposed
	}
	for _, d := range sight.Differences(r.Fetch) {
		out.Differences = append(out.Differences, report.Difference{What: d.What, Browser: d.Browser, Corscheck: d.Corscheck})
	}
	agrees := len(out.Differences) == 0
	out.Agrees = &agrees
	if !agrees {
		s.against++
	}
	for i := range r.Exchanges {
		x := &r.Exchanges[i]
		if !x.Extra && x.Message.Kind == fetch.Actual && x.Delivered() && !fetch.IsSafeMethod(x.Message.Method) {
			check.Assumptions = append(check.Assumptions, fmt.Sprintf("the %s was sent twice: by corscheck, and by the browser of --in-browser", method))
			return
		}
	}
}

func whyNot(err error) string {
	var unsupported *browser.Unsupported
	switch {
	case errors.As(err, &unsupported):
		return unsupported.Why
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return "the browser did not finish in time"
	}
	return err.Error()
}

// complain says on stderr that the browser is of another opinion, so that it is
// seen whatever the format of the report.
func (s *second) complain(e *env) {
	if s == nil || s.against == 0 {
		return
	}
	complain(e.stderr, fmt.Sprintf("%s DISAGREES with corscheck on %d of %d checks", s.tabs.Version(), s.against, s.asked),
		"the text report of each ends in a bug report to paste: "+report.Tracker)
}
