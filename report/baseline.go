package report

import (
	"io"
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

// troubles are what makes a check fail, by identifiers that no wording changes:
// the verdict with its reason and headline, the expectations that were not met,
// and the findings that reach failOn.
func (c *Check) troubles(failOn probe.FailOn) []string {
	var out []string
	if !c.ok() {
		verdict := "verdict " + c.Verdict
		if c.Reason != nil {
			verdict += " " + c.Reason.Code
		}
		if f := c.Headline(); f != nil {
			verdict += " " + string(f.ID)
		}
		out = append(out, verdict)
		for _, f := range c.Failures {
			out = append(out, "expected "+f.Expectation)
		}
	}
	if failOn != probe.FailOnNone && c.hasVerdict() && (c.AsExpected == nil || !*c.AsExpected) {
		for _, f := range c.Findings {
			if severityRank(f.Severity) >= severityRank(finding.Severity(failOn)) {
				out = append(out, "finding "+string(f.ID))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
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
	name     string
	troubles map[string]bool
	met      bool // the check came by again
	seen     map[string]bool
}

// ReadBaseline takes the failures of a saved report. failOn is what makes the
// run fail that is held against it.
func ReadBaseline(r io.Reader, name string, failOn probe.FailOn) (*Baseline, error) {
	b := &Baseline{failOn: failOn, known: map[string]*knownFailure{}}
	_, err := Read(r, name, func(c *Check) error {
		troubles := c.troubles(failOn)
		if len(troubles) == 0 {
			return nil
		}
		k := b.known[c.Identity()]
		if k == nil {
			k = &knownFailure{name: c.Name(), troubles: map[string]bool{}, seen: map[string]bool{}}
			b.known[c.Identity()] = k
			b.order = append(b.order, k)
		}
		for _, t := range troubles {
			k.troubles[t] = true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}

// Apply marks a check as known where the baseline has all that makes it fail.
func (b *Baseline) Apply(c *Check) {
	k := b.known[c.Identity()]
	if k == nil {
		return
	}
	k.met = true
	troubles := c.troubles(b.failOn)
	c.Known = len(troubles) > 0
	for _, t := range troubles {
		c.Known = c.Known && k.troubles[t]
		k.seen[t] = true
	}
}

// Fixed names the failures of the baseline that the run has no more; a check
// that the run did not make is not fixed.
func (b *Baseline) Fixed() []string {
	var out []string
	for _, k := range b.order {
		var fixed []string
		for t := range k.troubles {
			if k.met && !k.seen[t] {
				fixed = append(fixed, t)
			}
		}
		slices.Sort(fixed)
		if len(fixed) > 0 {
			out = append(out, k.name+": "+strings.Join(fixed, ", "))
		}
	}
	return out
}
