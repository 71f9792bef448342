package lab

import (
	"slices"
	"testing"
	"time"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/finding"
)

// notServers are findings that no answer of a server on this machine can show,
// and why.
var notServers = map[finding.ID]string{
	"unreachable-dns":         "a name without an address",
	"unreachable-refused":     "nobody listens",
	"unreachable-network":     "no route to the address",
	"unreachable-tls":         "the lab speaks plain HTTP: an https URL shows it",
	"unreachable-proxy":       "a matter of the client",
	"address-families-differ": "needs a host with two addresses",
	"request-mode":            "a matter of the script alone",
	"bad-port":                "a matter of the URL alone",
}

func TestEveryFindingHasARouteAndANearMiss(t *testing.T) {
	has, nearly := map[finding.ID]bool{}, map[finding.ID]bool{}
	for _, r := range allRoutes {
		has[r.Finding] = true
		for _, id := range r.Shows {
			has[id] = true
		}
		nearly[r.Nearly] = true
	}
	for _, e := range finding.Catalogue() {
		if _, ok := notServers[e.ID]; ok {
			continue
		}
		if !has[e.ID] {
			t.Errorf("no route has %s", e.ID)
		}
		if !nearly[e.ID] {
			t.Errorf("no route nearly has %s", e.ID)
		}
	}
}

func TestFindingsAreNamedAndNearMissesAreNot(t *testing.T) {
	s := start(t)
	patient, err := probe.New(probe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer patient.Close()
	hasty, err := probe.New(probe.Options{Timeout: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer hasty.Close()
	for _, r := range allRoutes {
		p := patient
		if r.Finding == finding.UnreachableTimeout {
			p = hasty
		}
		got := p.Check(t.Context(), s.Check(&r, nil))
		if kept, why := s.Kept(&r, nil, got); !kept {
			t.Errorf("%s: %s", r.Name, why)
		}
		found := func(id finding.ID) bool {
			return slices.ContainsFunc(got.Findings, func(f finding.Finding) bool { return f.ID == id })
		}
		for _, id := range r.Shows {
			if !found(id) {
				t.Errorf("%s: no finding %s among %v", r.Name, id, got.Findings)
			}
		}
		if r.Nearly == "" {
			continue
		}
		if found(r.Nearly) {
			t.Errorf("%s: %s is named", r.Name, r.Nearly)
		}
		for _, f := range got.Findings {
			if f.Severity != finding.Info && f.ID != r.Finding {
				t.Errorf("%s: %s %s: %s", r.Name, f.Severity, f.ID, f.Detail)
			}
		}
	}
}
