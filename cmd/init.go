package cmd

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/policy"
	"github.com/corscheck/corscheck/report"
)

// initOptions are the flags of corscheck init.
type initOptions struct {
	request requestFlags
	run     runFlags
	output  string
}

func newInitCmd(e *env) *cobra.Command {
	o := &initOptions{}
	c := &cobra.Command{
		Use:     "init URL...",
		GroupID: "check",
		Short:   "Write a starter policy from what the server does today",
		Long: `init checks the URLs and writes a commented policy that holds today. It names
the origins given with -o and no other: what a server accepts beyond them is
for you to bless. Values of credentials are written as variables.`,
		Example: `  corscheck init https://api.example.com/users -o https://app.example.com > corscheck.yaml
  corscheck init https://api.example.com/users -o https://app.example.com -X GET -X PUT -O corscheck.yaml`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.request.given(c); err != nil {
				return err
			}
			return correctedCommand(c, e, runInit(e, o, args))
		},
	}
	c.Flags().SortFlags = false
	o.request.register(c)
	o.run.register(c)
	c.Flags().StringVarP(&o.output, "output", "O", "", "write the policy to this `file`, which must not exist yet")
	return c
}

func runInit(e *env, o *initOptions, urls []string) error {
	if len(urls) == 0 && o.request.urlsFile == "" {
		return usagef("no URL given").withHint("corscheck init https://api.example.com/users -o https://app.example.com")
	}
	if err := o.run.validate(); err != nil {
		return err
	}
	if err := o.request.policyCanHold(); err != nil {
		return err
	}
	if o.output != "" {
		if _, err := os.Lstat(o.output); err == nil {
			return alreadyThere(o.output)
		}
	}
	b, err := o.request.batch(e, urls)
	if err != nil {
		return err
	}
	text, err := starter(e, o, b)
	if err != nil {
		return err
	}
	return e.writeNew(o.output, text)
}

// policyCanHold refuses flags that a policy has no key for: it would not hold
// for the request that was made.
func (f *requestFlags) policyCanHold() error {
	for _, given := range []struct {
		flag string
		set  bool
	}{
		{"--mode", f.mode.value != "" && f.mode.value != string(fetch.ModeCORS)},
		{"--initiator", f.initiator.value != string(fetch.InitiatorFetch)},
		{"--cookie", len(f.cookies) > 0},
		{"--third-party-cookies", f.thirdParty.value != ""},
		{"--user-agent", f.userAgent != ""},
		{"--expect", f.expect.value != ""},
	} {
		if given.set {
			return usagef("%s: a policy has no key for it", given.flag).withHint("leave out %s", given.flag)
		}
	}
	return nil
}

// starter checks the server as it is and writes it down.
func starter(e *env, o *initOptions, b *batch) (string, error) {
	options := o.run.options(nil)
	options.NoDiagnose = true
	prober, err := probe.New(options)
	if err != nil {
		return "", wrongOption(err)
	}
	defer prober.Close()
	ctx, stop := e.interruptible(context.Background())
	defer stop()
	s := &policy.Starter{
		Assumed: b.defaultOrigin != "",
		MaskURL: report.MaskURL, Mask: report.Masked, SecretHeader: report.SecretHeader,
	}
	for r := range prober.Run(ctx, b.checks) {
		if r.Err != nil {
			return "", refusal(r.Err)
		}
		s.Results = append(s.Results, r)
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if b.defaultOrigin != "" {
		complain(e.stderr, "no origin was given: "+b.defaultOrigin+" stands for a page that nobody knows; name yours with -o", "")
	}
	text, err := s.Write()
	if err != nil {
		return "", usagef("%w", err).withHint("%s", firstFailure(s.Results))
	}
	return text, nil
}

// firstFailure says why there was no verdict, for one check of all.
func firstFailure(results []*probe.Result) string {
	for _, r := range results {
		if reason := r.Fetch.Reason(); reason != nil && reason.Explanation != "" {
			return reason.Explanation
		}
	}
	return "corscheck URL says more"
}

// writeNew writes to a file that does not exist, or to stdout.
func (e *env) writeNew(file, text string) error {
	if file == "" {
		_, err := e.stdout.Write([]byte(text))
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return alreadyThere(file)
	}
	if err != nil {
		return usagef("-O: %w", unwritable(err))
	}
	_, err = f.WriteString(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return usagef("-O: %w", unwritable(err))
	}
	return nil
}

func alreadyThere(file string) error {
	return usagef("%s exists already, and init overwrites nothing", file).withHint("name another file, or leave out -O to print the policy")
}
