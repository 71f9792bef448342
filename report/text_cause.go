package report

import (
	"regexp"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// console is what the browser's console prints.
func (t *text) console(c *Check, title string) {
	if c.Reason == nil || c.Reason.Console == "" {
		return
	}
	t.heading(title, t.palette.dim.Sprint("  "+t.clean(c.Reason.Code)))
	for line := range strings.SplitSeq(c.Reason.Console, "\n") {
		t.prose("  ", t.clean(line))
	}
}

// findings shows each cause with its proof and its fix, then what else there is
// to say about the checks that it is to be said about.
func (t *text) findings(views []view, checks []*Check) {
	var heads []*finding.Finding
	for _, v := range views {
		head := v.Headline()
		if head == nil {
			continue
		}
		t.cause(head, v.whom())
		// What is to stay blocked needs no change that lets it pass.
		if !v.ok() {
			t.fix(head, heads)
		}
		heads = append(heads, head)
	}
	t.also(views, checks, heads)
}

// also lists the findings that are no cause, each once, and which browsers they
// are about where that is not all of them.
func (t *text) also(views []view, checks []*Check, heads []*finding.Finding) {
	said := map[finding.ID]bool{}
	for _, v := range views {
		for _, c := range v.checks {
			head := c.Headline()
			for i := range c.Findings {
				f := &c.Findings[i]
				if f == head || said[f.ID] || f.ID == "same-origin" && c.SameOrigin() {
					continue
				}
				if len(said) == 0 {
					t.heading(alsoTitle(heads))
				}
				said[f.ID] = true
				t.aside(f, heads, whose(f.ID, checks))
			}
		}
	}
}

func alsoTitle(heads []*finding.Finding) string {
	if len(heads) == 0 {
		return "Worth knowing"
	}
	return "Also"
}

// whose names the browsers that have a finding, where others have not.
func whose(id finding.ID, checks []*Check) string {
	var have []*Check
	for _, c := range checks {
		if c.finding(id) != nil {
			have = append(have, c)
		}
	}
	if len(have) == len(checks) {
		return ""
	}
	return ", in " + and(names(have))
}

// cause is a headline: title, detail, proof; whom says for which browsers.
func (t *text) cause(f *finding.Finding, whom string) {
	sure := ""
	if !f.Confirmed {
		sure = "likely, not proved  "
	}
	t.heading("Cause"+t.clean(whom), t.palette.dim.Sprint("  "+sure+t.clean(string(f.ID))))
	t.paint("  ", t.clean(sentence(f.Title)), t.palette.strong)
	t.prose("  ", t.clean(sentence(f.Detail)))
	for _, e := range f.Evidence {
		t.prose("    "+t.symbols.bullet+" ", t.clean(e))
	}
}

// fix is the change to make, ready to paste, unless one of the causes above has
// it already.
func (t *text) fix(f *finding.Finding, above []*finding.Finding) {
	if f.Fix == nil || f.Fix.Snippet == "" {
		return
	}
	if hasChange(above, f.Fix.Snippet) {
		t.line("  ", t.palette.dim.Sprint(mendedAbove))
		return
	}
	t.heading("Fix for "+t.clean(stackName(f.Fix.Stack)), t.palette.dim.Sprint("  "+t.clean(recognised(f.Fix))))
	t.blank()
	t.snippet(f.Fix.Snippet, "    ")
}

const mendedAbove = "the change above mends this, too"

func hasChange(heads []*finding.Finding, snippet string) bool {
	return slices.ContainsFunc(heads, func(h *finding.Finding) bool { return h.Fix != nil && h.Fix.Snippet == snippet })
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

// aside is a finding that is no cause. What the causes have said already, the
// proof or the change, is not said again.
func (t *text) aside(f *finding.Finding, heads []*finding.Finding, whose string) {
	word := t.palette.dim.Sprint("info")
	switch f.Severity {
	case finding.Warning:
		word = t.palette.open.Sprint("warning")
	case finding.Error:
		word = t.palette.bad.Sprint("error")
	}
	t.prose("  "+pad(word, 9), t.clean(f.Title)+" "+t.palette.dim.Sprint("("+t.clean(string(f.ID)+whose)+")"))
	indent := strings.Repeat(" ", 11)
	if f.Detail != "" {
		t.prose(indent, t.clean(sentence(f.Detail)))
	}
	if f.Severity != finding.Info || t.o.Verbose > 0 {
		for _, e := range f.Evidence {
			if !slices.ContainsFunc(heads, func(h *finding.Finding) bool { return slices.Contains(h.Evidence, e) }) {
				t.prose(indent+t.symbols.bullet+" ", t.clean(e))
			}
		}
	}
	switch {
	case f.Fix == nil || f.Fix.Snippet == "" || f.Severity == finding.Info && t.o.Verbose == 0:
	case hasChange(heads, f.Fix.Snippet):
		t.line(indent, t.palette.dim.Sprint(mendedAbove))
	default:
		t.line(indent, t.palette.dim.Sprint("for "+t.clean(stackName(f.Fix.Stack))+":"))
		t.snippet(f.Fix.Snippet, indent+"  ")
	}
}

// assumptions is what the verdicts rest on; of several browsers, each says which
// of them it is about where that is not all.
func (t *text) assumptions(checks []*Check) {
	who := map[string][]*Check{}
	var order []string
	for _, c := range checks {
		for _, a := range c.Assumptions {
			if who[a] == nil {
				order = append(order, a)
			}
			who[a] = append(who[a], c)
		}
	}
	if len(order) == 0 {
		return
	}
	t.heading("Assumed")
	for _, a := range order {
		lead := ""
		if len(who[a]) < len(checks) {
			lead = "in " + and(names(who[a])) + ": "
		}
		t.paint("  "+t.palette.dim.Sprint(t.symbols.bullet)+" ", t.clean(lead+a), t.palette.dim)
	}
}

// A nextStep is what to run next: why, and the exact commands.
type nextStep struct {
	why      string
	commands []string
}

// next says what to run now: for every view of the checks, once.
func (t *text) next(views []view, checks []*Check) {
	var steps []nextStep
	add := func(why, command string) {
		i := slices.IndexFunc(steps, func(s nextStep) bool { return s.why == why })
		if i < 0 {
			i = len(steps)
			steps = append(steps, nextStep{why: why})
		}
		if !slices.Contains(steps[i].commands, command) {
			steps[i].commands = append(steps[i].commands, command)
		}
	}
	for _, v := range views {
		if why, more := v.whyAgain(changes(views)); why != "" {
			add(why, t.o.again(v.Check, checks, more...))
		}
	}
	for _, v := range views {
		if head := v.Headline(); head != nil {
			add("what it means, in full", "corscheck rules "+Quote(string(head.ID)))
		}
	}
	for _, v := range views {
		if head := v.Headline(); head != nil && head.Fix != nil && v.Verdict == string(fetch.Blocked) && !v.ok() {
			add("not your server? have your dev server forward it, so that no CORS applies", t.o.fixCommand(v.Check, "vite"))
			break // it mends all of them
		}
	}
	if len(steps) == 0 {
		return
	}
	t.heading("Next")
	for _, s := range steps {
		t.line("  ", t.palette.dim.Sprint("# "+t.clean(s.why)))
		for _, command := range s.commands {
			t.line("  ", t.clean(command))
		}
	}
}

// changes names what views ask for: one change, or several.
func changes(views []view) string {
	n := 0
	for _, v := range views {
		if v.Verdict == string(fetch.Blocked) && !v.ok() {
			n++
		}
	}
	if n > 1 {
		return "changes"
	}
	return "change"
}

// whyAgain says what repeating a check is good for, and with what more; nothing
// where it is good for nothing.
func (c *Check) whyAgain(change string) (why string, more []string) {
	head := c.Headline()
	switch {
	case c.ok():
	case c.Verdict == string(fetch.Undecided) && !c.unsafe():
		why = "to decide it, send the request too"
	case c.Verdict == string(fetch.Undecided):
		why = "to decide it, let corscheck send the " + c.Method
	case c.Verdict == string(fetch.Blocked):
		why = "after the " + change + ", check again"
	case c.Verdict == string(fetch.Failed) && head != nil && head.ID == finding.UnreachableTimeout:
		why, more = "wait longer, as a browser does", []string{"--timeout", "1m"}
	case c.Verdict == string(fetch.Failed):
		why = "check again"
	}
	return why, more
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
			t.aside(&e.Findings[i], nil, "")
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
