package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

// h1conn is a connection that carries one HTTP/1 message at a time. It has no
// goroutine of its own: whoever sends a message also reads its answer.
type h1conn struct {
	origin
	pooled
	conn   net.Conn // TLS, where there is TLS
	socket *socket  // the one below it
	in     reader
	out    []byte

	bodyLimit int
	bodyWait  time.Duration
	idleFor   time.Duration

	used   bool // it has carried a message before the present one
	broken bool // it carries no further one
}

func newH1(c *Client, o origin, conn, below net.Conn) *h1conn {
	port := o.host.key.hostPort[strings.LastIndexByte(o.host.key.hostPort, ':')+1:]
	plain := o.host.key.scheme == "http"
	n := &h1conn{
		origin: o,
		conn:   conn,
		socket: newSocket(below),
		in: reader{
			src:    conn,
			plain:  plain,
			http09: plain && port == "80" || !plain && port == "443",
		},
		bodyLimit: c.opts.BodyLimit,
		bodyWait:  c.opts.BodyWait,
		idleFor:   c.opts.IdleTimeout,
	}
	n.pooled.owner = n
	return n
}

func (n *h1conn) describe(facts *Facts) { n.origin.describe(facts, n.used) }

func (n *h1conn) close() { n.conn.Close() }

// alive says that a connection, unused since its last message, can carry
// another one: the server has neither closed it nor sent what nobody asked for.
func (n *h1conn) alive() bool {
	return time.Since(n.since) < n.idleFor && len(n.in.buffered()) == 0 && n.socket.quiet(n.since)
}

// mayResend permits another try where a kept connection brought nothing at
// all: the server had most likely closed it before the message arrived.
func (n *h1conn) mayResend(m *fetch.Message) bool {
	return n.used && n.in.first.IsZero() && safe(m.Method)
}

// interruptible lets the end of a context end what is being read or written.
// The function it returns undoes that; false says that it was too late, and
// that the connection is of no further use.
func interruptible(ctx context.Context, conn net.Conn) (stop func() bool) {
	if ctx.Done() == nil {
		return func() bool { return true }
	}
	return context.AfterFunc(ctx, func() { conn.SetDeadline(longAgo) })
}

var longAgo = time.Unix(1, 0)

func (n *h1conn) roundTrip(ctx context.Context, m *fetch.Message, facts *Facts) (*fetch.Response, *fetch.Failure) {
	n.in.begin(n.used)
	n.out = appendRequest(n.out[:0], m, n.host)
	stop := interruptible(ctx, n.conn)
	sent := time.Now()
	writeErr := n.write(m.Body)
	resp, reusable, err := n.read(ctx, m.Method, facts, writeErr)
	if !n.in.first.IsZero() {
		facts.FirstByte = n.in.first.Sub(sent)
	}
	if !stop() || !reusable || writeErr != nil {
		n.broken = true
	}
	if err == nil {
		n.used = true
		return resp, nil
	}
	f := readFailure(ctx, err, !n.in.first.IsZero())
	if n.used && f.Kind == fetch.FailReset && n.in.first.IsZero() && !safe(m.Method) {
		f.Detail += "; it was a kept connection, and a " + m.Method + " is not sent twice"
	}
	return nil, f
}

// oneWrite is how long a body may be to be sent together with its header.
const oneWrite = 64 << 10

func (n *h1conn) write(body []byte) error {
	if len(body) <= oneWrite {
		n.out = append(n.out, body...)
		body = nil
	}
	_, err := n.conn.Write(n.out)
	if err == nil && len(body) > 0 {
		_, err = n.conn.Write(body)
	}
	if cap(n.out) > keepBuffer {
		n.out = nil
	}
	return err
}

// read reads the final answer. Where the message could not be sent whole, only
// an error status counts as its answer, as in Chromium.
func (n *h1conn) read(ctx context.Context, method string, facts *Facts, writeErr error) (*fetch.Response, bool, error) {
	h, err := n.in.readHead()
	for err == nil && h.status/100 == 1 {
		h, err = n.in.readHead()
	}
	switch {
	case err != nil && writeErr != nil && n.in.first.IsZero() && alertFailure(err) == nil:
		return nil, false, writeErr
	case err != nil:
		return nil, false, err
	case writeErr != nil && h.status/100 != 4 && h.status/100 != 5:
		return nil, false, writeErr
	}
	resp := &fetch.Response{
		Status:  h.status,
		Headers: h.headers,
		Proto:   h.proto,
		Address: n.remote.Addr(),
		Undo:    Undo,
	}
	facts.Proto, facts.Ignored = h.proto, h.ignored
	body := bodyFraming(method, &h)
	var why error
	resp.Body, why = n.readBody(ctx, &body, &h, facts)
	if why != nil {
		facts.BodyEnd, resp.Ends = why.Error(), bodyEnd(&body, why)
	}
	reusable := why == nil && body.done() && h.keepAlive() && len(n.in.buffered()) == 0 && !n.in.eof
	return resp, reusable, nil
}

// drainLimit is how much of a body is read beyond what is kept, so that the
// connection can be used again.
const drainLimit = 256 << 10

