package fetch

import (
	"strconv"
)

const maxRedirects = 20

// isRedirect reports whether the browser takes the response for a redirect that
// leads somewhere.
func (p *Profile) isRedirect(resp *Response) bool {
	if !isRedirectStatus(resp.Status) && !(p.RedirectsFrom309 && resp.Status > 308 && resp.Status < 400) {
		return false
	}
	location, ok := p.locationValue(resp)
	return ok && (location != "" || p.FollowsEmptyLocation)
}

// locationValue is the value of Location: the first line, or all of them joined.
func (p *Profile) locationValue(resp *Response) (string, bool) {
	if p.JoinsLocations {
		return resp.Get("Location")
	}
	if values := lines(resp.Headers, "location"); len(values) > 0 {
		return values[0], true
	}
	return "", false
}

// isRedirectStatus: https://fetch.spec.whatwg.org/#redirect-status
func isRedirectStatus(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// receiveRedirect is HTTP fetch for a redirect status, and HTTP-redirect fetch:
// the browser's checks in the browser's order, then the next hop.
// https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
func (f *Fetch) receiveRedirect(resp *Response) {
	value, _ := f.p.locationValue(resp)
	to := f.locationURL(value)
	f.result.location = value
	if f.p.ReadValue != nil {
		f.result.location = f.p.ReadValue(value)
	}
	if to != nil {
		f.result.ownLocation = to.String()
		if to.Fragment == "" {
			to.Fragment = f.current.Fragment
		}
		f.result.location = to.String()
	}
	if f.opaque && !f.checkResourcePolicy(resp) {
		return
	}
	if f.showsRedirect(to) {
		if (!f.opaque || f.checkOpaqueBlocking(resp)) && f.checkElement(resp) {
			f.finish(resp)
		}
		return
	}
	for _, check := range f.p.RedirectOrder {
		if !check(f, resp, to) {
			return
		}
	}
	f.follow(resp, to)
}

// showsRedirect: see Profile.HandledSchemes.
func (f *Fetch) showsRedirect(to *URL) bool {
	if f.p.HandledSchemes == nil || to == nil || f.req.Initiator != InitiatorImage || f.mode != ModeNoCORS || f.redirects == maxRedirects {
		return false
	}
	_, handled := f.p.HandledSchemes[to.Scheme]
	return !handled && to.Scheme != "http" && to.Scheme != "https"
}

// locationURL parses a response's location URL, nil where it is none; the fragment
// of the current URL is not inherited yet. https://fetch.spec.whatwg.org/#concept-response-location-url
func (f *Fetch) locationURL(value string) *URL {
	if f.p.ReadValue != nil {
		value = f.p.ReadValue(value)
	}
	if f.p.ControlsInLocation {
		value = encodeControls(value)
	}
	u, err := f.p.URLParser.parse(value, f.current)
	if err != nil {
		return nil
	}
	if !f.p.acceptsURL(u) {
		return nil
	}
	return u
}

// acceptsURL reports whether the browser's parser takes a URL of a scheme of its
// own for valid.
func (p *Profile) acceptsURL(u *URL) bool {
	if _, needsHost := p.SchemesWithHost[u.Scheme]; !needsHost || u.Host != "" {
		return true
	}
	inner, err := ParseURL(u.Path, nil)
	return u.Scheme == "filesystem" && err == nil && isSpecial(inner.Scheme)
}

// encodeControls keeps the control characters that the parser would remove.
func encodeControls(s string) string {
	return percentEncode(s, func(c byte) bool { return c < ' ' })
}

// follow goes to the next hop. https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
func (f *Fetch) follow(resp *Response, to *URL) {
	f.redirects++
	f.pass(RuleRedirectCount, strconv.Itoa(f.redirects), strconv.Itoa(maxRedirects))
	home := !f.cors && to.SameOrigin(f.origin)
	f.leftPage = !f.cors && !f.opaque && !home
	switch {
	case f.p.HomeRedirectsKeep && home:
		f.keepAtHome(resp.Status)
	case f.p.RedirectRestoresHeaders:
		f.headers, f.typed = f.scripted, f.scriptedTyped
		if f.bodyDropped && f.p.DropsForGood && f.isXHR() {
			f.dropHeader("content-type")
		}
	}
	f.crossed = to.Origin() != f.current.Origin()
	f.plainHop = f.plainHop || f.current.Scheme == "http"
	f.untrusted = f.untrusted || !f.current.PotentiallyTrustworthy()
	before := f.method
	f.rewriteMethod(resp.Status)
	f.originMoved = f.originMoved || !f.hadOrigin || f.method != before
	f.originLost = f.originLost || f.method != before
	// The origin is tainted once two hops in a row are foreign to the page and
	// to each other.
	if f.crossed {
		if !f.sameOrigin || f.p.OpaqueRedirectTaints && f.mode == ModeNoCORS {
			f.tainted = true
		}
		f.anyCrossed = true
	}
	if f.crossed || f.anyCrossed && !f.p.AuthorizationReturns {
		f.dropHeader("authorization")
	}
	if !to.SameOrigin(f.origin) {
		for _, name := range f.p.HopHeaders {
			f.dropHeader(name)
		}
	}
	worstSite(f) // of a hop that did not say it, too
	f.current = to
	f.startHop()
}

// keepAtHome: see Profile.HomeRedirectsKeep.
func (f *Fetch) keepAtHome(status int) {
	f.dropHeader("user-agent")
	if status != 307 && status != 308 {
		return
	}
	var kept []Header
	for _, h := range f.scripted {
		if equalFold(h.Name, "content-type") || f.scriptHeader(h.Name) != nil {
			kept = append(kept, h)
		}
	}
	f.headers = kept
}

// A redirectCheck records its steps and reports whether the redirect goes on; to
// is nil where Location is no URL.
type redirectCheck func(f *Fetch, resp *Response, to *URL) bool

func checkLocation(f *Fetch, _ *Response, to *URL) bool {
	if to == nil {
		f.fail(RuleRedirectLocation, f.result.location, "")
		return false
	}
	return true
}

// toFollow is a check that is made only of redirects that are to be followed.
func toFollow(check redirectCheck) redirectCheck {
	return func(f *Fetch, resp *Response, to *URL) bool {
		return f.req.Redirect != RedirectFollow || check(f, resp, to)
	}
}

// ofURL is a check that is made before Location is known to be a URL.
func ofURL(check redirectCheck) redirectCheck {
	return func(f *Fetch, resp *Response, to *URL) bool {
		return to == nil || check(f, resp, to)
	}
}

// checkRedirectCORS: a redirect is a response like any other.
// https://fetch.spec.whatwg.org/#concept-http-fetch step 4.4
func checkRedirectCORS(f *Fetch, resp *Response, _ *URL) bool {
	if !f.cors || !f.corsCheck(resp, f.requestOrigin(), f.include()) {
		return !f.cors
	}
	if f.p.RedirectKeepsCredentials && f.req.Credentials == CredentialsSameOrigin && f.first.SameOrigin(f.origin) {
		f.late, f.lateOrigin = resp, f.requestOrigin()
	}
	return true
}

// checkRedirectError: https://fetch.spec.whatwg.org/#concept-http-fetch step 6
func checkRedirectError(f *Fetch, _ *Response, _ *URL) bool {
	if f.req.Redirect == RedirectError {
		f.fail(RuleRedirectMode, string(f.req.Redirect), "")
		return false
	}
	return true
}

// checkRedirectManual ends the fetch with an opaque-redirect filtered response.
func checkRedirectManual(f *Fetch, _ *Response, _ *URL) bool {
	if f.req.Redirect == RedirectManual {
		f.result.Verdict, f.result.Type = Allowed, TypeOpaqueRedirect
		f.end()
		return false
	}
	return true
}

func checkRedirectUnsafe(f *Fetch, _ *Response, to *URL) bool {
	if f.p.OwnBlobIsSafe && to.Scheme == "blob" && f.current.SameOrigin(originOfBlob(to)) {
		return true
	}
	_, unsafe := f.p.UnsafeRedirects[to.Scheme]
	if _, this := f.p.UnsafeRedirects[to.Display()]; unsafe || this {
		f.fail(RuleRedirectUnsafe, to.Scheme+":", "")
		return false
	}
	return true
}

// originOfBlob is the serialized origin of a blob: URL.
// https://url.spec.whatwg.org/#concept-url-origin
func originOfBlob(u *URL) string {
	inner, err := ParseURL(u.Path, nil)
	if err != nil {
		return NullOrigin
	}
	return inner.Origin()
}

// checkRedirectLocal: the page's own origin may not send a request to a file, nor
// to a blob: URL, of which those of its own origin are refused in other words.
func checkRedirectLocal(f *Fetch, _ *Response, to *URL) bool {
	if to.Scheme == "blob" && !f.cors && originOfBlob(to) == f.origin {
		f.fail(RuleRedirectOwnBlob, to.Scheme+":", "")
		return false
	}
	if (to.Scheme == "file" || to.Scheme == "blob") && !f.cors {
		f.fail(RuleRedirectLocal, to.Scheme+":", "")
		return false
	}
	return true
}

func checkRedirectScheme(f *Fetch, _ *Response, to *URL) bool {
	if to.Scheme == "data" && f.opaqueNext(to) && f.isElement() && f.p.FollowsData {
		f.pass(RuleRedirectScheme, "data:", "")
		f.result.Verdict, f.result.Type = Allowed, TypeOpaque
		f.end()
		return false
	}
	if to.Scheme != "http" && to.Scheme != "https" {
		rule := RuleRedirectScheme
		if f.opaqueNext(to) {
			rule = RuleRedirectOpaque
		}
		f.fail(rule, to.Scheme+":", "")
		return false
	}
	return true
}

func checkRedirectCount(f *Fetch, _ *Response, _ *URL) bool {
	if f.redirects == maxRedirects {
		f.fail(RuleRedirectCount, strconv.Itoa(maxRedirects+1), strconv.Itoa(maxRedirects))
		return false
	}
	return true
}

// checkRedirectUserinfo: a URL with a user name is refused where the request is
// a CORS one, or is about to become one.
func checkRedirectUserinfo(f *Fetch, _ *Response, to *URL) bool {
	if to.hasUserinfo() && f.opaqueNext(to) && f.p.RefusesUserinfo {
		f.fail(RuleRedirectEmbedded, to.Display(), "")
		return false
	}
	if !to.hasUserinfo() || f.p.ForeignRedirectUnchecked && !f.cors {
		return true
	}
	if f.fetchMode() == ModeCORS && !to.SameOrigin(f.origin) || f.cors {
		f.fail(RuleRedirectUserinfo, to.Display(), "")
		return false
	}
	return true
}

// checkRedirectEmbedded refuses a user name on the page's own origin, too, where
// no CORS rule did.
func checkRedirectEmbedded(f *Fetch, _ *Response, to *URL) bool {
	if to.hasUserinfo() && f.p.RefusesUserinfo {
		f.fail(RuleRedirectEmbedded, to.Display(), "")
		return false
	}
	return true
}

// opaqueNext reports whether a redirect leads to an opaque response.
func (f *Fetch) opaqueNext(to *URL) bool {
	return f.fetchMode() == ModeNoCORS && (f.opaque || !to.SameOrigin(f.origin))
}

// checkLate makes the checks of a redirect that ForeignRedirectUnchecked and
// RedirectKeepsCredentials leave until the preflight of the next hop has passed.
func (f *Fetch) checkLate() bool {
	at := f.lastActual()
	switch {
	case f.current.hasUserinfo():
		f.result.failing = at
		f.fail(RuleRedirectUserinfo, f.current.Display(), "")
		return false
	case f.late != nil:
		resp := f.late
		f.late = nil
		if !f.corsCheck(resp, f.lateOrigin, true) {
			f.result.failing = at
			f.result.redirect = true
			return false
		}
	}
	return true
}

func (u *URL) hasUserinfo() bool { return u.Username != "" || u.Password != "" }

// lastActual is the last exchange that was not a preflight.
func (f *Fetch) lastActual() *Exchange {
	for i := len(f.result.Exchanges) - 1; i >= 0; i-- {
		if x := &f.result.Exchanges[i]; x.Message.Kind == Actual {
			return x
		}
	}
	return nil
}

// rewriteMethod says which statuses turn which methods into GET, and what goes
// with the body. https://fetch.spec.whatwg.org/#request-body-header-name
func (f *Fetch) rewriteMethod(status int) {
	if f.p.RewritesForeignDelete && f.crossed && f.method == "DELETE" && status != 303 {
		f.method, f.body = "GET", nil
		return
	}
	toGet := turnsIntoGET(status, f.method) && f.method != "GET"
	if toGet {
		f.method, f.body, f.bodyDropped = "GET", nil, true
	}
	for _, name := range f.p.BodyHeaders {
		if toGet {
			f.typed = without(f.typed, name)
		}
		if toGet || f.p.DropsByFirstMethod && f.req.Method != "GET" && turnsIntoGET(status, f.req.Method) {
			f.headers = without(f.headers, name)
		}
	}
}

func turnsIntoGET(status int, method string) bool {
	return (status == 301 || status == 302) && method == "POST" || status == 303 && method != "HEAD"
}

// dropHeader removes a header for this hop and the ones after it.
func (f *Fetch) dropHeader(name string) {
	f.headers = without(f.headers, name)
	f.typed = without(f.typed, name)
}

// without copies where it removes, as messages and the request share the list.
func without(headers []Header, name string) []Header {
	if _, ok := combined(headers, name); !ok {
		return headers
	}
	kept := make([]Header, 0, len(headers))
	for _, h := range headers {
		if !equalFold(h.Name, name) {
			kept = append(kept, h)
		}
	}
	return kept
}
