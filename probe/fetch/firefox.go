package fetch

import (
	"strings"
	"unicode/utf8"
)

// Firefox is Firefox ESR 153. Its codes are its console categories.
var Firefox = &Profile{
	Name:    "firefox",
	Version: "Firefox ESR 153",

	RequestProfile: RequestProfile{
		DropsEmptyFragment: true,
		CountsEmptyLine:    "x-frame-options",
		UnsafeHighBytes:    true,
		RangeLimit:         "18446744073709551615",
		ContentType:        firefoxContentType,
		JudgesHeaderLines:  true,
		OneContentType:     true,
		LastOfRepeated:     []string{"authorization", "content-disposition", "from", "if-modified-since", "if-unmodified-since", "location", "max-forwards", "user-agent"},
		FirstOfRepeated:    []string{"strict-transport-security"},
		SpellsAsFirst:      true,
		UnjoinedHeader:     "www-authenticate",
		NoSafelistedTotal:  true,
		CharsetOfFirst:     true,
	},
	URLProfile: URLProfile{
		URLParser: urlParser{refusesQuote: true, refusesBareHex: true},
	},
	SendingProfile: SendingProfile{
		Manners: map[Initiator]manner{
			InitiatorFetch:       {priority: "u=4"},
			InitiatorEventSource: {accept: "text/event-stream", priority: "u=4", referrer: true},
			InitiatorScript:      {referrer: true},
			InitiatorModule:      {referrer: true},
			InitiatorImage:       {accept: "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", priority: "u=5, i", referrer: true},
			InitiatorFont:        {accept: "application/font-woff2;q=1.0,application/font-woff;q=0.9,*/*;q=0.8", referrer: true},
		},
		StorageAccessOnce: true,
		RequestHeaders: []headerSlot{
			{name: "User-Agent", value: userAgent(firefoxUserAgent), scripts: true},
			{name: "Accept", value: acceptOf, scripts: true},
			{name: "Accept-Language", value: fixed("en-US,en;q=0.9"), scripts: true},
			{name: "Accept-Encoding", value: encodings(allEncodings)},
			{lines: firefoxBodyType},
			{name: "Origin", value: when(firefoxEarlyOrigin, originValue)},
			{name: "Referer", value: when(firefoxEarlyReferer, referer)},
			scriptSlot,
			{name: "Referer", value: when(redirected, referer)},
			{name: "Origin", value: unless(firefoxLateOrigin, unless(firefoxEarlyOrigin, originValue))},
			{name: "Sec-Fetch-Storage-Access", value: whenTrustworthy(firefoxStorageAccess)},
			{name: "Origin", value: when(firefoxLateOrigin, originValue)},
			{name: "Referer", value: unless(firefoxEarlyReferer, unless(redirected, referer))},
			{name: "Cookie", value: cookies},
			{name: "Sec-Fetch-Dest", value: whenTrustworthy(fetchDest)},
			{name: "Sec-Fetch-Mode", value: whenTrustworthy(fetchMode)},
			{name: "Sec-Fetch-Site", value: whenTrustworthy(firefoxSite)},
			{name: "Priority", value: priorityOf, fillsEmpty: true},
			{name: "Pragma", value: unlessScripted("pragma", firefoxNoCache)},
			{name: "Cache-Control", value: unlessScripted("cache-control", firefoxNoCache)},
		},
		PreflightHeaders: []headerSlot{
			{name: "User-Agent", value: userAgent(firefoxUserAgent)},
			{name: "Accept", value: fixed("*/*")},
			{name: "Accept-Language", value: fixed("en-US,en;q=0.9")},
			{name: "Accept-Encoding", value: allEncodings},
			{name: "Access-Control-Request-Method", value: requestMethod},
			{name: "Access-Control-Request-Headers", value: requestHeaders},
			{name: "Referer", value: referer},
			{name: "Origin", value: preflightOrigin},
			{name: "Sec-Fetch-Storage-Access", value: whenTrustworthy(firefoxPreflightStorage)},
			{name: "Sec-Fetch-Dest", value: whenTrustworthy(fetchDest)},
			{name: "Sec-Fetch-Mode", value: whenTrustworthy(fetchMode)},
			{name: "Sec-Fetch-Site", value: whenTrustworthy(preflightSite)},
			{name: "Priority", value: fixed("u=4")},
			{name: "Pragma", value: firefoxNoCache},
			{name: "Cache-Control", value: firefoxNoCache},
		},
		Site:         firefoxReckonedSite,
		HTTP2Headers: []Header{{Name: "te", Value: "trailers"}},
	},
	PreflightProfile: PreflightProfile{
		PreflightOrder: []preflightCheck{
			checkPreflightLocation, ofPreflight(checkTargetMixed), checkPreflightCORS, ofPreflight(checkTargetScheme), checkPreflightRedirect, checkPreflightStatus,
			checkMethodsSyntax, checkMethodAllowed, checkHeadersSyntax, checkHeadersAllowed,
		},
		PreflightKeepsRedirectMode:  true,
		WildcardCoversAuthorization: true,
		UntaintedPreflight:          true,
	},
	PreflightCacheProfile: PreflightCacheProfile{
		CachedMethodsNameHEAD: true,
		ConditionalSkipsCache: true,
		MaxAgeCap:             86400,
		MaxAgeMalformed:       0,
		MaxAgeOverflow:        -1,
		WildcardNeverCached:   true,
		CacheTiedToDNS:        true,
	},
	ResponseProfile: ResponseProfile{
		SingleHeaders:         []string{"content-length", "content-disposition", "location"},
		SkipsUnknownCodings:   true,
		IgnoresEmptyLines:     true,
		ExposeStopsAtWildcard: true,
		CountsOriginLines:     true,
		HiddenRepeated:        []string{"www-authenticate", "proxy-authenticate"},
		HTTP2Response:         []Header{{Name: "X-Firefox-Spdy", Value: "h2"}},
	},
	RedirectProfile: RedirectProfile{
		RedirectOrder: []redirectCheck{
			checkRedirectPolicy, checkShown, checkRedirectCount, toFollow(checkLocation), toFollow(checkRedirectUnsafe), toFollow(checkRedirectMixed),
			checkRedirectCORS, checkRedirectManual, checkRedirectError, checkModeOfRedirect, checkRedirectScheme, checkRedirectUserinfo,
		},
		UnsafeRedirects:         firefoxSchemes,
		SafePages:               setOf("about:blank", "about:credits", "about:rights"),
		OwnBlobIsSafe:           true,
		FollowsEmptyLocation:    true,
		LosesEmptyFragment:      true,
		ControlsInLocation:      true,
		ErrorModeByStatus:       true,
		RedirectRestoresHeaders: true,
		AuthorizationReturns:    true,
		DropsByFirstMethod:      true,
		PreflightsAgain:         true,
		DroppedHeadersPreflight: true,
		BodyHeaders:             bodyHeaders,
		DropsForGood:            true,
	},
	HTTPCacheProfile: HTTPCacheProfile{
		FreshRedirect:         firefoxFreshRedirect,
		RangeIsUncached:       func(value string) bool { return value != "bytes=0-" },
		Reloads:               firefoxReloads,
		CacheKnowsCredentials: true,
		CachesHEAD:            true,
		PermanentInMemory:     true,
		CachedRedirectOnce:    true,
	},
	ElementProfile: ElementProfile{
		LooksIntoSVG:   true,
		ShowsRedirects: true,
		ElementChecks: map[Initiator][]elementCheck{
			InitiatorEventSource: {checkEventStatus, checkEventType},
			InitiatorScript:      {checkOKStatus, checkDecoded},
			InitiatorModule:      {checkOKStatus, checkDecoded},
			InitiatorImage:       {checkDecoded, checkContent},
			InitiatorFont:        {checkOKStatus, checkDecoded, checkContent},
			InitiatorXHR:         {checkDecoded},
			InitiatorXHRUpload:   {checkDecoded},
		},
		EarlyChecks: map[Initiator][]elementCheck{
			InitiatorScript: {checkScriptType, checkNosniff},
			InitiatorModule: {checkScriptType, checkNosniff, checkModuleType},
		},
		SendsOriginForStorage: true,
		TypeEnds:              " \t;",
		LooksIntoOpaque:       firefoxLooksIntoOpaque,
		OpaqueBlocking:        firefoxOpaqueBlocking,
	},
	SecurityProfile: SecurityProfile{
		LocalNetworkAccess: true,
		UpgradeIsRedirect:  true,
	},
	CookieProfile: CookieProfile{
		SameSiteSeesRedirects: true,
		BareCookieIsName:      true,
		NoneNeedsSecure:       true,
		SecureOnLoopback:      true,
		KnowsPartitioned:      true,
		ThirdParty:            ThirdPartyPartition,
		ThirdPartyWhy:         "Total Cookie Protection gives other sites a jar of their own on each site",
	},
	ConsoleProfile: ConsoleProfile{
		ConsoleLimit: 1000,
		ConsoleValue: decodeUTF8,
		Texts:        firefoxTexts,
	},
}

