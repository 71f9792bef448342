package fetch

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ThirdParty is how a browser treats the cookies of another site than the page's.
type ThirdParty string

// The treatments. Where it is blocked, a cookie with the attribute Partitioned is
// kept in a jar of the page's site all the same, if the browser knows it.
const (
	ThirdPartyAllow     ThirdParty = "allow"
	ThirdPartyBlock     ThirdParty = "block"
	ThirdPartyPartition ThirdParty = "partition" // each page's site has a jar of its own
)

// A StoredCookie is one in the browser's jar, stored by a visit to a URL: the
// cookie of a first party.
type StoredCookie struct {
	URL  string
	Line string // as in Set-Cookie
}

// fillJar stores what the request says is in the jar.
func (f *Fetch) fillJar() {
	f.stocked = len(f.req.Cookies)+len(f.req.Jar) > 0
	for _, line := range f.req.Cookies {
		f.visit(f.first, line)
	}
	for _, stored := range f.req.Jar {
		if u, err := ParseURL(stored.URL, nil); err == nil {
			f.visit(u, stored.Line)
		}
	}
}

func (f *Fetch) visit(u *URL, line string) {
	c := f.p.parseCookie(line, u.Host, "/", f.cookieTime(nil))
	c.given = true
	if c.chips && f.p.KnowsPartitioned {
		c.partition = u.schemefulSite()
	}
	if why := cmp.Or(c.refused(f.p, u), f.guarded(&c, u)); why != "" {
		f.keptBack(&c, why)
		return
	}
	f.store(c)
}

// cookieTime is when it is, to the cookies of an answer or to those that are given:
// see Request.Now and CookieProfile.ExpiresByServerDate. What a server deletes has
// expired by the epoch, if nobody knows more.
func (f *Fetch) cookieTime(resp *Response) time.Time {
	now := f.req.Now
	if now.IsZero() {
		now = time.Unix(1, 0)
	}
	if resp != nil && f.p.ExpiresByServerDate {
		if date, ok := parseDate(firstLine(resp, "date")); ok {
			return date
		}
	}
	return now
}

// takeCookies stores the cookies of an answer, and notes what each is worth.
// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.7
func (f *Fetch) takeCookies(x *Exchange) {
	if !f.credentials() {
		return
	}
	for _, line := range lines(x.Response.Headers, "set-cookie") {
		c := f.p.parseCookie(line, f.current.Host, defaultPath(f.current.Path), f.cookieTime(x.Response))
		fate := CookieFate{Name: CookieName(line)}
		if fate.Why = f.admits(&c); fate.Why == "" {
			fate.Why = cmp.Or(c.refused(f.p, f.current), f.guarded(&c, f.current))
		}
		if fate.Kept = fate.Why == ""; fate.Kept {
			f.store(c)
			fate.Why = f.nextKeepsBack(&c)
			if fate.Sent = fate.Why == ""; fate.Sent {
				f.assumeThirdParty(&c)
			}
		}
		if !c.expired {
			x.Cookies = append(x.Cookies, fate)
		}
	}
}

// admits decides about a cookie that an answer sets, and puts it into its
// partition. It says why the cookie is refused, or nothing.
func (f *Fetch) admits(c *cookie) string {
	foreign := f.foreignCookies()
	switch {
	case foreign && f.p.RefusesForeignCookies:
		return f.p.ThirdPartyWhy
	case f.crossSiteCookies() && f.p.effectiveSameSite(c) != "none":
		return f.siteWhy(c)
	case c.chips && f.p.KnowsPartitioned, foreign && f.thirdParty() == ThirdPartyPartition:
		c.partition = f.partition()
	case foreign && f.thirdParty() == ThirdPartyBlock:
		return f.p.ThirdPartyWhy
	}
	return ""
}

// guarded says why a cookie may not go near those in the jar, or nothing: one that is
// not Secure, and did not come over a secure connection, leaves Secure ones alone.
// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.7
func (f *Fetch) guarded(c *cookie, u *URL) string {
	if c.secure || f.p.securely(u) || !slices.ContainsFunc(f.jar, func(old cookie) bool { return old.secure && f.p.shadows(c, &old) }) {
		return ""
	}
	return "a Secure cookie of that name is there, and the URL is not https"
}

// store puts a cookie into the jar; it takes the place of one with the same name,
// domain, path and partition.
func (f *Fetch) store(c cookie) {
	for i := range f.jar {
		old := &f.jar[i]
		if !c.replaces(old) {
			continue
		}
		if !c.expired && (old.pair == c.pair || !f.p.NewValueIsNewCookie) {
			*old = c
			return
		}
		f.jar = slices.Delete(f.jar, i, i+1)
		break
	}
	if !c.expired {
		f.jar = append(f.jar, c)
	}
}

