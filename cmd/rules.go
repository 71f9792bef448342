package cmd

import (
	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/fix"
	"github.com/corscheck/corscheck/report"
)

// newRulesCmd prints the catalogue of findings, or one page of it.
func newRulesCmd(e *env) *cobra.Command {
	format := &enum{value: "text", valid: []string{"text", "markdown", "html"}}
	c := &cobra.Command{
		Use:     "rules [ID]",
		GroupID: "more",
		Short:   "List what corscheck can say, or explain one finding",
		Long: "List all findings with their severity, or print the page of one: what happened,\n" +
			"why the browser refuses, the exchange, the fix, and when it is safe to ignore.",
		Example: "  corscheck rules\n  corscheck rules preflight-needs-auth\n  corscheck rules --format html > rules.html",
		Args:    cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return findingIDs(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			catalogue := report.Catalogue{Findings: finding.Catalogue(), Stacks: knownStacks()}
			if len(args) == 1 {
				entry, err := lookUpRule(args[0])
				if err != nil {
					return err
				}
				catalogue = report.Catalogue{Findings: []finding.Entry{entry}}
			}
			switch format.value {
			case "markdown":
				return catalogue.Markdown(e.stdout)
			case "html":
				return catalogue.HTML(e.stdout)
			}
			return catalogue.Text(e.stdout)
		},
	}
	enumFlag(c, format, "format", "f", "`format` of the pages")
	return c
}

// knownStacks are the servers that changes are printed for.
func knownStacks() []report.Stack {
	var out []report.Stack
	for _, s := range fix.Stacks() {
		note := ""
		switch {
		case s.Kind == fix.DevProxy:
			note = "a development proxy, for a server that is not yours"
		case !s.Run:
			note = "from its documentation, not run"
		}
		out = append(out, report.Stack{Key: s.Key, Name: s.Name, Note: note})
	}
	return out
}

func lookUpRule(id string) (finding.Entry, error) {
	if entry, ok := finding.Lookup(finding.ID(id)); ok {
		return entry, nil
	}
	err := usagef("there is no finding %q", id)
	if near, ok := finding.Suggest(id); ok {
		return finding.Entry{}, err.withHint("did you mean %s?", near)
	}
	return finding.Entry{}, err.withHint("corscheck rules lists all of them")
}

func findingIDs() []string {
	var ids []string
	for _, e := range finding.Catalogue() {
		ids = append(ids, string(e.ID))
	}
	return ids
}
