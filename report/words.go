package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/fix"
)

// This file holds what several formats say about a check, in the same words.

// browsers are those that a check can be judged as.
var browsers = map[string]string{"chrome": "Chrome", "firefox": "Firefox", "safari": "Safari"}

// statusOf is an answer's status, and whether it came from the browser's cache.
func statusOf(e *Exchange) string {
	status := fmt.Sprintf("status %d", e.Response.Status)
	if e.FromCache {
		status += fromCache
	}
	return status
}

// browserName is how the browser calls itself.
func browserName(name string) string {
	if proper, known := browsers[name]; known {
		return proper
	}
	return name
}

// Fine reports whether a check needs nobody's attention: it is as expected, or,
// without an expectation, allowed; or its failure is known.
func (c *Check) Fine() bool { return c.Known || c.ok() }

func (c *Check) ok() bool {
	if c.AsExpected != nil {
		return *c.AsExpected
	}
	return c.Verdict == string(fetch.Allowed)
}

// Decided reports whether the check is judged: there is a verdict of the
// browser, or what was seen without one is not as expected already.
func (c *Check) Decided() bool { return c.hasVerdict() || len(c.Failures) > 0 }

func (c *Check) hasVerdict() bool {
	return c.Verdict == string(fetch.Allowed) || c.Verdict == string(fetch.Blocked)
}

// SameOrigin reports whether no CORS applied, so that nothing was tested.
func (c *Check) SameOrigin() bool {
	return c.Verdict == string(fetch.Allowed) && !c.CrossOrigin && c.finding("same-origin") != nil
}

func (c *Check) finding(id finding.ID) *finding.Finding {
	for i := range c.Findings {
		if c.Findings[i].ID == id {
			return &c.Findings[i]
		}
	}
	return nil
}

// Headline is the finding that explains why a check is not fine, or nil.
func (c *Check) Headline() *finding.Finding {
	if c.Verdict == string(fetch.Allowed) || len(c.Findings) == 0 || c.Findings[0].Severity != finding.Error {
		return nil
	}
	return &c.Findings[0]
}

// Outcome is the verdict in one or a few words, held against the expectation.
func (c *Check) Outcome() string {
	if c.Known {
		return c.Verdict + ", known"
	}
	if c.AsExpected == nil {
		return c.Verdict
	}
	allowed, want := c.Verdict == string(fetch.Allowed), c.Expected == "allow"
	switch {
	case *c.AsExpected:
		return c.Verdict + ", as expected"
	case c.hasVerdict() && allowed != want && want:
		return c.Verdict + ", but should be allowed"
	case c.hasVerdict() && allowed != want:
		return c.Verdict + ", but should be denied"
	case len(c.Failures) > 0:
		return c.Verdict + ", but not as expected"
	}
	return c.Verdict
}

// Name identifies the check within a run, on one line.
func (c *Check) Name() string {
	name := fmt.Sprintf("%s %s from %s", c.Method, c.URL, c.Origin)
	if names := c.scriptHeaders(); len(names) > 0 {
		name += " with " + strings.Join(names, ", ")
	}
	if c.Credentials == string(fetch.CredentialsInclude) {
		name += " and credentials"
	}
	return name + " in " + browserName(c.Browser)
}

// scriptHeaders are the names of the headers that the script sets, in lower
// case, each once.
func (c *Check) scriptHeaders() []string {
	var names []string
	seen := map[string]bool{}
	for _, h := range c.Headers {
		if n := strings.ToLower(h[0]); !seen[n] {
			seen[n] = true
			names = append(names, n)
		}
	}
	return names
}

// Cause is why a check is not fine, in one sentence: the headline finding, else
// the first expectation that failed, else the browser's reason.
func (c *Check) Cause() string {
	if f := c.Headline(); f != nil {
		return f.Title
	}
	if len(c.Failures) > 0 {
		return failureText(c.Failures[0].Expectation, c.Failures[0].Want, c.Failures[0].Got)
	}
	if c.Reason != nil && c.Reason.Explanation != "" {
		return c.Reason.Explanation
	}
	if c.Reason != nil {
		return c.Reason.Code
	}
	if c.Verdict == string(fetch.Undecided) {
		return c.undecided()
	}
	return c.permission()
}

// permission is what lets an allowed request pass: the header of the last answer
// to the page.
func (c *Check) permission() string {
	if c.SameOrigin() {
		return "the page and the target share an origin, so CORS does not apply"
	}
	for _, e := range slices.Backward(c.Exchanges) {
		if e.Kind == "extra" || e.Response == nil {
			continue
		}
		if origin := headerOf(e.Response, "Access-Control-Allow-Origin"); origin != "" {
			return "the server answers Access-Control-Allow-Origin: " + origin
		}
	}
	return c.Verdict
}

// outcomeAndCause is both in one sentence, and the outcome alone where the cause
// is nothing but the verdict that was not expected.
func (c *Check) outcomeAndCause() string {
	cause := c.Cause()
	if cause == c.Verdict {
		return capital(c.Outcome())
	}
	return capital(c.Outcome()) + ": " + cause
}

func failureText(expectation, want, got string) string {
	switch {
	case got == "":
		got = ", got nothing"
	case strings.HasPrefix(got, "the ") || strings.HasPrefix(got, "no "): // a sentence, no value
		got = "; " + got
	default:
		got = ", got " + got
	}
	return expectation + ": expected " + want + got
}

// counts is the summary in words: "3 checks: 2 allowed, 1 blocked".
func (s Summary) counts() string {
	var parts []string
	for _, p := range []struct {
		n    int
		word string
	}{{s.Allowed, "allowed"}, {s.Blocked, "blocked"}, {s.Undecided, "undecided"}, {s.Failed, "failed"}} {
		if p.n > 0 {
			parts = append(parts, grouped(p.n)+" "+p.word)
		}
	}
	text := count(s.Checks, "check")
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	if s.Unexpected > 0 {
		text += "; " + grouped(s.Unexpected) + " not as expected"
	}
	if s.Known > 0 {
		text += "; " + grouped(s.Known) + " known from the baseline"
	}
	if s.Stopped != "" {
		text += "; " + s.stopped()
	}
	return text
}

// stopped says that the run ended early: what is not in the report is unknown.
func (s Summary) stopped() string {
	text := Visible(s.Stopped) // a saved report has it, too
	if s.NotMade > 0 {
		text += " with " + count(s.NotMade, "check") + " not made"
	}
	return text
}

// count writes "1 check" and "2 checks".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return grouped(n) + " " + noun
}

// and joins words as a sentence does.
func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// some is and for lists that may be long.
func some(words []string, limit int) string {
	if len(words) <= limit {
		return and(words)
	}
	return strings.Join(words[:limit], ", ") + fmt.Sprintf(" and %d more", len(words)-limit)
}

// stackName is what a stack calls itself.
func stackName(key string) string {
	if s, ok := fix.Lookup(key); ok {
		return s.Name
	}
	switch key {
	case "any":
		return "any server"
	case "page":
		return "the page"
	}
	return key
}

// recognised says how sure it is that the fix is for this server.
func recognised(f *finding.Fix) string {
	switch {
	case f.Stack == "page":
		return "whatever the server is"
	case f.Why == "":
		return "what it runs on was not recognised"
	}
	switch f.Confidence {
	case finding.High:
		return "recognised by " + f.Why
	case finding.Medium:
		return "probably: " + f.Why
	}
	return "perhaps: " + f.Why
}
