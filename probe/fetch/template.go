package fetch

import "strings"

// fill replaces each {name} of a template by its value; what value does not
// know stays as it is. Texts are made for every check of a run, so this makes
// no table of all values first, as strings.Replacer does.
func fill(template string, value func(name string) (string, bool)) string {
	if !strings.Contains(template, "{") {
		return template
	}
	var b strings.Builder
	b.Grow(len(template) + 64)
	for rest := template; ; {
		before, after, found := strings.Cut(rest, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, tail, closed := strings.Cut(after, "}")
		v, known := value(name)
		if !closed || !known {
			b.WriteByte('{')
			rest = after
			continue
		}
		b.WriteString(v)
		rest = tail
	}
}
