package fetch

import "strings"

// A CookieFate is what a cookie that an answer sets is worth to the page. It never
// holds the cookie's value.
type CookieFate struct {
	// Name is empty where the line has no "=": what it has is then the value.
	Name string
	// Kept: the browser stores it. Sent: the next request with credentials from
	// this page to the cookie's host and path carries it.
	Kept, Sent bool
	// Why it is not kept or not sent, as a clause; empty where it is both.
	Why string
}

// CookieName is the name of the cookie in a Set-Cookie line; empty where it has
// none.
func CookieName(line string) string {
	pair, _, _ := strings.Cut(line, ";")
	name, _, named := strings.Cut(pair, "=")
	if !named {
		return ""
	}
	return trimOWS(name)
}

// nextKeepsBack says why the next request from this page does not carry a cookie
// that was stored, or nothing. That request goes straight to the host that set
// the cookie: no redirect stands before it.
func (f *Fetch) nextKeepsBack(c *cookie) string {
	next, u := *f, *f.current
	u.Path = c.path
	next.current, next.beenForeign = &u, false
	return next.keepsBack(c)
}

// siteWhy names the attribute that keeps a cookie from a cross-site request.
func (f *Fetch) siteWhy(c *cookie) string {
	why := "the request is cross-site"
	if f.page != nil && f.p.SchemefulCookies && f.sameDomain() && !f.page.SameSite(f.current) {
		why += ", as http and https are different sites"
	}
	switch c.sameSite {
	case "strict":
		return why + ", and the cookie is SameSite=Strict"
	case "lax":
		return why + ", and the cookie is SameSite=Lax"
	}
	return why + ", and the cookie has no SameSite, which counts as Lax"
}
