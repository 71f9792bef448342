package fetch

// blocksMixedContent reports whether a page may not fetch the URL because it
// would be mixed content. https://w3c.github.io/webappsec-mixed-content/#should-block-fetch
func (p *Profile) blocksMixedContent(page, u *URL) bool {
	if page == nil || page.Scheme != "https" || u.Scheme != "http" {
		return false
	}
	return p.LoopbackIsMixed || !u.IsLoopback()
}
