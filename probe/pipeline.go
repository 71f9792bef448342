package probe

import (
	"iter"
	"sync"
)

// ordered applies f to every value of in, up to n at once, and yields the
// results in the order of in. At most window values are under way or waiting
// for a slower one before them, so memory is constant however long in is.
//
// in is pulled from another goroutine. When the consumer stops, or in ends,
// every goroutine has ended before ordered returns.
func ordered[T, U any](in iter.Seq[T], n, window int, f func(T) U) iter.Seq[U] {
	type job struct {
		in  T
		out chan U
	}
	return func(yield func(U) bool) {
		jobs := make(chan job)
		queue := make(chan chan U, max(window-n, 1)) // the order of the results
		stop := make(chan struct{})
		var running sync.WaitGroup
		running.Go(func() {
			defer close(queue)
			defer close(jobs)
			workers := 0
			for value := range in {
				j := job{value, make(chan U, 1)}
				select {
				case queue <- j.out:
				case <-stop:
					return
				}
				// Workers start as they are needed: most runs are one check.
				if workers < n {
					select {
					case jobs <- j:
						continue
					default:
					}
					workers++
					running.Go(func() {
						j.out <- f(j.in)
						for j := range jobs {
							j.out <- f(j.in)
						}
					})
					continue
				}
				jobs <- j
			}
		})
		defer running.Wait()
		defer close(stop)
		for out := range queue {
			if !yield(<-out) {
				return
			}
		}
	}
}
