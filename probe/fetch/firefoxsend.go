package fetch

const firefoxUserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"

// firefoxBodyType: a redirect takes the body along, and its type comes first.
func firefoxBodyType(f *Fetch, out []Header) []Header {
	if h := f.scriptHeader("content-type"); h != nil && f.body != nil && f.redirects > 0 {
		out = append(out, Header{"Content-Type", h.Value})
	}
	return out
}

// firefoxEarlyOrigin: Origin comes behind script's headers, until a redirect.
func firefoxEarlyOrigin(f *Fetch) bool { return f.cors && redirected(f) }

// firefoxLateOrigin: without CORS it is written with the fetch metadata.
func firefoxLateOrigin(f *Fetch) bool { return f.opaque }

// firefoxEarlyReferer: only fetch() says before script's headers which page asks.
func firefoxEarlyReferer(f *Fetch) bool { return f.req.Initiator == InitiatorFetch && !redirected(f) }

// firefoxStorageAccess: what is a third party is a matter of the host alone, and a
// redirect of a CORS request to another origin says nothing of storage.
func firefoxStorageAccess(f *Fetch) string {
	v := firefoxPreflightStorage(f)
	if v == "none" && f.leftCORS {
		return ""
	}
	if v != "none" && f.anyCrossed && f.p.StorageAccessOnce {
		return ""
	}
	return v
}

// firefoxPreflightStorage: a URL of the page's registrable domain is no third party,
// whatever its scheme.
func firefoxPreflightStorage(f *Fetch) string {
	if f.sameDomain() {
		return ""
	}
	return storageAccess(f)
}

// firefoxNoCache: XMLHttpRequest leaves the cache to script.
func firefoxNoCache(f *Fetch) string {
	if f.noCache() || f.conditional() && !f.isXHR() {
		return "no-cache"
	}
	return ""
}

// firefoxSite: the farthest hop counts, and a redirect from plain http is always
// far.
func firefoxSite(f *Fetch) string {
	if (f.cors || f.opaque) && f.plainHop {
		return "cross-site"
	}
	return worstSite(f)
}

// firefoxReckonedSite: on localhost and on an IP address the scheme does not
// divide sites.
func firefoxReckonedSite(f *Fetch) string {
	if f.page != nil && !f.sameOrigin && f.page.Host == f.current.Host && f.current.site() == "" {
		return "same-site"
	}
	return f.site()
}
