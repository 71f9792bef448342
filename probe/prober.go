package probe

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/corscheck/corscheck/probe/diagnose"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/wire"
)

// The defaults of Options.
const (
	DefaultTimeout     = 10 * time.Second
	DefaultConcurrency = 64
)

// Options say how a Prober makes its checks. The zero value is what the command
// line does without flags.
type Options struct {
	// Wire configures the network; it is not used where Sender is set.
	Wire wire.Options
	// Sender answers the messages instead of the network.
	Sender Sender

	// Timeout is the time that one check, its diagnosis included, may spend
	// waiting for servers; 0 is DefaultTimeout. Waiting for Rate or between
	// Retries does not count.
	Timeout time.Duration
	// Concurrency is how many checks are under way at once; 0 is
	// DefaultConcurrency.
	Concurrency int
	// Rate is how many requests a second a host gets at most; 0 is unlimited.
	Rate float64
	// Retries is how often a safe request is sent again after a connection
	// error, 429 or 503.
	Retries int
	// FailFast ends a run behind its first check that is blocked, or not as
	// expected where it has an expectation.
	FailFast bool

	// NoDiagnose sends not one request more than the browser would.
	NoDiagnose bool
	// Deep lets a diagnosis ask as much as it wants.
	Deep bool
	// Stack is the stack to write fixes for instead of the one recognised.
	Stack string
	// Ignore are findings to leave out of results.
	Ignore []finding.ID
}

// A Sender sends one message and returns what came of it. *wire.Client is one.
type Sender interface {
	Send(context.Context, *fetch.Message) wire.Exchange
}

// A Prober runs checks. It keeps connections for reuse and is safe for
// concurrent use.
type Prober struct {
	opts   Options
	sender Sender
	limits *limiter
	// explain finds the causes of a verdict: diagnose.Run.
	explain explainFunc

	mu       sync.Mutex
	clients  []*wire.Client
	families map[int]Sender // of diagnoses that compare IPv4 with IPv6
}

// New makes a Prober. The error is about what Options.Wire names: a proxy, a
// certificate, a file that cannot be read.
func New(opts Options) (*Prober, error) {
	if opts.Timeout <= 0 {
		opts.Timeout = DefaultTimeout
	}
	if opts.Concurrency <= 0 {
		opts.Concurrency = DefaultConcurrency
	}
	p := &Prober{
		opts: opts, sender: opts.Sender, limits: newLimiter(opts.Rate),
		explain: diagnose.Run, families: map[int]Sender{},
	}
	if p.sender == nil {
		client, err := wire.New(opts.Wire)
		if err != nil {
			return nil, err
		}
		p.sender, p.clients = client, []*wire.Client{client}
	}
	return p, nil
}

// byFamily is the sender for one address family, 4 or 6: the Prober's own for
// 0, else one of its kind that is made when it is first needed. It reports false
// where the family is not the Prober's to choose.
func (p *Prober) byFamily(family int) (Sender, bool) {
	if family == 0 {
		return p.sender, true
	}
	if p.opts.Sender != nil || p.opts.Wire.Family != 0 {
		return nil, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if sender, ok := p.families[family]; ok {
		return sender, true
	}
	opts := p.opts.Wire
	opts.Family = family
	client, err := wire.New(opts)
	if err != nil {
		return nil, false
	}
	p.families[family] = client
	p.clients = append(p.clients, client)
	return client, true
}

// Close ends the connections that are kept for reuse.
func (p *Prober) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, client := range p.clients {
		client.Close()
	}
}

// Fetch checks one request as Chrome would make it and sends it whatever its
// method. It is meant for tests of one's own handlers; see the example.
func Fetch(ctx context.Context, r fetch.Request) *Result {
	p, err := New(Options{NoDiagnose: true})
	if err != nil {
		return &Result{Check: Check{Request: r}, Err: err}
	}
	defer p.Close()
	return p.Check(ctx, Check{Request: r, SendUnsafe: true})
}

// Check makes one check.
func (p *Prober) Check(ctx context.Context, c Check) *Result {
	g := p.judge(ctx, &group{checks: []Check{c}})
	r := g.results[0]
	if p.diagnoses() {
		newDiagnoses().assign(g)
		p.diagnose(ctx, g)
	}
	p.finish(r)
	return r
}

// Run makes checks, many at once, and yields their results in the order of the
// checks. It holds a bounded number of them at any time. When ctx ends, the
// results that are complete are still yielded; checks that were under way are
// left out, as nothing is known of them.
//
// Consecutive checks that differ only in their browser share what is alike on
// the wire.
func (p *Prober) Run(ctx context.Context, checks iter.Seq[Check]) iter.Seq[*Result] {
	return func(yield func(*Result) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		n := p.opts.Concurrency
		window := max(4*n, 256)
		groups := ordered(grouped(ctx, checks), n, window, func(g *group) *group { return p.judge(ctx, g) })
		if p.diagnoses() {
			// Which check of those that share a diagnosis has it made is
			// decided here, in the order of the checks, so that a report does
			// not change from run to run.
			assigned := newDiagnoses().assigned(groups)
			groups = ordered(assigned, n, window, func(g *group) *group { return p.diagnose(ctx, g) })
		}
		for g := range groups {
			for _, r := range g.results {
				if r.interrupted() {
					continue
				}
				p.finish(r)
				if !yield(r) || p.opts.FailFast && r.fails() {
					cancel() // before ordered waits for what is under way
					return
				}
			}
		}
	}
}

func (p *Prober) diagnoses() bool { return !p.opts.NoDiagnose }

// finish completes a result whose verdict and findings are known.
func (p *Prober) finish(r *Result) {
	r.Findings = without(r.Findings, p.opts.Ignore)
	r.assume(p)
	r.expect()
}
