package probe

import (
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// A Summary counts the results of a run and knows its exit code.
type Summary struct {
	Checks, Allowed, Blocked, Undecided, Failed int
	// Unexpected counts checks that are not as expected.
	Unexpected int

	denied    int // blocked without an expectation, or not as expected
	unknown   int // no verdict where one was due
	severity  finding.Severity
	misjudged int // fetch() itself throws
}

// An Outcome is as much of a result as its exit code depends on; a saved report
// has it too.
type Outcome struct {
	Verdict fetch.Verdict
	// Expected says that there was an expectation, AsExpected whether it held.
	Expected, AsExpected bool
	// Failures says that expectations beyond the verdict were not met.
	Failures   bool
	Severities []finding.Severity // of the findings
}

// Outcome is what the exit code depends on.
func (r *Result) Outcome() Outcome {
	o := Outcome{Verdict: r.Verdict(), Expected: r.Check.Expect != nil, AsExpected: r.AsExpected, Failures: len(r.Failures) > 0}
	for _, f := range r.Findings {
		o.Severities = append(o.Severities, f.Severity)
	}
	return o
}

// Add counts a result.
func (s *Summary) Add(o Outcome) {
	s.Checks++
	decided := false
	switch o.Verdict {
	case fetch.Allowed:
		s.Allowed++
		decided = true
	case fetch.Blocked:
		s.Blocked++
		decided = true
	case fetch.Undecided:
		s.Undecided++
	case fetch.Failed:
		s.Failed++
	default:
		s.misjudged++
	}
	asExpected := o.Expected && o.AsExpected
	if o.Expected && !o.AsExpected {
		s.Unexpected++
	}
	switch {
	case asExpected:
	case !decided && !o.Failures:
		s.unknown++
	case o.Expected || o.Verdict == fetch.Blocked:
		s.denied++
	}
	// What is wrong with a server that does as expected, or that has not
	// shown what it does, is not what the run is about.
	if asExpected || !decided {
		return
	}
	for _, severity := range o.Severities {
		if rank(severity) > rank(s.severity) {
			s.severity = severity
		}
	}
}

// FailOn is the severity from which a finding makes a run fail.
type FailOn string

// The values of --fail-on.
const (
	FailOnError   FailOn = "error"
	FailOnWarning FailOn = "warning"
	FailOnInfo    FailOn = "info"
	FailOnNone    FailOn = "none"
)

// ExitCode is the exit code of the run, strongest first: 2 where fetch() itself
// throws, 1 for a check that is blocked or not as expected or a finding that
// reaches failOn, 3 for a check without a verdict, else 0.
func (s *Summary) ExitCode(failOn FailOn) int {
	switch {
	case s.misjudged > 0:
		return 2
	case s.denied > 0, failOn != FailOnNone && s.severity != "" && rank(s.severity) >= rank(finding.Severity(failOn)):
		return 1
	case s.unknown > 0:
		return 3
	}
	return 0
}

// rank orders severities; none is 0.
func rank(s finding.Severity) int {
	switch s {
	case finding.Error:
		return 3
	case finding.Warning:
		return 2
	case finding.Info:
		return 1
	}
	return 0
}
