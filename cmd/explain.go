package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/paste"
	"github.com/corscheck/corscheck/report"
)

// explainOptions are the flags of explain: those of a check, and its own.
type explainOptions struct {
	checkOptions
	url            string
	offline, watch bool
	interval       time.Duration
}

func newExplainCmd(e *env) *cobra.Command {
	o := &explainOptions{}
	c := &cobra.Command{
		Use:     "explain [TEXT or -]",
		GroupID: "check",
		Short:   "Say what a console message means, and whether its fault is still there",
		Long: `Read a message of a browser's console, with whatever stands around it, a request
copied as fetch(), cURL or PowerShell, a reason code or the ID of a finding, from
the argument or from stdin. Its URL is then checked again, as that browser does.

What the message does not tell is inferred, or asked for: -o is the origin of the
page, -X and -H the method and the headers, --url the URL.`,
		Example: `  pbpaste | corscheck explain
  corscheck explain "Access to fetch at 'https://api.example.com/' from origin 'https://app.example.com' has been blocked by CORS policy: ..."
  corscheck explain --offline PreflightMissingAllowOriginHeader
  pbpaste | corscheck explain --watch`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.validate(c); err != nil {
				return err
			}
			if o.interval <= 0 {
				return usagef("--interval: %s is not a positive duration", o.interval)
			}
			return o.explain(c, e, args)
		},
	}
	fs := c.Flags()
	fs.SortFlags = false
	fs.BoolVar(&o.offline, "offline", false, "only explain; send nothing")
	fs.BoolVar(&o.watch, "watch", false, "check again until it passes, and print what changed")
	fs.DurationVar(&o.interval, "interval", 2*time.Second, "time between the checks of --watch")
	fs.StringVar(&o.url, "url", "", "`URL` of the request, where the text has none")
	o.register(c)
	return c
}

func (o *explainOptions) explain(c *cobra.Command, e *env, args []string) error {
	items, err := o.recognise(e, args)
	if err != nil {
		return err
	}
	explained := &report.Explained{Parsed: parsedOf(items)}
	for i := range items {
		if f, ok := items[i].Finding(); ok && !hasFinding(explained.Findings, f.ID) {
			explained.Findings = append(explained.Findings, f)
		}
	}
	var requests []pasted
	missing := ""
	if !o.offline {
		requests, missing = o.requests(items)
	}
	if len(requests) == 0 {
		if err := o.onlyExplain(e, explained, missing == ""); err != nil || missing == "" {
			return err
		}
		return usagef("%s", missing).withHint("corscheck explain --offline explains without a check")
	}
	checks, of, origin, err := o.pastedChecks(c, e, requests)
	if err != nil {
		return err
	}
	if requests[0].item.Request != nil {
		o.useTransport(c, &requests[0].item.Transport)
	}
	j := o.fixed(checks)
	j.explained, j.defaultOrigin = explained, origin
	j.annotate = annotator(of)
	if err := o.second.apply(j, &o.request, &o.run); err != nil {
		return err
	}
	if o.watch {
		return o.watchChecks(e, j, checks, of)
	}
	return e.judge(j)
}

// onlyExplain reports what was recognised without a check, in text with the page
// of what it most likely means.
func (o *explainOptions) onlyExplain(e *env, explained *report.Explained, page bool) error {
	j := o.fixed(nil)
	j.explained = explained
	if err := e.judge(j); err != nil || !page || o.report.format.value != "text" || o.report.quiet || len(explained.Findings) != 1 {
		return err
	}
	entry, _ := finding.Lookup(explained.Findings[0].ID)
	return report.Catalogue{Findings: []finding.Entry{entry}}.Text(e.stdout)
}

func hasFinding(list []finding.Finding, id finding.ID) bool {
	return slices.ContainsFunc(list, func(f finding.Finding) bool { return f.ID == id })
}

// recognise reads the text of the argument, or of stdin.
func (o *explainOptions) recognise(e *env, args []string) ([]paste.Item, error) {
	var text io.Reader = e.stdin
	switch {
	case len(args) > 0 && (len(args) > 1 || args[0] != "-"):
		text = strings.NewReader(strings.Join(args, " "))
	case len(args) == 0 && e.stdinTTY:
		return nil, usagef("no text given").withHint("corscheck explain 'MESSAGE', or pbpaste | corscheck explain")
	}
	items, err := paste.Parse(text)
	if err != nil {
		return nil, usagef("%w", err)
	}
	return items, nil
}

// requests are the requests that can be checked, each once. missing says what
// is not in the text where there are none.
func (o *explainOptions) requests(items []paste.Item) (requests []pasted, missing string) {
	for i := range items {
		item := &items[i]
		if item.Request != nil {
			requests = append(requests, pasted{item: item, request: *item.Request, notes: item.Notes})
			continue
		}
		p, ask := o.inferred(item)
		if ask != "" {
			missing = ask
			continue
		}
		if p != nil && !slices.ContainsFunc(requests, func(q pasted) bool { return sameQuestion(&q, p) }) {
			requests = append(requests, *p)
		}
	}
	if len(requests) > 0 {
		missing = ""
	}
	return requests, missing
}

