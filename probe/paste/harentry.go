package paste

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

// A harEntry is what is read of an entry; the body of the answer is not.
type harEntry struct {
	StartedDateTime string    `json:"startedDateTime"`
	Time            harNumber `json:"time"`
	Pageref         string    `json:"pageref"`
	ResourceType    string    `json:"_resourceType"`
	// ServiceWorker says that a service worker of the page made the answer.
	ServiceWorker bool `json:"_fetchedViaServiceWorker"`
	Request       struct {
		Method   string     `json:"method"`
		URL      string     `json:"url"`
		Headers  []harField `json:"headers"`
		Cookies  []harField `json:"cookies"`
		PostData *struct {
			MimeType string  `json:"mimeType"`
			Text     *string `json:"text"`
		} `json:"postData"`
	} `json:"request"`
	Response struct {
		Status      harNumber  `json:"status"`
		HTTPVersion string     `json:"httpVersion"`
		Headers     []harField `json:"headers"`
		Cookies     []harField `json:"cookies"`
		RedirectURL string     `json:"redirectURL"`
		Error       string     `json:"_error"`
	} `json:"response"`
}

// A harNumber is a number, or a string of one; anything else is 0.
type harNumber float64

// UnmarshalJSON never fails.
func (n *harNumber) UnmarshalJSON(text []byte) error {
	value, err := strconv.ParseFloat(strings.Trim(string(text), `"`), 64)
	if err == nil && value > -1e6 && value < 1e6 {
		*n = harNumber(value)
	}
	return nil
}

type harField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// An exchange is an entry made ready for judging.
type exchange struct {
	line       int
	start      time.Time
	took       time.Duration
	url        *fetch.URL
	method     string
	headers    []fetch.Header // of the request
	body       []byte
	response   *fetch.Response // nil where the file has none
	failure    *fetch.Failure  // what the network said instead
	failed     bool            // the browser says that the request failed
	succeeded  bool            // the browser says that it did not
	aborted    bool            // it was given up before there was an answer
	message    string          // the browser's word for what went wrong
	origin     string          // of the page
	page       string
	initiator  fetch.Initiator
	setCookies []string // names

	isPreflight bool // a CORS-preflight request

	used      bool      // it is part of another check, or makes none
	preflight *exchange // of this request
}

// maxKeptBody is how much of a request's body is kept, for --live.
const maxKeptBody = 16 << 10

// exchangeOf reads an entry; nil where it is no HTTP request.
func (h *HAR) exchangeOf(e *harEntry, line int) *exchange {
	u, err := fetch.ParseURL(e.Request.URL, nil)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !fetch.IsToken(e.Request.Method) {
		return nil
	}
	x := &exchange{line: line, url: u, method: e.Request.Method, took: time.Duration(float64(e.Time) * float64(time.Millisecond))}
	x.url.Fragment = ""
	x.start, _ = time.Parse(time.RFC3339Nano, e.StartedDateTime)
	x.headers = fieldsOf(e.Request.Headers)
	x.isPreflight = x.method == "OPTIONS" && x.get("Access-Control-Request-Method") != ""
	x.readBody(e)
	x.readResponse(h, e)
	x.readPage(h, e)
	if x.get("Cookie") == "" && len(e.Request.Cookies) > 0 {
		x.headers = append(x.headers, fetch.Header{Name: "Cookie", Value: e.Request.Cookies[0].Name + "=" + e.Request.Cookies[0].Value})
	}
	return x
}

// fieldsOf are the headers of a list, without the pseudo-headers of HTTP/2.
// Browsers join repeated lines with a line break.
func fieldsOf(list []harField) []fetch.Header {
	out := make([]fetch.Header, 0, len(list))
	for _, f := range list {
		if strings.HasPrefix(f.Name, ":") || f.Name == "" {
			continue
		}
		for value := range strings.SplitSeq(f.Value, "\n") {
			out = append(out, fetch.Header{Name: f.Name, Value: strings.Trim(value, " \t\r")})
		}
	}
	return out
}

