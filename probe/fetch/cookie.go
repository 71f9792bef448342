package fetch

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

// A cookie is one in the jar.
// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.7
type cookie struct {
	name, pair string
	host       string // that set it
	domain     string // of the attribute; empty is the host alone
	path       string
	sameSite   string // "strict", "lax", "none", or empty where it says none of them
	secure     bool
	chips      bool // has the attribute Partitioned
	expired    bool
	// partition is the site of the page whose jar this is in; empty is the jar of
	// all.
	partition string
	given     bool // by the request, not by an answer
}

// parseCookie reads a Set-Cookie line; path is the default path, now what Expires is
// held against.
// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.6
func (p *Profile) parseCookie(line, host, path string, now time.Time) cookie {
	if p.ASCIICookies {
		line = untilNonASCII(line)
	}
	pair, attributes, _ := strings.Cut(line, ";")
	name, value, named := strings.Cut(pair, "=")
	if !named && !p.BareCookieIsName {
		name, value = "", name
	}
	if p.CookieValue != nil {
		value = p.CookieValue(value)
	}
	c := cookie{name: trimOWS(name), host: host, path: path}
	if c.pair = trimOWS(value); c.name != "" {
		c.pair = c.name + "=" + c.pair
	}
	aged := false
	for attribute := range strings.SplitSeq(attributes, ";") {
		key, value, _ := strings.Cut(attribute, "=")
		value = trimOWS(value)
		switch strings.ToLower(trimOWS(key)) {
		case "secure":
			c.secure = true
		case "partitioned":
			c.chips = true
		case "path":
			if c.path = path; strings.HasPrefix(value, "/") {
				c.path = value
			}
		case "domain":
			c.domain = strings.ToLower(strings.TrimPrefix(value, "."))
		case "samesite":
			if c.sameSite = ""; IsSameSite(value) {
				c.sameSite = strings.ToLower(value)
			}
		case "max-age":
			if n, err := strconv.Atoi(value); err == nil {
				aged, c.expired = true, n <= 0
			}
		case "expires":
			if date, ok := p.cookieDate(value); ok && (!aged || p.LastAgeCounts) {
				c.expired = !date.After(now)
			}
		}
	}
	return c
}

// IsSameSite reports whether a value of the attribute SameSite is one that browsers know;
// any other counts as none at all.
// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.6.7
func IsSameSite(value string) bool {
	switch strings.ToLower(value) {
	case "strict", "lax", "none":
		return true
	}
	return false
}

// untilNonASCII is a text up to its first byte from 0x80 on.
func untilNonASCII(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return s[:i]
		}
	}
	return s
}

// defaultPath: https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.1.4
func defaultPath(path string) string {
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		return path[:i]
	}
	return "/"
}

// pathMatches: https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.1.4
func pathMatches(path, of string) bool {
	rest, ok := strings.CutPrefix(path, of)
	return ok && (rest == "" || rest[0] == '/' || of[len(of)-1] == '/')
}

// belongsTo reports whether the cookie is one of a host.
// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.1.3
func (c *cookie) belongsTo(host string) bool {
	if c.domain == "" {
		return host == c.host
	}
	return domainMatches(host, c.domain)
}

func domainMatches(host, domain string) bool {
	rest, ok := strings.CutSuffix(host, domain)
	return ok && (rest == "" || strings.HasSuffix(rest, "."))
}

// refused says why no browser stores the cookie from this URL, or nothing.
func (c *cookie) refused(p *Profile, u *URL) string {
	suffix, _ := publicsuffix.PublicSuffix(c.domain)
	lower := strings.ToLower(c.name)
	switch {
	case c.domain != "" && (!domainMatches(u.Host, c.domain) || suffix == c.domain && c.domain != u.Host):
		return "its Domain is " + c.domain
	case c.pair == "":
		return "it is empty"
	case c.name == "" && p.BareCookieIsName:
		return "it has no name"
	case c.sameSite == "none" && !c.secure && p.NoneNeedsSecure:
		return "SameSite=None is refused without Secure"
	case c.chips && !c.secure && p.KnowsPartitioned:
		return "Partitioned is refused without Secure"
	case c.secure && !p.securely(u):
		return "it is Secure and the URL is not https"
	case p.IgnoresCookiePrefixes:
	case strings.HasPrefix(lower, "__secure-") && !c.secure,
		strings.HasPrefix(lower, "__host-") && (!c.secure || c.domain != "" || c.path != "/"):
		return "its name promises attributes that it does not have"
	}
	return ""
}

// securely reports whether Secure cookies go to and come from a URL.
func (p *Profile) securely(u *URL) bool {
	return u.Scheme == "https" || p.SecureOnLoopback && u.IsLoopback()
}
