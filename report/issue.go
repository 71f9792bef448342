package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/corscheck/corscheck/probe/finding"
)

// An issue is one thing to look at: a finding, an expectation that was not met,
// or a verdict that nothing explains. The formats of CI systems list issues.
type issue struct {
	check *Check
	// rule is the finding's ID, "expected-" and what was expected, or the verdict.
	rule     string
	severity finding.Severity
	title    string
	// detail is what was seen, with the evidence and the fix; lines of text.
	detail []string
	fix    *finding.Fix
}

// issues lists what is to be said about a check. Of a check that is as expected
// only its advice counts: what explains a block that is wanted is no issue.
func (c *Check) issues() []issue {
	var out []issue
	switch {
	case c.Fine():
	case len(c.Failures) > 0: // they say why it is not as expected
		for _, f := range c.Failures {
			out = append(out, issue{
				check: c, rule: "expected-" + ruleName(f.Expectation), severity: finding.Error,
				title: failureText(f.Expectation, f.Want, f.Got),
			})
		}
	default:
		out = append(out, c.verdictIssue())
	}
	head := c.Headline()
	for i := range c.Findings {
		f := &c.Findings[i]
		if f == head || f.ID == "same-origin" || f.Severity == finding.Error && c.Fine() {
			continue
		}
		out = append(out, c.findingIssue(f, f.Title))
	}
	return out
}

// verdictIssue is the issue that a check is not fine, named by its headline.
func (c *Check) verdictIssue() issue {
	if f := c.Headline(); f != nil {
		return c.findingIssue(f, c.outcomeAndCause())
	}
	i := issue{check: c, rule: c.Verdict, severity: finding.Error, title: c.outcomeAndCause()}
	if c.Reason != nil && c.Reason.Console != "" {
		i.detail = append(i.detail, "Console: "+strings.ReplaceAll(c.Reason.Console, "\n", " "))
	}
	return i
}

func (c *Check) findingIssue(f *finding.Finding, title string) issue {
	i := issue{check: c, rule: string(f.ID), severity: f.Severity, title: title, fix: f.Fix}
	if f.Detail != "" {
		i.detail = append(i.detail, f.Detail)
	}
	for _, e := range f.Evidence {
		i.detail = append(i.detail, "- "+e)
	}
	return i
}

var notRule = regexp.MustCompile(`[^a-z0-9]+`)

// ruleName makes a name of an expectation, which may quote values.
func ruleName(expectation string) string {
	first, _, _ := strings.Cut(strings.ToLower(expectation), " ")
	name := strings.Trim(notRule.ReplaceAllString(first, "-"), "-")
	if name == "" {
		return "otherwise"
	}
	return name[:min(len(name), 40)]
}

// text is the whole issue on several lines, nothing escaped.
func (i *issue) text() string {
	lines := append([]string{i.title, i.check.Name()}, i.detail...)
	if i.fix != nil && i.fix.Snippet != "" {
		lines = append(lines, "Fix for "+stackName(i.fix.Stack)+":", strings.TrimRight(i.fix.Snippet, "\n"))
	}
	return strings.Join(lines, "\n")
}

// fingerprints names issues independently of their position and text, so that
// they stay the same from run to run; the nth of equal ones has its number.
type fingerprints map[string]int

func (f fingerprints) of(i *issue) string {
	sum := sha256.Sum256([]byte(i.check.Identity() + "\x00" + i.rule))
	id := hex.EncodeToString(sum[:16])
	f[id]++
	if n := f[id]; n > 1 {
		return fmt.Sprintf("%s-%d", id, n)
	}
	return id
}

// Identity is the same for the same check of another run: its request, page and
// browser. The values of headers that are secret are masked and do not count.
func (c *Check) Identity() string {
	return c.requestKey() + "\x00" + c.Browser
}

// NoSourceError says that a format needs to know where a check was written down.
type NoSourceError struct{ Format string }

func (e *NoSourceError) Error() string {
	return fmt.Sprintf("format %s places each result at a line of a file, and these checks come from the command line: put them into a policy and run corscheck test, or choose another format", e.Format)
}
