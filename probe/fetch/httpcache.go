package fetch

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// redirectCache is the HTTP cache, as far as one fetch meets it: a chain of
// redirects that comes back to a URL may be answered from there. Any other answer
// ends the fetch, so only redirects are kept. There is no clock here: an answer
// with a Date is taken to be as old as its Age says.
// https://httpwg.org/specs/rfc9111.html
type redirectCache struct {
	entries []*storedRedirect
}

type storedRedirect struct {
	message  Message
	response *Response
	used     bool
}

// store keeps the answer to a message, if it is one that the browser would answer
// a later request with.
func (c *redirectCache) store(f *Fetch, m *Message, resp *Response) {
	if !f.p.isRedirect(resp) || !f.cachesRedirects(m.Method) || !f.p.FreshRedirect(resp) {
		return
	}
	kept := &storedRedirect{message: *m, response: resp}
	c.entries = slices.DeleteFunc(c.entries, func(e *storedRedirect) bool {
		same := e.message.URL.Display() == m.URL.Display()
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
	for _, e := range c.entries {
		if e.message.Method != m.Method || e.message.URL.Display() != m.URL.Display() || !e.selects(m) {
			continue
		}
		if f.p.CachedRedirectOnce && (e.used || f.loopsStraight(e, m) || f.scriptHeader("range") != nil) {
			return nil
		}
		e.used = true
		return e.response
	}
	return nil
}

// loopsStraight reports whether a redirect that is not permanent, or that of an
// image, leads straight back to the very same URL.
func (f *Fetch) loopsStraight(e *storedRedirect, m *Message) bool {
	return (!isPermanent(e.response.Status) || f.req.Initiator == InitiatorImage) &&
		m.Hop == e.message.Hop+1 && m.URL.String() == e.message.URL.String()
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

func (f *Fetch) cachesRedirects(method string) bool {
	switch {
	case f.p.FreshRedirect == nil, f.noCache(), f.page == nil && f.p.OpaqueOriginUncached:
		return false
	}
	return method == "GET" || method == "HEAD" && f.p.CachesHEAD
}

// reloads reports whether script asks for an answer past the cache.
func (f *Fetch) reloads() bool {
	for name, directives := range map[string][]string{"cache-control": {"no-cache", "max-age=0"}, "pragma": {"no-cache"}} {
		if h := f.scriptHeader(name); h != nil && slices.Contains(directives, strings.ToLower(h.Value)) {
			return true
		}
	}
	return false
}

// lifetime is for how many seconds an answer says that it is fresh; stated is
// false where it does not say. Chrome adds stale-while-revalidate.
// https://httpwg.org/specs/rfc9111.html#calculating.freshness.lifetime
func lifetime(resp *Response, addStale bool) (seconds int, stated bool) {
	control, _ := resp.Get("Cache-Control")
	pragma, _ := resp.Get("Pragma")
	vary, _ := resp.Get("Vary")
	if hasDirective(control, "no-store") || hasDirective(control, "no-cache") || hasDirective(pragma, "no-cache") || hasDirective(vary, "*") {
		return 0, true
	}
	seconds, stated = directiveSeconds(control, "max-age")
	if stale, ok := directiveSeconds(control, "stale-while-revalidate"); ok && addStale {
		seconds, stated = seconds+stale, true
	}
	if !stated {
		seconds, stated = expiresIn(resp)
	}
	age, _ := resp.Get("Age")
	if n, err := strconv.Atoi(age); err == nil {
		seconds -= n
	}
	return seconds, stated
}

// expiresIn is Expires less Date; without a Date an answer that has Expires is
// taken to be stale.
func expiresIn(resp *Response) (seconds int, stated bool) {
	value, _ := resp.Get("Expires")
	if value == "0" {
		return 0, true
	}
	expires, ok := parseDate(value)
	if !ok {
		return 0, false
	}
	value, _ = resp.Get("Date")
	date, ok := parseDate(value)
	if !ok {
		return 0, true
	}
	return int(expires.Sub(date) / time.Second), true
}

// parseDate reads the three forms of a date in a header.
// https://httpwg.org/specs/rfc9110.html#http.date
func parseDate(value string) (date time.Time, ok bool) {
	for _, layout := range []string{"Mon, 02 Jan 2006 15:04:05 GMT", time.RFC850, time.ANSIC} {
		if date, err := time.Parse(layout, value); err == nil {
			return date, true
		}
	}
	return time.Time{}, false
}

func isPermanent(status int) bool { return status == 301 || status == 308 }

// hasDirective reports whether a list names a directive, in any letter case.
func hasDirective(list, directive string) bool { return listAllows(list, directive, true, false) }

// directiveSeconds is the number of seconds in a directive like "max-age=60".
func directiveSeconds(list, directive string) (seconds int, ok bool) {
	for d := range strings.SplitSeq(list, ",") {
		name, value, _ := strings.Cut(trimOWS(d), "=")
		if n, err := strconv.Atoi(value); err == nil && n >= 0 && allDigits(value) && equalFold(name, directive) {
			return n, true
		}
	}
	return 0, false
}

// chromeFreshRedirect: a permanent redirect is fresh for ever where it does not
// say otherwise.
func chromeFreshRedirect(resp *Response) bool {
	seconds, stated := lifetime(resp, true)
	if !stated {
		return isPermanent(resp.Status)
	}
	return seconds > 0
}

// firefoxFreshRedirect: a permanent redirect with a Last-Modified before its Date
// is fresh for a tenth of its age.
func firefoxFreshRedirect(resp *Response) bool {
	seconds, stated := lifetime(resp, false)
	if stated {
		return seconds > 0
	}
	if !isPermanent(resp.Status) {
		return false
	}
	value, _ := resp.Get("Last-Modified")
	modified, ok := parseDate(value)
	if !ok {
		return false
	}
	value, _ = resp.Get("Date")
	date, ok := parseDate(value)
	return !ok || date.After(modified)
}
