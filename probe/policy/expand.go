package policy

import (
	"strconv"
	"strings"
	"unicode"
)

// A text is a scalar of the policy with its variables expanded.
type text struct {
	value string   // what checks use
	raw   string   // what was written, which messages may show
	vars  []string // the values of its variables
}

// expanded says that value holds something that must not be printed.
func (t text) expanded() bool { return len(t.vars) > 0 }

// shown is the text as messages show it: quoted, as written, cut where long.
func (t text) shown() string { return quote(t.raw) }

// hidden adds, where variables were expanded, why the value cannot be seen.
func (t text) hidden() string {
	if t.expanded() {
		return " (its value after expansion is not shown)"
	}
	return ""
}

// expand replaces ${NAME} by the variable's value; $${ stands for a literal ${.
// It reports each variable that cannot be expanded.
func expand(raw string, lookup func(string) (string, bool), report func(string)) (t text, ok bool) {
	t.raw, ok = raw, true
	var b strings.Builder
	for rest := raw; ; {
		before, after, found := strings.Cut(rest, "${")
		if !found {
			b.WriteString(rest)
			t.value = b.String()
			return t, ok
		}
		if strings.HasSuffix(before, "$") {
			b.WriteString(before)
			b.WriteByte('{')
			rest = after
			continue
		}
		b.WriteString(before)
		name, tail, closed := strings.Cut(after, "}")
		value, set := "", false
		switch {
		case !closed:
			report("${ is not closed: write ${NAME}, or $${ for a literal ${")
			return t, false
		case !isVariable(name):
			report(quote("${"+name+"}") + " names no variable: write ${NAME} with letters, digits and _, or $${ for a literal ${")
		default:
			if value, set = lookup(name); !set {
				report("the environment variable " + name + " is not set")
			}
		}
		ok = ok && set
		t.vars = append(t.vars, value)
		b.WriteString(value)
		rest = tail
	}
}

func isVariable(name string) bool {
	for i, c := range name {
		if c != '_' && !('A' <= c && c <= 'Z') && !('a' <= c && c <= 'z') && (i == 0 || !('0' <= c && c <= '9')) {
			return false
		}
	}
	return name != ""
}

// maxShown is how much of a value a message quotes.
const maxShown = 120

// quote makes a value from a file safe and short enough for one line of a
// terminal: control, bidi and other invisible characters are escaped.
func quote(s string) string {
	if r := []rune(s); len(r) > maxShown {
		s = string(r[:maxShown]) + "…"
	}
	for _, c := range s {
		if c == '\\' || c == '"' || c == unicode.ReplacementChar || !unicode.IsPrint(c) {
			return strconv.Quote(s)
		}
	}
	return `"` + s + `"`
}

// printable escapes what must not reach a terminal, and leaves quotes alone.
func printable(s string) string {
	clean := func(c rune) bool { return c != unicode.ReplacementChar && unicode.IsPrint(c) }
	var b strings.Builder
	for _, c := range s {
		if clean(c) {
			b.WriteRune(c)
		} else {
			q := strconv.QuoteRune(c)
			b.WriteString(q[1 : len(q)-1])
		}
	}
	return b.String()
}
