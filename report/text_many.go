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
	list    []*cause
	index   map[string]int // into list, from 1
	numbers map[*Check]int // of the checks that are held
	more    int            // checks with causes beyond maxCauses
	vary    varying

	anyChange bool // the format shows no changes, so they tell no causes apart
}

// A cause is one reason for one or many checks; example stands for all.
type cause struct {
	example  *Check
	examples []*Check // the first few
	count    int

	last *Check
}

// add counts a check, and returns the number of its cause, or 0.
func (g *causes) add(c *Check) int {
	g.vary.add(c)
	if c.Fine() {
		return 0
	}
	n := g.find(c)
	if n == 0 {
		g.more++
		return 0
	}
	k := g.list[n-1]
	k.count++
	k.last = c
	if len(k.examples) < 5 {
		k.examples = append(k.examples, c)
	}
	return n
}

// find is the number of the cause of a check, which may be a new one; 0 where
// there are too many. Browsers that one finding stops may need different
// changes for the same request, and then there is a cause for each of them: who
// makes the first change only would find another browser still blocked. Changes
// for different requests differ anyway.
func (g *causes) find(c *Check) int {
	if g.index == nil {
		g.index = map[string]int{}
	}
	for key := c.causeKey(); ; key += "\x00again" {
		n := g.index[key]
		if n == 0 {
			return g.start(key, c)
		}
		if last := g.list[n-1].last; g.anyChange || last.mendedAs(c) || last.requestKey() != c.requestKey() {
			return n
		}
	}
}

func (g *causes) start(key string, c *Check) int {
	if len(g.list) == maxCauses {
		return 0
	}
	g.list = append(g.list, &cause{example: c})
	g.index[key] = len(g.list)
	return len(g.list)
}

// hold remembers the number of the cause of a check.
func (g *causes) hold(c *Check, number int) {
	if g.numbers == nil {
		g.numbers = map[*Check]int{}
	}
	g.numbers[c] = number
}

// number is the number of the cause of a check that is held, or 0.
func (g *causes) number(c *Check) int { return g.numbers[c] }

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
	why := "# the whole story"
	if c.Verdict == string(fetch.Undecided) && c.unsafe() {
		why = "# to decide it"
	}
	t.line(lead, t.palette.dim.Sprint(why))
	t.line(lead, t.clean(t.o.again(c, t.held)))
}

func (t *text) groupFix(c *Check, lead string) {
	f := c.Headline()
	if f.Fix == nil || f.Fix.Snippet == "" {
		return
	}
	t.line(lead, t.palette.dim.Sprint("Fix for "+t.clean(stackName(f.Fix.Stack))+":"))
	t.snippet(f.Fix.Snippet, lead+"  ")
}
