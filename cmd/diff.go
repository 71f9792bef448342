package cmd

import (
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/report"
)

// newDiffCmd compares two saved reports.
func newDiffCmd(e *env) *cobra.Command {
	f := &reportFlags{}
	c := &cobra.Command{
		Use:     "diff OLD NEW",
		GroupID: "check",
		Short:   "Compare two saved reports: what fails anew, what is fixed",
		Long: "Compare two reports that were saved with --format json or jsonl. Checks are\n" +
			"matched by their request, page and browser, failures by reason and finding,\n" +
			"never by wording. The exit code is 1 where something fails that did not, or\n" +
			"that failed for another reason.",
		Example: "  corscheck diff yesterday.json today.json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usagef("diff takes two reports, the old one and the new one").withHint("corscheck diff OLD NEW")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return e.diff(args[0], args[1], f) },
	}
	f.format = enum{value: "text", valid: []string{"text", "json"}}
	enumFlag(c, &f.format, "format", "f", "`format` of the comparison")
	f.color = enum{value: string(report.ColorAuto), valid: names(report.ColorAuto, report.ColorAlways, report.ColorNever)}
	enumFlag(c, &f.color, "color", "", "colour the text")
	c.Flags().BoolVarP(&f.quiet, "quiet", "q", false, "say only the counts")
	return c
}

func (e *env) diff(before, after string, f *reportFlags) error {
	if before == "-" && after == "-" {
		return usagef("stdin is named twice")
	}
	var inputs [2]*inputFile
	for i, name := range []string{before, after} {
		in, err := e.openInput(name)
		if err != nil {
			return usagef("%w", err)
		}
		defer in.Close()
		inputs[i] = in
	}
	d, err := report.Compare(inputs[0], inputs[1], nameOfInput(before), nameOfInput(after))
	if err != nil {
		return usagef("%w", err)
	}
	write := func() error { return d.Text(e.stdout, e.textOptions(f)) }
	if f.format.value == "json" {
		write = func() error { return d.JSON(e.stdout) }
	}
	if err := write(); err != nil {
		return usagef("%w", unwritable(err))
	}
	if d.Failed() {
		return exitWith(ExitBlocked)
	}
	return nil
}

// An inputFile is a file to read, or stdin, which is not ours to close.
type inputFile struct {
	io.Reader
	file *os.File
}

// Close closes the file.
func (f *inputFile) Close() error {
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}
