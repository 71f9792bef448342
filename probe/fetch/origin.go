package fetch

import (
	"fmt"
	"net/netip"
	"strings"
	"sync/atomic"

	"golang.org/x/net/publicsuffix"
)

// NullOrigin is the serialization of every opaque origin.
const NullOrigin = "null"

// Origin is the serialization of the URL's origin: scheme, host and port with
// the default port left out, or "null" for schemes that have none.
// https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
func (u *URL) Origin() string {
	if !isSpecial(u.Scheme) || u.Scheme == "file" {
		return NullOrigin
	}
	return u.Scheme + "://" + u.Authority()
}

// ParseOrigin parses what a person gives as a page's origin and returns its
// serialization; "null" is an origin. The error is one clause that says what is
// wrong and what to write instead.
func ParseOrigin(s string) (string, error) {
	if s == NullOrigin {
		return s, nil
	}
	if _, ok := pageOfPlainOrigin(s); ok {
		return s, nil
	}
	u, err := ParseURL(s, nil)
	if err != nil {
		if unquoted := strings.Trim(s, `"'`); unquoted != s {
			if guess, err := ParseOrigin(unquoted); err == nil {
				return "", fmt.Errorf("an origin has no quotes: write %s", guess)
			}
		}
		if strings.EqualFold(s, NullOrigin) {
			return "", fmt.Errorf("the opaque origin is lower case: write null")
		}
		if guess, ok := guessOrigin(s); ok {
			return "", fmt.Errorf("an origin needs a scheme: write %s", guess)
		}
		return "", fmt.Errorf("an origin looks like https://app.example.com")
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		if isExtensionScheme(u.Scheme) && u.Host != "" {
			return u.Scheme + "://" + u.Authority(), nil
		}
		if guess, ok := guessOrigin(s); ok {
			return "", fmt.Errorf("an origin needs a scheme: write %s", guess)
		}
		return "", fmt.Errorf("a page at %s: has no origin of its own: write null", u.Scheme)
	}
	return u.exactOrigin(s)
}

// pageOfPlainOrigin is the URL of the page at the root of an origin that is
// serialized already and plain, as nearly all origins of a long list are.
func pageOfPlainOrigin(s string) (u URL, ok bool) {
	u, ok = plainURL(s)
	return u, ok && len(s) == len(u.Scheme)+len("://")+len(u.Host)
}

