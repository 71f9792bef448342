package lab

import (
	"fmt"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// Kept reports whether the result of a route is what the lab promises for the
// browser, and where it is not, what it is instead. For Chrome the route itself
// promises; for the others the machine, as it judges the route's data.
func (s *Server) Kept(r *Route, browser *fetch.Profile, got *probe.Result) (kept bool, why string) {
	if got.Err != nil {
		return false, got.Err.Error()
	}
	want := *r
	if browser != nil && browser != fetch.Chrome {
		p := s.predict(r, browser)
		want.Verdict, want.Code, want.Finding = p.Verdict, p.Code, "?"
		if p.Verdict == fetch.Failed {
			want.Code = "?" // how it fails is only seen over a network
		}
	}
	if got.Verdict() != want.Verdict {
		return false, fmt.Sprintf("%s instead of %s", got.Verdict(), want.Verdict)
	}
	code := ""
	if reason := got.Fetch.Reason(); reason != nil {
		code = reason.Code
	}
	if want.Code != "?" && code != want.Code {
		return false, fmt.Sprintf("%s instead of %s", orNone(code), orNone(want.Code))
	}
	if headline := headline(got); got.Diagnosed && want.Finding != "?" && headline != want.Finding {
		return false, fmt.Sprintf("the headline is %s instead of %s", orNone(string(headline)), orNone(string(want.Finding)))
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
