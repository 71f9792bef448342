package cmd

import (
	"github.com/spf13/cobra"
)

// formats are the formats of a report. The order is that of help texts.
var formats = []string{"text", "table", "json", "jsonl", "junit", "sarif", "github", "gitlab", "tap", "markdown", "html"}

// reportFlags are the flags that say what becomes of the results.
type reportFlags struct {
	format  enum
	outputs []string
	color   enum
	failOn  enum
	ignore  []string

	exitZero       bool
	quiet, verbose bool
}

func (f *reportFlags) register(c *cobra.Command) {
	fs := c.Flags()
	f.format = enum{value: "text", valid: formats}
	enumFlag(c, &f.format, "format", "f", "format of the report")
	fs.StringArrayVarP(&f.outputs, "output", "O", nil, "write a report in another `format:file` too; repeatable")
	f.color = enum{value: "auto", valid: []string{"auto", "always", "never"}}
	enumFlag(c, &f.color, "color", "", "colour the report")
	f.failOn = enum{value: "error", valid: []string{"error", "warning", "info", "none"}}
	enumFlag(c, &f.failOn, "fail-on", "", "severity of a finding that makes the run fail")
	fs.StringSliceVar(&f.ignore, "ignore", nil, "finding `ID` to leave out; repeatable")
	fs.BoolVar(&f.exitZero, "exit-zero", false, "exit 0 instead of 1 and 3")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "say only the verdict; no progress")
	fs.BoolVarP(&f.verbose, "verbose", "v", false, "show every header, the extra requests and the timings")
}

func (f *reportFlags) validate() error {
	if f.quiet && f.verbose {
		return usagef("-q and -v exclude each other")
	}
	return nil
}
