package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"github.com/corscheck/corscheck/probe/finding"
)

// A Catalogue writes the documentation of findings: all of them as a list with
// their pages, or a single page.
type Catalogue struct {
	Findings []finding.Entry
	// Stacks are the servers that fixes are known for, one clause each; they
	// stand at the end of a list.
	Stacks []Stack
}

// A Stack is one line of the list of servers.
type Stack struct {
	Key, Name, Note string
}

// Text writes the list of findings, or, where there is only one, its page.
func (c Catalogue) Text(w io.Writer) error {
	var b strings.Builder
	if len(c.Findings) == 1 {
		pageText(&b, c.Findings[0])
		_, err := io.WriteString(w, b.String())
		return err
	}
	width := 0
	for _, e := range c.Findings {
		width = max(width, len(e.ID))
	}
	for _, e := range c.Findings {
		fmt.Fprintf(&b, "%-*s  %-7s  %s\n", width, e.ID, e.Severity, e.Title)
	}
	if len(c.Stacks) > 0 {
		b.WriteString("\nServers that fixes are known for (--stack):\n")
		for _, s := range c.Stacks {
			fmt.Fprintf(&b, "%-*s  %s\n", width, s.Key, s.Name+between(s.Note))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func between(note string) string {
	if note == "" {
		return ""
	}
	return " (" + note + ")"
}

// pageText writes a page for a terminal: headings in capitals, code indented,
// links behind their words.
func pageText(b *strings.Builder, e finding.Entry) {
	fmt.Fprintf(b, "%s (%s)\n%s\n\n", e.ID, e.Severity, e.Title)
	code := false
	for line := range strings.SplitSeq(strings.TrimSpace(e.Page), "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			code = !code
		case line == "":
			b.WriteByte('\n')
		case code:
			b.WriteString("      " + line + "\n")
		case strings.HasPrefix(line, "## "):
			b.WriteString(strings.ToUpper(line[3:]) + "\n")
		default:
			b.WriteString("  " + line + "\n")
		}
	}
	text := link.ReplaceAllString(b.String(), "$1 <$2>")
	b.Reset()
	b.WriteString(text)
}

// link matches a Markdown link, also one that spans two lines.
var link = regexp.MustCompile(`\[([^\]\[]+)\]\((https://[^)]+)\)`)

// Markdown writes every page under its ID, with a table of contents where there
// is more than one.
func (c Catalogue) Markdown(w io.Writer) error {
	var b strings.Builder
	if len(c.Findings) != 1 {
		b.WriteString("# What corscheck can say\n\n| finding | severity | title |\n| --- | --- | --- |\n")
		for _, e := range c.Findings {
			fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", e.ID, e.ID, e.Severity, e.Title)
		}
		b.WriteByte('\n')
	}
	for _, e := range c.Findings {
		// The anchor is written out, as renderers disagree on those of headings.
		fmt.Fprintf(&b, "<a id=\"%s\"></a>\n\n# %s\n\n`%s` · %s\n\n%s\n", e.ID, e.Title, e.ID, e.Severity, strings.TrimSpace(e.Page)+"\n")
	}
	if len(c.Stacks) > 0 {
		b.WriteString("# Servers that fixes are known for\n\n| key | server | note |\n| --- | --- | --- |\n")
		for _, s := range c.Stacks {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.Key, s.Name, s.Note)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

//go:embed catalogue.css
var catalogueStyle string

// HTML writes one page that needs nothing but itself.
func (c Catalogue) HTML(w io.Writer) error {
	title := "What corscheck can say"
	if len(c.Findings) == 1 {
		title = c.Findings[0].Title
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"+
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>%s - corscheck</title>\n<style>\n%s</style>\n</head>\n<body>\n",
		html.EscapeString(title), catalogueStyle)
	if len(c.Findings) != 1 {
		fmt.Fprintf(&b, "<h1>%s</h1>\n<nav><table>\n<tr><th>finding</th><th>severity</th><th>title</th></tr>\n", html.EscapeString(title))
		for _, e := range c.Findings {
			fmt.Fprintf(&b, "<tr><td><a href=\"#%s\">%s</a></td><td class=\"%s\">%s</td><td>%s</td></tr>\n",
				e.ID, e.ID, e.Severity, e.Severity, html.EscapeString(e.Title))
		}
		b.WriteString("</table></nav>\n")
	}
	markdown := goldmark.New(goldmark.WithExtensions(extension.Table))
	for _, e := range c.Findings {
		fmt.Fprintf(&b, "<article id=\"%s\">\n<h1>%s</h1>\n<p><code>%s</code> <span class=\"%s\">%s</span></p>\n",
			e.ID, html.EscapeString(e.Title), e.ID, e.Severity, e.Severity)
		if err := markdown.Convert([]byte(e.Page), &b); err != nil {
			return fmt.Errorf("the page of %s: %w", e.ID, err)
		}
		b.WriteString("</article>\n")
	}
	c.stacksHTML(&b)
	b.WriteString("</body>\n</html>\n")
	_, err := w.Write(b.Bytes())
	return err
}

func (c Catalogue) stacksHTML(b *bytes.Buffer) {
	if len(c.Stacks) == 0 {
		return
	}
	b.WriteString("<h1>Servers that fixes are known for</h1>\n<table>\n<tr><th>key</th><th>server</th><th>note</th></tr>\n")
	for _, s := range c.Stacks {
		fmt.Fprintf(b, "<tr><td><code>%s</code></td><td>%s</td><td>%s</td></tr>\n",
			html.EscapeString(s.Key), html.EscapeString(s.Name), html.EscapeString(s.Note))
	}
	b.WriteString("</table>\n")
}
