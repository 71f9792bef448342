package fetch

// A Rule is one requirement of an algorithm of the standard.
type Rule struct {
	// Name is short enough for one line of a report.
	Name string
	// Section is the algorithm's fragment in the Fetch Standard: "#concept-cors-check".
	Section string

	pass, fail, none string // templates of Step.Detail
}

// A Step is a rule that was applied, with what was seen. Its texts are made
// when asked for, so that judging stays cheap.
type Step struct {
	Rule   *Rule
	Passed bool
	// Seen is the value that decided, Want what would have passed, where there are such.
	Seen, Want string
}

// Name is the rule's name.
func (s Step) Name() string { return s.Rule.Name }

// Section is the rule's fragment in the Fetch Standard.
func (s Step) Section() string { return s.Rule.Section }
