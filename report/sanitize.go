package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Everything a server or a user gave is untrusted in every medium. This file
// holds what the media share: making visible what would otherwise act on the
// reader's terminal or vanish before the reader's eyes. What a single format
// needs on top of it stands in that format's file.

// ValidText returns s with every byte that is not part of valid UTF-8 written
// as \xNN, so that nothing is lost where only text can be written.
func ValidText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, `\x%02x`, s[0])
		} else {
			b.WriteString(s[:size])
		}
		s = s[size:]
	}
	return b.String()
}

// Visible returns s as it may be shown on a terminal and in a log: control
// characters, bidirectional controls, invisible characters and invalid UTF-8
// become escapes such as \x1b and \u202e. Line breaks and tabs are escaped too:
// a value stays on its line.
//
// It also defuses what a log of GitHub Actions would take for a command: "::"
// at the start of a word, where a line may come to begin, and "##[" anywhere.
func Visible(s string) string {
	if plain(s) {
		return defuse(s)
	}
	return defuse(escape(s, unsafeRune))
}

// defuse escapes the first character of workflow commands.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func defuse(s string) string {
	if !strings.Contains(s, "::") && !strings.Contains(s, "##[") {
		return s
	}
	s = strings.ReplaceAll(s, "##[", `\x23#[`)
	if strings.HasPrefix(s, "::") {
		s = `\x3a` + s[1:]
	}
	return strings.ReplaceAll(s, " ::", ` \x3a:`)
}

// visibleASCII is Visible for a terminal that shows ASCII only.
func visibleASCII(s string) string {
	if plain(s) {
		return defuse(s)
	}
	return defuse(escape(s, func(r rune) bool { return r > '~' || unsafeRune(r) }))
}

// visibleLines is Visible for text of several lines, such as a snippet of
// configuration: line feeds and tabs are kept.
func visibleLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = defuse(escape(line, func(r rune) bool { return r != '\t' && unsafeRune(r) }))
	}
	return strings.Join(lines, "\n")
}

// plain reports whether s is printable ASCII, which most values are.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func escape(s string, unsafe func(rune) bool) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case unsafe(r):
			b.WriteString(escapedRune(r))
		default:
			b.WriteString(s[:size])
		}
		s = s[size:]
	}
	return b.String()
}

func escapedRune(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return fmt.Sprintf(`\U%08x`, r)
	}
}

// unsafeRune reports whether r acts on what displays it, or shows nothing. The
// categories are Unicode's: controls, format characters (the bidirectional and
// zero-width ones among them), line and paragraph separators, private use and
// surrogates; and the blanks that are not the space bar's.
func unsafeRune(r rune) bool {
	switch {
	case r < 0x80:
		return r < ' ' || r == 0x7f
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs):
		return true
	case unicode.Is(unicode.Zs, r), unicode.Is(unicode.Variation_Selector, r):
		return true
	}
	// Noncharacters, which XML cannot hold, and letters that are drawn as nothing.
	if r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef {
		return true
	}
	return r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0x034f
}
