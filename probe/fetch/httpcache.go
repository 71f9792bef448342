package fetch

import (
	"slices"
	"strings"
)

// redirectCache is the HTTP cache, as far as one fetch meets it: a chain of
// redirects that comes back to a URL may be answered from there. Any other answer
// ends the fetch, so only redirects are kept.
// https://httpwg.org/specs/rfc9111.html
type redirectCache struct {
	entries []*storedRedirect
	// inMemory: see HTTPCacheProfile.PermanentInMemory.
	inMemory bool
}

type storedRedirect struct {
	message  Message
	response *Response
	used     bool
	inMemory bool
}

// permanentOverHTTP reports whether the redirect is one that a browser may keep in
// memory only.
func (e *storedRedirect) permanentOverHTTP() bool {
	return isPermanent(e.response.Status) && e.message.URL.Scheme == "http"
}

// store keeps the answer to a message, if it is one that the browser would answer
// a later request with.
func (c *redirectCache) store(f *Fetch, m *Message, resp *Response) {
	if !f.p.isRedirect(resp) || !f.cachesRedirects(m.Method) || !f.p.FreshRedirect(f, resp) {
		return
	}
	if location, _ := f.p.locationValue(resp); location == "" {
		return // what comes back from the cache has no empty headers
	}
	kept := &storedRedirect{message: *m, response: resp}
	kept.inMemory = c.inMemory || kept.permanentOverHTTP()
	c.entries = slices.DeleteFunc(c.entries, func(e *storedRedirect) bool {
		same := e.message.URL.Display() == m.URL.Display() && (!f.p.CacheKnowsCredentials || e.message.Credentials == m.Credentials)
		kept.used = kept.used || same && e.used
		return same
	})
	c.entries = append(c.entries, kept)
}

// answer returns the kept answer to a message; nil where it has to be sent.
func (c *redirectCache) answer(f *Fetch, m *Message) *Response {
	if len(c.entries) == 0 || f.conditional() || f.reloads() {
		return nil
	}
	if h := f.scriptHeader("range"); h != nil && f.p.RangeIsUncached != nil && f.p.RangeIsUncached(h.Value) {
		return nil
	}
	for _, e := range c.entries {
		if f.p.CacheKnowsCredentials && e.message.Credentials != m.Credentials {
			continue
		}
		if e.message.Method != m.Method || e.message.URL.Display() != m.URL.Display() || !e.selects(m) {
			continue
		}
		if f.p.CachedRedirectOnce && (e.used || f.loopsStraight(e, m)) {
			return nil
		}
		if c.inMemory && !e.inMemory {
			return nil
		}
		e.used = true
		c.inMemory = c.inMemory || f.p.PermanentInMemory && e.permanentOverHTTP()
		return e.response
	}
	return nil
}

// loopsStraight reports whether a redirect that is not permanent, or that of an
// image, leads straight back to the very same URL; one without a fragment has not
// inherited one yet.
func (f *Fetch) loopsStraight(e *storedRedirect, m *Message) bool {
	return (!isPermanent(e.response.Status) || f.req.Initiator == InitiatorImage) &&
		m.Hop == e.message.Hop+1 && f.result.ownLocation == e.message.URL.String()
}

// selects reports whether the headers named by Vary are those of the kept message.
// https://httpwg.org/specs/rfc9111.html#caching.negotiated.responses
func (e *storedRedirect) selects(m *Message) bool {
	vary, _ := e.response.Get("Vary")
	for name := range strings.SplitSeq(vary, ",") {
		name = trimOWS(name)
		before, _ := e.message.Get(name)
		if now, _ := m.Get(name); now != before {
			return false
		}
	}
	return true
}

// cachesRedirects reports whether the HTTP cache has to do with requests of a method.
func (f *Fetch) cachesRedirects(method string) bool {
	switch {
	case f.p.FreshRedirect == nil, f.noCache(), f.page == nil && f.p.OpaqueOriginUncached:
		return false
	}
	return method == "GET" || method == "HEAD" && f.p.CachesHEAD
}

// reloads reports whether script asks for an answer past the cache.
func (f *Fetch) reloads() bool { return f.p.Reloads != nil && f.p.Reloads(f) }

// chromeReloads: one directive of several is enough, and so is Pragma.
func chromeReloads(f *Fetch) bool {
	asks := func(name string, directives ...string) bool {
		h := f.scriptHeader(name)
		return h != nil && slices.ContainsFunc(directives, func(d string) bool { return hasDirective(h.Value, d) })
	}
	return asks("cache-control", "no-cache", "max-age=0") || asks("pragma", "no-cache")
}

// firefoxReloads: how old an answer may be counts in whole seconds, and all within one
// chain are of the same.
func firefoxReloads(f *Fetch) bool {
	h := f.scriptHeader("cache-control")
	if h == nil {
		return false
	}
	words, seconds, stated := firefoxCacheControl(h.Value)
	return words["no-cache"] || words["no-store"] || stated && seconds == 0
}
