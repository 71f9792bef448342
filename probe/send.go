package probe

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/wire"
)

// A budget is the time that a check may still wait for servers.
type budget struct{ left time.Duration }

// send sends one message within the check's budget: after its turn by the rate
// limit, and again after a failure that may pass. What may change something on
// the server is never sent again.
func (p *Prober) send(ctx context.Context, m *fetch.Message, b *budget) wire.Exchange {
	return p.sendBy(ctx, p.sender, m, b)
}

func (p *Prober) sendBy(ctx context.Context, sender Sender, m *fetch.Message, b *budget) wire.Exchange {
	for attempt := 0; ; attempt++ {
		if ctx.Err() != nil || p.limits.wait(ctx, m.URL.Host) != nil {
			return interruptedExchange()
		}
		x := sendOnce(ctx, sender, m, b)
		pause, again := p.retryAfter(m, x, attempt)
		if !again || b.left <= 0 || !sleep(ctx, pause) {
			return x
		}
	}
}

func sendOnce(ctx context.Context, sender Sender, m *fetch.Message, b *budget) wire.Exchange {
	ctx, cancel := context.WithTimeout(ctx, b.left)
	defer cancel()
	start := time.Now()
	x := sender.Send(ctx, m)
	b.left -= time.Since(start)
	return x
}

func interruptedExchange() wire.Exchange {
	return wire.Exchange{Failure: &fetch.Failure{Kind: fetch.FailCanceled, Detail: "interrupted"}}
}

// The waits between tries: doubled from the first to the longest. A server that
// asks for more patience than maxRetryAfter is taken at its word, which is the
// answer it gave.
const (
	firstBackoff  = 250 * time.Millisecond
	longestWait   = 8 * time.Second
	maxRetryAfter = 30 * time.Second
)

// retryAfter decides whether a message is sent again, and when.
func (p *Prober) retryAfter(m *fetch.Message, x wire.Exchange, attempt int) (pause time.Duration, again bool) {
	if attempt >= p.opts.Retries || !fetch.IsSafeMethod(m.Method) {
		return 0, false
	}
	pause = min(firstBackoff<<min(attempt, 10), longestWait)
	if x.Failure != nil {
		switch x.Failure.Kind {
		case fetch.FailRefused, fetch.FailConnect, fetch.FailReset:
			return pause, true
		}
		return 0, false
	}
	if x.Response.Status != http.StatusTooManyRequests && x.Response.Status != http.StatusServiceUnavailable {
		return 0, false
	}
	if value, ok := x.Response.Get("Retry-After"); ok {
		if wanted, ok := parseRetryAfter(value, time.Now()); ok {
			return wanted, wanted <= maxRetryAfter
		}
	}
	return pause, true
}

// parseRetryAfter reads seconds or a date.
// https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
func parseRetryAfter(value string, now time.Time) (time.Duration, bool) {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(date.Sub(now), 0), true
	}
	return 0, false
}

// sleep reports whether it slept to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// A limiter keeps requests to each host below a rate.
type limiter struct {
	perSecond float64
	mu        sync.Mutex
	hosts     map[string]*rate.Limiter
}

func newLimiter(perSecond float64) *limiter {
	return &limiter{perSecond: perSecond, hosts: map[string]*rate.Limiter{}}
}

// wait returns when the host may get its next request.
func (l *limiter) wait(ctx context.Context, host string) error {
	if l.perSecond <= 0 {
		return nil // the context is the sender's to look at
	}
	l.mu.Lock()
	one, ok := l.hosts[host]
	if !ok {
		one = rate.NewLimiter(rate.Limit(l.perSecond), 1)
		l.hosts[host] = one
	}
	l.mu.Unlock()
	return one.Wait(ctx)
}
