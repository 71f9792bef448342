package fetch

import (
	"fmt"
	"slices"
	"strings"
)

// A cookie is one of Request.Cookies, as far as it decides where it goes.
type cookie struct {
	name, pair string
	sameSite   string // "strict", "lax" or "none"
	secure     bool
	path       string
}

// parseCookie reads a cookie as a Set-Cookie line states it. One without SameSite
// counts as Lax.
// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.6
func parseCookie(line string) cookie {
	pair, attributes, _ := strings.Cut(line, ";")
	c := cookie{pair: trimOWS(pair), sameSite: "lax"}
	c.name, _, _ = strings.Cut(c.pair, "=")
	for attribute := range strings.SplitSeq(attributes, ";") {
		key, value, _ := strings.Cut(trimOWS(attribute), "=")
		switch strings.ToLower(key) {
		case "secure":
			c.secure = true
		case "path":
			c.path = value
		case "samesite":
			switch value = strings.ToLower(value); value {
			case "strict", "none":
				c.sameSite = value
			}
		}
	}
	return c
}

// cookies is the Cookie line of the request: what of the jar goes to this URL. The
// jar is the first URL's host's, on whatever port, and is not changed by answers.
// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.8.3
func cookies(f *Fetch) string {
	if len(f.req.Cookies) == 0 || !f.credentials() || f.current.Host != f.first.Host {
		return ""
	}
	var out []string
	for _, line := range f.req.Cookies {
		c := parseCookie(line)
		if why := f.keepsBack(c); why != "" {
			note := fmt.Sprintf("the cookie %s stays in the jar: %s", c.name, why)
			if !slices.Contains(f.result.Assumptions, note) {
				f.result.Assumptions = append(f.result.Assumptions, note)
			}
			continue
		}
		out = append(out, c.pair)
	}
	return strings.Join(out, "; ")
}

// keepsBack says why a cookie does not go along, or nothing.
func (f *Fetch) keepsBack(c cookie) string {
	switch {
	case c.sameSite == "none" && !c.secure:
		return "SameSite=None is refused without Secure"
	case c.secure && !f.current.PotentiallyTrustworthy():
		return "it is Secure and the URL is not https"
	case c.sameSite != "none" && f.site() == "cross-site":
		return "the request is cross-site and it is not SameSite=None; Secure"
	case !pathMatches(f.current.Path, c.path):
		return "its Path is " + c.path
	}
	return ""
}

// pathMatches: https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.1.4
func pathMatches(path, of string) bool {
	rest, ok := strings.CutPrefix(path, of)
	return of == "" || of[0] != '/' || ok && (rest == "" || rest[0] == '/' || of[len(of)-1] == '/')
}
