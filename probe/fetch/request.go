package fetch

import "time"

// CredentialsMode is a request's credentials mode.
// https://fetch.spec.whatwg.org/#concept-request-credentials-mode
type CredentialsMode string

// The credentials modes.
const (
	CredentialsOmit       CredentialsMode = "omit"
	CredentialsSameOrigin CredentialsMode = "same-origin"
	CredentialsInclude    CredentialsMode = "include"
)

// RedirectMode is a request's redirect mode.
// https://fetch.spec.whatwg.org/#concept-request-redirect-mode
type RedirectMode string

// The redirect modes.
const (
	RedirectFollow RedirectMode = "follow"
	RedirectError  RedirectMode = "error"
	RedirectManual RedirectMode = "manual"
)

// Mode is a request's mode.
// https://fetch.spec.whatwg.org/#concept-request-mode
type Mode string

// The modes a script can choose.
const (
	ModeCORS       Mode = "cors"
	ModeNoCORS     Mode = "no-cors"
	ModeSameOrigin Mode = "same-origin"
)

// Initiator is the API or element that makes the request; it decides the
// destination, the default modes, the Accept header and the console's wording.
type Initiator string

// The initiators that corscheck knows.
const (
	InitiatorFetch       Initiator = "fetch"
	InitiatorXHR         Initiator = "xhr"
	InitiatorXHRUpload   Initiator = "xhr-upload"
	InitiatorEventSource Initiator = "eventsource"
	InitiatorScript      Initiator = "script"
	InitiatorModule      Initiator = "module"
	InitiatorImage       Initiator = "img"
	InitiatorFont        Initiator = "font"
)

// AddressSpace is an IP address space of Local Network Access.
// https://wicg.github.io/local-network-access/#ip-address-space-heading
type AddressSpace string

// The address spaces; the zero value is unknown.
const (
	SpacePublic   AddressSpace = "public"
	SpaceLocal    AddressSpace = "local"
	SpaceLoopback AddressSpace = "loopback"
)

// A Request is what a script passes to fetch(), and the page it runs on.
type Request struct {
	// URL is the absolute URL to fetch.
	URL string
	// Origin is the serialized origin of the page, or "null".
	Origin string
	// Page is the page's URL, for the Referer header; empty means Origin + "/".
	Page string
	// Method is as typed; New normalizes it.
	Method string
	// Headers are as typed, in order; New drops forbidden ones and combines
	// repeated names, as a Headers object does.
	Headers []Header
	// Body is nil where the request has none. It is sent as a string body is.
	Body []byte

	Credentials CredentialsMode // empty: the initiator's default
	Redirect    RedirectMode    // empty: follow
	Mode        Mode            // empty: the initiator's default
	Initiator   Initiator       // empty: fetch

	// PageAddress is the address space of the page, if it is to be judged.
	PageAddress AddressSpace
	// Cookies are in the browser's jar for the target, with their attributes:
	// "name=value; SameSite=None; Secure".
	Cookies []string
	// Jar are cookies of other hosts, which redirects may lead to.
	Jar []StoredCookie
	// ThirdParty is how the browser is set to treat cookies of other sites than the
	// page's: ThirdPartyAllow or ThirdPartyBlock. Empty is how it comes.
	ThirdParty ThirdParty
	// Now is when the request is made, by which the HTTP cache tells how old an answer
	// is. The zero value takes every answer for new.
	Now time.Time
	// UserAgent replaces the browser's own User-Agent where not empty.
	UserAgent string
	// ForcePreflight asks for the preflight although nothing may call for one: a
	// question of a diagnosis, and what a recorded preflight proves.
	ForcePreflight bool
	// PreflightOnly ends the fetch when the preflight has been judged.
	PreflightOnly bool
}
