package fetch

import (
	"slices"
	"strconv"
)

// A hop is what belongs to one URL of a chain of redirects.
type hop struct {
	current    *URL
	crossed    bool // it has another origin than the hop before
	sameOrigin bool // its origin is the page's
	unsafe     []string

	siteHere                string // see site
	domainKnown, domainHere bool   // see sameDomain
}

// startHop is main fetch for the current URL: whether it may be fetched at all,
// whether CORS applies, and whether a preflight comes first.
// https://fetch.spec.whatwg.org/#concept-main-fetch
func (f *Fetch) startHop() {
	u := f.current
	f.sameOrigin = u.SameOrigin(f.origin)
	f.downgraded = f.downgraded || f.downgrades(u)
	apart := !f.sameOrigin || f.cors || f.opaque
	if apart && !f.checkMode() {
		return
	}
	if !f.p.PreflightsBadPorts && !f.checkPort() {
		return
	}
	if !f.mixedAfterPreflight() && !f.checkMixedContent() {
		return
	}
	if !apart {
		f.send(Actual)
		return
	}
	if f.fetchMode() == ModeNoCORS {
		f.opaque = true
		f.send(Actual)
		return
	}
	f.cors = true
	f.result.CrossOrigin = true
	f.httpFetch()
}

// checkMode looks at the mode of a request that is not within the page's own origin.
// The standard looks at the URL first, which script could not tell; no browser does.
func (f *Fetch) checkMode() bool {
	switch mode := f.fetchMode(); {
	case mode == ModeSameOrigin:
		f.result.blocked = f.current.withoutUserinfo()
		rule := RuleMode
		if f.redirects > 0 {
			rule = RuleModeOfRedirect
		}
		f.fail(rule, string(f.mode), f.origin)
		return false
	case mode == ModeNoCORS && f.req.Redirect != RedirectFollow:
		f.result.blocked = f.current.Display()
		f.fail(RuleNoCORSRedirect, string(f.req.Redirect), "")
		return false
	}
	return true
}

// httpFetch sends the preflight where one is due, else the request.
// https://fetch.spec.whatwg.org/#concept-http-fetch
func (f *Fetch) httpFetch() {
	f.unsafe = f.unsafeRequestHeaderNames(f.preflightHeaders())
	forced := f.forced()
	again := f.preflighted && f.p.PreflightsAgain || f.unsafeAtFirst && f.p.DroppedHeadersPreflight
	if !forced && !again && IsSafelistedMethod(f.method) && len(f.unsafe) == 0 {
		if f.req.PreflightOnly {
			f.result.Verdict = Undecided
			f.end()
			return
		}
		f.send(Actual)
		return
	}
	f.preflighted = true
	if !f.result.PreflightNeeded {
		f.result.PreflightNeeded = true
		f.result.cause = preflightCause{forced, f.method, f.unsafe}
	}
	if f.cache.covers(f) {
		f.send(Actual)
		return
	}
	f.send(Preflight)
}

// checkPort: https://fetch.spec.whatwg.org/#block-bad-port
func (f *Fetch) checkPort() bool {
	u := f.current
	if _, unblocked := f.p.UnblockedPorts[u.Port]; !isBadPort(u) || unblocked {
		return true
	}
	f.result.blocked = u.Display() + u.Fragment
	f.fail(RuleBadPort, portOf(u), "")
	return false
}

// checkRefusedHeader: see Profile.RefusedHeader and Profile.UnjoinedHeader.
func (f *Fetch) checkRefusedHeader(kind Kind) bool {
	name := f.p.RefusedHeader
	switch {
	case f.redirects > 0:
		return true
	case name != "" && f.scriptHeader(name) != nil:
	case f.p.UnjoinedHeader != "" && kind == Actual && f.repeats(f.p.UnjoinedHeader):
		name = f.p.UnjoinedHeader
	default:
		return true
	}
	f.fail(RuleRefusedHeader, name, "")
	return false
}

// repeats reports whether script set several lines that make up the header's
// value: an empty one takes away those before it.
func (f *Fetch) repeats(name string) bool {
	values := lines(f.typed, name)
	n := len(values)
	return n > 1 && values[n-1] != "" && values[n-2] != ""
}

// send makes the next message and waits for its answer, unless the HTTP cache has it.
func (f *Fetch) send(kind Kind) {
	if kind == Actual && !f.checkLate() || !f.checkRefusedHeader(kind) {
		return
	}
	if f.result.Exchanges == nil {
		f.result.Exchanges = f.room.exchanges[:0]
	}
	f.result.Exchanges = append(f.result.Exchanges, Exchange{})
	x := f.last()
	x.Message = Message{Kind: kind, Method: f.method, URL: f.current, Hop: f.redirects, fromPublic: f.fromPublic()}
	m := &x.Message
	if f.p.WrittenURL != nil {
		m.URL = f.p.WrittenURL(f.current)
		m.asked = f.current
	}
	if kind == Preflight {
		x.Steps = f.room.roomForSteps(6)
		f.writePreflight(m)
	} else {
		x.Steps = f.room.roomForSteps(3)
		f.writeActual(m)
	}
	m.ClientCertificate = m.Credentials || f.p.ClientCertificateAlways
	if m.HTTP2Headers = f.p.HTTP2Headers; f.manner.http2 != nil {
		m.HTTP2Headers = f.manner.http2
	}
	if kind == Actual {
		if resp := f.stored.answer(f, m); resp != nil {
			x.Response, x.FromCache = resp, true
			f.hear(x)
			return
		}
	}
	f.waiting = true
}

