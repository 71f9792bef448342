package fetch

import (
	"strconv"
	"strings"
)

// corsCheck is the CORS check; it records its steps and reports success. The
// standard distinguishes less than browsers report: a value that does not match
// is told apart into several, none, invalid and another one.
// https://fetch.spec.whatwg.org/#concept-cors-check
func (f *Fetch) corsCheck(resp *Response, origin string, include bool) bool {
	value, present := f.p.get(resp, "Access-Control-Allow-Origin")
	// step 1 and 2
	if !present {
		f.fail(RuleAllowOriginPresent, "", origin)
		return false
	}
	if f.p.CountsOriginLines && countExact(resp.Headers, "Access-Control-Allow-Origin") > 1 {
		f.fail(RuleAllowOriginSingle, value, origin)
		return false
	}
	// step 3
	if value == "*" && !include {
		f.pass(RuleAllowOriginMatches, value, origin)
		return true
	}
	// step 4
	if value != origin {
		f.fail(f.whyNotOrigin(value), value, origin)
		return false
	}
	f.pass(RuleAllowOriginMatches, value, origin)
	// step 5
	if !include {
		return true
	}
	// step 6 to 8
	credentials, _ := f.p.get(resp, "Access-Control-Allow-Credentials")
	if credentials != "true" {
		f.fail(RuleAllowCredentials, credentials, "true")
		return false
	}
	f.pass(RuleAllowCredentials, credentials, "true")
	return true
}

// whyNotOrigin tells why a value does not match, as far as the browser does.
func (f *Fetch) whyNotOrigin(value string) *Rule {
	switch {
	case value == "*":
		return RuleNoWildcardWithCreds
	case strings.ContainsAny(value, f.p.OriginListSeparators):
		return RuleAllowOriginSingle
	case f.p.TellsInvalidOrigin && value != NullOrigin && !f.p.isURL(value):
		return RuleAllowOriginValid
	}
	return RuleAllowOriginMatches
}

func (p *Profile) isURL(s string) bool {
	_, err := p.URLParser.parse(s, nil)
	return err == nil
}

// requestOrigin is the request's origin as it is serialized and compared: "null"
// once the request is tainted.
// https://fetch.spec.whatwg.org/#byte-serializing-a-request-origin
func (f *Fetch) requestOrigin() string {
	if f.tainted {
		return NullOrigin
	}
	return f.origin
}

// receivePreflight is the part of CORS-preflight fetch after the answer: the
// browser's checks in the browser's order.
// https://fetch.spec.whatwg.org/#cors-preflight-fetch
func (f *Fetch) receivePreflight(resp *Response) {
	for _, check := range f.p.PreflightOrder {
		if !check(f, resp) {
			return
		}
	}
	f.cache.store(f, resp)
	if f.req.PreflightOnly {
		f.result.Verdict = Allowed
		f.end()
		return
	}
	f.send(Actual)
}

// A preflightCheck records its steps and reports whether the preflight goes on.
type preflightCheck func(*Fetch, *Response) bool

// checkPreflightRedirect: a preflight follows no redirect.
func checkPreflightRedirect(f *Fetch, resp *Response) bool {
	if f.p.isRedirect(resp) && (f.req.Redirect == RedirectFollow || !f.p.PreflightKeepsRedirectMode) {
		value, _ := f.p.locationValue(resp)
		f.fail(RulePreflightNotRedirected, strconv.Itoa(resp.Status), value)
		return false
	}
	return true
}

// checkPreflightLocation: the redirect of a preflight fails as a redirect where
// Location is no URL, or leads where no browser goes.
func checkPreflightLocation(f *Fetch, resp *Response) bool {
	if !f.p.isRedirect(resp) || f.req.Redirect != RedirectFollow && f.p.PreflightKeepsRedirectMode {
		return true
	}
	value, _ := f.p.locationValue(resp)
	to := f.locationURL(value)
	if to == nil {
		f.fail(RuleRedirectLocation, value, "")
		return false
	}
	return !f.p.PreflightKeepsRedirectMode || checkRedirectUnsafe(f, resp, to)
}

