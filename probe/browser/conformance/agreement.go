package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/browser"
	"github.com/corscheck/corscheck/probe/browser/scenario"
	"github.com/corscheck/corscheck/probe/fetch"
)

// agreement writes the page that shows how far the machine and the recorded
// browsers agree; with -record the recordings are made again first.
func agreement(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	dir := flags.String("dir", "testdata/verdicts", "the folder of the recorded sets")
	again := flags.Bool("record", false, "record every set again in the installed browsers")
	if err := flags.Parse(args); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(*dir, "*.jsonl.gz"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("there is no recorded set in %s", *dir)
	}
	var page strings.Builder
	page.WriteString(agreementHead)
	disagree := false
	for _, file := range files {
		if *again {
			if err := recordAgain(ctx, file, out); err != nil {
				return err
			}
		}
		records, err := scenario.ReadFile(file)
		if err != nil {
			return err
		}
		for _, p := range fetch.Profiles() {
			held, fields, err := disagreements(p, records)
			if err != nil {
				return err
			}
			disagree = disagree || fields["any"] > 0
			writeRow(&page, filepath.Base(file), p, held, fields)
		}
	}
	name := filepath.Join(*dir, "AGREEMENT.md")
	if err := os.WriteFile(name, []byte(page.String()), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(out, "wrote %s\n", name)
	if disagree {
		return errDisagree
	}
	return nil
}

const agreementHead = `# How far corscheck and the browsers agree

Each line holds the machine of ` + "`probe/fetch`" + ` against what a real browser did with a
recorded set of scenarios. A cell is the number of scenarios that disagree in
that field. Made by ` + "`go run ./probe/browser/conformance agreement`" + `; with ` + "`-record`" + ` the
scenarios are run again in the installed browsers first.

These are the scenarios that somebody has recorded. CI runs fresh ones as well, 3,000 of the
generator and 1,000 crossed from these in each browser, and 300 over several hosts and schemes
in Chromium and Firefox: WebKitGTK asks the machine's resolver for their names, which a test may
not change; ` + "`conformance run -hosts -browser webkit`" + ` runs them on a machine of one's own.

| set | browser | scenarios | disagree | allowed | type | status | headers | code | param | console | wire |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
`

// fields are the recorded fields, as the columns of the page.
var fields = []string{"any", "allowed", "type", "status", "headers", "code", "param", "console", "wire"}

var afterField = regexp.MustCompile(`[\[.].*`)

func disagreements(p *fetch.Profile, records []*scenario.Record) (held int, counts map[string]int, err error) {
	counts = map[string]int{}
	for _, r := range records {
		did, ok := r.Browsers[p.Name]
		if !ok {
			continue
		}
		held++
		_, diff, err := scenario.Judge(p, &r.Scenario, &did)
		if err != nil {
			return 0, nil, err
		}
		var seen []string
		for _, d := range diff {
			if field := afterField.ReplaceAllString(d.Field, ""); !slices.Contains(seen, field) {
				seen = append(seen, field)
				counts[field]++
			}
		}
		if len(diff) > 0 {
			counts["any"]++
		}
	}
	return held, counts, nil
}

func writeRow(w io.Writer, set string, p *fetch.Profile, held int, counts map[string]int) {
	fmt.Fprintf(w, "| %s | %s | %d |", set, p.Version, held)
	for _, field := range fields {
		fmt.Fprintf(w, " %d |", counts[field])
	}
	fmt.Fprintln(w)
}

// recordAgain runs a recorded set again in every browser and writes it anew.
func recordAgain(ctx context.Context, file string, out io.Writer) error {
	records, err := scenario.ReadFile(file)
	if err != nil {
		return err
	}
	list := scenario.Scenarios(records)
	for _, name := range browser.Names {
		if err := recordIn(ctx, name, list, records, out); err != nil {
			return err
		}
	}
	return scenario.WriteFile(file, records)
}
