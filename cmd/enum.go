package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corscheck/corscheck/report"
)

// An enum is a flag whose values are a closed list.
type enum struct {
	value string
	valid []string
}

var _ pflag.Value = (*enum)(nil)

func (e *enum) String() string { return e.value }
func (e *enum) Type() string   { return "word" }

func (e *enum) Set(s string) error {
	if slices.Contains(e.valid, s) {
		e.value = s
		return nil
	}
	return oneOf(s, e.valid)
}

// enumFlag defines a flag of closed values together with its completion.
func enumFlag(c *cobra.Command, e *enum, name, shorthand, usage string) {
	c.Flags().VarP(e, name, shorthand, usage+": "+strings.Join(e.valid, ", "))
	complete(c, name, e.valid...)
}

// complete gives a flag's values to the shell.
func complete(c *cobra.Command, name string, values ...string) {
	// The error is a flag that does not exist, which a test of all flags finds.
	_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// completeNothing keeps the shell from offering files for flags that take none.
func completeNothing(c *cobra.Command, names ...string) {
	for _, name := range names {
		complete(c, name)
	}
}

// plainUsage takes the quotes off the names of values, which only --help reads.
func plainUsage(c *cobra.Command) {
	for _, flags := range []*pflag.FlagSet{c.Flags(), c.PersistentFlags()} {
		flags.VisitAll(func(f *pflag.Flag) { f.Usage = strings.ReplaceAll(f.Usage, "`", "") })
	}
	for _, sub := range c.Commands() {
		plainUsage(sub)
	}
}

// oneOf is the error of a value outside a closed list.
func oneOf(got string, valid []string) error {
	err := usagef("%q is not one of %s", got, strings.Join(valid, ", "))
	if near := report.Nearest(got, valid); near != "" {
		return err.withHint("did you mean %s?", near)
	}
	return err
}

// flagError turns what pflag says about a flag into one sentence and a hint.
func flagError(c *cobra.Command, err error) error {
	switch e := err.(type) {
	case *pflag.NotExistError:
		name := e.GetSpecifiedName()
		dashes := "--"
		if e.GetSpecifiedShortnames() != "" {
			dashes = "-"
		}
		unknown := usagef("unknown flag %s%s", dashes, name)
		if near := report.Nearest(name, flagNames(c)); dashes == "--" && near != "" {
			return unknown.withHint("did you mean --%s?", near)
		}
		return unknown.withHint("%s --help lists the flags", c.CommandPath())
	case *pflag.ValueRequiredError:
		return usagef("the flag %s needs a value", flagName(e.GetFlag()))
	case *pflag.InvalidValueError:
		cause := e.Unwrap()
		wrapped := &usageError{
			message: fmt.Sprintf("%s: %s", flagName(e.GetFlag()), plainCause(e.GetFlag(), e.GetValue(), cause)),
			cause:   cause,
		}
		wrapped.hint = hintOf(cause)
		return wrapped
	}
	return usagef("%s", err.Error())
}

// plainCause says what is wrong with a value without strconv's own words.
func plainCause(f *pflag.Flag, value string, cause error) string {
	switch f.Value.Type() {
	case "int":
		return fmt.Sprintf("%q is not a whole number", value)
	case "duration":
		return fmt.Sprintf("%q is not a duration such as 10s, 500ms or 2m", value)
	case "bool":
		return fmt.Sprintf("%q is neither true nor false", value)
	}
	return cause.Error()
}

func flagName(f *pflag.Flag) string {
	if f.Shorthand != "" {
		return "-" + f.Shorthand + "/--" + f.Name
	}
	return "--" + f.Name
}

func flagNames(c *cobra.Command) []string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}
