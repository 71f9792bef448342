package cmd

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/corscheck/corscheck/report"
)

// hostile serves one behaviour for every connection.
func hostile(t *testing.T, behave func(net.Conn, *http.Request)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
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
				r := bufio.NewReader(conn)
				for {
					req, err := http.ReadRequest(r)
					if err != nil {
						return
					}
					behave(conn, req)
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

func TestHostileServersEndInAVerdict(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n"
	for _, test := range []struct {
		name   string
		behave func(net.Conn, *http.Request)
		want   string // the verdict
		code   int
		says   string // a part of the code or of the error
	}{
		{"hangs", func(c net.Conn, _ *http.Request) { time.Sleep(5 * time.Second) }, "failed", 3, "net::ERR_TIMED_OUT"},
		{"closes", func(c net.Conn, _ *http.Request) { c.Close() }, "failed", 3, "net::ERR_EMPTY_RESPONSE"},
		{"resets", func(c net.Conn, _ *http.Request) { _ = c.(*net.TCPConn).SetLinger(0); c.Close() }, "failed", 3, "net::ERR_CONNECTION_RESET"},
		{"speaks SMTP", func(c net.Conn, _ *http.Request) { fmt.Fprint(c, "220 mail ESMTP\r\n"); c.Close() }, "failed", 3, "net::ERR_INVALID_HTTP_RESPONSE"},
		{"sends headers without end", func(c net.Conn, _ *http.Request) {
			fmt.Fprint(c, ok)
			line := "X-Filler: " + strings.Repeat("x", 8000) + "\r\n"
			for range 1300 { // more than 10 MB
				if _, err := fmt.Fprint(c, line); err != nil {
					return
				}
			}
		}, "failed", 3, "net::ERR_RESPONSE_HEADERS_TOO_BIG"},
		{"drips headers", func(c net.Conn, _ *http.Request) {
			for _, b := range []byte(ok + strings.Repeat("X-A: 1\r\n", 1000)) {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
		}, "failed", 3, "net::ERR_TIMED_OUT"},
		{"sends a body without end", func(c net.Conn, _ *http.Request) {
			fmt.Fprint(c, ok+"Content-Length: 1000000000000\r\n\r\n")
			chunk := []byte(strings.Repeat("x", 1<<16))
			for {
				if _, err := c.Write(chunk); err != nil {
					return
				}
			}
		}, "allowed", 0, ""},
		{"never sends the body", func(c net.Conn, _ *http.Request) {
			fmt.Fprint(c, ok+"Content-Length: 10\r\n\r\n")
			time.Sleep(5 * time.Second)
		}, "allowed", 0, ""},
		{"redirects for ever", func(c net.Conn, r *http.Request) {
			fmt.Fprintf(c, "HTTP/1.1 302 Found\r\nAccess-Control-Allow-Origin: *\r\nLocation: %sx\r\nContent-Length: 0\r\n\r\n", r.URL.Path)
		}, "blocked", 1, "net::ERR_TOO_MANY_REDIRECTS"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			url := hostile(t, test.behave)
			start := time.Now()
			got := try(t, "", url+"/", "-f", "json", "--timeout", "1s", "--no-diagnose")
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("it took %s", took)
			}
			var doc report.Document
			if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil {
				t.Fatalf("%v\n%s", err, got.stderr)
			}
			c := doc.Checks[0]
			code := ""
			if c.Reason != nil {
				code = c.Reason.Code
			}
			if c.Verdict != test.want || got.code != test.code || code != test.says {
				t.Errorf("%s, exit %d, code %s; want %s, %d, %s", c.Verdict, got.code, code, test.want, test.code, test.says)
			}
		})
	}
}
