package fetch

import (
	"slices"
	"strings"
)

// Safari is WebKitGTK 2.50; the engine is shared, Safari itself was not run.
// WebKit has no codes: Chrome's name of the same step stands for it, after
// "webkit:".
var Safari = &Profile{
	Name:    "safari",
	Version: "WebKitGTK 2.50",

	RangeUnitAnyCase:         true,
	RedirectsFrom309:         true,
	WildcardExposesAccept:    true,
	RangeAcceptsSign:         true,
	RangeLimit:               "18446744073709551615",
	JoinsLocations:           true,
	PreflightsBadPorts:       true,
	EmptyLocationFails:       true,
	RedirectKeepsCredentials: true,
	ReadValue:                latin1OfUTF8,
	WriteValue:               utf8OfLatin1,
	ConsoleValue:             latin1OfUTF8,
	HeaderNames:              webkitHeaders,

	PreflightOrder: []preflightCheck{
		checkPreflightStatus, checkPreflightCORS,
		checkMethodsSyntax, checkHeadersSyntax, checkMethodAllowed, checkHeadersAllowed,
	},
	RedirectOrder: []redirectCheck{
		ofURL(checkRedirectUnsafe), checkRedirectCORS, checkRedirectError, checkRedirectManual, checkLocation, checkRedirectLocal,
		checkRedirectScheme, checkRedirectCount, checkRedirectUserinfo,
	},
	UnsafeRedirects:             map[string]string{"ftp": ""},
	OriginListSeparators:        ",",
	WildcardCoversAuthorization: true,

	MaxAgeCap:         600,
	MaxAgeMalformed:   defaultMaxAge,
	MaxAgeOverflow:    defaultMaxAge,
	MaxAgeAcceptsSign: true,

	BodyHeaders: bodyHeaders,
	KeepsOrigin: true,

	RedirectRestoresHeaders:  true,
	HomeRedirectsKeep:        true,
	PreflightsAgain:          true,
	RewritesForeignDelete:    true,
	ForeignRedirectUnchecked: true,
	HeaderOrder:              safariCheckOrder,

	RefusesForeignCookies: true,
	SameSiteSeesRedirects: true,
	HomeIsSameSite:        true,
	LastAgeCounts:         true,
	IgnoresCookiePrefixes: true,
	ThirdParty:            ThirdPartyBlock,
	RecordedThirdParty:    ThirdPartyAllow,
	ThirdPartyWhy:         "Safari blocks third-party cookies",

	LoopbackIsMixed:          true,
	PreflightsMixedRedirects: true,

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
	ElementChecks: map[Initiator][]elementCheck{
		InitiatorEventSource: {checkEventStatus, checkEventType},
		InitiatorScript:      {checkErrorStatus, checkNosniff, checkScriptType},
		InitiatorModule:      {checkErrorStatus, checkModuleType},
		InitiatorImage:       {checkContent},
		InitiatorFont:        {checkErrorStatus, checkContent},
	},
	FontsWithoutCORS:   true,
	ElementsSendOrigin: true,
	ReadsBodyOf205:     true,
	FollowsData:        true,

	RequestHeaders: []headerSlot{
		{name: "Accept", value: whenNoCache("text/event-stream")},
		{name: "Cache-Control", value: whenNoCache("no-cache")},
		{lines: webkitKnown},
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
		{name: "Purpose", value: fixed(""), scripts: true},
		{name: "Accept-Encoding", value: safariRangeEncodings},
		{name: "Accept-Language", value: unlessScripted("accept-language", fixed("en-US,en;q=0.9"))},
		{name: "Cookie", value: cookies},
		{name: "Sec-Fetch-Dest", value: uncrossed(fetchDest)},
		{name: "Sec-Fetch-Mode", value: uncrossed(fetchMode)},
		{name: "Sec-Fetch-Site", value: uncrossed(worstSite)},
		{lines: webkitUnknown},
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
	Texts: safariTexts,
}

const safariUserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/60.5 Safari/605.1.15"

// safariEncodings: WebKit asks for brotli over https only.
func safariEncodings(f *Fetch) string {
	if f.current.Scheme == "https" {
		return "gzip, deflate, br"
	}
	return "gzip, deflate"
}

// safariRangeEncodings: a redirect that brings a request with Range to another
// origin lets it ask for compression again.
func safariRangeEncodings(f *Fetch) string {
	if f.crossed {
		return safariEncodings(f)
	}
	return encodings(safariEncodings)(f)
}

// validUTF8 puts U+FFFD in the place of each byte that is no UTF-8.
func validUTF8(s string) string { return string([]rune(s)) }

// latin1OfUTF8: header values of a response are made valid UTF-8, and its bytes
// then taken for characters.
func latin1OfUTF8(s string) string { return utf8OfLatin1(validUTF8(s)) }

// utf8OfLatin1 writes each byte as the character with its number.
func utf8OfLatin1(s string) string {
	if isASCII(s) {
		return s
	}
	out := make([]rune, 0, len(s))
	for i := 0; i < len(s); i++ {
		out = append(out, rune(s[i]))
	}
	return string(out)
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] > 0x7f {
			return false
		}
	}
	return true
}

