package paste

import (
	"strings"
	"testing"
)

// Expressions are compiled when they are needed; here all of them are.
func TestEveryPatternCompiles(t *testing.T) {
	n := 0
	for _, list := range messages().byAnchor {
		for _, p := range list {
			p.re()
			n++
			// A value that takes as little as it can needs something behind it, and a
			// quotation mark may be missing.
			if words := strings.TrimRight(p.text, "'\"`"); strings.HasSuffix(words, "}") {
				name := words[strings.LastIndexByte(words, '{')+1 : len(words)-1]
				if strings.Contains(placeholders[name], "?)") {
					t.Errorf("%q ends in a value that is always empty", p.text)
				}
			}
		}
	}
	if n == 0 {
		t.Error("there are no patterns")
	}
}
