package fetch

import (
	"fmt"
	"strings"
)

const (
	chromePrefix    = "Access to {kind} at '{url}' {redirected}from origin '{origin}' has been blocked by CORS policy: "
	chromePreflight = chromePrefix + "Response to preflight request doesn't pass access control check: "
	chromeHave      = "{have}"
	chromeMixed     = "Mixed Content: The page at '{page}' was loaded over HTTPS, but requested an insecure {insecure} "
	chromeMixedEnd  = ". This request has been blocked; the content must be served over HTTPS."
)

// chromeConsoleValue escapes what is not printable ASCII.
func chromeConsoleValue(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c > '~' {
			b.WriteString(fmt.Sprintf("\\u%04X", c))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// chromeAccess is a failure that has one code and text for the request and
// another for the preflight.
func chromeAccess(code, param, text string) Text {
	return Text{
		Code: code, PreflightCode: "Preflight" + code, Param: param,
		Console: chromePrefix + text, Preflight: chromePreflight + text,
	}
}

var chromeTexts = map[*Rule]Text{
	RuleBadPort:        {Code: "net::ERR_UNSAFE_PORT"},
	RuleMixedContent:   {Code: "mixed-content", RedirectedCode: "net::ERR_ABORTED", Console: chromeMixed + "'{seen}'" + chromeMixedEnd, Redirected: chromeMixed + "'{blocked}'" + chromeMixedEnd},
	RuleRefusedHeader:  {Code: "net::ERR_INVALID_ARGUMENT"},
	RuleNetwork:        {Code: "net::ERR_FAILED"},
	RuleUnusableStatus: {Code: "net::ERR_UNEXPECTED_PROXY_AUTH"},
	RuleLocalNetwork: {Code: "LocalNetworkAccessPermissionDenied",
		Console: chromePrefix + "Permission was denied for this request to access the `{seen}` address space."},
	RuleInsecureLocalNetwork: {Code: "InsecureLocalNetwork",
		Console: chromePrefix + "The request client is not a secure context and the resource is in more-private address space `{seen}`."},
	RuleMode: {Code: "DisallowedByMode",
		Console: "Fetch API cannot load {url}. Request mode is \"same-origin\" but the URL's origin is not same as the request origin {origin}."},
	RuleModeOfRedirect: {Code: "net::ERR_ABORTED",
		Console: "Unsafe attempt to load URL {fulllocation} from frame with URL {page}. Domains, protocols and ports must match.\n"},
	RuleNoCORSRedirect: {Code: "NoCorsRedirectModeNotFollow",
		Console: "Fetch API cannot load {url}. Request mode is \"no-cors\" but the redirect mode is not \"follow\"."},

	RulePolicySameOrigin: {Code: "net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin"},
	RulePolicySameSite:   {Code: "net::ERR_BLOCKED_BY_RESPONSE.NotSameSite"},
	RuleOpaqueBlocking:   {Code: "net::ERR_BLOCKED_BY_ORB"},
	RuleElementError:     {Code: "net::ERR_ABORTED", Console: "{refusedtype}"},
	RuleScriptType:       {Console: "Refused to execute script from '{url}' because its MIME type ('{seen}') is not executable."},
	RuleNosniff: {Console: "Refused to execute script from '{url}' because its MIME type ('{seen}') is not executable, " +
		"and strict MIME type checking is enabled."},
	RuleContent: {Console: "{undecoded}"},

	RuleAllowOriginPresent: chromeAccess("MissingAllowOriginHeader", "",
		"No 'Access-Control-Allow-Origin' header is present on the requested resource."),
	RuleAllowOriginSingle: chromeAccess("MultipleAllowOriginValues", "{seen}",
		"The 'Access-Control-Allow-Origin' header contains multiple values '{seen}', but only one is allowed."+chromeHave),
	RuleAllowOriginValid: chromeAccess("InvalidAllowOriginValue", "{seen}",
		"The 'Access-Control-Allow-Origin' header contains the invalid value '{seen}'."+chromeHave),
	RuleAllowOriginMatches: chromeAccess("AllowOriginMismatch", "{seen}",
		"The 'Access-Control-Allow-Origin' header has a value '{seen}' that is not equal to the supplied origin."+chromeHave),
	RuleNoWildcardWithCreds: chromeAccess("WildcardOriginNotAllowed", "",
		"The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.{withcredentials}"),
	RuleAllowCredentials: chromeAccess("InvalidAllowCredentials", "{seen}",
		"The value of the 'Access-Control-Allow-Credentials' header in the response is '{seen}' which must be 'true' when the request's credentials mode is 'include'.{withcredentials}"),

	RulePreflightNotRedirected: {Code: "PreflightDisallowedRedirect",
		Console: chromePreflight + "Redirect is not allowed for a preflight request."},
	RulePreflightStatus: {Code: "PreflightInvalidStatus",
		Console: chromePreflight + "It does not have HTTP ok status."},
	RuleAllowMethodsSyntax: {Code: "InvalidAllowMethodsPreflightResponse",
		Console: chromePrefix + "Cannot parse Access-Control-Allow-Methods response header field in preflight response."},
	RuleAllowHeadersSyntax: {Code: "InvalidAllowHeadersPreflightResponse",
		Console: chromePrefix + "Cannot parse Access-Control-Allow-Headers response header field in preflight response."},
	RuleMethodAllowed: {Code: "MethodDisallowedByPreflightResponse", Param: "{want}",
		Console: chromePrefix + "Method {want} is not allowed by Access-Control-Allow-Methods in preflight response."},
	RuleHeaderAllowed: {Code: "HeaderDisallowedByPreflightResponse", Param: "{want}",
		Console: chromePrefix + "Request header field {want} is not allowed by Access-Control-Allow-Headers in preflight response."},

	RuleRedirectMode:     {Code: "net::ERR_FAILED"},
	RuleRedirectLocation: {Code: "net::ERR_INVALID_REDIRECT"},
	RuleRedirectUnsafe:   {Code: "net::ERR_UNSAFE_REDIRECT"},
	RuleSingleHeader:     {Code: "net::ERR_RESPONSE_HEADERS_MULTIPLE_{WANT}"},
	RuleRedirectCount:    {Code: "net::ERR_TOO_MANY_REDIRECTS"},
	RuleRedirectScheme: {Code: "CorsDisabledScheme",
		Console: "Access to {kind} at '{location}' (redirected from '{first}') from origin '{origin}' has been blocked by CORS policy: " +
			"Cross origin requests are only supported for protocol schemes: chrome, chrome-experimental-site-token-provider, " +
			"chrome-extension, chrome-untrusted, data, http, https, isolated-app."},
	RuleRedirectOpaque:   {Code: "net::ERR_UNKNOWN_URL_SCHEME"},
	RuleRedirectEmbedded: {Code: "net::ERR_ABORTED"},
	RuleContentEncoding:  {Code: "net::ERR_CONTENT_DECODING_FAILED"},
	RuleComplete:         {Code: "net::ERR_{WANT}", Console: "{refusedtype}"},
	RuleDecoded:          {Code: "net::ERR_CONTENT_DECODING_FAILED", Console: "{refusedtype}"},
	RuleForm:             {Console: "{undecoded}"},
	RuleRedirectUserinfo: {Code: "RedirectContainsCredentials",
		Console: chromePrefix + "Redirect location '' contains a username and password, which is disallowed for cross-origin requests."},
}

var chromeUnreached = map[string]string{
	"InvalidResponse":               "it belongs to warnings of Private Network Access, which is gone",
	"PreflightMissingAllowExternal": "it belongs to an experiment that is gone, and nothing emits it",
	"PreflightInvalidAllowExternal": "it belongs to an experiment that is gone, and nothing emits it",
	"InvalidLocalNetworkAccess":     "script has to name an address space in fetch() for it, which corscheck does not offer",
}
