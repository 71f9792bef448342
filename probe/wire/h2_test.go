package wire

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/corscheck/corscheck/probe/fetch"
)

// h2Answer is an odd answer over HTTP/2 and what a browser made of it.
type h2Answer struct {
	Name     string      `json:"name"`
	Method   string      `json:"method"`
	Fields   [][2]string `json:"fields"` // each character is a byte
	Repeat   int         `json:"repeat"` // so many long fields besides
	Body     string      `json:"body"`
	Interim  bool        `json:"interim"` // a 103 comes before
	Reset    int         `json:"reset"`   // the stream is reset instead; the code plus 100 where it is 0
	Chromium outcome     `json:"chromium"`
}

func TestHTTP2AnswersAsChromium(t *testing.T) {
	data, err := os.ReadFile("testdata/answers-h2.json")
	if err != nil {
		t.Fatal(err)
	}
	var table struct{ Answers []h2Answer }
	if err := json.Unmarshal(data, &table); err != nil {
		t.Fatal(err)
	}
	var conns atomic.Int32
	url := h2Server(t, func(s *h2Peer) {
		conns.Add(1)
		for r := s.request(); r != nil; r = s.request() {
			i, _ := strconv.Atoi(strings.TrimPrefix(r.field(":path"), "/"))
			s.answer(r.id, &table.Answers[i])
		}
	})
	c := newClient(t, Options{Insecure: true})
	for i, a := range table.Answers {
		t.Run(a.Name, func(t *testing.T) {
			m := get(url, "/"+strconv.Itoa(i))
			m.Method = cmp.Or(a.Method, "GET")
			x := send(t, c, m)
			got := asScript(x, &answer{})
			if len(got.Headers) > 100 {
				got.Headers = [][2]string{{"n", strconv.Itoa(len(got.Headers))}}
			}
			check(t, "HTTP/2", a.Chromium, got)
		})
	}
	if conns.Load() != 1 {
		t.Errorf("%d connections: one bad answer must not end the connection", conns.Load())
	}
}

// TestHTTP2AsChromium holds the frames and fields that are sent to what
// Chromium sends.
func TestHTTP2AsChromium(t *testing.T) {
	requests := make(chan *h2Request, 1)
	var settings string
	url := h2Server(t, func(s *h2Peer) {
		for r := s.request(); r != nil; r = s.request() {
			settings = s.settings
			requests <- r
			s.answer(r.id, &h2Answer{Fields: [][2]string{{":status", "200"}}})
		}
	})
	c := newClient(t, Options{Insecure: true})
	m := get(url, "/a%2f;b?x=|")
	m.Method, m.Body = "PUT", []byte("xyz")
	m.Headers = []fetch.Header{{Name: "sec-ch-ua-mobile", Value: "?0"}, {Name: "X-Foo", Value: "1"}, {Name: "Accept", Value: "*/*"}, {Name: "Content-Type", Value: "text/plain"}}
	m.HTTP2Headers = []fetch.Header{{Name: "priority", Value: "u=1, i"}, {Name: "accept", Value: "text/html"}}
	mustSend(t, c, m)
	r := <-requests
	want := ":method: PUT\n:authority: " + strings.TrimPrefix(url, "https://") + "\n:scheme: https\n:path: /a%2f;b?x=|\n" +
		"content-length: 3\nsec-ch-ua-mobile: ?0\nx-foo: 1\naccept: */*\ncontent-type: text/plain\npriority: u=1, i\n"
	if got := r.String(); got != want {
		t.Errorf("sent\n%swant\n%s", got, want)
	}
	if want := "HEADER_TABLE_SIZE=65536 ENABLE_PUSH=0 INITIAL_WINDOW_SIZE=6291456 MAX_HEADER_LIST_SIZE=262144 "; settings != want {
		t.Errorf("settings %s\nwant     %s", settings, want)
	}
	if r.priority.Weight != 219 || !r.priority.Exclusive || r.priority.StreamDep != 0 {
		t.Errorf("priority %+v", r.priority)
	}
}

