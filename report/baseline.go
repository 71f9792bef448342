package report

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// Judged is as much of a saved check as an exit code depends on.
func (c *Check) Judged() probe.Outcome {
	o := probe.Outcome{
		Verdict: fetch.Verdict(c.Verdict), Expected: c.AsExpected != nil, AsExpected: c.AsExpected != nil && *c.AsExpected,
		Failures: len(c.Failures) > 0,
	}
	// A failure that the baseline has is as one expects it to be.
	if c.Known {
		o.Expected, o.AsExpected = true, true
	}
	for _, f := range c.Findings {
		o.Severities = append(o.Severities, f.Severity)
	}
	return o
}

// trouble is what makes a check fail, by identifiers that no wording changes.
type trouble struct {
	// all are the verdict with its reason and headline, the expectations that
	// were not met, and the findings that reach --fail-on.
	all []string
	// bare is all without what explains the verdict, which a run with
	// --no-diagnose does not look for.
	bare []string
	// explained says that a cause is known, or none is due.
	explained bool
}

func (c *Check) trouble(failOn probe.FailOn) trouble {
	t := trouble{explained: true}
	add := func(explains bool, what string) {
		t.all = append(t.all, what)
		if !explains {
			t.bare = append(t.bare, what)
		}
	}
	if !c.ok() {
		verdict := "verdict " + c.Verdict
		if c.Reason != nil {
			verdict += " " + c.Reason.Code
		}
		t.bare = append(t.bare, verdict)
		f := c.Headline()
		t.explained = f != nil || c.Verdict == string(fetch.Allowed)
		if f != nil {
			verdict += " " + string(f.ID)
		}
		t.all = append(t.all, verdict)
		for _, f := range c.Failures {
			add(false, "expected "+f.Expectation)
		}
	}
	for _, f := range c.Reaching(failOn) {
		add(f.Severity == finding.Error, "finding "+string(f.ID))
	}
	for _, list := range []*[]string{&t.all, &t.bare} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return t
}

// Reaching are the findings of a check that make its run fail by --fail-on.
func (c *Check) Reaching(failOn probe.FailOn) []finding.Finding {
	if failOn == probe.FailOnNone || !c.hasVerdict() || c.AsExpected != nil && *c.AsExpected {
		return nil
	}
	var out []finding.Finding
	for _, f := range c.Findings {
		if severityRank(f.Severity) >= severityRank(finding.Severity(failOn)) {
			out = append(out, f)
		}
	}
	return out
}

// comparable are two troubles as far as they can be compared: where one of them
// is not explained, without what explains the other.
func comparable(a, b trouble) (x, y []string) {
	if a.explained && b.explained {
		return a.all, b.all
	}
	return a.bare, b.bare
}

func severityRank(s finding.Severity) int {
	return slices.Index([]finding.Severity{finding.Info, finding.Warning, finding.Error}, s)
}

// A Baseline is the failures of an earlier run, which a later one may have.
type Baseline struct {
	failOn probe.FailOn
	known  map[string]*knownFailure
	order  []*knownFailure
}

// A knownFailure is what makes one check fail, whichever time of several it was.
type knownFailure struct {
	name string
	trouble
	met  bool // the check came by again
	left map[string]bool
}

// ReadBaseline takes the failures of a saved report. failOn is what makes the
// run fail that is held against it.
func ReadBaseline(r io.Reader, name string, failOn probe.FailOn) (*Baseline, error) {
	b := &Baseline{failOn: failOn, known: map[string]*knownFailure{}}
	_, err := Read(r, name, func(c *Check) error {
		t := c.trouble(failOn)
		if len(t.all) == 0 {
			return nil
		}
		k := b.known[c.Identity()]
		if k == nil {
			k = &knownFailure{name: c.Name(), trouble: trouble{explained: true}, left: map[string]bool{}}
			b.known[c.Identity()] = k
			b.order = append(b.order, k)
		}
		k.all, k.bare = union(k.all, t.all), union(k.bare, t.bare)
		k.explained = k.explained && t.explained
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}

func union(a, b []string) []string {
	out := append(a, b...)
	slices.Sort(out)
	return slices.Compact(out)
}

// Apply marks a check as known where the baseline has all that makes it fail.
func (b *Baseline) Apply(c *Check) {
	k := b.known[c.Identity()]
	if k == nil {
		return
	}
	was, is := comparable(k.trouble, c.trouble(b.failOn))
	c.Known = len(is) > 0
	for _, t := range is {
		c.Known = c.Known && slices.Contains(was, t)
	}
	// What the check has in none of its runs is fixed.
	gone := map[string]bool{}
	for _, t := range was {
		if !slices.Contains(is, t) && (!k.met || k.left[t]) {
			gone[t] = true
		}
	}
	k.met, k.left = true, gone
}

// Fixed names the failures of the baseline that the run has no more; a check
// that the run did not make is not fixed.
func (b *Baseline) Fixed() []string {
	var out []string
	for _, k := range b.order {
		if fixed := slices.Sorted(maps.Keys(k.left)); len(fixed) > 0 {
			out = append(out, k.name+": "+strings.Join(fixed, ", "))
		}
	}
	return out
}
