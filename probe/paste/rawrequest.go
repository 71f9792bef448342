package paste

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// A rawRequest is a request as it was copied: with everything that the browser
// or curl added. item takes out what a script would have passed to fetch().
type rawRequest struct {
	kind        Kind
	url, method string
	headers     []fetch.Header
	body        []byte
	// referrer, mode and credentials are what fetch() was told; empty otherwise.
	referrer    string
	mode        fetch.Mode
	credentials fetch.CredentialsMode
	redirect    fetch.RedirectMode

	notes     []string
	secrets   []string
	transport Transport
}

// defaultHeader adds a header unless it is there.
func (r *rawRequest) defaultHeader(name, value string) {
	for _, h := range r.headers {
		if strings.EqualFold(h.Name, name) {
			return
		}
	}
	r.headers = append(r.headers[:len(r.headers):len(r.headers)], fetch.Header{Name: name, Value: value})
}

func (r *rawRequest) get(name string) string {
	for _, h := range r.headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

func (r *rawRequest) note(format string, args ...any) {
	r.notes = append(r.notes[:len(r.notes):len(r.notes)], fmt.Sprintf(format, args...))
}

// item is the request without what the browser added to it.
func (r *rawRequest) item() (Item, error) {
	if err := r.checkURL(); err != nil {
		return Item{}, err
	}
	origin, err := r.origin()
	if err != nil {
		return Item{}, err
	}
	request := &fetch.Request{
		URL: r.url, Method: r.method, Body: r.body, Mode: r.mode, Credentials: r.credentials, Redirect: r.redirect,
		Origin: origin, Page: r.page(origin),
	}
	item := Item{Kind: r.kind, Browser: browserOf(r.get("User-Agent")), URL: r.url, Transport: r.transport}
	r.readCookies(request)
	copied := r.copiedFromBrowser()
	for _, h := range r.headers {
		if r.addedByBrowser(h, copied) {
			continue
		}
		request.Headers = append(request.Headers, h)
	}
	if agent := r.get("User-Agent"); agent != "" && item.Browser == "" {
		request.UserAgent = agent
	}
	r.readPreflight(request)
	if request.Body != nil && (strings.EqualFold(request.Method, "GET") || strings.EqualFold(request.Method, "HEAD")) {
		request.Body = nil
		r.note("the body is left out: in a browser, a %s request cannot have one", strings.ToUpper(request.Method))
	}
	if r.get("Sec-Fetch-Mode") == "navigate" {
		r.note("the copied request loaded a page, to which CORS does not apply; it is checked as if fetch() made it")
	}
	item.Request, item.Origin, item.Method = request, request.Origin, request.Method
	item.Notes, item.Secrets = r.notes, r.secrets
	return item, nil
}

// checkURL makes sure that there is an absolute http URL, and moves the user
// name and password in it to where a browser's script could have them.
func (r *rawRequest) checkURL() error {
	r.url = strings.TrimSpace(r.url)
	if r.url == "" {
		return fmt.Errorf("the %s request has no URL", r.kind)
	}
	u, err := fetch.ParseURL(r.url, nil)
	if err != nil || u.Host == "" {
		return fmt.Errorf("the %s request has no absolute http or https URL", r.kind)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("the %s request goes to a %s: URL; CORS concerns http and https", r.kind, u.Scheme)
	}
	if u.Username == "" && u.Password == "" {
		return nil
	}
	user, password := percentDecoded(u.Username), percentDecoded(u.Password)
	r.secrets = append(r.secrets, user+":"+password, password)
	r.defaultHeader("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
	u.Username, u.Password = "", ""
	r.url = u.String()
	r.note("fetch() refuses a user name and password in the URL; they are sent as Authorization instead")
	return nil
}

func percentDecoded(s string) string {
	if decoded, err := url.PathUnescape(s); err == nil {
		return decoded
	}
	return s
}

// origin is the page's origin: the Origin header, else the referrer's. A slash or
// a path behind it, as people type them, is no part of it.
func (r *rawRequest) origin() (string, error) {
	typed := r.get("Origin")
	if typed == "" {
		if o := originOf(r.referrer); o != "" {
			return o, nil
		}
		return originOf(r.get("Referer")), nil
	}
	origin, err := probe.ParseOrigin(typed)
	var wrong *probe.InputError
	switch {
	case err == nil && origin != typed, errors.As(err, &wrong) && wrong.Correct != "" && strings.Contains(typed, "://"):
		if err != nil {
			origin = wrong.Correct
		}
		r.note("a browser writes this Origin header as %s", origin)
	case err != nil:
		return "", fmt.Errorf("the Origin header of the %s request: %w", r.kind, err)
	}
	return origin, nil
}

// page is the page's URL where the referrer tells more than the origin.
func (r *rawRequest) page(origin string) string {
	referrer := r.referrer
	if referrer == "" {
		referrer = r.get("Referer")
	}
	if referrer == "" || origin == "" || originOf(referrer) != origin || strings.TrimSuffix(referrer, "/") == origin {
		return ""
	}
	return referrer
}

// readCookies: cookies that were copied are in the jar, and the request was made
// with credentials.
func (r *rawRequest) readCookies(request *fetch.Request) {
	cookies := r.get("Cookie")
	if cookies == "" {
		return
	}
	for pair := range strings.SplitSeq(cookies, ";") {
		if pair = strings.TrimSpace(pair); pair != "" {
			_, value, _ := strings.Cut(pair, "=")
			r.secrets = append(r.secrets, value)
			request.Cookies = append(request.Cookies, pair+"; SameSite=None; Secure")
		}
	}
	if request.Credentials == "" {
		request.Credentials = fetch.CredentialsInclude
		r.note("credentials mode include is assumed, as cookies went out")
	}
}

// copiedFromBrowser tells a request that a browser made from a typed one.
func (r *rawRequest) copiedFromBrowser() bool {
	return r.get("Sec-Fetch-Mode") != "" || r.get("Sec-Ch-Ua") != "" || browserOf(r.get("User-Agent")) != ""
}

// browserAdds are headers that browsers add by themselves to what they copy.
var browserAdds = map[string]bool{
	"accept-language": true, "priority": true, "x-client-data": true, "upgrade-insecure-requests": true,
	"dnt": true, "te": true, "if-none-match": true, "if-modified-since": true, "alt-used": true,
}

// addedByBrowser reports whether no script set the header.
func (r *rawRequest) addedByBrowser(h fetch.Header, copied bool) bool {
	name := strings.ToLower(h.Name)
	switch {
	case strings.HasPrefix(name, ":"): // the pseudo-headers of HTTP/2
		return true
	case fetch.IsForbiddenRequestHeader(h.Name, h.Value), name == "user-agent":
		return true
	case name == "accept" && h.Value == "*/*":
		return true
	case !copied:
		return false
	case (name == "cache-control" || name == "pragma") && h.Value == "no-cache" && r.get("Pragma") == "no-cache" && r.get("Cache-Control") == "no-cache":
		return true // "Disable cache" of the developer tools
	case name == "cache-control" && h.Value == "max-age=0":
		return true // a reload
	}
	return browserAdds[name]
}

// readPreflight recognises the preflight that is made by hand and turns it into
// the request it asks about, of which only the preflight is wanted.
func (r *rawRequest) readPreflight(request *fetch.Request) {
	method := r.get("Access-Control-Request-Method")
	if !strings.EqualFold(request.Method, "OPTIONS") || method == "" {
		return
	}
	request.Method, request.Body, request.PreflightOnly = method, nil, true
	request.Headers = nil
	for name := range strings.SplitSeq(r.get("Access-Control-Request-Headers"), ",") {
		if name = strings.TrimSpace(name); name != "" {
			request.Headers = append(request.Headers, fetch.Header{Name: name, Value: UnsafeValue(name)})
		}
	}
	r.note("this is a preflight made by hand: it is judged as the preflight of the %s request that it asks about", method)
}

// UnsafeValue is a value with which the request header of that name calls for a
// preflight.
func UnsafeValue(name string) string {
	switch strings.ToLower(name) {
	case "content-type":
		return "application/json"
	case "accept":
		return `*/*;v="1"`
	case "accept-language", "content-language":
		return "en_GB"
	case "range":
		return "bytes=-1"
	}
	return "corscheck"
}

// browserOf is the browser that a User-Agent belongs to.
func browserOf(agent string) string {
	switch {
	case !strings.HasPrefix(agent, "Mozilla/5.0"):
		return ""
	case strings.Contains(agent, "Firefox/"):
		return "firefox"
	case strings.Contains(agent, "Chrome/"), strings.Contains(agent, "CriOS/"):
		return "chrome"
	case strings.Contains(agent, "AppleWebKit/") && strings.Contains(agent, "Safari/"):
		return "safari"
	}
	return ""
}
