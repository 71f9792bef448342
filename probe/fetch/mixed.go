package fetch

import "strings"

// checkMixedContent refuses plain http to a page that came over https.
// https://w3c.github.io/webappsec-mixed-content/#should-block-fetch
func (f *Fetch) checkMixedContent() bool {
	return f.checkMixed(f.current)
}

// checkMixed is checkMixedContent for any URL, such as one that a redirect leads to.
func (f *Fetch) checkMixed(u *URL) bool {
	if !f.isMixed(u) {
		return true
	}
	f.result.blocked = u.Display() + u.Fragment
	f.fail(RuleMixedContent, u.Display(), "")
	return false
}

// isMixed reports whether a URL is mixed content. Loopback is none, as a rule:
// see SecurityProfile.LoopbackIsMixed.
// https://w3c.github.io/webappsec-mixed-content/#mixed-content
func (f *Fetch) isMixed(u *URL) bool {
	return f.downgrades(u) && (!u.IsLoopback() || f.p.LoopbackIsMixed && (f.req.Initiator != InitiatorImage || f.redirects > 0))
}

// onHTTPS reports whether the page came over https; downgrades, whether a URL is plain
// http to such a page.
func (f *Fetch) onHTTPS() bool { return f.document != nil && f.document.Scheme == "https" }

func (f *Fetch) downgrades(u *URL) bool { return f.onHTTPS() && u.Scheme == "http" }

// upgrade is the URL that is fetched for an image in place of mixed content: the same
// over https. https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm
func (f *Fetch) upgrade(u *URL) *URL {
	if !f.isMixedImage(u) {
		return u
	}
	image := mixedImage{u, f.redirects, f.upgrades(u)}
	f.result.mixed = append(f.result.mixed, image)
	if !image.upgraded {
		return u
	}
	secure := *u
	secure.Scheme = "https"
	f.pass(RuleMixedUpgrade, u.Display(), secure.Display())
	f.redirected = f.redirected || f.p.UpgradeIsRedirect
	return &secure
}

// isMixedImage reports whether an image is to be fetched from mixed content, which is
// upgraded where that can be.
// https://w3c.github.io/webappsec-mixed-content/#category-upgradeable
func (f *Fetch) isMixedImage(u *URL) bool {
	return f.req.Initiator == InitiatorImage && f.downgrades(u)
}

// upgrades reports whether it can: not where the host needs no https, or cannot have it.
func (f *Fetch) upgrades(u *URL) bool {
	return f.isMixedImage(u) && (!u.isLocal() || f.p.UpgradesLocalRedirects && f.redirects > 0 && !f.first.isLocal())
}

// isLocal reports whether the host is an IP address or loopback, which need no
// https, or cannot have it.
func (u *URL) isLocal() bool {
	_, isAddress := u.Addr()
	return isAddress || u.IsLoopback()
}

// A mixedImage is a URL of mixed content that an image was to be fetched from.
type mixedImage struct {
	url      *URL
	hop      int
	upgraded bool
}

// UpgradedFrom is the URL of mixed content in whose place the last message asked over
// https; nil where there is none.
func (r *Result) UpgradedFrom() *URL {
	x, n := r.lastExchange(), len(r.mixed)
	if x == nil || n == 0 || !r.mixed[n-1].upgraded || r.mixed[n-1].hop != x.Message.Hop {
		return nil
	}
	return r.mixed[n-1].url
}

// chromeMixedNotes: the console's first message is what became of the URL that the page
// has; nothing is said of redirects.
func chromeMixedNotes(r *Result, console string) string {
	if len(r.mixed) == 0 || r.mixed[0].hop > 0 {
		return console
	}
	what := "not upgraded to HTTPS because it is a local network request."
	if _, isAddress := r.mixed[0].url.Addr(); isAddress {
		what = "not upgraded to HTTPS because its URL's host is an IP address."
	}
	if r.mixed[0].upgraded {
		what = "automatically upgraded to HTTPS, For more information see https://blog.chromium.org/2019/10/no-more-mixed-messages-about-https.html"
	}
	return "Mixed Content: The page at '" + r.page() + "' was loaded over HTTPS, but requested an insecure element '" +
		r.mixed[0].url.withoutUserinfo() + "'. This request was " + what
}

// safariMixedNotes: every such URL has a message, before all others.
func safariMixedNotes(r *Result, console string) string {
	var b strings.Builder
	for i, image := range r.mixed {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("The page at " + r.page() + " requested insecure content from " + image.url.withoutUserinfo() + ". This content was ")
		if image.upgraded {
			b.WriteString("automatically upgraded and should be served over HTTPS.\n")
		} else {
			b.WriteString("not upgraded to HTTPS and must be served from the local host.\n")
		}
	}
	if b.Len() > 0 && console != "" {
		b.WriteByte('\n')
	}
	return b.String() + console
}

// mixedAfterPreflight reports whether the browser looks for mixed content only
// when the preflight of this hop has passed.
func (f *Fetch) mixedAfterPreflight() bool { return f.p.PreflightsMixedRedirects && f.redirects > 0 }

// checkRedirectMixed: a redirect to mixed content fails for that, whatever CORS says,
// unless the mode same-origin permits no such redirect at all.
func checkRedirectMixed(f *Fetch, _ *Response, to *URL) bool {
	return f.upgrades(to) || f.mode == ModeSameOrigin || f.checkMixed(to)
}

// checkRedirectMixedScheme: where CORS does not apply, a redirect from a page on https to
// a scheme that is not known to be secure is mixed content, too.
func checkRedirectMixedScheme(f *Fetch, _ *Response, to *URL) bool {
	if f.cors || !f.onHTTPS() {
		return true
	}
	switch to.Scheme {
	case "http", "https", "wss", "about", "data", "blob", "file", "ftp":
		return true
	}
	f.result.blocked = to.String()
	f.fail(RuleMixedContent, to.String(), "")
	return false
}

// checkTargetMixed: a preflight that is redirected to mixed content fails for that.
func checkTargetMixed(f *Fetch, _ *Response, to *URL) bool { return f.checkMixed(to) }
