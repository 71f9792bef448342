package fetch

import (
	"slices"
	"strings"
)

// A headerSlot is one line of a request, or none: its value is made for the
// request at hand and the line left out where it is empty.
type headerSlot struct {
	name  string
	value func(f *Fetch) string
	// scripts: a value set by script takes its place; fillsEmpty: it is the value of
	// an empty line that script set, in that line's place.
	scripts, fillsEmpty bool
	// lines writes several lines in the slot's place.
	lines func(f *Fetch, out []Header) []Header
}

// scriptSlot stands for all headers set by script that no other slot took.
var scriptSlot = headerSlot{}

// build makes the header lines of a message.
func (p *Profile) build(f *Fetch, slots []headerSlot) []Header {
	out := f.room.roomForLines()
	for i := range slots {
		slot := &slots[i]
		if slot.lines != nil {
			out = slot.lines(f, out)
			continue
		}
		if slot.name == "" {
			out = f.appendScripts(out, slots)
			continue
		}
		if slot.scripts || slot.fillsEmpty {
			if h := f.scriptHeader(slot.name); h != nil {
				if slot.scripts {
					out = append(out, Header{slot.name, h.Value})
				}
				continue
			}
		}
		if v := slot.value(f); v != "" {
			out = append(out, Header{slot.name, v})
		}
	}
	if p.WriteValue != nil {
		for i := range out {
			out[i].Value = p.WriteValue(out[i].Value)
		}
	}
	return f.room.keepLines(out)
}

// appendScripts writes what script set, as far as no slot does.
func (f *Fetch) appendScripts(out []Header, slots []headerSlot) []Header {
next:
	for _, h := range f.headers {
		if slices.ContainsFunc(out, func(o Header) bool { return equalFold(o.Name, h.Name) }) {
			continue // a slot has written it
		}
		for i := range slots {
			slot := &slots[i]
			if !(slot.scripts || slot.fillsEmpty) || !equalFold(slot.name, h.Name) {
				continue
			}
			if slot.scripts {
				continue next
			}
			if h.Value == "" {
				h.Value = slot.value(f)
			}
		}
		out = append(out, h)
	}
	return out
}

// unlessScripted leaves a line to script where it set one.
func unlessScripted(name string, value func(*Fetch) string) func(*Fetch) string {
	return func(f *Fetch) string {
		if f.scriptHeader(name) != nil {
			return ""
		}
		return value(f)
	}
}

// when leaves a line out unless something holds of the request so far: some browsers
// write it in another place then. unless is the reverse.
func when(holds func(*Fetch) bool, value func(*Fetch) string) func(*Fetch) string {
	return func(f *Fetch) string {
		if !holds(f) {
			return ""
		}
		return value(f)
	}
}

func unless(holds func(*Fetch) bool, value func(*Fetch) string) func(*Fetch) string {
	return when(func(f *Fetch) bool { return !holds(f) }, value)
}

func originAnew(f *Fetch) bool { return f.originAnew }

func redirected(f *Fetch) bool { return f.redirected }

// fixed is a slot's value that never changes.
func fixed(value string) func(*Fetch) string { return func(*Fetch) string { return value } }

// userAgent is a slot's User-Agent: that of the request, else the browser's own.
func userAgent(own string) func(*Fetch) string {
	return func(f *Fetch) string { return userAgentOr(f, own) }
}

func userAgentOr(f *Fetch, own string) string {
	if f.req.UserAgent != "" {
		return f.req.UserAgent
	}
	return own
}

// encodings: a request with Range asks for no compression, so that the range
// counts bytes of the resource. https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
func encodings(all func(*Fetch) string) func(*Fetch) string {
	return func(f *Fetch) string {
		if f.scriptHeader("range") != nil {
			return "identity"
		}
		return all(f)
	}
}

// allEncodings: Chrome and Firefox ask for the newer encodings only where nothing
// on the way can trip over them, which is https or this machine.
func allEncodings(f *Fetch) string {
	if f.current.PotentiallyTrustworthy() {
		return "gzip, deflate, br, zstd"
	}
	return "gzip, deflate"
}

// preflightOrigin is the origin that a preflight carries and is held against.
func preflightOrigin(f *Fetch) string {
	if f.p.UntaintedPreflight {
		return f.origin
	}
	return f.requestOrigin()
}

// originValue: every CORS request has Origin, and every other whose method is
// neither GET nor HEAD. https://fetch.spec.whatwg.org/#append-a-request-origin-header
func originValue(f *Fetch) string {
	forStorage := f.p.SendsOriginForStorage && (storageAccessOnce(f) == "inactive" || f.hadOrigin && !f.p.StorageAccessOnce) &&
		!(f.p.OpaqueRedirectTaints && f.methodChanged)
	if f.cors || f.opaque && forStorage {
		return f.requestOrigin()
	}
	if f.fetchMode() == ModeCORS && f.isElement() && f.p.ElementsSendOrigin {
		return f.requestOrigin()
	}
	if f.method != "GET" && f.method != "HEAD" || f.hadOrigin && f.p.KeepsOrigin && !(f.opaque && f.crossed) {
		return f.requestOrigin()
	}
	return ""
}

