package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/corscheck/corscheck/probe/browser"
	"github.com/corscheck/corscheck/probe/browser/scenario"
	"github.com/corscheck/corscheck/probe/fetch"
)

func record(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	var src source
	src.flags(flags)
	to := flags.String("o", "", "the file to write; .gz packs it")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *to == "" {
		return errors.New("record needs a file to write: add -o FILE")
	}
	list, err := src.scenarios()
	if err != nil {
		return err
	}
	records := make([]*scenario.Record, len(list))
	for i, sc := range list {
		records[i] = &scenario.Record{Scenario: *sc, Browsers: map[string]scenario.Outcome{}}
	}
	for _, name := range splitList(src.browsers) {
		if err := recordIn(ctx, name, list, records, out); err != nil {
			return err
		}
	}
	return scenario.WriteFile(*to, records)
}

func recordIn(ctx context.Context, name string, list []*scenario.Scenario, records []*scenario.Record, out io.Writer) error {
	b, err := browser.Open(ctx, name)
	if err != nil {
		return err
	}
	defer b.Close()
	start := time.Now()
	done := 0
	for part := range slices.Chunk(list, batch) {
		did, err := b.Record(ctx, part)
		if err != nil {
			return err
		}
		for i := range did {
			records[done].Browsers[browser.Profiles[name]] = did[i]
			done++
		}
	}
	fmt.Fprintf(out, "%s: %d scenarios, %.0f a second\n", b.Version(), done, float64(done)/time.Since(start).Seconds())
	return nil
}

func compare(_ context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	show := flags.Int("show", 10, "print so many disagreements of each browser")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("compare needs a recorded file")
	}
	disagree := false
	for _, name := range flags.Args() {
		records, err := scenario.ReadFile(name)
		if err != nil {
			return err
		}
		for _, p := range fetch.Profiles() {
			n, err := compareIn(p, records, *show, out)
			if err != nil {
				return err
			}
			disagree = disagree || n > 0
		}
	}
	if disagree {
		return errDisagree
	}
	return nil
}

func compareIn(p *fetch.Profile, records []*scenario.Record, show int, out io.Writer) (int, error) {
	disagree, held := 0, 0
	for _, r := range records {
		did, ok := r.Browsers[p.Name]
		if !ok {
			continue
		}
		held++
		predicted, diff, err := scenario.Judge(p, &r.Scenario, &did)
		if err != nil {
			return 0, err
		}
		if len(diff) == 0 {
			continue
		}
		if disagree++; disagree <= show {
			d := browser.Disagreement{Scenario: &r.Scenario, Browser: p.Name, Did: did, Predicted: predicted, Differences: diff}
			d.Write(out)
		}
	}
	fmt.Fprintf(out, "%s: %d scenarios, %d disagreements\n", p.Name, held, disagree)
	return disagree, nil
}
