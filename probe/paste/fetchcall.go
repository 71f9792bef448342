package paste

import (
	"fmt"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// parseFetchText reads a fetch() call from text, which starts behind its
// opening parenthesis, and says where it ended.
func parseFetchText(text string) (items []Item, end int, err error) {
	r := &jsReader{s: text}
	target, err := r.value(0)
	if err != nil {
		return nil, r.pos, err
	}
	address, ok := target.(string)
	if !ok {
		source, _ := target.(jsExpression)
		return nil, r.pos, fmt.Errorf("the URL of fetch() is an expression (%s), and corscheck runs no code: write the URL itself", named(string(source)))
	}
	raw := &rawRequest{kind: Fetch, url: address}
	if r.space(); r.peek() == ',' {
		r.pos++
		options, err := r.value(0)
		if err != nil {
			return nil, r.pos, err
		}
		if err := raw.options(options); err != nil {
			return nil, r.pos, err
		}
	}
	if r.space(); r.peek() != ')' {
		return nil, r.pos, errJSCut
	}
	r.pos++
	if raw.method == "" {
		raw.method = "GET"
	}
	item, err := raw.item()
	return []Item{item}, r.pos, err
}

// options reads the second argument of fetch().
func (r *rawRequest) options(v jsValue) error {
	o, ok := v.(*jsObject)
	if !ok {
		if e, isExpression := v.(jsExpression); isExpression {
			r.note("the options of fetch() are an expression (%s), which is not run: give its method and headers with -X and -H", named(string(e)))
		}
		return nil
	}
	for _, m := range o.members {
		switch m.name {
		case "headers":
			r.headerObject(m.value)
		case "body":
			r.bodyOf(m.value)
		case "method", "mode", "credentials", "redirect", "referrer":
			if e, is := m.value.(jsExpression); is {
				r.note("%s is an expression (%s), which is not run", m.name, named(string(e)))
			}
		}
	}
	text := func(name string) string { s, _ := o.get(name).(string); return s }
	r.method, r.referrer = text("method"), text("referrer")
	r.redirect = fetch.RedirectMode(oneOf(text("redirect"), "follow", "error", "manual"))
	r.credentials = fetch.CredentialsMode(oneOf(text("credentials"), "omit", "same-origin", "include"))
	if mode := oneOf(text("mode"), "cors", "no-cors", "same-origin"); mode != "cors" {
		r.mode = fetch.Mode(mode)
	}
	return nil
}

func oneOf(s string, allowed ...string) string {
	for _, a := range allowed {
		if s == a {
			return s
		}
	}
	return ""
}

// headerObject reads headers: an object, or a list of pairs.
func (r *rawRequest) headerObject(v jsValue) {
	add := func(name string, value jsValue) {
		switch value := value.(type) {
		case string:
			r.headers = append(r.headers, fetch.Header{Name: name, Value: value})
		case jsNumber:
			r.headers = append(r.headers, fetch.Header{Name: name, Value: string(value)})
		case bool:
			r.headers = append(r.headers, fetch.Header{Name: name, Value: fmt.Sprint(value)})
		case nil: // the string "null" in JavaScript
			r.headers = append(r.headers, fetch.Header{Name: name, Value: "null"})
		case jsExpression:
			r.headers = append(r.headers, fetch.Header{Name: name, Value: UnsafeValue(name)})
			r.note("the value of the header %s is an expression, which is not run: another value stands for it", name)
		}
	}
	switch v := v.(type) {
	case *jsObject:
		for _, m := range v.members {
			if m.name == "" {
				r.note("headers that are spread into the object are not read: add them with -H")
				continue
			}
			add(m.name, m.value)
		}
	case jsArray:
		for _, pair := range v {
			if p, ok := pair.(jsArray); ok && len(p) == 2 {
				if name, ok := p[0].(string); ok {
					add(name, p[1])
				}
			}
		}
	case jsExpression:
		r.note("headers are an expression (%s), which is not run: give them with -H", named(string(v)))
	}
}

func (r *rawRequest) bodyOf(v jsValue) {
	switch v := v.(type) {
	case nil:
	case string:
		r.body = []byte(v)
		r.secrets = append(r.secrets, v)
	case jsExpression:
		r.body = []byte{}
		r.note("the body is an expression, which is not run: the request is checked with an empty body")
	default:
		r.body = []byte("[object Object]") // what fetch() makes of it
	}
}

// named says what an expression is by its first name: the rest of it may hold
// what nobody should see.
func named(expression string) string {
	if _, inner, ok := strings.Cut(expression, "${"); ok && strings.HasPrefix(expression, "`") {
		return "a template with ${" + leadingName(inner) + "}"
	}
	if name := leadingName(strings.TrimLeft(expression, "$({ ")); name != "" {
		return name
	}
	return "computed"
}

// leadingName is the name that s starts with, of 40 characters at most.
func leadingName(s string) string {
	n := 0
	for n < len(s) && n < 40 && (isNameByte(s[n]) || s[n] == '.' || s[n] == '-') {
		n++
	}
	return strings.ToValidUTF8(s[:n], "")
}
