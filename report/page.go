package report

import (
	"bytes"
	"strings"

	"github.com/clipperhouse/displaywidth"
	"github.com/fatih/color"
)

// A page is text for a person, built up line by line: it knows the width, the
// colours and the symbols of the medium, and lets nothing act on it.
type page struct {
	bytes.Buffer
	width    int
	terminal bool // somebody gave the width
	ascii    bool
	symbols  symbols
	palette  palette
}

// symbols are what stands before a line. In ASCII they are words.
type symbols struct {
	pass, fail, unknown, broken, none, arrow, bullet, dash string
}

var (
	unicodeSymbols = symbols{"✓", "✗", "?", "!", "–", "→", "·", "–"}
	asciiSymbols   = symbols{"ok", "NO", "??", "!!", "--", "->", "*", "-"}
)

// palette holds the colours; each adds to words and symbols, none stands alone.
type palette struct {
	good, bad, open, broken, strong, dim, value *color.Color
}

func newPalette(enabled bool) palette {
	p := palette{
		good:   color.New(color.FgGreen),
		bad:    color.New(color.FgRed, color.Bold),
		open:   color.New(color.FgYellow, color.Bold),
		broken: color.New(color.FgMagenta, color.Bold),
		strong: color.New(color.Bold),
		dim:    color.New(color.Faint),
		value:  color.New(color.FgCyan),
	}
	for _, c := range []*color.Color{p.good, p.bad, p.open, p.broken, p.strong, p.dim, p.value} {
		if enabled {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
	}
	return p
}

func newPage(o *Options) *page {
	columns := o.Width
	if columns <= 0 {
		columns = 80
	}
	p := &page{width: max(columns, 40), terminal: o.Width > 0, ascii: o.ASCII, symbols: unicodeSymbols, palette: newPalette(o.Color)}
	if o.ASCII {
		p.symbols = asciiSymbols
	}
	return p
}

// proseWidth keeps lines of prose readable on wide terminals.
func (p *page) proseWidth() int { return min(p.width, 100) }

// clean makes a value safe for this page. The result is one line.
func (p *page) clean(s string) string {
	if p.ascii {
		return visibleASCII(typography.Replace(s))
	}
	return Visible(s)
}

// cleanLines is clean for text of several lines.
func (p *page) cleanLines(s string) []string {
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n"), "\n")
	for i, line := range lines {
		lines[i] = p.clean(strings.ReplaceAll(line, "\t", "    "))
	}
	return lines
}

// typography is what a terminal without Unicode gets instead of its signs.
var typography = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`, "–", "-", "—", "-", "…", "...", "→", "->", "×", "x", "·", "*", "≥", ">=", "≤", "<=")

// line writes one line that is already clean.
func (p *page) line(parts ...string) {
	text := strings.TrimRight(strings.Join(parts, ""), " ")
	p.WriteString(text)
	p.WriteByte('\n')
}

// blank separates sections; two in a row are one.
func (p *page) blank() {
	if b := p.Bytes(); len(b) > 0 && !bytes.HasSuffix(b, []byte("\n\n")) {
		p.WriteByte('\n')
	}
}

// heading starts a section.
func (p *page) heading(title string, rest ...string) {
	p.blank()
	p.line(append([]string{p.palette.strong.Sprint(title)}, rest...)...)
}

// prose writes clean text wrapped between words, with the first line behind
// lead and the others indented as far. Words are never cut: a URL or a header
// value that is too long runs over the edge.
func (p *page) prose(lead, text string) { p.paint(lead, text, nil) }

// paint is prose in a colour.
func (p *page) paint(lead, text string, c *color.Color) {
	indent := strings.Repeat(" ", width(lead))
	for i, l := range wrap(text, p.proseWidth()-len(indent)) {
		if c != nil {
			l = c.Sprint(l)
		}
		if i == 0 {
			p.line(lead, l)
		} else {
			p.line(indent, l)
		}
	}
}

// width is the number of columns that s takes, colours aside.
func width(s string) int {
	if strings.IndexByte(s, '\x1b') < 0 {
		return displaywidth.String(s)
	}
	n := 0
	for len(s) > 0 {
		before, after, found := strings.Cut(s, "\x1b[")
		n += displaywidth.String(before)
		if !found {
			break
		}
		_, s, _ = strings.Cut(after, "m")
	}
	return n
}

// pad fills s up to n columns.
func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-width(s)))
}

// wrap breaks text between words into lines of at most n columns.
func wrap(text string, n int) []string {
	var lines []string
	var line strings.Builder
	used := 0
	for word := range strings.FieldsSeq(text) {
		w := width(word)
		if used > 0 && used+1+w > n {
			lines = append(lines, line.String())
			line.Reset()
			used = 0
		}
		if used > 0 {
			line.WriteByte(' ')
			used++
		}
		line.WriteString(word)
		used += w
	}
	return append(lines, line.String())
}
