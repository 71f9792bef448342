package paste

import (
	"fmt"
	"strings"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// A harFetch is one fetch of a HAR file: a request, the hops that its redirects
// led to and their preflights; or a preflight whose request is not in the file.
type harFetch struct {
	har   *HAR
	hops  []*exchange
	alone *exchange
	// cookieTaken: a cookie that it was given went out later.
	cookieTaken bool
}

// crossOrigin reports whether CORS applied to any hop.
func (f *harFetch) crossOrigin() bool {
	page := f.hops[0].origin
	if page == "" {
		return false // nobody knows for whom the request was
	}
	for _, hop := range f.hops {
		if !hop.url.SameOrigin(page) {
			return true
		}
	}
	return false
}

// outcome is what the file says became of the fetch.
type outcome int

const (
	unknown   outcome = iota
	failed            // the browser reports an error
	succeeded         // it reports none, where it would
)

func (f *harFetch) outcome() outcome {
	last := f.hops[len(f.hops)-1]
	switch {
	case last.failed:
		return failed
	case last.succeeded:
		return succeeded
	}
	return unknown
}

// check is the fetch as a check that answers itself.
func (f *harFetch) check() probe.Check {
	if f.alone != nil {
		return f.checkAlone()
	}
	first := f.hops[0]
	c := probe.Check{
		Browser: f.har.browserOf(first.get("User-Agent")),
		Source:  f.source(first),
	}
	recording := &recording{hops: f.hops}
	c.Recorded = recording
	c.Request = f.request()
	if f.har.opts.Credentials != "" {
		c.Request.Credentials = f.har.opts.Credentials
	} else {
		f.inferModes(&c, recording)
	}
	if last := f.hops[len(f.hops)-1]; last.response == nil && last.failure == nil {
		if r := recording.judge(c.Browser, c.Request); r != nil && r.Verdict == fetch.Undecided {
			c.Notes = append(c.Notes, noAnswer(last))
		}
	}
	if recording.assumesPreflight(&c) {
		c.Notes = append(c.Notes, "the preflight is not in the file; as the request went out, it is assumed to have passed or to have been cached")
	}
	return c
}

// noAnswer says what the file has instead of an answer.
func noAnswer(x *exchange) string {
	name := strings.TrimPrefix(x.message, "net::")
	name, _, _ = strings.Cut(name, ".")
	switch {
	case x.message == "":
		return "the file has no answer to this request and does not say why"
	case otherNetCodes[name] != "":
		return fmt.Sprintf("the file has no answer to this request but %s: %s", x.message, otherNetCodes[name])
	}
	return fmt.Sprintf("the file has no answer to this request but %s; --live asks again", x.message)
}

func (f *harFetch) source(x *exchange) *probe.Source {
	if f.har.opts.File == "" {
		return nil
	}
	return &probe.Source{File: f.har.opts.File, Line: x.line, Column: 1}
}

// checkAlone is a preflight without its request: blocked where it fails, and
// undecided where it passes.
func (f *harFetch) checkAlone() probe.Check {
	x := f.alone
	c := probe.Check{
		Browser:  f.har.browserOf(x.get("User-Agent")),
		Source:   f.source(x),
		Recorded: &recording{hops: []*exchange{{url: x.url, preflight: x}}},
		Notes:    []string{"the file has only the preflight: the request that it was for is not in it"},
	}
	c.Request = fetch.Request{
		URL: x.url.String(), Origin: x.origin, Page: x.page, Mode: fetch.ModeCORS,
		Method: x.get("Access-Control-Request-Method"), Credentials: f.har.opts.Credentials,
	}
	for _, name := range requestedNames(x) {
		c.Request.Headers = append(c.Request.Headers, fetch.Header{Name: name, Value: UnsafeValue(name)})
	}
	forcePreflight(&c)
	return c
}

func requestedNames(p *exchange) []string {
	var names []string
	if p != nil {
		for name := range strings.SplitSeq(p.get("Access-Control-Request-Headers"), ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// forcePreflight: a preflight that nothing in the request calls for was called
// for by a listener for the progress of an upload.
func forcePreflight(c *probe.Check) {
	machine, err := fetch.New(c.Browser, c.Request)
	if err != nil {
		return
	}
	if m, ok := machine.Next(); ok && m.Kind != fetch.Preflight && !m.URL.SameOrigin(c.Request.Origin) {
		c.Request.Initiator, c.Request.ForcePreflight = fetch.InitiatorXHRUpload, true
	}
}

// request is what a script passed to fetch().
func (f *harFetch) request() fetch.Request {
	x := f.hops[0]
	r := fetch.Request{
		URL: x.url.String(), Origin: x.origin, Page: x.page, Method: x.method,
		Mode: fetch.ModeCORS, Initiator: x.initiator, Body: x.body, Now: x.start,
	}
	if r.Page == x.origin+"/" {
		r.Page = ""
	}
	if p := x.preflight; p != nil {
		r.Method = p.get("Access-Control-Request-Method") // as it was typed
	}
	if strings.EqualFold(r.Method, "GET") || strings.EqualFold(r.Method, "HEAD") {
		r.Body = nil
	}
	if r.Initiator.Scripted() {
		r.Headers = f.scriptHeaders()
	}
	if x.preflight != nil {
		c := probe.Check{Browser: f.har.browserOf(x.get("User-Agent")), Request: r}
		forcePreflight(&c)
		r = c.Request
	}
	for pair := range strings.SplitSeq(x.get("Cookie"), ";") {
		if pair = strings.TrimSpace(pair); pair != "" {
			r.Cookies = append(r.Cookies, pair+"; SameSite=None; Secure")
		}
	}
	return r
}

// scriptHeaders are the headers that the script set: those that a preflight of
// the fetch asks for. Without one they are those that no browser adds.
func (f *harFetch) scriptHeaders() []fetch.Header {
	x := f.hops[0]
	wanted := map[string]bool{}
	preflighted := false
	var order []string
	for _, hop := range f.hops {
		preflighted = preflighted || hop.preflight != nil
		for _, name := range requestedNames(hop.preflight) {
			if !wanted[name] {
				wanted[name] = true
				order = append(order, name)
			}
		}
	}
	raw := rawRequest{headers: x.headers}
	var out []fetch.Header
	have := map[string]bool{}
	for _, h := range x.headers {
		name := strings.ToLower(h.Name)
		switch {
		case wanted[name], name == "content-type" && x.body != nil:
		case preflighted || raw.addedByBrowser(h, true) || name == "accept":
			continue
		}
		have[name] = true
		out = append(out, h)
	}
	for _, name := range order {
		if !have[name] {
			out = append(out, fetch.Header{Name: name, Value: UnsafeValue(name)})
			if name == "authorization" && x.response != nil && !x.failed {
				f.har.sanitized = true
			}
		}
	}
	return out
}

// inferModes finds the credentials and redirect mode, which no HAR has: from
// the cookies, else the first that fit what the browser did.
func (f *harFetch) inferModes(c *probe.Check, r *recording) {
	credentials := []fetch.CredentialsMode{fetch.CredentialsSameOrigin, fetch.CredentialsInclude}
	switch {
	case c.Request.Initiator == fetch.InitiatorFont: // never has another one
		credentials = credentials[:1]
	case f.sentCookie():
		credentials = credentials[1:]
		c.Notes = append(c.Notes, "credentials mode include is assumed, as a cookie went out")
	case f.cookieTaken:
		credentials = credentials[1:]
		c.Notes = append(c.Notes, "credentials mode include is assumed, as a cookie of the answer was taken")
	}
	c.Request.Credentials = credentials[0]
	known := len(credentials) == 1
	if !known && f.turnsUnseen(c, r) {
		return
	}
	if f.gaveUpRedirect() {
		c.Request.Redirect = fetch.RedirectManual
		c.Notes = append(c.Notes, "redirect mode manual is assumed, as the browser gave the redirect up before it sent the next request")
		return
	}
	found := f.firstThatFits(c, r, credentials)
	switch {
	case !found:
		c.Request.Credentials, c.Request.Redirect = credentials[0], ""
		c.Notes = append(c.Notes, f.mismatch(r.judge(c.Browser, c.Request)))
	case c.Request.Credentials == fetch.CredentialsInclude && !known:
		c.Notes = append(c.Notes, "credentials mode include is assumed: the browser refused what it would have taken otherwise")
	case !known:
		c.Notes = append(c.Notes, "credentials mode same-origin is assumed, as no cookie went out")
	}
	if c.Request.Redirect != "" {
		c.Notes = append(c.Notes, fmt.Sprintf("redirect mode %s is assumed, as the browser did not follow the redirect", c.Request.Redirect))
	}
	c.Notes = compact(c.Notes)
}

// gaveUpRedirect: for redirect mode manual, Chrome's file has a next hop that
// was aborted before it was sent.
func (f *harFetch) gaveUpRedirect() bool {
	last := f.hops[len(f.hops)-1]
	return len(f.hops) > 1 && last.aborted && !last.has("Sec-Fetch-Mode") && last.preflight == nil
}

func (f *harFetch) sentCookie() bool {
	for _, hop := range f.hops {
		if hop.get("Cookie") != "" && !hop.url.SameOrigin(f.hops[0].origin) {
			return true
		}
	}
	return false
}

// firstThatFits sets the first modes with which the machine comes to what the
// browser did; follow before the other redirect modes.
func (f *harFetch) firstThatFits(c *probe.Check, r *recording, credentials []fetch.CredentialsMode) bool {
	for _, redirect := range []fetch.RedirectMode{"", fetch.RedirectError, fetch.RedirectManual} {
		for _, mode := range credentials {
			c.Request.Redirect, c.Request.Credentials = redirect, mode
			if f.fits(r.judge(c.Browser, c.Request)) {
				return true
			}
		}
	}
	return false
}

func (f *harFetch) fits(result *fetch.Result) bool {
	if result == nil {
		return false
	}
	switch f.outcome() {
	case failed:
		return result.Verdict == fetch.Blocked || result.Verdict == fetch.Failed
	case succeeded:
		return result.Verdict == fetch.Allowed
	}
	return true
}

// mismatch says that the file contradicts the verdict.
func (f *harFetch) mismatch(result *fetch.Result) string {
	switch {
	case result == nil || result.Verdict == fetch.Undecided:
		return ""
	case f.outcome() == failed:
		return "the file says that the browser failed this request: for another reason than CORS, or by what is not in the file, as an extension or a service worker"
	}
	return "the file says that the browser took this answer: by what is not in the file, as a service worker, an extension or overridden headers"
}

// turnsUnseen leaves a check undecided whose verdict turns on cookies, where
// the file had its cookies removed.
func (f *harFetch) turnsUnseen(c *probe.Check, r *recording) bool {
	if !f.har.sanitized || f.outcome() == failed || c.Request.Initiator != fetch.InitiatorFetch && c.Request.Initiator != fetch.InitiatorXHR {
		return false
	}
	without := r.judge(c.Browser, c.Request)
	request := c.Request
	request.Credentials = fetch.CredentialsInclude
	with := r.judge(c.Browser, request)
	if without == nil || with == nil || without.Verdict == with.Verdict {
		return false
	}
	r.hide = max(len(with.Exchanges)-1, 0)
	if r.hide == 0 {
		r.hops = nil
	}
	c.Notes = append(c.Notes, "the export is sanitized: whether cookies went along was removed from it, and the verdict turns on that; --credentials include or same-origin decides")
	return true
}

func compact(notes []string) []string {
	out := notes[:0]
	for _, n := range notes {
		if n != "" {
			out = append(out, n)
		}
	}
	return out
}
