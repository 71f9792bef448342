package fetch

// Safari is WebKitGTK 2.50; the engine is shared, Safari itself was not run.
// WebKit has no codes: Chrome's name of the same step stands for it, after
// "webkit:".
var Safari = &Profile{
	Name:    "safari",
	Version: "WebKitGTK 2.50",

	RequestProfile: RequestProfile{
		RangeUnitAnyCase:  true,
		RangeAcceptsSign:  true,
		RangeLimit:        "18446744073709551615",
		EmptyUploadIsNone: true,
		CharsetUTF8:       safariCharsetUTF8,
	},
	URLProfile: URLProfile{
		WrittenURL: safariWrittenURL,
	},
	SendingProfile: SendingProfile{
		WriteValue: utf8OfLatin1,
		Manners: map[Initiator]manner{
			InitiatorFetch:       {referrer: true},
			InitiatorXHR:         {referrer: true},
			InitiatorXHRUpload:   {referrer: true},
			InitiatorEventSource: {accept: "text/event-stream", referrer: true},
			InitiatorScript:      {referrer: true},
			InitiatorModule:      {referrer: true},
			InitiatorImage:       {accept: "image/webp,image/avif,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", referrer: true},
			InitiatorFont:        {referrer: true},
		},
		RequestHeaders: []headerSlot{
			{name: "Accept", value: whenNoCache("text/event-stream")},
			{name: "Cache-Control", value: whenNoCache("no-cache")},
			{lines: webkitLines(true, true)},
			{name: "Accept", value: when(safariCrossed, unlessScripted("accept", acceptUnlessNoCache))},
			{name: "Origin", value: when(safariForeign, originValue)},
			{name: "Accept", value: unless(safariCrossed, webkitEarlyAccept)},
			{name: "Referer", value: referer},
			{name: "Accept", value: unless(safariCrossed, unlessScripted("accept", webkitAccept))},
			{name: "Origin", value: unless(safariForeign, originValue)},
			{name: "Pragma", value: when(webkitPragmaSent, whenNoCache("no-cache"))},
			{name: "User-Agent", value: unlessScripted("user-agent", userAgent(safariUserAgent))},
			{name: "Pragma", value: unless(webkitPragmaSent, unlessScripted("pragma", whenUncrossed(webkitPragma)))},
			{name: "Cache-Control", value: unlessScripted("cache-control", whenUncrossed(whenConditional("no-cache")))},
			{name: "Accept-Encoding", value: when(safariRange, fixed("identity"))},
			{lines: webkitLines(false, true)},
			{name: "Accept-Encoding", value: unless(safariRange, safariEncodings)},
			{name: "Accept-Language", value: unlessScripted("accept-language", fixed("en-US,en;q=0.9"))},
			{name: "Cookie", value: cookies},
			{lines: webkitLines(true, false)},
			{name: "Sec-Fetch-Dest", value: uncrossed(fetchDest)},
			{name: "Sec-Fetch-Mode", value: uncrossed(fetchMode)},
			{name: "Sec-Fetch-Site", value: uncrossed(worstSite)},
			{lines: webkitLines(false, false)},
		},
		PreflightHeaders: []headerSlot{
			{name: "Origin", value: preflightOrigin},
			{name: "Access-Control-Request-Method", value: requestMethod},
			{name: "Referer", value: safariPreflightReferer},
			{name: "Access-Control-Request-Headers", value: requestHeaders},
			{name: "User-Agent", value: userAgent(safariUserAgent), scripts: true},
			{name: "Accept", value: fixed("*/*")},
			{name: "Accept-Encoding", value: safariEncodings},
			{name: "Accept-Language", value: fixed("en-US,en;q=0.9")},
			{name: "Sec-Fetch-Mode", value: unless(untrusted, whenTrustworthy(fetchMode))},
			{name: "Sec-Fetch-Dest", value: unless(untrusted, whenTrustworthy(fixed("empty")))},
			{name: "Sec-Fetch-Site", value: unless(untrusted, whenTrustworthy(safariPreflightSite))},
		},
	},
	PreflightProfile: PreflightProfile{
		PreflightsBadPorts: true,
		PreflightOrder: []preflightCheck{
			checkDecoded, checkPreflightStatus, checkPreflightCORS,
			checkMethodsSyntax, checkHeadersSyntax, checkMethodAllowed, checkHeadersAllowed,
		},
		WildcardCoversAuthorization: true,
		HeaderOrder:                 safariCheckOrder,
	},
	PreflightCacheProfile: PreflightCacheProfile{
		MaxAgeCap:         600,
		MaxAgeMalformed:   defaultMaxAge,
		MaxAgeOverflow:    defaultMaxAge,
		MaxAgeAcceptsSign: true,
	},
	ResponseProfile: ResponseProfile{
		WildcardExposesAccept: true,
		ReadValue:             latin1OfUTF8,
		OriginListSeparators:  ",",
		KnowsNoZstd:           true,
		ExactCodings:          true,
		ForgivenCodings:       setOf("gzip", "x-gzip", "deflate"),
		ReadsBodyOf205:        true,
	},
	RedirectProfile: RedirectProfile{
		RedirectsFrom309:         true,
		JoinsLocations:           true,
		EmptyLocationFails:       true,
		OpaqueKeepsCredentials:   true,
		RedirectKeepsCredentials: true,
		RedirectOrder: []redirectCheck{
			checkRedirectDecoded, checkRedirectPolicy, ofURL(checkRedirectUnsafe), checkRedirectCORS, checkRedirectError, checkRedirectManual, withoutCORS(checkRedirectCount),
			checkLocation, checkRedirectLocal, checkModeOfRedirect, checkRedirectMixedScheme, checkRedirectScheme, checkRedirectUserinfo, checkRedirectCount,
		},
		UnsafeRedirects:          map[string]string{"ftp": "", "ftps": ""},
		BodyHeaders:              bodyHeaders,
		KeepsOrigin:              true,
		RedirectRestoresHeaders:  true,
		HomeRedirectsKeep:        true,
		PreflightsAgain:          true,
		RewritesForeignDelete:    true,
		ForeignRedirectUnchecked: true,
	},
	ElementProfile: ElementProfile{
		ElementChecks: map[Initiator][]elementCheck{
			InitiatorEventSource: {checkEventStatus, checkEventType},
			InitiatorScript:      {checkErrorStatus, checkNosniff, checkScriptType},
			InitiatorModule:      {checkErrorStatus, checkModuleType},
			InitiatorImage:       {checkContent},
			InitiatorFont:        {checkErrorStatus, checkContent},
			InitiatorXHR:         {checkDecoded},
			InitiatorXHRUpload:   {checkDecoded},
		},
		EarlyChecks: map[Initiator][]elementCheck{
			InitiatorScript: {checkDecoded},
			InitiatorModule: {checkDecoded},
			InitiatorImage:  {checkDecoded},
			InitiatorFont:   {checkDecoded},
		},
		NoPictureIsPDF:     true,
		ExactSVGType:       true,
		FontsWithoutCORS:   true,
		ElementsSendOrigin: true,
		FollowsData:        true,
		TypeEnds:           " \t;",
	},
	SecurityProfile: SecurityProfile{
		LoopbackIsMixed:             true,
		PreflightsMixedRedirects:    true,
		UpgradedRedirectIsCrossSite: true,
		UpgradeIsRedirect:           true,
	},
	CookieProfile: CookieProfile{
		RefusesForeignCookies:     true,
		SecureMayHaveDouble:       true,
		SameSiteSeesRedirects:     true,
		SecureRedirectIsCrossSite: true,
		HomeIsSameSite:            true,
		LastAgeCounts:             true,
		IgnoresCookiePrefixes:     true,
		ThirdParty:                ThirdPartyBlock,
		RecordedThirdParty:        ThirdPartyAllow,
		ThirdPartyWhy:             "Safari blocks third-party cookies",
	},
	ConsoleProfile: ConsoleProfile{
		ConsoleValue: latin1OfUTF8,
		HeaderNames:  webkitHeaders,
		Texts:        safariTexts,
		MixedNotes:   safariMixedNotes,
	},
}

const safariUserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/60.5 Safari/605.1.15"

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

func safariPolicy(code string) Text {
	const text = "Cancelled load to {written} because it violates the resource's Cross-Origin-Resource-Policy response header."
	return Text{
		Code: "webkit:net::ERR_BLOCKED_BY_RESPONSE." + code, Console: text + safariEnd, Redirect: safariRedirect + text + safariEnd,
	}
}

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
