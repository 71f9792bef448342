package probe

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/corscheck/corscheck/probe/diagnose"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/wire"
)

// explainFunc is diagnose.Run. It may put questions where ask is not nil.
type explainFunc func(ctx context.Context, c diagnose.Case, ask diagnose.Ask) []finding.Finding

// evidenceLimit is how much of a body may serve as evidence.
const evidenceLimit = 4 << 10

// caseOf is what a diagnosis of the result starts from.
func (p *Prober) caseOf(r *Result) diagnose.Case {
	c := diagnose.Case{Result: r.Fetch, Stack: p.opts.Stack, Deep: p.opts.Deep, SendUnsafe: r.Check.SendUnsafe}
	if r.Check.Recorded == nil {
		c.Timeout = p.opts.Timeout
	}
	for i := range r.Fetch.Exchanges {
		text := ""
		if resp := r.Fetch.Exchanges[i].Response; resp != nil {
			text = wire.DecodeText(resp, evidenceLimit)
		}
		c.Texts = append(c.Texts, text)
	}
	return c
}

// maxExtra is how many requests a diagnosis may ask for, unless Options.Deep.
const maxExtra = 6

// maxDiagnoses bounds how many diagnoses a run remembers.
const maxDiagnoses = 4096

// A diagnosis is made once and serves all checks it explains: those of the same
// URL, method, headers and reason.
type diagnosis struct {
	leader   *Result // the first such check in the order of the run
	done     chan struct{}
	findings []finding.Finding // known when done is closed
}

// diagnoses are those of one run.
type diagnoses struct {
	byKey map[string]*diagnosis
	order []string // of keys, so that the oldest can be forgotten
}

func newDiagnoses() *diagnoses { return &diagnoses{byKey: map[string]*diagnosis{}} }

// assigned gives every result its diagnosis, in the order of the groups.
func (d *diagnoses) assigned(groups iter.Seq[*group]) iter.Seq[*group] {
	return func(yield func(*group) bool) {
		for g := range groups {
			d.assign(g)
			if !yield(g) {
				return
			}
		}
	}
}

func (d *diagnoses) assign(g *group) {
	g.diagnose = make([]*diagnosis, len(g.results))
	for i, r := range g.results {
		if r.Fetch == nil || r.interrupted() {
			continue
		}
		key := diagnosisKey(r)
		if d.byKey[key] == nil {
			d.remember(key, &diagnosis{leader: r, done: make(chan struct{})})
		}
		g.diagnose[i] = d.byKey[key]
	}
}

// remember forgets the oldest diagnosis when there are too many. Checks that
// hold it already still wait for it.
func (d *diagnoses) remember(key string, one *diagnosis) {
	if len(d.order) >= maxDiagnoses {
		delete(d.byKey, d.order[0])
		d.order = d.order[1:]
	}
	d.byKey[key] = one
	d.order = append(d.order, key)
}

// diagnosisKey is equal for checks that one diagnosis explains. The reason is
// the rule that failed and not the code, which each browser has its own of; the
// status tells an error page from a server that answers. What cookies are worth is
// each browser's own matter.
func diagnosisKey(r *Result) string {
	var b strings.Builder
	req := &r.Fetch.Request
	b.WriteString(string(r.Fetch.Verdict) + " " + req.Method + " " + req.URL)
	b.WriteString(" " + string(req.Credentials) + " " + string(req.Redirect) + " " + string(req.Mode) + " " + string(req.Initiator))
	b.WriteString("\norigin: " + originKind(req.Origin))
	for _, h := range req.Headers {
		b.WriteString("\n" + strings.ToLower(h.Name) + ": " + h.Value)
	}
	if f := r.Fetch.Failing; f != nil {
		b.WriteString("\nfails: " + f.Name())
	}
	for i := range r.Fetch.Exchanges {
		for _, c := range r.Fetch.Exchanges[i].Cookies {
			fmt.Fprintf(&b, "\ncookie: %t %t %s", c.Kept, c.Sent, c.Why)
		}
	}
	if n := len(r.Fetch.Exchanges); n > 0 {
		if last := &r.Fetch.Exchanges[n-1]; last.Response != nil {
			b.WriteString("\nstatus: " + strconv.Itoa(last.Response.Status))
		} else if last.Failure != nil {
			b.WriteString("\nfailure: " + string(last.Failure.Kind))
		}
	}
	return b.String()
}

