package paste

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// A jsValue is a literal of JavaScript: nil for null and undefined, bool,
// string, jsNumber, jsArray, *jsObject, or jsExpression for anything that would
// have to be run.
type jsValue any

type (
	jsNumber     string
	jsArray      []jsValue
	jsExpression string // its source
)

// A jsObject keeps the order of its members.
type jsObject struct {
	members []jsMember
}

type jsMember struct {
	name  string
	value jsValue
}

func (o *jsObject) get(name string) jsValue {
	if o != nil {
		for _, m := range o.members {
			if m.name == name {
				return m.value
			}
		}
	}
	return nil
}

// A jsReader reads literals as fetch() calls have them: JSON, with the liberties
// of JavaScript. It runs nothing.
type jsReader struct {
	s   string
	pos int
}

var (
	errJSCut  = errors.New("the fetch() call is cut off")
	errJSDeep = errors.New("the fetch() call is nested too deeply")
)

// maxJSDepth bounds the recursion.
const maxJSDepth = 200

func (r *jsReader) peek() byte {
	if r.pos < len(r.s) {
		return r.s[r.pos]
	}
	return 0
}

// space skips white space and comments.
func (r *jsReader) space() {
	for r.pos < len(r.s) {
		rest := r.s[r.pos:]
		switch {
		case strings.HasPrefix(rest, "//"):
			r.pos += lengthUntil(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			r.pos += lengthUntil(rest, "*/")
		default:
			c, n := utf8.DecodeRuneInString(rest)
			if c != '\n' && !isSpace(c) && !isInvisible(c) {
				return
			}
			r.pos += n
		}
	}
}

// lengthUntil is the length of s up to and with the first end, or all of it.
func lengthUntil(s, end string) int {
	if i := strings.Index(s, end); i >= 0 {
		return i + len(end)
	}
	return len(s)
}

// value reads one value; what is not a literal is skipped over.
func (r *jsReader) value(depth int) (jsValue, error) {
	if depth > maxJSDepth {
		return nil, errJSDeep
	}
	r.space()
	start := r.pos
	var v jsValue
	var err error
	switch c := r.peek(); {
	case c == 0:
		return nil, errJSCut
	case c == '"' || c == '\'' || c == '`':
		v, err = r.str()
	case c == '{':
		v, err = r.object(depth)
	case c == '[':
		v, err = r.array(depth)
	default:
		v, err = r.word(depth)
	}
	if err != nil {
		return nil, err
	}
	if r.space(); strings.IndexByte(",)}];\x00", r.peek()) < 0 {
		// More follows: "a" + b, token.value, x ? y : z.
		return r.expression(start)
	}
	return v, nil
}

// word reads a number, a name, or one of the calls that are as good as literals.
func (r *jsReader) word(depth int) (jsValue, error) {
	start := r.pos
	for r.pos < len(r.s) && (isNameByte(r.s[r.pos]) || r.s[r.pos] == '.' || r.s[r.pos] == '-' || r.s[r.pos] == '+') {
		r.pos++
	}
	name := r.s[start:r.pos]
	switch name {
	case "null", "undefined":
		return nil, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "new":
		return r.constructed(start, depth)
	case "JSON.stringify":
		return r.stringified(start, depth)
	}
	if name != "" && strings.Trim(name, "0123456789.eE+-") == "" {
		return jsNumber(name), nil
	}
	return r.expression(start)
}

// constructed reads new Headers(...) and new URLSearchParams(...) of literals.
func (r *jsReader) constructed(start, depth int) (jsValue, error) {
	r.space()
	for _, class := range []string{"Headers", "URLSearchParams", "URL", "Request"} {
		if rest, ok := strings.CutPrefix(r.s[r.pos:], class+"("); ok {
			r.pos = len(r.s) - len(rest)
			v, err := r.value(depth + 1)
			if err != nil {
				return nil, err
			}
			if r.space(); r.peek() != ')' {
				break
			}
			r.pos++
			return v, nil
		}
	}
	return r.expression(start)
}

// stringified reads JSON.stringify(literal) as the string that it makes.
func (r *jsReader) stringified(start, depth int) (jsValue, error) {
	if r.space(); r.peek() != '(' {
		return r.expression(start)
	}
	r.pos++
	v, err := r.value(depth + 1)
	if err != nil {
		return nil, err
	}
	if r.space(); r.peek() != ')' {
		return r.expression(start)
	}
	r.pos++
	encoded, err := json.Marshal(plain(v))
	if err != nil {
		return r.expression(start)
	}
	return string(encoded), nil
}

// plain is a value as encoding/json takes it; expressions become null.
func plain(v jsValue) any {
	switch v := v.(type) {
	case jsNumber:
		return json.RawMessage(numberOrNull(string(v)))
	case jsArray:
		list := make([]any, len(v))
		for i := range v {
			list[i] = plain(v[i])
		}
		return list
	case *jsObject:
		object := map[string]any{}
		for _, m := range v.members {
			object[m.name] = plain(m.value)
		}
		return object
	case jsExpression:
		return nil
	}
	return v
}

func numberOrNull(s string) string {
	if json.Valid([]byte(s)) {
		return s
	}
	return "null"
}

// expression skips from start over what would have to be run, up to the comma
// or bracket that ends it.
func (r *jsReader) expression(start int) (jsValue, error) {
	r.pos = start
	depth := 0
	for r.pos < len(r.s) {
		switch c := r.s[r.pos]; {
		case c == '"' || c == '\'' || c == '`':
			if _, err := r.str(); err != nil {
				return nil, err
			}
			continue
		case strings.HasPrefix(r.s[r.pos:], "//"), strings.HasPrefix(r.s[r.pos:], "/*"):
			r.space()
			continue
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}' || c == ',' || c == ';':
			if depth == 0 {
				return jsExpression(strings.TrimSpace(r.s[start:r.pos])), nil
			}
			if c != ',' && c != ';' {
				depth--
			}
		}
		r.pos++
	}
	return nil, errJSCut
}