// whenUncrossed leaves a line out where a redirect brought the request to another
// origin.
func whenUncrossed(value func(*Fetch) string) func(*Fetch) string {
	return func(f *Fetch) string {
		if f.crossed {
			return ""
		}
		return value(f)
	}
}

// uncrossed: a request that a redirect brought to another origin carries no
// fetch metadata.
func uncrossed(value func(*Fetch) string) func(*Fetch) string {
	return func(f *Fetch) string {
		if f.crossed && f.cors || !f.current.PotentiallyTrustworthy() {
			return ""
		}
		return value(f)
	}
}

// webkitEarlyAccept: only fetch() has its Accept behind Referer.
func webkitEarlyAccept(f *Fetch) string {
	if f.req.Initiator == InitiatorFetch || f.noCache() || f.scriptHeader("accept") != nil {
		return ""
	}
	return acceptOf(f)
}

func acceptUnlessNoCache(f *Fetch) string {
	if f.noCache() {
		return ""
	}
	return acceptOf(f)
}

func webkitAccept(f *Fetch) string {
	if f.req.Initiator != InitiatorFetch {
		return ""
	}
	return acceptOf(f)
}

func webkitPragma(f *Fetch) string {
	if f.noCache() || f.conditional() {
		return "no-cache"
	}
	return ""
}

// webkitPragmaSent: a redirect within the page's own origin keeps the Pragma of an
// EventSource, before User-Agent.
func webkitPragmaSent(f *Fetch) bool { return f.noCache() && redirected(f) && !f.cors }

// safariForeign: to the page's own origin, and without CORS, Origin stands farther
// down; but not that of an element with crossorigin.
func safariForeign(f *Fetch) bool { return f.cors || f.isElement() && f.fetchMode() == ModeCORS }

// safariCrossed: a redirect to another origin makes a CORS request anew, with Accept
// first.
func safariCrossed(f *Fetch) bool { return f.crossed && f.cors }

// untrusted: a preflight after a redirect has the fetch metadata that the hop
// before had.
func untrusted(f *Fetch) bool { return f.untrusted }

// safariPreflightReferer: a preflight that comes before the look for mixed content
// does not count as a downgrade.
func safariPreflightReferer(f *Fetch) string {
	if f.downgraded && redirected(f) {
		return f.origin + "/"
	}
	return referer(f)
}

// safariPreflightSite: a tainted request is foreign to every URL.
func safariPreflightSite(f *Fetch) string {
	if f.tainted {
		return "cross-site"
	}
	return preflightSite(f)
}

