// Package wire sends one message and returns one response with its raw header
// lines. It is the only room with network I/O of checks: it follows no
// redirect, keeps no cookie and judges nothing.
package wire

import (
	"net/netip"
	"time"
)

// Facts are what the network showed besides the answer itself.
type Facts struct {
	Remote netip.AddrPort
	Proto  string
	Proxy  string // the proxy's URL without userinfo; empty where none was used
	Reused bool   // the connection had served a message before

	DNS, Connect, TLSHandshake, FirstByte, Total time.Duration

	TLS *TLS // nil for plain http
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
