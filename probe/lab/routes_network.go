package lab

import "github.com/corscheck/corscheck/probe/fetch"

// networkRoutes fail before or below CORS, though consoles often speak of it.
var networkRoutes = []Route{
	{
		Name: "mixed-content", Family: Network, Verdict: fetch.Blocked, Code: "mixed-content", Finding: "mixed-content",
		Title:   "an https page fetches http",
		Teaches: "The browser sends nothing at all. Serve the API over https as well.",
		Request: fetch.Request{URL: "http://api.example/mixed-content", Origin: "https://app.example"},
	},
	{
		Name: "bad-port", Family: Network, Verdict: fetch.Blocked, Code: "net::ERR_UNSAFE_PORT", Finding: "bad-port",
		Title:   "a port that browsers refuse",
		Teaches: "Some ports belong to other protocols, and no browser connects to them. Move the server to another port.",
		Request: fetch.Request{URL: "http://127.0.0.1:6000/bad-port"},
	},
	{
		Name: "connection-reset", Family: Network, Verdict: fetch.Failed, Code: "net::ERR_CONNECTION_RESET", Finding: "unreachable-reset",
		Title:   "the server closes the connection",
		Teaches: "There is no answer to judge: a verdict on CORS cannot be given.",
		Replies: []Reply{{Does: Reset}},
	},
	{
		Name: "garbage", Family: Network, Verdict: fetch.Failed, Code: "net::ERR_INVALID_HTTP_RESPONSE", Finding: "unreachable-protocol",
		Title:   "the answer is not HTTP",
		Teaches: "Something else listens on this port.",
		Replies: []Reply{{Does: Garbage}},
	},
	{
		Name: "endless-body", Family: Network, Verdict: fetch.Allowed,
		Title:   "a body that never ends",
		Teaches: "The verdict depends on the headers; corscheck reads no more of a body than it needs.",
		Replies: []Reply{{Header: []string{"Access-Control-Allow-Origin: *"}, Does: Endless}},
	},
}
