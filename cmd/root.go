// Package cmd is the command line of corscheck: one file a command, from flags
// to checks to a report to an exit code. No logic of CORS lives here.
//
// What every command keeps to: reports go to stdout and everything else to
// stderr; an error is "corscheck: " and one sentence, lower case, with at most
// one hint below it; no command prompts.
package cmd

import (
	"io"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// version is set by the linker of a release.
var version = ""

// Main runs one command line and returns its exit code.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return run(newEnv(args, stdin, stdout, stderr))
}

func run(e *env) int {
	root := newRootCmd(e)
	root.SetArgs(curlLast(root, e.args))
	if len(e.args) > 0 && strings.HasPrefix(e.args[0], cobra.ShellCompRequestCmd) {
		plainUsage(root)
	}
	return finish(root.Execute(), e.stderr)
}

func newRootCmd(e *env) *cobra.Command {
	root := newCheckCmd(e)
	root.Version = toolVersion()
	root.SilenceUsage = true
	root.SilenceErrors = true
	root.SetIn(e.stdin)
	root.SetOut(e.stdout)
	root.SetErr(e.stderr)
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(e.help)
	root.SetUsageFunc(func(c *cobra.Command) error { e.usage(c.OutOrStderr(), c); return nil })
	root.SetVersionTemplate("corscheck {{.Version}}\n")
	root.SetHelpCommandGroupID("more")
	root.SetCompletionCommandGroupID("more")
	root.AddGroup(
		&cobra.Group{ID: "check", Title: "Commands that check:"},
		&cobra.Group{ID: "more", Title: "More commands:"},
	)
	for _, c := range commands(e) {
		root.AddCommand(c)
	}
	strictHelp(root)
	return root
}

// commands are all commands beside the check itself. Each names its group,
// "check" or "more".
func commands(e *env) []*cobra.Command {
	return []*cobra.Command{
		newTestCmd(e),
		newInitCmd(e),
		newDemoCmd(e),
		newLabCmd(e),
		newFixCmd(e),
		newExplainCmd(e),
		newCurlCmd(e),
		newHARCmd(e),
		newRenderCmd(e),
		newDiffCmd(e),
		newRulesCmd(e),
	}
}

// toolVersion is the version of a release, else what the go tool knows.
func toolVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// curlLast lets `corscheck [flags] curl ...` take a pasted curl command: where
// the first word that is no flag is "curl", everything behind it belongs to
// curl, flags included. `corscheck -v curl -X PUT URL` becomes
// `corscheck curl -v -- -X PUT URL`.
func curlLast(root *cobra.Command, args []string) []string {
	i := firstWordIndex(root.Flags(), args)
	if i < 0 || args[i] != "curl" {
		return args
	}
	before, after := args[:i], args[i+1:]
	if len(after) == 1 && (after[0] == "-h" || after[0] == "--help") {
		return args
	}
	out := append([]string{"curl"}, before...)
	return append(append(out, "--"), after...)
}

// firstWordIndex is the index of the first argument that is neither a flag nor
// a flag's value, or -1.
func firstWordIndex(flags *pflag.FlagSet, args []string) int {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			return -1
		case len(arg) < 2 || arg[0] != '-':
			return i
		case takesNext(flags, arg):
			i++
		}
	}
	return -1
}

// takesNext reports whether the value of a flag is the next argument.
func takesNext(flags *pflag.FlagSet, arg string) bool {
	if arg[1] == '-' {
		f := flags.Lookup(arg[2:]) // "name=value" is no flag's name
		return f != nil && f.NoOptDefVal == ""
	}
	for j := 1; j < len(arg); j++ {
		f := flags.ShorthandLookup(arg[j : j+1])
		if f != nil && f.NoOptDefVal == "" {
			return j == len(arg)-1
		}
	}
	return false
}
