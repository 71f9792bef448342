package paste

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string; a template with ${...} in it is an expression.
func (r *jsReader) str() (jsValue, error) {
	quote := r.s[r.pos]
	start := r.pos
	r.pos++
	var b strings.Builder
	live := false
	for r.pos < len(r.s) {
		c := r.s[r.pos]
		switch {
		case c == quote:
			r.pos++
			if live {
				return jsExpression(r.s[start:r.pos]), nil
			}
			return b.String(), nil
		case c == '\\' && r.pos+1 < len(r.s):
			decoded, n := jsEscape(r.s[r.pos:])
			b.WriteString(decoded)
			r.pos += n
			continue
		case c == '\n' && quote != '`':
			return nil, errJSCut
		case quote == '`' && strings.HasPrefix(r.s[r.pos:], "${"):
			live = true
		}
		b.WriteByte(c)
		r.pos++
	}
	return nil, errJSCut
}

// jsEscape decodes the escape at the start of s and says how long it is.
func jsEscape(s string) (string, int) {
	switch c := s[1]; c {
	case 'n':
		return "\n", 2
	case 't':
		return "\t", 2
	case 'r':
		return "\r", 2
	case 'b':
		return "\b", 2
	case 'f':
		return "\f", 2
	case 'v':
		return "\v", 2
	case '0':
		return "\x00", 2
	case '\n':
		return "", 2
	case 'x':
		if v, n := digits(s[2:], 16, 2); n == 2 {
			return string(rune(v)), 4
		}
	case 'u':
		return jsUnicode(s)
	}
	_, n := utf8.DecodeRuneInString(s[1:])
	return s[1 : 1+n], 1 + n
}

func jsUnicode(s string) (string, int) {
	if strings.HasPrefix(s[2:], "{") {
		if v, n := digits(s[3:], 16, 6); n > 0 && strings.HasPrefix(s[3+n:], "}") {
			return string(rune(v)), 4 + n
		}
	}
	v, n := digits(s[2:], 16, 4)
	if n != 4 {
		return "u", 2
	}
	if utf16.IsSurrogate(rune(v)) && strings.HasPrefix(s[6:], `\u`) {
		if low, m := digits(s[8:], 16, 4); m == 4 {
			return string(utf16.DecodeRune(rune(v), rune(low))), 12
		}
	}
	return string(rune(v)), 6
}
