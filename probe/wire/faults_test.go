package wire

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

// forever writes a part again and again until the peer goes away.
func forever(conn net.Conn, part string, pause time.Duration) {
	for {
		if _, err := io.WriteString(conn, part); err != nil {
			return
		}
		time.Sleep(pause)
	}
}

// reset closes a connection with a TCP reset.
func reset(conn net.Conn) {
	conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}

func TestBadServers(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	tests := []struct {
		name  string
		serve func(net.Conn, *bufio.Reader)
		kind  fetch.FailureKind
		code  string
		says  string
	}{
		{"hangs", func(_ net.Conn, r *bufio.Reader) { readRequest(r); readRequest(r) },
			fetch.FailTimeout, "ERR_TIMED_OUT", "waiting for the answer"},
		{"hangs within the header", func(c net.Conn, r *bufio.Reader) { readRequest(r); io.WriteString(c, ok); readRequest(r) },
			fetch.FailTimeout, "ERR_TIMED_OUT", "reading the header"},
		{"drips header lines", func(c net.Conn, r *bufio.Reader) {
			readRequest(r)
			io.WriteString(c, ok)
			forever(c, "X", 10*time.Millisecond)
		}, fetch.FailTimeout, "ERR_TIMED_OUT", "reading the header"},
		{"interim answers for ever", func(c net.Conn, r *bufio.Reader) {
			readRequest(r)
			forever(c, "HTTP/1.1 100 Continue\r\n\r\n", time.Millisecond)
		}, fetch.FailTimeout, "ERR_TIMED_OUT", "reading the header"},
		{"endless header", func(c net.Conn, r *bufio.Reader) {
			readRequest(r)
			io.WriteString(c, ok)
			forever(c, strings.Repeat("X-A: "+strings.Repeat("a", 93)+"\r\n", 100), 0)
		}, fetch.FailProtocol, "ERR_RESPONSE_HEADERS_TOO_BIG", "256 KiB"},
		{"one endless line", func(c net.Conn, r *bufio.Reader) {
			readRequest(r)
			io.WriteString(c, ok+"X-A: ")
			forever(c, strings.Repeat("a", 1000), 0)
		}, fetch.FailProtocol, "ERR_RESPONSE_HEADERS_TOO_BIG", "256 KiB"},
		{"closes at once", func(c net.Conn, r *bufio.Reader) { readRequest(r) },
			fetch.FailReset, "ERR_EMPTY_RESPONSE", "closed the connection before it answered"},
		{"resets", func(c net.Conn, r *bufio.Reader) { readRequest(r); reset(c) },
			fetch.FailReset, "ERR_CONNECTION_RESET", "reset the connection before it answered"},
		{"resets within the header", func(c net.Conn, r *bufio.Reader) {
			readRequest(r)
			io.WriteString(c, ok)
			time.Sleep(50 * time.Millisecond)
			reset(c)
		}, fetch.FailReset, "ERR_CONNECTION_RESET", "in the header of its answer"},
		{"garbage", func(c net.Conn, r *bufio.Reader) { readRequest(r); forever(c, "\xff\x00garbage", 0) },
			fetch.FailProtocol, "ERR_INVALID_HTTP_RESPONSE", "status line"},
		{"speaks TLS", func(c net.Conn, r *bufio.Reader) { readRequest(r); io.WriteString(c, "\x15\x03\x01\x00\x02\x02\x0a") },
			fetch.FailProtocol, "ERR_INVALID_HTTP_RESPONSE", "https"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{})
			ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
			defer cancel()
			start := time.Now()
			x := c.Send(ctx, get(rawServer(t, tt.serve), "/"))
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
			wantFailure(t, x, tt.kind, tt.code, tt.says)
		})
	}
}

func wantFailure(t *testing.T, x Exchange, kind fetch.FailureKind, code, says string) {
	t.Helper()
	f := x.Failure
	if f == nil {
		t.Fatalf("no failure, status %d", x.Response.Status)
	}
	if f.Kind != kind || f.Code != "net::"+code || !strings.Contains(f.Detail, says) {
		t.Errorf("got %s %s %q, want %s net::%s with %q", f.Kind, f.Code, f.Detail, kind, code, says)
	}
}

