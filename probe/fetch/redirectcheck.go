package fetch

import (
	"strconv"
	"strings"
)

// A redirectCheck records its steps and reports whether the redirect goes on; to
// is nil where Location is no URL.
type redirectCheck func(f *Fetch, resp *Response, to *URL) bool

// checkLocation: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch, "locationURL is
// failure"
func checkLocation(f *Fetch, _ *Response, to *URL) bool {
	if to == nil {
		f.fail(RuleRedirectLocation, f.result.location, "")
		return false
	}
	return true
}

// checkRedirectPolicy: an opaque redirect is a response like any other.
// https://fetch.spec.whatwg.org/#concept-http-fetch, "cross-origin resource policy check"
func checkRedirectPolicy(f *Fetch, resp *Response, _ *URL) bool {
	return !f.opaque || f.checkResourcePolicy(resp)
}

// checkShown: see ElementProfile.ShowsRedirects.
func checkShown(f *Fetch, resp *Response, to *URL) bool {
	if !f.showsRedirect(to) {
		return true
	}
	if (!f.opaque || f.checkOpaqueBlocking(resp)) && f.checkElement(resp) {
		f.finish(resp)
	}
	return false
}

// toFollow is a check that is made only of redirects that are to be followed.
func toFollow(check redirectCheck) redirectCheck {
	return func(f *Fetch, resp *Response, to *URL) bool {
		return f.req.Redirect != RedirectFollow || check(f, resp, to)
	}
}

// withoutCORS is a check that is made at this place only where CORS does not apply.
func withoutCORS(check redirectCheck) redirectCheck {
	return func(f *Fetch, resp *Response, to *URL) bool { return f.cors || check(f, resp, to) }
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
	if !f.cors {
		return true
	}
	if !f.corsCheck(resp, f.requestOrigin(), f.include()) {
		return false
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

// checkRedirectUnsafe: see RedirectProfile.UnsafeRedirects. The standard has no such check
// before that of the scheme.
func checkRedirectUnsafe(f *Fetch, _ *Response, to *URL) bool {
	if f.p.OwnBlobIsSafe && !f.isXHR() && to.Scheme == "blob" && f.current.SameOrigin(originOfBlob(to)) {
		return true
	}
	code, unsafe := f.p.UnsafeRedirects[to.Scheme]
	_, safe := f.p.SafePages[to.Scheme+":"+strings.ToLower(to.Path)]
	if code != "" && f.req.Redirect == RedirectError {
		return true // it is refused only where it is followed
	}
	if unsafe && !safe {
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

// checkModeOfRedirect: the mode same-origin is looked at before the URL itself is.
func checkModeOfRedirect(f *Fetch, _ *Response, to *URL) bool {
	if f.mode != ModeSameOrigin || to.SameOrigin(f.origin) {
		return true
	}
	f.result.blocked = to.withoutUserinfo()
	f.fail(RuleModeOfRedirect, string(f.mode), f.origin)
	return false
}

// checkRedirectScheme: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch,
// "locationURL's scheme is not an HTTP(S) scheme"
func checkRedirectScheme(f *Fetch, _ *Response, to *URL) bool {
	if to.Scheme == "data" && f.opaqueNext(to) && f.isElement() && f.p.FollowsData {
		f.pass(RuleRedirectScheme, "data:", "")
		resp, ok := dataResponse(to)
		if f.held(RuleDataURL, ok, "data:", "") && f.checkElement(resp) {
			f.result.Verdict, f.result.Type = Allowed, TypeOpaque
			f.end()
		}
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

// checkRedirectCount: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch, "redirect
// count is 20"
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
// no CORS rule did: see Profile.RefusesUserinfo.
func checkRedirectEmbedded(f *Fetch, _ *Response, to *URL) bool {
	if to.hasUserinfo() && f.p.RefusesUserinfo && !f.isXHR() {
		f.fail(RuleRedirectEmbedded, to.Display(), "")
		return false
	}
	return true
}

// opaqueNext reports whether a redirect leads to an opaque response.
func (f *Fetch) opaqueNext(to *URL) bool {
	return f.fetchMode() == ModeNoCORS && (f.opaque || !to.SameOrigin(f.origin))
}

// checkLate makes the checks that a browser leaves until the preflight has passed,
// or none was due: of where the request goes, and with CORS of the redirect that
// leads there. See Profile.PreflightsBadPorts, Profile.PreflightsMixedRedirects,
// Profile.ForeignRedirectUnchecked and Profile.RedirectKeepsCredentials.
func (f *Fetch) checkLate() bool {
	switch {
	case f.p.PreflightsBadPorts && !f.checkPort(), f.mixedAfterPreflight() && !f.checkMixedContent():
		return false
	case !f.cors:
		return true
	case f.current.hasUserinfo():
		f.result.failing = f.result.lastActual()
		f.fail(RuleRedirectUserinfo, f.current.Display(), "")
		return false
	case f.late != nil:
		resp, at := f.late, f.result.lastActual()
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