// originKind tells origins apart that are refused for reasons of their own: a
// server on this machine may allow one spelling of it, and nobody allows null.
func originKind(origin string) string {
	if origin == fetch.NullOrigin {
		return origin
	}
	if u, err := fetch.ParseURL(origin, nil); err == nil && u.IsLoopback() {
		return "loopback"
	}
	return "other"
}

// diagnose finds the causes of a group's verdicts. The check that leads a
// diagnosis asks the server; the others are told what it found.
func (p *Prober) diagnose(ctx context.Context, g *group) *group {
	for i, r := range g.results {
		d := g.diagnose[i]
		if d == nil {
			continue
		}
		r.Diagnosed = true
		if d.leader != r {
			// What its own trace says is found out while the leader asks.
			own := p.explain(ctx, p.caseOf(r), nil)
			<-d.done // the leader stands before r and is under way
			r.Findings = follow(own, d)
			continue
		}
		start := time.Now()
		q := &questions{p: p, r: r, left: maxExtra}
		if p.opts.Deep {
			q.left = 1000
		}
		c, ask := p.caseOf(r), q.ask
		c.Together = q.together
		if r.Check.Recorded != nil {
			ask = nil // nothing is asked of a server about what it said another day
		}
		r.Findings = p.explain(ctx, c, ask)
		d.findings = r.Findings
		r.Duration += time.Since(start)
		close(d.done)
	}
	return g
}

// follow is the diagnosis of a check that another one leads: what its own trace
// says, in the order and with the evidence of what the leader found out.
func follow(said []finding.Finding, d *diagnosis) []finding.Finding {
	own := map[finding.ID]finding.Finding{}
	for _, f := range said {
		own[f.ID] = f
	}
	found := make([]finding.Finding, 0, len(d.findings))
	for _, f := range d.findings {
		mine, known := own[f.ID]
		switch {
		case known:
			mine.Confirmed = mine.Confirmed || f.Confirmed
			if f.Confirmed && len(f.Evidence) > len(mine.Evidence) {
				mine.Evidence = append(f.Evidence[:len(f.Evidence):len(f.Evidence)], sharedEvidence(d))
			}
			found = append(found, mine)
		case f.Severity == finding.Error || f.Confirmed:
			f.Evidence = append(f.Evidence[:len(f.Evidence):len(f.Evidence)], sharedEvidence(d))
			found = append(found, f)
		}
	}
	return found
}

func sharedEvidence(d *diagnosis) string {
	return "found out at the check from " + d.leader.Check.Request.Origin + ", which fails alike"
}

// questions are what a diagnosis may ask: few, harmless, and nothing that the
// user gave goes to another origin than the target's.
type questions struct {
	p    *Prober
	r    *Result
	left int
}

// ask sends one extra request and adds it to the exchanges of the check. It
// returns false where it was not sent: the method may change something, the
// budget is used up, or time is.
func (q *questions) ask(ctx context.Context, asked diagnose.Question) (diagnose.Answer, bool) {
	answer := q.together(ctx, []diagnose.Question{asked})[0]
	return answer, answer.Response != nil || answer.Failure != nil
}

