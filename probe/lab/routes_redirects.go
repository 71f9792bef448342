package lab

import "github.com/corscheck/corscheck/probe/fetch"

// redirectRoutes go on elsewhere.
var redirectRoutes = []Route{
	{
		Name: "redirect-within", Family: Redirects, Verdict: fetch.Allowed,
		Title:   "a redirect within the target's origin",
		Teaches: "Every hop needs the header, the redirect itself included.",
		Replies: []Reply{
			{Path: "/next", Header: []string{"Access-Control-Allow-Origin: *"}, Body: `{}`},
			{Status: 302, Header: []string{"Location: /redirect-within/next", "Access-Control-Allow-Origin: *"}},
		},
	},
	{
		Name: "redirect-without-headers", Family: Redirects, Verdict: fetch.Blocked, Code: "MissingAllowOriginHeader", Finding: "redirect-without-cors",
		Title:   "a redirect without the headers",
		Teaches: "The page it leads to is open, but the redirect is an answer as well and fails the CORS check.",
		Replies: []Reply{
			{Path: "/next", Header: []string{"Access-Control-Allow-Origin: *"}, Body: `{}`},
			{Status: 301, Header: []string{"Location: /redirect-without-headers/next"}},
		},
	},
	{
		Name: "redirect-taints-origin", Family: Redirects, Verdict: fetch.Blocked, Code: "AllowOriginMismatch", Finding: "redirect-taints-origin",
		Title:   "a redirect to a third origin",
		Teaches: "Behind a redirect from one foreign origin to another the browser sends Origin: null, which no list allows. Fetch the last URL directly.",
		Replies: []Reply{
			{Host: Third, Path: "/next", Header: []string{"Access-Control-Allow-Origin: {page}", "Vary: Origin"}, Body: `{}`},
			{Status: 307, Header: []string{"Location: {third}/redirect-taints-origin/next", "Access-Control-Allow-Origin: {page}", "Vary: Origin"}},
		},
	},
	{
		Name: "redirect-with-userinfo", Family: Redirects, Verdict: fetch.Blocked, Code: "RedirectContainsCredentials", Finding: "redirect-with-userinfo",
		Title:   "a redirect to a URL with a password",
		Teaches: "A cross-origin redirect must not lead to a URL with a user name or password in it.",
		Replies: []Reply{
			{Path: "/next", Header: []string{"Access-Control-Allow-Origin: *"}, Body: `{}`},
			{Status: 302, Header: []string{"Location: http://user:pass@{other-host}/redirect-with-userinfo/next", "Access-Control-Allow-Origin: *"}},
		},
	},
	{
		Name: "redirect-not-http", Family: Redirects, Verdict: fetch.Blocked, Code: "CorsDisabledScheme", Finding: "redirect-not-http",
		Title:   "a redirect to an app's own scheme",
		Teaches: "fetch() follows redirects only to http and https. A login that ends in myapp:// needs a navigation, not a fetch.",
		Replies: []Reply{{Status: 302, Header: []string{"Location: myapp://signed-in", "Access-Control-Allow-Origin: *"}}},
	},
	{
		Name: "redirect-unsafe", Family: Redirects, Verdict: fetch.Blocked, Code: "net::ERR_UNSAFE_REDIRECT", Finding: "redirect-not-http",
		Title:   "a redirect to data:",
		Teaches: "A redirect to data: or file: is not followed at all.",
		Replies: []Reply{{Status: 302, Header: []string{"Location: data:application/json,{}", "Access-Control-Allow-Origin: *"}}},
	},
	{
		Name: "redirect-invalid", Family: Redirects, Verdict: fetch.Blocked, Code: "net::ERR_INVALID_REDIRECT", Finding: "redirect-location",
		Title:   "a Location that is no URL",
		Teaches: "The browser cannot parse where it should go.",
		Replies: []Reply{{Status: 302, Header: []string{"Location: http://[", "Access-Control-Allow-Origin: *"}}},
	},
	{
		Name: "redirect-loop", Family: Redirects, Verdict: fetch.Blocked, Code: "net::ERR_TOO_MANY_REDIRECTS", Finding: "redirect-loop",
		Title:   "a redirect to itself",
		Teaches: "After 20 redirects the browser gives up.",
		Replies: []Reply{{Status: 302, Header: []string{"Location: /redirect-loop", "Access-Control-Allow-Origin: *"}}},
	},
	{
		Name: "redirect-mode-error", Family: Redirects, Verdict: fetch.Blocked, Code: "net::ERR_FAILED", Finding: "redirect-mode",
		Title:   "redirect: 'error'",
		Teaches: "The script asked for no redirects, so the first one rejects the promise.",
		Request: fetch.Request{Redirect: fetch.RedirectError},
		Replies: []Reply{
			{Path: "/next", Header: []string{"Access-Control-Allow-Origin: *"}, Body: `{}`},
			{Status: 302, Header: []string{"Location: /redirect-mode-error/next", "Access-Control-Allow-Origin: *"}},
		},
	},
	{
		Name: "redirect-mode-manual", Family: Redirects, Verdict: fetch.Allowed,
		Title:   "redirect: 'manual'",
		Teaches: "The promise resolves with an opaque redirect: the script sees that there was one, and not where to.",
		Request: fetch.Request{Redirect: fetch.RedirectManual},
		Replies: []Reply{
			{Path: "/next", Header: []string{"Access-Control-Allow-Origin: *"}, Body: `{}`},
			{Status: 302, Header: []string{"Location: /redirect-mode-manual/next", "Access-Control-Allow-Origin: *"}},
		},
	},
}
