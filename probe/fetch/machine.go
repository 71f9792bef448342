package fetch

import (
	"errors"
	"strconv"
	"strings"
)

// A Fetch is one fetch in progress: main fetch and all it calls, stepped from
// outside. Next says which message the browser sends; Receive, Fail or Withhold
// answers it; Result is known when Next returns false.
//
// The zero value is of no use; New makes one. A Fetch is not safe for
// concurrent use.
type Fetch struct {
	p      *Profile
	req    *Request // the result's
	traits *initiatorTraits
	manner manner
	mode   Mode
	origin string // serialized, of the page
	page   *URL   // nil for opaque origins
	// document is the URL of the page, of an opaque origin too; nil where unknown.
	document *URL

	first         *URL     // the URL the script asked for
	scripted      []Header // what script set, before any redirect
	scriptedTyped []Header // the same line by line, before repeated names are combined
	trustedFirst  bool     // the first URL is potentially trustworthy
	typedByBody   bool     // script set no Content-Type; it is the body's
	unsafeAtFirst bool     // script set a header that calls for a preflight

	method  string
	headers []Header // scripted, as it stands at this hop
	typed   []Header // scriptedTyped, as it stands at this hop
	body    []byte

	hop
	past
	cache  preflightCache
	stored redirectCache
	jar    []cookie

	stocked       bool   // the request came with cookies
	originReferer string // see referer

	retried bool // the last message is the repetition of one with status 421
	waiting bool // for the answer to the last exchange
	done    bool
	result  Result
	room    room
}

// errNotWaiting is a programming error of the caller.
var errNotWaiting = errors.New("fetch: an answer without a message; call Next first")

// Next returns the message that the browser sends next, or false when the
// verdict is known. It returns the same message until that is answered.
func (f *Fetch) Next() (*Message, bool) {
	if f.done {
		return nil, false
	}
	return &f.last().Message, true
}

// Receive hands over the answer to the last message.
func (f *Fetch) Receive(resp *Response) {
	if f.last().Message.Refuses(resp.Address) { // somebody else's message got there
		f.Fail(NotSentTo(resp.Address))
		return
	}
	x := f.answer()
	x.Response = resp
	if x.Message.Kind == Actual {
		f.stored.store(f, &x.Message, resp)
		f.takeCookies(x)
	}
	f.hear(x)
}

// hear puts an answer through the checks that every answer meets, and then
// through those of its kind.
func (f *Fetch) hear(x *Exchange) {
	resp := x.Response
	if !f.checkFraming(resp) {
		return
	}
	f.pass(RuleNetwork, "", "")
	f.result.redirect = f.p.isRedirect(resp)
	if resp.Status == statusMisdirected && !f.retried {
		f.retried = true
		f.repeat(x.Message)
		return
	}
	f.retried = false
	for _, name := range f.p.SingleHeaders {
		if values := lines(resp.Headers, name); differ(values) {
			f.fail(RuleSingleHeader, strings.Join(values, ", "), name)
			return
		}
	}
	if !f.checkContentEncoding(&x.Message, resp) {
		return
	}
	if _, unusable := f.p.UnusableStatus[resp.Status]; unusable {
		f.fail(RuleUnusableStatus, strconv.Itoa(resp.Status), "")
		return
	}
	if x.Message.Kind == Preflight {
		f.receivePreflight(resp)
		return
	}
	f.receiveActual(resp)
}

// Fail says that the network gave no answer to the last message.
func (f *Fetch) Fail(failure *Failure) {
	f.answer().Failure = failure
	if failure.Kind == FailLocalNetwork {
		f.refuseLocalNetwork(failure.Peer)
		return
	}
	f.result.Verdict = Failed
	f.fail(RuleNetwork, failure.Detail, "")
}

// Withhold says that the last message was not sent, although a browser would.
func (f *Fetch) Withhold() {
	f.answer().NotSent = true
	f.result.Verdict = Undecided
	f.end()
}

// statusMisdirected makes every browser send a message once more, on a new
// connection. https://httpwg.org/specs/rfc9110.html#status.421
const statusMisdirected = 421

// repeat sends a message once more.
func (f *Fetch) repeat(m Message) {
	m.Repeated = true
	f.result.Exchanges = append(f.result.Exchanges, Exchange{Message: m})
	f.waiting = true
}

func differ(values []string) bool {
	for _, v := range values {
		if v != values[0] {
			return true
		}
	}
	return false
}

// answer is the exchange that an answer is heard for.
func (f *Fetch) answer() *Exchange {
	if !f.waiting {
		panic(errNotWaiting)
	}
	f.waiting = false
	return f.last()
}

func (f *Fetch) last() *Exchange { return &f.result.Exchanges[len(f.result.Exchanges)-1] }

// Result returns the outcome; it is complete when Next returns false.
func (f *Fetch) Result() *Result { return &f.result }

// pass and fail record a step at the message it concerns, or before the first.
func (f *Fetch) pass(r *Rule, seen, want string) {
	f.record(Step{Rule: r, Passed: true, Seen: seen, Want: want})
}

// fail records the step that decides against the request and ends the fetch.
func (f *Fetch) fail(r *Rule, seen, want string) {
	f.result.Failing = f.record(Step{Rule: r, Seen: seen, Want: want})
	if f.result.Verdict == "" {
		f.result.Verdict = Blocked
	}
	f.end()
}

func (f *Fetch) record(s Step) *Step {
	steps := &f.result.Setup
	if n := len(f.result.Exchanges); n > 0 {
		steps = &f.result.Exchanges[n-1].Steps
	}
	*steps = append(*steps, s)
	return &(*steps)[len(*steps)-1]
}

// end is where every fetch comes to, whatever its verdict.
func (f *Fetch) end() {
	f.done = true
	f.result.tainted, f.result.redirects = f.tainted, f.redirects
}
