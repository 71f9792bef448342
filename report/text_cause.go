package report

import (
	"regexp"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// console is what the browser's console prints.
func (t *text) console(c *Check) {
	if c.Reason == nil || c.Reason.Console == "" {
		return
	}
	t.heading("Console", t.palette.dim.Sprint("  "+t.clean(c.Reason.Code)))
	for line := range strings.SplitSeq(c.Reason.Console, "\n") {
		t.prose("  ", t.clean(line))
	}
}

// findings shows the cause with its proof and its fix, then what else there is.
func (t *text) findings(c *Check) {
	head := c.Headline()
	if head != nil {
		t.cause(head)
		// What is to stay blocked needs no change that lets it pass.
		if !c.ok() {
			t.fix(head)
		}
	}
	first := true
	for i := range c.Findings {
		f := &c.Findings[i]
		if f == head || f.ID == "same-origin" && c.SameOrigin() {
			continue
		}
		if first {
			title := "Also"
			if head == nil {
				title = "Worth knowing"
			}
			t.heading(title)
			first = false
		}
		t.aside(f, head)
	}
}

// cause is the headline: title, detail, proof.
func (t *text) cause(f *finding.Finding) {
	sure := ""
	if !f.Confirmed {
		sure = "likely, not proved  "
	}
	t.heading("Cause", t.palette.dim.Sprint("  "+sure+t.clean(string(f.ID))))
	t.paint("  ", t.clean(sentence(f.Title)), t.palette.strong)
	t.prose("  ", t.clean(sentence(f.Detail)))
	for _, e := range f.Evidence {
		t.prose("    "+t.symbols.bullet+" ", t.clean(e))
	}
}

// fix is the change to make, ready to paste.
func (t *text) fix(f *finding.Finding) {
	if f.Fix == nil || f.Fix.Snippet == "" {
		return
	}
	t.heading("Fix for "+t.clean(stackName(f.Fix.Stack)), t.palette.dim.Sprint("  "+t.clean(recognised(f.Fix))))
	t.blank()
	t.snippet(f.Fix.Snippet, "    ")
}

// snippet is printed as it is, never wrapped: it is there to be pasted.
func (t *text) snippet(s, indent string) {
	for _, line := range t.cleanLines(s) {
		if line == "" {
			t.WriteByte('\n')
			continue
		}
		for _, l := range t.comment(line, t.width-len(indent)) {
			t.line(indent, t.palette.value.Sprint(l))
		}
	}
}

var commentStart = regexp.MustCompile(`^ *(#|//|--) `)

// comment wraps a line that is nothing but a comment; code is left alone.
func (t *text) comment(line string, n int) []string {
	start := commentStart.FindString(line)
	if start == "" || width(line) <= n {
		return []string{line}
	}
	lines := wrap(line[len(start):], n-len(start))
	for i := range lines {
		lines[i] = start + lines[i]
	}
	return lines
}

// aside is a finding that is not the headline. What the headline has said
// already, the proof or the change, is not said again.
func (t *text) aside(f, head *finding.Finding) {
	word := t.palette.dim.Sprint("info")
	switch f.Severity {
	case finding.Warning:
		word = t.palette.open.Sprint("warning")
	case finding.Error:
		word = t.palette.bad.Sprint("error")
	}
	t.prose("  "+pad(word, 9), t.clean(f.Title)+" "+t.palette.dim.Sprint("("+t.clean(string(f.ID))+")"))
	indent := strings.Repeat(" ", 11)
	if f.Detail != "" {
		t.prose(indent, t.clean(sentence(f.Detail)))
	}
	if f.Severity != finding.Info || t.o.Verbose > 0 {
		for _, e := range f.Evidence {
			if head == nil || !slices.Contains(head.Evidence, e) {
				t.prose(indent+t.symbols.bullet+" ", t.clean(e))
			}
		}
	}
	switch {
	case f.Fix == nil || f.Fix.Snippet == "" || f.Severity == finding.Info && t.o.Verbose == 0:
	case head != nil && head.Fix != nil && head.Fix.Snippet == f.Fix.Snippet:
		t.line(indent, t.palette.dim.Sprint("the change above mends this, too"))
	default:
		t.line(indent, t.palette.dim.Sprint("for "+t.clean(stackName(f.Fix.Stack))+":"))
		t.snippet(f.Fix.Snippet, indent+"  ")
	}
}

// assumptions is what the verdict rests on.
func (t *text) assumptions(c *Check) {
	if len(c.Assumptions) == 0 {
		return
	}
	t.heading("Assumed")
	for _, a := range c.Assumptions {
		t.paint("  "+t.palette.dim.Sprint(t.symbols.bullet)+" ", t.clean(a), t.palette.dim)
	}
}

// next says what to run now, with the exact command.
func (t *text) next(c *Check) {
	type step struct{ why, command string }
	var steps []step
	add := func(why, command string) { steps = append(steps, step{why, command}) }
	head := c.Headline()
	var again []string
	if c.sentUnsafe() != "" {
		again = []string{"--send-unsafe"}
	}
	switch {
	case c.ok():
	case c.Verdict == string(fetch.Undecided) && !c.unsafe():
		add("to decide it, send the request too", t.o.command(c))
	case c.Verdict == string(fetch.Undecided):
		add("to decide it, let corscheck send the "+c.Method, t.o.command(c, "--send-unsafe"))
	case c.Verdict == string(fetch.Blocked):
		add("after the change, check again", t.o.command(c, again...))
	case c.Verdict == string(fetch.Failed) && head != nil && head.ID == finding.UnreachableTimeout:
		add("wait longer, as a browser does", t.o.command(c, append(again, "--timeout", "1m")...))
	case c.Verdict == string(fetch.Failed):
		add("check again", t.o.command(c, again...))
	}
	if head != nil {
		add("what it means, in full", "corscheck rules "+Quote(string(head.ID)))
	}
	if head != nil && head.Fix != nil && c.Verdict == string(fetch.Blocked) && !c.ok() {
		add("not your server? have your dev server forward it, so that no CORS applies", t.o.fixCommand(c, "vite"))
	}
	if len(steps) == 0 {
		return
	}
	t.heading("Next")
	for _, s := range steps {
		t.line("  ", t.palette.dim.Sprint("# "+t.clean(s.why)))
		t.line("  ", t.clean(s.command))
	}
}

// explained is what explain recognised in a text. What that means for the server
// is said here where no check says it better.
func (t *text) explained(e *Explained, alone bool) {
	for _, p := range e.Parsed {
		if alone && slices.ContainsFunc(e.Findings, func(f finding.Finding) bool { return f.Detail == p.Explanation }) {
			p.Explanation = "" // the finding says it
		}
		t.parsed(&p)
	}
	for i := range e.Findings {
		if alone {
			t.blank()
			t.aside(&e.Findings[i], nil)
		}
	}
	t.blank()
}

func (t *text) parsed(p *Parsed) {
	what := map[string]string{
		"console": "a console message", "curl": "a curl command", "fetch": "a fetch() call",
		"powershell": "a PowerShell request", "finding": "a finding", "code": "a reason code",
	}[p.Kind]
	if p.Browser != "" {
		what += " of " + browserName(p.Browser)
	}
	t.line(t.palette.strong.Sprint("Recognised"), "  ", t.clean(what))
	for _, f := range [][2]string{
		{"code", p.Code}, {"url", p.URL}, {"redirected from", p.RedirectedFrom},
		{"origin", p.Origin}, {"method", p.Method}, {"header", p.Header},
	} {
		if f[1] != "" {
			t.line("  ", pad(f[0], 17), t.clean(f[1]))
		}
	}
	if p.Explanation != "" {
		t.prose("  ", t.clean(p.Explanation))
	}
}
