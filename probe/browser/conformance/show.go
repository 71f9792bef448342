package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"

	"github.com/corscheck/corscheck/probe/browser"
	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// show writes recorded scenarios for a person to read, by their names.
func show(_ context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	dir := flags.String("dir", "testdata/verdicts", "the folder of the recorded sets")
	if err := flags.Parse(args); err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, id := range flags.Args() {
		wanted[id] = true
	}
	records, err := scenario.ReadFiles(filepath.Join(*dir, "*.jsonl.gz"))
	if err != nil {
		return err
	}
	for _, r := range records {
		if wanted[r.Scenario.ID] {
			browser.Show(out, r)
			delete(wanted, r.Scenario.ID)
		}
	}
	for id := range wanted {
		return fmt.Errorf("no scenario in %s is called %q", *dir, id)
	}
	return nil
}
