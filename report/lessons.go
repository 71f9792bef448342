package report

import (
	"io"
	"strings"
)

// Lessons is the summary of the demo: what each situation is and what follows
// from it, for somebody who meets CORS for the first time.
type Lessons struct {
	Title  string
	Groups []LessonGroup
	// Ends are the lines below: the counts first, then what to run next.
	Summary string
	Next    [][2]string // a command, and what it is for
}

// LessonGroup is one family of situations.
type LessonGroup struct {
	Title   string
	Lessons []Lesson
}

// Lesson is one situation.
type Lesson struct {
	// Name is what the demo takes to show the situation in full.
	Name string
	// Title and Teaches are what the server does and what follows from it.
	Title, Teaches string
	// Check is what came of it.
	Check *Check
	// Broken says how it did not end as promised; empty where it did.
	Broken string
}

// Write renders the summary.
func (l *Lessons) Write(w io.Writer, o Options) error {
	t := &text{page: newPage(&o), w: w, o: &o}
	t.prose("", t.clean(l.Title))
	for _, g := range l.Groups {
		t.heading(t.clean(g.Title))
		for i := range g.Lessons {
			t.lesson(&g.Lessons[i])
		}
	}
	t.blank()
	t.prose("", t.clean(l.Summary))
	if len(l.Next) > 0 {
		t.heading("Next")
	}
	for _, next := range l.Next {
		t.line("  ", t.palette.value.Sprint(t.clean(next[0])))
		t.line("      ", t.clean(next[1]))
	}
	return t.flush()
}

func (t *text) lesson(l *Lesson) {
	title := t.clean(l.Title)
	lead := "  " + t.mark(l.Check) + " "
	name := t.palette.dim.Sprint(t.clean(l.Name))
	gap := t.proseWidth() - width(lead) - width(title) - width(name)
	if gap < 2 {
		t.line(lead, title, "  ", name)
	} else {
		t.line(lead, title, strings.Repeat(" ", gap), name)
	}
	indent := strings.Repeat(" ", width(lead))
	if t.o.Quiet && l.Broken == "" {
		return
	}
	if !t.o.Quiet {
		t.paint(indent, t.clean(l.Teaches), t.palette.dim)
	}
	if t.o.Verbose > 0 && l.Check.Reason != nil {
		t.line(indent, t.clean(browserName(l.Check.Browser)+": "+l.Check.Reason.Code))
	}
	if l.Broken != "" {
		t.line(indent, t.palette.bad.Sprint("not as promised: "), t.clean(l.Broken))
	}
}
