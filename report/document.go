// Package report renders the results of checks: one file a format. The JSON
// structs live here because saved reports are read back.
package report

import (
	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/finding"
)

// SchemaVersion is the version of the JSON document.
const SchemaVersion = 1

// A Document is one whole report.
type Document struct {
	SchemaVersion int     `json:"schemaVersion"`
	Tool          Tool    `json:"tool"`
	StartedAt     string  `json:"startedAt"` // RFC 3339
	Checks        []Check `json:"checks"`
	Summary       Summary `json:"summary"`

	// Findings and Parsed are what explain adds; absent for other commands.
	Findings *[]finding.Finding `json:"findings,omitempty"`
	Parsed   *[]Parsed          `json:"parsed,omitempty"`
}

// Parsed is one thing that explain recognised in a text.
type Parsed struct {
	Kind           string `json:"kind"` // console, curl, fetch, powershell, finding or code
	Browser        string `json:"browser,omitempty"`
	Code           string `json:"code,omitempty"`
	URL            string `json:"url,omitempty"` // as the message has it
	RedirectedFrom string `json:"redirectedFrom,omitempty"`
	Origin         string `json:"origin,omitempty"`
	Method         string `json:"method,omitempty"`
	Header         string `json:"header,omitempty"`
	// Explanation says what it means, and what it does not tell.
	Explanation string `json:"explanation,omitempty"`
}

// A Message holds a check against the console message that it was made from.
type Message struct {
	Code string `json:"code"` // what the message said
	// Fault is "there", "changed", "gone", or "unknown" where the check came to
	// no verdict.
	Fault string `json:"fault"`
}

// Tool is the program that wrote a report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// A Check is one check and its outcome.
type Check struct {
	SchemaVersion int `json:"schemaVersion,omitempty"` // JSON Lines only

	URL         string      `json:"url"`
	Origin      string      `json:"origin"`
	Method      string      `json:"method"`
	Headers     [][2]string `json:"headers"`
	Credentials string      `json:"credentials"`
	Redirect    string      `json:"redirect"`
	Mode        string      `json:"mode,omitempty"`
	Initiator   string      `json:"initiator,omitempty"`
	Browser     string      `json:"browser"`

	Verdict        string    `json:"verdict"`
	ResponseType   string    `json:"responseType,omitempty"`
	Status         *int      `json:"status,omitempty"`
	ExposedHeaders []string  `json:"exposedHeaders"`
	BodyFault      string    `json:"bodyFault,omitempty"` // why script cannot read the body to its end
	CrossOrigin    bool      `json:"crossOrigin"`         // whether CORS applied at any hop
	Preflight      Preflight `json:"preflight"`
	Reason         *Reason   `json:"reason,omitempty"`

	Setup          []Step   `json:"setup,omitempty"`          // rules before the first message
	DroppedHeaders []string `json:"droppedHeaders,omitempty"` // what the browser never sends
	DroppedBecause []string `json:"droppedBecause,omitempty"` // why, one for each of them

	Exchanges   []Exchange        `json:"exchanges"`
	Findings    []finding.Finding `json:"findings"`
	Assumptions []string          `json:"assumptions"`

	Expected   string          `json:"expected,omitempty"` // allow or deny
	AsExpected *bool           `json:"asExpected,omitempty"`
	Failures   []probe.Failure `json:"failures,omitempty"`
	Known      bool            `json:"known,omitempty"` // the baseline has all that makes it fail
	Source     *probe.Source   `json:"source,omitempty"`
	Recorded   bool            `json:"recorded,omitempty"`  // a file answered, and not the network
	Message    *Message        `json:"message,omitempty"`   // from explain
	InBrowser  *InBrowser      `json:"inBrowser,omitempty"` // from --in-browser
	DurationMs float64         `json:"durationMs"`

	HasBody bool `json:"-"` // a body went with the request, or was to
}

// Preflight says whether a preflight is due, and because of what.
type Preflight struct {
	Needed  bool     `json:"needed"`
	Because []string `json:"because,omitempty"`
}

// Reason is why a request did not succeed.
type Reason struct {
	Code        string `json:"code"`
	Param       string `json:"param,omitempty"`
	Console     string `json:"console,omitempty"`
	Step        string `json:"step"`
	Section     string `json:"section,omitempty"` // URL in the standard
	Explanation string `json:"explanation"`
}

// An Exchange is one message with its answer and the steps it went through.
type Exchange struct {
	Kind       string    `json:"kind"` // preflight, actual or extra
	Request    Request   `json:"request"`
	Response   *Response `json:"response,omitempty"`
	Error      string    `json:"error,omitempty"` // the network's failure
	Steps      []Step    `json:"steps,omitempty"`
	Delivered  bool      `json:"delivered"`
	NotSent    bool      `json:"notSent,omitempty"`   // by corscheck, or by the browser where Error says why
	FromCache  bool      `json:"fromCache,omitempty"` // answered by the browser's HTTP cache
	DurationMs float64   `json:"durationMs"`
	Network    *Network  `json:"network,omitempty"`
}

// Network is what the network showed of an exchange.
type Network struct {
	Remote string `json:"remote,omitempty"` // address and port of the peer
	Proto  string `json:"proto,omitempty"`
	Proxy  string `json:"proxy,omitempty"` // without userinfo
	Reused bool   `json:"reused,omitempty"`
	TLS    *TLS   `json:"tls,omitempty"`
}

// TLS are the facts of an encrypted connection.
type TLS struct {
	Version  string   `json:"version"`
	Subject  string   `json:"subject,omitempty"`
	Issuer   string   `json:"issuer,omitempty"`
	NotAfter string   `json:"notAfter,omitempty"` // RFC 3339
	DNSNames []string `json:"dnsNames,omitempty"`
	Verified bool     `json:"verified"`
}

// Request is a message as it went out, secrets masked.
type Request struct {
	Method  string      `json:"method"`
	URL     string      `json:"url"`
	Headers [][2]string `json:"headers"`
}

// Response is an answer as it came in, Set-Cookie values masked.
type Response struct {
	Status  int         `json:"status"`
	Headers [][2]string `json:"headers"`
	Body    string      `json:"body,omitempty"` // the start of it, where evidence needs it
}

// Step is one rule of an algorithm, applied.
type Step struct {
	Name    string `json:"name"`
	Passed  bool   `json:"passed"`
	Detail  string `json:"detail"`
	Section string `json:"section,omitempty"` // URL in the standard
}

// Summary counts a run.
type Summary struct {
	Checks     int `json:"checks"`
	Allowed    int `json:"allowed"`
	Blocked    int `json:"blocked"`
	Undecided  int `json:"undecided"`
	Failed     int `json:"failed"`
	Unexpected int `json:"unexpected"`

	// Known counts failures that the baseline has too.
	Known int `json:"known,omitempty"`
	// Stopped says why the run ended early, and NotMade how many of its checks
	// were not made for that, 0 where that is not known.
	Stopped string `json:"stopped,omitempty"` // interrupted or fail-fast
	NotMade int    `json:"notMade,omitempty"`
}
