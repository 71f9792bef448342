package scenario_test

import (
	"path/filepath"
	"testing"

	"github.com/corscheck/corscheck/probe/browser/scenario"
	"github.com/corscheck/corscheck/probe/fetch"
)

// TestRecordedVerdicts holds the machine against every recorded set, on all
// recorded fields, without sockets or browsers.
func TestRecordedVerdicts(t *testing.T) {
	files, err := filepath.Glob("../../../testdata/verdicts/*.jsonl.gz")
	if err != nil || len(files) == 0 {
		t.Fatal("no recorded verdicts", err)
	}
	for _, file := range files {
		records, err := scenario.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			for _, p := range fetch.Profiles() {
				agree(t, p, records)
			}
		})
	}
}

func agree(t *testing.T, p *fetch.Profile, records []*scenario.Record) {
	disagree := 0
	for _, rec := range records {
		did, ok := rec.Browsers[p.Name]
		if !ok {
			continue
		}
		_, diff, err := scenario.Judge(p, &rec.Scenario, &did)
		if err != nil {
			t.Fatal(err)
		}
		if len(diff) > 0 {
			if disagree++; disagree <= 10 {
				t.Errorf("%s in %s: %v", rec.Scenario.ID, p.Name, diff)
			}
		}
	}
	if disagree > 0 {
		t.Errorf("%d of %d scenarios disagree in %s", disagree, len(records), p.Name)
	}
}
