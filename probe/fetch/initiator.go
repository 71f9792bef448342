package fetch

import (
	"slices"
	"strings"
)

// An initiatorTraits says what an API or element passes to fetch.
type initiatorTraits struct {
	// modes are those that it can have, the default first.
	modes []Mode
	// credentials are those that it can have in the mode cors, the default first.
	credentials []CredentialsMode
	// redirects are its redirect modes, the default first.
	redirects       []RedirectMode
	destination     string // https://fetch.spec.whatwg.org/#concept-request-destination
	console         string // how Chrome's console calls it: "Access to <console> at"
	forcesPreflight bool   // https://fetch.spec.whatwg.org/#use-cors-preflight-flag
	// scripted: script chooses the method, the headers and the body.
	scripted bool
}

var (
	onlyCORS       = []Mode{ModeCORS}
	noCORSOrCORS   = []Mode{ModeNoCORS, ModeCORS}
	everyMode      = []Mode{ModeCORS, ModeNoCORS, ModeSameOrigin}
	withOrWithout  = []CredentialsMode{CredentialsSameOrigin, CredentialsInclude}
	onlySameOrigin = []CredentialsMode{CredentialsSameOrigin}
	everyOne       = []CredentialsMode{CredentialsSameOrigin, CredentialsInclude, CredentialsOmit}
	onlyFollow     = []RedirectMode{RedirectFollow}
	everyRedirect  = []RedirectMode{RedirectFollow, RedirectError, RedirectManual}
)

// initiators: https://html.spec.whatwg.org/#cors-settings-attributes,
// https://xhr.spec.whatwg.org/#the-send()-method,
// https://html.spec.whatwg.org/#the-eventsource-interface and
// https://drafts.csswg.org/css-fonts/#font-fetching-requirements
var initiators = map[Initiator]*initiatorTraits{
	InitiatorFetch:       {modes: everyMode, credentials: everyOne, redirects: everyRedirect, destination: "empty", console: "fetch", scripted: true},
	InitiatorXHR:         {modes: onlyCORS, credentials: withOrWithout, redirects: onlyFollow, destination: "empty", console: "XMLHttpRequest", scripted: true},
	InitiatorXHRUpload:   {modes: onlyCORS, credentials: withOrWithout, redirects: onlyFollow, destination: "empty", console: "XMLHttpRequest", scripted: true, forcesPreflight: true},
	InitiatorEventSource: {modes: onlyCORS, credentials: withOrWithout, redirects: onlyFollow, destination: "empty", console: "resource"},
	InitiatorScript:      {modes: noCORSOrCORS, credentials: withOrWithout, redirects: onlyFollow, destination: "script", console: "script"},
	InitiatorModule:      {modes: onlyCORS, credentials: withOrWithout, redirects: onlyFollow, destination: "script", console: "script"},
	InitiatorImage:       {modes: noCORSOrCORS, credentials: withOrWithout, redirects: onlyFollow, destination: "image", console: "image"},
	InitiatorFont:        {modes: onlyCORS, credentials: onlySameOrigin, redirects: onlyFollow, destination: "font", console: "font"},
}

// A manner is how a browser sends the requests of one API or element.
type manner struct {
	accept   string // empty: */*
	priority string // the header Priority, empty: none
	referrer bool   // a sandboxed frame tells its URL in Referer
	// http2 stands in the place of Profile.HTTP2Headers where it is not nil.
	http2 []Header
}

// acceptOf is the browser's own Accept.
// https://fetch.spec.whatwg.org/#concept-fetch, "If request's header list does not contain `Accept`"
func acceptOf(f *Fetch) string {
	if own := f.manner.accept; own != "" {
		return own
	}
	return "*/*"
}

func priorityOf(f *Fetch) string { return f.manner.priority }

// applyDefaults fills in what fetch() and the elements assume, and returns what the
// initiator is like; nil where there is no such initiator.
func (r *Request) applyDefaults() *initiatorTraits {
	if r.Initiator == "" {
		r.Initiator = InitiatorFetch
	}
	in, known := initiators[r.Initiator]
	if !known {
		return nil
	}
	if r.Method == "" {
		r.Method = "GET"
	}
	if r.Mode == "" {
		r.Mode = in.modes[0]
	}
	if r.Credentials == "" {
		r.Credentials = in.credentials[0]
		if r.Mode == ModeNoCORS && !in.scripted { // an element without crossorigin
			r.Credentials = CredentialsInclude
		}
	}
	if r.Redirect == "" {
		r.Redirect = in.redirects[0]
	}
	if r.Origin == "" {
		r.Origin = NullOrigin
	}
	return in
}

// checkInitiator refuses what the initiator cannot ask for.
func (r *Request) checkInitiator(in *initiatorTraits) error {
	credentials := in.credentials
	if r.Mode == ModeNoCORS && !in.scripted {
		credentials = []CredentialsMode{CredentialsInclude}
	}
	what, problem, option := r.Initiator.name(), "", "initiator"
	switch {
	case !slices.Contains(in.modes, r.Mode):
		problem = " has the mode " + list(in.modes) + ", not " + string(r.Mode)
	case !slices.Contains(credentials, r.Credentials):
		problem = " in the mode " + string(r.Mode) + " has the credentials mode " + list(credentials) + ", not " + string(r.Credentials)
	case !slices.Contains(in.redirects, r.Redirect):
		problem, option = " has the redirect mode "+list(in.redirects)+", not "+string(r.Redirect), "redirect"
	case in.scripted:
	case r.Method != "GET":
		problem = " is a GET, not a " + r.Method + "; only fetch and xhr choose the method"
	case len(r.Headers) > 0:
		problem = " takes no headers, so not " + r.Headers[0].Name + "; only fetch and xhr set some"
	case r.Body != nil:
		problem = " takes no body; only fetch and xhr send one"
	}
	if problem == "" {
		return nil
	}
	return &RequestError{Message: what + problem, Option: option}
}

// Scripted reports whether script chooses the method, the headers and the body.
func (i Initiator) Scripted() bool {
	in, known := initiators[i]
	return !known || in.scripted
}

// name is the initiator as a noun: "a request by script".
func (i Initiator) name() string { return "a request by " + string(i) }

// Noun is the API or element as it is written: "an <img>".
func (i Initiator) Noun() string {
	switch i {
	case InitiatorXHR, InitiatorXHRUpload:
		return "an XMLHttpRequest"
	case InitiatorEventSource:
		return "an EventSource"
	case InitiatorScript:
		return "a <script>"
	case InitiatorModule:
		return "a module script"
	case InitiatorImage:
		return "an <img>"
	case InitiatorFont:
		return "a font of a style sheet"
	}
	return "fetch()"
}

func list[T ~string](values []T) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = string(v)
	}
	return strings.Join(names, " or ")
}

// isXHR reports whether XMLHttpRequest makes the request.
func (f *Fetch) isXHR() bool {
	return f.req.Initiator == InitiatorXHR || f.req.Initiator == InitiatorXHRUpload
}

// isElement reports whether an element or a style sheet makes the request.
func (f *Fetch) isElement() bool {
	return !f.traits.scripted && f.req.Initiator != InitiatorEventSource
}

// noCache: an EventSource asks past every cache.
// https://html.spec.whatwg.org/#dom-eventsource, "set request's cache mode to no-store"
func (f *Fetch) noCache() bool { return f.req.Initiator == InitiatorEventSource }
