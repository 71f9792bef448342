package wire

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/corscheck/corscheck/probe/fetch"
)

func encode(t testing.TB, coding string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw deflate":
		w, _ = flate.NewWriter(&b, -1)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, _ = zstd.NewWriter(&b)
	}
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func encoded(body []byte, codings ...string) *fetch.Response {
	r := &fetch.Response{Body: body}
	for _, c := range codings {
		r.Headers = append(r.Headers, fetch.Header{Name: "content-encoding", Value: c})
	}
	return r
}

func TestDecodeText(t *testing.T) {
	const text = "<h1>403 Forbidden</h1> \u00e9\u00e8"
	for _, format := range []string{"gzip", "deflate", "raw deflate", "br", "zstd"} {
		body := encode(t, format, []byte(text))
		coding := strings.TrimPrefix(format, "raw ")
		if got := DecodeText(encoded(body, coding), 1000); got != text {
			t.Errorf("%s: %q", coding, got)
		}
		if got := DecodeText(encoded(body, strings.ToUpper(coding)), 5); got != "<h1>4" {
			t.Errorf("%s, limited: %q", coding, got)
		}
		var long strings.Builder
		for i := range 50000 { // several blocks of each encoding
			fmt.Fprintf(&long, "%x ", i*i*i)
		}
		cut := encode(t, format, []byte(long.String()))
		if got := DecodeText(encoded(cut[:len(cut)*9/10], coding), 100); got != long.String()[:100] {
			t.Errorf("%s, cut off: %q", coding, got)
		}
		if got := DecodeText(encoded([]byte("not encoded at all"), coding), 100); got != "" && !utf8.ValidString(got) {
			t.Errorf("%s that is none: %q", coding, got)
		}
	}
	tests := []struct {
		name string
		resp *fetch.Response
		want string
	}{
		{"none", encoded([]byte(text)), text},
		{"identity", encoded([]byte(text), "identity"), text},
		{"two", encoded(encode(t, "br", encode(t, "gzip", []byte(text))), "gzip, br"), text},
		{"two lines", encoded(encode(t, "br", encode(t, "gzip", []byte(text))), "gzip", "br"), text},
		{"unknown", encoded([]byte(text), "rot13"), ""},
		{"empty", encoded(nil, "gzip"), ""},
		{"no answer", nil, ""},
		{"Latin-1", encoded([]byte("caf\xe9!")), "caf\uFFFD!"},
	}
	for _, tt := range tests {
		if got := DecodeText(tt.resp, 1000); got != tt.want {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
	if got := DecodeText(encoded([]byte("ab\u00e9")), 3); got != "ab" {
		t.Errorf("a character that is cut in two: %q", got)
	}
}

// FuzzDecodeText: whatever a body is, its text is short and UTF-8; and what is in a
// coding is found in it, as far as it goes, wherever it is cut off.
func FuzzDecodeText(f *testing.F) {
	for _, coding := range []string{"gzip", "deflate", "br", "zstd"} {
		f.Add(encode(f, coding, []byte("hello")), coding, 100)
	}
	f.Fuzz(func(t *testing.T, body []byte, coding string, limit int) {
		limit = min(limit, 1<<16)
		got := DecodeText(encoded(body, coding), limit)
		if !utf8.ValidString(got) || len(got) > max(0, 3*limit) { // a bad byte becomes three
			t.Errorf("%d bytes for a limit of %d, valid: %v", len(got), limit, utf8.ValidString(got))
		}
		for _, format := range []string{"gzip", "deflate", "raw deflate", "br", "zstd"} {
			whole := encode(t, format, body)
			cut := whole[:uint(limit)%uint(len(whole)+1)]
			content, err := Undo(strings.TrimPrefix(format, "raw "), cut)
			if err != nil || !bytes.HasPrefix(body, content[:min(len(content), len(body))]) || len(cut) == len(whole) && len(content) < min(len(body), maxContent) {
				t.Errorf("%q in %s, cut at %d: %q, %v", body, format, len(cut), content, err)
			}
		}
	})
}

// TestUndo holds what is no coding against data that only ends early.
func TestUndo(t *testing.T) {
	tests := []struct {
		coding, data string
		broken       bool
	}{
		{"gzip", "x", true}, {"gzip", "\x1f", false}, {"x-gzip", "window.x=1;", true},
		{"deflate", "x", false}, {"deflate", "1;", false}, {"deflate", "hello", true}, {"deflate", "window.x=1;", true},
		{"br", "x", false}, {"br", "1;", false}, {"br", "hello", false}, {"br", "moved", true}, {"br", "window.x=1;", true},
		{"zstd", "x", true}, {"zstd", "\x28\xb5", false}, {"zstd", "moved", true},
		{"compress", "x", true},
	}
	for _, tt := range tests {
		if _, err := Undo(tt.coding, []byte(tt.data)); (err != nil) != tt.broken {
			t.Errorf("%s of %q: %v, want an error: %v", tt.coding, tt.data, err, tt.broken)
		}
	}
}
