package wire

import (
	"bytes"
	"errors"
	"math"
)

// framing says where a body ends.
type framing struct {
	kind   framingKind
	remain int64 // of byLength: what is still to come
	chunks chunkDecoder
}

type framingKind uint8

const (
	byLength framingKind = iota // no body is one of length zero
	byChunks
	byClose
)

// bodyFraming says how the body that follows a head is delimited.
// Chromium: HttpStreamParser::CalculateResponseBodySize.
func bodyFraming(method string, h *head) framing {
	if h.cutOff || method == "HEAD" || h.status/100 == 1 || h.status == 204 || h.status == 205 || h.status == 304 {
		return framing{}
	}
	if h.chunked() {
		return framing{kind: byChunks}
	}
	if n := h.contentLength(); n >= 0 {
		return framing{remain: n}
	}
	return framing{kind: byClose}
}

// done says that the body has ended; one that ends with the connection never
// does so by itself.
func (f *framing) done() bool {
	return f.kind == byLength && f.remain == 0 || f.kind == byChunks && f.chunks.ended
}

// next takes what it can from b: how many bytes it used, and which of them are
// content. It uses at least one byte of a non-empty b unless the body is done.
func (f *framing) next(b []byte) (used int, content []byte, err error) {
	switch f.kind {
	case byLength:
		n := int(min(int64(len(b)), f.remain))
		f.remain -= int64(n)
		return n, b[:n], nil
	case byChunks:
		return f.chunks.next(b)
	}
	return len(b), b, nil
}

// errChunk is a body whose chunks cannot be told apart.
var errChunk = errors.New("the body's chunked encoding is broken")

// maxChunkLine is Chromium's limit for a line between chunks.
const maxChunkLine = 16384

// chunkDecoder undoes the chunked transfer encoding, as leniently and as
// strictly as Chromium's HttpChunkedDecoder does.
type chunkDecoder struct {
	remain    uint64 // of the chunk
	line      []byte // the start of a line whose end has not come yet
	needBreak bool   // a chunk has ended, its line break has not come yet
	last      bool   // the chunk of size zero has come: trailers follow
	ended     bool
}

func (d *chunkDecoder) next(b []byte) (used int, content []byte, err error) {
	if d.ended || len(b) == 0 {
		return 0, nil, nil
	}
	if d.remain > 0 {
		n := int(min(uint64(len(b)), d.remain))
		d.remain -= uint64(n)
		d.needBreak = d.remain == 0
		return n, b[:n], nil
	}
	end := bytes.IndexByte(b, '\n')
	if end < 0 {
		if len(d.line)+len(b) > maxChunkLine {
			return 0, nil, errChunk
		}
		d.line = append(d.line, b...)
		return len(b), nil, nil
	}
	line := b[:end]
	if len(d.line) > 0 {
		line = append(d.line, line...)
		d.line = d.line[:0]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return end + 1, nil, d.takeLine(line)
}

func (d *chunkDecoder) takeLine(line []byte) error {
	switch {
	case d.last:
		d.ended = len(line) == 0 // else it is a trailer, which nobody reads
		return nil
	case d.needBreak:
		d.needBreak = false
		if len(line) > 0 {
			return errChunk
		}
		return nil
	}
	size, _, _ := bytes.Cut(line, []byte{';'})
	n, ok := parseChunkSize(bytes.TrimRight(size, " "))
	if !ok {
		return errChunk
	}
	d.remain, d.last = n, n == 0
	return nil
}

func parseChunkSize(s []byte) (uint64, bool) {
	var n uint64
	for _, c := range s {
		switch {
		case isDigit(c):
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		if n > math.MaxInt64>>4 {
			return 0, false
		}
		n = n<<4 | uint64(c)
	}
	return n, len(s) > 0
}
