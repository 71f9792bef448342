package fetch

// Firefox is Firefox ESR 153. Its codes are its console categories.
var Firefox = &Profile{
	Name:    "firefox",
	Version: "Firefox ESR 153",

	PreflightOrder: []preflightCheck{
		checkPreflightLocation, checkPreflightCORS, checkPreflightScheme, checkPreflightRedirect, checkPreflightStatus,
		checkMethodsSyntax, checkMethodAllowed, checkHeadersSyntax, checkHeadersAllowed,
	},
	RedirectOrder: []redirectCheck{
		toFollow(checkLocation), toFollow(checkRedirectUnsafe), checkRedirectCORS,
		checkRedirectManual, checkRedirectError, checkRedirectScheme, checkRedirectCount, checkRedirectUserinfo,
	},
	UnsafeRedirects: map[string]string{
		"data": "", "file": "", "chrome": "", "javascript": "", "resource": "", "blob": "",
		"ws": "", "wss": "", "view-source": "", "moz-extension": "", "about:srcdoc": "",
	},
	URLParser:                   urlParser{refusesQuote: true, refusesBareHex: true},
	SingleHeaders:               []string{"location", "content-disposition", "content-length"},
	FollowsEmptyLocation:        true,
	ControlsInLocation:          true,
	ErrorModeByStatus:           true,
	PreflightKeepsRedirectMode:  true,
	IgnoresEmptyLines:           true,
	UnsafeHighBytes:             true,
	ExposeStopsAtWildcard:       true,
	RangeLimit:                  "18446744073709551615",
	ConsoleValue:                validUTF8,
	RedirectRestoresHeaders:     true,
	AuthorizationReturns:        true,
	DropsByFirstMethod:          true,
	PreflightsAgain:             true,
	DroppedHeadersPreflight:     true,
	CountsOriginLines:           true,
	JudgesHeaderLines:           true,
	OneContentType:              true,
	LastOfRepeated:              []string{"authorization", "content-disposition", "from", "if-modified-since", "if-unmodified-since", "location", "max-forwards", "user-agent"},
	NoSafelistedTotal:           true,
	ConditionalSkipsCache:       true,
	WildcardCoversAuthorization: true,

	MaxAgeCap:           86400,
	MaxAgeMalformed:     0,
	MaxAgeOverflow:      0,
	WildcardNeverCached: true,
	CacheTiedToDNS:      true,

	BodyHeaders:        bodyHeaders,
	UntaintedPreflight: true,
	LocalNetworkAccess: false,

	RequestHeaders: []headerSlot{
		{name: "User-Agent", value: userAgent(firefoxUserAgent), scripts: true},
		{name: "Accept", value: acceptOf, scripts: true},
		{name: "Accept-Language", value: fixed("en-US,en;q=0.9"), scripts: true},
		{name: "Accept-Encoding", value: encodings("gzip, deflate, br, zstd")},
		{name: "Referer", value: referer},
		scriptSlot,
		{name: "Origin", value: originValue},
		{name: "Cookie", value: cookies},
		{name: "Sec-Fetch-Dest", value: whenTrustworthy(fetchDest)},
		{name: "Sec-Fetch-Mode", value: whenTrustworthy(fetchMode)},
		{name: "Sec-Fetch-Site", value: whenTrustworthy(firefoxSite)},
		{name: "Priority", value: fixed("u=4"), scripts: true},
		{name: "Pragma", value: whenConditional("no-cache"), scripts: true},
		{name: "Cache-Control", value: whenConditional("no-cache"), scripts: true},
	},
	PreflightHeaders: []headerSlot{
		{name: "User-Agent", value: userAgent(firefoxUserAgent)},
		{name: "Accept", value: fixed("*/*")},
		{name: "Accept-Language", value: fixed("en-US,en;q=0.9")},
		{name: "Accept-Encoding", value: fixed("gzip, deflate, br, zstd")},
		{name: "Access-Control-Request-Method", value: requestMethod},
		{name: "Access-Control-Request-Headers", value: requestHeaders},
		{name: "Referer", value: referer},
		{name: "Origin", value: preflightOrigin},
		{name: "Sec-Fetch-Dest", value: whenTrustworthy(fetchDest)},
		{name: "Sec-Fetch-Mode", value: whenTrustworthy(fetchMode)},
		{name: "Sec-Fetch-Site", value: whenTrustworthy(preflightSite)},
		{name: "Sec-Fetch-Storage-Access", value: whenTrustworthy(storageAccess)},
		{name: "Priority", value: fixed("u=4")},
		{name: "Pragma", value: whenConditional("no-cache")},
		{name: "Cache-Control", value: whenConditional("no-cache")},
	},
	Texts: firefoxTexts,
}

const firefoxUserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"

// validUTF8 puts U+FFFD in the place of each byte that is no UTF-8.
func validUTF8(s string) string { return string([]rune(s)) }

// firefoxSite: a redirect that left the page's origin is foreign to it.
func firefoxSite(f *Fetch) string {
	if f.redirects > 0 && f.cors {
		return "cross-site"
	}
	return f.site()
}

const (
	firefoxPrefix = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. (Reason: "
	firefoxQuoted = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at \u2018{url}\u2019. (Reason: "
	firefoxFailed = firefoxPrefix + "CORS request did not succeed). Status code: (null)."
)

var firefoxTexts = map[*Rule]Text{
	RuleBadPort:              {Code: "CORSDidNotSucceed2", Console: firefoxFailed},
	RuleMixedContent:         {Code: "CORSDidNotSucceed2", Console: firefoxFailed},
	RuleNetwork:              {Code: "CORSDidNotSucceed2", Console: firefoxFailed},
	RuleUnusableStatus:       {Code: "CORSDidNotSucceed2", Console: firefoxFailed},
	RuleLocalNetwork:         {Code: "CORSDidNotSucceed2", Console: firefoxFailed},
	RuleInsecureLocalNetwork: {Code: "CORSDidNotSucceed2", Console: firefoxFailed},
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
}
