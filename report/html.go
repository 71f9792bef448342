package report

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

var (
	//go:embed html/report.tmpl
	htmlPage string
	//go:embed html/report.css
	htmlStyle string
	//go:embed html/report.js
	htmlScript string

	htmlTemplate = template.Must(template.New("report").Parse(htmlPage))
)

// newHTML returns the renderer of a page that stands alone: the matrix, what is
// wrong and why as text, and each exchange one click away. It loads nothing, and
// its policy forbids it to.
func newHTML(w io.Writer, o *Options) Renderer { return &htmlReport{w: w, o: o} }

type htmlReport struct {
	w      io.Writer
	o      *Options
	header Header
	held   []*Check
	causes causes
	data   bytes.Buffer
	packed *gzip.Writer
}

func (h *htmlReport) Begin(header Header) error {
	h.header = header
	h.packed = gzip.NewWriter(&h.data)
	_, err := io.WriteString(h.packed, "[")
	return err
}

// htmlCheck is a check with what the page shows in the words of other formats.
type htmlCheck struct {
	*Check
	Mark    string `json:"mark"`
	Class   string `json:"class"`
	Outcome string `json:"outcome"`
	Command string `json:"command"`
}

// Check packs the whole check for the page's script; of what is held only the
// causes need all of it.
func (h *htmlReport) Check(c *Check) error {
	text, err := json.Marshal(htmlCheck{c.with(0), plainMark(c), htmlClass(c), capital(c.Outcome()), h.o.again(c, nil)})
	if err != nil {
		return err
	}
	if len(h.held) > 0 {
		if _, err := io.WriteString(h.packed, ","); err != nil {
			return err
		}
	}
	if _, err := h.packed.Write(visibleJSON(text)); err != nil {
		return err
	}
	held := c.withoutExchanges()
	h.causes.hold(held, h.causes.add(c))
	h.held = append(h.held, held)
	return nil
}

// withoutExchanges is the check as far as the matrix needs it, and the command
// that repeats it: of its messages that is only whether an unsafe one went out.
func (c *Check) withoutExchanges() *Check {
	d := *c
	d.Exchanges, d.Assumptions = nil, nil
	if method := c.sentUnsafe(); method != "" {
		d.Exchanges = []Exchange{{Kind: string(fetch.Actual), Request: Request{Method: method}, Delivered: true}}
	}
	return &d
}

// htmlView is what the template shows.
type htmlView struct {
	Mark, Counts, Constant, Version, StartedAt, More string

	Recognised, Head, Verdicts []string
	Failing                    bool
	Rows                       []htmlRow
	Causes                     []htmlCause

	CSP, Data string
	Style     template.CSS
	Script    template.JS
}

type htmlRow struct {
	Titles []htmlTitle
	Cells  []htmlCell
}

// htmlTitle is what stands in front of a row; Again says that the row above has
// the same, which a filter may hide.
type htmlTitle struct {
	Text  string
	Again bool
}

type htmlCell struct {
	Mark, Class, Word, Verdict string
	Index, Cause               int
	Attention                  bool
}

type htmlCause struct {
	Number                                     int
	Class, Title, Rule, Count, Detail, Command string
	Likely                                     bool
	Failures, Evidence, Examples               []string
	Console                                    *htmlConsole
	Fix                                        *htmlFix
	Exchanges                                  []htmlExchange
}

type htmlConsole struct{ Browser, Code, Text string }

type htmlFix struct{ Stack, Why, Snippet string }

type htmlExchange struct {
	Kind, Request, Answer string
	Steps                 []htmlStep
}

type htmlStep struct{ Class, Mark, Text string }

func (h *htmlReport) End(s Summary) error {
	if _, err := io.WriteString(h.packed, "]"); err != nil {
		return err
	}
	if err := h.packed.Close(); err != nil {
		return err
	}
	v := &htmlView{
		Mark: "✓", Counts: s.counts(), Version: Visible(h.header.Tool.Version), StartedAt: Visible(h.header.StartedAt),
		Failing: len(h.causes.list) > 0, Style: template.CSS(htmlStyle), Script: template.JS(htmlScript),
		CSP: contentPolicy(), Data: base64.RawURLEncoding.EncodeToString(h.data.Bytes()),
	}
	if v.Failing {
		v.Mark = "✗"
	}
	h.matrix(v)
	for i, k := range h.causes.list {
		v.Causes = append(v.Causes, h.cause(i+1, k))
	}
	if h.causes.more > 0 {
		v.More = count(h.causes.more, "further check") + " not fine for other reasons: see the matrix."
	}
	h.advice(v)
	h.explained(v)
	return htmlTemplate.Execute(h.w, v)
}

// contentPolicy lets the page run its own script and style, and load nothing.
func contentPolicy() string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; script-src " + hash(htmlScript) + "; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
}

