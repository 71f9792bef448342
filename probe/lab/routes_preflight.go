package lab

import "github.com/corscheck/corscheck/probe/fetch"

// put and jsonPost are what calls for a preflight in these routes.
var (
	put      = fetch.Request{Method: "PUT"}
	jsonPost = fetch.Request{Method: "POST", Headers: []fetch.Header{{Name: "Content-Type", Value: "application/json"}}, Body: []byte(`{}`)}
)

// answered is the reply to a request that would be fine if its preflight were.
var answered = Reply{Header: []string{"Access-Control-Allow-Origin: {page}", "Vary: Origin"}, Body: `{}`}

// preflightRoutes fail at the preflight, so the request itself is never sent.
var preflightRoutes = []Route{
	{
		Name: "preflight-needs-auth", Family: Preflight, Verdict: fetch.Blocked, Code: "PreflightMissingAllowOriginHeader", Finding: "preflight-needs-auth",
		Title:   "the login filter answers the preflight",
		Teaches: "A preflight never carries a token or a cookie. The server must answer OPTIONS before it asks who is there.",
		Request: fetch.Request{Headers: jsonWithToken[1:]},
		Replies: []Reply{
			{Without: []string{"Authorization"}, Status: 401, Header: []string{`WWW-Authenticate: Bearer realm="lab"`}, Body: `{"error":"unauthorized"}`},
			answered,
		},
	},
	{
		Name: "preflight-not-routed", Family: Preflight, Verdict: fetch.Blocked, Code: "PreflightMissingAllowOriginHeader", Finding: "preflight-not-routed",
		Title:   "the server has no route for OPTIONS",
		Teaches: "The framework knows PUT but not OPTIONS and answers 405 without CORS headers. The CORS middleware has to stand before the router.",
		Request: put,
		Replies: []Reply{
			{Method: "OPTIONS", Status: 405, Header: []string{"Allow: GET, PUT"}, Body: "method not allowed"},
			answered,
		},
	},
	{
		Name: "preflight-status", Family: Preflight, Verdict: fetch.Blocked, Code: "PreflightInvalidStatus", Finding: "preflight-status",
		Title:   "the preflight has the headers but not the status",
		Teaches: "A preflight must end in 200 to 299. Right headers on a 500 do not count.",
		Request: put,
		Replies: []Reply{
			{Method: "OPTIONS", Status: 500, Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Methods: PUT"}},
			answered,
		},
	},
	{
		Name: "preflight-redirected", Family: Preflight, Verdict: fetch.Blocked, Code: "PreflightDisallowedRedirect", Finding: "preflight-redirected",
		Title:   "the preflight is redirected",
		Teaches: "A browser follows no redirect of a preflight. Most often the URL lacks a slash, www or https: use the one it redirects to.",
		Request: put,
		Replies: []Reply{
			{Path: "/", Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Methods: PUT"}},
			{Path: "/", Header: answered.Header, Body: `{}`},
			{Status: 308, Header: []string{"Location: /preflight-redirected/", "Access-Control-Allow-Origin: {page}"}},
		},
	},
	{
		Name: "login-redirect", Family: Preflight, Verdict: fetch.Blocked, Code: "PreflightDisallowedRedirect", Finding: "login-redirect",
		Title:   "the preflight is sent to a login page",
		Teaches: "The session check redirects everybody who has no cookie, and a preflight never has one.",
		Request: jsonPost,
		Replies: []Reply{
			{Path: "/login", Header: []string{"Content-Type: text/html"}, Body: "<form><input type=password></form>"},
			{Status: 302, Header: []string{"Location: /login-redirect/login?next=%2Flogin-redirect"}},
		},
	},
	{
		Name: "only-response", Family: Preflight, Verdict: fetch.Blocked, Code: "PreflightMissingAllowOriginHeader", Finding: "only-response-configured",
		Title:   "the headers are on the answer only",
		Teaches: "The preflight is a request of its own, and its answer needs Access-Control-Allow-Origin too.",
		Request: put,
		Replies: []Reply{{Method: "OPTIONS", Status: 204}, answered},
	},
	{
		Name: "preflight-duplicate", Family: Preflight, Verdict: fetch.Blocked, Code: "PreflightMultipleAllowOriginValues", Finding: "duplicate-allow-origin",
		Title:   "the preflight has the header twice",
		Teaches: "Two layers answer the preflight and both add the header. Remove it from one of them.",
		Request: put,
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Methods: PUT"}},
			answered,
		},
	},
	{
		Name: "preflight-not-an-origin", Family: Preflight, Verdict: fetch.Blocked, Code: "PreflightInvalidAllowOriginValue", Finding: "origin-mismatch",
		Title:   "the preflight allows something that is no origin",
		Teaches: "A pattern such as *.example is no origin; the header knows no wildcards but * alone.",
		Request: put,
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: *.example", "Access-Control-Allow-Methods: PUT"}},
			answered,
		},
	},
	{
		Name: "preflight-other-origin", Family: Preflight, Verdict: fetch.Blocked, Code: "PreflightAllowOriginMismatch", Finding: "origin-mismatch",
		Title:   "the preflight allows another origin",
		Teaches: "The list of origins on the server lacks this one.",
		Request: put,
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: https://app.example", "Access-Control-Allow-Methods: PUT"}},
			answered,
		},
	},
	{
		Name: "method-not-allowed", Family: Preflight, Verdict: fetch.Blocked, Code: "MethodDisallowedByPreflightResponse", Finding: "method-not-allowed",
		Title:   "the preflight does not allow the method",
		Teaches: "Access-Control-Allow-Methods has to name every method but GET, HEAD and POST.",
		Request: put,
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Methods: GET, POST"}},
			answered,
		},
	},
	{
		Name: "method-case", Family: Preflight, Verdict: fetch.Blocked, Code: "MethodDisallowedByPreflightResponse", Finding: "method-not-allowed",
		Title:   "the script says patch, the server PATCH",
		Teaches: "fetch() does not put patch in capitals, and methods are compared letter by letter. Write method: 'PATCH' in the script.",
		Request: fetch.Request{Method: "patch"},
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Methods: GET, PATCH"}},
			answered,
		},
	},
	{
		Name: "header-not-allowed", Family: Preflight, Verdict: fetch.Blocked, Code: "HeaderDisallowedByPreflightResponse", Finding: "header-not-allowed",
		Title:   "the preflight does not allow a header",
		Teaches: "Access-Control-Allow-Headers has to name every header that the script adds, Content-Type: application/json included.",
		Request: fetch.Request{Method: "PUT", Headers: jsonWithToken, Body: []byte(`{}`)},
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: content-type"}},
			answered,
		},
	},
	{
		Name: "response-header-sent", Family: Preflight, Verdict: fetch.Blocked, Code: "HeaderDisallowedByPreflightResponse", Finding: "response-header-sent-as-request-header",
		Title:   "the script sends Access-Control-Allow-Origin",
		Teaches: "That header belongs in the answer. Sent by the script it only causes a preflight that no server allows.",
		Request: fetch.Request{Headers: []fetch.Header{{Name: "Access-Control-Allow-Origin", Value: "*"}}},
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Methods: GET", "Access-Control-Allow-Headers: content-type"}},
			answered,
		},
	},
	{
		Name: "malformed-methods", Family: Preflight, Verdict: fetch.Blocked, Code: "InvalidAllowMethodsPreflightResponse", Finding: "malformed-allow-list",
		Title:   "the list of methods is malformed",
		Teaches: "One element that is no method voids the whole list: methods are separated by commas.",
		Request: put,
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Methods: GET PUT"}},
			answered,
		},
	},
	{
		Name: "malformed-headers", Family: Preflight, Verdict: fetch.Blocked, Code: "InvalidAllowHeadersPreflightResponse", Finding: "malformed-allow-list",
		Title:   "the list of headers is malformed",
		Teaches: "One element that is no header name voids the whole list: names are separated by commas and stand without quotes.",
		Request: jsonPost,
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: {page}", `Access-Control-Allow-Headers: "content-type"`}},
			answered,
		},
	},
}
