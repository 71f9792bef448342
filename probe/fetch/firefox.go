package fetch

import (
	"strings"
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
		OnlyOKComplete:        true,
		RefusesBrokenFraming:  true,
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
		SVGNeedsOKStatus: true,
		LooksIntoSVG:     true,
		ShowsRedirects:   true,
		ElementChecks: map[Initiator][]elementCheck{
			InitiatorEventSource: {checkEventStatus, checkEventType},
			InitiatorScript:      {checkOKStatus, checkDecoded, checkComplete},
			InitiatorModule:      {checkOKStatus, checkDecoded, checkComplete},
			InitiatorImage:       {checkDecoded, checkContent},
			InitiatorFont:        {checkOKStatus, checkDecoded, checkComplete, checkContent},
			InitiatorXHR:         {checkDecoded, checkComplete},
			InitiatorXHRUpload:   {checkDecoded, checkComplete},
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
		ExpiresByServerDate:   true,
		CookieValue:           decodeUTF8,
		TakesAnyCookieDate:    true,
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
		Unreached:    firefoxUnreached,
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
