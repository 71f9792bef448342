package browser_test

import (
	"hash/fnv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/corscheck/corscheck/probe/browser"
	"github.com/corscheck/corscheck/probe/browser/generate"
)

// seed is CORSCHECK_SEED: a number, or a text such as a commit.
func seed() uint64 {
	s := os.Getenv("CORSCHECK_SEED")
	if n, err := strconv.ParseUint(s, 10, 64); err == nil {
		return n
	}
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

// openEdges is how many in a hundred generated scenarios may disagree: edges that
// are known and still open, such as WebKit's preflight to a blocked port and the
// browsers' own HTTP caches. Every one is logged. Lower it as they are closed.
const openEdges = 1

// TestFresh holds the machine against scenarios that nobody has seen before.
func TestFresh(t *testing.T) {
	n := scenarios(t)
	list := generate.Scenarios(seed(), 0, n)
	for _, name := range browser.Names {
		t.Run(name, func(t *testing.T) {
			ctx, b := open(t, name)
			start := time.Now()
			disagree := 0
			for part := range slices.Chunk(list, 1000) {
				found, err := b.Conform(ctx, part)
				if err != nil {
					t.Fatal(err)
				}
				disagree += len(found)
				for _, d := range found {
					var text strings.Builder
					d.Write(&text)
					t.Log(text.String())
				}
			}
			if allowed := max(3, n*openEdges/100); disagree > allowed {
				t.Errorf("%d of %d scenarios disagree, more than the %d that are known", disagree, n, allowed)
			}
			t.Logf("%d scenarios of seed %d, %.0f a second", n, seed(), float64(n)/time.Since(start).Seconds())
		})
	}
}