// TestBadBodies holds that a body never spoils an answer whose header is there,
// takes no more time and memory than it may, and that its connection is not
// used again.
func TestBadBodies(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	tests := []struct {
		name  string
		head  string
		serve func(net.Conn)
		size  int
		says  string
	}{
		{"endless", ok + "\r\n", func(c net.Conn) { forever(c, strings.Repeat("a", 4096), 0) }, 1000, "first 1000 bytes"},
		{"endless chunks", ok + "Transfer-Encoding: chunked\r\n\r\n", func(c net.Conn) { forever(c, "5\r\nhello\r\n", 0) }, 1000, "first 1000 bytes"},
		{"enormous", ok + "Content-Length: 99999999999\r\n\r\n", func(c net.Conn) { forever(c, strings.Repeat("a", 4096), 0) }, 1000, "first 1000 bytes"},
		{"drips", ok + "Content-Length: 9999\r\n\r\n", func(c net.Conn) { forever(c, "a", 10*time.Millisecond) }, -1, "not complete in time"},
		{"hangs", ok + "Content-Length: 9\r\n\r\nabc", func(c net.Conn) { io.Copy(io.Discard, c) }, 3, "not complete in time"},
		{"resets", ok + "Content-Length: 9\r\n\r\nabc", reset, -1, "broke"},
		{"ends early", ok + "Content-Length: 9\r\n\r\nabc", func(net.Conn) {}, 3, "closed the connection"},
		{"event stream", ok + "Content-Type: text/event-stream\r\n\r\n", func(c net.Conn) { io.Copy(io.Discard, c) }, 0, "event stream"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var conns atomic.Int32
			url := rawServer(t, func(conn net.Conn, r *bufio.Reader) {
				conns.Add(1)
				readRequest(r)
				io.WriteString(conn, tt.head)
				time.Sleep(10 * time.Millisecond)
				tt.serve(conn)
			})
			c := newClient(t, Options{BodyLimit: 1000, BodyWait: 100 * time.Millisecond})
			for range 2 {
				start := time.Now()
				x := mustSend(t, c, get(url, "/"))
				if took := time.Since(start); took > time.Second {
					t.Errorf("it took %v", took)
				}
				if n := len(x.Response.Body); tt.size >= 0 && n != tt.size || n > 1000 {
					t.Errorf("%d bytes are kept, want %d", n, tt.size)
				}
				if !strings.Contains(x.Facts.BodyEnd, tt.says) {
					t.Errorf("BodyEnd is %q, want %q", x.Facts.BodyEnd, tt.says)
				}
			}
			if conns.Load() != 2 {
				t.Errorf("%d connections for two answers", conns.Load())
			}
		})
	}
}

// TestKeptConnectionClosed holds that only a safe method goes out twice, and
// never more often.
func TestKeptConnectionClosed(t *testing.T) {
	for _, tt := range []struct {
		method string
		times  int32
		ok     bool
	}{{"GET", 2, true}, {"HEAD", 2, true}, {"OPTIONS", 2, true}, {"POST", 1, false}, {"PUT", 1, false}, {"DELETE", 1, false}, {"QUERY", 1, false}} {
		t.Run(tt.method, func(t *testing.T) {
			var conns, received atomic.Int32
			url := rawServer(t, func(conn net.Conn, r *bufio.Reader) {
				first := conns.Add(1) == 1
				readRequest(r)
				if !first {
					received.Add(1)
				}
				io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				if readRequest(r) != nil {
					received.Add(1) // and close without an answer
				}
			})
			c := newClient(t, Options{})
			mustSend(t, c, get(url, "/"))
			m := get(url, "/")
			m.Method = tt.method
			x := send(t, c, m)
			if (x.Failure == nil) != tt.ok || received.Load() != tt.times {
				t.Errorf("received %d times, failure %v", received.Load(), x.Failure)
			}
			if !tt.ok && !strings.Contains(x.Failure.Detail, "not sent twice") {
				t.Errorf("the failure does not say why: %s", x.Failure.Detail)
			}
		})
	}
}

