package lab

import (
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// open and listed are the CORS headers of sound answers.
var (
	open   = []string{"Access-Control-Allow-Origin: *"}
	listed = []string{"Access-Control-Allow-Origin: {page}", "Vary: Origin"}
)

// allow is the reply to a preflight with some header lines beside the origin's.
func allow(lines ...string) Reply {
	return Reply{Method: "OPTIONS", Status: 204, Header: append(append([]string{}, listed...), lines...)}
}

// near makes a route that has all of a fault but one thing, and passes.
func near(id finding.ID, title string, request fetch.Request, replies ...Reply) Route {
	return Route{
		Name: "nearly-" + string(id), Family: Sound, Verdict: fetch.Allowed, Finding: "?", Nearly: id,
		Title: title, Teaches: "One thing is right that is wrong elsewhere.", Request: request, Replies: replies,
	}
}

var withTrace = fetch.Request{Headers: []fetch.Header{{Name: "X-Trace", Value: "1"}}}

// nearRoutes are near misses, and a server that never answers, for which a demo
// has no time.
var nearRoutes = []Route{
	{
		Name: "never-answers", Family: Network, Verdict: fetch.Failed, Code: "?", Finding: "unreachable-timeout",
		Title: "the server never answers", Teaches: "There is nothing to judge. Find out what it waits for.",
		Replies: []Reply{{Does: Hang}},
	},
	near(finding.UnreachableTimeout, "a body that never ends", fetch.Request{}, Reply{Header: open, Does: Endless}),
	near(finding.UnreachableReset, "the connection is closed after the answer", fetch.Request{}, Reply{Header: append([]string{"Connection: close"}, open...)}),
	near(finding.UnreachableProtocol, "the body looks like another protocol", fetch.Request{}, Reply{Header: open, Body: "220 mail.example ESMTP ready\r\n"}),
	near(finding.MixedContent, "an https page and http on this machine", fetch.Request{Origin: "https://app.example.com"}, Reply{Header: open}),
	near(finding.LocalNetworkAccess, "a page of this machine and a server of this machine", fetch.Request{}, Reply{Header: open}),

	near(finding.PreflightRedirected, "the request is redirected, its preflight is not", put,
		allow("Access-Control-Allow-Methods: PUT"),
		Reply{Path: "/next", Method: "OPTIONS", Status: 204, Header: append([]string{"Access-Control-Allow-Methods: PUT"}, listed...)},
		Reply{Path: "/next", Header: listed},
		Reply{Status: 307, Header: append([]string{"Location: /nearly-preflight-redirected/next"}, listed...)}),
	nearBlocked(finding.LoginRedirect, "redirect-without-cors", "a redirect to a page about logging in",
		Reply{Status: 302, Header: []string{"Location: /blog/how-to-login-better"}}),
	near(finding.RedirectWithoutCORS, "the redirect has the headers", fetch.Request{},
		Reply{Path: "/", Header: open}, Reply{Status: 301, Header: append([]string{"Location: /nearly-redirect-without-cors/"}, open...)}),
	near(finding.RedirectTaintsOrigin, "the third origin allows everybody", fetch.Request{},
		Reply{Host: Third, Path: "/next", Header: open},
		Reply{Status: 302, Header: append([]string{"Location: {third}/nearly-redirect-taints-origin/next"}, listed...)}),
	near(finding.RedirectWithUserinfo, "an @ without a user name", fetch.Request{},
		Reply{Path: "/next", Header: open},
		Reply{Status: 302, Header: append([]string{"Location: http://@{other-host}/nearly-redirect-with-userinfo/next"}, open...)}),
	near(finding.RedirectNotHTTP, "the scheme in capitals", fetch.Request{},
		Reply{Path: "/next", Header: open},
		Reply{Status: 302, Header: append([]string{"Location: HTTP://{other-host}/nearly-redirect-not-http/next"}, open...)}),
	near(finding.RedirectLoop, "two redirects, then an answer", fetch.Request{},
		Reply{Path: "/a", Status: 302, Header: append([]string{"Location: /nearly-redirect-loop/b"}, open...)},
		Reply{Path: "/b", Header: open},
		Reply{Status: 302, Header: append([]string{"Location: /nearly-redirect-loop/a"}, open...)}),
	near(finding.RedirectLocation, "a Location with a space in it", fetch.Request{},
		Reply{Path: "/a b", Header: open},
		Reply{Status: 302, Header: append([]string{"Location: /nearly-redirect-location/a b"}, open...)}),
	near(finding.RedirectMode, "redirect mode error, and no redirect", fetch.Request{Redirect: fetch.RedirectError}, Reply{Header: open}),

	near(finding.BucketRuleMissing, "a bucket with a rule for the origin", put,
		Reply{Method: "OPTIONS", Header: []string{"Server: AmazonS3", "Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Methods: PUT", "Vary: Origin"}},
		Reply{Header: append([]string{"Server: AmazonS3"}, listed...)}),
	nearBlocked(finding.PlatformAuth, "preflight-needs-auth", "a 403 that the application wrote",
		Reply{Without: []string{"Authorization"}, Status: 403, Body: `{"error":"token required"}`}),
	near(finding.PreflightNeedsAuth, "the login is asked for, but not of OPTIONS", withToken,
		allow("Access-Control-Allow-Headers: authorization"),
		Reply{Without: []string{"Authorization"}, Status: 401, Header: []string{"WWW-Authenticate: Bearer"}},
		Reply{Header: listed}),
	near(finding.PreflightNotRouted, "OPTIONS has an answer, other methods have none", put,
		allow("Access-Control-Allow-Methods: PUT"), Reply{Method: "PUT", Header: listed}, Reply{Status: 405}),
	near(finding.PreflightStatus, "an odd status that is fine", put,
		Reply{Method: "OPTIONS", Status: 299, Header: append([]string{"Access-Control-Allow-Methods: PUT"}, listed...)}, Reply{Header: listed}),
	near(finding.ErrorHidesBehindCORS, "an error page with the headers", fetch.Request{}, Reply{Status: 502, Header: open, Body: "bad gateway"}),

	near(finding.CachedWithoutCORS, "a cache that keeps the answers apart", fetch.Request{},
		Reply{With: []string{"Origin: {page}"}, Header: append([]string{"Age: 120", "X-Cache: HIT"}, listed...)}, Reply{Header: []string{"Vary: Origin"}}),
	near(finding.OnlyPreflightConfigured, "both have the headers", withTrace, allow("Access-Control-Allow-Headers: x-trace"), Reply{Header: listed}),
	near(finding.OnlyResponseConfigured, "both have the headers", withTrace, allow("Access-Control-Allow-Headers: x-trace"), Reply{Header: listed}),
	near(finding.DuplicateAllowOrigin, "another header is there twice", put,
		allow("Access-Control-Allow-Methods: GET", "Access-Control-Allow-Methods: PUT"), Reply{Header: append([]string{"X-Twice: a", "X-Twice: a"}, listed...)}),
	near(finding.NoCORSHeaders, "one header is enough", fetch.Request{}, Reply{Header: open}),
	near(finding.NullOrigin, "the origin null, and everybody is allowed", fetch.Request{Origin: "null"}, Reply{Header: open}),
	near(finding.LoopbackMismatch, "both spellings of this machine are listed", fetch.Request{Origin: "http://127.0.0.1:3000"},
		Reply{With: []string{"Origin: http://127.0.0.1:3000"}, Header: []string{"Access-Control-Allow-Origin: {reflect}", "Vary: Origin"}},
		Reply{With: []string{"Origin: http://localhost:3000"}, Header: []string{"Access-Control-Allow-Origin: {reflect}", "Vary: Origin"}},
		Reply{Header: []string{"Vary: Origin"}}),
	near(finding.OriginMismatch, "the list holds this origin among others", fetch.Request{},
		Reply{With: []string{"Origin: {page}"}, Header: []string{"Access-Control-Allow-Origin: {reflect}", "Vary: Origin"}}, Reply{Header: []string{"Vary: Origin"}}),
	near(finding.WildcardWithCredentials, "a wildcard, and no credentials", fetch.Request{Credentials: fetch.CredentialsOmit}, Reply{Header: open}),
	near(finding.CredentialsNotAllowed, "no permission for credentials, and none are sent", fetch.Request{}, Reply{Header: listed}),
	near(finding.MalformedAllowList, "a list with empty elements", put, allow("Access-Control-Allow-Methods: GET ,, PUT ,"), Reply{Header: listed}),
	near(finding.MethodNotAllowed, "POST needs no permission", fetch.Request{Method: "POST", Headers: withTrace.Headers},
		allow("Access-Control-Allow-Methods: GET", "Access-Control-Allow-Headers: x-trace"), Reply{Header: listed}),
	near(finding.HeaderNotAllowed, "the header is listed in capitals", withTrace, allow("Access-Control-Allow-Headers: X-TRACE"), Reply{Header: listed}),
	near(finding.ResponseHeaderInRequest, "a request header that only sounds like one", fetch.Request{Headers: []fetch.Header{{Name: "X-Access-Control-Allow-Origin", Value: "*"}}},
		allow("Access-Control-Allow-Headers: x-access-control-allow-origin"), Reply{Header: listed}),
	near(finding.ResourcePolicy, "a policy for requests without CORS, and one with CORS", fetch.Request{}, Reply{Header: append([]string{"Cross-Origin-Resource-Policy: same-origin"}, open...)}),
	near(finding.OpaqueBlocked, "an image that calls itself HTML", fetch.Request{Initiator: fetch.InitiatorImage},
		Reply{Header: []string{"Content-Type: text/html"}, Body: onePixel}),
	near(finding.ElementRefuses, "an event stream with a parameter", fetch.Request{Initiator: fetch.InitiatorEventSource},
		Reply{Header: append([]string{"Content-Type: text/event-stream; charset=utf-8"}, open...), Body: "data: 1\n\n"}),

	near(finding.VaryOriginMissing, "the same origin for everybody needs no Vary", fetch.Request{}, Reply{Header: []string{"Access-Control-Allow-Origin: {page}"}}),
	near(finding.CookieNotSent, "a cookie made for other sites", fetch.Request{Origin: "http://localhost:3000", Credentials: fetch.CredentialsInclude},
		Reply{Header: []string{"Access-Control-Allow-Origin: http://localhost:3000", "Access-Control-Allow-Credentials: true", "Vary: Origin",
			"Set-Cookie: session=demo; Path=/; SameSite=None; Secure"}}),
	near(finding.SpecStricterThanBrowsers, "Authorization is named beside the *", withToken,
		Reply{Method: "OPTIONS", Status: 204, Header: append([]string{"Access-Control-Allow-Headers: *, Authorization"}, open...)}, Reply{Header: open}),
	near(finding.HeaderListOrder, "a list in any order", fetch.Request{Headers: []fetch.Header{{Name: "X-A", Value: "1"}, {Name: "X-B", Value: "2"}}},
		allow("Access-Control-Allow-Headers: x-b, x-a"), Reply{Header: listed}),
	near(finding.HeaderNotExposed, "the header is named", fetch.Request{},
		Reply{Header: append([]string{"Access-Control-Expose-Headers: x-total-count", "X-Total-Count: 42"}, open...)}),
	near(finding.PreflightNotCached, "the preflight is kept for ten minutes", withTrace,
		allow("Access-Control-Allow-Headers: x-trace", "Access-Control-Max-Age: 600"), Reply{Header: listed}),
	near(finding.ReflectsAnyOrigin, "a listed origin is sent back", fetch.Request{},
		Reply{With: []string{"Origin: {page}"}, Header: []string{"Access-Control-Allow-Origin: {reflect}", "Vary: Origin"}}, Reply{Header: []string{"Vary: Origin"}}),
	near(finding.OpaqueResponse, "mode cors, and everybody may read", fetch.Request{Mode: fetch.ModeCORS}, Reply{Header: open}),
	near(finding.SameOrigin, "the same host, another port", fetch.Request{}, Reply{Header: open}),
}

// nearBlocked is a near miss that is another fault.
func nearBlocked(id, is finding.ID, title string, replies ...Reply) Route {
	r := near(id, title, fetch.Request{}, replies...)
	if is == finding.PreflightNeedsAuth {
		r.Request = withToken
	}
	r.Verdict, r.Code, r.Finding = fetch.Blocked, "?", is
	return r
}

// onePixel is a GIF.
const onePixel = "GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
