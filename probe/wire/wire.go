// Package wire sends one message and returns one response with its raw header
// lines. It is the only room with network I/O of checks: it follows no
// redirect, keeps no cookie and judges nothing.
//
// # Answers are read here
//
// The package has its own reader of HTTP/1 answers, which follows Chromium's
// (net/http/http_stream_parser.cc, http_util.cc and http_response_headers.cc).
// Of the 127 odd answers in testdata/answers.json, each with what Chromium made
// of it when it was measured, Go's net/http reads 65 otherwise: it refuses
// answers that Chromium accepts (a status line without a status, a line without
// a colon, a Content-Length that is no number), accepts some that Chromium
// refuses (two different Location lines), and of all it loses the order and the
// letter case of the lines. Each of those can turn a verdict.
//
// HTTP/2 is framed by golang.org/x/net/http2 (its Framer and hpack), and the
// streams are kept here: the transport above them sends fields in an order that
// changes by chance, where Chromium's is fixed, and is stricter in what it takes
// (testdata/answers-h2.json).
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
