package cmd

import "github.com/spf13/cobra"

// checkOptions are the flags of a check.
type checkOptions struct {
	request requestFlags
	run     runFlags
	shard   shardFlag
	second  inBrowserFlag
	report  reportFlags
	urls    []string
}

func newCheckCmd(e *env) *cobra.Command {
	o := &checkOptions{}
	c := &cobra.Command{
		Use:   "corscheck URL...",
		Short: "Say whether a browser lets a page read a response, and if not, why",
		Long: `corscheck sends the requests that a browser would send, judges the answers as
that browser would, proves the cause of a failure with a few harmless requests,
and prints the change to make.`,
		Example: `  corscheck https://api.example.com/users --origin https://app.example.com
  corscheck https://api.example.com/users/1 -X PUT -H 'Content-Type: application/json'
  corscheck demo`,
		// Any word may be a URL; without this cobra takes it for a command.
		Args: cobra.ArbitraryArgs,
		// URLs have no completion, and files are none.
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			o.urls = args
			if err := o.validate(c); err != nil {
				return err
			}
			return correctedCommand(c, e, runCheck(e, o))
		},
	}
	o.register(c)
	return c
}

// register defines all flags of a check on a command.
func (o *checkOptions) register(c *cobra.Command) {
	c.Flags().SortFlags = false
	o.request.register(c)
	o.run.register(c)
	o.shard.register(c)
	o.second.register(c)
	o.report.register(c)
}

func (o *checkOptions) validate(c *cobra.Command) error {
	if err := o.request.given(c); err != nil {
		return err
	}
	if err := o.run.validate(); err != nil {
		return err
	}
	return o.report.validate()
}

func runCheck(e *env, o *checkOptions) error {
	if len(o.urls) == 0 && o.request.urlsFile == "" {
		return usagef("no URL given").withHint("corscheck https://api.example.com/users --origin https://app.example.com, or corscheck demo")
	}
	b, err := o.request.batch(e, o.urls)
	if err != nil {
		return err
	}
	j := &judgement{
		checks: b.checks, total: b.total, defaultOrigin: b.defaultOrigin,
		options: o.run.options(o.report.ignore), report: &o.report, after: b.err,
		reads:    o.request.files(),
		repeated: o.repeated(),
	}
	if err := o.second.apply(j, &o.request, &o.run); err != nil {
		return err
	}
	if err := o.shard.apply(e, j); err != nil {
		return err
	}
	return e.judge(j)
}
