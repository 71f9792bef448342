package fetch

import (
	"strconv"
	"strings"
)

// A RequestError is what fetch() itself throws, before any request.
type RequestError struct {
	// Message is one clause without a full stop.
	Message string
	// Option is "initiator" or "redirect" where an API or element cannot ask so; empty
	// where fetch() throws.
	Option string
}

func (e *RequestError) Error() string { return e.Message }

// New prepares a fetch of the request in the browser. The error is a
// *RequestError where fetch() itself would throw.
// https://fetch.spec.whatwg.org/#fetch-method
func New(p *Profile, req Request) (*Fetch, error) {
	f := &Fetch{p: p}
	f.result.Browser, f.result.Request = p, req
	f.req = &f.result.Request
	if f.traits = f.req.applyDefaults(); f.traits == nil {
		return nil, &RequestError{Message: strconv.Quote(string(req.Initiator)) + " makes no requests", Option: "initiator"}
	}
	f.manner = p.Manners[f.req.Initiator]
	u, err := parseTarget(f.req.URL)
	if err != nil {
		return nil, err
	}
	if p.DropsEmptyFragment && u.Fragment == "#" && f.req.Initiator == InitiatorFetch {
		u.Fragment = ""
	}
	if err := f.setPage(); err != nil {
		return nil, err
	}
	if err := f.req.checkInitiator(f.traits); err != nil {
		return nil, err
	}
	f.mode = f.req.Mode
	u = f.upgrade(u)
	f.first, f.result.first, f.current = u, u, u
	if err := f.setMethodAndBody(); err != nil {
		return nil, err
	}
	if err := f.setHeaders(); err != nil {
		return nil, err
	}
	f.fillJar()
	f.startHop()
	return f, nil
}

// parseTarget parses the URL of the request; fetch() throws for userinfo.
// https://fetch.spec.whatwg.org/#dom-request
func parseTarget(s string) (*URL, error) {
	u, err := ParseURL(s, nil)
	switch {
	case err != nil:
		return nil, &RequestError{Message: strconv.Quote(s) + " is not a valid URL"}
	case u.Username != "" || u.Password != "":
		return nil, &RequestError{Message: InitiatorFetch.throws() + " for a URL with a user name or password in it"}
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, &RequestError{Message: "the scheme of " + u.Scheme + ": is not http or https"}
	}
	return u, nil
}

// setPage is what the request's client tells: its origin, and its URL where it has one.
// https://fetch.spec.whatwg.org/#concept-request-client
func (f *Fetch) setPage() (err error) {
	f.origin = f.req.Origin
	if f.origin != NullOrigin || f.req.Page != "" {
		if f.document, err = f.req.pageURL(); err != nil {
			return err
		}
	}
	if f.origin != NullOrigin {
		f.page = f.document
	}
	return nil
}

// pageURL is the URL of the page.
func (r *Request) pageURL() (*URL, error) {
	s := r.Page
	if s == "" {
		if page, ok := pageOfPlainOrigin(r.Origin); ok {
			return &page, nil
		}
		s = r.Origin + "/"
	}
	page, err := ParseURL(s, nil)
	if err != nil {
		return nil, &RequestError{Message: "the page " + strconv.Quote(s) + " is not a valid URL"}
	}
	return page, nil
}

func (f *Fetch) setMethodAndBody() error {
	req := f.req
	switch {
	case !IsToken(req.Method):
		return &RequestError{Message: req.Initiator.throws() + " for the method " + strconv.Quote(req.Method) + ", which is not a token"}
	case IsForbiddenMethod(req.Method):
		return &RequestError{Message: req.Initiator.throws() + " for the method " + req.Method + ", which is forbidden"}
	}
	req.Method = NormalizeMethod(req.Method)
	if req.Body != nil && (req.Method == "GET" || req.Method == "HEAD") {
		if req.Initiator == InitiatorFetch {
			return &RequestError{Message: req.Initiator.throws() + " for a " + req.Method + " request with a body"}
		}
		req.Body = nil // https://xhr.spec.whatwg.org/#the-send()-method, step 3
	}
	if req.Mode == ModeNoCORS && !IsSafelistedMethod(req.Method) {
		return &RequestError{Message: req.Initiator.throws() + " for the method " + req.Method + " in mode no-cors, which permits only GET, HEAD and POST"}
	}
	f.method, f.body = req.Method, req.Body
	return nil
}

