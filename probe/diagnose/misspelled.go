package diagnose

import (
	"fmt"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// spelledWell are names that look like another one's misspelling and are none.
var spelledWell = map[string]bool{
	"access-control-allow-origin": true, "access-control-allow-credentials": true, "access-control-allow-methods": true,
	"access-control-allow-headers": true, "access-control-expose-headers": true, "access-control-max-age": true,
	"access-control-request-method": true, "access-control-request-headers": true,
	"access-control-allow-private-network": true, "timing-allow-origin": true,
}

// misspelled is the header line that was probably meant to be the header want:
// with a letter too many, with underscores, or with half of the name.
func misspelled(r *fetch.Response, want string) (fetch.Header, bool) {
	want = strings.ToLower(want)
	for _, h := range r.Headers {
		name := strings.ReplaceAll(strings.ToLower(h.Name), "_", "-")
		near := finding.Distance(name, want) <= 2
		if want == "access-control-allow-origin" {
			near = near || strings.Contains(name, "allow-origin") || name == "access-control-origin"
		}
		if near && !spelledWell[strings.ToLower(h.Name)] {
			return h, true
		}
	}
	return fetch.Header{}, false
}

// misspelledNote says so in a sentence, where it is so.
func (s *subject) misspelledNote(r *fetch.Response, want string) string {
	if has(r, want) {
		return ""
	}
	h, ok := misspelled(r, want)
	if !ok {
		return ""
	}
	s.learn(fmt.Sprintf("the answer has %s: %s", h.Name, h.Value))
	return fmt.Sprintf(" The answer has the header %s, which no browser knows: it must be spelled %s.", h.Name, want)
}