// together sends several extra requests at once. They take their places among
// the exchanges in the order of the questions, whichever is answered first.
func (q *questions) together(ctx context.Context, asked []diagnose.Question) []diagnose.Answer {
	answers := make([]diagnose.Answer, len(asked))
	places := make([]int, len(asked)) // among the exchanges, or -1
	var sending sync.WaitGroup
	budgets := make([]budget, len(asked))
	exchanges := make([]wire.Exchange, len(asked))
	for i := range asked {
		places[i] = -1
		sender, ok := q.p.byFamily(asked[i].Family)
		if !ok || q.left <= 0 || q.r.left <= 0 || ctx.Err() != nil || !q.permits(asked[i].Message.Method) {
			continue
		}
		q.left--
		m := q.harmless(&asked[i].Message)
		places[i] = len(q.r.Exchanges)
		q.r.Exchanges = append(q.r.Exchanges, Exchange{Extra: true, Exchange: fetch.Exchange{Message: *m}})
		budgets[i].left = q.r.left
		sending.Go(func() { exchanges[i] = q.p.sendBy(ctx, sender, m, &budgets[i]) })
	}
	sending.Wait()
	for i, place := range places {
		if place < 0 {
			continue
		}
		x := &exchanges[i]
		q.r.left = min(q.r.left, budgets[i].left)
		shown := &q.r.Exchanges[place]
		shown.Response, shown.Failure, shown.Wire = x.Response, x.Failure, &x.Facts
		if x.Failure != nil && x.Failure.Kind == fetch.FailCanceled {
			continue
		}
		answers[i] = diagnose.Answer{Response: x.Response, Failure: x.Failure}
		if x.Response != nil {
			answers[i].Text = wire.DecodeText(x.Response, evidenceLimit)
		}
	}
	q.forgetUnsent(asked, places, exchanges)
	return answers
}

// permits reports whether a question of the method may be put: none that may
// change something, and where only the preflight was asked for, only OPTIONS.
func (q *questions) permits(method string) bool {
	c := &q.r.Check
	if c.Request.PreflightOnly && !c.PreflightInferred {
		return method == http.MethodOptions
	}
	return fetch.IsSafeMethod(method)
}

// forgetUnsent takes out the questions to an address family that the name has
// no address of: nothing was sent.
func (q *questions) forgetUnsent(asked []diagnose.Question, places []int, exchanges []wire.Exchange) {
	for i, place := range slices.Backward(places) {
		if failure := exchanges[i].Failure; place >= 0 && asked[i].Family != 0 && failure != nil && failure.Kind == fetch.FailDNS {
			q.r.Exchanges = slices.Delete(q.r.Exchanges, place, place+1)
			q.left++
		}
	}
}

// harmless takes out of a message for another origin what the user gave for the
// target: headers, cookies, the body and the query.
func (q *questions) harmless(m *fetch.Message) *fetch.Message {
	out := *m
	out.Body = nil
	target := q.r.target()
	if target == nil || m.URL.Origin() == target.Origin() {
		return &out
	}
	out.Credentials = false
	out.Headers = nil
	for _, h := range m.Headers {
		if !givenByUser(h.Name, &q.r.Check.Request) {
			out.Headers = append(out.Headers, h)
		}
	}
	if m.URL.Query != "" && m.URL.Query == target.Query && !q.sentThere(m.URL) {
		u := *m.URL
		u.Query = ""
		out.URL = &u
	}
	return &out
}

func givenByUser(name string, r *fetch.Request) bool {
	if strings.EqualFold(name, "Cookie") || strings.EqualFold(name, "Authorization") {
		return true
	}
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, name) {
			return true
		}
	}
	return false
}

// sentThere reports whether the server itself redirected to the URL.
func (q *questions) sentThere(u *fetch.URL) bool {
	for i := range q.r.Exchanges {
		x := &q.r.Exchanges[i]
		if x.Response == nil || x.Message.URL == nil {
			continue
		}
		location, ok := x.Response.Get("Location")
		if !ok {
			continue
		}
		if to, err := fetch.ParseURL(location, x.Message.URL); err == nil && to.Display() == u.Display() {
			return true
		}
	}
	return false
}

// target is the URL that the script asked for.
func (r *Result) target() *fetch.URL {
	u, err := fetch.ParseURL(r.Check.Request.URL, nil)
	if err != nil {
		return nil
	}
	return u
}
