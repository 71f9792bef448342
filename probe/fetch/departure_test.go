package fetch_test

import (
	"testing"

	"github.com/corscheck/corscheck/probe/browser/scenario"
	"github.com/corscheck/corscheck/probe/fetch"
)

// TestDeparturesAreProven takes each departure away from each browser that has
// it: the recording that proves it must then disagree.
func TestDeparturesAreProven(t *testing.T) {
	recordings := readRecordings(t)
	byID := map[string]*scenario.Record{}
	for _, r := range recordings {
		byID[r.Scenario.ID] = r
	}
	for _, d := range fetch.Departures() {
		if d.Proof == nil {
			continue
		}
		for _, name := range d.In {
			p, _ := fetch.ProfileByName(name)
			without := d.Without(p)
			if r := byID[d.Proof[name]]; r != nil && disagrees(without, r) {
				continue
			}
			t.Errorf("%s in %s: the proof %q does not show it; %s", d.Field, name, d.Proof[name], proofOf(without, recordings))
		}
	}
}

func disagrees(p *fetch.Profile, r *scenario.Record) bool {
	did, ok := r.Browsers[p.Name]
	if !ok {
		return false
	}
	_, diff, err := scenario.Judge(p, &r.Scenario, &did)
	return err == nil && len(diff) > 0
}

// proofOf names the first recording that a changed profile disagrees with.
func proofOf(p *fetch.Profile, recordings []*scenario.Record) string {
	for _, r := range recordings {
		if disagrees(p, r) {
			return r.Scenario.ID + " does"
		}
	}
	return "no recording does"
}
