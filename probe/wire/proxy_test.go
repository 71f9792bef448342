package wire

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
)

// proxyLog is what a proxy was asked.
type proxyLog struct {
	mu    sync.Mutex
	lines []string
}

func (l *proxyLog) add(lines ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, lines...)
}

func (l *proxyLog) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := strings.Join(l.lines, "\n")
	l.lines = nil
	return s
}

// proxyServer is an HTTP proxy that answers plain requests itself, and leads
// every tunnel to one server, unless status says that it refuses.
func proxyServer(t *testing.T, log *proxyLog, to string, status int) string {
	return rawServer(t, func(conn net.Conn, r *bufio.Reader) {
		for {
			lines := readRequest(r)
			if lines == nil {
				return
			}
			log.add(lines...)
			if status != 200 {
				fmt.Fprintf(conn, "HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n", status)
				continue
			}
			if !strings.HasPrefix(lines[0], "CONNECT ") {
				io.WriteString(conn, "HTTP/1.1 200 OK\r\nX-Via: proxy\r\nContent-Length: 0\r\n\r\n")
				continue
			}
			io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
			splice(conn, r, to)
			return
		}
	})
}

// splice joins a connection with one to another server.
func splice(conn net.Conn, r io.Reader, to string) {
	next, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer next.Close()
	go func() {
		io.Copy(next, r)
		next.(*net.TCPConn).CloseWrite()
	}()
	io.Copy(conn, next)
}

func withUser(url string) string { return strings.Replace(url, "://", "://user:p%40ss@", 1) }

func TestHTTPProxy(t *testing.T) {
	var log proxyLog
	url := proxyServer(t, &log, "", 200)
	c := newClient(t, Options{Proxy: withUser(url)})
	m := &fetch.Message{Method: "GET", URL: &fetch.URL{Scheme: "http", Host: "api.example", Path: "/a", Query: "?b"}}
	m.Headers = []fetch.Header{{Name: "Accept", Value: "*/*"}}
	for i := range 2 {
		x := mustSend(t, c, m)
		if lines(x.Response, "x-via") != "proxy" || x.Facts.Proxy != url || x.Facts.Reused != (i > 0) {
			t.Errorf("%+v", x.Facts)
		}
		want := "GET http://api.example/a?b HTTP/1.1\nHost: api.example\nProxy-Connection: keep-alive\n" +
			"Proxy-Authorization: Basic dXNlcjpwQHNz\nAccept: */*"
		if got := log.take(); got != want {
			t.Errorf("sent\n%s\nwant\n%s", got, want)
		}
	}
}

func TestTunnel(t *testing.T) {
	ca := newAuthority(t, "Ours")
	for _, h2 := range []bool{false, true} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }))
		server.EnableHTTP2 = h2
		server.TLS = &tls.Config{Certificates: []tls.Certificate{ca.issue(nil)}}
		server.StartTLS()
		defer server.Close()
		var log proxyLog
		proxy := proxyServer(t, &log, strings.TrimPrefix(server.URL, "https://"), 200)
		c := newClient(t, Options{Proxy: withUser(proxy), CACert: writePEM(t, "CERTIFICATE", ca.cert.Raw)})
		x := mustSend(t, c, &fetch.Message{Method: "GET", URL: &fetch.URL{Scheme: "https", Host: "api.example.com", Path: "/"}})
		if want := map[bool]string{false: "HTTP/1.1", true: "HTTP/2.0"}[h2]; string(x.Response.Body) != want || x.Facts.Proxy != proxy || x.Facts.TLS.Issuer != "CN=Ours" {
			t.Errorf("%q %+v", x.Response.Body, x.Facts)
		}
		want := "CONNECT api.example.com:443 HTTP/1.1\nHost: api.example.com:443\nProxy-Connection: keep-alive\nProxy-Authorization: Basic dXNlcjpwQHNz"
		if got := log.take(); got != want {
			t.Errorf("sent\n%s\nwant\n%s", got, want)
		}
	}
}

func TestHTTPSProxy(t *testing.T) {
	ca := newAuthority(t, "Ours")
	var log proxyLog
	plain := proxyServer(t, &log, "", 200)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{ca.issue(nil)}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				splice(conn, conn, strings.TrimPrefix(plain, "http://"))
			}()
		}
	}()
	url := "https://" + l.Addr().String()
	m := &fetch.Message{Method: "GET", URL: &fetch.URL{Scheme: "http", Host: "api.example", Path: "/"}}
	x := mustSend(t, newClient(t, Options{Proxy: url, CACert: writePEM(t, "CERTIFICATE", ca.cert.Raw)}), m)
	if lines(x.Response, "x-via") != "proxy" || x.Facts.Proxy != url {
		t.Errorf("%+v", x.Facts)
	}
	x = send(t, newClient(t, Options{Proxy: url}), m)
	wantFailure(t, x, fetch.FailProxy, "ERR_PROXY_CONNECTION_FAILED", "unknown authority")
}

