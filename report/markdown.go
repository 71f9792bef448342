package report

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/finding"
)

// newMarkdown returns the renderer of GitHub Flavored Markdown: the matrix, then
// each cause with its proof and fix. Like text it keeps a bounded part of a long
// run.
func newMarkdown(w io.Writer, o *Options) Renderer { return &markdown{w: w, o: o} }

type markdown struct {
	w      io.Writer
	o      *Options
	held   []*Check
	long   bool
	causes causes
	header Header
	out    strings.Builder
}

func (m *markdown) Begin(h Header) error { m.header = h; return nil }

func (m *markdown) Check(c *Check) error {
	number := m.causes.add(c)
	switch {
	case m.long:
	case len(m.held) == textHeld:
		m.long, m.held, m.causes.numbers = true, nil, nil
	default:
		m.held = append(m.held, c)
		m.causes.hold(c, number)
	}
	return nil
}

func (m *markdown) End(s Summary) error {
	mark := "✓"
	if len(m.causes.list) > 0 {
		mark = "✗"
	}
	m.line("## ", mark, " corscheck: ", mdText(s.counts()))
	m.explained()
	if err := m.flush(); err != nil {
		return err
	}
	if len(m.held) > 0 {
		m.matrix(newMatrix(m.held))
	}
	if err := m.flush(); err != nil {
		return err
	}
	for i, k := range m.causes.list {
		m.cause(i+1, k)
		if err := m.flush(); err != nil {
			return err
		}
	}
	if m.causes.more > 0 {
		m.paragraph(count(m.causes.more, "further check") + " not fine for other reasons.")
	}
	m.advice()
	return m.flush()
}

// flush writes a section at a time, so that a bounded writer drops whole ones.
func (m *markdown) flush() error {
	_, err := io.WriteString(m.w, m.out.String())
	m.out.Reset()
	return err
}

func (m *markdown) line(parts ...string) {
	for _, p := range parts {
		m.out.WriteString(p)
	}
	m.out.WriteByte('\n')
}

// paragraph writes a paragraph that is already Markdown.
func (m *markdown) paragraph(text string) {
	m.line()
	m.line(text)
}

func (m *markdown) explained() {
	if m.header.Explained == nil {
		return
	}
	for _, p := range m.header.Explained.Parsed {
		m.paragraph("Recognised: " + mdText(p.Kind+" "+p.Code) + " " + mdCode(p.URL) + " from " + mdCode(p.Origin))
	}
	for i := range m.header.Explained.Findings {
		m.finding(&m.header.Explained.Findings[i])
	}
}

func (m *markdown) matrix(x *matrix) {
	first := m.held[0]
	m.paragraph(m.constant(x, first))
	m.line()
	head := x.head()
	for _, h := range head {
		m.out.WriteString("| " + mdText(h) + " ")
	}
	m.line("|")
	m.line(strings.Repeat("| --- ", len(head)), "|")
	for i := range x.rows {
		for _, title := range x.titles(i) {
			m.out.WriteString("| " + mdCode(title) + " ")
		}
		for _, c := range x.row(i) {
			m.out.WriteString("| " + m.cell(c) + " ")
		}
		m.line("|")
	}
}

func (m *markdown) constant(x *matrix, c *Check) string {
	var parts []string
	if !x.manyMethods {
		parts = append(parts, mdText(c.Method))
	}
	if !x.manyURLs {
		parts = append(parts, mdCode(c.URL))
	}
	if !x.manyOrigins && x.manyURLs {
		parts = append(parts, "from "+mdCode(c.Origin))
	}
	if !x.manyBrowsers {
		parts = append(parts, "in "+mdText(browserName(c.Browser)))
	}
	return strings.Join(parts, " ")
}

func (m *markdown) cell(c *Check) string {
	if c == nil {
		return ""
	}
	text := plainMark(c) + " " + mdText(c.cellWord())
	if n := m.causes.number(c); n > 0 {
		text += fmt.Sprintf(" (%d)", n)
	}
	return text
}

// plainMark is the symbol of a check where there are no colours.
func plainMark(c *Check) string {
	switch {
	case c.SameOrigin() && c.Fine():
		return "–"
	case c.Fine():
		return "✓"
	case c.Decided():
		return "✗"
	case c.Verdict == "undecided":
		return "?"
	}
	return "!"
}

func (m *markdown) cause(n int, k *cause) {
	c := k.example
	m.line()
	m.line(fmt.Sprintf("### %d. ", n), mdText(c.outcomeAndCause()))
	m.line()
	for _, c := range k.examples {
		place := ""
		if c.Source != nil {
			place = " at " + mdCode(fmt.Sprintf("%s:%d", c.Source.File, c.Source.Line))
		}
		m.line("- ", mdText(c.Method), " ", mdCode(c.URL), " from ", mdCode(c.Origin), " in ", mdText(browserName(c.Browser)), place)
	}
	if rest := k.count - len(k.examples); rest > 0 {
		m.line("- and ", grouped(rest), " more")
	}
	for _, f := range c.Failures {
		m.paragraph("Expected " + mdText(f.Expectation) + ": " + mdCode(f.Want) + ", got " + mdCode(f.Got))
	}
	if head := c.Headline(); head != nil {
		m.proof(head)
	}
	m.exchanges(c)
	if c.Reason != nil && c.Reason.Console != "" {
		m.paragraph("Console of " + mdText(browserName(c.Browser)) + " (" + mdCode(c.Reason.Code) + "):")
		m.block("text", c.Reason.Console)
	}
	if head := c.Headline(); head != nil {
		m.fix(head)
	}
	m.paragraph("Again:")
	m.block("sh", m.o.again(c, m.held))
}

