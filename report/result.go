package report

import (
	"time"
	"unicode/utf8"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/wire"
)

// FromResult returns the result as the report has it: secrets masked, every
// text valid UTF-8, lists in the order of the run.
func FromResult(r *probe.Result) Check {
	m := newMasker(r)
	c := Check{
		Findings:    findings(r.Findings, m),
		Assumptions: texts(r.Assumptions, m),
		DurationMs:  milliseconds(r.Duration),
		Source:      source(r.Check.Source),
		Recorded:    r.Check.Recorded != nil,
	}
	c.request(r, m)
	if r.Fetch != nil {
		c.outcome(r.Fetch, m)
	}
	c.Exchanges = make([]Exchange, len(r.Exchanges))
	for i := range r.Exchanges {
		c.Exchanges[i] = exchange(&r.Exchanges[i], m)
	}
	if e := r.Check.Expect; e != nil {
		c.Expected = "deny"
		if e.Allow {
			c.Expected = "allow"
		}
		asExpected := r.AsExpected
		c.AsExpected = &asExpected
		for _, f := range r.Failures {
			c.Failures = append(c.Failures, probe.Failure{Expectation: m.text(f.Expectation), Want: m.text(f.Want), Got: m.text(f.Got)})
		}
	}
	return c
}

// source is a position with a name that is text, as file names need not be.
func source(s *probe.Source) *probe.Source {
	if s == nil || utf8.ValidString(s.File) {
		return s
	}
	valid := *s
	valid.File = ValidText(s.File)
	return &valid
}

// request fills in what was asked for: as it was typed, with the defaults and
// the normalized method of the fetch where there was one.
func (c *Check) request(r *probe.Result, m *masker) {
	q := r.Check.Request
	c.Headers = requestHeaders(q.Headers, m)
	if r.Fetch != nil {
		q = r.Fetch.Request
	}
	c.URL, c.Origin, c.Method = m.urlText(q.URL), ValidText(q.Origin), ValidText(q.Method)
	c.Credentials, c.Redirect = string(q.Credentials), string(q.Redirect)
	c.Mode, c.Initiator = string(q.Mode), string(q.Initiator)
	browser := r.Check.Browser
	if r.Fetch != nil && r.Fetch.Browser != nil {
		browser = r.Fetch.Browser
	}
	if browser == nil {
		browser = fetch.Chrome
	}
	c.Browser = browser.Name
	c.HasBody = len(q.Body) > 0
}

func (c *Check) outcome(f *fetch.Result, m *masker) {
	c.Verdict = string(f.Verdict)
	c.CrossOrigin = f.CrossOrigin
	c.ExposedHeaders = []string{}
	if f.Verdict == fetch.Allowed {
		c.ResponseType = string(f.Type)
		// Without an answer from the request itself there is nothing to read:
		// the verdict is then that of the preflight alone.
		if f.Type != "" {
			status := f.Status
			c.Status = &status
		}
		c.ExposedHeaders = texts(f.Exposed, m)
		c.BodyFault = f.BodyFault
	}
	c.Preflight = Preflight{Needed: f.PreflightNeeded, Because: texts(f.Because(), m)}
	c.Setup = steps(f.Setup, m)
	for _, h := range f.Dropped {
		c.DroppedHeaders = append(c.DroppedHeaders, ValidText(h.Name))
		c.DroppedBecause = append(c.DroppedBecause, string(h.Why))
	}
	why := f.Reason()
	if why == nil {
		return
	}
	c.Reason = &Reason{
		Code: why.Code, Param: m.text(why.Param), Console: m.text(why.Console),
		Explanation: m.text(why.Explanation),
	}
	if f.Failing != nil {
		c.Reason.Step = f.Failing.Name()
		c.Reason.Section = f.Failing.Section()
	}
}

func exchange(e *probe.Exchange, m *masker) Exchange {
	x := Exchange{
		Kind:      string(e.Message.Kind),
		Request:   Request{Method: ValidText(e.Message.Method), Headers: requestHeaders(e.Message.Headers, m)},
		Steps:     steps(e.Steps, m),
		Delivered: e.Delivered(),
		NotSent:   e.NotSent || e.Failure != nil && e.Failure.Kind == fetch.FailLocalNetwork,
		FromCache: e.FromCache,
	}
	if e.Extra {
		x.Kind = "extra"
	}
	if e.Message.URL != nil {
		// Where the server sent us is shown as it said, save what the user gave.
		if text := e.Message.URL.String(); e.Message.Hop == 0 {
			x.Request.URL = m.urlText(text)
		} else {
			x.Request.URL = m.text(text)
		}
	}
	if e.Response != nil {
		x.Response = &Response{Status: e.Response.Status, Headers: responseHeaders(e.Response.Headers, m), Body: m.text(string(e.Response.Body))}
	}
	if e.Failure != nil {
		x.Error = m.text(e.Failure.Error())
	}
	if e.Wire != nil {
		x.DurationMs = milliseconds(e.Wire.Total)
		x.Network = network(e.Wire)
	}
	return x
}

