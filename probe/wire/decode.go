package wire

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/corscheck/corscheck/probe/fetch"
)

// DecodeText returns the beginning of an answer's body as text, with its
// content encodings (gzip, deflate, br, zstd) undone: at most limit bytes of
// valid UTF-8. A body that was cut off is decoded as far as it goes; one in an
// encoding that is unknown or wrong is an empty text. It is made for evidence,
// not for exactness.
func DecodeText(resp *fetch.Response, limit int) string {
	if resp == nil || limit <= 0 || len(resp.Body) == 0 {
		return ""
	}
	var body io.Reader = bytes.NewReader(resp.Body)
	codings := contentCodings(resp.Headers)
	for i := len(codings) - 1; i >= 0; i-- {
		next, closer := decoder(codings[i], body)
		if next == nil {
			return ""
		}
		if closer != nil {
			defer closer()
		}
		body = next
	}
	text, _ := io.ReadAll(io.LimitReader(body, int64(limit)))
	return validText(text)
}

// maxCodings is how many encodings of one body are undone.
const maxCodings = 4

func contentCodings(headers []fetch.Header) []string {
	var codings []string
	h := head{headers: headers}
	for value := range h.values("Content-Encoding") {
		value = strings.ToLower(value)
		if value != "" && value != "identity" && len(codings) < maxCodings {
			codings = append(codings, value)
		}
	}
	return codings
}

// decoder undoes one encoding; nil where it is unknown or the data is not in it.
func decoder(coding string, r io.Reader) (io.Reader, func()) {
	switch coding {
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, nil
		}
		return z, nil
	case "deflate":
		return inflate(r), nil
	case "br":
		return brotli.NewReader(r), nil
	case "zstd":
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(8<<20), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, nil
		}
		return z, z.Close
	}
	return nil, nil
}

// inflate undoes "deflate", which is zlib by the standard and bare DEFLATE from
// some servers; browsers read both.
func inflate(r io.Reader) io.Reader {
	data, _ := io.ReadAll(io.LimitReader(r, 1<<20))
	if z, err := zlib.NewReader(bytes.NewReader(data)); err == nil {
		return z
	}
	return flate.NewReader(bytes.NewReader(data))
}

// validText drops a character that was cut off at the end and replaces what is
// no UTF-8.
func validText(b []byte) string {
	for cut := 1; cut < utf8.UTFMax && cut <= len(b); cut++ {
		if start := b[len(b)-cut]; utf8.RuneStart(start) {
			if !utf8.FullRune(b[len(b)-cut:]) {
				b = b[:len(b)-cut]
			}
			break
		}
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}
