package report

import (
	"fmt"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// matrixRows is the number of rows up to which text shows the whole matrix.
const matrixRows = 60

// maxCauses bounds what a long run remembers; further causes are only counted.
const maxCauses = 100

// causes groups the checks that are not fine by why.
type causes struct {
	list  []*cause
	index map[string]int // into list, from 1
	more  int            // checks with causes beyond maxCauses
	vary  varying
}

// A cause is one reason for one or many checks; example stands for all.
type cause struct {
	example  *Check
	examples []*Check // the first few
	count    int
}

func (g *causes) add(c *Check) {
	g.vary.add(c)
	if c.Fine() {
		return
	}
	if g.index == nil {
		g.index = map[string]int{}
	}
	key := c.causeKey()
	n := g.index[key]
	if n == 0 {
		if len(g.list) == maxCauses {
			g.more++
			return
		}
		g.list = append(g.list, &cause{example: c})
		n = len(g.list)
		g.index[key] = n
	}
	k := g.list[n-1]
	k.count++
	if len(k.examples) < 5 {
		k.examples = append(k.examples, c)
	}
}

// number is the number of the cause of a check, or 0.
func (g *causes) number(c *Check) int {
	if c.Fine() {
		return 0
	}
	return g.index[c.causeKey()]
}

// causeKey tells causes apart by identifiers, never by text.
func (c *Check) causeKey() string {
	key := []string{c.Verdict, c.Expected}
	if f := c.Headline(); f != nil {
		return strings.Join(append(key, string(f.ID)), "\x00")
	}
	if c.Reason != nil {
		key = append(key, c.Reason.Code)
	}
	for _, f := range c.Failures {
		key = append(key, f.Expectation)
	}
	return strings.Join(key, "\x00")
}

// many reports several checks: the matrix, then each cause once.
func (t *text) many(s Summary) {
	if !t.long {
		m := newMatrix(t.held)
		t.line(t.palette.strong.Sprint(count(s.Checks, "check")), "  ", t.clean(m.constant(t.held[0])), t.originNote(t.held[0]))
		t.blank()
		if len(m.rows) <= matrixRows {
			t.matrix(m)
		}
	}
	for i, k := range t.causes.list {
		if i == 12 {
			break
		}
		t.causeGroup(i+1, k)
	}
	t.more()
	t.blank()
	t.total(s)
	t.browserTotal()
}

// more says what was left out, and how to see it.
func (t *text) more() {
	hidden := t.causes.more
	for _, k := range t.causes.list[min(12, len(t.causes.list)):] {
		hidden += k.count
	}
	if hidden > 0 {
		t.blank()
		t.line(count(hidden, "further check"), " not fine for other reasons: --format jsonl has them all")
	}
}

// total is the last line: the counts, and whether all is well.
func (t *text) total(s Summary) {
	mark := t.palette.good.Sprint(t.symbols.pass)
	if len(t.causes.list) > 0 {
		mark = t.palette.bad.Sprint(t.symbols.fail)
	}
	t.line(mark, " ", t.palette.strong.Sprint(s.counts()))
}

// causeGroup tells one cause and which checks it explains.
func (t *text) causeGroup(n int, k *cause) {
	c := k.example
	id := ""
	if f := c.Headline(); f != nil {
		id = string(f.ID)
	} else if c.Reason != nil {
		id = c.Reason.Code
	}
	if k.count > 1 {
		id = strings.TrimPrefix(id+", "+count(k.count, "check"), ", ")
	}
	t.blank()
	t.paint(fmt.Sprintf("%s %d  ", t.mark(c), n), t.clean(c.outcomeAndCause()), t.palette.strong)
	lead := "     "
	if id != "" {
		t.line(lead, t.palette.dim.Sprint(t.clean(id)))
	}
	for _, c := range k.examples {
		t.line(lead, t.symbols.bullet, " ", t.clean(t.causes.vary.name(c)), t.place(c))
	}
	if rest := k.count - len(k.examples); rest > 0 {
		t.line(lead, t.symbols.bullet, " and ", grouped(rest), " more")
	}
	if len(c.Failures) > 1 {
		for _, f := range c.Failures {
			t.prose(lead+t.palette.bad.Sprint(t.symbols.fail)+" ", t.clean(failureText(f.Expectation, f.Want, f.Got)))
		}
	}
	if f := c.Headline(); f != nil {
		t.prose(lead, t.clean(sentence(f.Detail)))
		t.groupFix(c, lead)
	} else if c.Reason != nil && c.Reason.Console != "" && c.Verdict == string(fetch.Blocked) {
		t.prose(lead, t.clean(strings.ReplaceAll(c.Reason.Console, "\n", " ")))
	}
	why, more := "# the whole story", []string(nil)
	if c.Verdict == string(fetch.Undecided) && c.unsafe() {
		why, more = "# to decide it", []string{"--send-unsafe"}
	}
	t.line(lead, t.palette.dim.Sprint(why))
	t.line(lead, t.clean(t.o.command(c, more...)))
}

func (t *text) groupFix(c *Check, lead string) {
	f := c.Headline()
	if f.Fix == nil || f.Fix.Snippet == "" {
		return
	}
	t.line(lead, t.palette.dim.Sprint("Fix for "+t.clean(stackName(f.Fix.Stack))+":"))
	t.snippet(f.Fix.Snippet, lead+"  ")
}

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
