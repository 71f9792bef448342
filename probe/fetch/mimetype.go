package fetch

import (
	"slices"
	"strings"
)

// mimeEssence is the essence of a MIME type in lower case, or empty where the
// value does not parse as one.
// https://mimesniff.spec.whatwg.org/#parse-a-mime-type
func mimeEssence(value string) string {
	essence, _, _ := strings.Cut(value, ";")
	essence = strings.Trim(essence, httpWhitespace)
	kind, subtype, ok := strings.Cut(essence, "/")
	if !ok || !IsToken(kind) || !IsToken(subtype) {
		return ""
	}
	return strings.ToLower(essence)
}

// httpWhitespace: https://fetch.spec.whatwg.org/#http-whitespace
const httpWhitespace = " \t\r\n"

// mimeParameters are the parameters of a MIME type that parse, in order and as
// they stand there; which of several with one name counts is up to the caller.
// https://mimesniff.spec.whatwg.org/#parse-a-mime-type, step 11
func mimeParameters(value string) []Header {
	var out []Header
	_, rest, more := strings.Cut(strings.Trim(value, httpWhitespace), ";")
	for more {
		rest = strings.TrimLeft(rest, httpWhitespace)
		end := strings.IndexAny(rest, ";=")
		if end < 0 {
			break
		}
		name, after := rest[:end], rest[end+1:]
		if rest[end] == ';' {
			rest = after
			continue
		}
		var v string
		quoted := strings.HasPrefix(after, `"`)
		if quoted {
			v, after = cutQuoted(after)
		}
		var bare string
		bare, rest, more = strings.Cut(after, ";")
		if !quoted {
			v = strings.TrimRight(bare, httpWhitespace)
		}
		if (quoted || v != "") && IsToken(name) && !strings.ContainsFunc(v, isNotQuotable) {
			out = append(out, Header{name, v})
		}
	}
	return out
}

// cutQuoted reads a quoted string and returns what stands behind it.
// https://fetch.spec.whatwg.org/#collect-an-http-quoted-string
func cutQuoted(s string) (value, rest string) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return b.String(), s[i+1:]
		case c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}

// isNotQuotable: https://mimesniff.spec.whatwg.org/#http-quoted-string-token-code-point
func isNotQuotable(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// serializeMIMEType: https://mimesniff.spec.whatwg.org/#serializing-a-mime-type
func serializeMIMEType(essence string, parameters []Header) string {
	var b strings.Builder
	b.WriteString(essence)
	for _, p := range parameters {
		b.WriteString(";" + p.Name + "=")
		if IsToken(p.Value) {
			b.WriteString(p.Value)
			continue
		}
		b.WriteString(`"` + quotedEscapes.Replace(p.Value) + `"`)
	}
	return b.String()
}

var quotedEscapes = strings.NewReplacer(`"`, `\"`, `\`, `\\`)

// charsetUTF8 is a Content-Type whose charset, where it has another one, is made
// UTF-8. https://xhr.spec.whatwg.org/#the-send()-method, step 4
func charsetUTF8(value string) string {
	var parameters []Header
	for _, p := range mimeParameters(value) {
		p.Name = strings.ToLower(p.Name)
		if parameter(parameters, p.Name) == nil { // the first counts
			parameters = append(parameters, p)
		}
	}
	charset, essence := parameter(parameters, "charset"), mimeEssence(value)
	if essence == "" || charset == nil || strings.EqualFold(charset.Value, "utf-8") {
		return value
	}
	charset.Value = "UTF-8"
	return serializeMIMEType(essence, parameters)
}

func parameter(parameters []Header, name string) *Header {
	i := slices.IndexFunc(parameters, func(p Header) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &parameters[i]
}

// safariCharsetUTF8 leaves an empty charset alone. Of two parameters whose names
// differ in letter case the later counts, and takes the place of the earlier too.
func safariCharsetUTF8(value string) string {
	var parameters []Header
	for _, p := range mimeParameters(value) {
		if parameter(parameters, p.Name) != nil {
			continue
		}
		p.Name = strings.ToLower(p.Name)
		if before := parameter(parameters, p.Name); before != nil {
			before.Value = p.Value
		}
		parameters = append(parameters, p)
	}
	charset, essence := parameter(parameters, "charset"), mimeEssence(value)
	if essence == "" || charset == nil || charset.Value == "" || strings.EqualFold(charset.Value, "utf-8") {
		return value
	}
	for i := range parameters {
		if parameters[i].Name == "charset" {
			parameters[i].Value = "UTF-8"
		}
	}
	return serializeMIMEType(essence, parameters)
}

// chromeCharsetUTF8 parses nothing: what follows the word charset and a = is made
// UTF-8, wherever that stands, until there is none or an empty one. A value that
// begins with the word is left alone.
func chromeCharsetUTF8(value string) string {
	const word, quotes = "charset", `"'`
	isSpace := func(c byte) bool { return c <= ' ' }
	var b strings.Builder
	done := 0
	for at := 0; ; {
		i := indexFold(value[at:], word)
		if at += i; i < 0 || at == 0 {
			break
		}
		begins := isSpace(value[at-1]) || value[at-1] == ';'
		if at += len(word); !begins {
			continue
		}
		for at < len(value) && isSpace(value[at]) {
			at++
		}
		if at == len(value) {
			break
		}
		if at++; value[at-1] != '=' {
			continue
		}
		for at < len(value) && (isSpace(value[at]) || strings.IndexByte(quotes, value[at]) >= 0) {
			at++
		}
		end := at
		for end < len(value) && !isSpace(value[end]) && strings.IndexByte(quotes+";", value[end]) < 0 {
			end++
		}
		if end == at {
			break
		}
		b.WriteString(value[done:at] + "UTF-8")
		at, done = end, end
	}
	return b.String() + value[done:]
}

// indexFold is strings.Index in any letter case.
func indexFold(s, word string) int {
	for i := 0; i+len(word) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(word)], word) {
			return i
		}
	}
	return -1
}
