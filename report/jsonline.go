package report

import (
	"math"
	"strconv"
	"strings"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/finding"
)

// appendLine appends a check as the one line that marshal makes of it, in a
// third of the time: a run over many origins spends much of its own in writing
// JSON. A test holds it against marshal for checks of every shape.
func appendLine(b []byte, c *Check, version int) []byte {
	l := line{append(b, '{')}
	l.number("schemaVersion", version)
	l.text("url", c.URL)
	l.text("origin", c.Origin)
	l.text("method", c.Method)
	l.pairs("headers", c.Headers)
	l.text("credentials", c.Credentials)
	l.text("redirect", c.Redirect)
	l.given("mode", c.Mode)
	l.given("initiator", c.Initiator)
	l.text("browser", c.Browser)
	l.text("verdict", c.Verdict)
	l.given("responseType", c.ResponseType)
	if c.Status != nil {
		l.number("status", *c.Status)
	}
	l.texts("exposedHeaders", c.ExposedHeaders)
	l.given("bodyFault", c.BodyFault)
	l.boolean("crossOrigin", c.CrossOrigin)
	l.key("preflight")
	l.b = append(l.b, '{')
	l.boolean("needed", c.Preflight.Needed)
	l.someTexts("because", c.Preflight.Because)
	l.end('}')
	l.reason(c.Reason)
	l.steps("setup", c.Setup)
	l.someTexts("droppedHeaders", c.DroppedHeaders)
	l.someTexts("droppedBecause", c.DroppedBecause)
	each(&l, "exchanges", c.Exchanges, l.exchange)
	each(&l, "findings", c.Findings, l.finding)
	l.texts("assumptions", c.Assumptions)
	l.given("expected", c.Expected)
	if c.AsExpected != nil {
		l.boolean("asExpected", *c.AsExpected)
	}
	if len(c.Failures) > 0 {
		each(&l, "failures", c.Failures, l.failure)
	}
	if c.Known {
		l.boolean("known", true)
	}
	if s := c.Source; s != nil {
		l.key("source")
		l.b = append(l.b, '{')
		l.text("file", s.File)
		l.number("line", s.Line)
		l.number("column", s.Column)
		l.end('}')
	}
	if c.Recorded {
		l.boolean("recorded", true)
	}
	if m := c.Message; m != nil {
		l.key("message")
		l.b = append(l.b, '{')
		l.text("code", m.Code)
		l.text("fault", m.Fault)
		l.end('}')
	}
	if c.InBrowser != nil {
		l.key("inBrowser")
		l.std(c.InBrowser)
	}
	l.float("durationMs", c.DurationMs)
	l.end('}')
	return append(l.b, '\n')
}

// A line is JSON under way.
type line struct{ b []byte }

// comma separates from what stands before, if anything does.
func (l *line) comma() {
	if last := l.b[len(l.b)-1]; last != '{' && last != '[' {
		l.b = append(l.b, ',')
	}
}

func (l *line) key(name string) {
	l.comma()
	l.b = append(l.b, '"')
	l.b = append(l.b, name...)
	l.b = append(l.b, '"', ':')
}

func (l *line) end(bracket byte) { l.b = append(l.b, bracket) }

func (l *line) text(name, value string) {
	l.key(name)
	l.quote(value)
}

// given leaves the key out where the value is empty.
func (l *line) given(name, value string) {
	if value != "" {
		l.text(name, value)
	}
}

func (l *line) number(name string, n int) {
	l.key(name)
	l.b = strconv.AppendInt(l.b, int64(n), 10)
}

func (l *line) boolean(name string, v bool) {
	l.key(name)
	l.b = strconv.AppendBool(l.b, v)
}

func (l *line) float(name string, f float64) {
	l.key(name)
	if a := math.Abs(f); f == 0 || a >= 1e-6 && a < 1e21 {
		l.b = strconv.AppendFloat(l.b, f, 'f', -1, 64)
		return
	}
	l.std(f)
}

func (l *line) texts(name string, values []string) {
	each(l, name, values, func(s *string) { l.quote(*s) })
}

func (l *line) someTexts(name string, values []string) {
	if len(values) > 0 {
		l.texts(name, values)
	}
}

