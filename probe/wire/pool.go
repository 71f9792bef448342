package wire

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

// hostKey tells apart what must not share a connection. A connection that a
// client certificate opened carries only messages that may have it.
type hostKey struct {
	scheme, hostPort string
	withCert         bool
}

// A host is one end of connections.
type host struct {
	key       hostKey
	name      string   // without the port, for TLS
	proxy     *url.URL // nil for none
	proxyName string

	// The rest is guarded by the Client's mutex.

	users    int           // messages under way
	h1only   bool          // known not to speak HTTP/2
	open     int           // connections, those being made included
	idle     []*h1conn     // newest last
	h2       []*h2conn     // those that still take messages
	probing  *probing      // the connection being made that shows the protocol
	waitlist []chan<- bool // messages that wait for a connection or room for one
}

// probing is a connection on whose outcome others wait.
type probing struct {
	done chan struct{}
	err  error
}

// enter finds or makes the host of a message and counts the message.
func (c *Client) enter(m *fetch.Message) (*host, error) {
	key := hostKey{
		scheme:   m.URL.Scheme,
		hostPort: m.URL.HostPort(),
		withCert: c.security.cert != nil && m.ClientCertificate && m.URL.Scheme == "https",
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.hosts[key]
	if h == nil {
		proxy, err := c.proxyFor(&url.URL{Scheme: key.scheme, Host: m.URL.Authority()})
		if err != nil {
			return nil, err
		}
		h = &host{key: key, name: m.URL.Host, proxy: proxy, proxyName: proxyName(proxy)}
		h.h1only = key.scheme == "http" || c.opts.HTTP1
		c.hosts[key] = h
	}
	h.users++
	return h, nil
}

// leave ends what enter began. A host without messages and connections is
// forgotten, so that a run over a million hosts holds none of them.
func (c *Client) leave(h *host) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h.users--
	c.forget(h)
}

func (c *Client) forget(h *host) {
	if h.users == 0 && h.open == 0 {
		delete(c.hosts, h.key)
	}
}

// acquire returns a connection that may carry one message. fresh asks for an
// HTTP/1 connection that has carried none. Every error is a *fetch.Failure.
func (c *Client) acquire(ctx context.Context, h *host, fresh bool) (connection, error) {
	for {
		if ctx.Err() != nil {
			return nil, contextFailure(ctx, "connecting to "+h.key.hostPort)
		}
		c.mu.Lock()
		if c.closed {
			c.mu.Unlock()
			return nil, failure(fetch.FailCanceled, "ERR_ABORTED", "the client is closed")
		}
		if conn := c.reserveH2(h); conn != nil {
			c.mu.Unlock()
			return conn, nil
		}
		if p := h.probing; p != nil {
			c.mu.Unlock()
			if err := p.wait(ctx, h); err != nil {
				return nil, err
			}
			continue
		}
		if conn := c.takeIdle(h); conn != nil {
			c.mu.Unlock()
			if !fresh && conn.alive() {
				return conn, nil
			}
			conn.broken = true
			c.release(conn)
			continue
		}
		if h.open < c.opts.MaxConnsPerHost {
			return c.open(ctx, h) // unlocks
		}
		if err := c.queue(ctx, h); err != nil { // unlocks
			return nil, err
		}
	}
}

// reserveH2 finds an HTTP/2 connection that takes one more message.
func (c *Client) reserveH2(h *host) *h2conn {
	for i := 0; i < len(h.h2); {
		conn := h.h2[i]
		if conn.finished() || conn.active == 0 && time.Since(conn.since) > c.opts.IdleTimeout {
			c.dropH2(conn)
			continue
		}
		if conn.room() {
			c.idle.remove(&conn.pooled)
			conn.active++
			return conn
		}
		i++
	}
	return nil
}

// dropH2 gives no more messages to a connection and closes it once it carries
// none.
func (c *Client) dropH2(conn *h2conn) {
	h := conn.host
	if i := slices.Index(h.h2, conn); i >= 0 {
		h.h2 = slices.Delete(h.h2, i, i+1)
	}
	c.idle.remove(&conn.pooled)
	if conn.active == 0 {
		c.room(h)
		go conn.close() // it says goodbye, which may take time
	}
}