func (x *exchange) readBody(e *harEntry) {
	if e.Request.PostData == nil {
		return
	}
	x.body = []byte{}
	if text := e.Request.PostData.Text; text != nil && len(*text) <= maxKeptBody {
		x.body = []byte(*text)
	}
}

// readResponse reads the answer, and what the browser says became of it.
func (x *exchange) readResponse(h *HAR, e *harEntry) {
	status := int(e.Response.Status)
	message := e.Response.Error
	x.message, x.failed = message, refused(message)
	if kind, ok := failureOf(message); ok {
		x.failure = &fetch.Failure{Kind: kind, Detail: "the file says " + message, Code: message}
	}
	x.aborted = strings.HasSuffix(message, "ERR_ABORTED")
	if status < 100 || status > 999 {
		x.failed = x.failed || message == "" // Firefox has no word for it
		return
	}
	x.response = &fetch.Response{Status: status, Proto: protoOf(e.Response.HTTPVersion), Headers: fieldsOf(e.Response.Headers)}
	if _, ok := x.response.Get("Location"); !ok && e.Response.RedirectURL != "" && status >= 300 && status < 400 {
		x.response.Headers = append(x.response.Headers, fetch.Header{Name: "Location", Value: e.Response.RedirectURL})
	}
	// Of the browsers, Chrome says in every entry whether it failed.
	x.succeeded = message == "" && h.fromChrome()
	for _, line := range x.response.Lines("Set-Cookie") {
		name, _, _ := strings.Cut(line, "=")
		x.setCookies = append(x.setCookies, strings.TrimSpace(name))
	}
}

// refused reports whether a net error of Chrome is what it has for a request
// that CORS or a redirect ended.
func refused(message string) bool {
	switch strings.TrimPrefix(message, "net::") {
	case "ERR_FAILED", "ERR_INVALID_REDIRECT", "ERR_UNSAFE_REDIRECT", "ERR_TOO_MANY_REDIRECTS", "ERR_UNEXPECTED_PROXY_AUTH":
		return true
	}
	return strings.Contains(message, "ERR_BLOCKED_BY_LOCAL_NETWORK")
}

// fromChrome reports whether Chrome's developer tools wrote the file.
func (h *HAR) fromChrome() bool { return strings.EqualFold(h.creator.Name, "WebInspector") }

func protoOf(version string) string {
	switch v := strings.ToLower(version); {
	case strings.HasPrefix(v, "h2"), strings.HasPrefix(v, "http/2"):
		return "HTTP/2.0"
	case strings.HasPrefix(v, "h3"), strings.HasPrefix(v, "http/3"):
		return "HTTP/3.0"
	case strings.HasPrefix(v, "http/1.0"):
		return "HTTP/1.0"
	case strings.HasPrefix(v, "http/1.1"):
		return "HTTP/1.1"
	}
	return ""
}

// failureOf is the failure of the network that a net error of Chrome names;
// false for those that are a decision of the browser.
func failureOf(message string) (fetch.FailureKind, bool) {
	name := strings.TrimPrefix(message, "net::")
	switch {
	case strings.HasPrefix(name, "ERR_CERT_"), strings.HasPrefix(name, "ERR_SSL_"):
		return fetch.FailTLS, true
	case strings.HasPrefix(name, "ERR_PROXY_"), strings.HasPrefix(name, "ERR_TUNNEL_"):
		return fetch.FailProxy, true
	}
	switch name {
	case "ERR_NAME_NOT_RESOLVED", "ERR_NAME_RESOLUTION_FAILED":
		return fetch.FailDNS, true
	case "ERR_CONNECTION_REFUSED":
		return fetch.FailRefused, true
	case "ERR_CONNECTION_TIMED_OUT", "ERR_TIMED_OUT":
		return fetch.FailTimeout, true
	case "ERR_CONNECTION_RESET", "ERR_CONNECTION_CLOSED", "ERR_EMPTY_RESPONSE", "ERR_CONTENT_LENGTH_MISMATCH", "ERR_INCOMPLETE_CHUNKED_ENCODING":
		return fetch.FailReset, true
	case "ERR_CONNECTION_FAILED", "ERR_CONNECTION_ABORTED", "ERR_ADDRESS_UNREACHABLE", "ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED":
		return fetch.FailConnect, true
	case "ERR_INVALID_HTTP_RESPONSE", "ERR_HTTP2_PROTOCOL_ERROR", "ERR_QUIC_PROTOCOL_ERROR":
		return fetch.FailProtocol, true
	}
	return "", false
}