func sameQuestion(a, b *pasted) bool {
	x, y := probe.Check{Request: a.request}, probe.Check{Request: b.request}
	return a.item.Browser == b.item.Browser && x.SameRequest(&y)
}

// inferred is the request of a console message: nil where there is none to
// check, as what the message tells is no matter of the server.
func (o *explainOptions) inferred(item *paste.Item) (p *pasted, ask string) {
	told := *item
	if o.url != "" {
		told.URL, told.RedirectedFrom = o.url, ""
	}
	request, notes, ok := told.Infer()
	switch {
	case !ok:
		return nil, ""
	case request.URL == "" && (request.Origin != "" || len(o.request.origins) > 0 || o.request.originsFile != ""):
		return nil, "the text does not say which URL was asked for: add --url URL"
	case request.URL == "":
		return nil, "the text does not say which URL was asked for: add --url URL, and with -o the origin of the page"
	}
	target, err := probe.ParseTarget(request.URL)
	if err != nil {
		return nil, fmt.Sprintf("%v: add --url with the URL that the page asks for", err)
	}
	request.URL = target
	if origin, err := probe.ParseOrigin(request.Origin); err == nil {
		request.Origin = origin
	} else {
		request.Origin = ""
		notes = append(notes, "the text does not say which page asked: add -o with its origin")
	}
	return &pasted{item: item, request: request, notes: notes}, ""
}

// messageOf compares what was found with what the message says; nil where the
// check is not of a message.
func messageOf(item *paste.Item, r *probe.Result) *report.Message {
	if item.Kind != paste.Console {
		return nil
	}
	m := &report.Message{Code: item.Code}
	var reason *fetch.Reason
	if r.Fetch != nil {
		reason = r.Fetch.Reason()
	}
	switch {
	case r.Verdict() == fetch.Allowed:
		m.Fault = "gone"
	case r.Verdict() == fetch.Undecided && item.Preflight():
		m.Fault = "gone" // the preflight that it is about passed
	case r.Verdict() == fetch.Undecided:
		m.Fault = "unknown"
	case item.SameFault(reason) || r.Verdict() == fetch.Failed && item.Class == paste.ClassNetwork:
		m.Fault = "there"
	case r.Verdict() == fetch.Failed:
		m.Fault = "unknown"
	case item.Code == "" || item.Class == paste.ClassSymptom:
		m.Fault = "there"
	default:
		m.Fault = "changed"
	}
	return m
}

// annotator adds to the report of each check, in their order, what became of
// the fault of its message.
func annotator(of []*paste.Item) func(*probe.Result, *report.Check) {
	next := 0
	return func(r *probe.Result, check *report.Check) {
		check.Message = messageOf(of[next], r)
		next++
	}
}

// watchChecks checks again and again, reports whenever a verdict or its reason
// has changed, and ends when every check passes.
func (o *explainOptions) watchChecks(e *env, j *judgement, checks []probe.Check, of []*paste.Item) error {
	prober, err := probe.New(j.options)
	if err != nil {
		return wrongOption(err)
	}
	defer prober.Close()
	quick := j.options
	quick.NoDiagnose = true
	watcher, err := probe.New(quick)
	if err != nil {
		return wrongOption(err)
	}
	defer watcher.Close()
	ctx, stop := e.interruptible(context.Background())
	defer stop()
	for last := ""; ; {
		state, passed := stateOf(watcher.Run(ctx, slices.Values(checks)))
		if ctx.Err() == nil && state != last {
			if last != "" {
				fmt.Fprintf(e.stdout, "\n%s  changed:\n\n", e.now().Format(time.TimeOnly))
				j.explained = nil // it was said at the start
			}
			last, j.annotate = state, annotator(of)
			err := e.reportAll(ctx, j, prober.Run(ctx, slices.Values(checks)))
			if passed || !onlyVerdict(err) {
				return err
			}
			e.remark(&o.report, fmt.Sprintf("watching: checked again every %s until it passes; Ctrl-C ends it", o.interval))
		}
		select {
		case <-ctx.Done():
			return exitWith(ExitInterrupted)
		case <-time.After(o.interval):
		}
	}
}

// stateOf sums up results: equal where nothing has changed.
func stateOf(results iter.Seq[*probe.Result]) (state string, passed bool) {
	passed = true
	for r := range results {
		state += r.String() + "\n"
		passed = passed && r.Allowed()
	}
	return state, passed
}

// onlyVerdict reports whether an error says no more than the exit code of a
// verdict.
func onlyVerdict(err error) bool {
	var status *exitStatus
	return err == nil || errors.As(err, &status) && status.code != ExitInterrupted
}
