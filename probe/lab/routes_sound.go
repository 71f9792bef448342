package lab

import (
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// soundRoutes are configurations that work, one for each thing that CORS can be
// asked for. None of them has anything to mend.
var soundRoutes = []Route{
	{
		Name: "same-origin", Family: Sound, Verdict: fetch.Allowed, Finding: "same-origin",
		Title:   "page and target are the same origin",
		Teaches: "Scheme, host and port are the same, so CORS does not apply and no header is needed.",
		Request: fetch.Request{URL: "{page}/same-origin"},
		Replies: []Reply{{Host: Page, Body: `{"name":"Ada"}`}},
	},
	{
		Name: "wildcard", Family: Sound, Verdict: fetch.Allowed,
		Title:   "a public resource, open to every origin",
		Teaches: "Access-Control-Allow-Origin: * is right for what anybody may read without logging in.",
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: *"}, Body: `{"name":"Ada"}`}},
	},
	{
		Name: "one-origin", Family: Sound, Verdict: fetch.Allowed,
		Title:   "a resource for one origin",
		Teaches: "The header names the page's origin exactly: scheme, host and port, and no slash at the end.",
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: {page}", "Vary: Origin"}, Body: `{"name":"Ada"}`}},
	},
	{
		Name: "listed-origins", Family: Sound, Verdict: fetch.Allowed,
		Title:   "a resource for some origins",
		Teaches: "The header can hold only one origin. The server compares Origin with its list, repeats it where it is listed, and says Vary: Origin so that caches keep the answers apart.",
		Replies: []Reply{
			{With: []string{"Origin: {page}"}, Header: []string{"Access-Control-Allow-Origin: {reflect}", "Vary: Origin"}, Body: `{"name":"Ada"}`},
			{With: []string{"Origin: {third}"}, Header: []string{"Access-Control-Allow-Origin: {reflect}", "Vary: Origin"}, Body: `{"name":"Ada"}`},
			{Header: []string{"Vary: Origin"}, Body: `{"name":"Ada"}`},
		},
	},
	{
		Name: "preflight", Family: Sound, Verdict: fetch.Allowed,
		Title:   "a PUT of JSON with a token",
		Teaches: "A method or header that a plain form could not send is asked about first, with OPTIONS. The answer names them, and the page's origin.",
		Request: fetch.Request{Method: "PUT", Headers: jsonWithToken, Body: []byte(`{"name":"Ada"}`)},
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{
				"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Methods: GET, PUT, DELETE",
				"Access-Control-Allow-Headers: content-type, authorization", "Access-Control-Max-Age: 7200", "Vary: Origin"}},
			{Method: "PUT", Header: []string{"Access-Control-Allow-Origin: {page}", "Vary: Origin"}, Body: `{"name":"Ada"}`},
		},
	},
	{
		Name: "credentials", Family: Sound, Verdict: fetch.Allowed,
		Title:   "a resource for logged-in users",
		Teaches: "With credentials: 'include' the origin is named, never *, and Access-Control-Allow-Credentials is exactly true.",
		Request: fetch.Request{Credentials: fetch.CredentialsInclude},
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Credentials: true", "Vary: Origin"}, Body: `{"name":"Ada"}`}},
	},
	{
		Name: "error-readable", Family: Sound, Verdict: fetch.Allowed,
		Title:   "an error page that the page can read",
		Teaches: "The CORS check looks at headers, not at the status: a 404 with the headers is an ordinary answer to the page.",
		Replies: []Reply{{Status: 404, Header: []string{"Access-Control-Allow-Origin: *"}, Body: `{"error":"no such user"}`}},
	},
	{
		Name: "simple-post", Family: Sound, Verdict: fetch.Allowed,
		Title:   "a POST that needs no preflight",
		Teaches: "A form's content types need no preflight: the request is sent at once, and only the reading of its answer is guarded.",
		Request: fetch.Request{Method: "POST", Headers: []fetch.Header{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}, Body: []byte("name=Ada")},
		Replies: []Reply{{Method: "POST", Header: []string{"Access-Control-Allow-Origin: *"}, Body: `{"name":"Ada"}`}},
	},
	{
		Name: "exposed-header", Family: Sound, Verdict: fetch.Allowed,
		Title:   "a response header that the page may read",
		Teaches: "Seven headers are readable anyway; every other one has to be named in Access-Control-Expose-Headers.",
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: *", "Access-Control-Expose-Headers: X-Total-Count", "X-Total-Count: 42"}, Body: `[]`}},
	},
	{
		Name: "no-cors", Family: Sound, Verdict: fetch.Allowed, Shows: []finding.ID{"opaque-response"},
		Title:   "mode: 'no-cors' gives an opaque response",
		Teaches: "The promise resolves, but the page can read neither status nor headers nor body: no-cors is not a way around CORS.",
		Request: fetch.Request{Mode: fetch.ModeNoCORS},
		Replies: []Reply{{Body: `{"name":"Ada"}`}},
	},
}

// jsonWithToken are the headers of an ordinary API call.
var jsonWithToken = []fetch.Header{
	{Name: "Content-Type", Value: "application/json"},
	{Name: "Authorization", Value: "Bearer demo-token"},
}
