package cmd

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/report"
)

// reportFlags are the flags that say what becomes of the results.
type reportFlags struct {
	format  enum
	outputs []string
	color   enum
	failOn  enum
	ignored []string
	// baseline is a saved report whose failures pass.
	baseline string

	exitZero bool
	quiet    bool
	verbose  int

	ignore []finding.ID // of ignored
}

func (f *reportFlags) register(c *cobra.Command) {
	f.registerOutput(c)
	f.registerJudgement(c)
}

// registerOutput defines the flags that say how results are shown.
func (f *reportFlags) registerOutput(c *cobra.Command) {
	defer section(c, "The report")()
	fs := c.Flags()
	f.format = enum{value: "text", valid: report.FormatNames()}
	enumFlag(c, &f.format, "format", "f", "`format` of the report")
	fs.StringArrayVarP(&f.outputs, "output", "O", nil, "write a report in another `FORMAT:FILE` too; repeatable")
	_ = c.RegisterFlagCompletionFunc("output", completeOutput)
	f.color = enum{value: string(report.ColorAuto), valid: names(report.ColorAuto, report.ColorAlways, report.ColorNever)}
	enumFlag(c, &f.color, "color", "", "`when` to colour the report")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "say only the verdicts; no progress")
	fs.CountVarP(&f.verbose, "verbose", "v", "show each exchange as a curl line, and the extra requests``") // `` names no value
}

// registerJudgement defines the flags that say what makes a run fail.
func (f *reportFlags) registerJudgement(c *cobra.Command) {
	defer section(c, "The exit code")()
	fs := c.Flags()
	f.failOn = enum{value: string(probe.FailOnError), valid: names(probe.FailOnError, probe.FailOnWarning, probe.FailOnInfo, probe.FailOnNone)}
	enumFlag(c, &f.failOn, "fail-on", "", "`severity` of a finding that makes the run fail")
	fs.StringSliceVar(&f.ignored, "ignore", nil, "finding `ID` to leave out; repeatable")
	complete(c, "ignore", findingIDs()...)
	fs.StringVar(&f.baseline, "baseline", "", "saved report `FILE` whose failures are known and pass")
	fs.BoolVar(&f.exitZero, "exit-zero", false, "exit 0 instead of 1 and 3")
}

// completeOutput offers "FORMAT:", and leaves the file behind it to the user.
func completeOutput(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var formats []string
	for _, name := range report.FormatNames() {
		formats = append(formats, name+":")
	}
	return formats, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}

func (f *reportFlags) validate() error {
	if f.quiet && f.verbose > 0 {
		return usagef("-q and -v exclude each other")
	}
	f.ignore = nil
	for _, id := range f.ignored {
		if _, err := lookUpRule(id); err != nil {
			return flagged("--ignore", err)
		}
		f.ignore = append(f.ignore, finding.ID(id))
	}
	for _, output := range f.outputs {
		if _, _, err := report.ParseOutput(output); err != nil {
			return flagged("-O", err)
		}
	}
	return nil
}

// needsSource is the first of the formats asked for that puts each result at a
// line of a file, or empty.
func (f *reportFlags) needsSource() string {
	asked := []string{f.format.value}
	for _, output := range f.outputs {
		format, _, err := report.ParseOutput(output)
		if err == nil {
			asked = append(asked, format)
		}
	}
	for _, known := range report.Formats() {
		if known.NeedsSource && slices.Contains(asked, known.Name) {
			return known.Name
		}
	}
	return ""
}
