package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/paste"
	"github.com/corscheck/corscheck/report"
)

// newCurlCmd judges a curl command that was pasted behind the word corscheck.
// curlLast has put corscheck's own flags before the --.
func newCurlCmd(e *env) *cobra.Command {
	o := &checkOptions{}
	c := &cobra.Command{
		Use:     "curl ...",
		GroupID: "check",
		Short:   "Judge a request that was copied as cURL",
		Long: `Paste what Copy as cURL of the Network tab gives, after the word corscheck and
corscheck's own flags. The request is judged as the browser that it was copied
from would make it. What the browser added by itself is left out; cookies and
other secrets are used, and never shown.

A preflight made by hand, curl -X OPTIONS with Access-Control-Request-Method, is
judged as the preflight of the request that it asks about.

A method other than GET, HEAD and OPTIONS is sent only with --send-unsafe.`,
		Example: `  corscheck curl 'https://api.example.com/users' -X PUT -H 'origin: https://app.example.com'
  corscheck --browser all -v curl -X OPTIONS https://api.example.com/users -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: POST'`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.validate(c); err != nil {
				return err
			}
			return o.judgeCurl(c, e, args)
		},
	}
	o.register(c)
	return c
}

func (o *checkOptions) judgeCurl(c *cobra.Command, e *env, args []string) error {
	if err := ownFlag(c, args); err != nil {
		return err
	}
	items, err := paste.ParseCurl(args)
	if err != nil {
		return usagef("%w", err)
	}
	var requests []pasted
	for i := range items {
		requests = append(requests, pasted{item: &items[i], request: *items[i].Request, notes: items[i].Notes})
	}
	checks, _, origin, err := o.pastedChecks(c, e, requests)
	if err != nil {
		return err
	}
	o.useTransport(c, &items[0].Transport)
	j := o.fixed(checks)
	j.defaultOrigin = origin
	if err := o.second.apply(j, &o.request, &o.run); err != nil {
		return err
	}
	return e.judge(j)
}

// ownFlag is an error where a flag of corscheck stands behind the word curl: curl
// has no such option, and it would be overlooked.
func ownFlag(c *cobra.Command, args []string) error {
	for i, arg := range args {
		name, long := strings.CutPrefix(arg, "--")
		name, _, _ = strings.Cut(name, "=")
		next := ""
		if i+1 < len(args) {
			next = args[i+1]
		}
		switch {
		case arg == "-o" && strings.Contains(next, "://"): // curl would write the answer to a file of that name
			return usagef("behind the word curl, -o is curl's own, and %s would be a file", next).
				withHint("corscheck -o %s curl ..., or -H 'Origin: %s'", next, next)
		case arg == "-f" && slices.Contains(report.FormatNames(), next):
			return usagef("behind the word curl, -f is curl's own, and %s would be a URL", next).withHint("corscheck -f %s curl ...", next)
		case !long || name == "verbose" || paste.IsCurlOption(name) || c.Flags().Lookup(name) == nil:
			continue
		}
		return usagef("--%s is a flag of corscheck, and behind the word curl everything is curl's", name).
			withHint("corscheck %s curl ...", arg)
	}
	return nil
}

// fixed are checks that are known before the run.
func (o *checkOptions) fixed(checks []probe.Check) *judgement {
	return &judgement{
		checks: slices.Values(checks), total: len(checks),
		options: o.run.options(o.report.ignore), report: &o.report,
		repeated: o.repeated(),
	}
}
