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
	RangeLimit:               "18446744073709551615",
	JoinsLocations:           true,
	EmptyLocationFails:       true,
	RedirectKeepsCredentials: true,
	ReadValue:                latin1OfUTF8,
	WriteValue:               utf8OfLatin1,
	ConsoleValue:             latin1OfUTF8,
	NoSafelistedTotal:        true,

	PreflightOrder: []preflightCheck{
		checkPreflightStatus, checkPreflightCORS,
		checkMethodsSyntax, checkHeadersSyntax, checkMethodAllowed, checkHeadersAllowed,
	},
	RedirectOrder: []redirectCheck{
		checkRedirectUnsafeFirst, checkRedirectCORS, checkRedirectError, checkRedirectManual, checkLocation, checkRedirectLocal,
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
	PreflightsAgain:          true,
	RewritesForeignDelete:    true,
	ForeignRedirectUnchecked: true,
	HeaderOrder:              safariCheckOrder,

	LoopbackIsMixed: true,

	RequestHeaders: []headerSlot{
		{lines: webkitKnown},
		{name: "Origin", value: originValue},
		{name: "Referer", value: referer},
		{name: "Accept", value: acceptOf, scripts: true},
		{name: "User-Agent", value: userAgent(safariUserAgent), scripts: true},
		{name: "Accept-Encoding", value: encodings("gzip, deflate")},
		{name: "Accept-Language", value: fixed("en-US,en;q=0.9"), scripts: true},
		{name: "Pragma", value: whenUncrossed(whenConditional("no-cache")), scripts: true},
		{name: "Cache-Control", value: whenUncrossed(whenConditional("no-cache")), scripts: true},
		{name: "Sec-Fetch-Dest", value: uncrossed(fetchDest)},
		{name: "Sec-Fetch-Mode", value: uncrossed(fetchMode)},
		{name: "Sec-Fetch-Site", value: uncrossed(worstSite)},
		{lines: webkitUnknown},
	},
	PreflightHeaders: []headerSlot{
		{name: "Origin", value: preflightOrigin},
		{name: "Access-Control-Request-Method", value: requestMethod},
		{name: "Referer", value: referer},
		{name: "Access-Control-Request-Headers", value: requestHeaders},
		{name: "User-Agent", value: userAgent(safariUserAgent), scripts: true},
		{name: "Accept", value: fixed("*/*")},
		{name: "Accept-Encoding", value: fixed("gzip, deflate")},
		{name: "Accept-Language", value: fixed("en-US,en;q=0.9")},
		{name: "Sec-Fetch-Mode", value: whenTrustworthy(fetchMode)},
		{name: "Sec-Fetch-Dest", value: whenTrustworthy(fixed("empty"))},
		{name: "Sec-Fetch-Site", value: whenTrustworthy(safariPreflightSite)},
	},
	Texts: safariTexts,
}

const safariUserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/60.5 Safari/605.1.15"

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
		if f.crossed || !f.current.PotentiallyTrustworthy() {
			return ""
		}
		return value(f)
	}
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
		if _, is := webkitHeaders[strings.ToLower(h.Name)]; is == known {
			out = append(out, h)
		}
	}
	return out
}

// webkitHeaders are the names that WebKit has an identifier for.
var webkitHeaders = setOf(
	"accept", "accept-charset", "accept-encoding", "accept-language", "accept-ranges",
	"access-control-allow-credentials", "access-control-allow-headers", "access-control-allow-methods",
	"access-control-allow-origin", "access-control-expose-headers", "access-control-max-age",
	"access-control-request-headers", "access-control-request-method", "age", "authorization",
	"cache-control", "clear-site-data", "connection", "content-disposition", "content-encoding",
	"content-language", "content-length", "content-location", "content-range",
	"content-security-policy", "content-security-policy-report-only", "content-type", "cookie",
	"cookie2", "cross-origin-embedder-policy", "cross-origin-embedder-policy-report-only",
	"cross-origin-opener-policy", "cross-origin-opener-policy-report-only",
	"cross-origin-resource-policy", "dnt", "date", "default-style", "etag", "expect", "expires",
	"host", "icy-metaint", "icy-metadata", "if-match", "if-modified-since", "if-none-match",
	"if-range", "if-unmodified-since", "isolated-worker", "keep-alive", "last-event-id",
	"last-modified", "link", "location", "origin", "ping-from", "ping-to", "pragma", "priority",
	"proxy-authorization", "purpose", "range", "referer", "referrer-policy", "refresh",
	"report-to", "reporting-endpoints", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site",
	"sec-gpc", "sec-purpose", "sec-websocket-accept", "sec-websocket-extensions", "sec-websocket-key",
	"sec-websocket-protocol", "sec-websocket-version", "server-timing", "service-worker",
	"service-worker-allowed", "service-worker-navigation-preload", "set-cookie", "set-cookie2",
	"sourcemap", "strict-transport-security", "te", "timing-allow-origin", "trailer",
	"transfer-encoding", "upgrade", "upgrade-insecure-requests", "user-agent", "vary", "via",
	"x-content-type-options", "x-dns-prefetch-control", "x-frame-options", "x-sourcemap",
	"x-temp-tablet", "x-xss-protection",
)

const (
	safariEnd      = "\nFetch API cannot load {url} due to access control checks."
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

func safariText(code, text string) Text {
	return Text{Code: "webkit:" + code, Console: text + safariEnd}
}

var safariTexts = map[*Rule]Text{
	RuleBadPort:              {Code: "webkit:net::ERR_UNSAFE_PORT", Console: "Not allowed to use restricted network port {seen}: {blocked}"},
	RuleMixedContent:         {Code: "webkit:mixed-content"},
	RuleNetwork:              {Code: "webkit:net::ERR_FAILED"},
	RuleUnusableStatus:       {Code: "webkit:net::ERR_UNEXPECTED_PROXY_AUTH"},
	RuleLocalNetwork:         {Code: "webkit:LocalNetworkAccessPermissionDenied"},
	RuleInsecureLocalNetwork: {Code: "webkit:InsecureLocalNetwork"},
	RuleMode:                 {Code: "webkit:DisallowedByMode"},
	RuleNoCORSRedirect:       {Code: "webkit:NoCorsRedirectModeNotFollow"},

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
	RuleRedirectScheme: safariText("CorsDisabledScheme",
		safariRedirect+"not allowed to follow a cross-origin CORS redirection with non CORS scheme"),
	RuleEmptyLocation:  {Code: "webkit:net::ERR_INVALID_REDIRECT"},
	RuleRedirectUnsafe: safariText("net::ERR_UNSAFE_REDIRECT", "FTP URLs are disabled"),
	RuleRedirectCount:  safariText("net::ERR_TOO_MANY_REDIRECTS", "Load cannot follow more than 20 redirections"),
	RuleRedirectUserinfo: safariText("RedirectContainsCredentials",
		safariRedirect+"redirection URL {fulllocation} has credentials"),
}
