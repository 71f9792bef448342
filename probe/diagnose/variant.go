package diagnose

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// variant is the request as it stood at the exchange that decided: the same
// URL, origin, method and headers. Redirects are not followed. At a redirect
// target of another origin it is stripped of all that the user gave.
func (s *subject) variant() fetch.Request {
	req := s.res.Request
	req.Redirect = fetch.RedirectManual
	here := s.here()
	if s.at == nil || s.at.Message.Hop == 0 {
		return req
	}
	if here.Origin() != s.target().Origin() {
		req = s.foreign(here)
	}
	req.URL = here.Display()
	if req.Origin = s.origin(); req.Origin == fetch.NullOrigin {
		req.Page = ""
	}
	return req
}

// foreign is a plain request to another origin: nothing that the user gave goes
// along. Where the method or the headers call for a preflight, only that is
// asked for, since it carries header names and no values.
func (s *subject) foreign(u *fetch.URL) fetch.Request {
	req := s.res.Request
	to := *u
	to.Fragment = ""
	if s.target().Origin() != to.Origin() {
		to.Query, to.Username, to.Password = "", "", "" // it may hold what the user gave
	}
	req.URL = to.String()
	req.Redirect, req.Cookies, req.Body = fetch.RedirectManual, nil, nil
	if s.res.PreflightNeeded {
		req.PreflightOnly = true
	} else {
		req.Headers = nil
	}
	return req
}

// plainGET is a GET without the script's headers: no preflight comes first.
func (s *subject) plainGET() fetch.Request {
	req := s.variant()
	req.Method, req.Headers, req.Body = "GET", nil, nil
	req.Initiator, req.PreflightOnly = fetch.InitiatorFetch, false
	return req
}

// preflightFor is only the preflight of a method and some headers.
func (s *subject) preflightFor(method string, headers []fetch.Header) fetch.Request {
	req := s.variant()
	req.Method, req.Headers, req.Body = method, headers, nil
	req.Initiator, req.Mode = fetch.InitiatorFetch, fetch.ModeCORS
	req.ForcePreflight, req.PreflightOnly = true, true
	return req
}

// headersNamed are the script's headers with one of the names.
func (s *subject) headersNamed(names ...string) []fetch.Header {
	var out []fetch.Header
	for _, h := range s.res.Request.Headers {
		if slices.Contains(names, strings.ToLower(h.Name)) {
			out = append(out, h)
		}
	}
	return out
}

// tryIt steps a variant in the browser of the check.
func (s *subject) tryIt(ctx context.Context, req fetch.Request, why string) *fetch.Result {
	return s.try(ctx, s.res.Browser, req, why)
}

// fromNobody is the request of a page on the target's own origin: it has no
// Origin header.
func (s *subject) fromNobody(req fetch.Request) fetch.Request {
	if u, err := fetch.ParseURL(req.URL, nil); err == nil {
		req.Origin, req.Page = u.Origin(), ""
	}
	return req
}

// withoutOrigin is the message that decided without its Origin.
func (s *subject) withoutOrigin() fetch.Message {
	m := s.at.Message
	m.Headers = slices.DeleteFunc(slices.Clone(m.Headers), func(h fetch.Header) bool {
		return strings.EqualFold(h.Name, "Origin")
	})
	return m
}

// optionsFromNobody is the failing preflight without its Origin. No browser
// sends that, but it tells whether the origin is what the server minds.
func (s *subject) optionsFromNobody(ctx context.Context) (Answer, bool) {
	return s.put(ctx, Question{Message: s.withoutOrigin(), Why: "whether the same OPTIONS without an Origin is answered otherwise"})
}

// lastAnswer is the answer that a variant ended with.
func lastAnswer(res *fetch.Result) *fetch.Response {
	if res == nil || len(res.Exchanges) == 0 {
		return nil
	}
	return res.Exchanges[len(res.Exchanges)-1].Response
}

// describe says what an answer looked like, as a clause of evidence.
func describe(m *fetch.Message, r *fetch.Response) string {
	from := "without an Origin"
	if origin, ok := m.Get("Origin"); ok {
		from = "from " + origin
	}
	if m.Kind == fetch.Preflight {
		from += " for " + asksFor(m)
	}
	return fmt.Sprintf("%s %s %s: %s", m.Method, m.URL.Display(), from, outcome(r))
}

func asksFor(m *fetch.Message) string {
	method, _ := m.Get("Access-Control-Request-Method")
	if names, ok := m.Get("Access-Control-Request-Headers"); ok && names != "" {
		return method + " with " + strings.ReplaceAll(names, ",", ", ")
	}
	return method
}

// outcome is the status of an answer and what its CORS check is about.
func outcome(r *fetch.Response) string {
	lines := r.Lines("Access-Control-Allow-Origin")
	if len(lines) == 0 {
		return fmt.Sprintf("%d, no Access-Control-Allow-Origin", r.Status)
	}
	return fmt.Sprintf("%d, Access-Control-Allow-Origin: %s", r.Status, strings.Join(lines, " | "))
}

// learnFrom notes the last answer of a variant.
func (s *subject) learnFrom(res *fetch.Result) {
	if res == nil || len(res.Exchanges) == 0 {
		return
	}
	x := &res.Exchanges[len(res.Exchanges)-1]
	switch {
	case x.Response != nil:
		s.learn(describe(&x.Message, x.Response))
	case x.Failure != nil:
		s.learn(fmt.Sprintf("%s %s: %s", x.Message.Method, x.Message.URL.Display(), x.Failure.Detail))
	}
}

// learnHere notes the answer that decided.
func (s *subject) learnHere() {
	if s.answered() {
		s.learn(describe(&s.at.Message, s.at.Response))
	}
}
