package paste

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"mvdan.cc/sh/v3/syntax"
)

// A shellWord is one word of a command line, unquoted. Nothing is expanded:
// what a shell would have replaced stands as it was typed, and live names it.
type shellWord struct {
	text string
	live string // the first expansion in it: "$TOKEN", "$(cat token)"
}

// maxExpansions bounds how deep expansions can be nested, which the parser
// follows by recursion.
const maxExpansions = 2000

// expansions counts what may be nested, in quotes or not. Backquotes do not count:
// to nest they need twice the backslashes at every level.
func expansions(text string) (n int) {
	for _, opening := range []string{"$(", "${", "<(", ">("} {
		n += strings.Count(text, opening)
	}
	return n
}

// maxShellWords is the longest command that is read: many times what a browser
// copies, and a bound on the work that a text full of the word curl can cause.
const maxShellWords = 500

// shellWords splits the first command of a POSIX shell text into words and says
// where it ended.
func shellWords(text string) (words []shellWord, end int, err error) {
	if n := expansions(text); n > maxExpansions {
		return nil, 0, fmt.Errorf("the command has %d expansions in it, which corscheck does not perform: write the values themselves", n)
	}
	parser := syntax.NewParser(syntax.Variant(syntax.LangBash))
	for w, err := range parser.WordsSeq(strings.NewReader(text)) {
		if err != nil {
			return wholeWords(text, words, end, err)
		}
		start := int(w.Pos().Offset())
		if len(words) > 0 && endsLine(text[end:start]) {
			break
		}
		words = append(words, unquote(text, w))
		end = int(w.End().Offset())
		if len(words) > maxShellWords {
			return nil, end, fmt.Errorf("the command has more than %d words", maxShellWords)
		}
	}
	return words, end, nil
}

// endsLine reports whether the gap between two words holds a line break that no
// backslash continues.
func endsLine(gap string) bool {
	for i := range len(gap) {
		if gap[i] == '\n' && !strings.HasSuffix(strings.TrimSuffix(gap[:i], "\r"), `\`) {
			return true
		}
	}
	return false
}

// wholeWords are the words before something that is no word. It is no error
// where the command had ended by then: at an operator, or with its line.
func wholeWords(text string, words []shellWord, end int, err error) ([]shellWord, int, error) {
	parse, ok := err.(syntax.ParseError)
	if !ok {
		return words, end, errors.New("the command cannot be read as one of a shell")
	}
	at := min(int(parse.Pos.Offset()), len(text))
	if len(words) > 0 && at > end && endsLine(text[end:at]) {
		return words, end, nil
	}
	if n := len(words) - 1; n > 0 && at == end && at < len(text) && (text[at] == '>' || text[at] == '<') && isDigits(words[n].text) {
		words = words[:n] // 2>/dev/null
	}
	return words, end, endOfCommand(text, parse)
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// endOfCommand is nil where the error is an operator that ends the command, as
// a pipe into jq.
func endOfCommand(text string, parse syntax.ParseError) error {
	if at := int(parse.Pos.Offset()); at < len(text) && strings.IndexByte("|;&<>()", text[at]) >= 0 {
		return nil
	}
	if strings.Contains(parse.Text, "without closing quote") || strings.Contains(parse.Text, "reached EOF") {
		return fmt.Errorf("the command is cut off: a quotation mark is not closed")
	}
	// The parser's own text quotes the source, which may hold secrets.
	return fmt.Errorf("the command cannot be read as one of a shell, at its line %d", parse.Pos.Line())
}

// unquote is quote removal, without any expansion.
func unquote(text string, w *syntax.Word) shellWord {
	var b strings.Builder
	var out shellWord
	var part func(p syntax.WordPart, quoted bool)
	part = func(p syntax.WordPart, quoted bool) {
		switch p := p.(type) {
		case *syntax.Lit:
			b.WriteString(unescape(p.Value, quoted))
		case *syntax.SglQuoted:
			if p.Dollar {
				b.WriteString(unescapeANSI(p.Value))
			} else {
				b.WriteString(p.Value)
			}
		case *syntax.DblQuoted:
			for _, inner := range p.Parts {
				part(inner, true)
			}
		default: // an expansion: kept as it was typed
			source := text[p.Pos().Offset():min(int(p.End().Offset()), len(text))]
			if out.live == "" {
				out.live = expansionName(source)
			}
			b.WriteString(source)
		}
	}
	for _, p := range w.Parts {
		part(p, false)
	}
	out.text = b.String()
	return out
}

// expansionName names an expansion without what it holds.
func expansionName(source string) string {
	switch {
	case strings.HasPrefix(source, "${"):
		return "${" + leadingName(source[2:]) + "}"
	case strings.HasPrefix(source, "$") && leadingName(source[1:]) != "":
		return "$" + leadingName(source[1:])
	}
	return "$(...)"
}

// unescape removes the backslashes of a literal; between double quotes only
// some characters can be escaped.
func unescape(s string, quoted bool) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) || quoted && strings.IndexByte("$`\"\\\n", s[i+1]) < 0 {
			b.WriteByte(s[i])
			continue
		}
		i++
		if s[i] != '\n' { // an escaped line break is no character at all
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// unescapeANSI decodes the inside of $'...'. Chrome writes characters beyond
// the basic plane as two \u escapes.
func unescapeANSI(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '\\' || i+1 >= len(s) {
			b.WriteByte(s[i])
			i++
			continue
		}
		decoded, n := ansiEscape(s[i:])
		b.WriteString(decoded)
		i += n
	}
	return b.String()
}

var ansiSimple = map[byte]string{
	'a': "\a", 'b': "\b", 'e': "\x1b", 'E': "\x1b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
	'\\': `\`, '\'': "'", '"': `"`, '?': "?",
}

// ansiEscape decodes the escape at the start of s, which is a backslash and at
// least one more byte, and says how long it is.
func ansiEscape(s string) (string, int) {
	c := s[1]
	if simple, ok := ansiSimple[c]; ok {
		return simple, 2
	}
	switch {
	case c == 'u' || c == 'U':
		return unicodeEscape(s)
	case c == 'x':
		if v, n := digits(s[2:], 16, 2); n > 0 {
			return string([]byte{byte(v)}), 2 + n
		}
	case c >= '0' && c <= '7':
		v, n := digits(s[1:], 8, 3)
		return string([]byte{byte(v)}), 1 + n
	}
	return s[:2], 2
}

func unicodeEscape(s string) (string, int) {
	longest := 4
	if s[1] == 'U' {
		longest = 8
	}
	v, n := digits(s[2:], 16, longest)
	if n == 0 {
		return s[:2], 2
	}
	r, used := rune(v), 2+n
	if utf16.IsSurrogate(r) && strings.HasPrefix(s[used:], `\u`) {
		if low, m := digits(s[used+2:], 16, 4); m == 4 {
			if pair := utf16.DecodeRune(r, rune(low)); pair != utf8.RuneError {
				return string(pair), used + 2 + m
			}
		}
	}
	return string(r), used
}

// digits reads up to longest digits of a base.
func digits(s string, base, longest int) (value uint64, n int) {
	for n < len(s) && n < longest {
		if _, err := strconv.ParseUint(s[n:n+1], base, 8); err != nil {
			break
		}
		n++
	}
	value, _ = strconv.ParseUint(s[:n], base, 64)
	return value, n
}
