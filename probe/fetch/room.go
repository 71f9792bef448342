package fetch

// room is the memory that most fetches need, a preflight and the request, as part
// of the Fetch: judging one is then few allocations. What does not fit grows
// elsewhere.
type room struct {
	exchanges [2]Exchange
	steps     [9]Step // of a preflight 6, of a request 3
	lines     [32]Header

	stepsUsed, linesUsed int
}

// roomForSteps is where the steps of an exchange go.
func (r *room) roomForSteps(n int) []Step {
	from := r.stepsUsed
	if from+n > len(r.steps) {
		return nil
	}
	r.stepsUsed += n
	return r.steps[from:from:r.stepsUsed]
}

// roomForLines is where the header lines of a message may be appended; keepLines
// ends that.
func (r *room) roomForLines() []Header { return r.lines[r.linesUsed:r.linesUsed] }

// keepLines returns the lines of a message for good: nothing can be appended to
// them in place.
func (r *room) keepLines(lines []Header) []Header {
	if len(lines) <= len(r.lines)-r.linesUsed { // else they grew elsewhere
		r.linesUsed += len(lines)
	}
	return lines[:len(lines):len(lines)]
}