// TestHTTP2Upload sends a body that is larger than the server's windows.
func TestHTTP2Upload(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		w.Header().Set("X-Size", strconv.FormatInt(n, 10))
		w.Write(make([]byte, 3<<20))
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	c := newClient(t, Options{Insecure: true, BodyLimit: 8 << 20})
	m := get(server.URL, "/")
	m.Method, m.Body = "POST", make([]byte, 5<<20)
	for range 6 { // more than the connection's window in all
		x := mustSend(t, c, m)
		if got := lines(x.Response, "x-size"); got != "5242880" || len(x.Response.Body) != 3<<20 || x.Facts.BodyEnd != "" {
			t.Fatalf("%s bytes arrived, %d came back, %q", got, len(x.Response.Body), x.Facts.BodyEnd)
		}
	}
}

// TestHTTP2Parallel holds that many messages share one connection, also beyond
// the number that the server takes at once.
func TestHTTP2Parallel(t *testing.T) {
	var conns atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Millisecond)
		io.WriteString(w, r.URL.Path)
	}))
	server.EnableHTTP2 = true
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	c := newClient(t, Options{Insecure: true})
	var wait sync.WaitGroup
	for i := range 400 {
		wait.Go(func() {
			path := "/" + strconv.Itoa(i)
			if x := c.Send(context.Background(), get(server.URL, path)); x.Failure != nil || string(x.Response.Body) != path {
				t.Errorf("%s: %+v %v", path, x.Response, x.Failure)
			}
		})
	}
	wait.Wait()
	if n := conns.Load(); n > 4 {
		t.Errorf("%d connections", n)
	}
}

