package browser_test

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/corscheck/corscheck/internal/demand"
	"github.com/corscheck/corscheck/probe/browser"
	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// open starts a browser. One that is not installed skips the test with the
// reason, or fails it where CORSCHECK_REQUIRE names it.
func open(t *testing.T, name string) (context.Context, *browser.Browser) {
	t.Helper()
	demand.Here(t, name, browser.Installed(name))
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	b, err := browser.Open(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	t.Logf("%s", b.Version())
	return ctx, b
}

// scenarios is how many scenarios a test runs: CORSCHECK_SCENARIOS, else few.
func scenarios(t *testing.T) int {
	t.Helper()
	s := os.Getenv("CORSCHECK_SCENARIOS")
	if s == "" {
		return 150
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("CORSCHECK_SCENARIOS is %q; write a number of scenarios", s)
	}
	return n
}

// TestRecordAgain records provided scenarios again: it proves the drivers, and
// says when an installed browser no longer does what the recordings have.
func TestRecordAgain(t *testing.T) {
	records, err := scenario.ReadFile("../../testdata/verdicts/recorded.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	records = records[:min(scenarios(t), len(records))]
	list := scenario.Scenarios(records)
	for _, name := range browser.Names {
		t.Run(name, func(t *testing.T) {
			ctx, b := open(t, name)
			start := time.Now()
			got, err := b.Record(ctx, list)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d scenarios, %.0f a second", len(list), float64(len(list))/time.Since(start).Seconds())
			for i, r := range records {
				want := r.Browsers[browser.Profiles[name]]
				if diff := scenario.Compare(&r.Scenario, &want, &got[i]); len(diff) > 0 {
					t.Errorf("%s, recorded against now: %v", r.Scenario.ID, diff)
				}
			}
		})
	}
}
