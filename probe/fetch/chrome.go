package fetch

import (
	"fmt"
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
			{name: "Origin", value: unless(originMoved, chromeOrigin)},
			{name: "Sec-Fetch-Site", value: whenTrustworthy(worstSite)},
			{name: "Sec-Fetch-Mode", value: whenTrustworthy(fetchMode)},
			{name: "Sec-Fetch-Dest", value: whenTrustworthy(fetchDest)},
			{name: "Sec-Fetch-Storage-Access", value: whenTrustworthy(storageAccess)},
			{name: "Origin", value: when(originMoved, chromeOrigin)},
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
			InitiatorScript:      {checkErrorStatus, checkDecoded, checkNosniff, checkScriptType},
			InitiatorModule:      {checkErrorStatus, checkDecoded, checkOKStatus, checkModuleType},
			InitiatorImage:       {checkDecoded, checkContent},
			InitiatorFont:        {checkErrorStatus, checkDecoded, checkContent},
			InitiatorXHR:         {checkDecoded},
			InitiatorXHRUpload:   {checkDecoded},
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
		Texts:         chromeTexts,
		ConsoleValue:  chromeConsoleValue,
		NetErrorCodes: true,
		MixedNotes:    chromeMixedNotes,
	},
}

// chromeSchemes are those of Chromium's own pages, all of which have a host.
var chromeSchemes = setOf("chrome", "chrome-error", "chrome-extension", "chrome-search", "chrome-untrusted", "devtools", "isolated-app")

const chromeUserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"

// chromeAccept and chromeOrigin are what the network adds; an EventSource has its
// Accept, and an element with crossorigin its Origin, in the map.
func chromeAccept(f *Fetch) string {
	if f.noCache() {
		return ""
	}
	return acceptOf(f)
}

func chromeOrigin(f *Fetch) string {
	if f.mapsOrigin() {
		return ""
	}
	return originValue(f)
}

// chromeCacheControl: a request that script made conditional is revalidated, and
// the line then stands before all others, with script's own value where it has
// one.
func chromeCacheControl(f *Fetch, out []Header) []Header {
	value := "max-age=0"
	switch h := f.scriptHeader("cache-control"); {
	case f.noCache():
		value = "no-cache"
	case !f.conditional():
		return out
	case h != nil:
		value = h.Value
	}
	return append(out, Header{"Cache-Control", value})
}

// chromeRange: the cache writes a single range anew, at the end of the request.
func chromeRange(f *Fetch) string {
	h := f.scriptHeader("range")
	if h == nil || f.method != "GET" || f.conditional() {
		return ""
	}
	return normalizeRange(h.Value)
}

// normalizeRange returns the one byte range that a value asks for, or nothing
// where it asks for several or does not parse.
func normalizeRange(value string) string {
	unit, set, ok := strings.Cut(value, "=")
	if !ok || !strings.EqualFold(trimOWS(unit), "bytes") {
		return ""
	}
	start, end, ok := strings.Cut(strings.Trim(set, " \t,"), "-")
	start, end = strings.TrimPrefix(trimOWS(start), "+"), strings.TrimPrefix(trimOWS(end), "+")
	if start != "" && strings.HasPrefix(end, "-") && plainNumber(end[1:]) == "1" {
		end = "" // which is what -1 stands for
	}
	if !ok || start == "" && strings.Trim(end, "0") == "" || !allDigits(start) || !allDigits(end) ||
		start != "" && end != "" && lessNumber(end, start) || lessNumber(maxInt64, start) || lessNumber(maxInt64, end) {
		return ""
	}
	return "bytes=" + plainNumber(start) + "-" + plainNumber(end)
}

const maxInt64 = "9223372036854775807"

// plainNumber removes leading zeros.
func plainNumber(s string) string {
	if s == "" {
		return s
	}
	if s = strings.TrimLeft(s, "0"); s == "" {
		return "0"
	}
	return s
}

// chromeMap writes script's headers and those of the renderer in the order of
// the map; what the slots around it have written is left out.
func chromeMap(f *Fetch, out []Header) []Header {
	hints := f.trustedFirst && !f.untrusted && f.current.PotentiallyTrustworthy()
	for _, name := range f.chromeMapOrder() {
		if v, ok := f.chromeOwn(name, hints); ok {
			if v != "" {
				out = append(out, Header{name, v})
			}
			continue
		}
		h := f.scriptHeader(name)
		if h == nil || equalFold(name, "range") && chromeRange(f) != "" {
			continue
		}
		if _, written := combined(out, name); !written {
			out = append(out, *h)
		}
	}
	return out
}

// chromeOwn is the renderer's own value for a name in the map; empty where the
// line is left out.
func (f *Fetch) chromeOwn(name string, hints bool) (value string, ok bool) {
	switch name {
	case "User-Agent":
		return userAgentOr(f, chromeUserAgent), true
	case "Origin":
		return originValue(f), true
	case "Accept":
		if f.noCache() {
			return acceptOf(f), true
		}
		return "", false
	case "sec-ch-ua":
		value = `"Not:A-Brand";v="8", "Chromium";v="156"`
	case "sec-ch-ua-mobile":
		value = "?0"
	case "sec-ch-ua-platform":
		value = `"Linux"`
	default:
		return "", false
	}
	if !hints {
		value = ""
	}
	return value, true
}

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
	RuleDecoded:          {Code: "net::ERR_CONTENT_DECODING_FAILED", Console: "{refusedtype}"},
	RuleForm:             {Console: "{undecoded}"},
	RuleRedirectUserinfo: {Code: "RedirectContainsCredentials",
		Console: chromePrefix + "Redirect location '' contains a username and password, which is disallowed for cross-origin requests."},
}

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
