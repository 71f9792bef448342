// Package wire sends one message and returns one response with its raw header
// lines. It is the only room with network I/O of checks: it follows no
// redirect, keeps no cookie and judges nothing.
//
// # HTTP/1.1 is read here
//
// The package has its own reader of HTTP/1 answers, which follows Chromium's
// (net/http/http_stream_parser.cc, http_util.cc and http_response_headers.cc).
// Go's net/http refuses answers that Chromium accepts (a status line without a
// status, "ICY 200", a space before the colon, a line without a colon, other
// status codes than three digits, an obsolete line fold), accepts some that
// Chromium refuses (two different Location lines) and loses the order and the
// letter case of header lines. Each of those would turn a verdict. The table in
// testdata/answers.json holds what Chromium made of each odd answer, as it was
// measured; the tests hold this reader to it and say what net/http does.
//
// HTTP/2 has no such slack, so golang.org/x/net/http2 speaks it.
package wire

import (
	"net/netip"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

// An Exchange is what became of one message. Exactly one of Response and
// Failure is set.
type Exchange struct {
	Response *fetch.Response
	Failure  *fetch.Failure
	Facts    Facts
}

// Facts are what the network showed besides the answer itself.
type Facts struct {
	Remote netip.AddrPort // the peer: the server, or the proxy where one was used
	Proto  string
	Proxy  string // the proxy's URL without userinfo; empty where none was used
	Reused bool   // the connection had served a message before

	// DNS, Connect and TLSHandshake are what a new connection cost; zero where
	// it was reused. FirstByte runs from sending the request to the first byte
	// of the answer, Total over everything, waiting for a connection included.
	DNS, Connect, TLSHandshake, FirstByte, Total time.Duration

	TLS *TLS // nil for plain http; not to be changed

	// Ignored are the lines of the answer's head that are no header lines: a
	// browser skips them and goes on.
	Ignored []string
	// BodyEnd says why the body that was kept is not the whole one; empty where
	// it is whole.
	BodyEnd string
}

// TLS are the facts of a TLS connection.
type TLS struct {
	Version     string // "TLS 1.3"
	CipherSuite string
	Subject     string // of the leaf certificate
	Issuer      string
	NotAfter    time.Time
	DNSNames    []string
	Verified    bool // false with --insecure
}
