package wire

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/corscheck/corscheck/probe/fetch"
)

// h2conn is an HTTP/2 connection; it carries many messages at once. One
// goroutine reads (h2read.go); whoever sends a message writes.
type h2conn struct {
	origin
	pooled
	conn      *tls.Conn
	bodyLimit int
	bodyWait  time.Duration

	// Of the pool, guarded by the Client's mutex.
	active int // messages under way

	write struct { // the sending side
		turn chan struct{} // held by who writes; a server that reads nothing keeps it
		buf  *bufio.Writer
		fr   *http2.Framer
		enc  *hpack.Encoder
		head bytes.Buffer
		next uint32 // the next stream's number
	}

	messages atomic.Int64 // that it has carried

	mu         sync.Mutex // guards the rest
	streams    map[uint32]*h2stream
	maxStreams int
	frameSize  int
	window     int64         // what may be sent on the connection
	newWindow  int64         // what may be sent on a new stream
	widened    chan struct{} // closed when a window has become wider
	leaving    bool          // the server takes no new stream
	wantsHTTP1 bool          // it asked for HTTP/1.1
	err        error         // why the connection has ended
	writeErr   error         // why it takes nothing any more
	unread     int           // bytes that the server has not been told of
}

// h2stream is one message and its answer.
type h2stream struct {
	headed chan struct{} // closed when the head is there, or err
	ended  chan struct{} // closed when the answer is complete, or err

	// The rest is guarded by the connection's mutex until ended is closed.

	window int64
	err    error
	head   head
	got    bool // the head is there
	spoke  bool // an interim answer was
	first  time.Time
	body   []byte
	full   chan struct{} // closed when more body came than is kept
	over   bool          // it was closed
	unread int           // bytes that the server has not been told of
}

// Chromium's windows and limits (SpdySession), by which some servers know it.
const (
	h2TableSize    = 65536
	h2StreamWindow = 6 << 20
	h2ConnWindow   = 15 << 20
	h2Weight       = 219
	h2Update       = 1 << 20 // how much is read before the server is told
)

// newH2 starts HTTP/2 on a connection. That it cannot is an error of the first
// message.
func newH2(c *Client, o origin, conn *tls.Conn) *h2conn {
	n := &h2conn{
		origin:     o,
		conn:       conn,
		bodyLimit:  c.opts.BodyLimit,
		bodyWait:   c.opts.BodyWait,
		streams:    map[uint32]*h2stream{},
		maxStreams: 100, // until the server's settings are there
		frameSize:  16 << 10,
		window:     65535,
		newWindow:  65535,
		widened:    make(chan struct{}),
	}
	n.pooled.owner = n
	n.write.turn = make(chan struct{}, 1)
	n.write.buf = bufio.NewWriterSize(conn, 4<<10)
	n.write.fr = http2.NewFramer(n.write.buf, bufio.NewReaderSize(conn, 8<<10))
	n.write.enc = hpack.NewEncoder(&n.write.head)
	n.write.next = 1
	io.WriteString(n.write.buf, http2.ClientPreface)
	n.write.fr.WriteSettings(
		http2.Setting{ID: http2.SettingHeaderTableSize, Val: h2TableSize},
		http2.Setting{ID: http2.SettingEnablePush, Val: 0},
		http2.Setting{ID: http2.SettingInitialWindowSize, Val: h2StreamWindow},
		http2.Setting{ID: http2.SettingMaxHeaderListSize, Val: maxHead},
	)
	n.write.fr.WriteWindowUpdate(0, h2ConnWindow-65535)
	if err := n.write.buf.Flush(); err != nil {
		n.cannotWrite(err)
	}
	go n.readLoop()
	return n
}

// room says that the connection takes one more message; the Client's mutex is
// held.
func (n *h2conn) room() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.active < n.maxStreams
}

// finished says that the connection takes no message any more.
func (n *h2conn) finished() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.err != nil || n.leaving
}

func (n *h2conn) close() { n.conn.Close() }

func (n *h2conn) describe(facts *Facts) { n.origin.describe(facts, n.messages.Add(1) > 1) }

// mayResend permits another try where a kept connection ended under a message,
// and where the server wants HTTP/1.1.
func (n *h2conn) mayResend(m *fetch.Message) bool {
	return safe(m.Method) && n.finished() && (n.messages.Load() > 1 || n.http1())
}

func (n *h2conn) http1() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.wantsHTTP1
}

func (n *h2conn) roundTrip(ctx context.Context, m *fetch.Message, facts *Facts) (*fetch.Response, *fetch.Failure) {
	facts.Proto = "HTTP/2.0"
	begun := time.Now()
	st, id, err := n.start(ctx, m)
	if err != nil {
		return nil, n.failure(ctx, err)
	}
	if len(m.Body) > 0 {
		if err := n.sendBody(ctx, st, id, m.Body); err != nil {
			n.finish(id, st, http2.ErrCodeCancel)
			return nil, n.failure(ctx, err)
		}
	}
	select {
	case <-st.headed:
	case <-ctx.Done():
	}
	n.mu.Lock()
	h, got, err := st.head, st.got, st.err
	facts.FirstByte = max(st.first.Sub(begun), 0)
	n.mu.Unlock()
	if !got {
		n.finish(id, st, http2.ErrCodeCancel)
		return nil, n.failure(ctx, err)
	}
	resp := &fetch.Response{Status: h.status, Headers: h.headers, Proto: "HTTP/2.0", Address: n.remote.Addr(), Undo: Undo}
	resp.Body, facts.BodyEnd = n.awaitBody(ctx, st, &h)
	n.finish(id, st, http2.ErrCodeCancel)
	return resp, nil
}

