package cmd

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/report"
)

// targetError is the InputError of one of the URLs on the command line.
type targetError struct {
	typed string
	*probe.InputError
}

func (e *targetError) Unwrap() error { return e.InputError }

// correctedCommand adds to the error of a URL the command to copy, with the
// corrected URL in place of the wrong one. What the user gave as a secret is
// masked in it, even before its owner: logs of CI keep stderr.
func correctedCommand(c *cobra.Command, e *env, err error) error {
	bad, ok := err.(*targetError)
	if !ok {
		return err
	}
	if wrong := wordForURL(c, e, bad); wrong != nil {
		return wrong
	}
	if bad.Correct == "" {
		return err
	}
	return &usageError{message: err.Error(), hint: commandLine(c, e.args, func(arg string) (string, bool) {
		if arg == bad.typed {
			return bad.Correct, true
		}
		return arg, true
	}), cause: err}
}

// wordForURL is the error of a word that was meant for a command: none has that
// name, or the URL alone is enough.
func wordForURL(c *cobra.Command, e *env, bad *targetError) error {
	if strings.ContainsAny(bad.typed, ".:/@") || bad.typed == "localhost" || c.HasParent() || bad.Correct == "" {
		return nil
	}
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	err := usagef("%q is neither a URL nor a command", bad.typed)
	if near := report.Nearest(bad.typed, names); near != "" {
		return err.withHint("did you mean corscheck %s?", near)
	}
	if c.Flags().NArg() < 2 {
		return nil
	}
	return err.withHint("%s", commandLine(c, e.args, func(arg string) (string, bool) { return arg, arg != bad.typed }))
}

// commandLine writes a command line for a shell, its secrets masked; each gives
// what stands for an argument that is no flag, or false to leave it out.
func commandLine(c *cobra.Command, args []string, each func(string) (string, bool)) string {
	line := "corscheck"
	for i := 0; i < len(args); i++ {
		arg := args[i]
		name, value, at := flagIn(c.Flags(), arg)
		switch {
		case name == "":
			changed, keep := each(arg)
			if !keep {
				continue
			}
			arg = report.MaskURL(changed)
		case at < len(arg):
			arg = arg[:at] + maskFlag(name, value)
		case takesNext(c.Flags(), arg) && i+1 < len(args):
			line += " " + arg
			i++
			arg = maskFlag(name, args[i])
		}
		line += " " + report.Quote(arg)
	}
	return line
}

// flagIn finds the flag with a value in an argument: its name, and the value
// with where that starts, which is the end where it is the next argument. The
// name is empty where the argument is no flag.
func flagIn(flags *pflag.FlagSet, arg string) (name, value string, at int) {
	switch {
	case len(arg) < 2 || arg[0] != '-' || arg == "--":
		return "", "", 0
	case arg[1] == '-':
		name, _, found := strings.Cut(arg[2:], "=")
		if at = len(arg); found {
			at = len("--") + len(name) + len("=")
		}
		return name, arg[at:], at
	}
	for j := 1; j < len(arg); j++ {
		f := flags.ShorthandLookup(arg[j : j+1])
		if f != nil && f.NoOptDefVal == "" {
			return f.Name, arg[j+1:], j + 1
		}
	}
	return arg[1:], "", len(arg)
}

// maskFlag masks what is secret in the value of a flag.
func maskFlag(name, value string) string {
	switch name {
	case "header":
		header, secret, found := strings.Cut(value, ":")
		if !found {
			return value
		}
		masked := report.MaskHeader(strings.TrimSpace(header), strings.TrimSpace(secret))
		if masked == strings.TrimSpace(secret) {
			return value
		}
		return header + ": " + masked
	case "data":
		if strings.HasPrefix(value, "@") || value == "" {
			return value
		}
		return report.Masked
	case "cookie":
		return report.MaskSetCookie(value)
	case "proxy":
		return report.MaskUserinfo(value)
	}
	return report.MaskURL(value)
}
