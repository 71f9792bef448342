package fetch

import "fmt"

// The rules, in the order in which a request meets them. Which of them a
// browser looks at first is a matter of its profile.
var (
	RuleBadPort      = rule("port is not a bad port", "#port-blocking", "port %[1]s is not blocked", "port %[1]s is blocked by every browser")
	RuleMixedContent = rule("not mixed content", "#main-fetch", "no mixed content", "an https page may not fetch %[1]s over plain http")
	RuleLocalNetwork = rule("local network access", "#main-fetch", "the address space %[1]s may be reached", "a page at a %[2]s address may not reach the address space %[1]s")
	RuleMode         = rule("request mode", "#main-fetch", "mode %[1]s permits it", "mode %[1]s permits only same-origin requests")
	RuleNetwork      = rule("an HTTP answer", "#http-network-fetch", "the server answered", "%[1]s")

	RulePreflightNotRedirected = rule("preflight is not redirected", "#cors-preflight-fetch", "status %[1]s is no redirect", "status %[1]s is a redirect, and a preflight follows none")
	RuleAllowOriginPresent     = rule("Access-Control-Allow-Origin is present", "#cors-check", "present", "the header is missing")
	RuleAllowOriginSingle      = rule("Access-Control-Allow-Origin has one value", "#cors-check", "one value", "%[1]q is more than one value")
	RuleAllowOriginValid       = rule("Access-Control-Allow-Origin is an origin", "#cors-check", "%[1]q is an origin", "%[1]q is no origin")
	RuleAllowOriginMatches     = rule("Access-Control-Allow-Origin allows the origin", "#cors-check", "%[1]q allows %[2]s", "%[1]q is not %[2]s")
	RuleNoWildcardWithCreds    = rule("Access-Control-Allow-Origin is not * with credentials", "#cors-check", "%[1]q is no wildcard", "* does not count where credentials mode is include")
	RuleAllowCredentials       = rule("Access-Control-Allow-Credentials is true", "#cors-check", "true", "%[1]q is not true")
	RulePreflightStatus        = rule("preflight status is ok", "#cors-preflight-fetch", "status %[1]s", "status %[1]s is not in 200-299")
	RuleAllowMethodsSyntax     = rule("Access-Control-Allow-Methods is a list of methods", "#cors-preflight-fetch", "%[1]q is a list", "%[1]q is no list of methods")
	RuleAllowHeadersSyntax     = rule("Access-Control-Allow-Headers is a list of header names", "#cors-preflight-fetch", "%[1]q is a list", "%[1]q is no list of header names")
	RuleMethodAllowed          = rule("Access-Control-Allow-Methods allows the method", "#cors-preflight-fetch", "%[2]s is allowed by %[1]q", "%[2]s is not allowed by %[1]q")
	RuleAuthorizationNamed     = rule("Access-Control-Allow-Headers names authorization", "#cors-preflight-fetch", "named", "* does not cover authorization")
	RuleHeaderAllowed          = rule("Access-Control-Allow-Headers allows the headers", "#cors-preflight-fetch", "%[2]s allowed by %[1]q", "%[2]s is not allowed by %[1]q")

	RuleRedirectMode     = rule("redirect mode", "#http-fetch", "redirect mode %[1]s", "redirect mode error permits no redirect")
	RuleRedirectLocation = rule("Location is a URL", "#concept-response-location-url", "%[1]s", "%[1]q is no URL")
	RuleRedirectScheme   = rule("redirect goes to http or https", "#http-redirect-fetch", "%[1]s", "%[1]s is not http or https")
	RuleRedirectCount    = rule("at most 20 redirects", "#http-redirect-fetch", "redirect %[1]s", "more than 20 redirects")
	RuleRedirectUserinfo = rule("redirect has no credentials in its URL", "#http-redirect-fetch", "none", "the target has a user name or password")
)

func rule(name, section, pass, fail string) *Rule {
	text := func(format string) func(Step) string {
		return func(s Step) string { return fmt.Sprintf(format, s.Seen, s.Want) }
	}
	return &Rule{Name: name, Section: section, pass: text(pass), fail: text(fail)}
}
