package paste

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// A text is a paste made ready for matching: white space runs are one byte, a
// line break where they held one and else a space, so that a message that a
// terminal or an issue form has wrapped still reads as one.
type text struct {
	s string
	// flat is s with line breaks as spaces; positions are the same.
	flat string
	// lines are the positions in s at which lines of the original start.
	lines []int
}

func newText(original string) *text { return newTextOfWidth(original, 0) }

// newTextOfWidth reads a text of which lines of width characters go on in the
// next one, as a terminal breaks them in the middle of words; 0 is none.
func newTextOfWidth(original string, width int) *text {
	if strings.IndexByte(original, 0x1b) >= 0 {
		original = controls().ReplaceAllString(original, "")
	}
	original = removeMarkup(unescapeQuotes(original))
	var b strings.Builder
	b.Grow(len(original))
	t := &text{lines: []int{0}}
	pending := byte(0) // white space seen, not yet written
	lineStart := true
	column := 0
	for at, r := range original {
		if column++; r == '\n' || r == '\r' {
			column--
		}
		switch {
		case r == '\n':
			if width == 0 || column != width || strings.HasPrefix(original[at+1:], "http") {
				pending, lineStart = '\n', true
			}
			column = 0
			t.lines = append(t.lines, -1)
		case isSpace(r):
			if pending == 0 {
				pending = ' '
			}
		case isInvisible(r):
		case lineStart && startsQuotation(original[at:]):
		default:
			if pending != 0 && b.Len() > 0 {
				b.WriteByte(pending)
			}
			pending, lineStart = 0, false
			for i := len(t.lines) - 1; i >= 0 && t.lines[i] < 0; i-- {
				t.lines[i] = b.Len()
			}
			b.WriteRune(r)
		}
	}
	for i := len(t.lines) - 1; i >= 0 && t.lines[i] < 0; i-- {
		t.lines[i] = b.Len()
	}
	b.WriteByte('\n') // as behind every line but the last
	t.s = b.String()
	t.flat = strings.ReplaceAll(t.s, "\n", " ")
	return t
}

// maxWrapped is the longest text of which line breaks are questioned: what a
// screen or two hold.
const maxWrapped = 64 << 10

// wrapWidth is the width of a terminal that may have broken the lines of s, that
// of its longest line but the last; 0 where it is no width of a terminal.
func wrapWidth(s string) int {
	if len(s) > maxWrapped {
		return 0
	}
	lines := strings.Split(strings.TrimRight(s, "\r\n \t"), "\n")
	longest := 0
	for _, line := range lines[:len(lines)-1] {
		longest = max(longest, utf8.RuneCountInString(strings.TrimRight(line, "\r")))
	}
	if longest < 40 || longest > 400 {
		return 0
	}
	return longest
}

// startsQuotation reports a mark at the start of a line that is not of its text:
// of an e-mail or an issue, or of a comment in source code.
func startsQuotation(s string) bool {
	return s[0] == '>' || s[0] == '/' && (strings.HasPrefix(s, "// ") || strings.HasPrefix(s, "/ "))
}

var (
	// escapedQuote is a quotation mark as a web page, a JSON log or a source file
	// has it.
	escapedQuote = regexp.MustCompile(`&(?:quot|apos|[lr][sd]quo|#0?3[49]|#x2[27]|#822[01]|#821[67]);|\\+["']|\\+u(?:002[27]|201[89cdCD])`)
	// reference is a character reference of HTML.
	reference = regexp.MustCompile(`&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});`)
)

// unescapeQuotes undoes the escapes of a text whose quotation marks are escaped.
// Line breaks stay where they are.
func unescapeQuotes(s string) string {
	if !strings.ContainsAny(s, `&\`) {
		return s
	}
	references := false
	s = escapedQuote.ReplaceAllStringFunc(s, func(quote string) string {
		if quote[0] == '&' {
			references = true
		}
		return "'"
	})
	if !references {
		return s
	}
	return reference.ReplaceAllStringFunc(s, func(r string) string {
		return strings.ReplaceAll(html.UnescapeString(r), "\n", " ")
	})
}

// controls are what a program has coloured its output with: control sequences,
// and the commands to a terminal that end in BEL or ST. Their rest is no text.
var controls = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("\x1b(?:\\[[0-9;:?]*[ -/]*[@-~]|\\][^\x07\x1b\n]*(?:\x07|\x1b\\\\))")
})

// markup is what Markdown and Slack make of a text, each with the part that was
// pasted. The patterns are large, and take longer to compile than all else that
// a run does before its work; most runs read no text.
var markup = sync.OnceValue(func() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`\*\*([^*\n]{1,1000}?)\*\*`),                                      // bold
		regexp.MustCompile(`\[([a-z][a-z0-9+.-]{0,20}://[^\s\]]{1,900})\]\([^\s)]{1,900}\)`), // a link of Markdown
		regexp.MustCompile(`<([a-z][a-z0-9+.-]{0,20}://[^\s|<>]{1,900})\|[^<>\n]{0,900}>`),   // a link of Slack
	}
})

func removeMarkup(s string) string {
	for _, pattern := range markup() {
		s = pattern.ReplaceAllString(s, "$1")
	}
	return s
}

// line is the line of the original that position pos of s belongs to.
func (t *text) line(pos int) int {
	lo, hi := 0, len(t.lines)
	for lo < hi {
		mid := (lo + hi) / 2
		if t.lines[mid] <= pos {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return max(lo, 1)
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\r', '\v', '\f', 0x85, 0xA0, 0x2007, 0x202F, 0x2028, 0x2029, 0x3000:
		return true
	}
	return false
}

// isInvisible reports characters that copying adds and nobody sees: zero-width
// ones, soft hyphens, byte order marks, and the escape of terminal colours.
func isInvisible(r rune) bool {
	return r == 0xFEFF || r == 0xAD || r == 0x2060 || (r >= 0x200B && r <= 0x200F) || (r >= 0x202A && r <= 0x202E) || r == 0x1b
}

func isUTF16(b []byte) bool {
	return bytes.HasPrefix(b, []byte{0xFF, 0xFE}) || bytes.HasPrefix(b, []byte{0xFE, 0xFF})
}

// decodeText returns b as UTF-8.
func decodeText(b []byte) string {
	if !isUTF16(b) {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	big := b[0] == 0xFE
	units := make([]uint16, 0, len(b)/2)
	for i := 2; i+1 < len(b); i += 2 {
		if big {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		} else {
			units = append(units, uint16(b[i+1])<<8|uint16(b[i]))
		}
	}
	return string(utf16.Decode(units))
}
