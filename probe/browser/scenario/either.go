package scenario

import (
	"bufio"
	"crypto/tls"
	"net"
	"sync"
)

// An eitherListener answers over TLS whoever begins with a handshake, and in plain
// everybody else.
type eitherListener struct {
	net.Listener
	config *tls.Config
}

func (l eitherListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &eitherConn{Conn: conn, config: l.config}, nil
}

// handshake is the first byte of a TLS connection.
// https://www.rfc-editor.org/rfc/rfc8446#section-5.1
const handshake = 0x16

// An eitherConn is decided by the first byte that arrives.
type eitherConn struct {
	net.Conn
	config *tls.Config
	once   sync.Once
}

func (c *eitherConn) decide() {
	in := bufio.NewReader(c.Conn)
	first, err := in.Peek(1)
	plain := readConn{c.Conn, in}
	c.Conn = plain
	if err == nil && first[0] == handshake {
		c.Conn = tls.Server(plain, c.config)
	}
}

func (c *eitherConn) Read(b []byte) (int, error) {
	c.once.Do(c.decide)
	return c.Conn.Read(b)
}

// A readConn is a connection of which some bytes were read ahead.
type readConn struct {
	net.Conn
	in *bufio.Reader
}

func (c readConn) Read(b []byte) (int, error) { return c.in.Read(b) }
