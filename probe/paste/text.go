package paste

import (
	"bytes"
	"strings"
	"unicode/utf16"
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

func newText(original string) *text {
	var b strings.Builder
	b.Grow(len(original))
	t := &text{lines: []int{0}}
	pending := byte(0) // white space seen, not yet written
	lineStart := true
	for _, r := range original {
		switch {
		case r == '\n':
			pending, lineStart = '\n', true
			t.lines = append(t.lines, -1)
		case isSpace(r):
			if pending == 0 {
				pending = ' '
			}
		case isInvisible(r):
		case lineStart && r == '>':
			// The quote mark of an e-mail or an issue.
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
	t.s = b.String()
	t.flat = strings.ReplaceAll(t.s, "\n", " ")
	return t
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
