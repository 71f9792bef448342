package probe

import (
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
)

// TestBrokenHTTPIsAssumed: broken HTTP is read in one way, and every other browser's
// check says so.
func TestBrokenHTTPIsAssumed(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			buf := make([]byte, 4096)
			conn.Read(buf)
			conn.Write([]byte("HTTP/1.1 200 OK\r\nno header line\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
			conn.Close()
		}
	}()
	prober, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer prober.Close()
	for _, p := range fetch.Profiles() {
		r := prober.Check(t.Context(), Check{Browser: p, Request: fetch.Request{URL: "http://" + listener.Addr().String() + "/", Origin: "http://127.0.0.1:1"}})
		said := slices.ContainsFunc(r.Assumptions, func(s string) bool { return strings.Contains(s, "broken HTTP") })
		if said != (p != fetch.Chrome) {
			t.Errorf("%s: %q", p.Name, r.Assumptions)
		}
	}
}