// TestHTTP2Faults holds that each fault ends in its own failure.
func TestHTTP2Faults(t *testing.T) {
	tests := []struct {
		name  string
		serve func(*h2Peer)
		kind  fetch.FailureKind
		code  string
		says  string
	}{
		{"hangs", func(s *h2Peer) { s.request(); s.request() }, fetch.FailTimeout, "ERR_TIMED_OUT", "waiting"},
		{"closes", func(s *h2Peer) { s.request() }, fetch.FailReset, "ERR_CONNECTION_CLOSED", "closed"},
		{"goes away", func(s *h2Peer) { s.request(); s.fr.WriteGoAway(0, http2.ErrCodeNo, nil); s.request() },
			fetch.FailReset, "ERR_HTTP2_SERVER_REFUSED_STREAM", "did not take the request"},
		{"refuses", func(s *h2Peer) {
			for r := s.request(); r != nil; r = s.request() {
				s.fr.WriteRSTStream(r.id, http2.ErrCodeRefusedStream)
			}
		}, fetch.FailReset, "ERR_HTTP2_SERVER_REFUSED_STREAM", "refused"},
		{"opens its window too far", func(s *h2Peer) {
			s.fr.WriteWindowUpdate(0, 1<<31-1)
			s.request()
		}, fetch.FailProtocol, "ERR_HTTP2_PROTOCOL_ERROR", "FLOW_CONTROL_ERROR"},
		{"pings and reads nothing", func(s *h2Peer) {
			for s.fr.WritePing(false, [8]byte{}) == nil {
			}
		}, fetch.FailTimeout, "ERR_TIMED_OUT", "waiting"},
		{"goes away with an error", func(s *h2Peer) { s.request(); s.fr.WriteGoAway(0, http2.ErrCodeEnhanceYourCalm, nil); s.request() },
			fetch.FailProtocol, "ERR_HTTP2_PROTOCOL_ERROR", "ENHANCE_YOUR_CALM"},
		{"speaks HTTP/1", func(s *h2Peer) {
			io.WriteString(s.conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
			io.Copy(io.Discard, s.conn)
		},
			fetch.FailProtocol, "ERR_HTTP2_FRAME_SIZE_ERROR", "something else"},
		{"sends a broken header block", func(s *h2Peer) {
			r := s.request()
			s.fr.WriteHeaders(http2.HeadersFrameParam{StreamID: r.id, BlockFragment: []byte{0xff, 0xff, 0xff, 0xff}, EndHeaders: true})
			s.request()
		}, fetch.FailProtocol, "ERR_HTTP2_PROTOCOL_ERROR", "COMPRESSION_ERROR"},
		{"sends an endless header", func(s *h2Peer) {
			r := s.request()
			s.fr.WriteHeaders(http2.HeadersFrameParam{StreamID: r.id, BlockFragment: []byte{0x88}})
			for s.fr.WriteContinuation(r.id, false, bytes.Repeat([]byte{0x00, 0x01, 'a', 0x01, 'b'}, 3000)) == nil {
			}
		}, fetch.FailProtocol, "ERR_HTTP2_PROTOCOL_ERROR", "256 KiB"},
		{"sends one endless value", func(s *h2Peer) {
			r := s.request()
			s.fr.WriteHeaders(http2.HeadersFrameParam{StreamID: r.id, BlockFragment: []byte{0x88, 0x00, 0x01, 'a', 0x7f, 0x80, 0x80, 0x80, 0x01}})
			for s.fr.WriteContinuation(r.id, false, bytes.Repeat([]byte{'b'}, 15000)) == nil {
			}
		}, fetch.FailProtocol, "ERR_HTTP2_PROTOCOL_ERROR", "256 KiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{Insecure: true})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			wantFailure(t, c.Send(ctx, get(h2Server(t, tt.serve), "/")), tt.kind, tt.code, tt.says)
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// TestHTTP2KeptConnectionGone holds that a safe message goes out again where
// the server ends a kept connection, and an unsafe one does not.
func TestHTTP2KeptConnectionGone(t *testing.T) {
	for _, method := range []string{"GET", "POST"} {
		var received atomic.Int32
		url := h2Server(t, func(s *h2Peer) {
			for i := range 2 {
				r := s.request()
				if r == nil {
					return
				}
				received.Add(1)
				if i == 1 {
					return // without an answer
				}
				s.answer(r.id, &h2Answer{Fields: [][2]string{{":status", "200"}}})
			}
		})
		c := newClient(t, Options{Insecure: true})
		mustSend(t, c, get(url, "/"))
		m := get(url, "/")
		m.Method = method
		x := send(t, c, m)
		if want := map[string]int32{"GET": 3, "POST": 2}[method]; received.Load() != want || (x.Failure == nil) != safe(method) {
			t.Errorf("%s: received %d times, failure %v", method, received.Load()-1, x.Failure)
		}
	}
}

// TestHTTP2Refused holds that a message goes out again where the server refused
// it unseen, as often as Chromium repeats it, and an unsafe one does not.
func TestHTTP2Refused(t *testing.T) {
	for _, tt := range []struct {
		method   string
		refusals int32
		allowed  bool
		received int32
	}{{"GET", 2, true, 3}, {"GET", 3, false, 3}, {"POST", 1, false, 1}} {
		var received atomic.Int32
		url := h2Server(t, func(s *h2Peer) {
			for r := s.request(); r != nil; r = s.request() {
				if received.Add(1) <= tt.refusals {
					s.fr.WriteRSTStream(r.id, http2.ErrCodeRefusedStream)
				} else {
					s.answer(r.id, &h2Answer{Fields: [][2]string{{":status", "200"}}})
				}
			}
		})
		m := get(url, "/")
		m.Method = tt.method
		x := send(t, newClient(t, Options{Insecure: true}), m)
		if received.Load() != tt.received || (x.Failure == nil) != tt.allowed {
			t.Errorf("%s refused %d times: sent %d times, failure %v", tt.method, tt.refusals, received.Load(), x.Failure)
		}
	}
}

// TestHTTP11Required holds that a server may ask for HTTP/1.1.
func TestHTTP11Required(t *testing.T) {
	cert := selfSigned(t, leafTemplate())
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"h2", "http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				conn.(*tls.Conn).Handshake()
				if conn.(*tls.Conn).ConnectionState().NegotiatedProtocol != "h2" {
					for r := bufio.NewReader(conn); readRequest(r) != nil; {
						io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
					}
					return
				}
				io.ReadFull(conn, make([]byte, len(http2.ClientPreface)))
				s := &h2Peer{conn: conn, fr: http2.NewFramer(conn, conn), dec: hpack.NewDecoder(h2TableSize, nil)}
				s.fr.WriteSettings()
				for r := s.request(); r != nil; r = s.request() {
					s.fr.WriteRSTStream(r.id, http2.ErrCodeHTTP11Required)
				}
			}()
		}
	}()
	c := newClient(t, Options{Insecure: true})
	for range 2 {
		if x := mustSend(t, c, get("https://"+l.Addr().String(), "/")); x.Facts.Proto != "HTTP/1.1" {
			t.Errorf("answered over %s", x.Facts.Proto)
		}
	}
}

// h2Peer is the server's end of an HTTP/2 connection, by hand.
type h2Peer struct {
	conn     net.Conn
	fr       *http2.Framer
	dec      *hpack.Decoder
	settings string
}

type h2Request struct {
	id       uint32
	fields   []hpack.HeaderField
	priority http2.PriorityParam
}

func (r *h2Request) field(name string) string {
	for _, f := range r.fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

func (r *h2Request) String() string {
	var b strings.Builder
	for _, f := range r.fields {
		b.WriteString(f.Name + ": " + f.Value + "\n")
	}
	return b.String()
}

// request waits for the next request; nil at the end.
func (s *h2Peer) request() *h2Request {
	for {
		f, err := s.fr.ReadFrame()
		if err != nil {
			return nil
		}
		switch f := f.(type) {
		case *http2.SettingsFrame:
			if !f.IsAck() {
				f.ForeachSetting(func(x http2.Setting) error {
					s.settings += x.ID.String() + "=" + strconv.Itoa(int(x.Val)) + " "
					return nil
				})
				s.fr.WriteSettingsAck()
			}
		case *http2.HeadersFrame:
			fields, err := s.dec.DecodeFull(f.HeaderBlockFragment())
			if err != nil {
				return nil
			}
			return &h2Request{f.StreamID, fields, f.Priority}
		}
	}
}

func (s *h2Peer) answer(id uint32, a *h2Answer) {
	if a.Reset > 0 {
		s.fr.WriteRSTStream(id, http2.ErrCode(a.Reset%100))
		return
	}
	if a.Interim {
		s.head(id, false, []hpack.HeaderField{{Name: ":status", Value: "103"}})
	}
	var fields []hpack.HeaderField
	for _, f := range a.Fields {
		fields = append(fields, hpack.HeaderField{Name: bytesOf(f[0]), Value: bytesOf(f[1]), Sensitive: true})
	}
	for i := range a.Repeat {
		fields = append(fields, hpack.HeaderField{Name: "x-" + strconv.Itoa(i), Value: strings.Repeat("a", 93), Sensitive: true})
	}
	s.head(id, a.Body == "", fields)
	if a.Body != "" {
		s.fr.WriteData(id, true, []byte(a.Body))
	}
}

func (s *h2Peer) head(id uint32, end bool, fields []hpack.HeaderField) {
	var block bytes.Buffer
	enc := hpack.NewEncoder(&block)
	for _, f := range fields {
		enc.WriteField(f)
	}
	const most = 16000
	b := block.Bytes()
	first := b[:min(most, len(b))]
	s.fr.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: first, EndStream: end, EndHeaders: len(first) == len(b)})
	for b = b[len(first):]; len(b) > 0; {
		n := min(most, len(b))
		s.fr.WriteContinuation(id, n == len(b), b[:n])
		b = b[n:]
	}
}

func bytesOf(s string) string {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r))
	}
	return string(b)
}

// h2Server serves each HTTP/2 connection with a function.
func h2Server(t *testing.T, serve func(*h2Peer)) string {
	t.Helper()
	cert := selfSigned(t, leafTemplate())
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				preface := make([]byte, len(http2.ClientPreface))
				if _, err := io.ReadFull(conn, preface); err != nil {
					return
				}
				s := &h2Peer{conn: conn, fr: http2.NewFramer(conn, conn), dec: hpack.NewDecoder(h2TableSize, nil)}
				s.fr.WriteSettings()
				serve(s)
			}()
		}
	}()
	return "https://" + l.Addr().String()
}
