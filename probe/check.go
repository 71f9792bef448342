// Package probe is the engine of corscheck and its library: it runs checks,
// many at once and in a stable order, and says what a browser would do with
// each and why.
package probe

import (
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/wire"
)

// A Check is one request of one page in one browser.
type Check struct {
	Request fetch.Request
	Browser *fetch.Profile // nil: fetch.Chrome

	// SendUnsafe permits a method other than GET, HEAD and OPTIONS to be sent.
	SendUnsafe bool
	// Expect is what the check should find; nil without an expectation.
	Expect *Expectation
	// Source is where the check was written down; nil for the command line.
	Source *Source
	// Recorded, where it is not nil, answers the messages instead of the network.
	// The causes are then looked for without further questions.
	Recorded Recording
	// PreflightInferred says that nobody asked for Request.PreflightOnly: a message
	// about a preflight implies it. The diagnosis may then ask for more.
	PreflightInferred bool
	// Secrets are further values that reports must not show, beside those that
	// are known as secrets by where they stand.
	Secrets []string
	// Notes are what the reader of the check's input should know, and
	// assumptions that its input made; they lead Result.Assumptions.
	Notes []string
}

// A Recording holds what servers answered when somebody else asked.
type Recording interface {
	// Answer returns what was answered to the message, or false where that was
	// not recorded: the message then counts as not sent.
	Answer(*fetch.Message) (wire.Exchange, bool)
}

// A Source is a position in a file.
type Source struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// An Expectation is what a policy or --expect asks of a check.
type Expectation struct {
	Allow bool
	// PreflightSuffices takes a request that was not sent, for want of
	// SendUnsafe, for allowed where its preflight passes: Allow then holds, and
	// its contrary does not.
	PreflightSuffices bool
	// Verify holds further expectations against the result of an allowed check;
	// nil where there are none.
	Verify func(*Result) []Failure
}

// A Failure is one expectation that was not met.
type Failure struct {
	Expectation string `json:"expectation"`
	Want        string `json:"want"`
	Got         string `json:"got"`
}

// A Result is the outcome of a check.
type Result struct {
	Check Check
	// Err is set where fetch() itself throws, and then nothing else is.
	Err error

	Fetch       *fetch.Result
	Exchanges   []Exchange // parallel to Fetch.Exchanges, then the extra ones
	Findings    []finding.Finding
	Assumptions []string

	// AsExpected and Failures are set where the check has an expectation.
	AsExpected bool
	Failures   []Failure
	// Duration is the time of the whole check, diagnosis included.
	Duration time.Duration

	// Diagnosed says that the causes were looked for.
	Diagnosed bool

	left time.Duration // of the check's time, for its diagnosis
}

// An Exchange is what the wire knows about one message beyond its answer.
type Exchange struct {
	// Extra marks a request of the diagnosis, which no browser would send.
	Extra bool
	// Shared marks a message that was not sent for this browser: what is alike
	// on the wire was answered to another one of the same request.
	Shared bool
	fetch.Exchange
	Wire *wire.Facts
}
