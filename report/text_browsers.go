package report

import (
	"fmt"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// answer is one request in several browsers: the verdicts side by side and,
// where they differ, why; then the story of the one that fares worst.
func (t *text) answer(checks []*Check) {
	worst := checks[0]
	for _, c := range checks {
		if badness(c) > badness(worst) {
			worst = c
		}
	}
	t.answerLine(checks)
	t.blank()
	t.sideBySide(checks)
	t.expectations(worst)
	t.circumstances(worst)
	if differ(checks) {
		t.heading("As " + browserName(t.clean(worst.Browser)) + " sees it")
	}
	t.exchanges(worst)
	for _, c := range checks {
		t.consoleOf(c)
	}
	for _, c := range checks {
		t.inBrowser(c)
	}
	t.findings(worst)
	t.assumptions(worst)
	t.next(together(worst, checks))
}

// together is the check whose command line repeats all of them, where a flag
// can say so.
func together(worst *Check, checks []*Check) *Check {
	if len(checks) < len(browsers) {
		return worst
	}
	all := *worst
	all.Browser = "all"
	return &all
}

// sideBySide has a row for each verdict, named by the browsers that come to it.
func (t *text) sideBySide(checks []*Check) {
	var order []string
	rows, names := map[string]*Check{}, map[string][]string{}
	widest := 0
	for _, c := range checks {
		key := c.Outcome() + "\x00" + c.verdictWhy()
		if rows[key] == nil {
			rows[key] = c
			order = append(order, key)
		}
		names[key] = append(names[key], browserName(t.clean(c.Browser)))
		widest = max(widest, width(strings.Join(names[key], ", ")))
	}
	for _, key := range order {
		c := rows[key]
		t.prose("  "+pad(t.palette.strong.Sprint(strings.Join(names[key], ", ")), widest+2)+t.mark(c)+" "+t.colored(c, c.Outcome())+"  ", t.clean(c.verdictWhy()))
	}
}

func (t *text) answerLine(checks []*Check) {
	c := checks[0]
	request := t.clean(c.Method + " " + c.URL)
	from := " from " + t.clean(c.Origin) + t.originNote(c)
	byOutcome := map[string][]string{}
	var order []string
	for _, c := range checks {
		o := c.Outcome()
		if byOutcome[o] == nil {
			order = append(order, o)
		}
		byOutcome[o] = append(byOutcome[o], browserName(t.clean(c.Browser)))
	}
	var parts []string
	for _, o := range order {
		for _, c := range checks {
			if c.Outcome() == o {
				parts = append(parts, t.mark(c)+" "+t.colored(c, capital(o)+" in "+and(byOutcome[o])))
				break
			}
		}
	}
	t.line(strings.Join(parts, "  "), ": ", request, from)
}

// verdictWhy is the decisive fact about one browser's verdict.
func (c *Check) verdictWhy() string {
	if c.Verdict == string(fetch.Allowed) {
		if c.ResponseType == "" {
			return "the preflight passes"
		}
		why := c.ResponseType
		if c.Status != nil && *c.Status != 0 {
			why += fmt.Sprintf(" response, status %d", *c.Status)
		}
		return why
	}
	if c.Reason == nil {
		return ""
	}
	if c.Reason.Explanation == "" {
		return c.Reason.Code
	}
	return c.Reason.Explanation
}

// badness ranks checks by how much they need attention.
func badness(c *Check) int {
	switch {
	case c.Fine():
		return 0
	case c.Verdict == string(fetch.Undecided):
		return 1
	case c.Verdict == string(fetch.Failed):
		return 2
	}
	return 3
}

func differ(checks []*Check) bool {
	for _, c := range checks {
		if c.Verdict != checks[0].Verdict || c.verdictWhy() != checks[0].verdictWhy() {
			return true
		}
	}
	return false
}

func (t *text) consoleOf(c *Check) {
	if c.Reason == nil || c.Reason.Console == "" {
		return
	}
	t.heading("Console of "+browserName(t.clean(c.Browser)), t.palette.dim.Sprint("  "+t.clean(c.Reason.Code)))
	for line := range strings.SplitSeq(c.Reason.Console, "\n") {
		t.prose("  ", t.clean(line))
	}
}
