package lab

import "github.com/corscheck/corscheck/probe/fetch"

// withCookies are the requests of a logged-in user.
var (
	withCookies    = fetch.Request{Credentials: fetch.CredentialsInclude}
	putWithCookies = fetch.Request{Method: "PUT", Credentials: fetch.CredentialsInclude}
)

// credentialsRoutes fail because credentials go along.
var credentialsRoutes = []Route{
	{
		Name: "wildcard-with-credentials", Family: Credentials, Verdict: fetch.Blocked, Code: "WildcardOriginNotAllowed", Finding: "wildcard-with-credentials",
		Title:   "* for a request with credentials",
		Teaches: "With credentials: 'include' the wildcard does not count. Name the origin, or leave the credentials out where they are not needed.",
		Request: withCookies,
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: true"}, Body: `{}`}},
	},
	{
		Name: "credentials-not-allowed", Family: Credentials, Verdict: fetch.Blocked, Code: "InvalidAllowCredentials", Finding: "credentials-not-allowed",
		Title:   "Access-Control-Allow-Credentials is missing",
		Teaches: "The origin is right, but a request with credentials also needs Access-Control-Allow-Credentials: true, in lower case.",
		Request: withCookies,
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: {page}", "Vary: Origin"}, Body: `{}`}},
	},
	{
		Name: "preflight-wildcard-with-credentials", Family: Credentials, Verdict: fetch.Blocked, Code: "PreflightWildcardOriginNotAllowed", Finding: "wildcard-with-credentials",
		Title:   "* on the preflight, with credentials",
		Teaches: "The preflight carries no cookie itself, but it is judged as the request it asks for.",
		Request: putWithCookies,
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT"}},
			answered,
		},
	},
	{
		Name: "preflight-credentials-not-allowed", Family: Credentials, Verdict: fetch.Blocked, Code: "PreflightInvalidAllowCredentials", Finding: "credentials-not-allowed",
		Title:   "the preflight says True",
		Teaches: "Only true in lower case is true.",
		Request: putWithCookies,
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Credentials: True", "Access-Control-Allow-Methods: PUT"}},
			answered,
		},
	},
	{
		Name: "wildcard-headers-with-credentials", Family: Credentials, Verdict: fetch.Blocked, Code: "HeaderDisallowedByPreflightResponse", Finding: "header-not-allowed",
		Title:   "* for the headers, with credentials",
		Teaches: "In the lists of methods and headers, too, * is only a word where credentials go along. Name what is allowed.",
		Request: fetch.Request{Credentials: fetch.CredentialsInclude, Headers: []fetch.Header{{Name: "X-Request-Id", Value: "1"}}},
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Credentials: true", "Access-Control-Allow-Headers: *", "Vary: Origin"}},
			{Header: []string{"Access-Control-Allow-Origin: {page}", "Access-Control-Allow-Credentials: true", "Vary: Origin"}, Body: `{}`},
		},
	},
}
