package lab

import (
	"fmt"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/finding"
)

// Kept reports whether the result of a route is what the route promises for
// Chrome, and where it is not, what it is instead.
func (r *Route) Kept(got *probe.Result) (kept bool, why string) {
	if got.Err != nil {
		return false, got.Err.Error()
	}
	if got.Verdict() != r.Verdict {
		return false, fmt.Sprintf("%s instead of %s", got.Verdict(), r.Verdict)
	}
	code := ""
	if reason := got.Fetch.Reason(); reason != nil {
		code = reason.Code
	}
	if r.Code != "?" && code != r.Code {
		return false, fmt.Sprintf("%s instead of %s", orNone(code), orNone(r.Code))
	}
	if headline := headline(got); got.Diagnosed && r.Finding != "?" && headline != r.Finding {
		return false, fmt.Sprintf("the headline is %s instead of %s", orNone(string(headline)), orNone(string(r.Finding)))
	}
	return true, ""
}

// headline is the first finding, advice aside.
func headline(r *probe.Result) finding.ID {
	for _, f := range r.Findings {
		if f.Severity != finding.Info || f.ID == "same-origin" {
			return f.ID
		}
	}
	return ""
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
