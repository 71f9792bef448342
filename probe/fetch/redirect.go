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
		if to.Fragment == "" && !(f.p.LosesEmptyFragment && f.current.Fragment == "#") {
			to.Fragment = f.current.Fragment
		}
		f.result.location = to.String()
	}
	for _, check := range f.p.RedirectOrder {
		if !check(f, resp, to) {
			return
		}
	}
	f.follow(resp, to)
}

// showsRedirect: see ElementProfile.ShowsRedirects.
func (f *Fetch) showsRedirect(to *URL) bool {
	if !f.p.ShowsRedirects || to == nil || f.req.Initiator != InitiatorImage || f.mode != ModeNoCORS || f.redirects == maxRedirects {
		return false
	}
	_, handled := f.p.UnsafeRedirects[to.Scheme]
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
	u, err := f.p.URLParser.parse(value, f.last().Message.URL)
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

// past is what the hops of a chain leave behind.
type past struct {
	redirects int
	cors      bool // response tainting is "cors", which sticks
	opaque    bool // response tainting is "opaque"
	tainted   bool // https://fetch.spec.whatwg.org/#concept-request-tainted-origin

	redirected    bool   // there was a redirect, or what counts as one
	anyCrossed    bool   // some redirect changed the origin
	leftCORS      bool   // and that of a request that CORS, or no-cors, applied to
	bodyDropped   bool   // some redirect turned the method into GET
	preflighted   bool   // a preflight was due at some hop
	downgraded    bool   // some hop was http while the page is https
	untrusted     bool   // some earlier hop was not trustworthy
	plainHop      bool   // some earlier hop was http
	becameSecure  bool   // a redirect led from plain http to https
	beenForeign   bool   // some hop's cookies were those of another site
	hadOrigin     bool   // the last request carried Origin
	methodChanged bool   // some redirect changed the method
	originAnew    bool   // Origin would not be the first one: some request had none, or its method changed
	crossSite     string // the worst Sec-Fetch-Site

	late       *Response // a redirect that is checked again, against lateOrigin
	lateOrigin string
}

// follow goes to the next hop. https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
func (f *Fetch) follow(resp *Response, to *URL) {
	f.redirects++
	f.pass(RuleRedirectCount, strconv.Itoa(f.redirects), strconv.Itoa(maxRedirects))
	f.redirected = true
	to, crossed, taints := f.upgradeRedirect(to)
	f.restoreHeaders(resp, to)
	before := f.method
	f.rewriteMethod(resp.Status, crossed)
	f.leaveBehind(to, crossed, f.method != before)
	// The origin is tainted once two hops in a row are foreign to the page and
	// to each other.
	if taints && (!f.sameOrigin || f.p.OpaqueRedirectTaints && f.mode == ModeNoCORS) {
		f.tainted = true
	}
	f.dropHopHeaders(to, crossed)
	f.hop = hop{current: to, crossed: crossed}
	f.startHop()
}

// upgradeRedirect is the URL that a redirect is followed to, which is another one for
// the mixed content of an image; whether it crosses origins, and whether the redirect
// may taint the request's origin.
func (f *Fetch) upgradeRedirect(to *URL) (followed *URL, crossed, taints bool) {
	crossed = to.Origin() != f.current.Origin()
	secure := f.upgrade(to)
	if secure == to {
		return to, crossed, crossed
	}
	if f.p.UpgradedRedirectIsCrossSite {
		f.noteSite("cross-site")
	}
	taints = crossed && f.p.UpgradeIsRedirect
	crossed = secure.Origin() != f.current.Origin()
	return secure, crossed, crossed || taints
}

// leaveBehind notes of the hop that ends what later ones have to know.
func (f *Fetch) leaveBehind(to *URL, crossed, methodChanged bool) {
	f.becameSecure = f.becameSecure || f.p.SecureRedirectIsCrossSite && to.Scheme == "https" && !f.current.PotentiallyTrustworthy()
	f.plainHop = f.plainHop || f.current.Scheme == "http"
	f.untrusted = f.untrusted || !f.current.PotentiallyTrustworthy()
	f.methodChanged = f.methodChanged || methodChanged
	f.originAnew = f.originAnew || methodChanged || !f.hadOrigin
	f.anyCrossed = f.anyCrossed || crossed
	f.leftCORS = f.leftCORS || crossed && (f.cors || f.opaque)
	f.noteSite(f.reckonedSite()) // of a hop that did not say it, too
}

// dropHopHeaders removes the headers that a redirect does not take along, whatever
// becomes of the body.
func (f *Fetch) dropHopHeaders(to *URL, crossed bool) {
	if crossed || f.anyCrossed && !f.p.AuthorizationReturns {
		f.dropHeader("authorization")
	}
	if !to.SameOrigin(f.origin) {
		for _, name := range f.p.HopHeaders {
			f.dropHeader(name)
		}
	}
	if f.p.HomeRedirectsKeep && f.leavesUnread(to) && f.req.Credentials == CredentialsSameOrigin {
		f.scripted = f.headers // a load without credentials takes over, and knows no others
	}
}

// leavesUnread reports whether a no-cors request leaves the page's origin for the
// first time.
func (f *Fetch) leavesUnread(to *URL) bool {
	return f.fetchMode() == ModeNoCORS && !f.opaque && !to.SameOrigin(f.origin)
}

// restoreHeaders is what script's headers are after a redirect, where a browser
// makes the request anew.
func (f *Fetch) restoreHeaders(resp *Response, to *URL) {
	switch {
	case f.p.HomeRedirectsKeep && (!f.cors && to.SameOrigin(f.origin) || f.fetchMode() == ModeNoCORS):
		f.keepAtHome(resp.Status)
	case f.p.RedirectRestoresHeaders:
		f.headers, f.typed = f.scripted, f.scriptedTyped
		if f.bodyDropped && f.typedByBody && f.p.DropsForGood && f.isXHR() {
			f.dropHeader("content-type")
		}
	}
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

// lastActual is the last exchange that was not a preflight.
func (r *Result) lastActual() *Exchange {
	for i := len(r.Exchanges) - 1; i >= 0; i-- {
		if x := &r.Exchanges[i]; x.Message.Kind == Actual {
			return x
		}
	}
	return nil
}

// rewriteMethod says which statuses turn which methods into GET, and what goes
// with the body. https://fetch.spec.whatwg.org/#request-body-header-name
func (f *Fetch) rewriteMethod(status int, crossed bool) {
	if f.p.RewritesForeignDelete && crossed && f.method == "DELETE" && status != 303 {
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

// turnsIntoGET: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch, "status is 301
// or 302 and request's method is `POST`"
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
