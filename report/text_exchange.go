package report

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// exchanges shows every message with its status and the rules it met.
func (t *text) exchanges(c *Check) {
	var own []*Exchange
	for i := range c.Exchanges {
		if e := &c.Exchanges[i]; e.Kind != "extra" {
			own = append(own, e)
		}
	}
	for i, e := range own {
		if i == 0 {
			t.blank()
		}
		// Twenty redirects in full hide the one that matters: the last.
		if hidden := len(own) - 6; hidden > 1 && t.o.Verbose == 0 && i >= 3 && i < 3+hidden {
			if i == 3 {
				t.line("  ", t.palette.dim.Sprint(pad("", 10)+count(hidden, "further message")+", shown with -v"))
			}
			continue
		}
		t.exchange(c, e)
	}
	if e := c.stoppedAtPreflight(); e != nil {
		t.line("  ", t.palette.strong.Sprint(pad("request", 10)), t.clean(c.Method+" "+c.shorten(e.Request.URL)), " ", t.symbols.arrow, " ",
			"not sent: the preflight did not pass")
	}
	t.extras(c)
}

// stoppedAtPreflight is the preflight that ended the check, or nil.
func (c *Check) stoppedAtPreflight() *Exchange {
	if c.Verdict != string(fetch.Blocked) {
		return nil
	}
	var last *Exchange
	for i := range c.Exchanges {
		if c.Exchanges[i].Kind != "extra" {
			last = &c.Exchanges[i]
		}
	}
	if last == nil || last.Kind != string(fetch.Preflight) {
		return nil
	}
	return last
}

// extras are the requests of the diagnosis: shown with -v, else counted.
func (t *text) extras(c *Check) {
	n := 0
	for i := range c.Exchanges {
		e := &c.Exchanges[i]
		if e.Kind != "extra" {
			continue
		}
		n++
		if t.o.Verbose == 0 {
			continue
		}
		if n == 1 {
			t.heading("Further requests", t.palette.dim.Sprint("  no browser sends these"))
		}
		t.exchange(c, e)
	}
	if n > 0 && t.o.Verbose == 0 {
		t.line("  ", t.palette.dim.Sprint(pad("", 10)+count(n, "further request")+" of the diagnosis, shown with -v"))
	}
}

func (t *text) exchange(c *Check, e *Exchange) {
	kind := map[string]string{"preflight": "preflight", "actual": "request", "extra": "extra"}[e.Kind]
	t.line("  ", t.palette.strong.Sprint(pad(kind, 10)), t.clean(e.Request.Method+" "+c.shorten(e.Request.URL)), " ",
		t.symbols.arrow, " ", t.answerOf(c, e))
	t.steps(e)
	if t.o.Verbose > 0 && !e.NotSent && !e.FromCache {
		t.wireDetails(c, e)
	}
}

// answerOf is what came back for a message, on the message's line.
func (t *text) answerOf(c *Check, e *Exchange) string {
	took := ""
	if e.DurationMs > 0 {
		took = t.palette.dim.Sprint("  " + duration(e.DurationMs))
	}
	switch {
	case e.refused():
		return t.palette.bad.Sprint("not sent") + ": the browser goes no further"
	case e.NotSent:
		if c.Recorded {
			return t.palette.open.Sprint("not in the file")
		}
		return t.palette.open.Sprint("not sent") + ": " + t.whyNotSent(c)
	case e.Response != nil:
		status := t.palette.strong.Sprint(strconv.Itoa(e.Response.Status))
		if where := headerOf(e.Response, "Location"); where != "" && e.Response.Status/100 == 3 {
			status += " to " + t.clean(where)
		}
		if e.FromCache {
			return status + t.palette.dim.Sprint(fromCache)
		}
		return status + took
	case e.Error != "":
		return t.palette.broken.Sprint("no answer") + took
	}
	return "no answer" + took
}

// refused reports whether the browser itself sends nothing, because of the
// address; the rule that failed says so below.
func (e *Exchange) refused() bool { return e.NotSent && e.Error != "" }

// fromCache stands behind an answer for which nothing was sent.
const fromCache = "  from the browser's HTTP cache"

func (t *text) whyNotSent(c *Check) string {
	if c.unsafe() {
		return "corscheck sends no " + t.clean(c.Method) + " unless told to"
	}
	return "only the preflight was asked for"
}

// networkError drops the kind in front of a failure, which is for machines.
func networkError(s string) string {
	if kind, detail, found := strings.Cut(s, ": "); found && !strings.Contains(kind, " ") && detail != "" {
		return detail
	}
	return s
}

func headerOf(r *Response, name string) string {
	for _, h := range r.Headers {
		if strings.EqualFold(h[0], name) {
			return h[1]
		}
	}
	return ""
}