// ofPreflight makes a check of where a redirect leads one of a preflight whose
// redirect script would follow.
func ofPreflight(check redirectCheck) preflightCheck {
	return func(f *Fetch, resp *Response) bool {
		if !f.p.isRedirect(resp) || f.req.Redirect != RedirectFollow {
			return true
		}
		value, _ := f.p.locationValue(resp)
		return ofURL(check)(f, resp, f.locationURL(value))
	}
}

// checkTargetScheme: a preflight's Location may not leave http and https, or have a
// user name in it.
func checkTargetScheme(f *Fetch, resp *Response, to *URL) bool {
	if !checkRedirectScheme(f, resp, to) {
		return false
	}
	stays := f.p.UntaintedPreflight && f.sameOrigin && to.SameOrigin(f.origin)
	return stays || checkRedirectUserinfo(f, resp, to)
}

// checkPreflightCORS: step 7, first half.
func checkPreflightCORS(f *Fetch, resp *Response) bool {
	if f.p.UntaintedPreflight && f.sameOrigin {
		return true
	}
	return f.corsCheck(resp, preflightOrigin(f), f.include())
}

// checkPreflightStatus: step 7, second half: an ok status is 200 to 299.
// https://fetch.spec.whatwg.org/#ok-status
func checkPreflightStatus(f *Fetch, resp *Response) bool {
	status := strconv.Itoa(resp.Status)
	if !isOKStatus(resp.Status) {
		f.fail(RulePreflightStatus, status, "200-299")
		return false
	}
	f.pass(RulePreflightStatus, status, "200-299")
	return true
}

// checkMethodsSyntax: steps 7.1 and 7.3.
func checkMethodsSyntax(f *Fetch, resp *Response) bool {
	value, _ := resp.Get("Access-Control-Allow-Methods")
	if bad, ok := listFault(value); !ok {
		f.fail(RuleAllowMethodsSyntax, value, bad)
		return false
	}
	return true
}

// checkHeadersSyntax: steps 7.2 and 7.3.
func checkHeadersSyntax(f *Fetch, resp *Response) bool {
	value, _ := resp.Get("Access-Control-Allow-Headers")
	if bad, ok := listFault(value); !ok {
		f.fail(RuleAllowHeadersSyntax, value, bad)
		return false
	}
	return true
}

// checkMethodAllowed: step 7.5. The comparison is case-sensitive.
func checkMethodAllowed(f *Fetch, resp *Response) bool {
	value, _ := resp.Get("Access-Control-Allow-Methods")
	if !f.allows(value, f.method, false) && !IsSafelistedMethod(f.method) {
		f.fail(RuleMethodAllowed, value, f.method)
		return false
	}
	f.pass(RuleMethodAllowed, value, f.method)
	return true
}

// checkHeadersAllowed: steps 7.6 and 7.7. The comparison ignores letter case.
func checkHeadersAllowed(f *Fetch, resp *Response) bool {
	value, _ := resp.Get("Access-Control-Allow-Headers")
	for _, name := range f.p.checkOrder(f) {
		if name == "authorization" && !f.p.WildcardCoversAuthorization && !f.named(value, name) {
			f.fail(RuleAuthorizationNamed, value, name)
			return false
		}
		if f.allows(value, name, true) {
			continue
		}
		f.fail(RuleHeaderAllowed, value, name)
		return false
	}
	if len(f.unsafe) > 0 {
		f.pass(RuleHeaderAllowed, value, strings.Join(f.unsafe, ", "))
	}
	return true
}

// named reports whether a list names a header, a * aside.
func (f *Fetch) named(list, name string) bool {
	elements, _ := parseList(list)
	return containsFold(elements, name)
}

// allows reports whether a list names an element, or has a * that counts, which
// it does only without credentials.
func (f *Fetch) allows(list, element string, foldCase bool) bool {
	return listAllows(list, element, foldCase, !f.include())
}

// listAllows is allows where wildcard says whether a * counts.
func listAllows(list, element string, foldCase, wildcard bool) bool {
	for list != "" {
		var e string
		e, list, _ = strings.Cut(list, ",")
		e = trimOWS(e)
		if e == element || foldCase && equalFold(e, element) || wildcard && e == "*" {
			return true
		}
	}
	return false
}
