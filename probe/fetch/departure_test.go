package fetch_test

import (
	"fmt"
	"reflect"
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

// TestDeparturesAreComplete holds every field in which a browser's profile
// differs from the standard's against the list of departures.
func TestDeparturesAreComplete(t *testing.T) {
	// What a browser is called, what it says and what it sends is its own business.
	own := map[string]bool{
		"Name": true, "Version": true, "Texts": true, "Unreached": true, "MixedNotes": true, "RequestHeaders": true, "PreflightHeaders": true,
		"HTTP2Headers": true, "HeaderNames": true, "NetError": true, "Manners": true,
		// How it comes to its users is a setting, which the recordings have both ways.
		"ThirdParty": true, "RecordedThirdParty": true, "ThirdPartyWhy": true,
		"ClientCertificateAlways": true, // no recording shows TLS
	}
	listed := map[string]bool{}
	for _, d := range fetch.Departures() {
		listed[d.Field] = true
	}
	standard := reflect.ValueOf(*fetch.Standard)
	for _, p := range fetch.Profiles() {
		profile := reflect.ValueOf(*p)
		for _, field := range reflect.VisibleFields(profile.Type()) {
			if field.Anonymous || own[field.Name] || listed[field.Name] {
				continue
			}
			if shown(profile.FieldByIndex(field.Index)) != shown(standard.FieldByIndex(field.Index)) {
				t.Errorf("%s departs in %s, which Departures does not list", p.Name, field.Name)
			}
		}
	}
}

// shown is a form of a field's value that can be compared.
func shown(v reflect.Value) string { return fmt.Sprintf("%+v", v) }
