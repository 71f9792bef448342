package fetch

const (
	safariEnd      = "{cannot}"
	safariRedirect = "Cross-origin redirection to {location} denied by Cross-Origin Resource Sharing policy: "
)

// safariAccess is a failure of the CORS check, which is told differently where
// the response is a redirect.
func safariAccess(code, text string) Text {
	return Text{
		Code: "webkit:" + code, PreflightCode: "webkit:Preflight" + code,
		Console: text + safariEnd, Redirect: safariRedirect + text + safariEnd,
	}
}

// safariPolicy is a failure of the cross-origin resource policy check.
func safariPolicy(code string) Text {
	const text = "Cancelled load to {written} because it violates the resource's Cross-Origin-Resource-Policy response header."
	return Text{
		Code: "webkit:net::ERR_BLOCKED_BY_RESPONSE." + code, Console: text + safariEnd, Redirect: safariRedirect + text + safariEnd,
	}
}

// safariText is a failure with one text, wherever it is.
func safariText(code, text string) Text {
	return Text{Code: "webkit:" + code, Console: text + safariEnd}
}

var safariTexts = map[*Rule]Text{
	RuleBadPort: {Code: "webkit:net::ERR_UNSAFE_PORT", Console: "Not allowed to use restricted network port {seen}: {blocked}"},
	RuleMixedContent: {Code: "webkit:mixed-content", Console: "[blocked] The page at {page} requested insecure content from {seen}. This content was blocked and must" +
		"{mustbe}\n{unmixed}",
		Redirected: "[blocked] The page at {page} requested insecure content from {blocked}. This content was blocked and must" +
			"{mustbe}\n{unmixed}"},
	RuleNetwork:              {Code: "webkit:net::ERR_FAILED", Preflight: "{networkerror}" + safariEnd},
	RuleDecoded:              {Preflight: "SoupBrotliDecompressorError: {decoder}" + safariEnd},
	RuleUnusableStatus:       {Code: "webkit:net::ERR_UNEXPECTED_PROXY_AUTH"},
	RuleLocalNetwork:         {Code: "webkit:LocalNetworkAccessPermissionDenied"},
	RuleInsecureLocalNetwork: {Code: "webkit:InsecureLocalNetwork"},
	RuleMode:                 {Code: "webkit:DisallowedByMode", Console: "Fetch API cannot load {url}."},
	RuleModeOfRedirect: {Code: "webkit:DisallowedByMode",
		Console: "Unsafe attempt to load URL {blocked} from origin {origin}. Domains, protocols and ports must match.\n" + "\nFetch API cannot load {unloaded} due to access control checks."},
	RuleNoCORSRedirect: {Code: "webkit:NoCorsRedirectModeNotFollow", Console: "No-Cors mode requires follow redirect mode\nNot allowed to request resource" +
		"\nFetch API cannot load {blocked} due to access control checks."},

	RulePolicySameOrigin: safariPolicy("NotSameOrigin"),
	RulePolicySameSite:   safariPolicy("NotSameSite"),
	RuleElementError:     {Console: "{refusedtype}"},
	RuleEventStream:      {Console: "EventSource's response has a MIME type (\"{kindof}\") that is not \"text/event-stream\". Aborting the connection."},
	RuleScriptType:       {Console: "Refused to execute {resource} as script because {kindof} is not a script MIME type."},
	RuleNosniff: {Console: "Refused to execute {resource} as script because \"X-Content-Type-Options: nosniff\" was given " +
		"and its Content-Type is not a script MIME type."},
	RuleModuleType: {Console: "TypeError: '{kindof}' is not a valid JavaScript MIME type."},

	RuleAllowOriginPresent: safariAccess("MissingAllowOriginHeader",
		"Origin {requestorigin} is not allowed by Access-Control-Allow-Origin. Status code: {status}"),
	RuleAllowOriginSingle: safariAccess("MultipleAllowOriginValues",
		"Access-Control-Allow-Origin cannot contain more than one origin."),
	RuleAllowOriginMatches: safariAccess("AllowOriginMismatch",
		"Origin {requestorigin} is not allowed by Access-Control-Allow-Origin. Status code: {status}"),
	RuleNoWildcardWithCreds: safariAccess("WildcardOriginNotAllowed",
		"Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true."),
	RuleAllowCredentials: safariAccess("InvalidAllowCredentials",
		`Credentials flag is true, but Access-Control-Allow-Credentials is not "true".`),

	RulePreflightStatus: safariText("PreflightInvalidStatus",
		"Preflight response is not successful. Status code: {status}"),
	RuleAllowMethodsSyntax: safariText("InvalidAllowMethodsPreflightResponse",
		"Header Access-Control-Allow-Methods has an invalid value: {seen}"),
	RuleAllowHeadersSyntax: safariText("InvalidAllowHeadersPreflightResponse",
		"Header Access-Control-Allow-Headers has an invalid value: {seen}"),
	RuleMethodAllowed: safariText("MethodDisallowedByPreflightResponse",
		"Method {want} is not allowed by Access-Control-Allow-Methods."),
	RuleHeaderAllowed: safariText("HeaderDisallowedByPreflightResponse",
		"Request header field {header} is not allowed by Access-Control-Allow-Headers."),

	RuleRedirectMode: safariText("net::ERR_FAILED", "Not allowed to follow a redirection while loading {written}"),
	RuleRedirectLocation: {Code: "webkit:net::ERR_INVALID_REDIRECT", CrossOriginOnly: true,
		Console: safariRedirect + "not allowed to follow a cross-origin CORS redirection with non CORS scheme" + safariEnd},
	RuleRedirectLocal: safariText("net::ERR_UNSAFE_REDIRECT", "Not allowed to load local resource: {fulllocation}"),
	RuleRedirectOwnBlob: {Code: "webkit:CorsDisabledScheme",
		Console: "{nothttp}"},
	RuleRedirectScheme: safariText("CorsDisabledScheme",
		safariRedirect+"not allowed to follow a cross-origin CORS redirection with non CORS scheme"),
	RuleRedirectOpaque: {Code: "webkit:CorsDisabledScheme",
		Console: "{nothttp}"},
	RuleEmptyLocation:  {Code: "webkit:net::ERR_INVALID_REDIRECT"},
	RuleRedirectUnsafe: {Code: "webkit:net::ERR_UNSAFE_REDIRECT", Console: "FTP URLs are disabled" + safariEnd, NamesStart: true},
	RuleRedirectCount:  safariText("net::ERR_TOO_MANY_REDIRECTS", "Load cannot follow more than 20 redirections"),
	RuleRedirectUserinfo: safariText("RedirectContainsCredentials",
		safariRedirect+"redirection URL {ownlocation} has credentials"),
}
