package fetch

// explanation says in one or two sentences what happened, for a person.
func (r *Result) explanation() string {
	s := r.Failing
	answer, end := "The response", "the page may not read it"
	if r.failedAtPreflight() {
		answer, end = "The answer to the preflight", "the browser does not send the request"
	}
	if text, ok := explanations[s.Rule]; ok {
		return fill(text, func(name string) (string, bool) {
			switch name {
			case "answer":
				return answer, true
			case "end":
				return end, true
			case "seen":
				return s.Seen, true
			case "want":
				return s.Want, true
			case "origin":
				return r.requestOrigin(), true
			}
			return "", false
		})
	}
	return answer + " fails the rule \u201c" + s.Rule.Name + "\u201d: " + s.Detail() + "."
}

var explanations = map[*Rule]string{
	RuleBadPort:              "Browsers refuse to connect to port {seen}, so nothing is sent.",
	RuleMixedContent:         "A page on https may not fetch {seen} over plain http, so nothing is sent.",
	RuleLocalNetwork:         "A page on a {want} address needs the user's permission to reach the {seen} address space, and has none.",
	RuleInsecureLocalNetwork: "A page that was not loaded over https may not reach the {seen} address space from a {want} address.",
	RuleMode:                 "The request's mode is {seen}, which permits only the page's own origin, so nothing is sent.",
	RuleModeOfRedirect:       "The request's mode is {seen}, and the response redirects to another origin.",
	RuleNoCORSRedirect:       "A request with mode no-cors must have the redirect mode follow, so nothing is sent.",
	RuleRefusedHeader:        "This browser does not send a request with what script set as {seen}.",
	RuleNetwork:              "There was no answer that a browser could use: {seen}.",
	RuleUnusableStatus:       "This browser takes status {seen} from a server that is no proxy for a network error.",

	RulePreflightNotRedirected: "The answer to the preflight is a redirect ({seen}); a preflight follows none, so the browser does not send the request.",
	RuleAllowOriginPresent:     "{answer} has no Access-Control-Allow-Origin header, so {end}.",
	RuleAllowOriginSingle:      "{answer} names several origins in Access-Control-Allow-Origin (\u201c{seen}\u201d) where only one is allowed, so {end}.",
	RuleAllowOriginValid:       "{answer} has an Access-Control-Allow-Origin that is no origin (\u201c{seen}\u201d); it must be {origin}, so {end}.",
	RuleNoWildcardWithCreds:    "{answer} allows any origin (*), which does not count for a request with credentials, so {end}.",
	RuleAllowOriginMatches:     "{answer} allows the origin {seen}, not {origin}, so {end}.",
	RuleAllowCredentials:       "{answer} does not say Access-Control-Allow-Credentials: true, which a request with credentials needs, so {end}.",
	RulePreflightStatus:        "The answer to the preflight has status {seen}; only 200 to 299 count, so the browser does not send the request.",
	RuleAllowMethodsSyntax:     "Access-Control-Allow-Methods in the answer to the preflight is no list of methods (\u201c{want}\u201d is none), which voids all of it.",
	RuleAllowHeadersSyntax:     "Access-Control-Allow-Headers in the answer to the preflight is no list of header names (\u201c{want}\u201d is none), which voids all of it.",
	RuleMethodAllowed:          "The answer to the preflight does not allow the method {want}, so the browser does not send the request.",
	RuleAuthorizationNamed:     "The answer to the preflight does not name authorization, and * does not cover it, so the browser does not send the request.",
	RuleHeaderAllowed:          "The answer to the preflight does not allow the request header {want}, so the browser does not send the request.",

	RulePolicySameOrigin: "The response says Cross-Origin-Resource-Policy: same-origin, which keeps it from every other origin that asks without CORS.",
	RulePolicySameSite:   "The response says Cross-Origin-Resource-Policy: same-site, which keeps it from other sites that ask without CORS.",
	RuleOpaqueBlocking:   "The response has {seen}, which no element can use, so the browser keeps it from the page (Opaque Response Blocking).",
	RuleElementStatus:    "The page may have the response, but it has status {seen}, and only {want} counts here.",
	RuleElementError:     "The page may have the response, but it has status {seen}, which is an error.",
	RuleEventStream:      "The page may have the response, but an EventSource needs the type text/event-stream, not \u201c{seen}\u201d.",
	RuleScriptType:       "The page may have the response, but its type \u201c{seen}\u201d is surely no script, so it does not run.",
	RuleNosniff:          "The page may have the response, but it has X-Content-Type-Options: nosniff and the type \u201c{seen}\u201d, which is no script, so it does not run.",
	RuleModuleType:       "The page may have the response, but a module script needs a type such as text/javascript, not \u201c{seen}\u201d.",
	RuleContent:          "The page may have the response, but it has no body.",
	RuleDecoded:          "The page may have the response, but its body is not in {seen}, as Content-Encoding says it is.",
	RuleComplete:         "The page may have the response, but its body ends {seen}.",
	RuleFraming:          "The answer's body ends {seen}, which this browser takes for no answer at all.",
	RuleForm:             "The page may have the response, but its body is not {want}.",

	RuleSingleHeader:     "The response has several {want} headers that differ ({seen}), which this browser takes for a broken answer.",
	RuleDataURL:          "The response redirects to a data: URL that has no body.",
	RuleRedirectMode:     "The response is a redirect, and the request's redirect mode is error.",
	RuleRedirectLocation: "The response redirects to \u201c{seen}\u201d, which is no URL.",
	RuleRedirectLocal:    "The response redirects to a {seen} URL, which is a local resource, where no request of a page may go.",
	RuleEmptyLocation:    "The response is a redirect with an empty Location, which this browser takes for a broken answer.",
	RuleRedirectUnsafe:   "The response redirects to {seen}, where no browser follows.",
	RuleRedirectOpaque:   "The response redirects to {seen}, which is neither http nor https.",
	RuleRedirectScheme:   "The response redirects to {seen}, which is neither http nor https.",
	RuleRedirectCount:    "The response is one more redirect after {want}, where every browser stops.",
	RuleRedirectEmbedded: "The response redirects to a URL with a user name or password in it ({seen}), which this browser refuses.",
	RuleRedirectUserinfo: "The response redirects to a URL with a user name or password in it ({seen}), which a cross-origin request may not follow.",
	RuleContentEncoding:  "The response has the Content-Encoding \u201c{seen}\u201d, which this browser did not ask for (it accepts {want}), so that it takes the answer for broken.",
	RuleRedirectOwnBlob:  "The response redirects to a {seen} URL, which is neither http nor https.",
}
