package report

import (
	"fmt"
	"strings"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// InBrowser is what a real browser made of the same request.
type InBrowser struct {
	Browser string `json:"browser"` // name and version

	// NotRun says why the browser was not asked; nothing below is set then.
	NotRun string `json:"notRun,omitempty"`

	Verdict        string   `json:"verdict,omitempty"`
	ResponseType   string   `json:"responseType,omitempty"`
	Status         *int     `json:"status,omitempty"`
	ExposedHeaders []string `json:"exposedHeaders,omitempty"`
	Code           string   `json:"code,omitempty"`
	Param          string   `json:"param,omitempty"`
	Console        string   `json:"console,omitempty"`

	// Agrees says that the browser and corscheck are of one opinion; absent
	// where the browser was not asked.
	Agrees      *bool        `json:"agrees,omitempty"`
	Differences []Difference `json:"differences,omitempty"`
}

// A Difference is one thing in which a browser and corscheck differ.
type Difference struct {
	What      string `json:"what"`
	Browser   string `json:"browser"`
	Corscheck string `json:"corscheck"`
}

// AddInBrowser adds to the report of a result what a browser made of its
// request, with the result's secrets masked.
func (c *Check) AddInBrowser(r *probe.Result, b InBrowser) {
	m := newMasker(r)
	b.Code, b.Param, b.Console, b.NotRun = m.text(b.Code), m.text(b.Param), m.text(b.Console), m.text(b.NotRun)
	if len(b.ExposedHeaders) > 0 {
		b.ExposedHeaders = texts(b.ExposedHeaders, m)
	}
	differences := b.Differences
	b.Differences = nil
	for _, d := range differences {
		b.Differences = append(b.Differences, Difference{d.What, m.text(d.Browser), m.text(d.Corscheck)})
	}
	c.InBrowser = &b
}

// disagrees reports whether a browser was asked and is of another opinion.
func (c *Check) disagrees() bool {
	return c.InBrowser != nil && c.InBrowser.Agrees != nil && !*c.InBrowser.Agrees
}

// Outcome is what the browser made of the request, in a few words.
func (b *InBrowser) Outcome() string {
	text := b.Verdict
	switch {
	case b.Verdict == string(fetch.Allowed):
		if b.ResponseType != "" {
			text += ", " + b.ResponseType + " response"
		}
		if b.Status != nil {
			text += fmt.Sprintf(", status %d", *b.Status)
		}
	case b.Code != "":
		text += ", " + b.Code
	}
	return text
}

// inBrowser says what a real browser made of the request: in a line where it
// agrees, loudly where it does not.
func (t *text) inBrowser(c *Check) {
	b := c.InBrowser
	if b == nil {
		return
	}
	t.heading("In " + t.clean(b.Browser))
	switch {
	case b.Agrees == nil:
		t.prose("  "+t.palette.open.Sprint(t.symbols.unknown)+" ", "not asked: "+t.clean(b.NotRun)+".")
	case *b.Agrees:
		t.prose("  "+t.palette.good.Sprint(t.symbols.pass)+" ", t.clean(b.Outcome())+": it agrees"+agreedWords(b, c))
	default:
		t.prose("  "+t.palette.bad.Sprint(t.symbols.fail)+" ", t.clean(b.Outcome())+": "+
			t.palette.bad.Sprint("IT DISAGREES WITH CORSCHECK")+". The browser is right; unless the server answers differently each time, this is a bug in corscheck.")
		for _, d := range b.Differences {
			t.prose("    "+t.symbols.bullet+" ", t.clean(d.sentence()))
		}
		t.heading("Bug report", t.palette.dim.Sprint("  ready to paste; secrets are masked, look it over for what else is yours"))
		t.blank()
		t.snippet(c.BugReport(t.header.Tool), "    ")
	}
	if b.Console != "" && (c.Reason == nil || b.Console != c.Reason.Console) {
		t.line("  ", t.palette.dim.Sprint("its console:"))
		t.prose("  ", t.clean(b.Console))
	}
}

func agreedWords(b *InBrowser, c *Check) string {
	if c.Reason != nil && b.Console != "" && b.Console == c.Reason.Console {
		return ", and its console prints the same"
	}
	return ""
}

func (d *Difference) sentence() string {
	word := func(s string) string {
		if s == "" {
			return "none"
		}
		return s
	}
	return fmt.Sprintf("%s: the browser has %s, corscheck %s", d.What, word(d.Browser), word(d.Corscheck))
}

// browserTotal sums up what browsers made of several checks.
func (t *text) browserTotal() {
	asked, agreed, name := 0, 0, ""
	for _, c := range t.held {
		if c.InBrowser == nil || c.InBrowser.Agrees == nil {
			continue
		}
		asked++
		name = c.InBrowser.Browser
		if !c.disagrees() {
			agreed++
			continue
		}
		t.inBrowser(c)
	}
	if asked == 0 {
		return
	}
	mark := t.palette.good.Sprint(t.symbols.pass)
	if agreed < asked {
		mark = t.palette.bad.Sprint(t.symbols.fail)
	}
	t.prose(mark+" ", t.clean(fmt.Sprintf("%s agrees on %s of %s", name, grouped(agreed), count(asked, "check"))))
}

// Tracker is where bugs of corscheck are reported.
const Tracker = "https://github.com/corscheck/corscheck/issues/new"

// BugReport is the text of a report about a check on which a browser disagrees:
// the versions, the request, both outcomes and what was exchanged.
func (c *Check) BugReport(tool Tool) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s", Tracker)
	line("")
	line("corscheck %s disagrees with %s", tool.Version, c.InBrowser.Browser)
	line("")
	line("request     %s", Command(c))
	line("browser     %s", c.InBrowser.Outcome())
	line("corscheck   %s", c.outcomeAsBrowser())
	for _, d := range c.InBrowser.Differences {
		line("differs     %s", d.What)
		line("  browser   %q", d.Browser)
		line("  corscheck %q", d.Corscheck)
	}
	line("")
	for i := range c.Exchanges {
		e := &c.Exchanges[i]
		if e.Kind == "extra" {
			continue
		}
		line("%s: %s", e.Kind, curlLine(&e.Request))
		switch {
		case e.Response != nil:
			line("< %d", e.Response.Status)
			for _, h := range e.Response.Headers {
				line("< %s: %s", h[0], h[1])
			}
		case e.Error != "":
			line("< %s", e.Error)
		}
	}
	return b.String()
}

// outcomeAsBrowser is corscheck's own outcome in the words of Outcome.
func (c *Check) outcomeAsBrowser() string {
	own := InBrowser{Verdict: c.Verdict, ResponseType: c.ResponseType, Status: c.Status}
	if c.Reason != nil {
		own.Code = c.Reason.Code
	}
	return own.Outcome()
}
