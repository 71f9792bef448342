package paste

import (
	"regexp"
	"strings"
	"sync"
)

// A role says what a piece of text is within a message.
type role int

const (
	rolePrefix    role = iota // names the request: "Access to fetch at 'U' from origin 'O' ..."
	rolePreflight             // "Response to preflight request doesn't pass access control check:"
	roleReason                // says why
	roleTail                  // adds a fact to the reason before it
	roleSecond                // Safari's second line, which names the URL
	roleWhole                 // a message that is complete by itself
	roleSymptom               // what script sees
	roleEcho                  // repeats the message before it
)

// A pattern is one wording of a piece of a message. In its text, {name} stands
// for a value, ' for any quotation mark or none, and a space for white space.
type pattern struct {
	role    role
	class   Class
	browser string
	code    string
	// preflighted is the code behind the words of rolePreflight; empty: code.
	preflighted string
	// echo says that the wording only repeats the message before it, where there
	// is one.
	echo bool
	text string

	anchor string
	// re is compiled when its anchor is first found: there are hundreds, and most
	// runs need none.
	re func() *regexp.Regexp
}

// window is how far behind its anchor a pattern is looked for: enough for a long
// URL, and a bound on the work that a hostile text can cause.
const window = 16 << 10

// broken is the rest of a URL behind the line breaks that a mail program or a
// terminal has put into it.
const broken = `(?:\n[^\s'"‘’]+?){1,6}`

// placeholders are what the values of a pattern look like.
var placeholders = map[string]string{
	"url":    `(?P<url>[^\s]*?|[^\s]+?` + broken + `)`,
	"last":   `(?P<url>[^\s]+)`, // a URL at the end of its line
	"quoted": `(?P<url>[^\s'"` + "`" + `‘’“”]+)`,
	"from":   `(?P<from>[^\n]*?|[^\s'"‘’]+?` + broken + `)`,
	"at":     `(?P<url>[^\n]*?|[^\s'"‘’]+?` + broken + `)`, // a URL between quotation marks: people redact it with words
	"origin": `(?P<origin>[^\s]*?)`,
	"site":   `(?P<origin>null|[a-z][a-z0-9+.-]*://[^\s/'"‘’“”]*[^\s/'"‘’“”.])`, // an origin at the end of a wording
	"web":    `(?P<origin>null|https?://[^\s'"‘’]*?)`,
	"page":   `(?P<page>[^\n]*?)`,
	"kind":   `(?P<kind>[A-Za-z][A-Za-z ]{0,40}?)`,
	"value":  `(?P<value>[^\n]*?)`,
	"line":   `(?P<value>[^\n]*)`,
	"header": `(?P<header>[^\s'‘’]+?)`,
	"name":   `(?P<header>[A-Za-z0-9!#$%&*+.^_|~-]+)`, // a header at the end of a wording
	"method": `(?P<method>[^\s'‘’]+?)`,
	"status": `(?P<status>\d{3}|\(null\))`,
	"any":    `[^\n]*?`,
	"gap":    `\s?`, // of a language that sets no space there
	"space":  `(?P<value>[a-z]{0,20})`,
}

// quote is any quotation mark, or none: chats and Markdown eat them.
const quote = "(?:['\"`´‘’‚‛“”„]|«\\s?|\\s?»|「|」)?"

// compile turns the text of p into an expression and its anchor: the longest
// literal words in it, by which it is found without running the expression.
func (p *pattern) compile() *pattern {
	var re strings.Builder
	for rest := p.text; rest != ""; {
		literal, name, after := cutPlaceholder(rest)
		p.anchor = longestWords(p.anchor, literal)
		re.WriteString(literalExpression(literal))
		if name != "" {
			expression, ok := placeholders[name]
			if !ok {
				panic("paste: unknown placeholder {" + name + "} in " + p.text)
			}
			re.WriteString(expression)
		}
		rest = after
	}
	if len(p.anchor) < 8 || strings.Count(p.text, p.anchor) != 1 {
		panic("paste: no literal words to find " + p.text + " by")
	}
	p.re = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(re.String()) })
	return p
}

func cutPlaceholder(s string) (literal, name, rest string) {
	open := strings.IndexByte(s, '{')
	if open < 0 {
		return s, "", ""
	}
	length := strings.IndexByte(s[open:], '}')
	return s[:open], s[open+1 : open+length], s[open+length+1:]
}

// longestWords is the longer of best and the longest part of literal that has no
// quotation mark in it, which may be any.
func longestWords(best, literal string) string {
	for _, words := range strings.FieldsFunc(literal, isQuote) {
		if len(words) > len(best) {
			best = words
		}
	}
	return best
}

func isQuote(r rune) bool { return r == '\'' || r == '"' || r == '`' }

func literalExpression(literal string) string {
	var b strings.Builder
	for _, r := range literal {
		switch r {
		case ' ':
			b.WriteString(`\s`)
		case '\'', '"', '`':
			b.WriteString(quote)
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return b.String()
}

// A mark is a pattern found in a text.
type mark struct {
	*pattern
	start, end int
	values     map[string]string
}

// find adds the marks of every pattern of the list to marks. Patterns with one
// anchor share its search. Each looks no further than the neighbouring anchors,
// so the work is linear in the length of the text.
func (l patterns) find(t *text, marks []mark) []mark {
	for anchor, group := range l.byAnchor {
		from := 0
		for pos := index(t.flat, anchor, 0); pos >= 0; {
			after := pos + len(anchor)
			next := index(t.flat, anchor, after)
			to := min(len(t.s), after+window)
			if next >= 0 {
				to = min(to, next)
			}
			from = max(from, pos-window)
			if m, ok := longest(group, t.s[from:to], pos-from); ok {
				m.start, m.end = from+m.start, from+m.end
				marks = append(marks, m)
			}
			from, pos = after, next
		}
	}
	return marks
}

// longest matches each pattern in s, where its anchor is at position at, and
// returns the one that reads most; of several, the first.
func longest(group []*pattern, s string, at int) (mark, bool) {
	var best mark
	for _, p := range group {
		re := p.re()
		m := re.FindStringSubmatchIndex(s)
		if m == nil || m[0] > at || m[1] <= at || m[1]-m[0] <= best.end-best.start {
			continue
		}
		best = mark{pattern: p, start: m[0], end: m[1], values: map[string]string{}}
		for i, name := range re.SubexpNames() {
			if name != "" && m[2*i] >= 0 {
				best.values[name] = s[m[2*i]:m[2*i+1]]
			}
		}
	}
	return best, best.pattern != nil
}

func index(s, substr string, from int) int {
	if from > len(s) {
		return -1
	}
	if i := strings.Index(s[from:], substr); i >= 0 {
		return from + i
	}
	return -1
}

// patterns are compiled patterns by anchor.
type patterns struct {
	byAnchor map[string][]*pattern
}

func compilePatterns(lists ...[]pattern) patterns {
	l := patterns{byAnchor: map[string][]*pattern{}}
	for _, list := range lists {
		for i := range list {
			p := list[i].compile()
			l.byAnchor[p.anchor] = append(l.byAnchor[p.anchor], p)
		}
	}
	return l
}
