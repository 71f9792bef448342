package fetch

import (
	"strconv"
	"strings"
)

// preflightCache is the CORS-preflight cache, as far as one fetch meets it: on a
// redirect to a URL that was preflighted before. Whatever is cached for at
// least a second is taken to be fresh until the fetch ends.
// https://fetch.spec.whatwg.org/#concept-cache
type preflightCache struct {
	entries []cacheEntry
}

type cacheEntry struct {
	origin string
	url    *URL
	answer *Response // its lists as sent; a * in them counts as for a preflight
}

// store keeps the answer to a preflight that has passed.
// https://fetch.spec.whatwg.org/#concept-cache-create-entry
func (c *preflightCache) store(f *Fetch, resp *Response) {
	value, present := f.p.get(resp, "Access-Control-Max-Age")
	if f.p.maxAge(value, present) <= 0 {
		return
	}
	c.entries = append(c.entries, cacheEntry{preflightOrigin(f), f.current, resp})
}

// covers reports whether a cached answer makes the preflight unnecessary.
// https://fetch.spec.whatwg.org/#concept-cache-match-method
func (c *preflightCache) covers(f *Fetch) bool {
	if f.p.ConditionalSkipsCache && f.conditional() || f.p.TaintedSkipsCache && f.tainted {
		return false
	}
	for _, e := range c.entries {
		if e.origin == preflightOrigin(f) && e.url.Display()+e.url.Fragment == f.current.Display()+f.current.Fragment && e.allow(f) {
			return true
		}
	}
	return false
}

// allow reports whether the cached answer covers the method and every header that calls
// for a preflight. https://fetch.spec.whatwg.org/#concept-cache-match-header
func (e cacheEntry) allow(f *Fetch) bool {
	wildcard := !f.include() && !f.p.WildcardNeverCached
	methods, _ := e.answer.Get("Access-Control-Allow-Methods")
	headers, _ := e.answer.Get("Access-Control-Allow-Headers")
	safelisted := IsSafelistedMethod(f.method) && !(f.p.CachedMethodsNameHEAD && f.method == "HEAD")
	if !safelisted && !listAllows(methods, f.method, false, wildcard) {
		return false
	}
	for _, name := range f.unsafe {
		if !listAllows(headers, name, true, wildcard && !(f.p.AuthorizationNotCached && name == "authorization")) {
			return false
		}
	}
	return true
}

const defaultMaxAge = 5 // seconds

// MaxAge is for how many seconds the browser caches a preflight with this
// Access-Control-Max-Age; present is false where the header is missing.
// https://fetch.spec.whatwg.org/#http-access-control-max-age
func (p *Profile) MaxAge(value string, present bool) int { return p.maxAge(value, present) }

func (p *Profile) maxAge(value string, present bool) int {
	if !present || value == "" {
		return defaultMaxAge
	}
	digits := value
	if p.MaxAgeAcceptsSign {
		digits = strings.TrimPrefix(strings.TrimPrefix(value, "+"), "-")
	}
	if digits == "" || !allDigits(digits) {
		return p.MaxAgeMalformed
	}
	if strings.HasPrefix(value, "-") {
		return 0
	}
	n, err := strconv.Atoi(digits)
	if err != nil { // more digits than an integer holds
		if p.MaxAgeOverflow >= 0 {
			return p.MaxAgeOverflow
		}
		n = p.MaxAgeCap
	}
	return min(n, p.MaxAgeCap)
}
