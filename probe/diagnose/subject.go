package diagnose

import (
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// A subject is a case with what recipes ask of it.
type subject struct {
	Case
	*asker
	res *fetch.Result
	// at is the exchange that decided; nil where nothing was sent.
	at *fetch.Exchange
	// broken are all rules that the answer in at breaks, not only the one that
	// the browser reports, in the order in which they were met.
	broken []fetch.Step
	// evidence collects what a recipe learned on the way.
	evidence []string
}

func newSubject(c Case, ask Ask) *subject {
	s := &subject{Case: c, asker: newAsker(c, ask), res: c.Result}
	if n := len(c.Result.Exchanges); n > 0 {
		s.at = &c.Result.Exchanges[n-1]
	}
	s.broken = violations(c.Result)
	return s
}

// on is the same case with another trace: that of a variant that was tried.
func (s *subject) on(res *fetch.Result) *subject {
	other := &subject{Case: s.Case, asker: s.asker, res: res, evidence: s.evidence}
	other.Result = res
	if n := len(res.Exchanges); n > 0 {
		other.at = &res.Exchanges[n-1]
	}
	other.broken = violations(res)
	return other
}

func (s *subject) allowed() bool { return s.res.Verdict == fetch.Allowed }

// answered reports whether the exchange that decided has a response.
func (s *subject) answered() bool { return s.at != nil && s.at.Response != nil }

func (s *subject) preflight() bool { return s.at != nil && s.at.Message.Kind == fetch.Preflight }

func (s *subject) status() int {
	if !s.answered() {
		return 0
	}
	return s.at.Response.Status
}

func (s *subject) text() string { return s.textOf(s.at.Response) }

func (s *subject) textOf(r *fetch.Response) string {
	if text := s.texts[r]; text != "" {
		return text
	}
	return string(r.Body)
}

// breaks reports whether the answer breaks one of the rules.
func (s *subject) breaks(rules ...*fetch.Rule) bool {
	for _, step := range s.broken {
		for _, r := range rules {
			if step.Rule == r {
				return true
			}
		}
	}
	return false
}

// step is the first broken step of a rule.
func (s *subject) step(r *fetch.Rule) (fetch.Step, bool) {
	for _, step := range s.broken {
		if step.Rule == r {
			return step, true
		}
	}
	return fetch.Step{}, false
}

// originRules are the ways to fail the part of the CORS check that is about
// Access-Control-Allow-Origin.
var originRules = []*fetch.Rule{
	fetch.RuleAllowOriginPresent, fetch.RuleAllowOriginSingle, fetch.RuleAllowOriginValid,
	fetch.RuleAllowOriginMatches, fetch.RuleNoWildcardWithCreds,
}

func (s *subject) failsOrigin() bool { return s.breaks(originRules...) }

// lacksOrigin reports whether the answer has no Access-Control-Allow-Origin at
// all, or an empty one, which servers send for an origin they do not know.
func (s *subject) lacksOrigin() bool {
	return s.failsOrigin() && allowOrigin(s.at.Response) == ""
}

// origin is what the message that decided carried as its origin.
func (s *subject) origin() string {
	if s.at != nil {
		if v, ok := s.at.Message.Get("Origin"); ok {
			return v
		}
	}
	return s.res.Request.Origin
}

// target is the URL that the request was for.
func (s *subject) target() *fetch.URL {
	u, err := fetch.ParseURL(s.res.Request.URL, nil)
	if err != nil {
		return &fetch.URL{}
	}
	return u
}

// here is the URL of the exchange that decided.
func (s *subject) here() *fetch.URL {
	if s.at == nil {
		return s.target()
	}
	return s.at.Message.URL
}

// preflightPassed reports whether a preflight of this URL passed on the way.
func (s *subject) preflightPassed() bool {
	for i := range s.res.Exchanges {
		x := &s.res.Exchanges[i]
		if x.Message.Kind == fetch.Preflight && x != s.at && x.Message.URL.Display() == s.here().Display() {
			return true
		}
	}
	return false
}

// unsafeNames are the names in the preflight's request-header list.
func (s *subject) unsafeNames() []string {
	for i := range s.res.Exchanges {
		if x := &s.res.Exchanges[i]; x.Message.Kind == fetch.Preflight {
			if v, ok := x.Message.Get("Access-Control-Request-Headers"); ok && v != "" {
				return strings.Split(v, ",")
			}
		}
	}
	return nil
}

// learn notes an observation that supports what will be concluded.
func (s *subject) learn(clause string) {
	for _, known := range s.evidence {
		if known == clause {
			return
		}
	}
	s.evidence = append(s.evidence, clause)
}

// conclude makes a finding with the evidence so far.
func (s *subject) conclude(id finding.ID, confirmed bool, detail string) []finding.Finding {
	f := finding.New(id, detail, s.evidence...)
	f.Confirmed = confirmed
	return []finding.Finding{f}
}

func allowOrigin(r *fetch.Response) string {
	v, _ := r.Get("Access-Control-Allow-Origin")
	return v
}
