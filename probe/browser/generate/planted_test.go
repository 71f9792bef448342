package generate

import (
	"testing"

	"github.com/corscheck/corscheck/probe/browser/scenario"
	"github.com/corscheck/corscheck/probe/fetch"
)

// planted are wrong rules, each in one browser's profile: what a person might
// well believe, or forget. The generator is worth something if its scenarios
// tell every one of them from the right rule.
var planted = []struct {
	name    string
	profile *fetch.Profile
	spoil   func(*fetch.Profile)
}{
	{"Chrome: * does not cover Authorization, as the standard says", fetch.Chrome,
		func(p *fetch.Profile) { p.WildcardCoversAuthorization = false }},
	{"Chrome: a comma, but no space, tells several origins in one value", fetch.Chrome,
		func(p *fetch.Profile) { p.OriginListSeparators = "," }},
	{"Firefox: several Access-Control-Allow-Origin lines are one value", fetch.Firefox,
		func(p *fetch.Profile) { p.CountsOriginLines = false }},
	{"Firefox: the preflight is checked in Chrome's order", fetch.Firefox,
		func(p *fetch.Profile) { p.PreflightOrder = fetch.Chrome.PreflightOrder }},
	{"Safari: a redirect to another origin leaves DELETE alone", fetch.Safari,
		func(p *fetch.Profile) { p.RewritesForeignDelete = false }},
	{"Safari: a redirect makes no second preflight where none is due", fetch.Safari,
		func(p *fetch.Profile) { p.PreflightsAgain = false }},
	{"Chrome: a script may set User-Agent", fetch.Chrome,
		func(p *fetch.Profile) { p.DropsUserAgent = false }},
}

// TestPlantedRulesAreCaught counts how many scenarios it takes to tell a wrong
// rule from the right one. The right profile stands for the browser here: that
// it does is what the conformance tests show.
func TestPlantedRulesAreCaught(t *testing.T) {
	const enough = 20000
	for _, wrong := range planted {
		spoiled := *wrong.profile
		wrong.spoil(&spoiled)
		caught := uint64(0)
		for n := uint64(0); n < enough && caught == 0; n++ {
			if differ(t, wrong.profile, &spoiled, Scenario(1, n)) {
				caught = n + 1
			}
		}
		if caught == 0 {
			t.Errorf("%s: not caught by %d scenarios", wrong.name, enough)
			continue
		}
		t.Logf("%s: caught by scenario %d", wrong.name, caught)
	}
}

func differ(t *testing.T, right, wrong *fetch.Profile, sc *scenario.Scenario) bool {
	t.Helper()
	want, err := scenario.Predict(right, sc)
	if err != nil {
		t.Fatal(err)
	}
	got, err := scenario.Predict(wrong, sc)
	if err != nil {
		t.Fatal(err)
	}
	return len(scenario.Compare(sc, &want, &got)) > 0
}
