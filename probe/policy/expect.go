package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// expectations are what an allowed check must show beyond its verdict.
type expectations struct {
	expose    []string // lower-case
	maxAge    *maxAge
	vary      *bool
	preflight *bool
}

// maxAge is a comparison with the seconds that a preflight may be kept.
type maxAge struct {
	op      string
	seconds int64
}

func (e expectations) clone() expectations {
	e.expose = slices.Clone(e.expose)
	return e
}

// expect reads the expectations of a target; they replace those of the defaults
// key by key.
func (l *loader) expect(n ast.Node, e *expectations) {
	fields, _ := l.fields(n, "expect", expectKeys)
	for _, f := range fields {
		switch f.name {
		case "expose":
			e.expose = l.exposed(f.value)
		case "max-age":
			e.maxAge = l.maxAge(f.value)
		case "vary":
			if b, ok := l.boolean(f.value, "vary"); ok {
				e.vary = &b
			}
		case "preflight":
			if b, ok := l.boolean(f.value, "preflight"); ok {
				e.preflight = &b
			}
		}
	}
}

func (l *loader) exposed(n ast.Node) []string {
	var names []string
	items, _ := l.list(n, "expose")
	for _, item := range items {
		t, ok := l.str(item, "a header name")
		lower := strings.ToLower(t.value)
		switch {
		case !ok:
		case !fetch.IsToken(t.value):
			l.errorf(item, "%s%s is not a header name", t.shown(), t.hidden())
		case lower == "set-cookie" || lower == "set-cookie2":
			l.errorf(item, "no browser lets a script read %s", t.shown())
		case contains(names, lower):
			l.errorf(item, "header %s is listed twice under expose", t.shown())
		default:
			names = append(names, lower)
		}
	}
	return names
}

func (l *loader) maxAge(n ast.Node) *maxAge {
	t, ok := l.scalar(n, "max-age")
	if !ok {
		return nil
	}
	s := strings.TrimSpace(t.value)
	digits := strings.TrimLeft(s, "<>=")
	m := maxAge{op: s[:len(s)-len(digits)]}
	seconds, err := strconv.ParseUint(strings.TrimSpace(digits), 10, 62)
	if err != nil || !contains([]string{"", "=", ">=", "<=", ">", "<"}, m.op) {
		l.errorf(n, `max-age must compare seconds, such as ">=600", "<86400" or 600, not %s%s`, t.shown(), t.hidden())
		return nil
	}
	if m.op == "" {
		m.op = "="
	}
	m.seconds = int64(seconds)
	return &m
}

func (m *maxAge) holds(seconds int64) bool {
	switch m.op {
	case ">=":
		return seconds >= m.seconds
	case "<=":
		return seconds <= m.seconds
	case ">":
		return seconds > m.seconds
	case "<":
		return seconds < m.seconds
	}
	return seconds == m.seconds
}

// verifier is the function that holds the expectations against a result, nil
// where there are none.
func (e expectations) verifier() func(*probe.Result) []probe.Failure {
	if e.expose == nil && e.maxAge == nil && e.vary == nil && e.preflight == nil {
		return nil
	}
	return func(r *probe.Result) []probe.Failure {
		v := verification{result: r, expectations: e}
		v.checkPreflight()
		v.checkMaxAge()
		v.checkExpose()
		v.checkVary()
		return v.failures
	}
}

// verification is one result held against its expectations.
type verification struct {
	expectations
	result   *probe.Result
	failures []probe.Failure
}

func (v *verification) fail(expectation, want, got string) {
	v.failures = append(v.failures, probe.Failure{Expectation: expectation, Want: want, Got: got})
}

// notChecked says in the report that an expectation neither held nor failed.
func (v *verification) notChecked(expectation, because string) {
	v.result.Assumptions = append(v.result.Assumptions, fmt.Sprintf("%s was not checked: %s", expectation, because))
}

