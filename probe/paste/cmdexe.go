package paste

import (
	"errors"
	"strings"
)

// isCmdExe tells a command for Windows' cmd.exe from one for a POSIX shell: its
// quotation marks are escaped with carets, or its lines continued with them.
func isCmdExe(text string) bool {
	if strings.Contains(text, `^"`) || strings.Contains(text, `{""`) {
		return true
	}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasSuffix(strings.TrimRight(line, " \r"), " ^") {
			return true
		}
	}
	return false
}

// cmdWords splits the first command of a cmd.exe text into words as cmd.exe and
// then the C runtime of curl do, and says where it ended. %NAME% is kept as it
// was typed.
func cmdWords(text string) (words []shellWord, end int, err error) {
	plain, end, hardened := removeCarets(text)
	args, err := splitArguments(plain, hardened)
	if err != nil {
		return nil, end, err
	}
	for _, a := range args {
		words = append(words, shellWord{text: a, live: variable(a)})
	}
	return words, end, nil
}

// removeCarets is cmd.exe's part: a caret makes the next character literal, and
// a line break or an operator outside quotation marks ends the command. To
// cmd.exe \" is a quotation mark as any; here it is not one, as is meant.
// hardened says that a browser has written carets before whatever is not a
// letter; then carets count between quotation marks, too.
func removeCarets(text string) (plain string, end int, hardened bool) {
	hardened = isHardened(text)
	var b strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\' && i+1 < len(text) && text[i+1] == '"':
			b.WriteString(`\"`)
			i++
		case c == '"':
			quoted = !quoted
			b.WriteByte(c)
		case c == '^' && i+1 < len(text) && (!quoted || hardened):
			i += literal(text[i+1:], &b)
		case !quoted && strings.IndexByte("\n&|<>", c) >= 0:
			return b.String(), i, hardened
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), len(text), hardened
}

// isHardened reports carets that only a browser writes: since 2024 before the
// quotation marks, and before that between them, as in "https://a/?b=1^&c=2".
func isHardened(text string) bool {
	if strings.Contains(text, `^"`) {
		return true
	}
	quoted := false
	for i := 0; i+1 < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && text[i+1] == '"':
			i++
		case c == '"':
			quoted = !quoted
		case c == '^' && quoted && strings.IndexByte(`&%{}[]<>|^!@#$\`, text[i+1]) >= 0:
			return true
		}
	}
	return false
}

// literal writes what a caret makes of s and returns how much of s it used. A
// line break is swallowed; a second one behind it is literal.
func literal(s string, b *strings.Builder) int {
	first := lineBreak(s)
	if first == 0 {
		b.WriteByte(s[0])
		return 1
	}
	second := lineBreak(s[first:])
	if second > 0 {
		b.WriteByte('\n')
	}
	return first + second
}

func lineBreak(s string) int {
	switch {
	case strings.HasPrefix(s, "\r\n"):
		return 2
	case strings.HasPrefix(s, "\n"):
		return 1
	}
	return 0
}

var errCut = errors.New("the command is cut off: a quotation mark is not closed")

// splitArguments is the C runtime's part: quotation marks group, backslashes
// escape only before one, and "" within quotation marks is one. Browsers double
// every backslash in the hardened form, which is undone.
func splitArguments(s string, hardened bool) ([]string, error) {
	var args []string
	var b strings.Builder
	inWord, quoted := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			inWord = true
			i = backslashes(s, i, hardened, &b)
		case c == '"' && quoted && i+1 < len(s) && s[i+1] == '"':
			b.WriteByte('"')
			i++
		case c == '"':
			quoted, inWord = !quoted, true
		case !quoted && (c == ' ' || c == '\t' || c == '\r' || c == '\n'):
			if inWord {
				args = append(args, b.String())
				b.Reset()
			}
			inWord = false
		default:
			inWord = true
			b.WriteByte(c)
		}
	}
	if quoted {
		return nil, errCut
	}
	if inWord {
		args = append(args, b.String())
	}
	return args, nil
}

// backslashes reads the run of backslashes at i and returns the index of the
// last byte it used.
func backslashes(s string, i int, hardened bool, b *strings.Builder) int {
	run := 0
	for i+run < len(s) && s[i+run] == '\\' {
		run++
	}
	beforeQuote := i+run < len(s) && s[i+run] == '"'
	if !beforeQuote {
		if hardened {
			run = (run + 1) / 2
			b.WriteString(strings.Repeat(`\`, run))
			return i + countBackslashes(s, i) - 1
		}
		b.WriteString(strings.Repeat(`\`, run))
		return i + run - 1
	}
	b.WriteString(strings.Repeat(`\`, run/2))
	if run%2 == 1 {
		b.WriteByte('"')
		return i + run
	}
	return i + run - 1
}

func countBackslashes(s string, i int) int {
	n := 0
	for i+n < len(s) && s[i+n] == '\\' {
		n++
	}
	return n
}

// variable is the first %NAME% of a word, which cmd.exe would have replaced.
func variable(s string) string {
	for i := strings.IndexByte(s, '%'); i >= 0 && i < len(s); {
		length := strings.IndexByte(s[i+1:], '%')
		if length < 0 {
			return ""
		}
		name := s[i+1 : i+1+length]
		if name != "" && isVariableName(name) {
			return s[i : i+length+2]
		}
		i += 1 + length
	}
	return ""
}

// isVariableName: letters first, so that the %20 of a URL is none.
func isVariableName(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	// A percent-encoded byte such as %CF%B0 reads as %CF% too.
	return len(s) != 2 || !isHex(s[0]) || !isHex(s[1])
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