func (m *markdown) exchanges(c *Check) {
	if len(c.Exchanges) > 0 {
		m.line()
	}
	for i := range c.Exchanges {
		e := &c.Exchanges[i]
		if e.Kind == "extra" {
			continue
		}
		answer := "no answer: " + mdText(networkError(e.Error))
		switch {
		case e.refused():
			answer = "not sent by the browser"
		case e.NotSent:
			answer = "not sent"
		case e.Response != nil:
			answer = statusOf(e)
		}
		m.line("- ", mdText(e.Kind), " ", mdCode(e.Request.Method+" "+e.Request.URL), ": ", answer)
		for _, s := range e.Steps {
			if !s.Passed {
				m.line("  - ✗ ", mdText(s.Name), ": ", mdText(s.Detail))
			}
		}
	}
}

func (m *markdown) finding(f *finding.Finding) {
	m.paragraph("**" + mdText(string(f.Severity)) + "** " + mdText(f.Title) + " (" + mdCode(string(f.ID)) + ")")
	m.proof(f)
	m.fix(f)
}

func (m *markdown) proof(f *finding.Finding) {
	if f.Detail != "" {
		m.paragraph(mdText(f.Detail))
	}
	if len(f.Evidence) > 0 {
		m.line()
	}
	for _, e := range f.Evidence {
		m.line("- ", mdText(e))
	}
}

func (m *markdown) fix(f *finding.Finding) {
	if f.Fix == nil || f.Fix.Snippet == "" {
		return
	}
	m.paragraph("Fix for " + mdText(stackName(f.Fix.Stack)) + " (" + mdText(recognised(f.Fix)) + "):")
	m.block("", f.Fix.Snippet)
}

// advice lists the findings that are no headline, each once.
func (m *markdown) advice() {
	seen := map[finding.ID]bool{}
	for _, c := range m.held {
		for i := range c.Findings {
			f := &c.Findings[i]
			if seen[f.ID] || f.ID == "same-origin" || f.Severity == finding.Error {
				continue
			}
			if len(seen) == 0 {
				m.line()
				m.line("### Worth knowing")
			}
			seen[f.ID] = true
			m.finding(f)
		}
	}
}

// block writes a fenced code block; the fence is longer than any in the text.
func (m *markdown) block(language, text string) {
	fence := strings.Repeat("`", max(3, longestRun(text, '`')+1))
	m.line()
	m.line(fence, language)
	for line := range strings.SplitSeq(strings.TrimRight(visibleLines(strings.ReplaceAll(text, "\r\n", "\n")), "\n"), "\n") {
		m.line(line)
	}
	m.line(fence)
}

// mdText escapes a value for running text and table cells: what Markdown or
// HTML would read becomes itself, and nothing mentions anybody.
func mdText(s string) string {
	s = mdSpecial.ReplaceAllStringFunc(Visible(s), func(c string) string {
		switch c {
		case "<":
			return "&lt;"
		case ">":
			return "&gt;"
		case "&":
			return "&amp;"
		case "@":
			return "&#64;"
		case "://":
			return "&#58;//" // no link to where a server wants to lead
		case "www.":
			return "www&#46;"
		}
		return `\` + c
	})
	// At the start of a line some more would begin a list or a heading.
	if start := mdStart.FindStringIndex(s); start != nil {
		s = s[:start[1]-1] + `\` + s[start[1]-1:]
	}
	return s
}

var (
	mdSpecial = regexp.MustCompile("://|www\\.|[\\\\`*_\\[\\]<>#|~&@$]")
	mdStart   = regexp.MustCompile(`^ *([-+=]|\d+[.)])`)
)

// mdCode writes a value as a code span, in which nothing but the fence and, in
// tables, the pipe means anything.
func mdCode(s string) string {
	if s == "" {
		return ""
	}
	s = Visible(s)
	fence := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ") {
		s = " " + s + " "
	}
	// A pipe would end the cell of a table, and in a table alone is \| a pipe.
	if strings.Contains(s, "|") {
		return "<code>" + htmlInMarkdown.Replace(strings.TrimSpace(s)) + "</code>"
	}
	return fence + s + fence
}

// htmlInMarkdown escapes for an HTML element within Markdown, where Markdown
// still acts.
var htmlInMarkdown = func() *strings.Replacer {
	var pairs []string
	for _, c := range "\\`*_{}[]<>()#+!|~&@$^=-:\"'." {
		pairs = append(pairs, string(c), fmt.Sprintf("&#%d;", c))
	}
	return strings.NewReplacer(slices.Clip(pairs)...)
}()

func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