// readPage finds the page's origin: the Origin header, else the referrer's, else
// the page that the file names.
func (x *exchange) readPage(h *HAR, e *harEntry) {
	origin, referrer := x.get("Origin"), x.get("Referer")
	switch {
	case origin != "" && origin != fetch.NullOrigin:
		x.origin = origin
	case originOf(referrer) != "":
		x.origin = originOf(referrer)
	case originOf(h.pages[e.Pageref]) != "":
		x.origin = originOf(h.pages[e.Pageref])
	default:
		x.origin = origin // "null", or unknown
	}
	if originOf(referrer) == x.origin && strings.TrimSuffix(referrer, "/") != x.origin {
		x.page = referrer
	}
	x.initiator = initiatorOfType(e.ResourceType, x.get("Sec-Fetch-Dest"))
}

// initiatorOfType is who made the request, by Chrome's resource type or else by
// its destination; empty where CORS does not tell such requests apart.
func initiatorOfType(resource, destination string) fetch.Initiator {
	switch resource {
	case "xhr":
		return fetch.InitiatorXHR
	case "font":
		return fetch.InitiatorFont
	case "script":
		return fetch.InitiatorModule
	case "eventsource":
		return fetch.InitiatorEventSource
	case "image":
		return fetch.InitiatorImage
	case "":
		switch destination {
		case "font":
			return fetch.InitiatorFont
		case "script":
			return fetch.InitiatorModule
		case "image":
			return fetch.InitiatorImage
		}
	}
	return fetch.InitiatorFetch
}

func (x *exchange) get(name string) string {
	for _, h := range x.headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

func (x *exchange) has(name string) bool {
	return slices.ContainsFunc(x.headers, func(h fetch.Header) bool { return strings.EqualFold(h.Name, name) })
}

// isFetch reports whether the request may be one in mode cors.
func (x *exchange) isFetch(resource string) bool {
	switch x.get("Sec-Fetch-Mode") {
	case "cors":
		return true
	case "":
	default:
		return false // navigate, no-cors, same-origin, websocket
	}
	switch resource {
	case "document", "websocket":
		return false
	case "ping": // sendBeacon() is made without CORS where its type allows that
		return x.get("Origin") != "" && !isSimpleType(x.get("Content-Type"))
	case "stylesheet", "media", "manifest", "other", "texttrack", "prefetch", "signed-exchange":
		return x.get("Origin") != ""
	case "fetch", "xhr", "preflight", "eventsource", "font":
		return true
	}
	return x.get("Origin") != "" || x.isPreflight
}

// isSimpleType reports a type that a request without CORS may have, too.
func isSimpleType(contentType string) bool {
	essence, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	switch strings.TrimSpace(essence) {
	case "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/ping":
		return true
	}
	return false
}

// crossOrigin reports whether the URL is foreign to the page.
func (x *exchange) crossOrigin() bool { return !x.url.SameOrigin(x.origin) }

// location is where the answer redirects to; nil where it does not.
func (x *exchange) location() *fetch.URL {
	if x.response == nil {
		return nil
	}
	switch x.response.Status {
	case 301, 302, 303, 307, 308:
	default:
		return nil
	}
	value, ok := x.response.Get("Location")
	if !ok || value == "" {
		return nil
	}
	u, err := fetch.ParseURL(value, x.url)
	if err != nil {
		return nil
	}
	u.Fragment = ""
	return u
}
