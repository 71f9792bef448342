package report

import "github.com/corscheck/corscheck/probe/finding"

// A Renderer writes a report check by check: Begin once, Check for each in the
// order of the run, End once. A format that needs the whole collects it.
type Renderer interface {
	Begin(Header) error
	Check(*Check) error
	End(Summary) error
}

// Header is what is known before the first check.
type Header struct {
	Tool      Tool
	StartedAt string
	// Total is the number of checks where it is known, else -1.
	Total int
	// Stopped and NotMade are those of the Summary of a saved report.
	Stopped string
	NotMade int
	// Explained is what explain recognised in a text; nil for other commands.
	Explained *Explained
}

// Explained is what explain adds to a report beside the checks.
type Explained struct {
	Findings []finding.Finding
	Parsed   []Parsed
}
