package probe

import (
	"fmt"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// assume writes down what the verdict rests on beyond what was seen: what the
// input assumed, what the machine did, and how corscheck differs from a
// person's browser.
func (r *Result) assume(p *Prober) {
	out := append([]string(nil), r.Check.Notes...)
	if r.Fetch == nil {
		r.Assumptions = out
		return
	}
	for _, h := range r.Fetch.Dropped {
		out = append(out, fmt.Sprintf("the header %s is left out: %s", h.Name, h.Why))
	}
	if len(r.Check.Request.Cookies) == 0 {
		out = append(out, "an empty browser profile: no cookies, nothing cached, no service worker, no extensions")
	} else {
		out = append(out, "a browser profile with only the given cookies: nothing cached, no service worker, no extensions")
	}
	out = append(out, r.Fetch.Assumptions...)
	out = append(out, r.assumedOfNetwork(p)...)
	r.Assumptions = out
}

// isBrokenHTTP reports whether an answer is one that every client reads in its own way.
func isBrokenHTTP(x *Exchange) bool {
	return x.Wire != nil && len(x.Wire.Ignored) > 0 || x.Failure != nil && x.Failure.Kind == fetch.FailProtocol
}

// assumedOfNetwork is what the flags of the network change about the answer.
func (r *Result) assumedOfNetwork(p *Prober) []string {
	var out []string
	var proxy string
	shared, unverified, broken := false, false, false
	for i := range r.Exchanges {
		x := &r.Exchanges[i]
		broken = broken || isBrokenHTTP(x)
		shared = shared || x.Shared && !fetch.IsSafeMethod(x.Message.Method)
		if x.Wire == nil {
			continue
		}
		if x.Wire.Proxy != "" {
			proxy = x.Wire.Proxy
		}
		unverified = unverified || x.Wire.TLS != nil && !x.Wire.TLS.Verified
	}
	if proxy != "" {
		out = append(out, "requests went through the proxy "+proxy)
	}
	if unverified {
		out = append(out, "the TLS certificate was not verified (--insecure); a browser would refuse one that is not valid")
	}
	if broken && r.Check.browser() != fetch.Chrome {
		out = append(out, "an answer is broken HTTP and was read as Chromium reads it; this browser may take more, or less")
	}
	if len(p.opts.Wire.Resolve) > 0 {
		out = append(out, "addresses come from --resolve: "+strings.Join(p.opts.Wire.Resolve, ", "))
	}
	if shared {
		out = append(out, "the "+r.Fetch.Request.Method+" request was sent once, in the form of another browser, and its answer is judged here too")
	}
	return out
}
