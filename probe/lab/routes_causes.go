package lab

import "github.com/corscheck/corscheck/probe/fetch"

// withToken is the request of an app that sends its token by hand.
var withToken = fetch.Request{Headers: []fetch.Header{{Name: "Authorization", Value: "Bearer demo"}}}

// causeRoutes fail for reasons that the reason code does not tell: the
// diagnosis has to find them.
var causeRoutes = []Route{
	{
		Name: "refused-origin", Family: Answer, Verdict: fetch.Blocked, Code: "MissingAllowOriginHeader", Finding: "origin-mismatch",
		Title:   "an origin that is not listed gets an error",
		Teaches: "Some frameworks answer an unknown origin with 500 or 403. That is no second fault: it is how they refuse.",
		Replies: []Reply{
			{With: []string{"Origin"}, Status: 500, Header: []string{"Content-Type: text/html"}, Body: "<pre>Error: Not allowed by CORS</pre>"},
			{Body: `{}`},
		},
	},
	{
		Name: "other-loopback", Family: Answer, Verdict: fetch.Blocked, Code: "AllowOriginMismatch", Finding: "loopback-mismatch",
		Title:   "localhost is allowed, 127.0.0.1 is not",
		Teaches: "Both are this machine, and yet two origins: open the page under the spelling that is allowed, or list both.",
		Request: fetch.Request{Origin: "http://127.0.0.1:3000"},
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: http://localhost:3000", "Vary: Origin"}, Body: `{}`}},
	},
	{
		Name: "bucket", Family: Preflight, Verdict: fetch.Blocked, Code: "PreflightMissingAllowOriginHeader", Finding: "bucket-rule-missing",
		Title:   "a bucket without a rule for the origin",
		Teaches: "Object stores add the headers only where a rule of the bucket matches origin, method and headers.",
		Request: fetch.Request{Method: "PUT"},
		Replies: []Reply{
			{Method: "OPTIONS", Status: 403, Header: []string{"Server: AmazonS3", "Content-Type: application/xml"},
				Body: "<Error><Code>AccessForbidden</Code><Message>CORSResponse: This CORS request is not allowed.</Message></Error>"},
			{Header: []string{"Server: AmazonS3"}, Body: "bytes"},
		},
	},
	{
		Name: "platform-auth", Family: Preflight, Verdict: fetch.Blocked, Code: "PreflightMissingAllowOriginHeader", Finding: "platform-auth",
		Title:   "the platform refuses before the code runs",
		Teaches: "A service that is not public refuses the preflight, which never carries a token. Let the platform pass it, and check tokens in the code.",
		Request: withToken,
		Replies: []Reply{{Without: []string{"Authorization"}, Status: 403, Header: []string{"Server: Google Frontend", "Content-Type: text/html"},
			Body: "<html><title>403 Forbidden</title><h2>Your client does not have permission to get URL /platform-auth from this server.</h2></html>"}},
	},
	{
		Name: "login-page", Family: Redirects, Verdict: fetch.Blocked, Code: "MissingAllowOriginHeader", Finding: "login-redirect",
		Title:   "the session has ended, and a login page answers",
		Teaches: "An API answers 401, with the headers; a redirect to a login page is for people, and no script can follow it.",
		Replies: []Reply{{Status: 302, Header: []string{"Location: {other}/login?next=/login-page"}}},
	},
	{
		Name: "stored-without-headers", Family: Answer, Verdict: fetch.Blocked, Code: "MissingAllowOriginHeader", Finding: "cached-without-cors",
		Title:   "a cache holds an answer without the headers",
		Teaches: "It was stored for a request without an Origin. With Vary: Origin on every answer the cache would keep them apart.",
		Replies: []Reply{
			{Method: "GET", Stored: true, Header: []string{"Age: 120", "X-Cache: HIT"}, Body: `{}`},
			{With: []string{"Origin: {page}"}, Header: []string{"Access-Control-Allow-Origin: {page}"}, Body: `{}`},
			{Body: `{}`},
		},
	},
	{
		Name: "bad-gateway", Family: Answer, Verdict: fetch.Blocked, Code: "MissingAllowOriginHeader", Finding: "error-hides-behind-cors",
		Title:   "the preflight passes, and the proxy answers for the server",
		Teaches: "The server knows CORS, but it is down, and the proxy's own page has no headers. The status tells it, not the console.",
		Request: withToken,
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Headers: authorization", "Vary: Origin"}},
			{Status: 502, Header: []string{"Server: nginx", "Content-Type: text/html"},
				Body: "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>"},
		},
	},
	{
		Name: "header-refused-silently", Family: Preflight, Verdict: fetch.Blocked, Code: "PreflightMissingAllowOriginHeader", Finding: "header-not-allowed",
		Title:   "one header too many, and no header at all comes back",
		Teaches: "Some libraries refuse the whole preflight for one header. The console then says that the origin is missing.",
		Request: fetch.Request{Headers: []fetch.Header{{Name: "X-Trace", Value: "1"}}},
		Replies: []Reply{
			{Method: "OPTIONS", With: []string{"Access-Control-Request-Headers"}, Status: 204, Header: []string{"Vary: Origin"}},
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Methods: GET", "Vary: Origin"}},
			{Header: []string{"Access-Control-Allow-Origin: {page}", "Vary: Origin"}, Body: `{}`},
		},
	},
}
