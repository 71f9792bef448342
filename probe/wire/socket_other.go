//go:build !unix

package wire

import (
	"net"
	"time"
)

// socket would look at a TCP connection without reading from it.
type socket struct{}

func newSocket(net.Conn) *socket { return &socket{} }

// quiet trusts a connection for a while after its last message.
func (s *socket) quiet(since time.Time) bool { return time.Since(since) < blindTrust }

// blindTrust is how long an unused connection is taken to be open where that
// cannot be seen.
const blindTrust = 2 * time.Second
