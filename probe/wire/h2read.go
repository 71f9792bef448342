package wire

import (
	"context"
	"errors"
	"io"
	"math"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/corscheck/corscheck/probe/fetch"
)

// errLeaving is a message that the server said it will not take.
var errLeaving = errors.New("the server is closing the HTTP/2 connection")

// refusedStream is a message that the server says it has not looked at.
const refusedStream = "ERR_HTTP2_SERVER_REFUSED_STREAM"

// readLoop reads frames until the connection ends.
func (n *h2conn) readLoop() {
	fields := fieldReader{}
	fields.dec = hpack.NewDecoder(h2TableSize, fields.add)
	fields.dec.SetMaxStringLength(maxHead)
	fr := n.write.fr
	fr.SetReuseFrames()
	fr.SetMaxReadFrameSize(16 << 10)
	var err error
	for err == nil {
		var f http2.Frame
		if f, err = fr.ReadFrame(); err != nil {
			if stream, ok := errors.AsType[http2.StreamError](err); ok {
				n.refuse(stream.StreamID, stream)
				err = nil
			}
			continue
		}
		switch f := f.(type) {
		case *http2.HeadersFrame:
			err = n.block(&fields, f.StreamID, f.StreamEnded(), f.HeaderBlockFragment(), f.HeadersEnded())
		case *http2.ContinuationFrame:
			err = n.block(&fields, f.StreamID, fields.ended, f.HeaderBlockFragment(), f.HeadersEnded())
		case *http2.DataFrame:
			n.data(f)
		case *http2.SettingsFrame:
			err = n.settings(f)
		case *http2.WindowUpdateFrame:
			err = n.widen(f)
		case *http2.RSTStreamFrame:
			n.end(f.StreamID, http2.StreamError{StreamID: f.StreamID, Code: f.ErrCode})
		case *http2.PingFrame:
			if !f.IsAck() {
				data := f.Data
				n.control(func(fr *http2.Framer) { fr.WritePing(true, data) })
			}
		case *http2.GoAwayFrame:
			n.leave(f.LastStreamID, f.ErrCode)
		case *http2.PushPromiseFrame:
			err = http2.ConnectionError(http2.ErrCodeProtocol)
		}
	}
	n.fail(err)
	n.conn.Close()
}

// block takes one frame of a header block.
func (n *h2conn) block(r *fieldReader, id uint32, ended bool, fragment []byte, last bool) error {
	r.ended = ended
	switch _, err := r.dec.Write(fragment); {
	case errors.Is(err, hpack.ErrStringLength), r.size > 4*maxHead: // there is no end of it
		return errHeadTooLong
	case err != nil:
		return http2.ConnectionError(http2.ErrCodeCompression)
	}
	if !last {
		return nil
	}
	if r.dec.Close() != nil {
		return http2.ConnectionError(http2.ErrCodeCompression)
	}
	h, err := r.head()
	r.reset()
	n.mu.Lock()
	st := n.streams[id]
	trailers := st != nil && st.got
	if st != nil && !trailers && err == nil {
		if st.first.IsZero() {
			st.first = time.Now()
		}
		if h.status/100 == 1 {
			st.spoke = true
		} else {
			st.take(h)
		}
	}
	n.mu.Unlock()
	switch {
	case st == nil: // it was given up
	case err != nil && !trailers:
		n.refuse(id, err)
	case ended:
		n.end(id, nil)
	}
	return nil
}

// take sets the head of the answer; the connection's mutex is held.
func (st *h2stream) take(h head) {
	if !st.got {
		st.head, st.got = h, true
		close(st.headed)
	}
}

// data takes a piece of a body, and tells the server how much has been read.
func (n *h2conn) data(f *http2.DataFrame) {
	size := int(f.Header().Length)
	n.mu.Lock()
	n.unread += size
	connUpdate, streamUpdate := 0, 0
	if n.unread >= h2Update {
		connUpdate, n.unread = n.unread, 0
	}
	st := n.streams[f.StreamID]
	if st != nil {
		if !st.got && st.spoke { // Chromium takes a body after an interim head so
			st.take(head{proto: "HTTP/2.0", status: 200})
		}
		keep := min(len(f.Data()), n.bodyLimit-len(st.body))
		st.body = append(st.body, f.Data()[:keep]...)
		if keep < len(f.Data()) && !st.over {
			st.over = true
			close(st.full)
		}
		if st.unread += size; st.unread >= h2Update {
			streamUpdate, st.unread = st.unread, 0
		}
	}
	n.mu.Unlock()
	if connUpdate+streamUpdate > 0 {
		n.control(func(fr *http2.Framer) {
			if connUpdate > 0 {
				fr.WriteWindowUpdate(0, uint32(connUpdate))
			}
			if streamUpdate > 0 {
				fr.WriteWindowUpdate(f.StreamID, uint32(streamUpdate))
			}
		})
	}
	if f.StreamEnded() {
		n.end(f.StreamID, nil)
	}
}

