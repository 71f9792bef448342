package policy

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// refuse reports a value that err finds wrong. Where a variable was expanded
// the message says only what the value should have been, as err may quote it.
func (l *loader) refuse(n ast.Node, t text, kind, example string, err error) {
	if t.expanded() {
		l.errorf(n, "%s is not %s%s: write %s such as %s", t.shown(), kind, t.hidden(), kind, example)
		return
	}
	message := sentence(err)
	if input := (*probe.InputError)(nil); errors.As(err, &input) && input.Correct == fetch.NullOrigin {
		message += `, in quotes: "null"` // an unquoted one is no string in YAML
	}
	l.errorf(n, "%s", message)
}

// sentence is an error of package probe with its hint in one sentence.
func sentence(err error) string {
	var input *probe.InputError
	if errors.As(err, &input) && input.Hint != "" {
		return printable(input.Problem + ": " + input.Hint)
	}
	return printable(err.Error())
}

// url reads the URL of a target.
func (l *loader) url(n ast.Node) string {
	t, ok := l.str(n, "url")
	if !ok {
		return ""
	}
	value, err := probe.ParseTarget(t.value)
	if err != nil {
		l.refuse(n, t, "a URL", "https://api.example.com/users", err)
		return ""
	}
	return value
}

func (l *loader) method(n ast.Node) (string, bool) {
	t, ok := l.str(n, "a method")
	if !ok {
		return "", false
	}
	if _, err := probe.ParseMethod(t.value); err != nil {
		l.refuse(n, t, "a method that a script may send", "PUT", err)
		return "", false
	}
	return fetch.NormalizeMethod(t.value), true
}

// headers reads a mapping of header names to values.
func (l *loader) headers(n ast.Node) []fetch.Header {
	fields, _ := l.mapping(n, "headers")
	var headers []fetch.Header
	seen := map[string]bool{}
	for _, f := range fields {
		lower := strings.ToLower(f.name)
		switch {
		case !fetch.IsToken(f.name):
			l.errorf(f.key, "fetch() itself throws a TypeError: %s is not a header name", quote(f.name))
			continue
		case seen[lower]:
			l.errorf(f.key, "header %s is given twice: header names have no case", f.name)
			continue
		}
		seen[lower] = true
		if _, empty := l.resolve(f.value).(*ast.NullNode); empty {
			l.errorf(f.value, `the value of header %s is missing: write "" for an empty one`, f.name)
			continue
		}
		t, ok := l.scalar(f.value, "the value of header "+f.name)
		if !ok {
			continue
		}
		value := strings.Trim(t.value, " \t\r\n")
		if problem := valueProblem(value); problem != "" {
			l.errorf(f.value, "fetch() itself throws a TypeError: the value of header %s has %s in it%s", f.name, problem, t.hidden())
			continue
		}
		l.policy.secrets = append(l.policy.secrets, t.vars...)
		headers = append(headers, fetch.Header{Name: f.name, Value: value})
	}
	return headers
}

// valueProblem says what keeps a value out of a Headers object.
// https://fetch.spec.whatwg.org/#concept-header-value
func valueProblem(value string) string {
	for _, c := range value {
		switch {
		case c == '\n' || c == '\r':
			return "a line break"
		case c == 0:
			return "a NUL"
		case c > 0xff:
			return "a character that is not Latin-1"
		}
	}
	return ""
}
