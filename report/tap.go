package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// newTAP returns the renderer of the Test Anything Protocol, version 13, which
// is what harnesses in the field read: one test a check, with a YAML block of
// what is to be said about it. It streams; the plan comes last.
func newTAP(w io.Writer, _ *Options) Renderer { return &tap{w: w} }

type tap struct {
	w io.Writer
	n int
}

func (t *tap) Begin(Header) error {
	_, err := io.WriteString(t.w, "TAP version 13\n")
	return err
}

func (t *tap) Check(c *Check) error {
	t.n++
	var b strings.Builder
	if !c.Fine() {
		b.WriteString("not ")
	}
	fmt.Fprintf(&b, "ok %d - %s\n", t.n, tapText(c.Name()))
	if issues := c.issues(); len(issues) > 0 || !c.Fine() {
		t.block(&b, c, issues)
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

// block writes the YAML block. Its strings are in double quotes, as JSON has
// them, so that no value can end one.
func (t *tap) block(b *strings.Builder, c *Check, issues []issue) {
	b.WriteString("  ---\n")
	field := func(name, value string) { fmt.Fprintf(b, "  %s: %s\n", name, tapQuote(value)) }
	if !c.Fine() {
		field("message", c.outcomeAndCause())
		field("severity", map[bool]string{true: "fail", false: "error"}[c.Decided()])
		if !c.Decided() {
			field("reason", c.Cause())
		}
		if c.Reason != nil {
			field("code", c.Reason.Code)
			field("console", c.Reason.Console)
		}
	}
	if c.Source != nil {
		field("at", fmt.Sprintf("%s:%d", c.Source.File, c.Source.Line))
	}
	if len(issues) > 0 {
		b.WriteString("  findings:\n")
	}
	for _, i := range issues {
		fmt.Fprintf(b, "    - id: %s\n      severity: %s\n      text: %s\n", tapQuote(i.rule), tapQuote(string(i.severity)), tapQuote(i.text()))
	}
	b.WriteString("  ...\n")
}

func (t *tap) End(s Summary) error {
	if s.Stopped != "" {
		if _, err := fmt.Fprintf(t.w, "# %s\n", s.stopped()); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(t.w, "1..%d\n", t.n)
	return err
}

// tapText is a description: one line without a directive.
func tapText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "#", `\#`).Replace(Visible(s))
}

// tapQuote is a YAML string in double quotes; line breaks become \n, which YAML
// reads as such.
func tapQuote(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = Visible(strings.TrimSuffix(l, "\r"))
	}
	// What is left beyond ASCII is printable, and YAML takes it as it is.
	return strconv.Quote(strings.Join(lines, "\n"))
}