// readBody reads a body up to the limit and, where its end is not far, to that.
// The error says why its end was not reached. The answer as such is known by
// now, so nothing here makes it a failure.
func (n *h1conn) readBody(ctx context.Context, f *framing, h *head, facts *Facts) (body []byte, why error) {
	if f.kind == byLength && f.remain > 0 {
		body = make([]byte, 0, min(f.remain, int64(n.bodyLimit)))
	}
	waiting := false
	defer func() {
		if waiting && ctx.Err() == nil {
			n.conn.SetReadDeadline(time.Time{})
		}
	}()
	extra := 0
	for !f.done() {
		if len(n.in.buffered()) == 0 {
			if !waiting {
				if isEventStream(h) {
					return body, errors.New("an event stream has no end")
				}
				waiting = true
				n.conn.SetReadDeadline(time.Now().Add(n.bodyWait))
				if ctx.Err() != nil {
					return body, errBodyLate
				}
			}
			if err := n.in.fill(); err != nil && extra > 0 {
				return body, tooLong(n.bodyLimit)
			} else if err != nil {
				return body, bodyError(f, err)
			}
		}
		used, content, err := f.next(n.in.buffered())
		n.in.r += used
		keep := min(len(content), n.bodyLimit-len(body))
		body = append(body, content[:keep]...)
		if err != nil {
			return body, err
		}
		extra += len(content) - keep
		if len(body) == n.bodyLimit && !f.done() && (f.kind == byClose || f.remain > drainLimit || extra > drainLimit) {
			return body, tooLong(n.bodyLimit)
		}
	}
	if extra > 0 {
		facts.BodyEnd = tooLong(n.bodyLimit).Error()
	}
	return body, nil
}

// tooLong says that a body is longer than what is kept of it.
func tooLong(limit int) error {
	return fmt.Errorf("only the first %d bytes are kept", limit)
}

var (
	errBodyLate   = errors.New("the body was not complete in time")
	errBodyClosed = errors.New("the server closed the connection before the body was complete")
	errBodyBroken = errors.New("the connection broke before the body was complete")
)

// bodyEnd is the fault in how a body ended; none where nobody waited for its end.
func bodyEnd(f *framing, why error) fetch.BodyEnd {
	switch {
	case errors.Is(why, errChunk):
		return fetch.EndsMalformed
	case !errors.Is(why, errBodyClosed) && !errors.Is(why, errBodyBroken):
		return ""
	case f.kind == byChunks:
		return fetch.EndsOpen
	}
	return fetch.EndsShort
}

// bodyError says why a body ended early; nil where the end of the connection is
// its proper end.
func bodyError(f *framing, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		if f.kind == byClose {
			return nil
		}
		return errBodyClosed
	}
	if ne, ok := errors.AsType[net.Error](err); ok && ne.Timeout() {
		return errBodyLate
	}
	return errBodyBroken
}

func isEventStream(h *head) bool {
	for value := range h.values("Content-Type") {
		return len(value) >= 17 && strings.EqualFold(value[:17], "text/event-stream")
	}
	return false
}

// appendRequest writes the header of a message as Chromium orders it: what
// belongs to the connection first, then the message's own lines.
func appendRequest(b []byte, m *fetch.Message, h *host) []byte {
	b = append(b, m.Method...)
	b = append(b, ' ')
	viaProxy := h.proxy != nil && h.key.scheme == "http" && strings.HasPrefix(h.proxy.Scheme, "http")
	if viaProxy {
		b = append(b, "http://"...)
		b = appendAuthority(b, m.URL)
	}
	if m.URL.Path == "" {
		b = append(b, '/')
	}
	b = append(b, m.URL.Path...)
	b = append(b, m.URL.Query...)
	b = append(b, " HTTP/1.1\r\nHost: "...)
	b = appendAuthority(b, m.URL)
	if viaProxy {
		b = append(b, "\r\nProxy-Connection: keep-alive\r\n"...)
	} else {
		b = append(b, "\r\nConnection: keep-alive\r\n"...)
	}
	if n := contentLength(m); n >= 0 {
		b = append(b, "Content-Length: "...)
		b = strconv.AppendInt(b, int64(n), 10)
		b = append(b, "\r\n"...)
	}
	if viaProxy {
		b = append(b, proxyAuthorization(h.proxy)...)
	}
	for _, line := range m.Headers {
		b = append(b, line.Name...)
		b = append(b, ": "...)
		b = append(b, line.Value...)
		b = append(b, "\r\n"...)
	}
	return append(b, "\r\n"...)
}

// contentLength is the length that a message declares: a POST or PUT without a
// body declares 0, others nothing (-1).
func contentLength(m *fetch.Message) int {
	if m.Body == nil && m.Method != "POST" && m.Method != "PUT" {
		return -1
	}
	return len(m.Body)
}

func appendAuthority(b []byte, u *fetch.URL) []byte {
	b = append(b, u.Host...)
	if u.Port != "" {
		b = append(b, ':')
		b = append(b, u.Port...)
	}
	return b
}
