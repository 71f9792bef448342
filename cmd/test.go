package cmd

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/policy"
)

// configVariable names the policy where the command line does not.
const configVariable = "CORSCHECK_CONFIG"

// testOptions are the flags of corscheck test.
type testOptions struct {
	file       string
	schema     bool
	sendUnsafe bool
	browser    enum
	run        runFlags
	shard      shardFlag
	report     reportFlags
}

func newTestCmd(e *env) *cobra.Command {
	o := &testOptions{}
	c := &cobra.Command{
		Use:     "test [FILE]",
		GroupID: "check",
		Short:   "Hold servers against a policy: which origins may read what",
		Long: `test reads a policy, corscheck.yaml by default, and checks every URL, method and
origin in it. The run holds when every origin under allow can read the response
and no origin under deny can.

Without FILE and --config the policy is the file that ` + configVariable + ` names,
else ` + strings.Join(policy.FileNames, ", ") + ` here or in a
directory above, up to the root of the repository. corscheck init URL writes a
first one; docs/ci.md explains its keys, and --schema prints them for editors.`,
		Example: `  corscheck test
  corscheck test ci/corscheck.yaml -O junit:report.xml
  corscheck test --browser all --send-unsafe`,
		Args: atMostOne("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			if o.schema {
				_, err := e.stdout.Write(policy.Schema)
				return err
			}
			return runTest(c, e, o, args)
		},
	}
	o.register(c)
	return c
}

func (o *testOptions) register(c *cobra.Command) {
	fs := c.Flags()
	fs.SortFlags = false
	fs.StringVar(&o.file, "config", "", "policy `file`; - is stdin")
	fs.BoolVar(&o.schema, "schema", false, "print the JSON Schema of a policy, for editors")
	fs.BoolVar(&o.sendUnsafe, "send-unsafe", false, "really send methods other than GET, HEAD and OPTIONS, once a check")
	o.browser = enum{valid: []string{"chrome", "firefox", "safari", "all"}}
	enumFlag(c, &o.browser, "browser", "", "`browser` to judge as, whatever the policy says")
	o.run.register(c)
	o.shard.register(c)
	o.report.register(c)
}

// atMostOne refuses a second argument, which is most often a flag's value that
// was split.
func atMostOne(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usagef("%s takes one %s, not %d", c.CommandPath(), what, len(args))
		}
		return nil
	}
}

func runTest(c *cobra.Command, e *env, o *testOptions, args []string) error {
	if err := o.run.validate(); err != nil {
		return err
	}
	if err := o.report.validate(); err != nil {
		return err
	}
	file, err := o.find(e, args)
	if err != nil {
		return err
	}
	p, err := policy.Load(file, policy.Options{
		LookupEnv: e.lookupEnv, Stdin: e.stdin, SendUnsafe: o.sendUnsafe, Browsers: o.browsers(),
	})
	if err != nil {
		return unreadablePolicy(err)
	}
	defer p.Close()
	options := o.run.options(o.report.ignore)
	if p.Timeout > 0 && !c.Flags().Changed("timeout") {
		options.Timeout = p.Timeout
	}
	j := &judgement{checks: p.Checks(), total: p.Len(), options: options, report: &o.report, after: p.Err, reads: p.Files()}
	if err := o.shard.apply(e, j); err != nil {
		return err
	}
	return e.judge(j)
}

// find is the policy that the command line, the environment or the working
// directory names, in this order.
func (o *testOptions) find(e *env, args []string) (string, error) {
	switch {
	case len(args) > 0 && o.file != "":
		return "", usagef("the policy is given twice: as %s and with --config", args[0])
	case len(args) > 0:
		return args[0], nil
	case o.file != "":
		return o.file, nil
	}
	if file := e.getenv(configVariable); file != "" {
		e.remark(&o.report, "the policy is "+file+", from "+configVariable)
		return file, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", usagef("%w", err)
	}
	file, err := policy.Find(dir)
	if err != nil {
		return "", usagef("%w", err).withHint("corscheck init URL > %s writes one", policy.FileNames[0])
	}
	if filepath.Dir(file) != "." {
		e.remark(&o.report, "the policy is "+file)
	}
	return file, nil
}

func (o *testOptions) browsers() []*fetch.Profile {
	if o.browser.value == "" {
		return nil
	}
	flags := requestFlags{browser: o.browser}
	return flags.profiles()
}

// unreadablePolicy turns a file that is not there into an error of the command
// line; mistakes in the policy stay as they are.
func unreadablePolicy(err error) error {
	var one *policy.Error
	if many := (policy.Errors)(nil); !errors.As(err, &many) && errors.As(err, &one) {
		return usagef("%s: %s", one.File, one.Message).withHint("corscheck init URL > %s writes a policy", policy.FileNames[0])
	}
	return err
}

// remark says on stderr what was decided for the user, unless -q.
func (e *env) remark(f *reportFlags, message string) {
	if !f.quiet {
		complain(e.stderr, message, "")
	}
}
