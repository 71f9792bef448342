package fix

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/template"
)

// Values in a snippet come from the command line, from a pasted message or
// from a server. They are judged first (an origin is an origin, a header name
// a token), and quoted for their language all the same.

// quoting are the functions of the templates: one per language, for a string
// and for a list of them.
var quoting = template.FuncMap{
	"js": jsString, "jsList": lists(jsString, ", "),
	"py": pyString, "pyList": lists(pyString, ", "),
	"go": strconv.Quote, "goList": lists(strconv.Quote, ", "),
	"rb": singleQuoted, "rbList": lists(singleQuoted, ", "),
	"php":      singleQuoted,
	"nginx":    doubleQuoted,
	"apache":   apacheString,
	"caddy":    doubleQuoted,
	"haproxy":  haproxyString,
	"lighttpd": doubleQuoted,
	"java":     javaString,
	"javaList": lists(javaString, ", "),
	"json":     jsonString,
	"jsonList": lists(jsonString, ", "),
	"yaml":     jsonString,
	"yamlList": lists(jsonString, ", "),
	"raw":      func(s string) string { return s },
	"join":     strings.Join,
	"lower":    strings.ToLower,
}

func lists(quote func(string) string, sep string) func([]string) string {
	return func(values []string) string {
		quoted := make([]string, len(values))
		for i, v := range values {
			quoted[i] = quote(v)
		}
		return strings.Join(quoted, sep)
	}
}

// ascii writes every rune outside printable ASCII with escape.
func ascii(s, special string, quote func(rune) string, escape func(rune) string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case strings.ContainsRune(special, r):
			b.WriteString(quote(r))
		case r < ' ' || r > '~':
			b.WriteString(escape(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func backslash(r rune) string { return `\` + string(r) }

func utf16Escape(r rune) string {
	if r > 0xffff {
		r -= 0x10000
		return fmt.Sprintf(`\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// jsString is a JavaScript string in single quotes.
func jsString(s string) string {
	return "'" + ascii(s, `'\`, backslash, utf16Escape) + "'"
}

// javaString suits Java and C#, whose escapes are those of JSON here.
func javaString(s string) string {
	return `"` + ascii(s, `"\`, backslash, utf16Escape) + `"`
}

// pyString is a Python string in double quotes.
func pyString(s string) string {
	return `"` + ascii(s, `"\`, backslash, func(r rune) string { return fmt.Sprintf(`\U%08x`, r) }) + `"`
}

// jsonString is a string of JSON, and so one of YAML.
func jsonString(s string) string {
	b, err := json.Marshal(s)
	if err != nil { // a string always marshals
		return `""`
	}
	return string(b)
}

// dropped leaves out control characters, where a language has no escape for
// them; no value that was judged has any.
func dropped(rune) string { return "" }

// singleQuoted suits Ruby and PHP, where only ' and \ are special.
func singleQuoted(s string) string {
	return "'" + ascii(s, `'\`, backslash, dropped) + "'"
}

// doubleQuoted suits the configurations of nginx, Caddy and lighttpd.
func doubleQuoted(s string) string {
	return `"` + ascii(s, `"\`, backslash, dropped) + `"`
}

// apacheString is an argument of a directive, where % starts a format.
func apacheString(s string) string {
	return `"` + strings.ReplaceAll(ascii(s, `"\`, backslash, dropped), "%", "%%") + `"`
}

// haproxyString is one word of a line, in which % starts a format.
func haproxyString(s string) string {
	return `"` + strings.ReplaceAll(ascii(s, "\"\\$", backslash, dropped), "%", "%%") + `"`
}

// canonical is how the documentation of most servers writes a header name.
func canonical(s string) string {
	b := []byte(s)
	up := true
	for i, c := range b {
		if up && 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
		up = c == '-'
	}
	return string(b)
}

// commented makes every line of text a comment. A path of the URL may stand
// in it: what could end a comment early is made harmless.
func commented(mark, text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "?>", "? >"), "\n")
	for i, line := range lines {
		lines[i] = mark + " " + ascii(line, "", backslash, dropped)
	}
	return strings.Join(lines, "\n")
}

func notToken(s string) bool { return !isToken(s) }

// isToken reports whether s is a token of HTTP.
func isToken(s string) bool {
	for _, r := range s {
		alnum := '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !alnum && !strings.ContainsRune("!#$%&'*+-.^_`|~", r) {
			return false
		}
	}
	return s != ""
}

// isOrigin reports whether s is a serialized origin other than "null": scheme
// and host, perhaps a port, and nothing that a configuration could trip over.
func isOrigin(s string) bool {
	scheme, host, ok := strings.Cut(s, "://")
	if !ok || scheme == "" || host == "" {
		return false
	}
	for _, r := range s {
		alnum := '0' <= r && r <= '9' || 'a' <= r && r <= 'z'
		if !alnum && !strings.ContainsRune("+-._:[]/", r) {
			return false
		}
	}
	return !strings.Contains(host, "/")
}

func lowerSorted(names []string) []string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = strings.ToLower(n)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (v *view) execute(parsed func() *template.Template) string {
	var b strings.Builder
	if err := parsed().Execute(&b, v); err != nil {
		panic("fix: template of " + v.Key + ": " + err.Error()) // a test executes every template
	}
	return b.String()
}
