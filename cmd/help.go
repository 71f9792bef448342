package cmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corscheck/corscheck/report"
)

// sectionKey is the annotation of a flag that says under which heading help
// lists it.
const sectionKey = "corscheck section"

// section puts the flags that are defined until the returned function is called
// under a heading: `defer section(c, "The run")()`.
func section(c *cobra.Command, title string) (end func()) {
	before := map[string]bool{}
	c.Flags().VisitAll(func(f *pflag.Flag) { before[f.Name] = true })
	return func() {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !before[f.Name] {
				// The error would be a flag that does not exist.
				_ = c.Flags().SetAnnotation(f.Name, sectionKey, []string{title})
			}
		})
	}
}

// strictHelp makes of cobra's own commands such that say when they do not know a
// word, as all others do.
func strictHelp(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			explain := c.Run
			c.RunE, c.Run = func(c *cobra.Command, args []string) error {
				if at, rest, err := root.Find(args); err != nil || len(rest) > 0 {
					return noSuchWord("command", last(rest, args), at)
				}
				explain(c, args)
				return nil
			}, nil
		case "completion":
			c.Args = cobra.ArbitraryArgs
			c.RunE = func(c *cobra.Command, args []string) error {
				if len(args) > 0 {
					return noSuchWord("shell", args[0], c)
				}
				return c.Help()
			}
		}
	}
}

// last is the word that was not understood.
func last(rest, args []string) string {
	if len(rest) > 0 {
		return rest[0]
	}
	return strings.Join(args, " ")
}

// noSuchWord is the error of a word that is not among the commands of another.
func noSuchWord(kind, word string, of *cobra.Command) error {
	var names []string
	for _, sub := range of.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	err := usagef("there is no %s %q", kind, word)
	if near := report.Nearest(word, names); near != "" {
		return err.withHint("did you mean %s?", near)
	}
	return err.withHint("%s --help lists all of them", of.CommandPath())
}

// helpWidth is the width of help texts: the terminal's, but lines that are too
// long are hard to read.
func (e *env) helpWidth() int {
	if e.width == 0 {
		return 80
	}
	return max(min(e.width, 100), 60)
}

// help prints what a command does, examples first.
func (e *env) help(c *cobra.Command, _ []string) {
	w := c.OutOrStdout()
	about := c.Long
	if about == "" {
		about = c.Short + "."
	}
	fmt.Fprintln(w, strings.TrimSpace(about))
	if c.HasExample() {
		fmt.Fprintf(w, "\nExamples:\n%s\n", strings.TrimRight(c.Example, "\n"))
	}
	e.usage(w, c)
}

func (e *env) usage(w io.Writer, c *cobra.Command) {
	fmt.Fprintf(w, "\nUsage:\n  %s\n", c.UseLine())
	for _, group := range c.Groups() {
		fmt.Fprintf(w, "\n%s\n", group.Title)
		for _, sub := range c.Commands() {
			if sub.GroupID == group.ID && sub.IsAvailableCommand() || sub.Name() == "help" && group.ID == sub.GroupID {
				fmt.Fprintf(w, "  %-12s%s\n", sub.Name(), sub.Short)
			}
		}
	}
	// A command without groups lists what it has, as completion does.
	if len(c.Groups()) == 0 && c.HasAvailableSubCommands() {
		fmt.Fprint(w, "\nCommands:\n")
		for _, sub := range c.Commands() {
			fmt.Fprintf(w, "  %-12s%s\n", sub.Name(), sub.Short)
		}
	}
	for _, s := range sections(c) {
		fmt.Fprintf(w, "\n%s:\n%s", s.title, s.flags.FlagUsagesWrapped(e.helpWidth()))
	}
}

type flagSection struct {
	title string
	flags *pflag.FlagSet
}

// sections are a command's flags by heading, in the order of their definition.
func sections(c *cobra.Command) []flagSection {
	c.Flags().SortFlags = false
	var list []flagSection
	add := func(title string, f *pflag.Flag) {
		for _, s := range list {
			if s.title == title {
				s.flags.AddFlag(f)
				return
			}
		}
		flags := pflag.NewFlagSet("", pflag.ContinueOnError)
		flags.SortFlags = false
		flags.AddFlag(f)
		list = append(list, flagSection{title, flags})
	}
	rest := pflag.NewFlagSet("", pflag.ContinueOnError)
	rest.SortFlags = false
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		switch title := f.Annotations[sectionKey]; {
		case f.Hidden:
		case len(title) > 0:
			add(title[0], f)
		default:
			rest.AddFlag(f)
		}
	})
	if rest.HasFlags() {
		list = append(list, flagSection{"Flags", rest})
	}
	return list
}
