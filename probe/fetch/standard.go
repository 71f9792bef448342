package fetch

// Standard is the Fetch Standard as of July 2026, without any browser's
// departures: what the profiles are measured against. Nobody ships it; it has no
// texts and sends no headers of its own.
var Standard = &Profile{
	Name:    "standard",
	Version: "Fetch Standard, July 2026",

	SendingProfile: SendingProfile{
		RequestHeaders: []headerSlot{
			scriptSlot,
			{name: "Origin", value: originValue},
		},
		PreflightHeaders: []headerSlot{
			{name: "Accept", value: fixed("*/*")},
			{name: "Access-Control-Request-Method", value: requestMethod},
			{name: "Access-Control-Request-Headers", value: requestHeaders},
			{name: "Origin", value: preflightOrigin},
		},
	},
	PreflightProfile: PreflightProfile{
		PreflightOrder: []preflightCheck{
			checkPreflightCORS, checkPreflightStatus,
			checkMethodsSyntax, checkHeadersSyntax, checkMethodAllowed, checkHeadersAllowed,
		},
	},
	PreflightCacheProfile: PreflightCacheProfile{
		MaxAgeCap:       1<<31 - 1,
		MaxAgeMalformed: defaultMaxAge,
		MaxAgeOverflow:  -1,
	},
	RedirectProfile: RedirectProfile{
		RedirectOrder: []redirectCheck{
			checkRedirectPolicy, checkRedirectCORS, checkRedirectError, checkRedirectManual, checkLocation,
			checkRedirectScheme, checkRedirectCount, checkRedirectUserinfo,
		},
		BodyHeaders: bodyHeaders,
	},
	ElementProfile: ElementProfile{
		ElementChecks: map[Initiator][]elementCheck{
			InitiatorEventSource: {checkEventStatus, checkEventType},
			InitiatorScript:      {checkScriptType, checkNosniff, checkOKStatus, checkDecoded, checkComplete},
			InitiatorModule:      {checkScriptType, checkNosniff, checkOKStatus, checkModuleType, checkDecoded, checkComplete},
			InitiatorImage:       {checkDecoded, checkComplete, checkContent},
			InitiatorFont:        {checkDecoded, checkComplete, checkContent},
			InitiatorXHR:         {checkDecoded, checkComplete},
			InitiatorXHRUpload:   {checkDecoded, checkComplete},
		},
	},
	CookieProfile: CookieProfile{
		LaxByDefault:     true,
		NoneNeedsSecure:  true,
		SchemefulCookies: true,
		SecureOnLoopback: true,
		KnowsPartitioned: true,
		ThirdParty:       ThirdPartyAllow,
	},
}

// bodyHeaders: https://fetch.spec.whatwg.org/#request-body-header-name
var bodyHeaders = []string{"content-encoding", "content-language", "content-location", "content-type", "content-length"}
