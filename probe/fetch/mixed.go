package fetch

// checkMixedContent refuses plain http to a page that came over https.
// https://w3c.github.io/webappsec-mixed-content/#should-block-fetch
func (f *Fetch) checkMixedContent() bool {
	u := f.current
	if f.document == nil || f.document.Scheme != "https" || u.Scheme != "http" || u.IsLoopback() && !f.p.LoopbackIsMixed {
		return true
	}
	f.result.blocked = u.Display() + u.Fragment
	f.fail(RuleMixedContent, u.Display(), "")
	return false
}

// mixedAfterPreflight reports whether the browser looks for mixed content only
// when the preflight of this hop has passed.
func (f *Fetch) mixedAfterPreflight() bool { return f.p.PreflightsMixedRedirects && f.redirects > 0 }
