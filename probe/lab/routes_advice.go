package lab

import (
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// adviceRoutes pass, and have something to improve.
var adviceRoutes = []Route{
	{
		Name: "vary-missing", Family: Advice, Verdict: fetch.Allowed, Finding: "vary-origin-missing",
		Title:   "the answer depends on the origin, and Vary does not say so",
		Teaches: "A cache in between may hand one origin's answer to another. Every answer of the resource needs Vary: Origin.",
		Replies: []Reply{
			{With: []string{"Origin: {page}"}, Header: []string{"Access-Control-Allow-Origin: {page}"}, Body: `{}`},
			{Body: `{}`},
		},
	},
	{
		Name: "cookie-lost", Family: Advice, Verdict: fetch.Allowed, Finding: "cookie-not-sent",
		Title:   "a cookie that another site's page will not send",
		Teaches: "Between two sites only cookies with SameSite=None; Secure travel, whatever CORS allows.",
		Request: fetch.Request{Origin: "http://localhost:3000", Credentials: fetch.CredentialsInclude},
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: http://localhost:3000", "Access-Control-Allow-Credentials: true", "Vary: Origin",
			"Set-Cookie: session=demo; Path=/; HttpOnly"}, Body: `{}`}},
	},
	{
		Name: "not-exposed", Family: Advice, Verdict: fetch.Allowed, Shows: []finding.ID{"header-not-exposed"},
		Title:   "a response header that the page cannot read",
		Teaches: "headers.get() returns null for it, without a word in the console. Name it in Access-Control-Expose-Headers.",
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: *", "X-Total-Count: 42"}, Body: `[]`}},
	},
	{
		Name: "not-cached", Family: Advice, Verdict: fetch.Allowed, Shows: []finding.ID{"preflight-not-cached"},
		Title:   "a preflight that is repeated every time",
		Teaches: "Without Access-Control-Max-Age each request costs two round trips.",
		Request: fetch.Request{Headers: []fetch.Header{{Name: "X-Demo", Value: "1"}}},
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: x-demo"}},
			{Header: []string{"Access-Control-Allow-Origin: *"}, Body: `{}`},
		},
	},
	{
		Name: "list-order", Family: Advice, Verdict: fetch.Allowed, Shows: []finding.ID{"header-list-order"},
		Title:   "a server that wants the header list sorted",
		Teaches: "Browsers send it so. A gateway that rewrites it, or a test made by hand, is refused.",
		Request: fetch.Request{Headers: []fetch.Header{{Name: "X-A", Value: "1"}, {Name: "X-B", Value: "2"}}},
		Replies: []Reply{
			{Method: "OPTIONS", With: []string{"Access-Control-Request-Headers: x-a,x-b"}, Status: 204,
				Header: []string{"Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: x-a, x-b", "Access-Control-Max-Age: 600"}},
			{Method: "OPTIONS", Status: 204},
			{Header: []string{"Access-Control-Allow-Origin: *"}, Body: `{}`},
		},
	},
	{
		Name: "reflects", Family: Advice, Verdict: fetch.Allowed, Shows: []finding.ID{"reflects-any-origin"},
		Title:   "every origin is sent back",
		Teaches: "It looks like a list and is none: with credentials, any site reads what a logged-in user may read.",
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: {reflect}", "Access-Control-Allow-Credentials: true", "Vary: Origin"}, Body: `{}`}},
	},
	{
		Name: "from-a-public-site", Family: Advice, Verdict: fetch.Allowed, Shows: []finding.ID{"local-network-access"},
		Title:   "a public page asks this machine",
		Teaches: "The headers are right. Whether the browser lets a public page go to a local address, it asks the user.",
		Request: fetch.Request{Origin: "https://app.example.com"},
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: *"}, Body: `{}`}},
	},
}
