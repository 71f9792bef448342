package fix

import (
	"cmp"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// An Observation is what was seen of a server.
type Observation struct {
	Exchanges []fetch.Exchange
	// Texts are the decoded starts of the bodies, parallel to Exchanges; where
	// one is absent or empty the body is read as it was transferred.
	Texts []string
}

// A Layer is a stack that an answer looks like it passed through. It is never
// certain: proxies strip and add what servers are recognised by.
type Layer struct {
	Stack      string
	Confidence finding.Confidence
	// Why quotes what was seen: "Server: nginx/1.22.1".
	Why string
}

// Recognise names the stacks that the answers look like, outermost first and,
// within one place between browser and application, the surest first.
func Recognise(o Observation) []Layer {
	answers := o.answers()
	type ranked struct {
		Layer
		stack *Stack
		index int
	}
	var found []ranked
	for i, s := range registry {
		if l, ok := s.recognise(answers); ok {
			found = append(found, ranked{l, s, i})
		}
	}
	slices.SortStableFunc(found, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.stack.Kind.depth(), b.stack.Kind.depth()),
			cmp.Compare(rank(b.Confidence), rank(a.Confidence)),
			compareBools(a.stack.runtime, b.stack.runtime), cmp.Compare(a.index, b.index))
	})
	layers := make([]Layer, len(found))
	for i, f := range found {
		layers[i] = f.Layer
	}
	return layers
}

// Owner is the layer that a change belongs to: the one nearest to the
// application, because it alone answers for every request of its own, unless
// the finding is one that the outermost server has to settle. Give it the
// layers of the answer that failed: they leave out what did not answer.
func Owner(id finding.ID, layers []Layer) (Layer, bool) {
	var pick *Layer
	var picked *Stack
	for i := range layers {
		s := lookup(layers[i].Stack)
		if s == nil || len(s.changes) == 0 {
			continue
		}
		if id == "duplicate-allow-origin" && picked != nil {
			break // the outermost sees all copies of the header
		}
		deeper := picked == nil || s.Kind.depth() > picked.Kind.depth()
		if deeper && (picked == nil || layers[i].Confidence != finding.Low) {
			pick, picked = &layers[i], s
		}
	}
	if pick == nil {
		return Layer{}, false
	}
	return *pick, true
}

// Sure reports whether the layers name the application well enough: not by a
// weak mark alone, nor only by what it runs on.
func Sure(layers []Layer) bool {
	owner, ok := Owner("", layers)
	s := lookup(owner.Stack)
	return ok && owner.Confidence != finding.Low && !s.runtime
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func rank(c finding.Confidence) int {
	return slices.Index([]finding.Confidence{finding.Low, finding.Medium, finding.High}, c)
}

// A Mark is one thing that a stack is recognised by.
type Mark struct {
	Confidence finding.Confidence
	// Header is the lower-case name of a response header and Value what its
	// value contains, in lower case; "^nginx" is what it starts with, "=x" what
	// it is, and empty any value.
	Header, Value string
	// Body is what the body contains; "^" as above.
	Body string
	// Shape is any other property of an answer, and Says names it.
	Shape func(answer) bool
	Says  string
}

func header(name, value string, c finding.Confidence) Mark {
	return Mark{Header: name, Value: value, Confidence: c}
}

func body(text string, c finding.Confidence) Mark { return Mark{Body: text, Confidence: c} }

func shape(says string, c finding.Confidence, is func(answer) bool) Mark {
	return Mark{Shape: is, Says: says, Confidence: c}
}

// answer is a response with what marks ask of it.
type answer struct {
	message *fetch.Message
	*fetch.Response
	text string
}

func (o Observation) answers() []answer {
	var list []answer
	for i := range o.Exchanges {
		e := &o.Exchanges[i]
		if e.Response == nil {
			continue
		}
		a := answer{message: &e.Message, Response: e.Response}
		if i < len(o.Texts) {
			a.text = o.Texts[i]
		}
		if a.text == "" {
			a.text = string(e.Response.Body)
		}
		list = append(list, a)
	}
	return list
}

// values are the values of a header's lines.
func (a answer) values(name string) []string {
	var list []string
	for _, h := range a.Headers {
		if strings.EqualFold(h.Name, name) {
			list = append(list, h.Value)
		}
	}
	return list
}

// is reports whether the header has one line with that value.
func (a answer) is(name, value string) bool {
	v := a.values(name)
	return len(v) == 1 && v[0] == value
}

func (a answer) has(name string) bool { return len(a.values(name)) > 0 }

func (a answer) preflight() bool { return a.message.Kind == fetch.Preflight }

// seen reports whether the answer bears the mark, and quotes it.
func (m Mark) seen(a answer) (string, bool) {
	switch {
	case m.Header != "":
		for _, v := range a.values(m.Header) {
			if matches(strings.ToLower(v), m.Value) {
				return canonical(m.Header) + ": " + shorten(v), true
			}
		}
		return "", false
	case m.Body != "":
		return "a body with " + shorten(strings.TrimLeft(m.Body, "^=")), matches(a.text, m.Body)
	}
	return m.Says, m.Shape(a)
}

func matches(s, pattern string) bool {
	if rest, ok := strings.CutPrefix(pattern, "^"); ok {
		return strings.HasPrefix(s, rest)
	}
	if rest, ok := strings.CutPrefix(pattern, "="); ok {
		return strings.TrimRight(s, "\r\n") == rest
	}
	return strings.Contains(s, pattern)
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// recognise holds every mark against every answer. Marks that agree add up:
// two of the same confidence count as one of the next.
func (s *Stack) recognise(answers []answer) (Layer, bool) {
	count := map[finding.Confidence]int{}
	var why []string
	for _, m := range s.Marks {
		for _, a := range answers {
			if says, ok := m.seen(a); ok {
				count[m.Confidence]++
				why = append(why, says)
				break
			}
		}
	}
	if len(why) == 0 {
		return Layer{}, false
	}
	l := Layer{Stack: s.Key, Why: strings.Join(why, ", "), Confidence: finding.Low}
	switch {
	case count[finding.High] > 0 || count[finding.Medium] > 1:
		l.Confidence = finding.High
	case count[finding.Medium] > 0 || count[finding.Low] > 1:
		l.Confidence = finding.Medium
	}
	return l, true
}