func (c *cookie) replaces(old *cookie) bool {
	return old.name == c.name && old.partition == c.partition && old.path == c.path &&
		old.domain == c.domain && (c.domain != "" || old.host == c.host)
}

// shadows reports whether a cookie would go in another's place, or be sent beside it.
func (p *Profile) shadows(c, old *cookie) bool {
	if p.SecureMayHaveDouble {
		return c.replaces(old)
	}
	return old.name == c.name && old.partition == c.partition && pathMatches(c.path, old.path) &&
		(c.belongsTo(old.host) || old.belongsTo(c.host))
}

// cookies is the Cookie line of the request.
// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.8.3
func cookies(f *Fetch) string {
	if len(f.jar) == 0 || !f.credentials() {
		return ""
	}
	var found []*cookie
	for i := range f.jar {
		c := &f.jar[i]
		if !c.belongsTo(f.current.Host) {
			continue
		}
		if why := f.keepsBack(c); why != "" {
			f.keptBack(c, why)
			continue
		}
		if c.given {
			f.assumeThirdParty(c)
		}
		found = append(found, c)
	}
	slices.SortStableFunc(found, func(x, y *cookie) int { return len(y.path) - len(x.path) })
	out := make([]string, len(found))
	for i, c := range found {
		out[i] = c.pair
	}
	return strings.Join(out, "; ")
}

// keepsBack says why a cookie does not go along, or nothing.
func (f *Fetch) keepsBack(c *cookie) string {
	foreign := f.foreignCookies()
	switch {
	case c.secure && !f.p.securely(f.current):
		return "it is Secure and the URL is not https"
	case !pathMatches(f.current.Path, c.path):
		return "its Path is " + c.path
	case f.crossSiteCookies() && f.p.effectiveSameSite(c) != "none":
		return f.siteWhy(c)
	case c.partition != "":
		if c.partition != f.partition() {
			return "it is Partitioned and was stored under another site"
		}
		return ""
	case foreign && f.thirdParty() != ThirdPartyAllow,
		f.beenForeign && f.p.SameSiteSeesRedirects && f.thirdParty() == ThirdPartyBlock:
		return f.p.ThirdPartyWhy
	}
	return ""
}

func (f *Fetch) keptBack(c *cookie, why string) {
	if c.given {
		f.assume(fmt.Sprintf("the cookie %s stays in the jar: %s", c.name, why))
	}
}

// assumeThirdParty says that a cookie travels by the user's leave only.
func (f *Fetch) assumeThirdParty(c *cookie) {
	if c.partition == "" && f.foreignCookies() && f.req.ThirdParty == "" {
		f.assume("third-party cookies are allowed, as in Chrome's normal windows: Incognito windows and Debian's Chromium block them")
	}
}

func (f *Fetch) assume(note string) {
	if !slices.Contains(f.result.Assumptions, note) {
		f.result.Assumptions = append(f.result.Assumptions, note)
	}
}

// foreignCookies reports whether the URL's cookies are those of another site than
// the page's.
func (f *Fetch) foreignCookies() bool {
	if f.page == nil {
		return true
	}
	if f.p.SchemefulCookies {
		return f.site() == "cross-site"
	}
	return !f.sameDomain()
}

func (f *Fetch) thirdParty() ThirdParty {
	if f.req.ThirdParty != "" && f.p.ThirdParty != ThirdPartyPartition {
		return f.req.ThirdParty
	}
	return f.p.ThirdParty
}

// crossSiteCookies reports whether SameSite keeps Lax and Strict cookies back.
func (f *Fetch) crossSiteCookies() bool {
	if f.foreignCookies() || !f.p.SameSiteSeesRedirects || !f.beenForeign && !f.becameSecure {
		return f.foreignCookies()
	}
	return !f.p.HomeIsSameSite || f.page.Host != f.current.Host
}

// partition names the jar of the page's site.
func (f *Fetch) partition() string {
	switch {
	case f.page == nil:
		return NullOrigin
	case f.p.PartitionsForeign && f.foreignCookies():
		return f.page.schemefulSite() + " of third parties"
	}
	return f.page.schemefulSite()
}

func (u *URL) schemefulSite() string {
	if site := u.site(); site != "" {
		return u.Scheme + "://" + site
	}
	return u.Scheme + "://" + u.Host
}

// effectiveSameSite is what counts where a cookie says nothing about SameSite.
func (p *Profile) effectiveSameSite(c *cookie) string {
	switch {
	case c.sameSite != "":
		return c.sameSite
	case p.LaxByDefault:
		return "lax"
	}
	return "none"
}