// settings takes the server's settings.
func (n *h2conn) settings(f *http2.SettingsFrame) error {
	if f.IsAck() {
		return nil
	}
	table := -1
	n.mu.Lock()
	err := f.ForeachSetting(func(s http2.Setting) error {
		if err := s.Valid(); err != nil {
			return err
		}
		switch s.ID {
		case http2.SettingHeaderTableSize:
			table = int(min(s.Val, h2TableSize))
		case http2.SettingMaxConcurrentStreams:
			n.maxStreams = int(min(s.Val, 1<<20))
		case http2.SettingMaxFrameSize:
			n.frameSize = int(min(s.Val, 64<<10))
		case http2.SettingInitialWindowSize:
			for _, st := range n.streams {
				st.window += int64(s.Val) - n.newWindow
			}
			n.newWindow = int64(s.Val)
		}
		return nil
	})
	n.wider()
	n.mu.Unlock()
	if err != nil {
		return err
	}
	n.control(func(fr *http2.Framer) {
		if table >= 0 {
			n.write.enc.SetMaxDynamicTableSizeLimit(uint32(table))
		}
		fr.WriteSettingsAck()
	})
	return nil
}

// widen makes a window wider; one that no number holds ends the connection, as
// in Chromium. https://www.rfc-editor.org/rfc/rfc9113#section-6.9.1
func (n *h2conn) widen(f *http2.WindowUpdateFrame) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	window := &n.window
	if f.StreamID != 0 {
		st := n.streams[f.StreamID]
		if st == nil {
			return nil
		}
		window = &st.window
	}
	if *window += int64(f.Increment); *window > math.MaxInt32 {
		return http2.ConnectionError(http2.ErrCodeFlowControl)
	}
	n.wider()
	return nil
}

// wider wakes who waits for a window; the mutex is held.
func (n *h2conn) wider() {
	close(n.widened)
	n.widened = make(chan struct{})
}

// leave takes a GOAWAY: streams above last have not been looked at.
func (n *h2conn) leave(last uint32, code http2.ErrCode) {
	n.mu.Lock()
	n.leaving = true
	n.wantsHTTP1 = n.wantsHTTP1 || code == http2.ErrCodeHTTP11Required
	var refused []uint32
	for id := range n.streams {
		if id > last {
			refused = append(refused, id)
		}
	}
	n.mu.Unlock()
	for _, id := range refused {
		var err error = errLeaving
		if code != http2.ErrCodeNo {
			err = http2.ConnectionError(code)
		}
		n.end(id, err)
	}
}

// refuse ends a stream whose answer is not valid.
func (n *h2conn) refuse(id uint32, err error) {
	n.end(id, err)
	n.control(func(fr *http2.Framer) { fr.WriteRSTStream(id, http2.ErrCodeProtocol) })
}

// end ends a stream, with an error or properly.
func (n *h2conn) end(id uint32, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if stream, ok := err.(http2.StreamError); ok && stream.Code == http2.ErrCodeHTTP11Required {
		n.wantsHTTP1, n.leaving = true, true
	}
	st := n.streams[id]
	if st == nil {
		return
	}
	delete(n.streams, id)
	if !st.got && err == nil {
		if st.spoke {
			st.take(head{proto: "HTTP/2.0", status: 200})
		} else {
			err = http2.StreamError{StreamID: id, Code: http2.ErrCodeProtocol}
		}
	}
	st.err = err
	if !st.got {
		close(st.headed)
	}
	close(st.ended)
}

// lastWords is how long a server's last words are waited for once it takes no
// more of ours: they have arrived by then.
const lastWords = 100 * time.Millisecond

// cannotWrite lets the reading of a connection that takes nothing any more end
// soon. Why that is the server may have said before: an alert, a GOAWAY, even an
// answer.
func (n *h2conn) cannotWrite(err error) {
	n.mu.Lock()
	if n.writeErr == nil {
		n.writeErr = err
	}
	n.mu.Unlock()
	n.conn.SetReadDeadline(time.Now().Add(lastWords))
}

