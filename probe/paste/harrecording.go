package paste

import (
	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/wire"
)

// A recording answers the messages of a fetch from its hops.
type recording struct {
	hops []*exchange
	// hide is the number of messages that are answered; 0 is all.
	hide int

	answered int
}

// Answer implements probe.Recording.
func (r *recording) Answer(m *fetch.Message) (wire.Exchange, bool) {
	r.answered++
	if r.hide > 0 && r.answered > r.hide || m.Hop >= len(r.hops) {
		return wire.Exchange{}, false
	}
	x := r.hops[m.Hop]
	if m.Kind == fetch.Preflight {
		if x.preflight == nil {
			if x.response == nil {
				return wire.Exchange{}, false
			}
			return wire.Exchange{Response: passing(m)}, true
		}
		x = x.preflight
	}
	facts := wire.Facts{Total: x.took}
	switch {
	case x.failure != nil:
		return wire.Exchange{Failure: x.failure, Facts: facts}, true
	case x.response == nil:
		return wire.Exchange{}, false
	}
	facts.Proto = x.response.Proto
	return wire.Exchange{Response: x.response, Facts: facts}, true
}

// passing is the answer to a preflight that is not in the file although its
// request went out.
func passing(m *fetch.Message) *fetch.Response {
	origin, _ := m.Get("Origin")
	method, _ := m.Get("Access-Control-Request-Method")
	names, _ := m.Get("Access-Control-Request-Headers")
	return &fetch.Response{Status: 204, Headers: []fetch.Header{
		{Name: "Access-Control-Allow-Origin", Value: origin},
		{Name: "Access-Control-Allow-Credentials", Value: "true"},
		{Name: "Access-Control-Allow-Methods", Value: method},
		{Name: "Access-Control-Allow-Headers", Value: names},
	}}
}

// assumesPreflight reports whether the check rests on a preflight that is not
// in the file.
func (r *recording) assumesPreflight(c *probe.Check) bool {
	result := r.judge(c.Browser, c.Request)
	if result == nil {
		return false
	}
	for i := range result.Exchanges {
		m := &result.Exchanges[i].Message
		if m.Kind == fetch.Preflight && m.Hop < len(r.hops) && r.hops[m.Hop].preflight == nil && result.Exchanges[i].Response != nil {
			return true
		}
	}
	return false
}

// judge steps the machine through the recording; nil where fetch() throws.
func (r *recording) judge(p *fetch.Profile, req fetch.Request) *fetch.Result {
	f, err := fetch.New(p, req)
	if err != nil {
		return nil
	}
	again := &recording{hops: r.hops, hide: r.hide}
	for m, ok := f.Next(); ok; m, ok = f.Next() {
		x, known := again.Answer(m)
		switch {
		case !known:
			f.Withhold()
		case x.Failure != nil:
			f.Fail(x.Failure)
		default:
			f.Receive(x.Response)
		}
	}
	return f.Result()
}
