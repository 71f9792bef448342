package wire

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/corscheck/corscheck/probe/fetch"
)

// maxContent is how much of what a coding holds is kept.
const maxContent = 256 << 10

// DecodeText returns the beginning of an answer's body as text, with its
// content codings (gzip, deflate, br, zstd) undone: at most limit bytes of
// valid UTF-8. A body that was cut off is decoded as far as it goes; one in a
// coding that is unknown or wrong is an empty text. It is made for evidence,
// not for exactness.
func DecodeText(resp *fetch.Response, limit int) string {
	if resp == nil || limit <= 0 || len(resp.Body) == 0 {
		return ""
	}
	text := resp.Body
	codings := contentCodings(resp.Headers)
	for i := len(codings) - 1; i >= 0; i-- {
		content, err := Undo(codings[i], text)
		if err != nil {
			return ""
		}
		text = content
	}
	return validText(text[:min(len(text), limit)])
}

// maxCodings is how many codings of one body are undone.
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

// Undo undoes one content coding of the beginning of a body, as far as that goes and
// up to 256 KiB. The error says why the data is not in the coding, or that the coding
// is none that browsers know; that the data ends early is no error.
func Undo(coding string, data []byte) (content []byte, err error) {
	if magic := magics[coding]; !bytes.HasPrefix(data, []byte(magic[:min(len(magic), len(data))])) {
		return nil, errors.New("it does not begin as " + coding + " does")
	}
	r, err := decoder(coding, data)
	if err == nil {
		content, err = io.ReadAll(io.LimitReader(r, maxContent))
		if c, ok := r.(interface{ Close() }); ok {
			c.Close()
		}
	}
	if isCutOff(err) {
		err = nil
	}
	return content, err
}

// magics are what data in a coding begins with, in every case.
var magics = map[string]string{"gzip": "\x1f\x8b\x08", "x-gzip": "\x1f\x8b\x08", "zstd": "\x28\xb5\x2f\xfd"}

// isCutOff reports whether an error is no fault of the data that there is: it ends
// early, or is followed by what browsers leave alone.
func isCutOff(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrChecksum)
}

// decoder undoes one coding.
func decoder(coding string, data []byte) (io.Reader, error) {
	r := bytes.NewReader(data)
	switch coding {
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(r)
		if err == nil {
			z.Multistream(false)
		}
		return z, err
	case "deflate":
		// zlib by the standard and bare DEFLATE from some servers; browsers read both.
		z, err := zlib.NewReader(r)
		if errors.Is(err, zlib.ErrHeader) {
			return flate.NewReader(bytes.NewReader(data)), nil
		}
		return z, err
	case "br":
		return brotli.NewReader(r), nil
	case "zstd":
		return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(8<<20), zstd.WithDecoderLowmem(true))
	}
	return nil, errors.New("an unknown coding")
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
