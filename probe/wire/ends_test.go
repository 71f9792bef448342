package wire

import (
	"bufio"
	"io"
	"net"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
)

// TestBodyEnds: how a body ends is told to package fetch, but for one that nobody
// read to its end.
func TestBodyEnds(t *testing.T) {
	for answer, want := range map[string]fetch.BodyEnd{
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi":                              "",
		"HTTP/1.1 200 OK\r\n\r\nhi":                                                   "",
		"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\nhi":                            fetch.EndsShort,
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n":            fetch.EndsOpen,
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n":   "",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nno size\r\n": fetch.EndsMalformed,
	} {
		server := rawServer(t, func(conn net.Conn, r *bufio.Reader) {
			readRequest(r)
			io.WriteString(conn, answer)
		})
		if x := mustSend(t, newClient(t, Options{}), get(server, "/")); x.Response.Ends != want {
			t.Errorf("%q ends %q, want %q", answer, x.Response.Ends, want)
		}
	}
}
