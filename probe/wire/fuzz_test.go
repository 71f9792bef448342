package wire

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/net/http2/hpack"
)

// FuzzReader holds the HTTP/1 reader to this: it ends, it reads the same
// whether the bytes come at once or one by one, and no line of a head is lost.
func FuzzReader(f *testing.F) {
	for _, a := range loadAnswers(f).Answers {
		if data := a.bytes(); len(data) < 4096 {
			f.Add(data, true, a.Method == "HEAD")
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, plain, isHead bool) {
		method := "GET"
		if isHead {
			method = "HEAD"
		}
		h1, body1, err1 := readAll(bytes.NewReader(data), method, plain)
		h2, body2, err2 := readAll(iotest.OneByteReader(bytes.NewReader(data)), method, plain)
		if err1 != err2 || h1.status != h2.status || joined(h1) != joined(h2) || !bytes.Equal(body1, body2) {
			t.Errorf("at once:     %d %q %q %s\none by one: %d %q %q %s", h1.status, joined(h1), body1, err1, h2.status, joined(h2), body2, err2)
		}
		for _, h := range h1.headers {
			if !isToken(h.Name) || strings.ContainsAny(h.Value, "\r\n\x00") || h.Value != trimBlank(h.Value) {
				t.Errorf("the line %q: %q is none", h.Name, h.Value)
			}
		}
	})
}

// readAll reads a final head and the body after it.
func readAll(src io.Reader, method string, plain bool) (head, []byte, string) {
	r := reader{src: src, plain: plain}
	for {
		h, err := r.readHead()
		if err != nil {
			return head{}, nil, err.Error()
		}
		if h.status/100 == 1 {
			continue
		}
		body, end := readFramed(&r, bodyFraming(method, &h))
		return h, body, end
	}
}

func readFramed(r *reader, f framing) (body []byte, end string) {
	for !f.done() {
		if len(r.buffered()) == 0 {
			if err := r.fill(); err != nil {
				return body, err.Error()
			}
		}
		used, content, err := f.next(r.buffered())
		r.r += used
		body = append(body, content...)
		if err != nil {
			return body, err.Error()
		}
		if used == 0 {
			panic("the body does not advance")
		}
	}
	return body, ""
}

func joined(h head) string {
	var b strings.Builder
	for _, l := range h.headers {
		b.WriteString(l.Name + ":" + l.Value + "\n")
	}
	return b.String()
}

// FuzzLines holds that joining the lines again yields the logical lines of the
// input, but for white space around names and values.
func FuzzLines(f *testing.F) {
	for _, a := range loadAnswers(f).Answers {
		if _, rest, ok := strings.Cut(string(a.bytes()), "\r\n"); ok && len(rest) < 4096 {
			f.Add(rest)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		headers, ignored := parseLines(text)
		var want []string // by another way: split at line ends, then join what is folded
		folds := false
		for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\r' || r == '\n' }) {
			if folds && isBlank(line[0]) {
				want[len(want)-1] += " " + strings.TrimLeft(line, " \t")
				continue
			}
			name, _, ok := strings.Cut(line, ":")
			folds = ok && isToken(trimBlank(name)) && !isBlank(line[0])
			want = append(want, line)
		}
		for _, line := range want {
			name, value, ok := strings.Cut(line, ":")
			if len(headers) > 0 && ok && !isBlank(line[0]) && trimBlank(name) == headers[0].Name && trimBlank(value) == headers[0].Value {
				headers = headers[1:]
			} else if len(ignored) > 0 && ignored[0] == line {
				ignored = ignored[1:]
			} else if !isBlank(line[0]) || len(ignored) > 0 {
				t.Fatalf("the line %q is lost or changed", line)
			}
		}
		if len(headers)+len(ignored) > 0 {
			t.Errorf("lines from nowhere: %q %q", headers, ignored)
		}
	})
}

// FuzzFields holds that no header block makes the HTTP/2 reader panic or yield
// what is no header line.
func FuzzFields(f *testing.F) {
	f.Add([]byte{0x88, 0x40, 0x01, 'a', 0x01, 'b'})
	f.Fuzz(func(t *testing.T, block []byte) {
		r := fieldReader{}
		r.dec = hpack.NewDecoder(h2TableSize, r.add)
		r.dec.SetMaxStringLength(maxHead)
		if _, err := r.dec.Write(block); err != nil {
			return
		}
		h, err := r.head()
		if err != nil {
			if _, ok := asFailure(err); !ok {
				t.Errorf("%v is no failure", err)
			}
			return
		}
		for _, l := range h.headers {
			if !validH2Name(l.Name) || !validH2Value(l.Value) {
				t.Errorf("the line %q is none", l)
			}
		}
	})
}

// FuzzResolve holds that what is accepted is found again.
func FuzzResolve(f *testing.F) {
	f.Add("a.example:443:127.0.0.1")
	f.Add("[::1]:80:[::2],::3")
	f.Fuzz(func(t *testing.T, entry string) {
		o, err := parseResolve([]string{entry})
		if err != nil {
			return
		}
		for key, addrs := range o {
			if len(addrs) == 0 || len(o.lookup(key)) != len(addrs) {
				t.Errorf("%q is not found", key)
			}
		}
	})
}

// FuzzChunks holds that chunks are the same however they are cut.
func FuzzChunks(f *testing.F) {
	f.Add([]byte("2\r\nhi\r\n0\r\n\r\n"), 3)
	f.Fuzz(func(t *testing.T, data []byte, cut int) {
		whole, end1 := readFramed(&reader{src: bytes.NewReader(data)}, framing{kind: byChunks})
		cut = min(max(cut, 0), len(data))
		parts := io.MultiReader(bytes.NewReader(data[:cut]), bytes.NewReader(data[cut:]))
		again, end2 := readFramed(&reader{src: parts}, framing{kind: byChunks})
		if !bytes.Equal(whole, again) || end1 != end2 {
			t.Errorf("%q %s, cut at %d: %q %s", whole, end1, cut, again, end2)
		}
	})
}
