package wire

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"time"

	"golang.org/x/net/proxy"

	"github.com/corscheck/corscheck/probe/fetch"
)

// connect makes a connection to a host, through its proxy where it has one. h2
// offers HTTP/2 over TLS.
func (c *Client) connect(ctx context.Context, h *host, h2 bool) (connection, error) {
	o := origin{host: h}
	conn, err := c.reach(ctx, h, &o.cost)
	if err != nil {
		return nil, err
	}
	o.remote = addrPort(conn.RemoteAddr())
	if h.key.scheme == "http" {
		return newH1(c, o, conn, conn), nil
	}
	start := time.Now()
	secure, facts, err := c.security.handshake(ctx, conn, h.name, h.key.withCert, h2)
	o.cost.tls += time.Since(start)
	if err != nil {
		conn.Close()
		return nil, err
	}
	o.tls = facts
	if secure.ConnectionState().NegotiatedProtocol == "h2" {
		return newH2(c, o, secure), nil
	}
	return newH1(c, o, secure, conn), nil
}

// reach makes the connection that TLS or HTTP then runs on.
func (c *Client) reach(ctx context.Context, h *host, cost *timings) (net.Conn, error) {
	if h.proxy == nil {
		return c.net.dial(ctx, h.key.hostPort, cost)
	}
	if h.proxy.Scheme == "socks5" || h.proxy.Scheme == "socks5h" {
		return c.socks(ctx, h, cost)
	}
	conn, err := c.dialProxy(ctx, h, cost)
	if err != nil || h.key.scheme == "http" {
		return conn, err
	}
	if err := tunnel(ctx, conn, h); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// dialProxy connects to an http or https proxy.
func (c *Client) dialProxy(ctx context.Context, h *host, cost *timings) (net.Conn, error) {
	conn, err := c.net.dial(ctx, proxyAddress(h.proxy), cost)
	if err == nil && h.proxy.Scheme == "https" {
		secure, _, tlsErr := c.security.handshake(ctx, conn, h.proxy.Hostname(), false, false)
		if tlsErr == nil {
			return secure, nil
		}
		conn.Close()
		err = tlsErr
	}
	return conn, proxyFailure(ctx, h, "ERR_PROXY_CONNECTION_FAILED", err)
}

// tunnel asks an HTTP proxy for a connection to the host.
func tunnel(ctx context.Context, conn net.Conn, h *host) error {
	stop := interruptible(ctx, conn)
	status, err := askTunnel(conn, h)
	if !stop() {
		return contextFailure(ctx, "waiting for the proxy "+h.proxyName)
	}
	if err != nil {
		return proxyFailure(ctx, h, "ERR_TUNNEL_CONNECTION_FAILED", readFailure(ctx, err, false))
	}
	switch {
	case status/100 == 2:
		return nil
	case status == 407:
		return failure(fetch.FailProxy, "ERR_PROXY_AUTH_REQUESTED", "the proxy "+h.proxyName+" demands credentials (status 407)")
	}
	return failure(fetch.FailProxy, "ERR_TUNNEL_CONNECTION_FAILED",
		fmt.Sprintf("the proxy %s refused a connection to %s (status %d)", h.proxyName, h.key.hostPort, status))
}

func askTunnel(conn net.Conn, h *host) (status int, err error) {
	out := append(make([]byte, 0, 256), "CONNECT "+h.key.hostPort+" HTTP/1.1\r\nHost: "+h.key.hostPort+
		"\r\nProxy-Connection: keep-alive\r\n"...)
	out = append(out, proxyAuthorization(h.proxy)...)
	if _, err := conn.Write(append(out, "\r\n"...)); err != nil {
		return 0, err
	}
	r := reader{src: conn}
	for {
		answer, err := r.readHead()
		if err != nil {
			return 0, err
		}
		if answer.status/100 != 1 {
			return answer.status, nil
		}
	}
}

// socks connects through a SOCKS5 proxy, which looks the host up itself unless
// --resolve says where it is.
func (c *Client) socks(ctx context.Context, h *host, cost *timings) (net.Conn, error) {
	var auth *proxy.Auth
	if u := h.proxy.User; u != nil {
		password, _ := u.Password()
		auth = &proxy.Auth{User: u.Username(), Password: password}
	}
	forward := forwardDialer{c, cost}
	dialer, err := proxy.SOCKS5("tcp", proxyAddress(h.proxy), auth, forward)
	if err != nil {
		return nil, proxyFailure(ctx, h, "ERR_SOCKS_CONNECTION_FAILED", err)
	}
	target := h.key.hostPort
	if a := c.net.overrides.lookup(target); len(a) > 0 {
		_, port, _ := net.SplitHostPort(target)
		target = net.JoinHostPort(a[0].String(), port)
	}
	conn, err := dialer.(proxy.ContextDialer).DialContext(ctx, "tcp", target)
	return conn, proxyFailure(ctx, h, "ERR_SOCKS_CONNECTION_FAILED", err)
}

type forwardDialer struct {
	c    *Client
	cost *timings
}

func (d forwardDialer) Dial(network, addr string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, addr)
}

func (d forwardDialer) DialContext(ctx context.Context, _, addr string) (net.Conn, error) {
	return d.c.net.dial(ctx, addr, d.cost)
}

// proxyFailure makes a failure of the way to the proxy one of the proxy.
func proxyFailure(ctx context.Context, h *host, code string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return contextFailure(ctx, "connecting through the proxy "+h.proxyName)
	}
	detail := plain(err)
	if f, ok := asFailure(err); ok {
		detail = f.Detail
	}
	return failure(fetch.FailProxy, code, "the proxy "+h.proxyName+" cannot be used: "+detail)
}

// proxyName is a proxy's URL without userinfo.
func proxyName(u *url.URL) string {
	if u == nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func proxyAddress(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	if port == "" {
		port = "1080"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// proxyAuthorization is the header line for a proxy with userinfo, or nothing.
func proxyAuthorization(u *url.URL) string {
	if u == nil || u.User == nil {
		return ""
	}
	password, _ := u.User.Password()
	return "Proxy-Authorization: Basic " +
		base64.StdEncoding.EncodeToString([]byte(u.User.Username()+":"+password)) + "\r\n"
}

func addrPort(a net.Addr) netip.AddrPort {
	if tcp, ok := a.(*net.TCPAddr); ok {
		ap := tcp.AddrPort()
		return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	}
	return netip.AddrPort{}
}