// fail ends the connection and all its streams.
func (n *h2conn) fail(err error) {
	n.mu.Lock()
	if n.writeErr != nil && alertFailure(err) == nil {
		err = n.writeErr
	}
	if n.err == nil {
		n.err = err
	}
	ids := make([]uint32, 0, len(n.streams))
	for id := range n.streams {
		ids = append(ids, id)
	}
	err = n.err
	n.mu.Unlock()
	for _, id := range ids {
		n.end(id, err)
	}
}

// failure classifies the error of a message.
func (n *h2conn) failure(ctx context.Context, err error) *fetch.Failure {
	const code = "ERR_HTTP2_PROTOCOL_ERROR"
	if ctx.Err() != nil || err == nil {
		return contextFailure(ctx, "waiting for the answer")
	}
	if f, ok := asFailure(err); ok {
		return f
	}
	if stream, ok := errors.AsType[http2.StreamError](err); ok {
		if stream.Cause != nil {
			return protocolError(code, "the answer is not valid in HTTP/2 ("+plain(stream.Cause)+")")
		}
		if stream.Code == http2.ErrCodeRefusedStream {
			return failure(fetch.FailReset, refusedStream, "the server refused the HTTP/2 stream")
		}
		return failure(fetch.FailReset, code, "the server reset the HTTP/2 stream ("+stream.Code.String()+")")
	}
	if conn, ok := errors.AsType[http2.ConnectionError](err); ok {
		return protocolError(code, "the HTTP/2 connection failed ("+http2.ErrCode(conn).String()+")")
	}
	if errors.Is(err, http2.ErrFrameTooLarge) {
		return protocolError("ERR_HTTP2_FRAME_SIZE_ERROR", "the server agreed to HTTP/2 and speaks something else")
	}
	if errors.Is(err, errLeaving) {
		return failure(fetch.FailReset, refusedStream, "the server closes the HTTP/2 connection and did not take the request")
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return failure(fetch.FailReset, "ERR_CONNECTION_CLOSED", "the server closed the HTTP/2 connection before it answered")
	}
	return readFailure(ctx, err, false)
}

// fieldReader collects the fields of a header block.
type fieldReader struct {
	dec    *hpack.Decoder
	fields []hpack.HeaderField
	size   int
	ended  bool // the stream ends with the block
}

func (r *fieldReader) add(f hpack.HeaderField) {
	if r.size += int(f.Size()); r.size <= maxHead {
		r.fields = append(r.fields, f)
	}
}

func (r *fieldReader) reset() { r.fields, r.size = r.fields[:0], 0 }

// head makes a head of the fields. What is refused is what Chromium refuses, as
// testdata/answers-h2.json has it.
func (r *fieldReader) head() (head, error) {
	if r.size > maxHead {
		return head{}, errHeadTooLong
	}
	h := head{proto: "HTTP/2.0", status: -1, headers: make([]fetch.Header, 0, len(r.fields))}
	for _, f := range r.fields {
		switch {
		case f.Name == ":status":
			if h.status >= 0 || len(h.headers) > 0 {
				return head{}, invalidField("the status is not where it belongs")
			}
			if h.status = int(parseDigits(f.Value)); h.status < 0 {
				return head{}, invalidField("the status is no number")
			}
		case f.IsPseudo():
		case !validH2Name(f.Name):
			return head{}, invalidField("a header name has a character that it must not have")
		case !validH2Value(f.Value):
			return head{}, invalidField("the value of " + f.Name + " has a control character")
		case f.Name == "transfer-encoding":
			return head{}, invalidField("there is a transfer-encoding")
		default:
			h.headers = append(h.headers, fetch.Header{Name: f.Name, Value: trimBlank(f.Value)})
		}
	}
	if h.status < 0 {
		return head{}, invalidField("there is no status")
	}
	if f := h.conflict(false); f != nil {
		return head{}, f
	}
	return h, nil
}

// errHeadTooLong has the words of HTTP/1 and Chromium's code for HTTP/2.
var errHeadTooLong = protocolError("ERR_HTTP2_PROTOCOL_ERROR", headTooLong)

func invalidField(what string) error {
	return protocolError("ERR_HTTP2_PROTOCOL_ERROR", "the answer is not valid in HTTP/2: "+what)
}

func validH2Name(s string) bool {
	for i := 0; i < len(s); i++ {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return false
		}
	}
	return isToken(s)
}

func validH2Value(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