// exactOrigin is the origin of a page's URL, where s is no more than that. A URL
// parser forgives much that no browser would ever send as an origin.
func (u *URL) exactOrigin(s string) (string, error) {
	origin := u.Origin()
	_, authority, found := strings.Cut(s, "://")
	switch {
	case u.Username != "" || u.Password != "":
		return "", fmt.Errorf("an origin has no user name: write %s", origin)
	case u.Path != "/" && u.Path != "":
		return "", fmt.Errorf("an origin has no path: write %s", origin)
	case strings.ContainsAny(authority, "?"):
		return "", fmt.Errorf("an origin has no query: write %s", origin)
	case strings.ContainsAny(authority, "#"):
		return "", fmt.Errorf("an origin has no fragment: write %s", origin)
	case !found || strings.IndexAny(authority, `/\`) == 0:
		return "", fmt.Errorf("an origin has two slashes behind its scheme: write %s", origin)
	case strings.ContainsAny(authority, `/\`):
		return "", fmt.Errorf("an origin has no trailing slash: write %s", origin)
	case strings.Contains(u.Host, "*"):
		return "", fmt.Errorf("a page has one exact origin, not a pattern: write it without *")
	case strings.ContainsAny(u.Host, ",;"):
		// URLs may have them, names on the network do not: one stands here because
		// a list was pasted.
		return "", fmt.Errorf("the host of an origin ends before a comma: write one origin, such as %s", firstOf(origin))
	}
	return origin, nil
}

// firstOf is the origin in front of what separates it from others.
func firstOf(list string) string {
	i := strings.IndexAny(list, ",;")
	if i < 0 {
		return list
	}
	return list[:i]
}

// guessOrigin reads "app.example.com", "localhost:3000" and the like.
func guessOrigin(s string) (string, bool) {
	host, _ := cutAt(s, "/?#")
	u, err := ParseURL("https://"+host, nil)
	if err != nil || host == "" || strings.ContainsAny(host, "@*") {
		return "", false
	}
	if !strings.Contains(u.Host, ".") && u.Host != "localhost" && u.Port == "" {
		return "", false
	}
	if u.IsLoopback() {
		u.Scheme = "http"
	}
	return u.Scheme + "://" + u.Authority(), true
}

func isExtensionScheme(scheme string) bool {
	switch scheme {
	case "chrome-extension", "moz-extension", "safari-web-extension", "capacitor", "ionic", "app", "tauri":
		return true
	}
	return false
}

// SameOrigin reports whether the URL is same origin with a serialized origin.
// An opaque origin is same origin with nothing.
func (u *URL) SameOrigin(origin string) bool {
	rest, ok := strings.CutPrefix(origin, u.Scheme)
	if !ok {
		return false
	}
	if rest, ok = strings.CutPrefix(rest, "://"); !ok {
		return false
	}
	if rest, ok = strings.CutPrefix(rest, u.Host); !ok {
		return false
	}
	if u.Port == "" {
		return rest == ""
	}
	return rest != "" && rest[0] == ':' && rest[1:] == u.Port
}

// IsLoopback reports whether the URL's host is loopback by its name alone:
// localhost, *.localhost, 127.0.0.0/8 or ::1, but not ::ffff:127.0.0.1.
func (u *URL) IsLoopback() bool {
	host := strings.TrimSuffix(u.Host, ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, ok := u.Addr()
	return ok && addr.IsLoopback() && !addr.Is4In6()
}

// Addr is the URL's host as an IP address, if it is one.
func (u *URL) Addr() (netip.Addr, bool) {
	if u.Host == "" || u.Host[0] != '[' && !isDigit(u.Host[0]) {
		return netip.Addr{}, false
	}
	addr, err := netip.ParseAddr(strings.Trim(u.Host, "[]"))
	return addr, err == nil
}

// PotentiallyTrustworthy reports whether the URL's origin is.
// https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
func (u *URL) PotentiallyTrustworthy() bool {
	return u.Scheme == "https" || u.Scheme == "wss" || u.Scheme == "file" || u.IsLoopback()
}

// SameSite reports whether two URLs are schemefully same site: the same scheme
// and the same registrable domain. https://html.spec.whatwg.org/#same-site
func (u *URL) SameSite(v *URL) bool {
	return u.Scheme == v.Scheme && u.SchemelesslySameSite(v)
}

// SchemelesslySameSite reports whether two URLs share their registrable domain.
// https://html.spec.whatwg.org/#schemelessly-same-site
func (u *URL) SchemelesslySameSite(v *URL) bool {
	if u.Host == v.Host {
		return true
	}
	site := u.site()
	return site != "" && site == v.site()
}

// site is the registrable domain, or empty where the host has none.
func (u *URL) site() string {
	slot := &sites[slotOf(u.Host)]
	if known := slot.Load(); known != nil && known.host == u.Host {
		return known.site
	}
	domain := ""
	if _, isIP := u.Addr(); !isIP {
		domain, _ = publicsuffix.EffectiveTLDPlusOne(strings.TrimSuffix(u.Host, "."))
	}
	slot.Store(&hostSite{u.Host, domain})
	return domain
}

// sites are registrable domains that were looked up before: a run asks about the same
// few hosts again and again, and looking one up takes a tenth of judging a request. See
// the package's comment for why sharing them is harmless.
var sites [64]atomic.Pointer[hostSite]

type hostSite struct{ host, site string }

// slotOf spreads hosts over sites.
func slotOf(host string) int {
	h := uint32(2166136261) // FNV-1a
	for i := 0; i < len(host); i++ {
		h = (h ^ uint32(host[i])) * 16777619
	}
	return int(h % uint32(len(sites)))
}
