package fetch

import "strings"

// This file is what WebKit's console says in words of its own.

// unmixed is what WebKit says after it has told of mixed content; of an element
// that no redirect led there, nothing.
func (r *Result) unmixed() string {
	if x := r.lastActual(); x != nil {
		return r.cannotLoadURL(x.Message.URL.withoutUserinfo())
	}
	switch r.Request.Initiator {
	case InitiatorScript, InitiatorModule, InitiatorImage, InitiatorFont:
		return ""
	}
	return "\nNot allowed to request resource" + r.cannotLoadURL(r.Failing.Seen)
}

// cannotLoad is WebKit's last line.
func (r *Result) cannotLoad() string {
	url := r.failingURL()
	if r.refusedByNetwork() {
		url = r.lastExchange().Message.URL.withoutUserinfo()
	}
	if r.Browser.Texts[r.Failing.Rule].NamesStart {
		url = r.start().withoutUserinfo()
	}
	return r.cannotLoadURL(url)
}

// start is where the load began: WebKit begins anew where a request leaves the page's
// own origin, and its credentials behind.
func (r *Result) start() *URL {
	if r.Request.Credentials != CredentialsSameOrigin {
		return r.first
	}
	for i := range r.Exchanges {
		if u := r.Exchanges[i].Message.URL; !u.SameOrigin(r.Request.Origin) {
			return u
		}
	}
	return r.first
}

func (r *Result) cannotLoadURL(url string) string {
	const end = " due to access control checks."
	switch r.Request.Initiator {
	case InitiatorXHR, InitiatorXHRUpload:
		return "\nXMLHttpRequest cannot load " + url + end
	case InitiatorEventSource:
		return "\nEventSource cannot load " + url + end
	case InitiatorImage:
		return "\nCannot load image " + r.first.Display() + end
	case InitiatorScript:
		return "\nCross-origin script load denied by Cross-Origin Resource Sharing policy."
	case InitiatorModule, InitiatorFont:
		return ""
	}
	return "\nFetch API cannot load " + url + end
}

// unloaded is what WebKit says it cannot load where the mode forbids a redirect: the
// new URL, if it is one of HTTP.
func (r *Result) unloaded() string {
	if strings.HasPrefix(r.blocked, "http:") || strings.HasPrefix(r.blocked, "https:") {
		return r.blocked
	}
	return r.failingURL()
}

// refusedByNetwork reports whether WebKit's network process refused a redirect: it
// knows the URL as it was written.
func (r *Result) refusedByNetwork() bool {
	if !r.redirect || r.failing != nil || r.failedAtPreflight() {
		return false
	}
	switch r.Failing.Rule {
	case RuleRedirectMode, RuleRedirectCount, RulePolicySameOrigin, RulePolicySameSite:
		return true
	}
	return r.CrossOrigin
}

// notHTTP is what WebKit says of a redirect that leads out of HTTP where no CORS is
// needed; about: is empty without a word.
func (r *Result) notHTTP() string {
	const text = "Redirection to URL with a scheme that is not HTTP(S)"
	switch r.Request.Initiator {
	case InitiatorFetch:
		return text + "." + r.cannotLoadURL(r.locationWithoutUserinfo())
	case InitiatorImage, InitiatorScript, InitiatorFont:
		if strings.HasPrefix(r.location, "about:") {
			return ""
		}
	}
	return text + r.cannotLoadURL(r.locationWithoutUserinfo())
}

// takenFor is the type for which WebKit takes a response without one. An EventSource,
// and status 304, are not sniffed.
func (r *Result) takenFor() string {
	x := r.lastExchange()
	sniffs := r.Request.Initiator != InitiatorEventSource && x != nil && x.Response.Status != 304
	if !sniffs && x != nil {
		if kind, _, _ := strings.Cut(firstLine(x.Response, "content-type"), ";"); trimOWS(kind) != "" {
			return trimOWS(kind)
		}
	}
	switch {
	case r.Failing.Seen != "":
		return r.typeAsSent()
	case r.Request.Initiator == InitiatorEventSource:
		return "application/octet-stream"
	}
	return "text/plain"
}

// typeAsSent is the type that failed in the spelling of the server, but for HTML,
// which WebKit's network library sniffs and names itself.
func (r *Result) typeAsSent() string {
	if x := r.lastExchange(); x != nil && x.Response != nil && r.Failing.Seen != "text/html" {
		for _, v := range lines(x.Response.Headers, "content-type") {
			kind, _, _ := strings.Cut(v, ";")
			if kind = trimOWS(kind); strings.EqualFold(kind, r.Failing.Seen) {
				return kind
			}
		}
	}
	return r.Failing.Seen
}

// mustBeSecure ends WebKit's line on mixed content, which breaks off for loopback.
func (r *Result) mustBeSecure() string {
	if u, err := ParseURL(r.Failing.Seen, nil); err == nil && u.IsLoopback() {
		return ""
	}
	return " be served over HTTPS."
}

// networkError is how WebKitGTK's network library tells why a preflight got no
// answer.
func (r *Result) networkError() string {
	x := r.lastExchange()
	if x == nil || x.Failure == nil {
		return ""
	}
	host := strings.Trim(x.Message.URL.Host, "[]")
	switch x.Failure.Kind {
	case FailDNS:
		return "Error resolving \u201c" + host + "\u201d: Name or service not known"
	case FailRefused:
		return "Could not connect to " + host + ": Connection refused"
	}
	return x.Failure.Detail
}
