package cmd

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/paste"
)

// harOptions are the flags of har.
type harOptions struct {
	browser, credentials enum
	live, sendUnsafe     bool
	run                  runFlags
	report               reportFlags
}

func newHARCmd(e *env) *cobra.Command {
	o := &harOptions{}
	c := &cobra.Command{
		Use:     "har FILE",
		GroupID: "check",
		Short:   "Judge the CORS traffic of a recorded HAR file",
		Long: `Read a HAR file of a browser's developer tools, of Playwright or of a proxy, and
judge each fetch in it that crossed origins: offline, by the answers in the file.
Preflights are paired with their requests, and redirects followed through the
file. - is stdin; the file may be compressed with gzip.

A HAR file has no credentials mode: include is assumed where a cookie went out,
or where the browser refused what it would have taken otherwise.`,
		Example: "  corscheck har app.example.com.har\n  corscheck har session.har.gz -f jsonl\n  corscheck har app.har --live",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("har takes one FILE, and got %d", len(args)).withHint("corscheck har app.example.com.har")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := errors.Join(o.run.validate(), o.report.validate()); err != nil {
				return err
			}
			return o.judge(e, args[0])
		},
	}
	fs := c.Flags()
	fs.SortFlags = false
	fs.BoolVar(&o.live, "live", false, "check the requests again, on the network")
	fs.BoolVar(&o.sendUnsafe, "send-unsafe", false, "with --live: really send methods other than GET, HEAD and OPTIONS")
	o.browser = enum{valid: []string{"chrome", "firefox", "safari"}}
	enumFlag(c, &o.browser, "browser", "", "`browser` to judge as (default: the one that the file is of)")
	o.credentials = enum{valid: names(fetch.CredentialsOmit, fetch.CredentialsSameOrigin, fetch.CredentialsInclude)}
	enumFlag(c, &o.credentials, "credentials", "", "credentials `mode` of every request (default: what fits the file)")
	o.run.register(c)
	o.report.register(c)
	return c
}

func (o *harOptions) judge(e *env, name string) error {
	var in io.Reader = e.stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return usagef("%w", unreadable(err))
		}
		defer file.Close()
		if info, err := file.Stat(); err == nil && info.IsDir() {
			return usagef("%s is a directory", name).withHint("corscheck har %s", filepath.Join(name, "FILE"))
		}
		in = file
	}
	options := paste.HAROptions{File: nameOfInput(name), Credentials: fetch.CredentialsMode(o.credentials.value)}
	if p, ok := fetch.ProfileByName(o.browser.value); ok {
		options.Browser = p
	}
	har, err := paste.NewHAR(in, options)
	if err != nil {
		return usagef("%s: %w", nameOfInput(name), err)
	}
	run := o.run.options(o.report.ignore)
	return e.judge(&judgement{
		checks: o.checks(har), total: -1, recorded: !o.live, options: run, report: &o.report,
		after: func() error { return o.after(e, name, har) }, reads: []string{name},
	})
}

// checks are those of the file, made to ask the network with --live.
func (o *harOptions) checks(har *paste.HAR) iter.Seq[probe.Check] {
	if !o.live {
		return har.Checks()
	}
	return func(yield func(probe.Check) bool) {
		for c := range har.Checks() {
			c.Recorded, c.SendUnsafe = nil, o.sendUnsafe
			if !yield(c) {
				return
			}
		}
	}
}

// after says what kept the file from being read to its end, and what it had
// beside CORS where it had nothing else.
func (o *harOptions) after(e *env, name string, har *paste.HAR) error {
	if err := har.Err(); err != nil {
		return usagef("%s: %w", nameOfInput(name), err)
	}
	if s := har.Stats(); s.Checks == 0 {
		e.remark(&o.report, fmt.Sprintf("%s: no fetch that crossed origins among %d entries%s", nameOfInput(name), s.Entries, others(s)))
	}
	return nil
}

// others says what a file has beside fetches that crossed origins.
func others(s paste.HARStats) string {
	text := ""
	for _, kind := range []struct {
		n    int
		what string
	}{
		{s.SameOrigin, "stayed within the page's origin"}, {s.NoCORS, "made without CORS (pages, images, scripts)"},
		{s.ServiceWorker, "answered by a service worker"}, {s.Unreadable, "no HTTP request"},
	} {
		if kind.n > 0 {
			text += fmt.Sprintf("; %d %s", kind.n, kind.what)
		}
	}
	return text
}
