package wire

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

// fallbackDelay is how long the second address family waits for the first.
// https://www.rfc-editor.org/rfc/rfc8305#section-5
const fallbackDelay = 250 * time.Millisecond

// network makes TCP connections.
type network struct {
	family    int
	overrides overrides
}

// timings are what a new connection cost.
type timings struct{ dns, connect, tls time.Duration }

// dial connects to "host:port".
func (n *network) dial(ctx context.Context, hostPort string, t *timings) (net.Conn, error) {
	start := time.Now()
	addrs, err := n.addresses(ctx, hostPort)
	t.dns += time.Since(start)
	if err != nil {
		return nil, err
	}
	start = time.Now()
	conn, err := race(ctx, addrs)
	t.connect += time.Since(start)
	if err != nil {
		return nil, err
	}
	return conn, nil
}

// addresses looks a host up: in the overrides, as a literal address, as
// localhost (which browsers never ask DNS for), in DNS. For localhost Chromium
// and WebKitGTK take ::1 first, as they were seen to do; Firefox takes 127.0.0.1.
func (n *network) addresses(ctx context.Context, hostPort string) ([]netip.AddrPort, error) {
	host, port, err := net.SplitHostPort(hostPort)
	number, err2 := strconv.ParseUint(port, 10, 16)
	if err != nil || err2 != nil {
		return nil, failure(fetch.FailConnect, "ERR_INVALID_URL", hostPort+" is no address")
	}
	found := n.overrides.lookup(hostPort)
	if found == nil {
		if a, err := netip.ParseAddr(host); err == nil {
			found = []netip.Addr{a}
		} else if isLocalhost(host) {
			found = []netip.Addr{netip.IPv6Loopback(), netip.AddrFrom4([4]byte{127, 0, 0, 1})}
		} else if found, err = net.DefaultResolver.LookupNetIP(ctx, "ip", host); err != nil {
			return nil, dnsFailure(ctx, host, err)
		}
	}
	var list []netip.AddrPort
	for _, a := range found {
		a = a.Unmap()
		if n.family == 4 && !a.Is4() || n.family == 6 && !a.Is6() {
			continue
		}
		list = append(list, netip.AddrPortFrom(a, uint16(number)))
	}
	if len(list) == 0 {
		return nil, failure(fetch.FailDNS, "ERR_NAME_NOT_RESOLVED",
			host+" has no IPv"+strconv.Itoa(n.family)+" address")
	}
	return list, nil
}

func isLocalhost(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// race tries addresses one after the other, the other family beside the first
// after a short delay, and returns the first connection. The error is that of
// the first address.
func race(ctx context.Context, addrs []netip.AddrPort) (net.Conn, error) {
	if len(addrs) == 1 {
		return dialOne(ctx, addrs)
	}
	var first, second []netip.AddrPort
	for _, a := range addrs {
		if a.Addr().Is4() == addrs[0].Addr().Is4() {
			first = append(first, a)
		} else {
			second = append(second, a)
		}
	}
	if len(second) == 0 {
		return dialOne(ctx, first)
	}
	type result struct {
		conn  net.Conn
		err   error
		first bool
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan result, 2)
	try := func(list []netip.AddrPort, isFirst bool) {
		conn, err := dialOne(ctx, list)
		results <- result{conn, err, isFirst}
	}
	go try(first, true)
	timer := time.NewTimer(fallbackDelay)
	defer timer.Stop()
	started, failed := 1, 0
	var firstErr error
	for {
		select {
		case <-timer.C:
		case r := <-results:
			if r.err == nil {
				if started > failed+1 { // close the one that comes second
					go func() {
						if late := <-results; late.conn != nil {
							late.conn.Close()
						}
					}()
				}
				return r.conn, nil
			}
			if failed++; r.first || firstErr == nil {
				firstErr = r.err
			}
			if failed == 2 {
				return nil, firstErr
			}
		}
		if started == 1 {
			started = 2
			go try(second, false)
		}
	}
}

func dialOne(ctx context.Context, addrs []netip.AddrPort) (net.Conn, error) {
	d := net.Dialer{FallbackDelay: -1}
	var firstErr error
	for i, a := range addrs {
		d.Timeout = share(ctx, len(addrs)-i)
		conn, err := d.DialContext(ctx, "tcp", a.String())
		if err == nil {
			return conn, nil
		}
		if firstErr == nil {
			firstErr = dialFailure(ctx, a.String(), err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, firstErr
}

// share is what one of n addresses may use of the time that is left, so that a
// silent one does not use it up; 0 is all of it.
func share(ctx context.Context, n int) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok || n <= 1 {
		return 0
	}
	return max(time.Until(deadline)/time.Duration(n), time.Millisecond)
}