func (h *htmlReport) matrix(v *htmlView) {
	if len(h.held) == 0 {
		return
	}
	m := newMatrix(h.held)
	v.Constant = Visible(m.constant(h.held[0]))
	for _, title := range m.head() {
		v.Head = append(v.Head, Visible(title))
	}
	index := make(map[*Check]int, len(h.held))
	for i, c := range h.held {
		index[c] = i
		if !slices.Contains(v.Verdicts, c.Verdict) {
			v.Verdicts = append(v.Verdicts, Visible(c.Verdict))
		}
	}
	for i := range m.rows {
		row := htmlRow{}
		for j, title := range m.titles(i) {
			if title == "" && j == 0 && m.manyURLs {
				row.Titles = append(row.Titles, htmlTitle{Visible(m.rowChecks[m.rows[i]].URL), true})
				continue
			}
			row.Titles = append(row.Titles, htmlTitle{Text: Visible(title)})
		}
		for _, c := range m.row(i) {
			cell := htmlCell{}
			if c != nil {
				cell = htmlCell{plainMark(c), htmlClass(c), Visible(c.cellWord()), Visible(c.Verdict), index[c], h.causes.number(c), !c.Fine()}
			}
			row.Cells = append(row.Cells, cell)
		}
		v.Rows = append(v.Rows, row)
	}
}

// htmlClass is the colour of a check.
func htmlClass(c *Check) string {
	switch {
	case c.SameOrigin() && c.Fine():
		return "none"
	case c.Fine():
		return "good"
	case c.Decided():
		return "bad"
	case c.Verdict == "undecided":
		return "open"
	}
	return "broken"
}

func (h *htmlReport) cause(n int, k *cause) htmlCause {
	c := k.example
	x := htmlCause{Number: n, Class: htmlClass(c), Count: count(k.count, "check"), Command: Visible(h.o.again(c, h.held))}
	if f := c.Headline(); f != nil {
		x.finding(f)
	}
	x.Title, x.Rule = Visible(c.outcomeAndCause()), Visible(c.issues()[0].rule)
	for _, f := range c.Failures {
		x.Failures = append(x.Failures, Visible(failureText(f.Expectation, f.Want, f.Got)))
	}
	for _, c := range k.examples {
		name := c.Name()
		if c.Source != nil {
			name += fmt.Sprintf(" (%s:%d)", c.Source.File, c.Source.Line)
		}
		x.Examples = append(x.Examples, Visible(name))
	}
	if rest := k.count - len(k.examples); rest > 0 {
		x.Examples = append(x.Examples, "and "+grouped(rest)+" more")
	}
	if c.Reason != nil && c.Reason.Console != "" {
		x.Console = &htmlConsole{Visible(browserName(c.Browser)), Visible(c.Reason.Code), visibleLines(c.Reason.Console)}
	}
	for i := range c.Exchanges {
		if e := &c.Exchanges[i]; e.Kind != "extra" {
			x.Exchanges = append(x.Exchanges, htmlExchangeOf(e))
		}
	}
	return x
}

func (x *htmlCause) finding(f *finding.Finding) {
	x.Title, x.Rule, x.Detail, x.Likely = Visible(f.Title), Visible(string(f.ID)), Visible(f.Detail), !f.Confirmed
	for _, e := range f.Evidence {
		x.Evidence = append(x.Evidence, Visible(e))
	}
	if f.Fix != nil && f.Fix.Snippet != "" {
		x.Fix = &htmlFix{Visible(stackName(f.Fix.Stack)), Visible(recognised(f.Fix)), visibleLines(strings.ReplaceAll(f.Fix.Snippet, "\r\n", "\n"))}
	}
}

func htmlExchangeOf(e *Exchange) htmlExchange {
	x := htmlExchange{Kind: Visible(e.Kind), Request: Visible(e.Request.Method + " " + e.Request.URL), Answer: "no answer: " + Visible(networkError(e.Error))}
	switch {
	case e.refused():
		x.Answer = "not sent by the browser"
	case e.NotSent:
		x.Answer = "not sent by corscheck"
	case e.Response != nil:
		x.Answer = statusOf(e)
	}
	for _, s := range e.Steps {
		step := htmlStep{"good", "✓", Visible(s.Name + ": " + s.Detail)}
		if !s.Passed {
			step.Class, step.Mark = "bad", "✗"
		}
		x.Steps = append(x.Steps, step)
	}
	return x
}

// advice adds the findings that are no headline, each once.
func (h *htmlReport) advice(v *htmlView) {
	seen := map[finding.ID]bool{}
	for _, c := range h.held {
		for i := range c.Findings {
			f := &c.Findings[i]
			if seen[f.ID] || f.ID == "same-origin" || f.Severity == finding.Error {
				continue
			}
			seen[f.ID] = true
			x := htmlCause{Class: "advice", Examples: []string{Visible(c.Name())}}
			x.finding(f)
			v.Causes = append(v.Causes, x)
		}
	}
}

func (h *htmlReport) explained(v *htmlView) {
	if h.header.Explained == nil {
		return
	}
	for _, p := range h.header.Explained.Parsed {
		v.Recognised = append(v.Recognised, Visible(strings.Join(strings.Fields(p.Kind+" "+p.Code+" "+p.Method+" "+p.URL+" "+p.Origin), " ")))
	}
	for i := range h.header.Explained.Findings {
		x := htmlCause{Class: "advice"}
		x.finding(&h.header.Explained.Findings[i])
		v.Causes = append(v.Causes, x)
	}
}

// visibleJSON makes what would act or vanish visible within the strings of a
// JSON text, as Visible does it for a value; line feeds and tabs stay.
func visibleJSON(text []byte) []byte {
	var v any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return text
	}
	out, err := json.Marshal(visibleValue(v))
	if err != nil {
		return text
	}
	return out
}

func visibleValue(v any) any {
	switch v := v.(type) {
	case string:
		return visibleLines(v)
	case []any:
		for i := range v {
			v[i] = visibleValue(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = visibleValue(v[k])
		}
	}
	return v
}
