package fetch

import (
	"strings"
)

// Chrome is Chromium 156. Its codes are the names of DevTools' Network.CorsError,
// and of net errors where a failure has none.
var Chrome = &Profile{
	Name:    "chrome",
	Version: "Chromium 156",

	RequestProfile: RequestProfile{
		SafelistedClientHints: map[string]func(string) bool{
			"device-memory":  isDecimal,
			"dpr":            isDecimal,
			"width":          isNumber,
			"viewport-width": isNumber,
			"rtt":            isNumber,
			"downlink":       isDecimal,
			"ect":            isEffectiveConnectionType,
			"save-data":      func(v string) bool { return strings.EqualFold(v, "on") },
		},
		DropsUserAgent:  true,
		RefusedHeader:   "available-dictionary",
		RangeLimit:      "9223372036854775806",
		UploadNeedsBody: true,
		CharsetUTF8:     chromeCharsetUTF8,
	},
	URLProfile: URLProfile{
		URLParser:       urlParser{trustsPunycode: true, escapesSpace: true, encodesMore: true, ownSchemes: true},
		UnblockedPorts:  setOf("4190", "6679"),
		SchemesWithHost: setOf("filesystem"),
	},
	SendingProfile: SendingProfile{
		Manners: map[Initiator]manner{
			InitiatorEventSource: {accept: "text/event-stream"},
			InitiatorImage:       {accept: "image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", http2: []Header{{"priority", "i"}}},
			InitiatorScript:      {http2: []Header{}},
			InitiatorModule:      {http2: []Header{{"priority", "u=1"}}},
			InitiatorFont:        {http2: []Header{{"priority", "u=0"}}},
		},
		RequestHeaders: []headerSlot{
			{name: "Pragma", value: whenNoCache("no-cache")},
			{lines: chromeCacheControl},
			{lines: chromeMap},
			{name: "Accept", value: unlessScripted("accept", chromeAccept)},
			{name: "Origin", value: unless(originAnew, chromeOrigin)},
			{name: "Sec-Fetch-Site", value: whenTrustworthy(worstSite)},
			{name: "Sec-Fetch-Mode", value: whenTrustworthy(fetchMode)},
			{name: "Sec-Fetch-Dest", value: whenTrustworthy(fetchDest)},
			{name: "Sec-Fetch-Storage-Access", value: whenTrustworthy(storageAccess)},
			{name: "Origin", value: when(originAnew, chromeOrigin)},
			{name: "Referer", value: referer},
			{name: "Accept-Encoding", value: encodings(allEncodings)},
			{name: "Accept-Language", value: unlessScripted("accept-language", fixed("en-US,en;q=0.9"))},
			{name: "Cookie", value: cookies},
			{name: "Range", value: chromeRange},
		},
		PreflightHeaders: []headerSlot{
			{name: "Cache-Control", value: whenConditional("max-age=0")},
			{name: "Accept", value: fixed("*/*")},
			{name: "Access-Control-Request-Method", value: requestMethod},
			{name: "Access-Control-Request-Headers", value: requestHeaders},
			{name: "Origin", value: preflightOrigin},
			{name: "User-Agent", value: userAgent(chromeUserAgent)},
			{name: "Sec-Fetch-Mode", value: fixed("cors")},
			{name: "Sec-Fetch-Site", value: whenTrustworthy(preflightSite)},
			{name: "Sec-Fetch-Dest", value: whenTrustworthy(fetchDest)},
			{name: "Referer", value: referer},
			{name: "Accept-Encoding", value: allEncodings},
			{name: "Accept-Language", value: fixed("en-US,en;q=0.9")},
		},
		HTTP2Headers: []Header{{Name: "priority", Value: "u=1, i"}},
	},
	PreflightProfile: PreflightProfile{
		HeaderOrder: chromeCheckOrder,
		PreflightOrder: []preflightCheck{
			checkPreflightLocation, checkPreflightRedirect, checkPreflightCORS, checkPreflightStatus,
			checkMethodsSyntax, checkHeadersSyntax, checkMethodAllowed, checkHeadersAllowed,
		},
		WildcardCoversAuthorization: true,
	},
	PreflightCacheProfile: PreflightCacheProfile{
		MaxAgeCap:              7200,
		MaxAgeMalformed:        defaultMaxAge,
		MaxAgeOverflow:         defaultMaxAge,
		MaxAgeAcceptsSign:      true,
		ConditionalSkipsCache:  true,
		TaintedSkipsCache:      true,
		AuthorizationNotCached: true,
	},
	ResponseProfile: ResponseProfile{
		SingleHeaders:          []string{"content-length", "content-disposition", "location"},
		OriginListSeparators:   " ,",
		TellsInvalidOrigin:     true,
		UnusableStatus:         setOf(407),
		RefusesContentEncoding: true,
		HiddenHeaders:          []string{"clear-site-data"},
	},
	RedirectProfile: RedirectProfile{
		RedirectOrder: []redirectCheck{
			checkRedirectCount, checkLocation, checkRedirectPolicy, checkRedirectCORS, checkRedirectManual, checkRedirectUserinfo,
			checkRedirectUnsafe, checkRedirectError, checkModeOfRedirect, checkRedirectScheme, checkRedirectEmbedded,
		},
		UnsafeRedirects: map[string]string{
			"about": "", "blob": "", "chrome": "", "chrome-extension": "", "chrome-untrusted": "", "data": "",
			"devtools": "", "file": "", "filesystem": "", "view-source": "net::ERR_ABORTED", "chrome-search": "net::ERR_ABORTED",
			"chrome-error": "net::ERR_ABORTED", "chrome-native": "net::ERR_ABORTED", "chrome-distiller": "net::ERR_ABORTED",
			"isolated-app": "net::ERR_UNKNOWN_URL_SCHEME",
		},
		LosesEmptyFragment:   true,
		BodyHeaders:          bodyHeaders,
		HopHeaders:           []string{"device-memory", "dpr", "width", "viewport-width", "rtt", "downlink", "ect"},
		OpaqueRedirectTaints: true,
		RefusesUserinfo:      true,
	},
	HTTPCacheProfile: HTTPCacheProfile{
		FreshRedirect:        chromeFreshRedirect,
		RangeIsUncached:      func(value string) bool { return normalizeRange(value) == "" },
		Reloads:              chromeReloads,
		OpaqueOriginUncached: true,
	},
	ElementProfile: ElementProfile{
		ElementChecks: map[Initiator][]elementCheck{
			InitiatorEventSource: {checkEventStatus, checkEventType},
			InitiatorScript:      {checkErrorStatus, checkDecoded, checkComplete, checkNosniff, checkScriptType},
			InitiatorModule:      {checkErrorStatus, checkDecoded, checkComplete, checkOKStatus, checkModuleType},
			InitiatorImage:       {checkDecoded, checkComplete, checkContent},
			InitiatorFont:        {checkErrorStatus, checkDecoded, checkComplete, checkContent},
			InitiatorXHR:         {checkDecoded, checkComplete},
			InitiatorXHRUpload:   {checkDecoded, checkComplete},
		},
		ElementsSendOrigin:    true,
		SendsOriginForStorage: true,
		PolicyNeedsDomain:     true,
		TypeEnds:              " \t;(",
		OpaqueBlocking:        chromeOpaqueBlocking,
	},
	SecurityProfile: SecurityProfile{
		LocalNetworkAccess:     true,
		UpgradesLocalRedirects: true,
	},
	CookieProfile: CookieProfile{
		ExpiresByServerDate: true,
		LaxByDefault:        true,
		NoneNeedsSecure:     true,
		SchemefulCookies:    true,
		NewValueIsNewCookie: true,
		SecureOnLoopback:    true,
		KnowsPartitioned:    true,
		PartitionsForeign:   true,
		ThirdParty:          ThirdPartyAllow,
		RecordedThirdParty:  ThirdPartyBlock,
		ThirdPartyWhy:       "third-party cookies are blocked, as in Incognito windows",
		// Chromium's own comments call it a bug (775438); version 156 does it all the
		// same: the network service's kOmitCorsClientCert is off.
		ClientCertificateAlways: true,
	},
	ConsoleProfile: ConsoleProfile{
		Texts:        chromeTexts,
		ConsoleValue: chromeConsoleValue,
		Unreached:    chromeUnreached,
		NetError:     func(code string) string { return code },
		MixedNotes:   chromeMixedNotes,
	},
}

// chromeSchemes are those of Chromium's own pages, all of which have a host.
var chromeSchemes = setOf("chrome", "chrome-error", "chrome-extension", "chrome-search", "chrome-untrusted", "devtools", "isolated-app")

func isNumber(s string) bool { return s != "" && allDigits(s) }

// isDecimal: 1*DIGIT [ "." 1*DIGIT ]
func isDecimal(s string) bool {
	whole, fraction, dot := strings.Cut(s, ".")
	return isNumber(whole) && (!dot || isNumber(fraction))
}

func isEffectiveConnectionType(s string) bool {
	switch s {
	case "slow-2g", "2g", "3g", "4g":
		return true
	}
	return false
}
