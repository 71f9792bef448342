package probe_test

import (
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/browser/scenario"
	"github.com/corscheck/corscheck/probe/fetch"
)

// TestRecordedOverSockets makes every recorded request over real sockets,
// against servers that answer byte for byte as those did that the browsers
// asked, and holds verdict, console and every message against the recording.
func TestRecordedOverSockets(t *testing.T) {
	records, err := scenario.ReadFile("../testdata/verdicts/recorded.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	if len(records) < 2000 {
		t.Fatalf("only %d recordings", len(records))
	}
	servers, err := scenario.Serve()
	if err != nil {
		t.Fatal(err)
	}
	defer servers.Close()
	p, err := probe.New(probe.Options{NoDiagnose: true})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, browser := range []*fetch.Profile{fetch.Chrome, fetch.Firefox, fetch.Safari} {
		t.Run(browser.Name, func(t *testing.T) {
			var prefixes []string
			i := 0
			for r := range p.Run(t.Context(), replayed(servers, records, browser, &prefixes)) {
				rec := records[i]
				got := observed(servers, r, prefixes[i])
				want := rec.Browsers[browser.Name]
				if browser.CacheTiedToDNS {
					want.Wire = withoutRepeats(want.Wire, got.Wire)
				}
				for _, d := range scenario.Compare(&rec.Scenario, &want, got) {
					t.Errorf("%s: %s", rec.Scenario.ID, d)
				}
				i++
			}
			if i != len(records) {
				t.Errorf("%d results for %d recordings", i, len(records))
			}
		})
	}
}

// replayed loads each scenario as its check is made.
func replayed(s *scenario.Servers, records []*scenario.Record, browser *fetch.Profile, prefixes *[]string) iter.Seq[probe.Check] {
	all := make([]string, 0, len(records))
	for _, rec := range records {
		all = append(all, s.Load(&rec.Scenario))
	}
	*prefixes = all
	return func(yield func(probe.Check) bool) {
		for i, rec := range records {
			c := probe.Check{Request: rec.Scenario.Fetch(s.Places, all[i]), Browser: browser, SendUnsafe: true}
			if !yield(c) {
				return
			}
		}
	}
}

// observed is a result in the form of a recording: what script got, what the
// console printed, and what reached the servers.
func observed(s *scenario.Servers, r *probe.Result, prefix string) *scenario.Outcome {
	o := &scenario.Outcome{}
	o.Wire, _ = s.Unload(prefix)
	if r.Err != nil {
		return o // fetch() throws
	}
	if o.Allowed = r.Allowed(); o.Allowed {
		o.Type, o.Status, o.Headers = string(r.Fetch.Type), r.Fetch.Status, r.Fetch.Exposed
	}
	if reason := r.Fetch.Reason(); reason != nil {
		o.Console = s.Places.Redact(reason.Console)
		if !strings.HasPrefix(reason.Code, "webkit:") { // WebKit has none
			o.Code, o.Param = reason.Code, s.Places.Redact(reason.Param)
		}
	}
	return o
}

// withoutRepeats takes out of what a browser sent the preflights that its cache
// would have saved, had it not looked up the host's address anew in between: see
// Profile.CacheTiedToDNS. Only a few can be, as a browser soon has the address.
func withoutRepeats(want, got []scenario.Wire) []scenario.Wire {
	same := func(a, b *scenario.Wire) bool {
		return a.Host == b.Host && a.Method == b.Method && a.Path == b.Path && a.Origin == b.Origin && a.ACRM == b.ACRM && a.ACRH == b.ACRH
	}
	var kept []scenario.Wire
	for i := range want {
		w := &want[i]
		repeated := w.ACRM != "" && slices.ContainsFunc(want[:i], func(earlier scenario.Wire) bool { return same(&earlier, w) })
		expected := len(kept) < len(got) && same(&got[len(kept)], w)
		if repeated && !expected && i-len(kept) < 3 {
			continue
		}
		kept = append(kept, *w)
	}
	return kept
}