// firefoxSchemes are those beside http and https that Firefox itself can load, none
// of them for a page.
var firefoxSchemes = map[string]string{
	"about": "", "blob": "", "cached-favicon": "", "chrome": "", "data": "", "file": "", "indexeddb": "", "jar": "",
	"javascript": "", "moz-cached-ohttp": "", "moz-extension": "", "moz-icon": "", "moz-newtab-wallpaper": "",
	"moz-page-thumb": "", "moz-safe-about": "", "moz-src": "", "page-icon": "", "resource": "", "view-source": "",
	"ws": "", "wss": "",
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

// firefoxBodyType: a redirect takes the body along, and its type comes first.
func firefoxBodyType(f *Fetch, out []Header) []Header {
	if h := f.scriptHeader("content-type"); h != nil && f.body != nil && f.redirects > 0 {
		out = append(out, Header{"Content-Type", h.Value})
	}
	return out
}

// firefoxEarlyOrigin: Origin comes behind script's headers, until a redirect.
func firefoxEarlyOrigin(f *Fetch) bool { return f.cors && redirected(f) }

// firefoxLateOrigin: without CORS it is written with the fetch metadata.
func firefoxLateOrigin(f *Fetch) bool { return f.opaque }

// firefoxEarlyReferer: only fetch() says before script's headers which page asks.
func firefoxEarlyReferer(f *Fetch) bool { return f.req.Initiator == InitiatorFetch && !redirected(f) }

// firefoxStorageAccess: what is a third party is a matter of the host alone, and a
// redirect of a CORS request to another origin says nothing of storage.
func firefoxStorageAccess(f *Fetch) string {
	v := firefoxPreflightStorage(f)
	if v == "none" && f.leftCORS {
		return ""
	}
	if v != "none" && f.anyCrossed && f.p.StorageAccessOnce {
		return ""
	}
	return v
}

func firefoxPreflightStorage(f *Fetch) string {
	if f.sameDomain() {
		return ""
	}
	return storageAccess(f)
}

// firefoxNoCache: XMLHttpRequest leaves the cache to script.
func firefoxNoCache(f *Fetch) string {
	if f.noCache() || f.conditional() && !f.isXHR() {
		return "no-cache"
	}
	return ""
}

// firefoxSite: the farthest hop counts, and a redirect from plain http is always
// far.
func firefoxSite(f *Fetch) string {
	if (f.cors || f.opaque) && f.plainHop {
		return "cross-site"
	}
	return worstSite(f)
}

// firefoxReckonedSite: on localhost and on an IP address the scheme does not
// divide sites.
func firefoxReckonedSite(f *Fetch) string {
	if f.page != nil && !f.sameOrigin && f.page.Host == f.current.Host && f.current.site() == "" {
		return "same-site"
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
	RuleMixedContent:         {Code: "Mixed Content Blocker", Console: "Blocked loading mixed active content \u201c{blocked}\u201d"},
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