func (v *verification) checkPreflight() {
	if v.preflight == nil || v.result.Fetch.PreflightNeeded == *v.preflight {
		return
	}
	if *v.preflight {
		v.fail("preflight", "a preflight is due", "no preflight is due")
		return
	}
	v.fail("preflight", "no preflight is due", "a preflight is due because of "+strings.Join(v.result.Fetch.Because(), ", "))
}

func (v *verification) checkMaxAge() {
	if v.maxAge == nil {
		return
	}
	response := v.answer(fetch.Preflight)
	if response == nil {
		v.notChecked("max-age", "no preflight was due")
		return
	}
	seconds, got := preflightAge(response)
	if !v.maxAge.holds(seconds) {
		v.fail("max-age", v.maxAge.op+strconv.FormatInt(v.maxAge.seconds, 10), got)
	}
}

// defaultMaxAge is how long a preflight is kept without a usable
// Access-Control-Max-Age. https://fetch.spec.whatwg.org/#cors-preflight-fetch
const defaultMaxAge = 5

// preflightAge is what the server grants; a browser may keep it for less.
func preflightAge(r *fetch.Response) (seconds int64, got string) {
	value, present := r.Get("Access-Control-Max-Age")
	if !present {
		return defaultMaxAge, "5: no Access-Control-Max-Age was sent, and 5 seconds are the default"
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
	if err != nil {
		return defaultMaxAge, fmt.Sprintf("5: Access-Control-Max-Age is %s, which is no number, and 5 seconds are the default", quote(value))
	}
	return max(seconds, 0), strconv.FormatInt(max(seconds, 0), 10)
}

func (v *verification) checkExpose() {
	if v.expose == nil {
		return
	}
	if v.answer(fetch.Actual) == nil {
		v.notChecked("expose", "the request itself was not sent")
		return
	}
	for _, name := range v.expose {
		switch {
		case contains(v.result.Fetch.Exposed, name):
		case v.result.Fetch.Exposes(name):
			// The server exposes it; whether each response has one is not CORS.
			v.result.Assumptions = append(v.result.Assumptions, "this response has no "+name+"; script could read it if it had")
		default:
			v.fail("expose", name, v.whyHidden())
		}
	}
}

// whyHidden says what the server exposes instead.
func (v *verification) whyHidden() string {
	response := v.answer(fetch.Actual)
	if list, ok := response.Get("Access-Control-Expose-Headers"); ok {
		return "Access-Control-Expose-Headers is " + quote(list)
	}
	return "the response has no Access-Control-Expose-Headers"
}

func (v *verification) checkVary() {
	if v.vary == nil {
		return
	}
	response := v.answer(fetch.Actual)
	if response == nil {
		v.notChecked("vary", "the request itself was not sent")
		return
	}
	varies := namesOrigin(response)
	value, present := response.Get("Vary")
	got := "no Vary header"
	if present {
		got = "Vary is " + quote(value)
	}
	switch {
	case *v.vary && !varies:
		v.fail("vary", "Vary names Origin", got)
	case !*v.vary && varies:
		v.fail("vary", "Vary does not name Origin", got)
	}
}

// namesOrigin reports whether a response says that it depends on the origin.
func namesOrigin(r *fetch.Response) bool {
	value, _ := r.Get("Vary")
	for name := range strings.SplitSeq(value, ",") {
		name = strings.TrimSpace(name)
		if name == "*" || strings.EqualFold(name, "Origin") {
			return true
		}
	}
	return false
}

// answer is the last answer to a message of a kind that the browser sent.
func (v *verification) answer(kind fetch.Kind) *fetch.Response {
	exchanges := v.result.Fetch.Exchanges
	for i := len(exchanges) - 1; i >= 0; i-- {
		if exchanges[i].Message.Kind == kind && exchanges[i].Response != nil {
			return exchanges[i].Response
		}
	}
	return nil
}