func (r *jsReader) object(depth int) (jsValue, error) {
	r.pos++ // {
	o := &jsObject{}
	for {
		r.space()
		switch r.peek() {
		case 0:
			return nil, errJSCut
		case '}':
			r.pos++
			return o, nil
		case ',':
			r.pos++
			continue
		}
		name, err := r.name()
		if err != nil {
			return nil, err
		}
		r.space()
		if r.peek() != ':' { // shorthand, spread or method: skipped
			if _, err := r.expression(r.pos); err != nil {
				return nil, err
			}
			if c := r.peek(); c != ',' && c != '}' {
				return nil, errJSCut
			}
			o.members = append(o.members, jsMember{name, jsExpression(name)})
			continue
		}
		r.pos++
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		o.members = append(o.members, jsMember{name, v})
		if r.space(); r.peek() != ',' && r.peek() != '}' {
			return nil, errJSCut
		}
	}
}

// name reads the name of a member.
func (r *jsReader) name() (string, error) {
	if c := r.peek(); c == '"' || c == '\'' {
		v, err := r.str()
		name, _ := v.(string)
		return name, err
	}
	start := r.pos
	for r.pos < len(r.s) && isNameByte(r.s[r.pos]) {
		r.pos++
	}
	if r.pos == start && strings.IndexByte("[.", r.peek()) < 0 {
		return "", errJSCut
	}
	return r.s[start:r.pos], nil
}

func (r *jsReader) array(depth int) (jsValue, error) {
	r.pos++ // [
	list := jsArray{}
	for {
		r.space()
		switch r.peek() {
		case 0:
			return nil, errJSCut
		case ']':
			r.pos++
			return list, nil
		case ',':
			r.pos++
			continue
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		if r.space(); r.peek() != ',' && r.peek() != ']' {
			return nil, errJSCut
		}
	}
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c >= 0x80
}