// open makes a connection. It is entered locked and leaves unlocked. While it
// is not known whether the host speaks HTTP/2, nobody else makes one.
func (c *Client) open(ctx context.Context, h *host) (connection, error) {
	h.open++
	var p *probing
	h2 := !h.h1only
	if h2 {
		p = &probing{done: make(chan struct{})}
		h.probing = p
	}
	c.mu.Unlock()

	conn, err := c.connect(ctx, h, h2)

	c.mu.Lock()
	defer c.mu.Unlock()
	if p != nil {
		if f, ok := asFailure(err); ok && f.Kind != fetch.FailCanceled && f.Kind != fetch.FailTimeout {
			p.err = err // whoever waited would see the same
		}
		h.probing = nil
		close(p.done)
	}
	if err != nil {
		c.room(h)
		return nil, err
	}
	switch conn := conn.(type) {
	case *h1conn:
		h.h1only = true
	case *h2conn:
		conn.active = 1
		h.h2 = append(h.h2, conn)
	}
	return conn, nil
}

func (p *probing) wait(ctx context.Context, h *host) error {
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		return contextFailure(ctx, "connecting to "+h.key.hostPort)
	}
}

// queue waits until a connection or room for one may be had. It is entered
// locked and leaves unlocked.
func (c *Client) queue(ctx context.Context, h *host) error {
	ready := make(chan bool, 1)
	h.waitlist = append(h.waitlist, ready)
	c.mu.Unlock()
	select {
	case <-ready:
		return nil
	case <-ctx.Done():
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(h.waitlist, (chan<- bool)(ready)); i >= 0 {
		h.waitlist = slices.Delete(h.waitlist, i, i+1)
	} else {
		h.wake() // it was this one's turn: the next one takes it
	}
	return contextFailure(ctx, "waiting for a free connection to "+h.key.hostPort)
}

func (h *host) wake() {
	if len(h.waitlist) > 0 {
		h.waitlist[0] <- true
		h.waitlist = slices.Delete(h.waitlist, 0, 1)
	}
}

// room gives up the place of a connection.
func (c *Client) room(h *host) {
	h.open--
	h.wake()
	c.forget(h)
}

// release takes a connection back after its message.
func (c *Client) release(conn connection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch conn := conn.(type) {
	case *h1conn:
		if conn.broken || c.closed {
			c.room(conn.host)
			go conn.close() // TLS says goodbye, which may take time
			return
		}
		conn.host.idle = append(conn.host.idle, conn)
		c.idle.push(&conn.pooled)
		conn.host.wake()
	case *h2conn:
		conn.active--
		if conn.http1() {
			conn.host.h1only = true
		}
		if c.closed || conn.finished() {
			c.dropH2(conn)
			return
		}
		if conn.active == 0 {
			c.idle.push(&conn.pooled)
		}
		conn.host.wake()
	}
	if c.idle.len > c.opts.MaxIdleConns {
		c.evict(c.idle.first.owner)
	}
}

// evict closes an unused connection.
func (c *Client) evict(conn connection) {
	switch conn := conn.(type) {
	case *h1conn:
		c.takeOut(conn)
		c.room(conn.host)
		go conn.close()
	case *h2conn:
		c.dropH2(conn)
	}
}

// takeIdle takes the unused connection of a host that was used last.
func (c *Client) takeIdle(h *host) *h1conn {
	n := len(h.idle)
	if n == 0 {
		return nil
	}
	conn := h.idle[n-1]
	c.takeOut(conn)
	return conn
}

// takeOut removes an unused connection from the pool; it stays counted.
func (c *Client) takeOut(conn *h1conn) {
	c.idle.remove(&conn.pooled)
	h := conn.host
	i := slices.Index(h.idle, conn)
	h.idle = slices.Delete(h.idle, i, i+1)
}

// pooled is a connection's place in the list of the unused ones.
type pooled struct {
	owner      connection
	since      time.Time // when it became unused
	prev, next *pooled
	listed     bool
}

// idleList is a list of unused connections, linked through them; the longest
// unused one comes first.
type idleList struct {
	first, last *pooled
	len         int
}

func (l *idleList) push(p *pooled) {
	p.since = time.Now()
	p.listed = true
	p.prev, p.next = l.last, nil
	if l.last != nil {
		l.last.next = p
	} else {
		l.first = p
	}
	l.last = p
	l.len++
}

func (l *idleList) remove(p *pooled) {
	if !p.listed {
		return
	}
	p.listed = false
	if p.prev != nil {
		p.prev.next = p.next
	} else {
		l.first = p.next
	}
	if p.next != nil {
		p.next.prev = p.prev
	} else {
		l.last = p.prev
	}
	p.prev, p.next = nil, nil
	l.len--
}