func network(f *wire.Facts) *Network {
	n := &Network{Proto: f.Proto, Proxy: MaskURL(f.Proxy), Reused: f.Reused}
	if f.Remote.IsValid() {
		n.Remote = f.Remote.String()
	}
	if f.TLS != nil {
		n.TLS = &TLS{
			Version: f.TLS.Version, Subject: ValidText(f.TLS.Subject), Issuer: ValidText(f.TLS.Issuer),
			Verified: f.TLS.Verified,
		}
		for _, name := range f.TLS.DNSNames {
			n.TLS.DNSNames = append(n.TLS.DNSNames, ValidText(name))
		}
		if !f.TLS.NotAfter.IsZero() {
			n.TLS.NotAfter = f.TLS.NotAfter.UTC().Format(time.RFC3339)
		}
	}
	return n
}

func steps(in []fetch.Step, m *masker) []Step {
	var out []Step
	for _, s := range in {
		out = append(out, Step{Name: s.Name(), Passed: s.Passed, Detail: m.text(s.Detail()), Section: s.Section()})
	}
	return out
}

func findings(in []finding.Finding, m *masker) []finding.Finding {
	out := make([]finding.Finding, len(in))
	for i, f := range in {
		f.Title, f.Detail = m.text(f.Title), m.text(f.Detail)
		f.Evidence = texts(f.Evidence, m)
		if len(f.Evidence) == 0 {
			f.Evidence = nil
		}
		if f.Fix != nil {
			fix := *f.Fix
			fix.Why, fix.Snippet = m.text(fix.Why), m.text(fix.Snippet)
			f.Fix = &fix
		}
		out[i] = f
	}
	return out
}

func texts(in []string, m *masker) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = m.text(s)
	}
	return out
}

func requestHeaders(in []fetch.Header, m *masker) [][2]string {
	out := make([][2]string, len(in))
	for i, h := range in {
		out[i] = [2]string{ValidText(h.Name), m.text(characters(MaskHeader(h.Name, h.Value)))}
	}
	return out
}

// characters are the bytes of a value that is no UTF-8 as script wrote them: each
// a character of Latin-1.
func characters(value string) string {
	if utf8.ValidString(value) {
		return value
	}
	runes := make([]rune, len(value))
	for i := range len(value) {
		runes[i] = rune(value[i])
	}
	return string(runes)
}

// responseHeaders masks Set-Cookie; what else the server sent is shown as it
// is, except for what the user gave.
func responseHeaders(in []fetch.Header, m *masker) [][2]string {
	out := make([][2]string, len(in))
	for i, h := range in {
		value := h.Value
		if isSetCookie(h.Name) {
			value = MaskSetCookie(value)
		}
		out[i] = [2]string{ValidText(h.Name), m.text(value)}
	}
	return out
}

// milliseconds rounds to microseconds, which is as fine as it is true.
func milliseconds(d time.Duration) float64 {
	return float64(d.Round(time.Microsecond)) / float64(time.Millisecond)
}

// Add counts one more check.
func (s *Summary) Add(c *Check) {
	s.Checks++
	switch fetch.Verdict(c.Verdict) {
	case fetch.Allowed:
		s.Allowed++
	case fetch.Blocked:
		s.Blocked++
	case fetch.Undecided:
		s.Undecided++
	default:
		s.Failed++
	}
	if c.AsExpected != nil && !*c.AsExpected {
		s.Unexpected++
	}
	if c.Known {
		s.Known++
	}
}

// The reasons for which a run ends early.
const (
	StoppedInterrupted = "interrupted"
	StoppedFailFast    = "fail-fast"
)

// Stop notes that a run of total checks ended early; total is -1 where it is not
// known.
func (s *Summary) Stop(why string, total int) {
	s.Stopped, s.NotMade = why, max(total-s.Checks, 0)
}