func (l *line) pairs(name string, values [][2]string) {
	each(l, name, values, func(p *[2]string) {
		l.b = append(l.b, '[')
		l.quote(p[0])
		l.b = append(l.b, ',')
		l.quote(p[1])
		l.b = append(l.b, ']')
	})
}

// each writes a list, each value by one.
func each[T any](l *line, name string, values []T, one func(*T)) {
	l.key(name)
	l.b = append(l.b, '[')
	for i := range values {
		l.comma()
		one(&values[i])
	}
	l.b = append(l.b, ']')
}

func (l *line) reason(r *Reason) {
	if r == nil {
		return
	}
	l.key("reason")
	l.b = append(l.b, '{')
	l.text("code", r.Code)
	l.given("param", r.Param)
	l.given("console", r.Console)
	l.text("step", r.Step)
	l.given("section", r.Section)
	l.text("explanation", r.Explanation)
	l.end('}')
}

func (l *line) steps(name string, steps []Step) {
	if len(steps) == 0 {
		return
	}
	each(l, name, steps, func(s *Step) {
		l.b = append(l.b, '{')
		l.text("name", s.Name)
		l.boolean("passed", s.Passed)
		l.text("detail", s.Detail)
		l.given("section", s.Section)
		l.end('}')
	})
}

func (l *line) exchange(x *Exchange) {
	l.b = append(l.b, '{')
	l.text("kind", x.Kind)
	l.key("request")
	l.b = append(l.b, '{')
	l.text("method", x.Request.Method)
	l.text("url", x.Request.URL)
	l.pairs("headers", x.Request.Headers)
	l.end('}')
	if r := x.Response; r != nil {
		l.key("response")
		l.b = append(l.b, '{')
		l.number("status", r.Status)
		l.pairs("headers", r.Headers)
		l.given("body", r.Body)
		l.end('}')
	}
	l.given("error", x.Error)
	l.steps("steps", x.Steps)
	l.boolean("delivered", x.Delivered)
	if x.NotSent {
		l.boolean("notSent", true)
	}
	if x.FromCache {
		l.boolean("fromCache", true)
	}
	l.float("durationMs", x.DurationMs)
	if x.Network != nil {
		l.network(x.Network)
	}
	l.end('}')
}

func (l *line) network(n *Network) {
	l.key("network")
	l.b = append(l.b, '{')
	l.given("remote", n.Remote)
	l.given("proto", n.Proto)
	l.given("proxy", n.Proxy)
	if n.Reused {
		l.boolean("reused", true)
	}
	if n.TLS != nil {
		l.key("tls")
		l.std(n.TLS)
	}
	l.end('}')
}

func (l *line) finding(f *finding.Finding) { l.std(f) }

func (l *line) failure(f *probe.Failure) { l.std(f) }

// std writes what is rare or of a shape of its own as marshal does.
func (l *line) std(v any) {
	text, err := marshal(v, "", "")
	if err != nil { // infinite durations, which no clock measures
		text = []byte("null")
	}
	l.b = append(l.b, text...)
}

// quote writes a string. What is plain ASCII stands as it is; for the rest
// marshal knows the rules.
func (l *line) quote(s string) {
	if plainJSON(s) {
		l.b = append(l.b, '"')
		l.b = append(l.b, s...)
		l.b = append(l.b, '"')
		return
	}
	if quotable(s) {
		l.b = append(l.b, '"')
		for {
			i := strings.IndexAny(s, `"\`)
			if i < 0 {
				break
			}
			l.b = append(l.b, s[:i]...)
			l.b = append(l.b, '\\', s[i])
			s = s[i+1:]
		}
		l.b = append(l.b, s...)
		l.b = append(l.b, '"')
		return
	}
	l.std(s)
}

func plainJSON(s string) bool {
	for i := range len(s) {
		if notPlainJSON[s[i]] {
			return false
		}
	}
	return true
}

// notPlainJSON has the bytes that a string may have to be escaped for. Every
// byte of a report is looked up in it.
var notPlainJSON = func() (t [256]bool) {
	for c := range t {
		t[c] = c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '#'
	}
	return t
}()

// quotable: nothing but quotes and backslashes has to be escaped.
func quotable(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c > 0x7e || c == '#' && strings.HasPrefix(s[i:], "##[") {
			return false
		}
	}
	return true
}
