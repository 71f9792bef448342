package probe

import (
	"context"

	"github.com/corscheck/corscheck/probe/diagnose"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/wire"
)

// textLimit is how much of a body a diagnosis reads as text.
const textLimit = 4096

// explain finds the causes of a result's verdict. Without ask it goes by the
// trace alone.
func (p *Prober) explain(ctx context.Context, r *Result, ask askFunc) []finding.Finding {
	if r.Fetch == nil || r.Fetch.Verdict == "" {
		return nil
	}
	c := diagnose.Case{Result: r.Fetch, Stack: p.opts.Stack, Deep: p.opts.Deep, SendUnsafe: r.Check.SendUnsafe}
	for i := range r.Fetch.Exchanges {
		c.Texts = append(c.Texts, wire.DecodeText(r.Fetch.Exchanges[i].Response, textLimit))
	}
	return diagnose.Run(ctx, c, asking(ask))
}

// asking turns the questions of a diagnosis into messages.
func asking(ask askFunc) diagnose.Ask {
	if ask == nil {
		return nil
	}
	return func(ctx context.Context, q diagnose.Question) (diagnose.Answer, bool) {
		x, ok := ask(ctx, &q.Message, q.Family)
		if !ok || x.Failure != nil && x.Failure.Kind == fetch.FailCanceled {
			return diagnose.Answer{}, false
		}
		return diagnose.Answer{Response: x.Response, Failure: x.Failure, Text: wire.DecodeText(x.Response, textLimit)}, true
	}
}
