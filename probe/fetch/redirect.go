package fetch

import (
	"strconv"
	"strings"
)

const maxRedirects = 20

// isRedirect reports whether a browser follows the response somewhere: a
// redirect status with a Location. https://fetch.spec.whatwg.org/#redirect-status
func isRedirect(resp *Response) bool {
	if !isRedirectStatus(resp.Status) {
		return false
	}
	location, ok := resp.Get("Location")
	return ok && location != ""
}

func isRedirectStatus(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// receiveRedirect is HTTP fetch for a redirect status, and HTTP-redirect fetch:
// the browser's checks in the browser's order, then the next hop.
// https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
func (f *Fetch) receiveRedirect(resp *Response) {
	value, _ := resp.Get("Location")
	f.result.location = value
	to, err := f.location(value)
	if err == nil {
		f.result.location = to.String()
	}
	for _, check := range f.p.RedirectOrder {
		if !check(f, resp, to) {
			return
		}
	}
	f.follow(resp, to)
}

// location parses a response's location URL; it inherits the fragment.
// https://fetch.spec.whatwg.org/#concept-response-location-url
func (f *Fetch) location(value string) (*URL, error) {
	u, err := ParseURL(value, f.current)
	if err != nil {
		return nil, err
	}
	if u.Fragment == "" {
		u.Fragment = f.current.Fragment
	}
	return u, nil
}

// follow goes to the next hop. https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
func (f *Fetch) follow(resp *Response, to *URL) {
	f.redirects++
	f.pass(RuleRedirectCount, strconv.Itoa(f.redirects), strconv.Itoa(maxRedirects))
	if f.p.RedirectRestoresHeaders {
		if f.crossed {
			f.scripted = without(f.scripted, "authorization")
		}
		f.headers = f.scripted
	}
	f.crossed = to.Origin() != f.current.Origin()
	f.rewriteMethod(resp.Status)
	// The origin is tainted once two hops in a row are foreign to the page and
	// to each other.
	if f.crossed {
		if !f.sameOrigin {
			f.tainted = true
		}
		f.dropHeader("authorization")
	}
	for _, name := range f.p.HopHeaders {
		f.dropHeader(name)
	}
	f.current = to
	f.startHop()
}

// A redirectCheck records its steps and reports whether the redirect goes on; to
// is nil where Location is no URL.
type redirectCheck func(f *Fetch, resp *Response, to *URL) bool

func checkLocation(f *Fetch, _ *Response, to *URL) bool {
	if to == nil {
		f.fail(RuleRedirectLocation, f.result.location, "")
		return false
	}
	return true
}

// checkLocationToFollow is checkLocation where the redirect is to be followed.
func checkLocationToFollow(f *Fetch, resp *Response, to *URL) bool {
	return f.req.Redirect != RedirectFollow || checkLocation(f, resp, to)
}

// checkRedirectCORS: a redirect is a response like any other.
// https://fetch.spec.whatwg.org/#concept-http-fetch step 4.4
func checkRedirectCORS(f *Fetch, resp *Response, _ *URL) bool {
	return !f.cors || f.corsCheck(resp, f.requestOrigin())
}

// checkRedirectError: https://fetch.spec.whatwg.org/#concept-http-fetch step 6
func checkRedirectError(f *Fetch, _ *Response, _ *URL) bool {
	if f.req.Redirect == RedirectError {
		f.fail(RuleRedirectMode, string(f.req.Redirect), "")
		return false
	}
	return true
}

// checkRedirectErrorFirst is checkRedirectError for a Location that is a URL.
func checkRedirectErrorFirst(f *Fetch, resp *Response, to *URL) bool {
	return to == nil || checkRedirectError(f, resp, to)
}

// checkRedirectManual ends the fetch with an opaque-redirect filtered response.
func checkRedirectManual(f *Fetch, _ *Response, _ *URL) bool {
	if f.req.Redirect == RedirectManual {
		f.result.Verdict, f.result.Type = Allowed, TypeOpaqueRedirect
		f.end()
		return false
	}
	return true
}

func checkRedirectUnsafe(f *Fetch, _ *Response, to *URL) bool {
	if to == nil {
		return true
	}
	if _, unsafe := f.p.UnsafeRedirectSchemes[to.Scheme]; unsafe {
		f.fail(RuleRedirectUnsafe, to.Scheme+":", "")
		return false
	}
	return true
}

func checkRedirectScheme(f *Fetch, _ *Response, to *URL) bool {
	if to.Scheme != "http" && to.Scheme != "https" {
		f.fail(RuleRedirectScheme, to.Scheme+":", "")
		return false
	}
	return true
}

func checkRedirectCount(f *Fetch, _ *Response, _ *URL) bool {
	if f.redirects == maxRedirects {
		f.fail(RuleRedirectCount, strconv.Itoa(maxRedirects+1), strconv.Itoa(maxRedirects))
		return false
	}
	return true
}

// checkRedirectUserinfo: a URL with a user name is refused where the request is
// a CORS one, or is about to become one.
func checkRedirectUserinfo(f *Fetch, _ *Response, to *URL) bool {
	if !to.hasUserinfo() || f.p.ForeignRedirectUnchecked && !f.cors {
		return true
	}
	if f.mode == ModeCORS && !to.SameOrigin(f.origin) || f.cors {
		f.fail(RuleRedirectUserinfo, to.Display(), "")
		return false
	}
	return true
}

// checkCurrentUserinfo is what ForeignRedirectUnchecked leaves for later.
func (f *Fetch) checkCurrentUserinfo() bool {
	if f.current.hasUserinfo() {
		f.result.failing = f.lastActual()
		f.fail(RuleRedirectUserinfo, f.current.Display(), "")
		return false
	}
	return true
}

func (u *URL) hasUserinfo() bool { return u.Username != "" || u.Password != "" }

// lastActual is the last exchange that was not a preflight.
func (f *Fetch) lastActual() *Exchange {
	for i := len(f.result.Exchanges) - 1; i >= 0; i-- {
		if x := &f.result.Exchanges[i]; x.Message.Kind == Actual {
			return x
		}
	}
	return nil
}

// rewriteMethod says which statuses turn which methods into GET, and what goes
// with the body. https://fetch.spec.whatwg.org/#request-body-header-name
func (f *Fetch) rewriteMethod(status int) {
	toGet := (status == 301 || status == 302) && f.method == "POST" ||
		status == 303 && f.method != "GET" && f.method != "HEAD" ||
		f.p.RewritesForeignDelete && f.crossed && f.method == "DELETE"
	if !toGet {
		return
	}
	f.method, f.body = "GET", nil
	for _, name := range f.p.BodyHeaders {
		f.dropHeader(name)
	}
}

// dropHeader removes a header for this hop and the ones after it.
func (f *Fetch) dropHeader(name string) {
	f.headers = without(f.headers, name)
	f.typed = without(f.typed, name)
}

// without copies where it removes, as messages and the request share the list.
func without(headers []Header, name string) []Header {
	if _, ok := combined(headers, name); !ok {
		return headers
	}
	kept := make([]Header, 0, len(headers))
	for _, h := range headers {
		if !strings.EqualFold(h.Name, name) {
			kept = append(kept, h)
		}
	}
	return kept
}
