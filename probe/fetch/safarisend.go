package fetch

import (
	"slices"
	"strconv"
	"strings"
)

// This file is what WebKit sends: the values of its header lines and their order.

// safariEncodings: WebKit asks for brotli over https only.
func safariEncodings(f *Fetch) string {
	if f.current.Scheme == "https" {
		return "gzip, deflate, br"
	}
	return "gzip, deflate"
}

// safariWrittenURL: libsoup decodes what needs no percent-encoding in a path and a
// query, and writes the rest of it in capitals.
// https://docs.gtk.org/glib/flags.UriFlags.html, "normalized" components
func safariWrittenURL(u *URL) *URL {
	if strings.IndexByte(u.Path, '%') < 0 && strings.IndexByte(u.Query, '%') < 0 {
		return u
	}
	written := *u
	written.Path, written.Query = normalizeEscapes(u.Path), normalizeEscapes(u.Query)
	return &written
}

// normalizeEscapes does that to one component.
func normalizeEscapes(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' || i+2 >= len(s) {
			out = append(out, s[i])
			continue
		}
		n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
		switch c := byte(n); {
		case err != nil:
			out = append(out, '%')
			continue
		case isAlphaNumeric(c) || strings.IndexByte("-._~", c) >= 0:
			out = append(out, c)
		default:
			out = append(out, strings.ToUpper(s[i:i+3])...)
		}
		i += 2
	}
	return string(out)
}

// safariRange: a request with Range asks for no compression, until a redirect brings
// it to another origin.
func safariRange(f *Fetch) bool { return !f.crossed && f.scriptHeader("range") != nil }

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

// webkitMetadata leaves a line of fetch metadata out where a redirect brought a CORS
// request to another origin; one without CORS keeps them. As everywhere, they go only to
// potentially trustworthy URLs.
// https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request
func webkitMetadata(value func(*Fetch) string) func(*Fetch) string {
	return func(f *Fetch) string {
		if safariCrossed(f) || !f.current.PotentiallyTrustworthy() {
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

// acceptUnlessNoCache: an EventSource has its Accept at the top.
func acceptUnlessNoCache(f *Fetch) string {
	if f.noCache() {
		return ""
	}
	return acceptOf(f)
}

// webkitAccept: see webkitEarlyAccept.
func webkitAccept(f *Fetch) string {
	if f.req.Initiator != InitiatorFetch {
		return ""
	}
	return acceptOf(f)
}

// webkitPragma is what a request that asks past the cache says to caches of HTTP/1.0.
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

// untrusted: whether preflights have fetch metadata is settled by the first URL.
func untrusted(f *Fetch) bool { return !f.trustedFirst }

// safariPreflightReferer: a preflight that comes before the look for mixed content
// does not count as a downgrade.
func safariPreflightReferer(f *Fetch) string {
	if f.downgraded && redirected(f) {
		return f.document.Origin() + "/"
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
			name := lowerName(h.Name)
			if _, is := webkitHeaders[name]; is == known && slices.Contains(f.unsafe, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// webkitLines writes script's headers by who knows their names: WebKit keeps those
// that it knows before the others, and libsoup, which it hands them to in that
// order, does the same once more with its own list.
func webkitLines(webkit, soup bool) func(*Fetch, []Header) []Header {
	return func(f *Fetch, out []Header) []Header {
		for _, h := range f.headers {
			lower := lowerName(h.Name)
			ofWebkit, inWebkit := webkitHeaders[lower]
			ofSoup, inSoup := soupHeaders[lower]
			if inWebkit != webkit || inSoup != soup {
				continue
			}
			switch { // each has a spelling of its own for what it knows
			case soup:
				h.Name = ofSoup
			case webkit:
				h.Name = ofWebkit
			}
			out = append(out, h)
		}
		return out
	}
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
	"If-Range", "If-Unmodified-Since", "Integrity-Policy", "Integrity-Policy-Report-Only", "Keep-Alive", "Last-Event-ID",
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

// soupHeaders are the names that libsoup 3 knows.
var soupHeaders = lowered(
	"Accept", "Accept-Charset", "Accept-Language", "Accept-Encoding", "Accept-Ranges",
	"Access-Control-Allow-Credentials", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods",
	"Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Access-Control-Max-Age",
	"Access-Control-Request-Headers", "Access-Control-Request-Method", "Age", "Authentication-Info",
	"Authorization", "Cache-Control", "Connection", "Content-Disposition", "Content-Encoding",
	"Content-Language", "Content-Length", "Content-Location", "Content-Security-Policy",
	"Content-Security-Policy-Report-Only", "Content-Type", "Content-Range", "Cookie", "Cookie2",
	"Cross-Origin-Resource-Policy", "Date", "DNT", "Default-Style", "ETag", "Expect", "Expires", "Host",
	"If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Keep-Alive",
	"Last-Event-ID", "Last-Modified", "Link", "Location", "Origin", "Ping-From", "Ping-To", "Purpose",
	"Pragma", "Proxy-Authorization", "Proxy-Authenticate", "Proxy-Authentication-Info", "Range", "Referer",
	"Referrer-Policy", "Refresh", "Sec-WebSocket-Accept", "Sec-WebSocket-Extensions", "Sec-WebSocket-Key",
	"Sec-WebSocket-Protocol", "Sec-WebSocket-Version", "Server", "Server-Timing", "Service-Worker",
	"Service-Worker-Allowed", "Set-Cookie", "Set-Cookie2", "SourceMap", "TE", "Timing-Allow-Origin",
	"Trailer", "Transfer-Encoding", "Upgrade", "Upgrade-Insecure-Requests", "User-Agent", "Vary", "Via",
	"WWW-Authenticate", "X-Content-Type-Options", "X-DNS-Prefetch-Control", "X-Frame-Options",
	"X-SourceMap", "X-XSS-Protection", "X-Temp-Tablet",
)
