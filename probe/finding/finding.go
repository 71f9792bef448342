// Package finding is the catalogue of all that corscheck can say about a
// server: one entry a finding, with its severity, title and page of
// documentation. It holds data only; package diagnose decides what to say.
package finding

// ID names a finding; IDs are never renamed once released.
type ID string

// Severity ranks findings.
type Severity string

// The severities, strongest first.
const (
	Error   Severity = "error"   // explains a block or a failure
	Warning Severity = "warning" // works today, but breaks for somebody
	Info    Severity = "info"    // advice
)

// A Finding is one thing said about one check.
type Finding struct {
	ID       ID       `json:"id"`
	Severity Severity `json:"severity"`
	Title    string   `json:"title"`
	// Detail is one to three sentences with the values that were seen.
	Detail string `json:"detail"`
	// Evidence are the observations that support it, one clause each.
	Evidence []string `json:"evidence,omitempty"`
	// Confirmed is true only where the evidence proves the cause.
	Confirmed bool `json:"confirmed"`
	Fix       *Fix `json:"fix,omitempty"`
}

// Confidence says how sure the recognition of a stack is.
type Confidence string

// The degrees of confidence.
const (
	High   Confidence = "high"
	Medium Confidence = "medium"
	Low    Confidence = "low"
)

// A Fix is the change to make.
type Fix struct {
	// Stack is the key of the stack in package fix: "nginx", "express".
	Stack      string     `json:"stack"`
	Confidence Confidence `json:"confidence"`
	// Why says what the stack was recognised by.
	Why string `json:"why"`
	// Snippet is the configuration or code, ready to paste.
	Snippet string `json:"snippet"`
}
