package fetch

// A Rule is one requirement of an algorithm of the Fetch Standard, or of one that it
// calls.
type Rule struct {
	// Name is short enough for one line of a report.
	Name string
	// Section is where the algorithm is: a fragment of the Fetch Standard, such as
	// "#concept-cors-check", or the URL in another standard.
	Section string

	url              string // of Section
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

// Section is the URL of the section that the rule stands in.
func (s Step) Section() string { return s.Rule.url }
