package lab

import "github.com/corscheck/corscheck/probe/fetch"

// answerRoutes fail at the CORS check of the answer to the request itself.
var answerRoutes = []Route{
	{
		Name: "no-cors-headers", Family: Answer, Verdict: fetch.Blocked, Code: "MissingAllowOriginHeader", Finding: "no-cors-headers",
		Title:   "the server knows nothing of CORS",
		Teaches: "Without Access-Control-Allow-Origin the page may not read the answer, although the server gave it.",
		Replies: []Reply{{Body: `{"name":"Ada"}`}},
	},
	{
		Name: "error-page", Family: Answer, Verdict: fetch.Blocked, Code: "MissingAllowOriginHeader", Finding: "error-hides-behind-cors",
		Title:   "an error page without the headers",
		Teaches: "The console speaks of CORS, but the server failed: the proxy's own 502 page has no CORS headers. Look at the status first.",
		Replies: []Reply{{Status: 502, Header: []string{"Content-Type: text/html"}, Body: "<html><h1>502 Bad Gateway</h1></html>"}},
	},
	{
		Name: "duplicate-header", Family: Answer, Verdict: fetch.Blocked, Code: "MultipleAllowOriginValues", Finding: "duplicate-allow-origin",
		Title:   "Access-Control-Allow-Origin is there twice",
		Teaches: "Application and proxy both add the header. Two are as bad as none, even where they say the same.",
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Origin: {page}"}, Body: `{}`}},
	},
	{
		Name: "origin-list", Family: Answer, Verdict: fetch.Blocked, Code: "MultipleAllowOriginValues", Finding: "duplicate-allow-origin",
		Title:   "Access-Control-Allow-Origin holds a list",
		Teaches: "The header holds one origin or *. A server for several origins has to choose by the request's Origin.",
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: {page}, {third}"}, Body: `{}`}},
	},
	{
		Name: "not-an-origin", Family: Answer, Verdict: fetch.Blocked, Code: "InvalidAllowOriginValue", Finding: "origin-mismatch",
		Title:   "Access-Control-Allow-Origin lacks the scheme",
		Teaches: "An origin is scheme, host and port: app.example is a host, https://app.example an origin.",
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: {page-host}"}, Body: `{}`}},
	},
	{
		Name: "other-origin", Family: Answer, Verdict: fetch.Blocked, Code: "AllowOriginMismatch", Finding: "origin-mismatch",
		Title:   "another origin is allowed",
		Teaches: "The value must be the page's origin, character by character: another port or a missing www is another origin.",
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: https://app.example"}, Body: `{}`}},
	},
	{
		Name: "trailing-slash", Family: Answer, Verdict: fetch.Blocked, Code: "AllowOriginMismatch", Finding: "origin-mismatch",
		Title:   "the allowed origin ends in a slash",
		Teaches: "An origin has no path, not even a slash: https://app.example/ allows nobody.",
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: {page}/"}, Body: `{}`}},
	},
	{
		Name: "null-origin", Family: Answer, Verdict: fetch.Blocked, Code: "AllowOriginMismatch", Finding: "null-origin",
		Title:   "the page's origin is null",
		Teaches: "A page opened from a file, or in a sandboxed frame, has the origin null, which no list of origins should hold. Serve the page over http while developing.",
		Request: fetch.Request{Origin: "null"},
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: {page}", "Vary: Origin"}, Body: `{}`}},
	},
	{
		Name: "only-preflight", Family: Answer, Verdict: fetch.Blocked, Code: "MissingAllowOriginHeader", Finding: "only-preflight-configured",
		Title:   "the headers are on the preflight only",
		Teaches: "The preflight permits sending the request. To let the page read the answer, that needs Access-Control-Allow-Origin as well.",
		Request: fetch.Request{Method: "PUT"},
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Methods: PUT"}},
			{Method: "PUT", Body: `{}`},
		},
	},
	{
		Name: "proxy-auth", Family: Answer, Verdict: fetch.Blocked, Code: "net::ERR_UNEXPECTED_PROXY_AUTH", Finding: "error-hides-behind-cors",
		Title:   "the server answers 407",
		Teaches: "407 belongs to proxies. Chrome takes it for an error where it uses none; 401 is the status of a server that wants a login.",
		Replies: []Reply{{Status: 407, Header: []string{"Access-Control-Allow-Origin: *", `Proxy-Authenticate: Basic realm="lab"`}}},
	},
	{
		Name: "resource-policy", Family: Answer, Verdict: fetch.Blocked, Code: "net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin", Finding: "cross-origin-resource-policy",
		Title:   "Cross-Origin-Resource-Policy keeps a response from other origins",
		Teaches: "Without CORS, as an <img> or a <script> asks, the policy decides who may have the response. With CORS it is Access-Control-Allow-Origin.",
		Request: fetch.Request{Mode: fetch.ModeNoCORS},
		Replies: []Reply{{Header: []string{"Cross-Origin-Resource-Policy: same-origin"}, Body: `{}`}},
	},
	{
		Name: "opaque-blocked", Family: Answer, Verdict: fetch.Blocked, Code: "net::ERR_BLOCKED_BY_ORB", Finding: "opaque-response-blocked",
		Title:   "an <img> gets a page of HTML",
		Teaches: "The browser keeps data of other origins out of the page's process. Mostly the URL is wrong, or a login page came instead of the image.",
		Request: fetch.Request{Initiator: fetch.InitiatorImage},
		Replies: []Reply{{Header: []string{"Content-Type: text/html"}, Body: "<!doctype html><title>Sign in</title>"}},
		Differs: "Safari gives it to the <img>, which cannot decode it.",
	},
	{
		Name: "no-event-stream", Family: Answer, Verdict: fetch.Blocked, Finding: "element-refuses-response",
		Title:   "an EventSource gets JSON",
		Teaches: "CORS passes, and the EventSource gives up for good all the same: it takes text/event-stream only.",
		Request: fetch.Request{Initiator: fetch.InitiatorEventSource},
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: *", "Content-Type: application/json"}, Body: `{}`}},
	},
}
