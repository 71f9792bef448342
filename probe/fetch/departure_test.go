package fetch_test

import (
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
)

// TestDeparturesAreProven takes each departure away from each browser that has
// it: the recording that proves it must then disagree.
func TestDeparturesAreProven(t *testing.T) {
	recordings := readRecordings(t)
	for _, d := range fetch.Departures() {
		if d.Proof == nil {
			continue
		}
		for _, name := range d.In {
			p, _ := fetch.ProfileByName(name)
			without := d.Without(p)
			proven, first := 0, ""
			for i := range recordings {
				r := &recordings[i]
				result, err := r.run(without)
				if err != nil || len(differences(result, r.Browsers[name])) == 0 {
					continue
				}
				if proven++; first == "" {
					first = r.Scenario.ID
				}
				if r.Scenario.ID == d.Proof[name] {
					first = r.Scenario.ID
					break
				}
			}
			if proven == 0 {
				t.Errorf("%s in %s: no recording shows it", d.Field, name)
			} else if first != d.Proof[name] {
				t.Errorf("%s in %s: the proof %q does not show it, %q does", d.Field, name, d.Proof[name], first)
			}
		}
	}
}
