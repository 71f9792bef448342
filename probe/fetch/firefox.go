package fetch

import (
	"strings"
	"unicode/utf8"
)

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
	OwnBlobIsSafe:               true,
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
	ConsoleValue:                decodeUTF8,
	RedirectRestoresHeaders:     true,
	AuthorizationReturns:        true,
	DropsByFirstMethod:          true,
	PreflightsAgain:             true,
	DroppedHeadersPreflight:     true,
	CountsOriginLines:           true,
	ContentType:                 firefoxContentType,
	HiddenRepeated:              []string{"www-authenticate", "proxy-authenticate"},
	FreshRedirect:               firefoxFreshRedirect,
	CachesHEAD:                  true,
	CachedRedirectOnce:          true,
	JudgesHeaderLines:           true,
	OneContentType:              true,
	LastOfRepeated:              []string{"authorization", "content-disposition", "from", "if-modified-since", "if-unmodified-since", "location", "max-forwards", "user-agent"},
	NoSafelistedTotal:           true,
	ConditionalSkipsCache:       true,
	WildcardCoversAuthorization: true,

	MaxAgeCap:           86400,
	MaxAgeMalformed:     0,
	MaxAgeOverflow:      -1,
	WildcardNeverCached: true,
	CacheTiedToDNS:      true,

	BodyHeaders:        bodyHeaders,
	UntaintedPreflight: true,
	LocalNetworkAccess: false,

	Manners: map[Initiator]manner{
		InitiatorFetch:       {priority: "u=4"},
		InitiatorEventSource: {accept: "text/event-stream", priority: "u=4", referrer: true},
		InitiatorScript:      {referrer: true},
		InitiatorModule:      {referrer: true},
		InitiatorImage:       {accept: "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", priority: "u=5, i", referrer: true},
		InitiatorFont:        {accept: "application/font-woff2;q=1.0,application/font-woff;q=0.9,*/*;q=0.8", referrer: true},
	},
	ElementChecks: map[Initiator][]elementCheck{
		InitiatorEventSource: {checkEventStatus, checkEventType},
		InitiatorScript:      {checkOKStatus},
		InitiatorModule:      {checkOKStatus},
		InitiatorImage:       {checkContent},
		InitiatorFont:        {checkOKStatus, checkContent},
	},
	EarlyChecks: map[Initiator][]elementCheck{
		InitiatorScript: {checkScriptType, checkNosniff},
		InitiatorModule: {checkScriptType, checkNosniff, checkModuleType},
	},
	DropsForGood:          true,
	SendsOriginForStorage: true,
	StorageAccessOnce:     true,
	OpaqueBlocking:        firefoxOpaqueBlocking,

	RequestHeaders: []headerSlot{
		{name: "User-Agent", value: userAgent(firefoxUserAgent), scripts: true},
		{name: "Accept", value: acceptOf, scripts: true},
		{name: "Accept-Language", value: fixed("en-US,en;q=0.9"), scripts: true},
		{name: "Accept-Encoding", value: encodings("gzip, deflate, br, zstd")},
		{name: "Origin", value: unlessFetch(originValue)},
		{name: "Referer", value: referer},
		scriptSlot,
		{name: "Origin", value: onlyFetch(originValue)},
		{name: "Cookie", value: cookies},
		{name: "Sec-Fetch-Dest", value: whenTrustworthy(fetchDest)},
		{name: "Sec-Fetch-Mode", value: whenTrustworthy(fetchMode)},
		{name: "Sec-Fetch-Site", value: whenTrustworthy(firefoxSite)},
		{name: "Sec-Fetch-Storage-Access", value: whenTrustworthy(firefoxStorageAccess)},
		{name: "Priority", value: priorityOf, scripts: true, unlessEmpty: true},
		{name: "Pragma", value: firefoxNoCache, scripts: true},
		{name: "Cache-Control", value: firefoxNoCache, scripts: true},
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
		{name: "Pragma", value: firefoxNoCache},
		{name: "Cache-Control", value: firefoxNoCache},
	},
	Texts: firefoxTexts,
}

const firefoxUserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"

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

func unlessFetch(value func(*Fetch) string) func(*Fetch) string {
	return func(f *Fetch) string {
		if f.req.Initiator == InitiatorFetch {
			return ""
		}
		return value(f)
	}
}

func onlyFetch(value func(*Fetch) string) func(*Fetch) string {
	return func(f *Fetch) string {
		if f.req.Initiator != InitiatorFetch {
			return ""
		}
		return value(f)
	}
}

// firefoxStorageAccess: that there is no access is said in the preflight, and by
// the request that a redirect leads away from the page's origin.
func firefoxStorageAccess(f *Fetch) string {
	if v := storageAccess(f); v == "none" && f.leftPage {
		return v
	}
	if v := storageAccessOnce(f); v != "none" {
		return v
	}
	return ""
}

// firefoxNoCache: XMLHttpRequest leaves the cache to script.
func firefoxNoCache(f *Fetch) string {
	if f.noCache() || f.conditional() && !f.isXHR() {
		return "no-cache"
	}
	return ""
}

// firefoxSite: a redirect that left the page's origin is foreign to it.
func firefoxSite(f *Fetch) string {
	if f.redirects > 0 && (f.cors || f.opaque) {
		return "cross-site"
	}
	return f.site()
}

// firefoxContentType reads the type up to white space, whatever comes between it
// and the first semicolon; a comma, or a semicolon at the end of the parameters,
// voids the value.
func firefoxContentType(value string) string {
	head, parameters, _ := strings.Cut(value, ";")
	kind, rest, spaced := strings.Cut(strings.ReplaceAll(head, "\t", " "), " ")
	if strings.Contains(value, ",") || strings.HasSuffix(parameters, ";") || spaced && trimOWS(rest) != "" && head == value {
		return ""
	}
	return strings.ToLower(kind)
}

const (
	firefoxPrefix = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. (Reason: "
	firefoxQuoted = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at \u2018{url}\u2019. (Reason: "
	firefoxFailed = firefoxPrefix + "CORS request did not succeed). Status code: (null)."
)

var firefoxTexts = map[*Rule]Text{
	RuleBadPort:              {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CORSOnly: true},
	RuleMixedContent:         {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CORSOnly: true},
	RuleNetwork:              {Code: "CORSDidNotSucceed2", Console: firefoxFailed, CORSOnly: true},
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
