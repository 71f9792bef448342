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

// receiveRedirect is HTTP fetch for a redirect status, and HTTP-redirect fetch.
// https://fetch.spec.whatwg.org/#concept-http-fetch step 6
func (f *Fetch) receiveRedirect(resp *Response) {
	location, err := f.location(resp)
	if f.p.LocationBeforeCORS && !f.locationIsUsable(location, err, resp) {
		return
	}
	if f.cors && !f.corsCheck(resp) {
		return
	}
	switch f.req.Redirect {
	case RedirectError:
		f.fail(RuleRedirectMode, string(f.req.Redirect), "")
		return
	case RedirectManual:
		f.result.Verdict, f.result.Type = Allowed, TypeOpaqueRedirect
		f.end()
		return
	}
	if !f.p.LocationBeforeCORS && !f.locationIsUsable(location, err, resp) {
		return
	}
	f.redirectFetch(resp, location)
}

// location is the response's location URL; it inherits the fragment.
// https://fetch.spec.whatwg.org/#concept-response-location-url
func (f *Fetch) location(resp *Response) (*URL, error) {
	value, _ := resp.Get("Location")
	u, err := ParseURL(value, f.current)
	if err != nil {
		return nil, err
	}
	if u.Fragment == "" {
		u.Fragment = f.current.Fragment
	}
	return u, nil
}

// locationIsUsable: the location parses, and goes where a browser may go.
// https://fetch.spec.whatwg.org/#concept-http-redirect-fetch steps 3 to 6
func (f *Fetch) locationIsUsable(u *URL, err error, resp *Response) bool {
	if err != nil {
		value, _ := resp.Get("Location")
		f.result.location = value
		f.fail(RuleRedirectLocation, value, "")
		return false
	}
	if _, unsafe := f.p.UnsafeRedirectSchemes[u.Scheme]; unsafe {
		f.result.location = u.String()
		f.fail(RuleRedirectUnsafe, u.Scheme+":", "")
		return false
	}
	return true
}

// redirectFetch is HTTP-redirect fetch from its scheme check on.
// https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
func (f *Fetch) redirectFetch(resp *Response, to *URL) {
	for _, check := range f.p.RedirectOrder {
		if !check(f, to) {
			return
		}
	}
	f.redirects++
	f.pass(RuleRedirectCount, strconv.Itoa(f.redirects), strconv.Itoa(maxRedirects))
	// step 10: the origin is tainted once two hops in a row are foreign to
	// the page and to each other.
	sameHop := to.Origin() == f.current.Origin()
	if !sameHop && !f.current.SameOrigin(f.origin) {
		f.tainted = true
	}
	f.rewriteMethod(resp.Status)
	if !sameHop {
		f.dropHeader("authorization") // step 13
	}
	f.current = to
	f.startHop()
}

// A redirectCheck records its steps and reports whether the redirect goes on.
type redirectCheck func(*Fetch, *URL) bool

func checkRedirectCount(f *Fetch, _ *URL) bool {
	if f.redirects == maxRedirects {
		f.fail(RuleRedirectCount, strconv.Itoa(maxRedirects+1), strconv.Itoa(maxRedirects))
		return false
	}
	return true
}

func checkRedirectScheme(f *Fetch, to *URL) bool {
	if to.Scheme != "http" && to.Scheme != "https" {
		f.result.location = to.String()
		f.fail(RuleRedirectScheme, to.Scheme+":", "")
		return false
	}
	return true
}

// checkRedirectUserinfo: steps 8 and 9.
func checkRedirectUserinfo(f *Fetch, to *URL) bool {
	if to.Username == "" && to.Password == "" {
		return true
	}
	if f.mode == ModeCORS && !to.SameOrigin(f.origin) || f.cors {
		f.result.location = to.String()
		f.fail(RuleRedirectUserinfo, to.Display(), "")
		return false
	}
	return true
}

// rewriteMethod is step 12: which statuses turn which methods into GET, and
// what goes with the body. https://fetch.spec.whatwg.org/#request-body-header-name
func (f *Fetch) rewriteMethod(status int) {
	toGet := (status == 301 || status == 302) && f.method == "POST" ||
		status == 303 && f.method != "GET" && f.method != "HEAD"
	if !toGet {
		return
	}
	f.method, f.body = "GET", nil
	for _, name := range f.p.BodyHeaders {
		f.dropHeader(name)
	}
}

// dropHeader removes a header for this hop and the ones after it. It copies, as
// messages and the request share the list.
func (f *Fetch) dropHeader(name string) {
	if f.scriptHeader(name) == nil {
		return
	}
	kept := make([]Header, 0, len(f.headers))
	for _, h := range f.headers {
		if !strings.EqualFold(h.Name, name) {
			kept = append(kept, h)
		}
	}
	f.headers = kept
}
