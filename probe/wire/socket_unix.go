//go:build unix

package wire

import (
	"net"
	"syscall"
	"time"
)

// socket looks at a TCP connection without reading from it.
type socket struct {
	raw   syscall.RawConn
	state error
	look  func(fd uintptr) bool
}

func newSocket(conn net.Conn) *socket {
	s := &socket{}
	if sc, ok := conn.(syscall.Conn); ok {
		s.raw, _ = sc.SyscallConn()
	}
	s.look = func(fd uintptr) bool {
		var b [1]byte
		_, _, s.state = syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK)
		return true
	}
	return s
}

// quiet says that nothing has come since the last message: no data, no end.
func (s *socket) quiet(since time.Time) bool {
	if s.raw == nil { // a connection within one to an https or SOCKS proxy
		return time.Since(since) < blindTrust
	}
	if err := s.raw.Read(s.look); err != nil {
		return false
	}
	return s.state == syscall.EAGAIN || s.state == syscall.EWOULDBLOCK || s.state == syscall.EINTR
}

// blindTrust is how long an unused connection is taken to be open where that
// cannot be seen.
const blindTrust = 2 * time.Second
