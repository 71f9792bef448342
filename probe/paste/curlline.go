package paste

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/corscheck/corscheck/probe/fetch"
)

// CurlLine prints a message as a curl command that sends it again, for a POSIX
// shell. It shows everything that the message holds: the caller masks secrets
// first.
func CurlLine(m *fetch.Message) string {
	var b strings.Builder
	b.WriteString("curl")
	switch {
	case m.Method == "HEAD":
		b.WriteString(" -I")
	case m.Method == "GET" && m.Body == nil, m.Method == "POST" && m.Body != nil:
	default:
		b.WriteString(" -X " + shellWordQuoted(m.Method))
	}
	b.WriteString(" " + shellWordQuoted(m.URL.Display()))
	for _, h := range m.Headers {
		line := h.Name + ": " + h.Value
		if h.Value == "" {
			line = h.Name + ";"
		}
		b.WriteString(" -H " + shellWordQuoted(line))
	}
	if m.Body != nil {
		b.WriteString(" --data-raw " + shellWordQuoted(string(m.Body)))
	}
	return b.String()
}

// shellWordQuoted quotes a word for a POSIX shell. Bytes that a terminal or an
// editor would not show as they are need $'...', which most shells know.
func shellWordQuoted(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+-./:=@_,") == "" {
		return s
	}
	if !needsANSI(s) {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\'' || r == '\\':
			b.WriteString(`\` + s[i:i+n])
		case r == '\n':
			b.WriteString(`\n`)
		case r == utf8.RuneError && n == 1, r < 0x20, r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case isInvisible(r), r >= 0x80 && r < 0xa0:
			if r > 0xffff {
				fmt.Fprintf(&b, `\U%08x`, r)
			} else {
				fmt.Fprintf(&b, `\u%04x`, r)
			}
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String() + "'"
}

func needsANSI(s string) bool {
	if !utf8.ValidString(s) {
		return true
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return r < 0x20 || r >= 0x7f && r < 0xa0 || isInvisible(r)
	}) >= 0
}
