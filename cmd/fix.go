package cmd

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/fix"
	"github.com/corscheck/corscheck/report"
)

// fixOptions are the flags of fix: those of a check that make its request and
// steer its run.
type fixOptions struct {
	request requestFlags
	run     runFlags
}

// newFixCmd prints the change that mends one check, and nothing else on stdout.
func newFixCmd(e *env) *cobra.Command {
	o := &fixOptions{}
	c := &cobra.Command{
		Use:     "fix URL",
		GroupID: "check",
		Short:   "Print only the change that lets the check pass",
		Long: `Make one check and print the smallest change that lets it pass, for the server
that was recognised or the one that --stack names: this origin, method, headers
and credentials, and no others. Everything else goes to stderr.

With --stack vite, nextjs, angular or nginx-proxy it is the proxy that takes the
place of a server that is not yours to change.

Stacks: ` + wrapped(stackKeys(), 72),
		Example: "  corscheck fix https://api.example.com/users -o https://app.example.com\n" +
			"  corscheck fix https://api.example.com/users -X PUT --stack nginx > cors.conf",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("fix takes one URL, and got %d", len(args)).withHint("corscheck fix https://api.example.com/users")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.request.given(c); err != nil {
				return err
			}
			if err := o.run.validate(); err != nil {
				return err
			}
			return correctedCommand(c, e, o.print(e, args[0]))
		},
	}
	c.Flags().SortFlags = false
	o.request.register(c)
	o.run.register(c)
	return c
}

func (o *fixOptions) print(e *env, url string) error {
	if o.run.noDiagnose {
		return usagef("fix has to find the cause first: --no-diagnose leaves nothing to print")
	}
	b, err := o.request.batch(e, []string{url})
	if err != nil {
		return err
	}
	if b.total != 1 {
		return usagef("fix takes one check, and these flags make %d", b.total).withHint("name one origin, one method and one browser")
	}
	prober, err := probe.New(o.run.options(nil))
	if err != nil {
		return wrongOption(err)
	}
	defer prober.Close()
	ctx, stop := e.interruptible(context.Background())
	defer stop()
	for check := range b.checks {
		if b.defaultOrigin != "" {
			fmt.Fprintf(e.stderr, "corscheck: no origin was given: %s is assumed\n", b.defaultOrigin)
		}
		result := prober.Check(ctx, check)
		if ctx.Err() != nil {
			return exitWith(ExitInterrupted)
		}
		return o.printFix(e, result)
	}
	return nil
}

// printFix prints the change of the headline, and says on stderr what for.
func (o *fixOptions) printFix(e *env, r *probe.Result) error {
	if r.Err != nil {
		return refusal(r.Err)
	}
	f, ok := toMend(r)
	if !ok {
		return o.nothingToPrint(e, r)
	}
	fmt.Fprintf(e.stderr, "corscheck: %s: %s\n", f.ID, report.Visible(f.Detail))
	stack, _ := fix.Lookup(f.Fix.Stack)
	switch {
	case f.Fix.Stack == "page":
		fmt.Fprintln(e.stderr, "corscheck: the change is in the page, whatever the server is")
	case o.run.stack != "" && stack.Key == "":
		fmt.Fprintf(e.stderr, "corscheck: %s has no change of its own for this: these are the headers to send\n", o.run.stack)
	case o.run.stack == "" && stack.Key == "":
		fmt.Fprintf(e.stderr, "corscheck: the server was not recognised: these are the headers to send; --stack NAME prints the change for a server\n")
	case o.run.stack == "":
		fmt.Fprintf(e.stderr, "corscheck: for %s (%s confidence: %s)\n", stack.Name, f.Fix.Confidence, report.Visible(f.Fix.Why))
	}
	_, err := io.WriteString(e.stdout, f.Fix.Snippet)
	return err
}

// toMend is the first finding with a change: one that explains the block before
// advice, and of that only what hides something from the page.
func toMend(r *probe.Result) (finding.Finding, bool) {
	for _, f := range r.Findings {
		if f.Fix != nil && (f.Severity != finding.Info || f.ID == "header-not-exposed") {
			return f, true
		}
	}
	return finding.Finding{}, false
}

func (o *fixOptions) nothingToPrint(e *env, r *probe.Result) error {
	if r.Fetch != nil && r.Fetch.Verdict == fetch.Allowed {
		fmt.Fprintln(e.stderr, "corscheck: nothing to change: the browser lets the page read this response")
		return nil
	}
	if r.Check.Request.Origin == fetch.NullOrigin && r.Fetch != nil && r.Fetch.Verdict == fetch.Blocked {
		return usagef("the origin null is that of every sandboxed frame and local file on any site, and no server should allow it").
			withHint("serve the page over http or https, and give its origin: -o https://app.example.com")
	}
	why := "no change of the server's configuration mends this"
	if len(r.Findings) > 0 {
		f := r.Findings[0]
		why += fmt.Sprintf(": %s: %s", f.ID, report.Visible(f.Detail))
	}
	return usagef("%s", why).withHint("corscheck with the same URL and flags tells the whole story")
}

// wrapped joins names with commas in lines of at most width characters.
func wrapped(names []string, width int) string {
	var b strings.Builder
	column := len("Stacks: ")
	for i, name := range names {
		if i > 0 {
			b.WriteString(",")
			if column+len(name)+2 > width {
				b.WriteString("\n")
				column = 0
			} else {
				b.WriteString(" ")
				column += 2
			}
		}
		b.WriteString(name)
		column += len(name)
	}
	return b.String()
}
