package cmd

import (
	"fmt"
	"os"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/report"
)

// readBaseline reads the file of --baseline; nil without one.
func (f *reportFlags) readBaseline(e *env) (*report.Baseline, error) {
	if f.baseline == "" {
		return nil, nil
	}
	in, err := e.openInput(f.baseline)
	if err != nil {
		return nil, usagef("--baseline: %w", err)
	}
	defer in.Close()
	b, err := report.ReadBaseline(in, nameOfInput(f.baseline), probe.FailOn(f.failOn.value))
	if err != nil {
		return nil, usagef("--baseline: %w", err)
	}
	return b, nil
}

// shownFixed is how many fixed failures are named one by one.
const shownFixed = 10

// pointOutFixed says which failures of the baseline are none any more: it can
// be written anew, and then they would fail again as they should.
func (e *env) pointOutFixed(b *report.Baseline, f *reportFlags) {
	if b == nil || f.quiet {
		return
	}
	fixed := b.Fixed()
	if len(fixed) == 0 {
		return
	}
	failures := "1 failure"
	if len(fixed) > 1 {
		failures = fmt.Sprintf("%d failures", len(fixed))
	}
	fmt.Fprintf(e.stderr, "corscheck: %s of the baseline fixed; write it anew with -O json:%s so that they stay so\n", failures, printable(f.baseline))
	for i, name := range fixed {
		if i == shownFixed {
			fmt.Fprintf(e.stderr, "  and %d more\n", len(fixed)-shownFixed)
			break
		}
		fmt.Fprintln(e.stderr, "  "+printable(name))
	}
}

// openInput opens a file, or stdin for "-".
func (e *env) openInput(name string) (*inputFile, error) {
	if name == "-" {
		return &inputFile{Reader: e.stdin}, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, unreadable(err)
	}
	return &inputFile{Reader: file, file: file}, nil
}
