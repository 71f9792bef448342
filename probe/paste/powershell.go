package paste

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/corscheck/corscheck/probe/fetch"
)

// A psToken is one token of a PowerShell command.
type psToken struct {
	kind byte // 's' string, 'w' bare word, or the character itself: { } ( ) = ; newline
	text string
}

var errPSCut = errors.New("the PowerShell command is cut off")

// parsePowerShellText reads what Copy as PowerShell makes: lines that fill
// $session, and an Invoke-WebRequest. text starts with either of them.
func parsePowerShellText(text string) (items []Item, end int, err error) {
	raw := &rawRequest{kind: PowerShell}
	var cookies []string
	s := &psScanner{s: text}
	for {
		statement, err := s.statement()
		if err != nil {
			return nil, s.pos, err
		}
		if statement == nil {
			return nil, s.pos, errPSCut
		}
		first := strings.ToLower(statement[0].text)
		switch {
		case first == "invoke-webrequest" || first == "invoke-restmethod" || first == "iwr" || first == "irm":
			if err := raw.invoke(statement[1:]); err != nil {
				return nil, s.pos, err
			}
			if len(cookies) > 0 {
				raw.headers = append(raw.headers, fetch.Header{Name: "Cookie", Value: strings.Join(cookies, "; ")})
			}
			item, err := raw.item()
			return []Item{item}, s.pos, err
		case strings.HasSuffix(first, ".useragent"):
			if t := lastString(statement); t != "" {
				raw.headers = append(raw.headers, fetch.Header{Name: "User-Agent", Value: t})
			}
		case strings.HasSuffix(first, ".cookies.add"):
			if strs := stringsOf(statement); len(strs) >= 2 {
				cookies = append(cookies, strs[0]+"="+strs[1])
			}
		}
	}
}

// invoke reads the parameters of Invoke-WebRequest. PowerShell takes any
// beginning of a name that is unambiguous.
func (r *rawRequest) invoke(tokens []psToken) error {
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		name := strings.ToLower(t.text)
		if t.kind != 'w' || !strings.HasPrefix(name, "-") {
			if r.url == "" && (t.kind == 's' || t.kind == 'w') {
				r.url = t.text
			}
			continue
		}
		value, used := parameter(tokens[i+1:])
		switch name {
		case "-uri":
			r.url = firstText(value)
		case "-method", "-custommethod":
			r.method = firstText(value)
		case "-contenttype":
			r.headers = append(r.headers, fetch.Header{Name: "Content-Type", Value: firstText(value)})
		case "-useragent":
			r.headers = append(r.headers, fetch.Header{Name: "User-Agent", Value: firstText(value)})
		case "-headers":
			r.hashtable(value)
		case "-body":
			body := strings.Join(stringsOf(value), "")
			r.body = []byte(body)
			r.secrets = append(r.secrets, body)
		case "-usebasicparsing", "-skipcertificatecheck", "-usedefaultcredentials", "-disablekeepalive", "-skipheadervalidation":
			r.transport.Insecure = r.transport.Insecure || name == "-skipcertificatecheck"
			continue // switches have no value
		}
		i += used
	}
	if strings.HasPrefix(r.url, "$") {
		return fmt.Errorf("the URL is the variable %s, which corscheck does not expand: write the URL itself", "$"+leadingName(r.url[1:]))
	}
	if r.method == "" {
		r.method = "GET"
	}
	r.method = strings.ToUpper(r.method)
	return nil
}

// parameter is the value of a parameter: one token, or all between brackets.
func parameter(tokens []psToken) (value []psToken, used int) {
	depth := 0
	for i, t := range tokens {
		switch t.kind {
		case '{', '(':
			depth++
		case '}', ')':
			depth--
		}
		if depth <= 0 && (i > 0 || t.kind == 's' || t.kind == 'w') {
			if t.kind == 'w' && strings.HasPrefix(t.text, "-") && i == 0 {
				return nil, 0 // a switch
			}
			if t.kind == 'w' && (t.text == "@" || strings.HasSuffix(t.text, ".GetBytes")) {
				continue // @{...}, and ([...]::UTF8.GetBytes("..."))
			}
			return tokens[:i+1], i + 1
		}
	}
	return tokens, len(tokens)
}

// psPseudo are the pseudo-headers of HTTP/2, which Chrome copies without their
// colon.
var psPseudo = map[string]bool{"authority": true, "method": true, "path": true, "scheme": true}

// hashtable reads @{ "name"="value" ... }.
func (r *rawRequest) hashtable(tokens []psToken) {
	for i := 0; i+2 < len(tokens); i++ {
		if tokens[i+1].kind != '=' {
			continue
		}
		name, value := tokens[i], tokens[i+2]
		if psPseudo[strings.ToLower(name.text)] {
			i += 2
			continue
		}
		if (name.kind == 's' || name.kind == 'w') && (value.kind == 's' || value.kind == 'w') {
			r.headers = append(r.headers, fetch.Header{Name: name.text, Value: value.text})
			if value.kind == 'w' && strings.HasPrefix(value.text, "$") {
				r.note("$%s is not expanded: it stands in the request as it was typed", leadingName(value.text[1:]))
			}
			i += 2
		}
	}
}

