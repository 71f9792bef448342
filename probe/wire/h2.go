package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/http2"

	"github.com/corscheck/corscheck/probe/fetch"
)

// h2conn is an HTTP/2 connection; it carries many messages at once.
type h2conn struct {
	origin
	cc        *http2.ClientConn
	bodyLimit int
	bodyWait  time.Duration
	messages  atomic.Int64
	lost      atomic.Bool // the connection itself failed
}

func newH2(c *Client, o origin, conn *tls.Conn) (*h2conn, error) {
	t := &http2.Transport{
		DisableCompression: true,
		MaxHeaderListSize:  maxHead,
		IdleConnTimeout:    c.opts.IdleTimeout,
	}
	cc, err := t.NewClientConn(conn)
	if err != nil {
		return nil, err
	}
	n := &h2conn{origin: o, cc: cc, bodyLimit: c.opts.BodyLimit, bodyWait: c.opts.BodyWait}
	n.reserve() // for the message that asked for it
	return n, nil
}

// reserve claims the place of one message.
func (n *h2conn) reserve() bool { return !n.lost.Load() && n.cc.ReserveNewRequest() }

// finished says that the connection takes no message any more.
func (n *h2conn) finished() bool {
	s := n.cc.State()
	return n.lost.Load() || s.Closed || s.Closing
}

// retire closes a connection as soon as its messages are answered.
func (n *h2conn) retire() { go n.cc.Shutdown(context.Background()) }

func (n *h2conn) close() { n.cc.Close() }

func (n *h2conn) describe(facts *Facts) { n.origin.describe(facts, n.messages.Add(1) > 1) }

// mayResend permits another try where the connection was a kept one and broke.
func (n *h2conn) mayResend(m *fetch.Message) bool {
	return n.lost.Load() && n.messages.Load() > 1 && safe(m.Method)
}

func (n *h2conn) roundTrip(ctx context.Context, m *fetch.Message, facts *Facts) (*fetch.Response, *fetch.Failure) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // resets the stream where the body was not read to its end
	sent := time.Now()
	facts.Proto = "HTTP/2.0"
	res, err := n.cc.RoundTrip(h2Request(ctx, m))
	if err != nil {
		return nil, n.failure(ctx, err)
	}
	facts.FirstByte = time.Since(sent)
	resp := &fetch.Response{
		Status:  res.StatusCode,
		Headers: h2Headers(res.Header),
		Proto:   "HTTP/2.0",
		Address: n.remote.Addr(),
	}
	resp.Body, facts.BodyEnd = n.readBody(res, cancel)
	return resp, nil
}

// h2Request says a message in net/http's words, without letting it add any.
func h2Request(ctx context.Context, m *fetch.Message) *http.Request {
	authority := m.URL.Authority()
	path := m.URL.RequestTarget()
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	header := make(http.Header, len(m.Headers)+1)
	header["User-Agent"] = []string{""} // none, unless the message has one
	for _, h := range m.Headers {
		name := http.CanonicalHeaderKey(h.Name)
		if name == "User-Agent" {
			header[name] = []string{h.Value}
			continue
		}
		header[name] = append(header[name], h.Value)
	}
	req := &http.Request{
		Method: m.Method,
		// Opaque keeps the path from being parsed and encoded again.
		URL:    &url.URL{Scheme: m.URL.Scheme, Host: authority, Opaque: "//" + authority + path},
		Host:   authority,
		Header: header,
	}
	if len(m.Body) > 0 {
		req.Body = io.NopCloser(bytes.NewReader(m.Body))
		req.ContentLength = int64(len(m.Body))
	} else if contentLength(m) == 0 {
		header["Content-Length"] = []string{"0"}
	}
	return req.WithContext(ctx)
}

// h2Headers are the header lines, in lower case as they came, sorted by name;
// those of one name are in their order.
func h2Headers(header http.Header) []fetch.Header {
	names := make([]string, 0, len(header))
	count := 0
	for name, values := range header {
		names = append(names, name)
		count += len(values)
	}
	slices.Sort(names)
	lines := make([]fetch.Header, 0, count)
	for _, name := range names {
		lower := strings.ToLower(name)
		for _, value := range header[name] {
			lines = append(lines, fetch.Header{Name: lower, Value: trimBlank(value)})
		}
	}
	return lines
}

func (n *h2conn) readBody(res *http.Response, cancel func()) (body []byte, why string) {
	if strings.HasPrefix(strings.ToLower(res.Header.Get("Content-Type")), "text/event-stream") {
		return nil, "an event stream has no end"
	}
	timer := time.AfterFunc(n.bodyWait, cancel)
	defer timer.Stop()
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, int64(n.bodyLimit)+1))
	if len(body) > n.bodyLimit {
		return slices.Clip(body[:n.bodyLimit]), "only the beginning is kept"
	}
	if len(body) == 0 {
		body = nil
	}
	switch {
	case err == nil:
		return body, ""
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return body, errBodyLate.Error()
	}
	return body, "the stream broke before the body was complete"
}

// failure classifies an error of a message; ctx is the message's own.
func (n *h2conn) failure(ctx context.Context, err error) *fetch.Failure {
	if ctx.Err() != nil {
		return contextFailure(ctx, "waiting for the answer")
	}
	if stream, ok := errors.AsType[http2.StreamError](err); ok {
		return failure(fetch.FailProtocol, "ERR_HTTP2_PROTOCOL_ERROR", "the HTTP/2 stream was reset ("+stream.Code.String()+")")
	}
	n.lost.Store(true)
	if away, ok := errors.AsType[http2.GoAwayError](err); ok {
		return failure(fetch.FailReset, "ERR_HTTP2_PROTOCOL_ERROR", "the server ended the HTTP/2 connection ("+away.ErrCode.String()+")")
	}
	if _, ok := errors.AsType[http2.ConnectionError](err); ok {
		return failure(fetch.FailProtocol, "ERR_HTTP2_PROTOCOL_ERROR", "the answer is no HTTP/2 that a browser would read ("+plain(err)+")")
	}
	return readFailure(ctx, err, false)
}