// safariCheckOrder: WebKit keeps the headers it knows before the others, each in
// the order in which script set them.
func safariCheckOrder(f *Fetch) []string {
	out := make([]string, 0, len(f.unsafe))
	for _, known := range []bool{true, false} {
		for _, h := range f.preflightHeaders() {
			name := strings.ToLower(h.Name)
			if _, is := webkitHeaders[name]; is == known && slices.Contains(f.unsafe, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// webkitKnown and webkitUnknown write script's headers around the others.
func webkitKnown(f *Fetch, out []Header) []Header { return f.webkitLines(out, true) }

func webkitUnknown(f *Fetch, out []Header) []Header { return f.webkitLines(out, false) }

func (f *Fetch) webkitLines(out []Header, known bool) []Header {
next:
	for _, h := range f.headers {
		for i := range f.p.RequestHeaders {
			if slot := &f.p.RequestHeaders[i]; slot.scripts && strings.EqualFold(slot.name, h.Name) {
				continue next
			}
		}
		name, is := webkitHeaders[strings.ToLower(h.Name)]
		if is == known {
			if is { // it has a spelling of its own for what it knows
				h.Name = name
			}
			out = append(out, h)
		}
	}
	return out
}

// lowered maps the lower-case form of each name to the name.
func lowered(names ...string) map[string]string {
	out := make(map[string]string, len(names))
	for _, name := range names {
		out[strings.ToLower(name)] = name
	}
	return out
}

// webkitHeaders are the names that WebKit has an identifier for; its console
// spells them so.
var webkitHeaders = lowered(
	"Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Accept-Ranges",
	"Access-Control-Allow-Credentials", "Access-Control-Allow-Headers",
	"Access-Control-Allow-Methods", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers",
	"Access-Control-Max-Age", "Access-Control-Request-Headers", "Access-Control-Request-Method",
	"Age", "Authorization", "Cache-Control", "Clear-Site-Data", "Connection", "Content-Disposition",
	"Content-Encoding", "Content-Language", "Content-Length", "Content-Location", "Content-Range",
	"Content-Security-Policy", "Content-Security-Policy-Report-Only", "Content-Type", "Cookie",
	"Cookie2", "Cross-Origin-Embedder-Policy", "Cross-Origin-Embedder-Policy-Report-Only",
	"Cross-Origin-Opener-Policy", "Cross-Origin-Opener-Policy-Report-Only",
	"Cross-Origin-Resource-Policy", "DNT", "Date", "Default-Style", "ETag", "Expect", "Expires",
	"Host", "Icy-MetaInt", "Icy-Metadata", "If-Match", "If-Modified-Since", "If-None-Match",
	"If-Range", "If-Unmodified-Since", "Keep-Alive", "Last-Event-ID",
	"Last-Modified", "Link", "Location", "Origin", "Ping-From", "Ping-To", "Pragma",
	"Proxy-Authorization", "Range", "Referer", "Referrer-Policy", "Refresh", "Report-To",
	"Reporting-Endpoints", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-GPC",
	"Sec-Purpose", "Sec-WebSocket-Accept", "Sec-WebSocket-Extensions", "Sec-WebSocket-Key",
	"Sec-WebSocket-Protocol", "Sec-WebSocket-Version", "Server-Timing", "Service-Worker",
	"Service-Worker-Allowed", "Service-Worker-Navigation-Preload", "Set-Cookie", "Set-Cookie2",
	"SourceMap", "TE", "Timing-Allow-Origin", "Trailer",
	"Transfer-Encoding", "Upgrade", "Upgrade-Insecure-Requests", "User-Agent", "Vary", "Via",
	"X-Content-Type-Options", "X-Frame-Options", "X-SourceMap",
	"X-Temp-Tablet", "X-XSS-Protection",
)

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
	const text = "Cancelled load to {url} because it violates the resource's Cross-Origin-Resource-Policy response header."
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
		"{mustbe}\n\nNot allowed to request resource\nFetch API cannot load {seen} due to access control checks.",
		Redirected: "[blocked] The page at {page} requested insecure content from {seen}. This content was blocked and must" +
			"{mustbe}\n\nFetch API cannot load {first} due to access control checks."},
	RuleNetwork:              {Code: "webkit:net::ERR_FAILED", Preflight: "{networkerror}" + safariEnd},
	RuleUnusableStatus:       {Code: "webkit:net::ERR_UNEXPECTED_PROXY_AUTH"},
	RuleLocalNetwork:         {Code: "webkit:LocalNetworkAccessPermissionDenied"},
	RuleInsecureLocalNetwork: {Code: "webkit:InsecureLocalNetwork"},
	RuleMode:                 {Code: "webkit:DisallowedByMode", Console: "Fetch API cannot load {url}."},
	RuleModeOfRedirect: {Code: "webkit:DisallowedByMode",
		Console: "Unsafe attempt to load URL {blocked} from origin {origin}. Domains, protocols and ports must match.\n" + "\nFetch API cannot load {blocked} due to access control checks."},
	RuleNoCORSRedirect: safariText("NoCorsRedirectModeNotFollow", "No-Cors mode requires follow redirect mode\nNot allowed to request resource"),

	RulePolicySameOrigin: safariPolicy("NotSameOrigin"),
	RulePolicySameSite:   safariPolicy("NotSameSite"),
	RuleElementError:     {Console: "{refusedtype}"},
	RuleEventStream:      {Console: "EventSource's response has a MIME type (\"{kindof}\") that is not \"text/event-stream\". Aborting the connection."},
	RuleScriptType:       {Console: "Refused to execute {first} as script because {kindof} is not a script MIME type."},
	RuleNosniff: {Console: "Refused to execute {first} as script because \"X-Content-Type-Options: nosniff\" was given " +
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

	RuleRedirectMode: safariText("net::ERR_FAILED", "Not allowed to follow a redirection while loading {url}"),
	RuleRedirectLocation: {Code: "webkit:net::ERR_INVALID_REDIRECT", CrossOriginOnly: true,
		Console: safariRedirect + "not allowed to follow a cross-origin CORS redirection with non CORS scheme" + safariEnd},
	RuleRedirectLocal: safariText("net::ERR_UNSAFE_REDIRECT", "Not allowed to load local resource: {fulllocation}"),
	RuleRedirectOwnBlob: {Code: "webkit:CorsDisabledScheme",
		Console: "Redirection to URL with a scheme that is not HTTP(S).\nFetch API cannot load {fulllocation} due to access control checks."},
	RuleRedirectScheme: safariText("CorsDisabledScheme",
		safariRedirect+"not allowed to follow a cross-origin CORS redirection with non CORS scheme"),
	RuleRedirectOpaque: {Code: "webkit:CorsDisabledScheme",
		Console: "{nothttp}"},
	RuleEmptyLocation:  {Code: "webkit:net::ERR_INVALID_REDIRECT"},
	RuleRedirectUnsafe: {Code: "webkit:net::ERR_UNSAFE_REDIRECT", Console: "FTP URLs are disabled" + safariEnd, NamesFirst: true},
	RuleRedirectCount:  safariText("net::ERR_TOO_MANY_REDIRECTS", "Load cannot follow more than 20 redirections"),
	RuleRedirectUserinfo: safariText("RedirectContainsCredentials",
		safariRedirect+"redirection URL {ownlocation} has credentials"),
}
