package probe

import (
	"iter"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func TestOrderedKeepsTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// The first of every ten is slow: the nine behind it must wait for it.
		f := func(i int) int {
			if i%10 == 0 {
				time.Sleep(time.Second)
			}
			return i
		}
		got := slices.Collect(ordered(count(1000), 8, 32, f))
		if !slices.Equal(got, slices.Collect(count(1000))) {
			t.Errorf("got %v", got)
		}
	})
}

func TestOrderedRunsInParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		for range ordered(count(200), 50, 100, func(i int) int { time.Sleep(time.Second); return i }) {
		}
		if took := time.Since(start); took != 4*time.Second {
			t.Errorf("200 seconds of work by 50 took %s, want 4s", took)
		}
	})
}

func TestOrderedIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var pulled atomic.Int64
		in := func(yield func(int) bool) {
			for i := 0; yield(i); i++ {
				pulled.Add(1)
			}
		}
		for i := range ordered(in, 4, 16, func(i int) int { return i }) {
			synctest.Wait()
			if ahead := pulled.Load() - int64(i); ahead > 20 {
				t.Fatalf("%d values ahead of the consumer", ahead)
			}
			if i == 100 {
				break // and nothing is left behind: synctest fails on a leak
			}
		}
	})
}
