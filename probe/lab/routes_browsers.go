package lab

import "github.com/corscheck/corscheck/probe/fetch"

// browserRoutes are judged differently by different browsers.
var browserRoutes = []Route{
	{
		Name: "wildcard-authorization", Family: Browsers, Verdict: fetch.Allowed, Finding: "spec-stricter-than-browsers",
		Title:   "* for the Authorization header",
		Teaches: "The standard says that Authorization must be named; no browser holds to it yet. Name it before they do.",
		Request: fetch.Request{Headers: jsonWithToken[1:]},
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: *", "Access-Control-Max-Age: 600"}},
			{Header: []string{"Access-Control-Allow-Origin: *"}, Body: `{}`},
		},
	},
	{
		Name: "user-agent", Family: Browsers, Verdict: fetch.Allowed,
		Title:   "a script that sets User-Agent",
		Teaches: "The header is not forbidden, yet Chrome drops it. Firefox and Safari send it, and ask first.",
		Differs: "Firefox and Safari send a preflight, which this server does not allow.",
		Request: fetch.Request{Headers: []fetch.Header{{Name: "User-Agent", Value: "my-app/1.0"}}},
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: *"}},
			{Header: []string{"Access-Control-Allow-Origin: *"}, Body: `{}`},
		},
	},
	{
		Name: "save-data", Family: Browsers, Verdict: fetch.Allowed,
		Title:   "a script that sets Save-Data",
		Teaches: "Chrome counts some client hints among the headers that need no preflight; the standard no longer does.",
		Differs: "Firefox and Safari send a preflight, which this server does not allow.",
		Request: fetch.Request{Headers: []fetch.Header{{Name: "Save-Data", Value: "on"}}},
		Replies: []Reply{
			{Method: "OPTIONS", Status: 204, Header: []string{"Access-Control-Allow-Origin: *"}},
			{Header: []string{"Access-Control-Allow-Origin: *"}, Body: `{}`},
		},
	},
	{
		Name: "status-and-headers-missing", Family: Browsers, Verdict: fetch.Blocked, Code: "PreflightMissingAllowOriginHeader", Finding: "preflight-not-routed",
		Title:   "a preflight with neither status nor headers",
		Teaches: "One fault, two stories: some browsers look at the headers first, others at the status. Mend both.",
		Differs: "Safari speaks of the status, the others of the missing header.",
		Request: put,
		Replies: []Reply{{Method: "OPTIONS", Status: 404, Body: "not found"}, answered},
	},
}
