package fetch_test

import (
	"testing"

	"github.com/corscheck/corscheck/probe/browser/scenario"
	"github.com/corscheck/corscheck/probe/fetch"
)

// readRecordings reads all that testdata/verdicts holds: what a script asked
// for, what the servers answer, and what the browsers did.
func readRecordings(tb testing.TB) []*scenario.Record {
	tb.Helper()
	all, err := scenario.ReadFiles("../../testdata/verdicts/*.jsonl.gz")
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

// TestRecordedVerdicts steps the machine with recorded answers and holds every
// recorded field of every scenario against what the browsers did.
func TestRecordedVerdicts(t *testing.T) {
	recordings := readRecordings(t)
	if len(recordings) < 2000 {
		t.Fatalf("only %d recordings", len(recordings))
	}
	for _, p := range fetch.Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			disagree, held := 0, 0
			for _, r := range recordings {
				did, ok := r.Browsers[p.Name]
				if !ok {
					continue
				}
				held++
				_, diff, err := scenario.Judge(p, &r.Scenario, &did)
				if err != nil {
					t.Fatal(err)
				}
				if len(diff) > 0 {
					if disagree++; disagree <= 20 {
						t.Errorf("%s: %v", r.Scenario.ID, diff)
					}
				}
			}
			if disagree > 0 || held < 2000 {
				t.Errorf("%d of %d scenarios disagree", disagree, held)
			}
		})
	}
}
