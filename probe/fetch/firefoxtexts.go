package fetch

import (
	"strings"
	"unicode/utf8"
)

// decodeUTF8 puts one U+FFFD in the place of each start of a character that does
// not go on. https://encoding.spec.whatwg.org/#utf-8-decoder
func decodeUTF8(s string) string {
	var b strings.Builder
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			for n < len(s) && !utf8.FullRuneInString(s[:n+1]) {
				n++
			}
		}
		b.WriteRune(r)
		s = s[n:]
	}
	return b.String()
}

const (
	firefoxPrefix = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. (Reason: "
	firefoxQuoted = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at \u2018{url}\u2019. (Reason: "
	firefoxFailed = firefoxPrefix + "CORS request did not succeed). Status code: (null)."
)

var firefoxTexts = map[*Rule]Text{
	RuleBadPort:              {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CORSOnly: true},
	RuleMixedContent:         {Code: "Mixed Content Blocker", Console: "Blocked loading mixed active content \u201c{blocked}\u201d"},
	RuleFraming:              {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CORSOnly: true},
	RuleNetwork:              {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CORSOnly: true},
	RuleRefusedHeader:        {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CrossOriginOnly: true},
	RuleUnusableStatus:       {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CORSOnly: true},
	RuleLocalNetwork:         {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CORSOnly: true},
	RuleInsecureLocalNetwork: {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CORSOnly: true},
	RuleMode:                 {},
	RuleNoCORSRedirect:       {},

	RuleAllowOriginPresent: {Code: "CORSMissingAllowOrigin2",
		Console: firefoxPrefix + "CORS header \u2018Access-Control-Allow-Origin\u2019 missing). Status code: {status}."},
	RuleAllowOriginSingle: {Code: "CORSMultipleAllowOriginNotAllowed",
		Console: firefoxPrefix + "Multiple CORS header \u2018Access-Control-Allow-Origin\u2019 not allowed)."},
	RuleAllowOriginMatches: {Code: "CORSAllowOriginNotMatchingOrigin",
		Console: firefoxPrefix + "CORS header \u2018Access-Control-Allow-Origin\u2019 does not match \u2018{seen}\u2019)."},
	RuleNoWildcardWithCreds: {Code: "CORSNotSupportingCredentials",
		Console: firefoxQuoted + "Credential is not supported if the CORS header \u2018Access-Control-Allow-Origin\u2019 is \u2018*\u2019)."},
	RuleAllowCredentials: {Code: "CORSMissingAllowCredentials",
		Console: firefoxPrefix + "expected \u2018true\u2019 in CORS header \u2018Access-Control-Allow-Credentials\u2019)."},

	RulePreflightNotRedirected: {Code: "CORSExternalRedirectNotAllowed",
		Console: firefoxPrefix + "CORS request external redirect not allowed)."},
	RulePreflightStatus: {Code: "CORSPreflightDidNotSucceed3",
		Console: firefoxPrefix + "CORS preflight response did not succeed). Status code: {status}."},
	RuleAllowMethodsSyntax: {Code: "CORSInvalidAllowMethod",
		Console: firefoxPrefix + "invalid token \u2018{want}\u2019 in CORS header \u2018Access-Control-Allow-Methods\u2019)."},
	RuleAllowHeadersSyntax: {Code: "CORSInvalidAllowHeader",
		Console: firefoxPrefix + "invalid token \u2018{want}\u2019 in CORS header \u2018Access-Control-Allow-Headers\u2019)."},
	RuleMethodAllowed: {Code: "CORSMethodNotFound",
		Console: firefoxPrefix + "Did not find method in CORS header \u2018Access-Control-Allow-Methods\u2019)."},
	RuleHeaderAllowed: {Code: "CORSMissingAllowHeaderFromPreflight2",
		Console: firefoxPrefix + "header \u2018{want}\u2019 is not allowed according to header \u2018Access-Control-Allow-Headers\u2019 from CORS preflight response)."},

	RuleRedirectMode:     {},
	RuleRedirectLocation: {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CrossOriginOnly: true},
	RuleRedirectUnsafe:   {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CrossOriginOnly: true},
	RuleRedirectScheme:   {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CrossOriginOnly: true},
	RuleSingleHeader:     {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CrossOriginOnly: true},
	RuleRedirectCount:    {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CrossOriginOnly: true},
	RuleRedirectUserinfo: {Code: "CORSDidNotSucceed2", Console: firefoxFailed},

	RuleScriptType: {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CrossOriginOnly: true},
	RuleNosniff:    {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CrossOriginOnly: true},
	RuleModuleType: {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CrossOriginOnly: true},
}

var firefoxUnreached = map[string]string{
	"CORSDisabled":             "it needs a preference that its owner has set",
	"CORSOriginHeaderNotAdded": "it needs the script of an extension",
	"CORSRequestNotHttp":       "other schemes than http and https are refused before, as CORSDidNotSucceed2",
}
