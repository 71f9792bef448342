package probe

import (
	"bytes"
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/wire"
)

// A group is checks that differ only in their browser, as --browser all makes
// them. They are made one after the other by one worker.
type group struct {
	checks   []Check
	results  []*Result
	diagnose []*diagnosis // parallel to results; nil where there is none to make
}

// grouped puts consecutive checks of the same request together.
func grouped(ctx context.Context, checks iter.Seq[Check]) iter.Seq[*group] {
	return func(yield func(*group) bool) {
		var g *group
		for c := range checks {
			if ctx.Err() != nil {
				return
			}
			if g != nil && g.takes(&c) {
				g.checks = append(g.checks, c)
				continue
			}
			if g != nil && !yield(g) {
				return
			}
			g = &group{checks: []Check{c}}
		}
		if g != nil && ctx.Err() == nil {
			yield(g)
		}
	}
}

// takes reports whether c is the group's request in another browser.
func (g *group) takes(c *Check) bool {
	for i := range g.checks {
		if g.checks[i].browser() == c.browser() {
			return false
		}
	}
	return c.Recorded == nil && g.checks[0].Recorded == nil && g.checks[0].SameRequest(c)
}

// SameRequest reports whether two checks differ at most in their browser and in
// what is expected of them.
func (c *Check) SameRequest(other *Check) bool {
	x, y := &c.Request, &other.Request
	return x.URL == y.URL && x.Origin == y.Origin && x.Method == y.Method && x.Page == y.Page &&
		x.Credentials == y.Credentials && x.Redirect == y.Redirect && x.Mode == y.Mode &&
		x.Initiator == y.Initiator && x.PageAddress == y.PageAddress && x.UserAgent == y.UserAgent &&
		x.PreflightOnly == y.PreflightOnly && (x.Body == nil) == (y.Body == nil) &&
		bytes.Equal(x.Body, y.Body) && slices.Equal(x.Headers, y.Headers) &&
		slices.Equal(x.Cookies, y.Cookies) && x.ThirdParty == y.ThirdParty && c.SendUnsafe == other.SendUnsafe
}

// judge makes the checks of a group up to their verdicts.
func (p *Prober) judge(ctx context.Context, g *group) *group {
	var shared answers
	if len(g.checks) > 1 {
		shared = answers{}
	}
	for i := range g.checks {
		g.results = append(g.results, p.step(ctx, g.checks[i], shared))
	}
	g.checks = nil
	return g
}

// step steps the machine of one check to its verdict.
func (p *Prober) step(ctx context.Context, c Check, shared answers) *Result {
	start := time.Now()
	r := &Result{Check: c}
	req := c.Request
	if req.Now.IsZero() {
		req.Now = start
	}
	f, err := fetch.New(c.browser(), req)
	if err != nil {
		r.Err = err
		return r
	}
	budget := &budget{left: p.opts.Timeout}
	said := map[string]int{} // how often this browser has sent each message
	for m, ok := f.Next(); ok; m, ok = f.Next() {
		r.fill(len(f.Result().Exchanges) - 1)
		if c.Recorded != nil {
			r.Exchanges = append(r.Exchanges, recall(f, m, c.Recorded))
			continue
		}
		if !fetch.IsSafeMethod(m.Method) && !c.SendUnsafe {
			f.Withhold()
			r.Exchanges = append(r.Exchanges, Exchange{})
			continue
		}
		x, again := p.answer(ctx, m, &c, budget, shared, said)
		r.Exchanges = append(r.Exchanges, Exchange{Wire: &x.Facts, Shared: again})
		if x.Failure != nil {
			f.Fail(x.Failure)
			continue
		}
		f.Receive(x.Response)
	}
	r.Fetch = f.Result()
	r.fill(len(r.Fetch.Exchanges))
	for i := range r.Exchanges {
		r.Exchanges[i].Exchange = r.Fetch.Exchanges[i]
	}
	r.left = budget.left
	r.Duration = time.Since(start)
	return r
}

// fill makes room for messages that the browser answered from its cache, which
// nothing was sent for.
func (r *Result) fill(n int) {
	for len(r.Exchanges) < n {
		r.Exchanges = append(r.Exchanges, Exchange{})
	}
}

// recall answers a message from a recording.
func recall(f *fetch.Fetch, m *fetch.Message, recorded Recording) Exchange {
	x, known := recorded.Answer(m)
	switch {
	case !known:
		f.Withhold()
		return Exchange{}
	case x.Failure != nil:
		f.Fail(x.Failure)
	default:
		f.Receive(x.Response)
	}
	return Exchange{Wire: &x.Facts}
}

// answers are what servers answered the earlier browsers of a group, by what
// was alike: the n-th such message of a browser gets the n-th answer.
type answers map[string][]wire.Exchange

// answer sends a message, or answers it with what an earlier browser of the
// group was told.
func (p *Prober) answer(ctx context.Context, m *fetch.Message, c *Check, b *budget, shared answers, said map[string]int) (x wire.Exchange, again bool) {
	if shared == nil {
		return p.send(ctx, m, b), false
	}
	key := alike(m, &c.Request)
	n := said[key]
	said[key]++
	if known := shared[key]; n < len(known) {
		return known[n], true
	}
	x = p.send(ctx, m, b)
	if x.Failure != nil && x.Failure.Kind == fetch.FailLocalNetwork {
		said[key]--
		return x, false // another browser may send it
	}
	shared[key] = append(shared[key], x)
	return x, false
}

// alike is what of a message servers tell apart, whatever the browser: method,
// URL, Origin, what a preflight asks for, and what the script set. A message
// that may change something is sent once in any case, in the form of the first
// browser that sends it.
func alike(m *fetch.Message, r *fetch.Request) string {
	key := m.Method + " " + m.URL.String()
	if !fetch.IsSafeMethod(m.Method) {
		return key
	}
	lines := []string{key + " " + string(m.Kind)}
	for _, h := range m.Headers {
		if toldApart(h.Name, r) {
			lines = append(lines, strings.ToLower(h.Name)+": "+h.Value)
		}
	}
	slices.Sort(lines[1:]) // browsers have orders of their own
	return strings.Join(lines, "\n")
}

func toldApart(name string, r *fetch.Request) bool {
	for _, own := range []string{"Origin", "Cookie", "Authorization", "Access-Control-Request-Method", "Access-Control-Request-Headers"} {
		if strings.EqualFold(name, own) {
			return true
		}
	}
	return slices.ContainsFunc(r.Headers, func(h fetch.Header) bool { return strings.EqualFold(h.Name, name) })
}
