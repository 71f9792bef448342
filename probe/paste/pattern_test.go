package paste

import "testing"

// Expressions are compiled when they are needed; here all of them are.
func TestEveryPatternCompiles(t *testing.T) {
	n := 0
	for _, list := range messages().byAnchor {
		for _, p := range list {
			p.re()
			n++
		}
	}
	if n == 0 {
		t.Error("there are no patterns")
	}
}