// takeTurn waits for the right to write, no longer than ctx lasts.
func (n *h2conn) takeTurn(ctx context.Context) error {
	select {
	case n.write.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (n *h2conn) endTurn() { <-n.write.turn }

// start sends the header of a message.
func (n *h2conn) start(ctx context.Context, m *fetch.Message) (*h2stream, uint32, error) {
	st := &h2stream{
		headed: make(chan struct{}),
		ended:  make(chan struct{}),
		full:   make(chan struct{}),
	}
	w := &n.write
	if err := n.takeTurn(ctx); err != nil {
		return nil, 0, err
	}
	defer n.endTurn()
	n.mu.Lock()
	id := w.next
	st.window = n.newWindow
	size := n.frameSize
	err := n.err
	if err == nil && n.leaving {
		err = errLeaving
	}
	if err == nil {
		n.streams[id] = st
	}
	n.mu.Unlock()
	if err != nil {
		return nil, 0, err
	}
	w.next += 2
	w.head.Reset()
	n.encode(m)
	n.conn.SetWriteDeadline(writeDeadline(ctx))
	block := w.head.Bytes()
	first := block[:min(len(block), size-16)]
	w.fr.WriteHeaders(http2.HeadersFrameParam{
		StreamID:      id,
		BlockFragment: first,
		EndStream:     len(m.Body) == 0,
		EndHeaders:    len(first) == len(block),
		Priority:      http2.PriorityParam{Exclusive: true, Weight: h2Weight},
	})
	for block = block[len(first):]; len(block) > 0; {
		part := block[:min(len(block), size-16)]
		block = block[len(part):]
		w.fr.WriteContinuation(id, len(block) == 0, part)
	}
	if err := w.buf.Flush(); err != nil {
		n.cannotWrite(err)
	}
	return st, id, nil
}

// encode writes a message's fields as Chromium orders them.
func (n *h2conn) encode(m *fetch.Message) {
	path := m.URL.RequestTarget()
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	field := func(name, value string) {
		n.write.enc.WriteField(hpack.HeaderField{Name: name, Value: value})
	}
	field(":method", m.Method)
	field(":authority", m.URL.Authority())
	field(":scheme", m.URL.Scheme)
	field(":path", path)
	if length := contentLength(m); length >= 0 {
		field("content-length", strconv.Itoa(length))
	}
	for _, h := range m.Headers {
		field(strings.ToLower(h.Name), h.Value)
	}
	for _, h := range m.HTTP2Headers {
		if _, has := m.Get(h.Name); !has {
			field(h.Name, h.Value)
		}
	}
}

// writeDeadline bounds how long a write may block; after it the connection is
// of no use to anybody.
func writeDeadline(ctx context.Context) time.Time {
	limit := time.Now().Add(10 * time.Second)
	if d, ok := ctx.Deadline(); ok && d.Before(limit) {
		return d
	}
	return limit
}

// sendBody sends a body as far as the server's windows permit, and stops where
// the answer comes first.
func (n *h2conn) sendBody(ctx context.Context, st *h2stream, id uint32, body []byte) error {
	for len(body) > 0 {
		n.mu.Lock()
		size := int(min(int64(len(body)), int64(n.frameSize), st.window, n.window))
		wider := n.widened
		if size > 0 {
			st.window -= int64(size)
			n.window -= int64(size)
		}
		n.mu.Unlock()
		if size <= 0 {
			select {
			case <-wider:
			case <-st.headed:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
			continue
		}
		part := body[:size]
		body = body[size:]
		if err := n.takeTurn(ctx); err != nil {
			return err
		}
		n.conn.SetWriteDeadline(writeDeadline(ctx))
		n.write.fr.WriteData(id, len(body) == 0, part)
		err := n.write.buf.Flush()
		n.endTurn()
		if err != nil {
			n.cannotWrite(err)
			return nil // the answer may be there all the same
		}
	}
	return nil
}

// awaitBody waits for the body, no longer than for any body.
func (n *h2conn) awaitBody(ctx context.Context, st *h2stream, h *head) (body []byte, why string) {
	select {
	case <-st.ended:
	default:
		if isEventStream(h) {
			return nil, "an event stream has no end"
		}
		timer := time.NewTimer(n.bodyWait)
		defer timer.Stop()
		select {
		case <-st.ended:
		case <-st.full:
		case <-timer.C:
			why = errBodyLate.Error()
		case <-ctx.Done():
			why = errBodyLate.Error()
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case st.over:
		why = tooLong(n.bodyLimit).Error()
	case st.err != nil:
		why = errBodyBroken.Error()
	}
	if len(st.body) == 0 {
		return nil, why
	}
	return bytes.Clone(st.body), why
}

// finish forgets a stream, and resets it where it has not ended.
func (n *h2conn) finish(id uint32, st *h2stream, code http2.ErrCode) {
	n.mu.Lock()
	_, open := n.streams[id]
	delete(n.streams, id)
	dead := n.err != nil
	n.mu.Unlock()
	select {
	case <-st.ended:
		open = false
	default:
	}
	if open && !dead {
		// The message is over; a server that reads nothing cannot hold it up.
		go n.control(func(fr *http2.Framer) { fr.WriteRSTStream(id, code) })
	}
}

// control sends a frame that is not part of a message.
func (n *h2conn) control(write func(*http2.Framer)) {
	_ = n.takeTurn(context.Background()) // which has no end
	defer n.endTurn()
	n.conn.SetWriteDeadline(writeDeadline(context.Background()))
	write(n.write.fr)
	if err := n.write.buf.Flush(); err != nil {
		n.cannotWrite(err)
	}
}
