package fetch

import (
	"strconv"
	"strings"
)

// The rules, in the order in which a request meets them. Which of them a
// browser looks at first is a matter of its profile. In the texts, {seen} is the
// value that was seen and {want} what it was held against.
var (
	RuleBadPort = rule("port is not blocked", "#port-blocking",
		"port {seen} is not on the list of bad ports",
		"browsers refuse to connect to port {seen}")
	RuleMixedContent = rule("no mixed content", "#main-fetch",
		"{seen} is no mixed content",
		"a page on https may not fetch {seen} over plain http")
	RuleMixedUpgrade = rule("mixed content that is upgraded", "#main-fetch",
		"{seen} is mixed content: the image is fetched from {want}",
		"{seen} is mixed content")
	RuleLocalNetwork = rule("local network access", "https://wicg.github.io/local-network-access/#local-network-access-check",
		"the page may reach the address space {seen}",
		"a page on a {want} address may not reach the address space {seen} without permission")
	RuleInsecureLocalNetwork = rule("local network access from a secure page", "https://wicg.github.io/local-network-access/#local-network-access-check",
		"the page is secure",
		"a page that is not secure may not reach the address space {seen} from a {want} address")
	RuleMode = rule("request mode", "#main-fetch",
		"mode {seen}",
		"mode {seen} permits only the page's own origin {want}")
	RuleModeOfRedirect = rule("request mode of a redirect", "#main-fetch",
		"mode {seen}",
		"mode {seen} permits no redirect away from the page's own origin {want}")
	RuleNoCORSRedirect = rule("redirect mode of a no-cors request", "#main-fetch",
		"redirect mode {seen}",
		"mode no-cors needs the redirect mode follow, not {seen}")
	RuleRefusedHeader = rule("a request header the browser sends", "#fetch-method",
		"no header is refused",
		"this browser sends no request with what script set as {seen}")
	RuleNetwork = rule("an HTTP answer", "#http-network-fetch",
		"answered",
		"{seen}")
	RuleUnusableStatus = rule("a status the browser accepts", "#http-network-or-cache-fetch",
		"status {seen}",
		"status {seen} from a server that is no proxy is an error for this browser")

	RuleSingleHeader = rule("a header that may come once", "#concept-header-list-get",
		"once",
		"{want} comes several times, with different values: {quoted}")

	RuleContentEncoding = rule("Content-Encoding is one that was accepted", "#http-network-or-cache-fetch",
		"{quoted} was accepted",
		"{quoted} is not what the request accepts, which is {want}")

	RulePreflightNotRedirected = rule("preflight is not redirected", "#cors-preflight-fetch",
		"status {seen} is no redirect",
		"status {seen} redirects to {want}, and a preflight follows no redirect")
	RuleAllowOriginPresent = rule("Access-Control-Allow-Origin is there", "#concept-cors-check",
		"it is there",
		"the header is missing, it must be {want}")
	RuleAllowOriginSingle = rule("Access-Control-Allow-Origin has one value", "#concept-cors-check",
		"one value",
		"it has several values, {quoted}, but only one is allowed")
	RuleAllowOriginValid = rule("Access-Control-Allow-Origin is an origin", "#concept-cors-check",
		"{quoted} is an origin",
		"{quoted} is no origin, it must be {want}")
	RuleNoWildcardWithCreds = rule("Access-Control-Allow-Origin is not * with credentials", "#concept-cors-check",
		"{quoted} is no wildcard",
		"* does not count for a request with credentials, it must be {want}")
	RuleAllowOriginMatches = rule("Access-Control-Allow-Origin allows the origin", "#concept-cors-check",
		"{quoted} allows {want}",
		"{quoted} is not {want}")
	RuleAllowCredentials = rule("Access-Control-Allow-Credentials is true", "#concept-cors-check",
		"it is true",
		"it is {quoted}, but must be true for a request with credentials").
		ifNone("it is missing or empty, but must be true for a request with credentials")
	RulePreflightStatus = rule("preflight has an ok status", "#cors-preflight-fetch",
		"status {seen}",
		"status {seen} is not in {want}")
	RuleAllowMethodsSyntax = rule("Access-Control-Allow-Methods is a list of methods", "#cors-preflight-fetch",
		"it is a list",
		"in {quoted} the element {want} is no method, which voids the whole list")
	RuleAllowHeadersSyntax = rule("Access-Control-Allow-Headers is a list of header names", "#cors-preflight-fetch",
		"it is a list",
		"in {quoted} the element {want} is no header name, which voids the whole list")
	RuleMethodAllowed = rule("Access-Control-Allow-Methods allows the method", "#cors-preflight-fetch",
		"{want} is allowed",
		"{quoted} does not allow {want}").
		ifNone("the header is missing or empty, and does not allow {want}")
	RuleAuthorizationNamed = rule("Access-Control-Allow-Headers names authorization", "#cors-preflight-fetch",
		"it is named",
		"{quoted} does not name authorization, and * does not cover it").
		ifNone("the header is missing or empty, and does not name authorization")
	RuleHeaderAllowed = rule("Access-Control-Allow-Headers allows the headers", "#cors-preflight-fetch",
		"{want} allowed",
		"{quoted} does not allow {want}").
		ifNone("the header is missing or empty, and does not allow {want}")

	RulePolicySameOrigin = rule("Cross-Origin-Resource-Policy lets another origin have it", "#cross-origin-resource-policy-check",
		"{seen}",
		"it is {seen}, which keeps an opaque response from every other origin")
	RulePolicySameSite = rule("Cross-Origin-Resource-Policy lets the site have it", "#cross-origin-resource-policy-check",
		"{seen}",
		"it is {seen}, which keeps an opaque response from every other site")
	RuleOpaqueBlocking = rule("an opaque response that an element can use", "#http-fetch",
		"{seen}",
		"an opaque response of {seen} is kept from the page (Opaque Response Blocking)")
	RuleElementStatus = rule("a status that the page can use", "https://html.spec.whatwg.org/#fetch-a-classic-script",
		"status {seen}",
		"status {seen} is not {want}")
	RuleElementError = rule("a status that is no error", "https://html.spec.whatwg.org/#fetch-a-classic-script",
		"status {seen}",
		"status {seen} is an error")
	RuleEventStream = rule("the type is text/event-stream", "https://html.spec.whatwg.org/#dom-eventsource",
		"{seen}",
		"the type is {quoted}, not {want}")
	RuleScriptType = rule("the type may be that of a script", "#should-response-to-request-be-blocked-due-to-mime-type?",
		"{quoted}",
		"the type is {quoted}, which is surely no script")
	RuleNosniff = rule("the type is that of a script where nosniff is given", "#x-content-type-options-header",
		"{quoted}",
		"X-Content-Type-Options is nosniff, and the type is {quoted}, which is no script")
	RuleModuleType = rule("the type is that of a script", "https://html.spec.whatwg.org/#fetch-a-single-module-script",
		"{seen}",
		"the type is {quoted}, which is no script")
	RuleContent = rule("there is a body", "#null-body-status",
		"status {seen}",
		"status {seen} has no body")
	RuleDecoded = rule("the body is in its Content-Encoding", "#handle-content-codings",
		"it is",
		"Content-Encoding is {want}, and the body is not in {seen}")
	RuleComplete = rule("the body is complete", "#http-network-fetch",
		"it is",
		"the body ends {seen}")
	RuleFraming = rule("an answer whose end can be found", "#http-network-fetch",
		"it can",
		"the body ends {seen}, which this browser takes for no answer at all")
	RuleForm = rule("the body begins as what it is used for", "https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern",
		"it begins as {want}",
		"it does not begin as {want} does, its type is {seen}")

	RuleDataURL = rule("a data: URL", "#data-url-processor",
		"it has a body",
		"the URL has no comma, or is not in base64 as it says")
	RuleRedirectMode = rule("redirect mode", "#concept-http-fetch",
		"redirect mode {seen}",
		"the redirect mode {seen} permits no redirect")
	RuleRedirectLocation = rule("Location is a URL", "#concept-response-location-url",
		"{seen}",
		"Location {quoted} is no URL")
	RuleRedirectLocal = rule("redirect does not lead to a local resource", "#concept-http-redirect-fetch",
		"{seen}",
		"a redirect to {seen} leads to a local resource")
	RuleRedirectOwnBlob = rule("redirect does not lead to a blob", "#concept-http-redirect-fetch",
		"{seen}",
		"a redirect to {seen} leaves http and https")
	RuleEmptyLocation = rule("Location is not empty", "#concept-response-location-url",
		"it is not empty",
		"it is empty")
	RuleRedirectUnsafe = rule("redirect stays on the network", "#concept-http-redirect-fetch",
		"{seen}",
		"a redirect to {seen} is refused")
	RuleRedirectScheme = rule("redirect goes to http or https", "#concept-http-redirect-fetch",
		"{seen}",
		"a redirect to {seen} leaves http and https")
	RuleRedirectOpaque = rule("redirect of a no-cors request goes to http or https", "#concept-http-redirect-fetch",
		"{seen}",
		"a redirect to {seen} leaves http and https")
	RuleRedirectCount = rule("at most 20 redirects", "#concept-http-redirect-fetch",
		"redirect {seen} of {want}",
		"more than {want} redirects")
	RuleRedirectEmbedded = rule("redirect without CORS has no user name in its URL", "#concept-http-redirect-fetch",
		"none",
		"the redirect to {seen} has a user name or password in it, which this browser refuses")
	RuleRedirectUserinfo = rule("redirect has no user name in its URL", "#concept-http-redirect-fetch",
		"none",
		"the redirect to {seen} has a user name or password in it")
)

func rule(name, section, pass, fail string) *Rule {
	url := section
	if strings.HasPrefix(section, "#") {
		url = "https://fetch.spec.whatwg.org/" + section
	}
	return &Rule{Name: name, Section: section, url: url, pass: pass, fail: fail}
}

// ifNone sets the text of a failure where no value was seen.
func (r *Rule) ifNone(text string) *Rule {
	r.none = text
	return r
}

// Detail says what was seen and what follows from it, in one clause.
func (s Step) Detail() string {
	template := s.Rule.fail
	switch {
	case s.Passed:
		template = s.Rule.pass
	case s.Seen == "" && s.Rule.none != "":
		template = s.Rule.none
	}
	return fill(template, func(name string) (string, bool) {
		switch name {
		case "seen":
			return s.Seen, true
		case "want":
			return s.Want, true
		case "quoted":
			return strconv.Quote(s.Seen), true
		}
		return "", false
	})
}
