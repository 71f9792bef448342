package wire

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
)

// quiet takes the logs of servers whose clients misbehave on purpose.
var quiet = log.New(io.Discard, "", 0)

func TestOptionErrors(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		opts Options
		says string
	}{
		{"resolve without port", Options{Resolve: []string{"a.example:127.0.0.1"}}, "host:port:address"},
		{"resolve with a bad port", Options{Resolve: []string{"a.example:99999:127.0.0.1"}}, `"99999" is no port`},
		{"resolve to a name", Options{Resolve: []string{"a.example:80:b.example"}}, `"b.example" is no IP address`},
		{"resolve nothing", Options{Resolve: []string{""}}, "host:port:address"},
		{"resolve without host", Options{Resolve: []string{":80:127.0.0.1"}}, "host:port:address"},
		{"proxy of another scheme", Options{Proxy: "ftp://p.example"}, `"ftp" is none of http`},
		{"proxy that is no URL", Options{Proxy: "http://user:secret@:%zz"}, "the proxy is no URL"},
		{"missing authorities", Options{CACert: filepath.Join(dir, "missing")}, "CACert: cannot read"},
		{"empty authorities", Options{CACert: empty}, "no certificate in PEM form"},
		{"key alone", Options{Key: empty}, "without its certificate"},
		{"bad certificate", Options{Cert: empty}, "holds the key too"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.opts)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want %q", err, tt.says)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}

func TestParseResolve(t *testing.T) {
	tests := []struct{ entry, host, addrs string }{
		{"a.example:443:127.0.0.1", "a.example:443", "[127.0.0.1]"},
		{"A.Example:443:127.0.0.1", "a.example:443", "[127.0.0.1]"},
		{"+a.example:443:127.0.0.1", "a.example:443", "[127.0.0.1]"},
		{"a.example:443:::1", "a.example:443", "[::1]"},
		{"a.example:443:[::1],127.0.0.1", "a.example:443", "[::1 127.0.0.1]"},
		{"[::2]:443:[::1]", "[::2]:443", "[::1]"},
		{"*:443:127.0.0.1", "other.example:443", "[127.0.0.1]"},
		{"*:443:127.0.0.1", "other.example:80", "[]"},
	}
	for _, tt := range tests {
		o, err := parseResolve([]string{tt.entry})
		if err != nil {
			t.Errorf("%s: %v", tt.entry, err)
			continue
		}
		if got := addrList(o.lookup(tt.host)); got != tt.addrs {
			t.Errorf("%s: %s is %s, want %s", tt.entry, tt.host, got, tt.addrs)
		}
	}
}

func addrList(addrs []netip.Addr) string {
	s := make([]string, len(addrs))
	for i, a := range addrs {
		s[i] = a.String()
	}
	return "[" + strings.Join(s, " ") + "]"
}

// TestFamilies reaches a server by both families, by one, and not by the other.
func TestFamilies(t *testing.T) {
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skip("there is no IPv6 on this machine: ", err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			conn.Close()
		}
	}()
	port := strings.TrimPrefix(l.Addr().String(), "[::1]:")
	named := &fetch.URL{Scheme: "http", Host: "localhost", Port: port, Path: "/"}
	literal := &fetch.URL{Scheme: "http", Host: "[::1]", Port: port, Path: "/"}
	for _, tt := range []struct {
		url    *fetch.URL
		family int
		kind   fetch.FailureKind
	}{
		{named, 0, ""}, {named, 6, ""}, {named, 4, fetch.FailRefused},
		{literal, 0, ""}, {literal, 6, ""}, {literal, 4, fetch.FailDNS},
	} {
		x := send(t, newClient(t, Options{Family: tt.family}), &fetch.Message{Method: "GET", URL: tt.url})
		switch {
		case tt.kind == "" && x.Failure != nil:
			t.Errorf("%s by family %d: %v", tt.url, tt.family, x.Failure)
		case tt.kind == "" && (!x.Facts.Remote.Addr().Is6() || x.Response.Address != x.Facts.Remote.Addr()):
			t.Errorf("%s by family %d: reached %s", tt.url, tt.family, x.Facts.Remote)
		case tt.kind != "" && (x.Failure == nil || x.Failure.Kind != tt.kind):
			t.Errorf("%s by family %d: %v, want %s", tt.url, tt.family, x.Failure, tt.kind)
		}
	}
}

// Chromium and WebKitGTK take ::1 for localhost where both addresses listen.
func TestLocalhostIsIPv6First(t *testing.T) {
	four, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer four.Close()
	_, port, _ := net.SplitHostPort(four.Addr().String())
	six, err := net.Listen("tcp6", "[::1]:"+port)
	if err != nil {
		t.Skip("there is no IPv6 on this machine: ", err)
	}
	defer six.Close()
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	go http.Serve(four, ok)
	go http.Serve(six, ok)
	u := &fetch.URL{Scheme: "http", Host: "localhost", Port: port, Path: "/"}
	x := send(t, newClient(t, Options{}), &fetch.Message{Method: "GET", URL: u})
	if x.Failure != nil || !x.Facts.Remote.Addr().Is6() {
		t.Errorf("reached %s, %v", x.Facts.Remote, x.Failure)
	}
}

func TestUnsendable(t *testing.T) {
	u := func(path string) *fetch.URL {
		return &fetch.URL{Scheme: "http", Host: "127.0.0.1", Port: "1", Path: path}
	}
	for name, m := range map[string]*fetch.Message{
		"line break in the path":   {Method: "GET", URL: u("/ HTTP/1.1\r\nX: 1")},
		"method with a space":      {Method: "GET /", URL: u("/")},
		"line break in a value":    {Method: "GET", URL: u("/"), Headers: []fetch.Header{{Name: "X", Value: "1\r\nY: 2"}}},
		"colon in a name":          {Method: "GET", URL: u("/"), Headers: []fetch.Header{{Name: "X: 1\r\nY", Value: "2"}}},
		"scheme that is no http":   {Method: "GET", URL: &fetch.URL{Scheme: "ftp", Host: "127.0.0.1", Path: "/"}},
		"userinfo within the host": {Method: "GET", URL: &fetch.URL{Scheme: "http", Host: "a@127.0.0.1", Path: "/"}},
	} {
		if x := send(t, newClient(t, Options{}), m); x.Failure == nil || x.Failure.Kind != fetch.FailProtocol {
			t.Errorf("%s: %v", name, x.Failure)
		}
	}
}

func TestDNSFailures(t *testing.T) {
	done, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	for _, tt := range []struct {
		ctx        context.Context
		err        error
		kind       fetch.FailureKind
		code, says string
	}{
		{t.Context(), &net.DNSError{IsNotFound: true}, fetch.FailDNS, "ERR_NAME_NOT_RESOLVED", "api.example does not exist"},
		{t.Context(), &net.DNSError{IsTimeout: true}, fetch.FailDNS, "ERR_NAME_NOT_RESOLVED", "no name server answered"},
		{t.Context(), &net.DNSError{Err: "server misbehaving"}, fetch.FailDNS, "ERR_NAME_NOT_RESOLVED", "(server misbehaving)"},
		{done, &net.DNSError{IsTimeout: true}, fetch.FailTimeout, "ERR_TIMED_OUT", "looking up api.example"},
	} {
		wantFailure(t, Exchange{Failure: dnsFailure(tt.ctx, "api.example", tt.err)}, tt.kind, tt.code, tt.says)
	}
}