func TestProxyRefuses(t *testing.T) {
	https := &fetch.Message{Method: "GET", URL: &fetch.URL{Scheme: "https", Host: "api.example", Path: "/"}}
	for status, code := range map[int]string{407: "ERR_PROXY_AUTH_REQUESTED", 403: "ERR_TUNNEL_CONNECTION_FAILED", 502: "ERR_TUNNEL_CONNECTION_FAILED"} {
		var log proxyLog
		url := withUser(proxyServer(t, &log, "", status))
		x := send(t, newClient(t, Options{Proxy: url}), https)
		wantFailure(t, x, fetch.FailProxy, code, fmt.Sprintf("status %d", status))
		if strings.Contains(x.Failure.Detail, "user") || strings.Contains(x.Failure.Detail, "p%40ss") {
			t.Errorf("the password is shown: %s", x.Failure.Detail)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	for scheme, code := range map[string]string{"http": "ERR_PROXY_CONNECTION_FAILED", "https": "ERR_PROXY_CONNECTION_FAILED", "socks5": "ERR_SOCKS_CONNECTION_FAILED"} {
		x := send(t, newClient(t, Options{Proxy: scheme + "://" + l.Addr().String()}), https)
		wantFailure(t, x, fetch.FailProxy, code, "refuses connections")
	}
	closes := rawServer(t, func(_ net.Conn, r *bufio.Reader) { readRequest(r) })
	wantFailure(t, send(t, newClient(t, Options{Proxy: closes}), https), fetch.FailProxy, "ERR_TUNNEL_CONNECTION_FAILED", "closed the connection")
}

// TestSOCKS holds that a SOCKS5 proxy is asked for the name, with credentials.
func TestSOCKS(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host) }))
	defer server.Close()
	var log proxyLog
	url := rawServer(t, func(conn net.Conn, r *bufio.Reader) {
		read := func(n int) []byte {
			b := make([]byte, n)
			io.ReadFull(r, b)
			return b
		}
		read(int(read(2)[1])) // the methods
		conn.Write([]byte{5, 2})
		user := read(int(read(2)[1]))
		password := read(int(read(1)[0]))
		conn.Write([]byte{1, 0})
		kind := read(4)[3]
		var host string
		if kind == 3 {
			host = string(read(int(read(1)[0])))
		} else {
			host = net.IP(read(4)).String()
		}
		log.add(string(user), string(password), host, fmt.Sprint(binary.BigEndian.Uint16(read(2))))
		conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
		splice(conn, r, strings.TrimPrefix(server.URL, "http://"))
	})
	proxy := strings.Replace(url, "http:", "socks5:", 1)
	m := &fetch.Message{Method: "GET", URL: &fetch.URL{Scheme: "http", Host: "api.example", Port: "8080", Path: "/"}}
	x := mustSend(t, newClient(t, Options{Proxy: withUser(proxy)}), m)
	if got := log.take(); string(x.Response.Body) != "api.example:8080" || got != "user\np@ss\napi.example\n8080" || x.Facts.Proxy != proxy {
		t.Errorf("%q %q %+v", x.Response.Body, got, x.Facts)
	}
	mustSend(t, newClient(t, Options{Proxy: withUser(proxy), Resolve: []string{"api.example:8080:192.0.2.7"}}), m)
	if got := log.take(); !strings.Contains(got, "192.0.2.7") {
		t.Errorf("the address of --resolve was not asked for: %q", got)
	}
}

func TestProxyFromEnvironment(t *testing.T) {
	var log proxyLog
	url := proxyServer(t, &log, "", 200)
	t.Setenv("HTTP_PROXY", url)
	t.Setenv("http_proxy", url)
	t.Setenv("NO_PROXY", "direct.example")
	t.Setenv("no_proxy", "direct.example")
	c, err := New(Options{Resolve: []string{"direct.example:80:127.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	m := &fetch.Message{Method: "GET", URL: &fetch.URL{Scheme: "http", Host: "api.example", Path: "/"}}
	if x := mustSend(t, c, m); x.Facts.Proxy != url {
		t.Errorf("%+v", x.Facts)
	}
	m.URL = &fetch.URL{Scheme: "http", Host: "direct.example", Port: "80", Path: "/"}
	if x := send(t, c, m); x.Facts.Proxy != "" {
		t.Errorf("NO_PROXY is not honoured: %+v", x.Facts)
	}
}
