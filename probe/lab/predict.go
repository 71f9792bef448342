package lab

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/wire"
)

// Check is the route as a check against a running lab.
func (s *Server) Check(r *Route, browser *fetch.Profile) probe.Check {
	return probe.Check{Request: r.For(s.Origins), Browser: browser, SendUnsafe: true}
}

// A Description is a route as the lab's page reads it.
type Description struct {
	Name    string  `json:"name"`
	Family  Family  `json:"family"`
	Title   string  `json:"title"`
	Teaches string  `json:"teaches"`
	Differs string  `json:"differs,omitempty"`
	Request Request `json:"request"`
	// Runnable says that a browser on the lab's own page can make the request;
	// some routes need a page of another origin, or an element.
	Runnable bool `json:"runnable"`
	// Origin is that of the page which makes the request.
	Origin string `json:"origin"`
	// Predictions are what the browsers make of it, by name.
	Predictions map[string]Prediction `json:"predictions"`
}

// Request is what a script passes to fetch().
type Request struct {
	URL         string            `json:"url"`
	Method      string            `json:"method"`
	Headers     map[string]string `json:"headers,omitempty"`
	Body        *string           `json:"body,omitempty"`
	Mode        string            `json:"mode,omitempty"`
	Credentials string            `json:"credentials,omitempty"`
	Redirect    string            `json:"redirect,omitempty"`
	// By is the element or API that asks, where it is not fetch().
	By string `json:"by,omitempty"`
}

// Prediction is what one browser does.
type Prediction struct {
	Verdict fetch.Verdict      `json:"verdict"`
	Type    fetch.ResponseType `json:"type,omitempty"`
	Status  int                `json:"status,omitempty"`
	Exposed []string           `json:"exposedHeaders,omitempty"`
	Code    string             `json:"code,omitempty"`
	Console string             `json:"console,omitempty"`
	// Explanation is why it does not succeed, in a sentence or two.
	Explanation string `json:"explanation,omitempty"`
	// Exchanges are what goes over the wire; of many the first and the last.
	Exchanges []Exchange `json:"exchanges,omitempty"`
}

// Describe lists the routes with what each browser makes of them. The machine
// computes that from the routes' data, without a network.
func (s *Server) Describe() []Description {
	var out []Description
	for _, one := range Routes() {
		r := &one
		q := r.For(s.Origins)
		d := Description{
			Name: r.Name, Family: r.Family, Title: r.Title, Teaches: r.Teaches, Differs: r.Differs,
			Request: scripted(&q), Runnable: q.Origin == s.Origins.Page && scripted(&q).By == "", Origin: q.Origin, Predictions: map[string]Prediction{},
		}
		for _, browser := range []*fetch.Profile{fetch.Chrome, fetch.Firefox, fetch.Safari} {
			d.Predictions[browser.Name] = s.predict(r, browser)
		}
		out = append(out, d)
	}
	return out
}

func scripted(q *fetch.Request) Request {
	r := Request{
		URL: q.URL, Method: q.Method, Mode: string(q.Mode),
		Credentials: string(q.Credentials), Redirect: string(q.Redirect),
	}
	if r.Method == "" {
		r.Method = "GET"
	}
	if q.Initiator != "" && q.Initiator != fetch.InitiatorFetch {
		r.By = q.Initiator.Noun()
	}
	for _, h := range q.Headers {
		if r.Headers == nil {
			r.Headers = map[string]string{}
		}
		r.Headers[h.Name] = h.Value
	}
	if q.Body != nil {
		body := string(q.Body)
		r.Body = &body
	}
	return r
}

func (s *Server) predict(r *Route, browser *fetch.Profile) Prediction {
	f, err := fetch.New(browser, r.For(s.Origins))
	if err != nil {
		return Prediction{Verdict: fetch.Failed, Console: err.Error()}
	}
	for m, ok := f.Next(); ok; m, ok = f.Next() {
		x := s.Send(context.Background(), m)
		if x.Failure != nil {
			f.Fail(x.Failure)
			continue
		}
		f.Receive(x.Response)
	}
	result := f.Result()
	p := Prediction{Verdict: result.Verdict, Type: result.Type, Status: result.Status, Exposed: result.Exposed, Exchanges: exchangesOf(result)}
	if reason := result.Reason(); reason != nil {
		p.Code, p.Console, p.Explanation = reason.Code, reason.Console, reason.Explanation
	}
	return p
}

// Send answers a message as the lab's server would, without a network. It makes
// a Server a probe.Sender.
func (s *Server) Send(_ context.Context, m *fetch.Message) wire.Exchange {
	host := slices.Index([]string{s.Origins.Other, s.Origins.Page, s.Origins.Third}, m.URL.Origin())
	if host < 0 {
		return wire.Exchange{Failure: &fetch.Failure{Kind: fetch.FailDNS, Detail: "the host is not the lab's"}}
	}
	header := http.Header{}
	for _, h := range m.Headers {
		header.Add(h.Name, h.Value)
	}
	a := asked{host: Host(host), method: m.Method, path: m.URL.Path, query: strings.TrimPrefix(m.URL.Query, "?"), header: header}
	_, reply := find(a, s.Origins)
	if reply == nil {
		reply = &Reply{Status: http.StatusNotFound}
	}
	switch reply.Does {
	case Hang:
		return wire.Exchange{Failure: &fetch.Failure{Kind: fetch.FailTimeout, Detail: "no answer in time"}}
	case Reset:
		return wire.Exchange{Failure: &fetch.Failure{Kind: fetch.FailReset, Detail: "the server closed the connection"}}
	case Garbage:
		return wire.Exchange{Failure: &fetch.Failure{Kind: fetch.FailProtocol, Detail: "the answer is not HTTP"}}
	}
	resp := &fetch.Response{Status: reply.status(), Headers: reply.lines(a, s.Origins), Proto: "HTTP/1.1", Body: []byte(reply.Body)}
	if hasLength(m.Method, resp.Status) && reply.Does == "" {
		resp.Headers = append(resp.Headers, fetch.Header{Name: "Content-Length", Value: strconv.Itoa(len(reply.Body))})
	}
	return wire.Exchange{Response: resp}
}

// hasLength reports whether net/http names the length of a body.
func hasLength(method string, status int) bool {
	return method != http.MethodHead && status != http.StatusNoContent && status != http.StatusNotModified
}