func firstText(tokens []psToken) string {
	for _, t := range tokens {
		if t.kind == 's' || t.kind == 'w' {
			return t.text
		}
	}
	return ""
}

func stringsOf(tokens []psToken) []string {
	var out []string
	for _, t := range tokens {
		if t.kind == 's' {
			out = append(out, t.text)
		}
	}
	return out
}

func lastString(tokens []psToken) string {
	if strs := stringsOf(tokens); len(strs) > 0 {
		return strs[len(strs)-1]
	}
	return ""
}

// A psScanner makes tokens of PowerShell source.
type psScanner struct {
	s   string
	pos int
}

// statement is the tokens up to the end of the statement; nil at the end of the
// text.
func (p *psScanner) statement() ([]psToken, error) {
	var tokens []psToken
	depth := 0
	for {
		t, err := p.token()
		if err != nil {
			return nil, err
		}
		switch t.kind {
		case 0:
			if depth > 0 {
				return nil, errPSCut
			}
			return tokens, nil
		case '\n', ';':
			if depth == 0 && len(tokens) > 0 {
				return tokens, nil
			}
			continue
		case '{', '(':
			depth++
		case '}', ')':
			depth--
		}
		tokens = append(tokens, t)
	}
}

// token reads the next token; its kind is 0 at the end of the text.
func (p *psScanner) token() (psToken, error) {
	for p.pos < len(p.s) {
		c := p.s[p.pos]
		switch {
		case c == '`' && p.pos+1 < len(p.s) && (p.s[p.pos+1] == '\n' || p.s[p.pos+1] == '\r'):
			p.pos += 1 + max(lineBreak(p.s[p.pos+1:]), 1) // a continued line
		case c == ' ' || c == '\t' || c == '\r' || c == ',':
			p.pos++
		case strings.IndexByte("{}()=;\n", c) >= 0:
			p.pos++
			return psToken{c, string(c)}, nil
		case c == '"' || c == '\'':
			return p.str(c)
		default:
			return p.word(), nil
		}
	}
	return psToken{}, nil
}

func (p *psScanner) word() psToken {
	start := p.pos
	for p.pos < len(p.s) && strings.IndexByte(" \t\r\n{}()=;,\"'`", p.s[p.pos]) < 0 {
		p.pos++
	}
	if p.pos == start { // a lone backtick
		p.pos++
	}
	return psToken{'w', p.s[start:p.pos]}
}

// str reads a string. Doubled quotation marks are one; in double quotes a
// backtick escapes.
func (p *psScanner) str(quote byte) (psToken, error) {
	var b strings.Builder
	for p.pos++; p.pos < len(p.s); p.pos++ {
		c := p.s[p.pos]
		switch {
		case c == quote && p.pos+1 < len(p.s) && p.s[p.pos+1] == quote:
			p.pos++
			b.WriteByte(quote)
		case c == quote:
			p.pos++
			return psToken{'s', b.String()}, nil
		case c == '`' && quote == '"' && p.pos+1 < len(p.s):
			decoded, n := psEscape(p.s[p.pos+1:])
			b.WriteString(decoded)
			p.pos += n
		case c == '$' && quote == '"':
			decoded, n := charOf(p.s[p.pos:])
			if n == 0 {
				decoded, n = "$", 1
			}
			b.WriteString(decoded)
			p.pos += n - 1
		default:
			b.WriteByte(c)
		}
	}
	return psToken{}, errPSCut
}

// charOf decodes $([char]N), as which Chrome writes what is not ASCII, at the
// start of s and says how long it is; 0 where there is none.
func charOf(s string) (string, int) {
	rest, ok := strings.CutPrefix(s, "$([char]")
	if !ok {
		return "", 0
	}
	v, n := digits(rest, 10, 7)
	if n == 0 || !strings.HasPrefix(rest[n:], ")") {
		return "", 0
	}
	used := len(s) - len(rest) + n + 1
	if low, isChar := strings.CutPrefix(s[used:], "$([char]"); isChar && utf16.IsSurrogate(rune(v)) {
		second, m := digits(low, 10, 7)
		if pair := utf16.DecodeRune(rune(v), rune(second)); pair != utf8.RuneError && strings.HasPrefix(low[m:], ")") {
			return string(pair), used + len("$([char]") + m + 1
		}
	}
	return string(rune(v)), used
}

// psEscape decodes what follows a backtick and says how long it is.
func psEscape(s string) (string, int) {
	switch s[0] {
	case 'n':
		return "\n", 1
	case 'r':
		return "\r", 1
	case 't':
		return "\t", 1
	case '0':
		return "\x00", 1
	}
	_, n := utf8.DecodeRuneInString(s)
	return s[:n], n
}
