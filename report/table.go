package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"
)

// newTable returns the matrix of origins by methods, and URLs and browsers
// where there are several, with a note for each reason that occurs in it.
func newTable(w io.Writer, o *Options) Renderer {
	return &table{text: text{w: w, page: newPage(o), o: o, causes: causes{anyChange: true}}}
}

type table struct{ text }

func (t *table) Begin(h Header) error { t.header = h; return nil }

func (t *table) Check(c *Check) error {
	t.causes.hold(c, t.causes.add(c))
	t.held = append(t.held, c)
	return nil
}

func (t *table) End(s Summary) error {
	if len(t.held) > 0 {
		m := newMatrix(t.held)
		t.line(t.clean(m.constant(t.held[0])), t.originNote(t.held[0]))
		t.matrix(m)
		t.notes()
	}
	t.total(s)
	return t.flush()
}

// notes explain the numbers in the cells.
func (t *text) notes() {
	for i, k := range t.causes.list {
		t.prose(fmt.Sprintf("  [%d] ", i+1), t.clean(k.example.note()))
	}
	if t.causes.more > 0 {
		t.line("  ", count(t.causes.more, "further check"), " not fine for other reasons")
	}
}

// note is the cause of a check on one line.
func (c *Check) note() string {
	if f := c.Headline(); f != nil {
		return string(f.ID) + ": " + f.Title
	}
	if c.Reason != nil && len(c.Failures) == 0 {
		return strings.TrimSuffix(c.Reason.Code+": "+c.Reason.Explanation, ": ")
	}
	return c.Cause()
}

// matrix draws the table. Where it is wider than the terminal it becomes a
// list: a table that is cut says something wrong.
func (t *text) matrix(m *matrix) {
	rows := make([][]string, len(m.rows))
	for i := range m.rows {
		for _, title := range m.titles(i) {
			rows[i] = append(rows[i], t.clean(title))
		}
		for _, c := range m.row(i) {
			rows[i] = append(rows[i], t.cell(c))
		}
	}
	head := m.head()
	for i := range head {
		head[i] = t.palette.strong.Sprint(t.clean(head[i]))
	}
	if t.tableWidth(head, rows) > t.width {
		t.matrixList(m)
	} else if err := t.draw(head, rows); err != nil {
		t.matrixList(m)
	}
}

// cell is one verdict with the number of its cause.
func (t *text) cell(c *Check) string {
	if c == nil {
		return ""
	}
	text := t.mark(c) + " " + t.colored(c, c.cellWord())
	if number := t.causes.number(c); number > 0 {
		text += t.palette.dim.Sprintf(" [%d]", number)
	}
	return text
}

// cellWord is the outcome in one word where the mark says the rest.
func (c *Check) cellWord() string {
	if c.SameOrigin() {
		return "same origin"
	}
	if c.Known {
		return c.Verdict + ", known"
	}
	turned := c.hasVerdict() && (c.Verdict == "allowed") != (c.Expected == "allow")
	if c.AsExpected != nil && !*c.AsExpected && len(c.Failures) > 0 && !turned {
		return c.Verdict + ", " + c.Failures[0].Expectation
	}
	return c.Verdict
}

func (t *text) tableWidth(head []string, rows [][]string) int {
	total := 0
	for i := range head {
		widest := width(head[i])
		for _, r := range rows {
			widest = max(widest, width(r[i]))
		}
		total += widest + 3
	}
	return total + 1
}

func (t *text) draw(head []string, rows [][]string) error {
	var b strings.Builder
	symbols := tw.NewSymbols(tw.StyleLight)
	if t.ascii {
		symbols = tw.NewSymbols(tw.StyleASCII)
	}
	table := tablewriter.NewTable(&b,
		tablewriter.WithSymbols(symbols),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
		tablewriter.WithRowAlignment(tw.AlignLeft),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
	)
	table.Header(head)
	if err := table.Bulk(rows); err != nil {
		return err
	}
	if err := table.Render(); err != nil {
		return err
	}
	t.WriteString(b.String())
	return nil
}

// matrixList is the matrix as a list, for terminals that are too narrow.
func (t *text) matrixList(m *matrix) {
	head, widest := m.head(), 0
	for _, c := range m.cells {
		widest = max(widest, width(t.cell(c)))
	}
	for i := range m.rows {
		titles := m.titles(i)
		c := m.rowChecks[m.rows[i]]
		if m.manyURLs && titles[0] == "" {
			titles[0] = c.URL
		}
		t.line(t.palette.strong.Sprint(t.clean(strings.Join(titles, " from "))))
		for j, c := range m.row(i) {
			if c != nil {
				t.line("  ", pad(t.cell(c), widest), "  ", t.clean(head[len(titles)+j]))
			}
		}
	}
}