// writePreflight: https://fetch.spec.whatwg.org/#cors-preflight-fetch, steps 1 to 6.
func (f *Fetch) writePreflight(m *Message) {
	m.Method = "OPTIONS"
	m.Headers = f.p.build(f, f.p.PreflightHeaders)
}

// writeActual: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
func (f *Fetch) writeActual(m *Message) {
	m.Credentials = f.credentials()
	if m.Body = f.body; len(m.Body) == 0 && f.p.EmptyUploadIsNone && f.req.Initiator == InitiatorXHRUpload {
		m.Body = nil
	}
	m.Headers = f.p.build(f, f.p.RequestHeaders)
	_, f.hadOrigin = m.Get("Origin")
	f.beenForeign = f.beenForeign || f.foreignCookies()
}

// credentials reports whether cookies and the like go along.
// https://fetch.spec.whatwg.org/#http-network-or-cache-fetch, includeCredentials
func (f *Fetch) credentials() bool {
	switch f.req.Credentials {
	case CredentialsInclude:
		return true
	case CredentialsSameOrigin:
		return !f.cors && (!f.opaque || f.p.OpaqueKeepsCredentials && f.first.SameOrigin(f.origin))
	}
	return false
}

// receiveActual is HTTP fetch from the answer on.
func (f *Fetch) receiveActual(resp *Response) {
	if f.p.isRedirect(resp) {
		f.receiveRedirect(resp)
		return
	}
	if !f.checkEarly(resp) || f.cors && !f.corsCheck(resp, f.requestOrigin(), f.include()) || !f.checkOpaque(resp) {
		return
	}
	switch {
	case isRedirectStatus(resp.Status) && f.req.Redirect == RedirectManual:
		f.result.Verdict, f.result.Type = Allowed, TypeOpaqueRedirect
		f.end()
	case isRedirectStatus(resp.Status) && f.req.Redirect == RedirectError && f.p.ErrorModeByStatus:
		f.fail(RuleRedirectMode, string(f.req.Redirect), "")
	case isRedirectStatus(resp.Status) && f.req.Redirect == RedirectFollow && f.p.EmptyLocationFails && hasLocation(resp):
		f.fail(RuleEmptyLocation, "", "")
	default:
		if f.checkElement(resp) {
			f.finish(resp)
		}
	}
}

func hasLocation(resp *Response) bool {
	_, ok := resp.Get("Location")
	return ok
}

// include reports whether the CORS check is one with credentials.
func (f *Fetch) include() bool { return f.req.Credentials == CredentialsInclude }

// finish filters the response. https://fetch.spec.whatwg.org/#concept-main-fetch
func (f *Fetch) finish(resp *Response) {
	r := &f.result
	if resp.Proto == "HTTP/2.0" && len(f.p.HTTP2Response) > 0 {
		with := *resp
		with.Headers = slices.Concat(resp.Headers, f.p.HTTP2Response)
		resp = &with
	}
	// Response.status is an unsigned short: of a larger number script sees the
	// lower 16 bits.
	r.Verdict, r.Status = Allowed, int(uint16(resp.Status))
	switch {
	case f.opaque:
		r.Type, r.Status = TypeOpaque, 0
	case f.cors:
		r.Type = TypeCORS
		r.Exposed = f.p.exposedHeaders(resp, f.req)
	default:
		r.Type = TypeBasic
		r.Exposed = f.p.basicHeaders(resp)
	}
	r.Exposed = f.withoutRepeated(resp, r.Exposed)
	if r.Type != TypeOpaque {
		r.BodyFault = f.bodyFault(resp)
	}
	f.end()
}

func portOf(u *URL) string {
	if u.Port != "" {
		return u.Port
	}
	return defaultPorts[u.Scheme]
}

// isBadPort: https://fetch.spec.whatwg.org/#bad-port
func isBadPort(u *URL) bool {
	if u.Port == "" || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	port, _ := strconv.Atoi(u.Port)
	_, bad := badPorts[port]
	return bad
}

// badPorts: https://fetch.spec.whatwg.org/#bad-port
var badPorts = setOf(0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77,
	79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143,
	161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563,
	587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
	6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080)

func setOf[T comparable](values ...T) map[T]struct{} {
	set := make(map[T]struct{}, len(values))
	for _, v := range values {
		set[v] = struct{}{}
	}
	return set
}
