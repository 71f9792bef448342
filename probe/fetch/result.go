package fetch

// Verdict is what the browser does with the request.
type Verdict string

// The verdicts.
const (
	Allowed   Verdict = "allowed"   // the promise of fetch() resolves
	Blocked   Verdict = "blocked"   // the browser rejects although the network could have gone on
	Failed    Verdict = "failed"    // no usable HTTP answer
	Undecided Verdict = "undecided" // the message that would decide it was not sent
)

// ResponseType is the type of the response that script gets.
// https://fetch.spec.whatwg.org/#concept-response-type
type ResponseType string

// The response types.
const (
	TypeBasic          ResponseType = "basic"
	TypeCORS           ResponseType = "cors"
	TypeOpaque         ResponseType = "opaque"
	TypeOpaqueRedirect ResponseType = "opaqueredirect"
	TypeError          ResponseType = "error"
)

// A Result is the outcome of a fetch together with the trace that proves it.
// The verdict's code, console line and explanation are projections of the trace
// that Reason makes when asked for.
type Result struct {
	Browser *Profile
	Request Request // normalized: method, headers as sent, defaults filled in
	Verdict Verdict

	// Type, Status and Exposed are what script sees where the verdict is
	// allowed; Status is 0 for opaque responses.
	Type    ResponseType
	Status  int
	Exposed []string // lower-case, sorted
	// BodyFault is why script that was given the response cannot read its body to the
	// end, as a clause; empty where nothing is known of a fault.
	BodyFault string

	// CrossOrigin says whether CORS applied at any hop.
	CrossOrigin bool
	// PreflightNeeded says whether some hop needs one; see Because.
	PreflightNeeded bool
	cause           preflightCause

	// Setup are the steps before the first message; Exchanges what was sent,
	// in order, each with the steps its answer was put through.
	Setup     []Step
	Exchanges []Exchange

	// Dropped are the request headers that the browser drops silently.
	Dropped []DroppedHeader
	// Assumptions are what the verdict rests on beyond what was seen.
	Assumptions []string

	// Failing is the step that decided against the request; nil where none did.
	Failing *Step

	first       *URL
	failing     *Exchange // where the answer that failed is not the last one
	location    string    // the redirect target that was refused
	ownLocation string    // the same without an inherited fragment
	blocked     string    // the URL that was refused before anything was sent to it
	mixed       []mixedImage
	tainted     bool   // the request's origin was "null" when it failed
	undecoded   string // why the body of the answer could not be decoded
	redirect    bool   // the answer that failed is a redirect that a browser would follow
	redirects   int    // followed
}

// A DroppedHeader is a request header that the browser drops silently.
type DroppedHeader struct {
	Header
	Why DropReason
}

// A DropReason is why a header is dropped: a clause that fits one header and several.
type DropReason string

// The reasons.
const (
	DroppedForbidden     DropReason = "no script may set such a header"
	DroppedNotSafelisted DropReason = "mode no-cors keeps only safelisted headers"
	DroppedByBrowser     DropReason = "this browser lets no script set a User-Agent, although the standard does"
)

// preflightCause is what calls for the preflight at the first hop that needs one.
type preflightCause struct {
	forced  bool
	method  string
	headers []string
}

// Because lists what calls for the preflight at the first hop that needs one:
// "method PUT", "header x-foo".
func (r *Result) Because() []string {
	if !r.PreflightNeeded {
		return nil
	}
	var out []string
	if r.cause.forced {
		out = append(out, "upload listener")
	}
	if !IsSafelistedMethod(r.cause.method) {
		out = append(out, "method "+r.cause.method)
	}
	for _, name := range r.cause.headers {
		out = append(out, "header "+name)
	}
	return out
}

// An Exchange is one message and its answer.
type Exchange struct {
	Message  Message
	Response *Response // nil where the network failed, or it was not sent
	Failure  *Failure
	Steps    []Step
	// Cookies are those that the answer sets, where the request is one that may
	// set any; those that it deletes are left out.
	Cookies []CookieFate
	// NotSent says that the browser would send this message and corscheck did not.
	NotSent bool
	// FromCache says that the browser answers this message from its HTTP cache, so
	// that nothing is sent.
	FromCache bool
}

// Delivered reports whether the message reached the server.
func (e *Exchange) Delivered() bool { return e.Response != nil && !e.FromCache }

// A Reason names why a request did not succeed, in the browser's own words.
type Reason struct {
	// Code is the browser's own: see Profile.Texts.
	Code string
	// Param is what the browser reports beside it: the value, header or method.
	Param string
	// Console is the first CORS message the browser prints, byte for byte; empty
	// where it prints none.
	Console string
	// Explanation is one or two sentences for a person.
	Explanation string
}
