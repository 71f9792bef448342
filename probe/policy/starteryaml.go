package policy

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/corscheck/corscheck/probe/fetch"
)

// comment keeps what others wrote inside its comment.
func comment(s string) string { return printable(s) }

// A yamlWriter writes a policy line by line.
type yamlWriter struct{ strings.Builder }

func (w *yamlWriter) line(depth int, format string, args ...any) {
	fmt.Fprintf(w, strings.Repeat("  ", depth)+format+"\n", args...)
}

func (w *yamlWriter) flow(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = w.scalar(v)
	}
	return strings.Join(quoted, ", ")
}

func (w *yamlWriter) origins(key, what string, list []string) {
	if len(list) == 0 {
		w.line(2, "# %s: origins of %s", key, what)
		return
	}
	w.line(2, "%s: # %s", key, what)
	for _, o := range list {
		w.line(3, "- %s", w.scalar(o))
	}
}

// url writes a URL with a variable for each mask in it.
func (w *yamlWriter) url(masked, mask string) {
	if !strings.Contains(masked, mask) {
		w.line(1, "- url: %s", w.scalar(masked))
		return
	}
	parts := strings.Split(strings.ReplaceAll(masked, "${", "$${"), mask)
	text := parts[0]
	for i, part := range parts[1:] {
		text += fmt.Sprintf("${SECRET_%d}", i+1) + part
	}
	quoted, _ := json.Marshal(text) // a string always has a JSON form
	w.line(1, "- url: %s # what may be secret is a variable: set it when testing", quoted)
}

// requests writes the short form, or with a body the long one. The body is
// what the user would not show: it becomes a variable.
func (w *yamlWriter) requests(methods []string, body bool) {
	if !body {
		w.line(2, "methods: [%s]", w.flow(methods))
		return
	}
	w.line(2, "requests:")
	for _, m := range methods {
		w.line(3, "- method: %s", w.scalar(m))
		if m != "GET" && m != "HEAD" {
			w.line(4, `body: "${BODY}" # set this variable when testing`)
		}
	}
}

// combined are headers with the values of a repeated name joined, as Headers
// objects do it: a policy names each once.
// https://fetch.spec.whatwg.org/#concept-header-list-get
func combined(headers []fetch.Header) []fetch.Header {
	var out []fetch.Header
	for _, h := range headers {
		same := func(o fetch.Header) bool { return strings.EqualFold(o.Name, h.Name) }
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i].Value += ", " + h.Value
		} else {
			out = append(out, h)
		}
	}
	return out
}

// header writes a header; what may be a secret becomes a variable.
func (w *yamlWriter) header(h fetch.Header, secret bool) {
	if !secret {
		w.line(3, "%s: %s", w.scalar(h.Name), w.scalar(h.Value))
		return
	}
	name := variableName(h.Name)
	scheme, _, found := strings.Cut(h.Value, " ")
	if !found || !strings.EqualFold(h.Name, "Authorization") || !fetch.IsToken(scheme) {
		scheme = ""
	} else {
		scheme += " "
	}
	w.line(3, `%s: "%s${%s}" # set this variable when testing`, w.scalar(h.Name), scheme, name)
}

// plainScalar is what YAML reads as it stands in every place, but for words of
// its own such as null and 12.
var plainScalar = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9./_:+?=&%~-]*[A-Za-z0-9/_-])?$`)

// scalar writes a string so that YAML reads the same string: plain where that
// is clear, else in double quotes. A ${ of its own is no variable.
func (w *yamlWriter) scalar(s string) string {
	if plainScalar.MatchString(s) {
		var back any
		if err := yaml.Unmarshal([]byte(s), &back); err == nil && back == any(s) {
			return s
		}
	}
	quoted, _ := json.Marshal(strings.ReplaceAll(s, "${", "$${")) // a string always has a JSON form
	return string(quoted)
}

func variableName(header string) string {
	var b strings.Builder
	for _, c := range strings.ToUpper(header) {
		if 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' {
			b.WriteRune(c)
		} else {
			b.WriteByte('_')
		}
	}
	name := b.String()
	if name[0] >= '0' && name[0] <= '9' {
		name = "_" + name
	}
	return name
}
