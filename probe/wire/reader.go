package wire

import (
	"io"
	"slices"
	"time"
)

// reader reads HTTP/1 answers from a connection.
type reader struct {
	src    io.Reader
	plain  bool // http: a head that the end of the connection cuts off is taken as it is
	http09 bool // the scheme's default port: an answer without a status line is HTTP/0.9

	buf   []byte
	r, w  int       // what lies between them has been received and not yet used
	first time.Time // when the first byte since begin came; zero before
	spoke bool      // an interim answer has come: no HTTP/0.9
	again bool      // the connection has carried a message before
	eof   bool      // the connection has ended
}

const (
	startBuffer = 4 << 10
	keepBuffer  = 16 << 10 // a larger buffer is given back after its answer
)

// begin prepares for the answer to a message; again says that it is not the
// first one of the connection.
func (r *reader) begin(again bool) {
	r.first, r.spoke, r.again = time.Time{}, false, again
	if len(r.buf) > keepBuffer && r.r == r.w {
		r.buf, r.r, r.w = nil, 0, 0
	}
}

// buffered is what has been received and not yet used.
func (r *reader) buffered() []byte { return r.buf[r.r:r.w] }

// fill reads more; the buffer grows up to the size of the largest head.
func (r *reader) fill() error {
	if r.eof {
		return io.EOF
	}
	if r.r > 0 {
		r.w = copy(r.buf, r.buf[r.r:r.w])
		r.r = 0
	}
	if r.w == len(r.buf) {
		size := max(startBuffer, min(2*len(r.buf), maxHead))
		r.buf = slices.Grow(r.buf, size-len(r.buf))[:size]
	}
	n, err := r.src.Read(r.buf[r.w:])
	r.w += n
	if n > 0 {
		if r.first.IsZero() {
			r.first = time.Now()
		}
		return nil // an error comes again
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	r.eof = err == io.EOF
	return err
}

// readHead reads one head, an interim (1xx) one perhaps. The error is a
// *fetch.Failure where the answer is to blame, else that of the connection.
func (r *reader) readHead() (head, error) {
	start, from := -1, 0
	for {
		b := r.buffered()
		if start < 0 {
			start = statusLineStart(b)
			from = max(start, 0)
		}
		if start >= 0 {
			if end := headEnd(b, from); end >= 0 {
				r.r += end
				return r.parse(b[start:end])
			}
			from = max(start, len(b)-3)
		} else if len(b) >= statusLineSlop+4 {
			return r.headless(b)
		}
		if len(b) >= maxHead {
			return head{}, protocolError("ERR_RESPONSE_HEADERS_TOO_BIG", headTooLong)
		}
		if err := r.fill(); err == io.EOF {
			return r.cutOff(start)
		} else if err != nil {
			return head{}, err
		}
	}
}

// cutOff judges a head that the end of the connection cuts off; start is where
// its status line starts, or -1.
// Chromium: HttpStreamParser::HandleReadHeaderResult.
func (r *reader) cutOff(start int) (head, error) {
	b := r.buffered()
	switch {
	case len(b) == 0 && r.spoke && r.again:
		return head{proto: "HTTP/1.0", status: 200}, nil // Chromium goes on with an empty head
	case len(b) == 0:
		return head{}, io.EOF
	case !r.plain:
		return head{}, io.ErrUnexpectedEOF
	case start < 0:
		return r.headless(b)
	}
	r.r = r.w
	h, err := r.parse(b[start:])
	h.cutOff = true
	return h, err
}

func (r *reader) parse(b []byte) (head, error) {
	r.spoke = true
	h, f := parseHead(b)
	if f != nil {
		return head{}, f
	}
	return h, nil
}

// headless judges an answer without a status line: all of it is the body where
// Chromium takes it for HTTP/0.9 or Shoutcast.
func (r *reader) headless(b []byte) (head, error) {
	icy := r.plain && len(b) >= 3 && b[0]|0x20 == 'i' && b[1]|0x20 == 'c' && b[2]|0x20 == 'y'
	if !r.spoke && (r.http09 || icy) {
		return head{proto: "HTTP/0.9", status: 200}, nil
	}
	detail := "the answer does not start with an HTTP status line"
	if r.plain && len(b) >= 2 && (b[0] == 0x15 || b[0] == 0x16) && b[1] == 3 {
		detail = "the server speaks TLS on this port: the URL wants https"
	}
	return head{}, protocolError("ERR_INVALID_HTTP_RESPONSE", detail)
}