// TestClosedWhileUnused holds that a connection which the server closed while
// nothing was under way is seen to be closed, also by an unsafe method.
func TestClosedWhileUnused(t *testing.T) {
	for name, last := range map[string]string{"closed": "", "unasked answer": "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"} {
		t.Run(name, func(t *testing.T) {
			url := rawServer(t, func(conn net.Conn, r *bufio.Reader) {
				readRequest(r)
				io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				time.Sleep(10 * time.Millisecond)
				io.WriteString(conn, last)
			})
			c := newClient(t, Options{})
			mustSend(t, c, get(url, "/"))
			time.Sleep(100 * time.Millisecond)
			m := get(url, "/")
			m.Method = "POST"
			if x := mustSend(t, c, m); x.Facts.Reused || x.Response.Status != 200 {
				t.Errorf("reused %v, status %d", x.Facts.Reused, x.Response.Status)
			}
		})
	}
}

func TestErrorBeforeWholeBody(t *testing.T) {
	url := rawServer(t, func(conn net.Conn, r *bufio.Reader) {
		r.ReadString('\n')
		io.WriteString(conn, "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	})
	c := newClient(t, Options{})
	m := get(url, "/")
	m.Method, m.Body = "POST", make([]byte, 8<<20)
	if x := mustSend(t, c, m); x.Response.Status != 413 {
		t.Errorf("status %d", x.Response.Status)
	}
}

func TestCanceled(t *testing.T) {
	url := rawServer(t, func(_ net.Conn, r *bufio.Reader) { readRequest(r); readRequest(r) })
	c := newClient(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	x := c.Send(ctx, get(url, "/"))
	wantFailure(t, x, fetch.FailCanceled, "ERR_ABORTED", "interrupted")
}

func TestRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	c := newClient(t, Options{})
	wantFailure(t, send(t, c, get("http://"+l.Addr().String(), "/")), fetch.FailRefused, "ERR_CONNECTION_REFUSED", l.Addr().String())
}

// TestBound holds that a host never sees more connections than allowed, that
// all messages are served, and that the connections are used again.
func TestBound(t *testing.T) {
	var now, most, conns atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		time.Sleep(time.Millisecond)
		now.Add(-1)
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	c := newClient(t, Options{MaxConnsPerHost: 4})
	done := make(chan Exchange)
	const messages = 200
	for range messages {
		go func() { done <- c.Send(context.Background(), get(server.URL, "/")) }()
	}
	for range messages {
		if x := <-done; x.Failure != nil {
			t.Error(x.Failure)
		}
	}
	if most.Load() > 4 || conns.Load() > 4 {
		t.Errorf("%d messages at once, %d connections", most.Load(), conns.Load())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.hosts) != 1 || c.idle.len != int(conns.Load()) {
		t.Errorf("%d hosts, %d unused connections", len(c.hosts), c.idle.len)
	}
}

// TestWaitingEnds holds that who waits for a connection gives up in time, and
// does not take another's turn along.
func TestWaitingEnds(t *testing.T) {
	release := make(chan bool)
	url := rawServer(t, func(conn net.Conn, r *bufio.Reader) {
		for readRequest(r) != nil {
			<-release
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		}
	})
	c := newClient(t, Options{MaxConnsPerHost: 1})
	first := make(chan Exchange)
	go func() { first <- c.Send(context.Background(), get(url, "/")) }()
	time.Sleep(50 * time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	wantFailure(t, c.Send(ctx, get(url, "/")), fetch.FailTimeout, "ERR_TIMED_OUT", "free connection")
	second := make(chan Exchange)
	go func() { second <- c.Send(context.Background(), get(url, "/")) }()
	release <- true
	release <- true
	if a, b := <-first, <-second; a.Failure != nil || b.Failure != nil || !b.Facts.Reused {
		t.Errorf("%v, %v", a.Failure, b.Failure)
	}
}

// TestManyHosts holds that hosts which are used no more leave nothing behind.
func TestManyHosts(t *testing.T) {
	url := rawServer(t, func(conn net.Conn, r *bufio.Reader) {
		for readRequest(r) != nil {
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		}
	})
	port := url[strings.LastIndexByte(url, ':')+1:]
	c := newClient(t, Options{Resolve: []string{"*:" + port + ":127.0.0.1"}, MaxIdleConns: 5})
	for i := range 50 {
		mustSend(t, c, get("http://h"+string(rune('a'+i%26))+string(rune('a'+i/26))+".example:"+port, "/"))
	}
	if len(c.hosts) != 5 || c.idle.len != 5 {
		t.Errorf("%d hosts, %d unused connections are kept", len(c.hosts), c.idle.len)
	}
}