// referer follows strict-origin-when-cross-origin, every browser's default. Where
// the policy speaks of trustworthy URLs, all three look at the schemes: https to
// http is a downgrade, on loopback too, and nothing else is.
// https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
func referer(f *Fetch) string {
	switch {
	case f.document == nil, f.page == nil && !f.manner.referrer:
		return ""
	case f.downgraded: // now or at an earlier hop: what is gone does not come back
		return ""
	case f.current.SameOrigin(f.document.Origin()):
		return f.document.Display()
	}
	if f.originReferer == "" {
		f.originReferer = f.document.Origin() + "/"
	}
	return f.originReferer
}

func requestMethod(f *Fetch) string  { return f.method }
func requestHeaders(f *Fetch) string { return strings.Join(f.unsafe, ",") }

// fetchDest is Sec-Fetch-Dest, the request's destination.
// https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-dest
func fetchDest(f *Fetch) string { return f.traits.destination }

// fetchMode is Sec-Fetch-Mode, the request's mode.
// https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-mode
func fetchMode(f *Fetch) string { return string(f.fetchMode()) }

// fetchMode is the request's mode, but that a browser may fetch fonts without CORS.
func (f *Fetch) fetchMode() Mode {
	if f.req.Initiator == InitiatorFont && f.p.FontsWithoutCORS {
		return ModeNoCORS
	}
	return f.mode
}

// whenTrustworthy: fetch metadata goes only to potentially trustworthy URLs.
// https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request
func whenTrustworthy(value func(*Fetch) string) func(*Fetch) string {
	return func(f *Fetch) string {
		if !f.current.PotentiallyTrustworthy() {
			return ""
		}
		return value(f)
	}
}

// site is Sec-Fetch-Site for the current URL alone, worked out once a hop.
func (f *Fetch) site() string {
	if f.siteHere == "" {
		switch {
		case f.sameOrigin:
			f.siteHere = "same-origin"
		case f.page != nil && f.page.Scheme == f.current.Scheme && f.sameDomain():
			f.siteHere = "same-site"
		default:
			f.siteHere = "cross-site"
		}
	}
	return f.siteHere
}

// sameDomain reports whether the page and the current URL share their registrable
// domain, whatever their schemes; it is worked out once a hop.
func (f *Fetch) sameDomain() bool {
	if !f.domainKnown {
		f.domainKnown, f.domainHere = true, f.page != nil && f.page.SchemelesslySameSite(f.current)
	}
	return f.domainHere
}

// preflightSite is Sec-Fetch-Site of a preflight, which is a request of its own
// and has no redirects behind it.
func preflightSite(f *Fetch) string { return f.reckonedSite() }

// storageAccess: a request with credentials to another site says whether it has
// access to unpartitioned cookies. Where nobody gave any it has none, as in a fresh
// private window; from a sandboxed frame to the site of its page, it could have.
// https://privacycg.github.io/storage-access-headers/
func storageAccess(f *Fetch) string {
	switch {
	case !f.include() || f.site() != "cross-site":
		return ""
	case f.storageInactive():
		return "inactive"
	case f.thirdParty() == ThirdPartyAllow && (f.req.ThirdParty != "" || f.stocked):
		return "active"
	}
	return "none"
}

// storageAccessOnce: see Profile.StorageAccessOnce.
func storageAccessOnce(f *Fetch) string {
	if f.anyCrossed && f.p.StorageAccessOnce {
		return ""
	}
	return storageAccess(f)
}

// storageInactive reports whether a sandboxed frame asks the site of its own URL, which
// could give it its cookies.
func (f *Fetch) storageInactive() bool {
	if f.page != nil || f.document == nil {
		return false
	}
	if f.p.SchemefulCookies {
		return f.document.SameSite(f.current)
	}
	return f.document.SchemelesslySameSite(f.current)
}

// worstSite is Sec-Fetch-Site over the redirects so far: the farthest counts.
// https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-site
func worstSite(f *Fetch) string {
	f.noteSite(f.reckonedSite())
	return f.crossSite
}

// reckonedSite is Sec-Fetch-Site for the current URL alone as the browser reckons
// sites.
func (f *Fetch) reckonedSite() string {
	if f.p.Site != nil {
		return f.p.Site(f)
	}
	return f.site()
}

// noteSite keeps a site for worstSite, if it is farther than those of the hops so far.
func (f *Fetch) noteSite(site string) {
	if siteRank(site) > siteRank(f.crossSite) {
		f.crossSite = site
	}
}

// siteRank is how far a site is.
func siteRank(site string) int {
	switch site {
	case "same-origin":
		return 1
	case "same-site":
		return 2
	case "cross-site":
		return 3
	}
	return 0
}

// conditional reports whether script made the request a conditional one, which
// turns the browser's own cache off.
// https://fetch.spec.whatwg.org/#http-network-or-cache-fetch, "If-Modified-Since ... no-store"
func (f *Fetch) conditional() bool {
	for _, name := range []string{"if-modified-since", "if-none-match", "if-unmodified-since", "if-match", "if-range"} {
		if f.scriptHeader(name) != nil {
			return true
		}
	}
	return false
}

// whenNoCache and whenConditional are values that only such requests have.
func whenNoCache(value string) func(*Fetch) string {
	return func(f *Fetch) string {
		if f.noCache() {
			return value
		}
		return ""
	}
}

func whenConditional(value string) func(*Fetch) string {
	return func(f *Fetch) string {
		if f.conditional() {
			return value
		}
		return ""
	}
}
