package generate

import (
	"reflect"
	"slices"
	"testing"

	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// The same seed and number give the same scenario, alone or in a sequence.
func TestSameSeedSameScenarios(t *testing.T) {
	sequence := Scenarios(7, 100, 50)
	for i, sc := range sequence {
		if again := Scenario(7, 100+uint64(i)); !reflect.DeepEqual(sc, again) {
			t.Fatalf("%s was made differently the second time:\n%+v\n%+v", sc.ID, sc, again)
		}
	}
	if reflect.DeepEqual(sequence[0].Request, Scenarios(8, 100, 1)[0].Request) && reflect.DeepEqual(sequence[0].Server, Scenarios(8, 100, 1)[0].Server) {
		t.Error("another seed gives the same scenario")
	}
}

// A later scenario must not change what an earlier one was given: scenarios of
// a sequence share no memory with the pools they are made from.
func TestScenariosShareNothing(t *testing.T) {
	a := Scenario(1, 1)
	want := Scenario(1, 1)
	for n := range uint64(2000) {
		Scenario(1, n)
	}
	if !reflect.DeepEqual(a, want) || !reflect.DeepEqual(Scenario(1, 1), want) {
		t.Error("making other scenarios changed this one")
	}
}

// TestCrossing: crossed scenarios, too, are the same for the same seed, and leave those
// that they are made from as they were.
func TestCrossing(t *testing.T) {
	pool := Scenarios(5, 0, 200)
	before := Scenarios(5, 0, 200)
	p := NewPool(pool)
	a, b := p.Crossed(1, 0, 500), p.Crossed(1, 0, 500)
	if !reflect.DeepEqual(a, b) {
		t.Error("the same seed crosses otherwise the second time")
	}
	if !reflect.DeepEqual(pool, before) {
		t.Error("crossing has changed what was crossed")
	}
	changed := 0
	for _, sc := range a {
		if !slices.ContainsFunc(pool, func(of *scenario.Scenario) bool {
			return reflect.DeepEqual(of.Request, sc.Request) && reflect.DeepEqual(of.Server, sc.Server)
		}) {
			changed++
		}
	}
	if changed < len(a)*8/10 {
		t.Errorf("only %d of %d are new", changed, len(a))
	}
}

// What is generated survives being written and read.
func TestRoundTrip(t *testing.T) {
	var records []*scenario.Record
	for _, sc := range Scenarios(3, 0, 300) {
		records = append(records, &scenario.Record{Scenario: *sc})
	}
	name := t.TempDir() + "/set.jsonl.gz"
	if err := scenario.WriteFile(name, records); err != nil {
		t.Fatal(err)
	}
	got, err := scenario.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(records) {
		t.Fatalf("%d records became %d", len(records), len(got))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i].Scenario, records[i].Scenario) {
			t.Errorf("written\n%+v\nread\n%+v", records[i].Scenario, got[i].Scenario)
		}
	}
}
