package scenario

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/wire"
)

// samplePrefix stands before the paths of a predicted scenario as one of Load does
// where servers are involved, so that both lead to the same places.
const samplePrefix = "/~0~"

// Predict steps the machine of package fetch through a scenario, without any
// socket, and returns what it says the browser does.
func Predict(p *fetch.Profile, sc *Scenario) (Outcome, error) {
	req := sc.Fetch(Sample, samplePrefix)
	if req.ThirdParty == "" {
		req.ThirdParty = p.RecordedThirdParty
	}
	f, err := fetch.New(p, req)
	var thrown *fetch.RequestError
	if errors.As(err, &thrown) {
		return Outcome{}, nil // fetch() throws: nothing is sent, nothing printed
	}
	if err != nil {
		return Outcome{}, fmt.Errorf("scenario %s: %w", sc.ID, err)
	}
	for m, ok := f.Next(); ok; m, ok = f.Next() {
		place := Sample.at(m.URL)
		switch peer := hostOf(place).address(); {
		case place != "" && m.Refuses(peer):
			f.Fail(fetch.NotSentTo(peer))
		case place != "":
			f.Receive(sc.respond(place, m))
		default:
			f.Fail(unreachable(m.URL))
		}
	}
	return outcome(p, f.Result()), nil
}

// recordedAt is a day on which the browsers ran; they know what is older by it.
var recordedAt = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// Fetch is the scenario's request as package fetch takes it. The prefix is that
// of Load, or empty where no servers are involved.
func (s *Scenario) Fetch(places Places, prefix string) fetch.Request {
	q := &s.Request
	req := fetch.Request{
		URL:         s.URL(places, prefix),
		Origin:      s.PageOrigin(places),
		Page:        places[s.PageHost()] + "/",
		Method:      q.Method,
		Credentials: fetch.CredentialsMode(q.Credentials),
		Redirect:    fetch.RedirectMode(q.Redirect),
		Mode:        fetch.Mode(q.Mode),
		Initiator:   fetch.Initiator(q.Initiator),
		Now:         recordedAt,
	}
	q.attribute(&req)
	req.ThirdParty = fetch.ThirdParty(s.ThirdParty)
	for _, c := range s.Cookies {
		req.Jar = append(req.Jar, fetch.StoredCookie{URL: places[c.Host] + "/", Line: confined(c.Line, prefix)})
	}
	if space := hostOf(s.PageHost()).space; space != "" {
		req.PageAddress = space
	}
	for _, h := range q.Headers {
		req.Headers = append(req.Headers, fetch.Header{Name: h[0], Value: h[1]})
	}
	if q.Body != nil {
		req.Body = []byte(*q.Body)
	}
	return req
}

// attribute gives an element the modes that its crossorigin attribute asks for.
// https://html.spec.whatwg.org/#cors-settings-attributes
func (q *Request) attribute(req *fetch.Request) {
	switch req.Initiator {
	case fetch.InitiatorScript, fetch.InitiatorModule, fetch.InitiatorImage, fetch.InitiatorFont:
	default:
		return
	}
	req.Mode, req.Credentials = "", ""
	switch q.CrossOrigin {
	case "anonymous":
		req.Mode = fetch.ModeCORS
	case "use-credentials":
		req.Mode, req.Credentials = fetch.ModeCORS, fetch.CredentialsInclude
	}
}

// unreachable is what the network says where no place listens.
func unreachable(u *fetch.URL) *fetch.Failure {
	if net.ParseIP(strings.Trim(u.Host, "[]")) == nil && u.Host != "localhost" {
		return &fetch.Failure{Kind: fetch.FailDNS, Detail: "the host has no address", Code: "net::ERR_NAME_NOT_RESOLVED"}
	}
	return &fetch.Failure{Kind: fetch.FailRefused, Detail: "nobody listens there", Code: "net::ERR_CONNECTION_REFUSED"}
}

// respond is what the scenario's servers say to a message.
func (s *Scenario) respond(place string, m *fetch.Message) *fetch.Response {
	a := bare404
	if target := m.URL.RequestTarget(); Prefix(target) == samplePrefix {
		if match := s.Match(place, m.Method, strings.ReplaceAll(target, samplePrefix, "")); match != nil {
			a = match
		}
	}
	h := hostOf(place)
	resp := &fetch.Response{Status: a.Status, Proto: h.protocol(), Address: h.address()}
	v := &values{places: Sample, prefix: samplePrefix, origin: s.PageOrigin(Sample), lines: linesOf(m, false)}
	for _, line := range a.written(v, m.Method) {
		if h.http2 {
			if line[0] = strings.ToLower(line[0]); connectionSpecific[line[0]] {
				continue
			}
		}
		resp.Headers = append(resp.Headers, fetch.Header{Name: line[0], Value: strings.Trim(line[1], " \t")})
	}
	if a.hasBody(m.Method) {
		resp.Body, resp.Undo, resp.Ends = []byte(a.Payload()), wire.Undo, a.bodyEnd()
	}
	return resp
}

// linesOf are the lines of a message as the wire has them.
func linesOf(m *fetch.Message, http2 bool) Headers {
	lines := Headers{{"Host", m.URL.Authority()}}
	for _, h := range m.Headers {
		lines = append(lines, [2]string{h.Name, strings.Trim(h.Value, " \t")})
	}
	if http2 {
		for _, h := range m.HTTP2Headers {
			if _, have := lines.get(h.Name); !have {
				lines = append(lines, [2]string{h.Name, h.Value})
			}
		}
		for i := range lines[1:] {
			lines[i+1][0] = strings.ToLower(lines[i+1][0])
		}
	}
	switch {
	case m.Body != nil:
		lines = append(lines, [2]string{"Content-Length", fmt.Sprint(len(m.Body))})
	case m.Method == "POST" || m.Method == "PUT":
		lines = append(lines, [2]string{"Content-Length", "0"})
	}
	return lines
}

// visible fills in what the initiator shows: XMLHttpRequest has no type of a
// response, and an element says that it loaded, no more.
func (o *Outcome) visible(r *fetch.Result) {
	switch r.Request.Initiator {
	case fetch.InitiatorFetch:
		o.Type, o.Status, o.Headers = string(r.Type), r.Status, r.Exposed
	case fetch.InitiatorXHR, fetch.InitiatorXHRUpload:
		o.Status, o.Headers = r.Status, r.Exposed
	}
}

// outcome reads a result as a recording has it.
func outcome(p *fetch.Profile, r *fetch.Result) Outcome {
	o := Outcome{Allowed: r.Verdict == fetch.Allowed}
	if o.Allowed {
		o.visible(r)
	}
	if reason := r.Reason(); reason != nil {
		o.Console = Sample.Redact(reason.Console)
		// WebKit has no codes: those that package fetch gives it are its own.
		if !strings.HasPrefix(reason.Code, "webkit:") {
			o.Code, o.Param = reason.Code, Sample.Redact(reason.Param)
		}
	}
	for i := range r.Exchanges {
		x := &r.Exchanges[i]
		if !x.Delivered() || Prefix(x.Message.URL.RequestTarget()) == "" {
			continue
		}
		place := Sample.at(x.Message.URL)
		in := &incoming{method: x.Message.Method, target: x.Message.URL.RequestTarget(), lines: linesOf(&x.Message, hostOf(place).http2)}
		o.Wire = append(o.Wire, Sample.wire(place, in))
	}
	return o
}
