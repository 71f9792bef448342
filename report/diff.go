package report

import (
	"fmt"
	"io"
	"slices"

	"github.com/corscheck/corscheck/probe"
)

// A Diff is what changed from one saved report to another.
type Diff struct {
	SchemaVersion int `json:"schemaVersion"`
	// New are failures that the old report does not have: the check is new, was
	// fine, or failed for another reason, and is then in Changed instead.
	New []Change `json:"new"`
	// Changed are checks that fail in both, but not for the same reason.
	Changed []Change `json:"changed"`
	// Fixed are checks that failed and are fine now.
	Fixed []Change `json:"fixed"`
	// Gone are failures whose check is not in the new report.
	Gone []Change `json:"gone"`
	// Same counts checks that are as they were.
	Same int `json:"same"`
}

// A Change is one check that differs.
type Change struct {
	URL     string `json:"url"`
	Origin  string `json:"origin"`
	Method  string `json:"method"`
	Browser string `json:"browser"`
	// Was and Is are the outcomes in words, empty where there was no such check.
	Was string `json:"was,omitempty"`
	Is  string `json:"is,omitempty"`
	// Causes are the identifiers of what makes it fail, in the new report where
	// it fails there, else in the old one.
	Causes []string `json:"causes"`

	name string
}

// Failed reports whether the new report has a failure that the old one has not.
func (d *Diff) Failed() bool { return len(d.New)+len(d.Changed) > 0 }

// occurrences numbers checks that are the same: the second one of a run is not
// the first one again.
type occurrences map[string]int

func (o occurrences) key(c *Check) string {
	id := c.Identity()
	o[id]++
	return fmt.Sprintf("%s\x00%d", id, o[id])
}

// oldCheck is what is kept of a check of the old report.
type oldCheck struct {
	change Change
	trouble
	met bool
}

// Compare compares two saved reports check by check: their identity and what
// makes them fail, never texts. The new report is streamed.
func Compare(before, after io.Reader, beforeName, afterName string) (*Diff, error) {
	d := &Diff{SchemaVersion: SchemaVersion, New: []Change{}, Changed: []Change{}, Fixed: []Change{}, Gone: []Change{}}
	known, seen := map[string]*oldCheck{}, occurrences{}
	var order []*oldCheck
	_, err := Read(before, beforeName, func(c *Check) error {
		o := &oldCheck{change: changeOf(c), trouble: c.trouble(probe.FailOnError)}
		o.change.Was = c.outcomeWords()
		known[seen.key(c)] = o
		order = append(order, o)
		return nil
	})
	if err != nil {
		return nil, err
	}
	seen = occurrences{}
	_, err = Read(after, afterName, func(c *Check) error {
		d.add(c, known[seen.key(c)])
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, o := range order {
		if !o.met && len(o.all) > 0 {
			o.change.Causes = o.all
			d.Gone = append(d.Gone, o.change)
		}
	}
	return d, nil
}

func (d *Diff) add(c *Check, o *oldCheck) {
	x, now := changeOf(c), c.trouble(probe.FailOnError)
	x.Is, x.Causes = c.outcomeWords(), list(now.all)
	before := trouble{explained: true}
	if o != nil {
		o.met = true
		x.Was, before = o.change.Was, o.trouble
	}
	was, is := comparable(before, now)
	switch {
	case slices.Equal(was, is):
		d.Same++
	case len(was) == 0:
		d.New = append(d.New, x)
	case len(is) == 0:
		x.Causes = before.all
		d.Fixed = append(d.Fixed, x)
	default:
		d.Changed = append(d.Changed, x)
	}
}

func changeOf(c *Check) Change {
	return Change{URL: c.URL, Origin: c.Origin, Method: c.Method, Browser: c.Browser, name: c.Name()}
}

// outcomeWords is the outcome with its cause where there is one to tell.
func (c *Check) outcomeWords() string {
	if c.ok() {
		return c.Outcome()
	}
	return c.outcomeAndCause()
}

// JSON writes the comparison as one JSON document.
func (d *Diff) JSON(w io.Writer) error {
	text, err := marshal(d, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// Text writes the comparison for a person.
func (d *Diff) Text(w io.Writer, o Options) error {
	t := &text{page: newPage(&o), w: w, o: &o}
	mark := t.palette.good.Sprint(t.symbols.pass)
	if d.Failed() {
		mark = t.palette.bad.Sprint(t.symbols.fail)
	}
	summary := count(len(d.New), "new failure")
	if n := len(d.Changed); n > 0 {
		summary += ", " + count(n, "check") + " failing for another reason"
	}
	t.line(mark, " ", t.palette.strong.Sprint(summary), ", ", grouped(len(d.Fixed)), " fixed, ", grouped(d.Same), " as before")
	if o.Quiet {
		return t.flush()
	}
	bad, good, none := t.palette.bad.Sprint(t.symbols.fail), t.palette.good.Sprint(t.symbols.pass), t.palette.dim.Sprint(t.symbols.none)
	t.changes("New", bad, d.New)
	t.changes("Changed", bad, d.Changed)
	t.changes("Fixed", good, d.Fixed)
	t.changes("Not in the new report", none, d.Gone)
	return t.flush()
}

func (t *text) changes(title, mark string, list []Change) {
	if len(list) == 0 {
		return
	}
	t.heading(title)
	for _, x := range list {
		t.line("  ", mark, " ", t.clean(x.name))
		indent := "    "
		if x.Is != "" {
			t.prose(indent+"now ", t.clean(x.Is))
		}
		if x.Was != "" {
			t.paint(indent+"was ", t.clean(x.Was), t.palette.dim)
		}
	}
}