// setHeaders is "fill a Headers object" with the request guard: invalid headers
// throw, forbidden ones are dropped, repeated ones are combined.
// https://fetch.spec.whatwg.org/#concept-headers-fill
func (f *Fetch) setHeaders() error {
	req := f.req
	most := len(req.Headers) + 1
	both := make([]Header, 2*most)
	f.headers, f.typed = both[:0:most], both[most:most]
	for i, h := range req.Headers {
		h.Value = strings.Trim(h.Value, " \t\r\n")
		if f.p.SpellsAsFirst && req.Initiator == InitiatorFetch {
			h.Name = firstSpelling(req.Headers[:i], h.Name)
		}
		switch {
		case !IsToken(h.Name):
			return &RequestError{Message: req.Initiator.throws() + " for the header name " + strconv.Quote(h.Name) + ", which is not a token"}
		case strings.ContainsAny(h.Value, "\x00\r\n"):
			return &RequestError{Message: req.Initiator.throws() + " for the value of header " + h.Name + ", which contains a line end or NUL"}
		}
		if why := f.drops(h); why != "" {
			f.result.Dropped = append(f.result.Dropped, DroppedHeader{h, why})
			continue
		}
		f.typed = append(f.typed, h)
		f.addHeader(h, f.p.IgnoresEmptyLines && req.Initiator == InitiatorFetch)
	}
	if f.body != nil && f.scriptHeader("content-type") == nil {
		f.typedByBody = true
		h := Header{"Content-Type", stringBodyType}
		f.headers, f.typed = append(f.headers, h), append(f.typed, h)
	}
	f.settleHeaders()
	f.scripted, f.scriptedTyped = f.headers, f.typed
	f.settleFirst()
	f.trustedFirst = f.current.PotentiallyTrustworthy()
	f.unsafeAtFirst = f.p.DroppedHeadersPreflight && f.anyUnsafe(f.preflightHeaders())
	req.Headers = f.headers
	return nil
}

// drops is why the browser drops the header silently; empty where it keeps it.
// https://fetch.spec.whatwg.org/#headers-validate
func (f *Fetch) drops(h Header) DropReason {
	switch {
	case IsForbiddenRequestHeader(h.Name, h.Value):
		return DroppedForbidden
	case f.req.Mode == ModeNoCORS && !f.isNoCORSSafelisted(h):
		return DroppedNotSafelisted
	case f.p.DropsUserAgent && equalFold(h.Name, "user-agent"):
		return DroppedByBrowser
	}
	return ""
}

// stringBodyType is the type of a string body.
// https://fetch.spec.whatwg.org/#concept-bodyinit-extract
const stringBodyType = "text/plain;charset=UTF-8"

// addHeader combines repeated headers. Where a browser's fetch() does not count empty
// lines, its XMLHttpRequest does.
func (f *Fetch) addHeader(h Header, ignoreEmpty bool) {
	if have := f.scriptHeader(h.Name); have != nil {
		switch {
		case ignoreEmpty && h.Value == "", ignoreEmpty && have.Value == "" && !equalFold(h.Name, f.p.CountsEmptyLine):
			have.Value = h.Value
		default:
			have.Value += ", " + h.Value
		}
		return
	}
	f.headers = append(f.headers, h)
}

// scriptHeader is script's header of a name, as it stands at this hop; nil where there is
// none.
func (f *Fetch) scriptHeader(name string) *Header {
	for i := range f.headers {
		if equalFold(f.headers[i].Name, name) {
			return &f.headers[i]
		}
	}
	return nil
}

// firstSpelling is a name as the first of the headers before spells it.
func firstSpelling(before []Header, name string) string {
	for i := range before {
		if equalFold(before[i].Name, name) {
			return before[i].Name
		}
	}
	return name
}

// isNoCORSSafelisted looks at the value as it would be with what was kept before.
// https://fetch.spec.whatwg.org/#concept-headers-append
// https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header
func (f *Fetch) isNoCORSSafelisted(h Header) bool {
	switch lowerName(h.Name) {
	case "accept", "accept-language", "content-language", "content-type":
		value := h.Value
		if have, ok := combined(f.typed, h.Name); ok {
			value = have + ", " + value
		}
		return f.p.isSafelistedRequestHeader(h.Name, value)
	}
	return false
}
