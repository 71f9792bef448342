package report

import (
	"io"

	"github.com/corscheck/corscheck/probe/fetch"
)

// newText returns the default format: what a person reads top to bottom once.
// One check is told as a story, one request in several browsers as one answer,
// several checks as a matrix followed by the causes.
func newText(w io.Writer, o *Options) Renderer {
	return &text{w: w, page: newPage(o), o: o}
}

// textHeld is the number of checks up to which text keeps them for the matrix.
// Beyond it only the causes and the counts grow, and those are bounded.
const textHeld = 1000

type text struct {
	*page
	w      io.Writer
	o      *Options
	header Header
	held   []*Check
	causes causes
	long   bool // too many to hold
}

func (t *text) Begin(h Header) error {
	t.header = h
	if t.o.Quiet || h.Explained == nil {
		return nil
	}
	t.explained(h.Explained, h.Total == 0)
	return t.flush()
}

func (t *text) Check(c *Check) error {
	if t.o.Quiet {
		t.verdictLine(c)
		return t.flush()
	}
	number := t.causes.add(c)
	switch {
	case t.long:
	case len(t.held) == textHeld:
		t.long, t.held, t.causes.numbers = true, nil, nil
	default:
		t.held = append(t.held, c)
		t.causes.hold(c, number)
	}
	return nil
}

func (t *text) End(s Summary) error {
	switch {
	case t.o.Quiet || s.Checks == 0:
	case len(t.held) == 1 && !t.long:
		t.story(t.held[0])
	case !t.long && oneRequest(t.held):
		t.answer(t.held)
	default:
		t.many(s)
	}
	return t.flush()
}

func (t *text) flush() error {
	_, err := t.page.WriteTo(t.w)
	return err
}

// oneRequest reports whether the checks are one request in several browsers.
func oneRequest(checks []*Check) bool {
	seen := map[string]bool{}
	for _, c := range checks {
		if seen[c.Browser] || c.requestKey() != checks[0].requestKey() {
			return false
		}
		seen[c.Browser] = true
	}
	return true
}

// mark is the symbol of a check, in its colour.
func (t *text) mark(c *Check) string {
	p := &t.palette
	switch {
	case c.SameOrigin() && c.Fine():
		return p.dim.Sprint(t.symbols.none)
	case c.Fine():
		return p.good.Sprint(t.symbols.pass)
	case c.Decided():
		return p.bad.Sprint(t.symbols.fail)
	case c.Verdict == string(fetch.Undecided):
		return p.open.Sprint(t.symbols.unknown)
	}
	return p.broken.Sprint(t.symbols.broken)
}

// colored writes words about a check in the colour of its mark.
func (t *text) colored(c *Check, words string) string {
	p := &t.palette
	switch {
	case c.SameOrigin() && c.Fine():
		return p.strong.Sprint(words)
	case c.Fine():
		return p.good.Sprint(words)
	case c.Decided():
		return p.bad.Sprint(words)
	case c.Verdict == string(fetch.Undecided):
		return p.open.Sprint(words)
	}
	return p.broken.Sprint(words)
}