// shorten leaves out the target's own origin from a URL.
func (c *Check) shorten(raw string) string {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" {
		return raw
	}
	if rest, found := strings.CutPrefix(raw, u.Scheme+"://"+u.Host); found && strings.HasPrefix(rest, "/") {
		return rest
	}
	return raw
}

// steps shows the rules an answer was put through: those about one header that
// all passed share a line, which shows the value; what failed has its own.
func (t *text) steps(e *Exchange) {
	for i, s := range e.Steps {
		if s.Name == fetch.RuleNetwork.Name && e.Error != "" {
			// The message's line says that there is no answer; this one says why.
			t.prose(strings.Repeat(" ", 12)+t.palette.bad.Sprint(t.symbols.fail)+" ", t.clean(networkError(e.Error)))
			continue
		}
		if !s.Passed {
			t.step(s, strings.Repeat(" ", 12))
			continue
		}
		if e.Kind == "extra" || trivial(s) || coveredByNext(e.Steps, i) {
			continue
		}
		// The value itself says more than that it was found in order.
		if h := headerOfRule(s.Name); h != "" && e.Response != nil && headerOf(e.Response, h) != "" {
			s.Detail = headerOf(e.Response, h)
		}
		t.step(s, strings.Repeat(" ", 12))
	}
}

// trivial reports whether a passed rule tells a reader nothing beyond the line
// of the message itself, which shows the status and where a redirect leads.
func trivial(s Step) bool {
	switch s.Name {
	case fetch.RuleNetwork.Name, fetch.RuleUnusableStatus.Name, fetch.RulePreflightNotRedirected.Name, fetch.RulePreflightStatus.Name:
		return true
	}
	return strings.Contains(s.Section, "#concept-http-redirect") || strings.Contains(s.Section, "location-url") || s.Name == fetch.RuleRedirectMode.Name
}

// coveredByNext reports whether the passed step i is followed by another one
// about the same header.
func coveredByNext(steps []Step, i int) bool {
	header := headerOfRule(steps[i].Name)
	if header == "" {
		return false
	}
	for _, s := range steps[i+1:] {
		if headerOfRule(s.Name) == header {
			return true
		}
	}
	return false
}

// headerOfRule is the response header that a rule is about, by its name.
func headerOfRule(name string) string {
	first, _, _ := strings.Cut(name, " ")
	if strings.HasPrefix(first, "Access-Control-") {
		return first
	}
	return ""
}

func (t *text) step(s Step, indent string) {
	mark, detail := t.palette.good.Sprint(t.symbols.pass), t.clean(s.Detail)
	name := t.clean(s.Name)
	if h := headerOfRule(s.Name); h != "" {
		name = h
	}
	if s.Passed {
		t.prose(indent+mark+" ", name+": "+detail)
		return
	}
	mark = t.palette.bad.Sprint(t.symbols.fail)
	if headerOfRule(s.Name) == "" && !strings.HasPrefix(s.Detail, "it is ") {
		// The detail is a whole clause; behind a cross the name of a rule would
		// read as its opposite: "no mixed content".
		t.prose(indent+mark+" ", detail)
		return
	}
	t.prose(indent+mark+" ", t.palette.strong.Sprint(name)+": "+detail)
}

// wireDetails is what -v adds to an exchange: the curl line that repeats it and
// the headers of the answer.
func (t *text) wireDetails(c *Check, e *Exchange) {
	indent := strings.Repeat(" ", 12)
	curl := curlLine(&e.Request)
	if c.carriesBody(e) {
		curl += " --data-raw " + Quote(Masked)
	}
	t.line(indent, t.palette.dim.Sprint("$ "), t.clean(curl))
	if e.Response == nil {
		return
	}
	for _, h := range e.Response.Headers {
		t.line(indent, t.palette.dim.Sprint("< "), t.clean(h[0]), ": ", t.clean(h[1]))
	}
	if n := e.Network; n != nil {
		var facts []string
		if n.Remote != "" {
			facts = append(facts, n.Remote)
		}
		if n.Proto != "" {
			facts = append(facts, n.Proto)
		}
		if n.TLS != nil {
			facts = append(facts, n.TLS.Version)
		}
		if n.Reused {
			facts = append(facts, "connection reused")
		}
		t.line(indent, t.palette.dim.Sprint(t.clean(strings.Join(facts, ", "))))
	}
}

// carriesBody reports whether the body of a check goes with one of its messages;
// a redirect may have taken it away, and with it its type.
func (c *Check) carriesBody(e *Exchange) bool {
	if !c.HasBody || e.Kind != string(fetch.Actual) {
		return false
	}
	return slices.ContainsFunc(e.Request.Headers, func(h [2]string) bool { return strings.EqualFold(h[0], "Content-Type") })
}

func duration(ms float64) string {
	switch {
	case ms >= 1000:
		return strconv.FormatFloat(ms/1000, 'f', 1, 64) + " s"
	case ms >= 10:
		return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
	}
	return strconv.FormatFloat(ms, 'f', 1, 64) + " ms"
}
