package probe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

func (c *Check) browser() *fetch.Profile {
	if c.Browser == nil {
		return fetch.Chrome
	}
	return c.Browser
}

// Validate reports what makes fetch() itself throw, without sending anything.
func (c *Check) Validate() error {
	_, err := fetch.New(c.browser(), c.Request)
	return err
}

// Verdict is what the browser does with the request; empty where Err is set.
func (r *Result) Verdict() fetch.Verdict {
	if r.Fetch == nil {
		return ""
	}
	return r.Fetch.Verdict
}

// Allowed reports whether the promise of fetch() resolves.
func (r *Result) Allowed() bool { return r.Verdict() == fetch.Allowed }

// String is the verdict in one line, and what the browser's console prints.
func (r *Result) String() string {
	req := &r.Check.Request
	line := fmt.Sprintf("%s from %s: ", strings.TrimSpace(req.Method+" "+req.URL), req.Origin)
	if r.Err != nil {
		return line + r.Err.Error()
	}
	line += string(r.Verdict())
	if reason := r.Fetch.Reason(); reason != nil {
		line += ": " + reason.Code
		if text := reason.Console; text != "" {
			line += ": " + text
		}
	}
	return line
}

// interrupted reports whether the check was cut off, so that nothing is known.
func (r *Result) interrupted() bool {
	if r.Fetch == nil || r.Fetch.Verdict != fetch.Failed {
		return false
	}
	return slices.ContainsFunc(r.Exchanges, func(x Exchange) bool {
		return x.Failure != nil && x.Failure.Kind == fetch.FailCanceled
	})
}

// fails reports whether the check ends a run that is to fail fast. Findings do
// not count: their severity is for --fail-on to weigh.
func (r *Result) fails() bool {
	if r.Check.Expect != nil {
		return !r.AsExpected
	}
	return r.Verdict() == fetch.Blocked
}

// expect holds the result against the check's expectation.
func (r *Result) expect() {
	e := r.Check.Expect
	if e == nil || r.Fetch == nil {
		return
	}
	switch r.Fetch.Verdict {
	case fetch.Allowed:
		r.AsExpected = e.Allow
	case fetch.Blocked:
		r.AsExpected = !e.Allow
	case fetch.Undecided:
		if !e.PreflightSuffices || !r.preflightPassed() {
			return
		}
		r.Assumptions = append(r.Assumptions, "the "+r.Fetch.Request.Method+" request was not sent; its preflight passed, and that is taken for allowed")
		if r.AsExpected = e.Allow; !e.Allow {
			r.Failures = []Failure{{Expectation: "deny", Want: "a preflight that fails", Got: "a preflight that passes, after which a browser sends the request"}}
		}
	}
	if !r.AsExpected {
		return
	}
	if e.Verify != nil {
		r.Failures = e.Verify(r)
		r.AsExpected = len(r.Failures) == 0
	}
}

// preflightPassed reports whether the message that was not sent had a preflight
// and could have followed it.
func (r *Result) preflightPassed() bool {
	sent := r.Fetch.Exchanges // without those of the diagnosis
	n := len(sent)
	return n >= 2 && sent[n-1].NotSent && sent[n-2].Message.Kind == fetch.Preflight
}

// without leaves out the findings that are ignored.
func without(findings []finding.Finding, ignore []finding.ID) []finding.Finding {
	if len(ignore) == 0 {
		return findings
	}
	return slices.DeleteFunc(findings, func(f finding.Finding) bool { return slices.Contains(ignore, f.ID) })
}
