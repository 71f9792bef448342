package wire

import (
	"bufio"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

// leafTemplate is a certificate for 127.0.0.1 and api.example.com.
func leafTemplate() *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: "leaf"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		DNSNames:     []string{"api.example.com"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func sign(t *testing.T, tmpl, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) tls.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func selfSigned(t *testing.T, tmpl *x509.Certificate) tls.Certificate {
	t.Helper()
	key := newKey(t)
	return sign(t, tmpl, tmpl, key, key)
}

// authority is a private certificate authority.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	c := selfSigned(t, tmpl)
	return &authority{t, c.Leaf, c.PrivateKey.(*ecdsa.PrivateKey)}
}

func (a *authority) issue(change func(*x509.Certificate)) tls.Certificate {
	tmpl := leafTemplate()
	if change != nil {
		change(tmpl)
	}
	return sign(a.t, tmpl, a.cert, newKey(a.t), a.key)
}

func writePEM(t *testing.T, kind string, der []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), kind+".pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func tlsServer(t *testing.T, cfg *tls.Config) string {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TLS.PeerCertificates) > 0 {
			w.Header().Set("X-Client", r.TLS.PeerCertificates[0].Subject.CommonName)
		}
		io.WriteString(w, r.TLS.ServerName)
	}))
	server.Config.ErrorLog = quiet
	server.TLS = cfg
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

func TestCertificates(t *testing.T) {
	ours, other := newAuthority(t, "Ours"), newAuthority(t, "Other")
	past := func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = time.Now().Add(-72*time.Hour), time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)
		c.NotBefore = c.NotAfter.Add(-time.Hour)
	}
	rename := func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = []string{"a.example", "b.example"}, nil }
	tests := []struct {
		name string
		cert tls.Certificate
		code string
		says []string
	}{
		{"good", ours.issue(nil), "", nil},
		{"expired", ours.issue(past), "ERR_CERT_DATE_INVALID", []string{"the certificate has expired (2024-01-02)"}},
		{"not yet", ours.issue(func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Date(2124, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(2125, 1, 2, 0, 0, 0, 0, time.UTC)
		}), "ERR_CERT_DATE_INVALID", []string{"not valid before 2124-01-02"}},
		{"other name", ours.issue(rename), "ERR_CERT_COMMON_NAME_INVALID", []string{"not for 127.0.0.1", "a.example, b.example"}},
		{"no name", ours.issue(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, nil }),
			"ERR_CERT_COMMON_NAME_INVALID", []string{"only the common name leaf"}},
		{"other authority", other.issue(nil), "ERR_CERT_AUTHORITY_INVALID", []string{"unknown authority (CN=Other)"}},
		{"by itself", selfSigned(t, leafTemplate()), "ERR_CERT_AUTHORITY_INVALID", []string{"signed by itself (CN=leaf)"}},
		{"all at once", other.issue(func(c *x509.Certificate) { past(c); rename(c) }), "ERR_CERT_AUTHORITY_INVALID",
			[]string{"CN=Other", "not for 127.0.0.1", "expired (2024-01-02)"}},
		{"name and date", ours.issue(func(c *x509.Certificate) { past(c); rename(c) }), "ERR_CERT_COMMON_NAME_INVALID",
			[]string{"not for 127.0.0.1", "expired (2024-01-02)"}},
	}
	ca := writePEM(t, "CERTIFICATE", ours.cert.Raw)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			url := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{tt.cert}})
			x := send(t, newClient(t, Options{CACert: ca}), get(url, "/"))
			if tt.code == "" {
				if x.Failure != nil || !x.Facts.TLS.Verified || x.Facts.TLS.Issuer != "CN=Ours" {
					t.Errorf("%v %+v", x.Failure, x.Facts.TLS)
				}
				return
			}
			for _, says := range tt.says {
				wantFailure(t, x, fetch.FailTLS, tt.code, says)
			}
			x = mustSend(t, newClient(t, Options{Insecure: true}), get(url, "/"))
			if x.Facts.TLS.Verified {
				t.Error("an insecure connection is called verified")
			}
		})
	}
}

func TestTLSFailures(t *testing.T) {
	cert := selfSigned(t, leafTemplate())
	raw := func(serve func(net.Conn)) string {
		return strings.Replace(rawServer(t, func(c net.Conn, _ *bufio.Reader) { serve(c) }), "http:", "https:", 1)
	}
	hello := func(c net.Conn) { c.Read(make([]byte, 4096)) }
	tests := []struct {
		name, url string
		code      string
		says      string
	}{
		{"old version", tlsServer(t, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}),
			"ERR_SSL_VERSION_OR_CIPHER_MISMATCH", "protocol version"},
		{"plain http", raw(func(c net.Conn) { hello(c); io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n") }),
			"ERR_SSL_PROTOCOL_ERROR", "plain http"},
		{"garbage", raw(func(c net.Conn) { hello(c); io.WriteString(c, "no TLS here") }),
			"ERR_SSL_PROTOCOL_ERROR", "does not speak TLS"},
		{"closed", raw(hello), "ERR_CONNECTION_CLOSED", "in the TLS handshake"},
		{"reset", raw(func(c net.Conn) { hello(c); reset(c) }), "ERR_CONNECTION_RESET", "in the TLS handshake"},
		{"wants a certificate", tlsServer(t, &tls.Config{Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequireAnyClientCert}),
			"ERR_BAD_SSL_CLIENT_AUTH_CERT", "client certificate"},
		{"wants a certificate, TLS 1.2", tlsServer(t, &tls.Config{Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}),
			"ERR_BAD_SSL_CLIENT_AUTH_CERT", "client certificate"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantFailure(t, send(t, newClient(t, Options{Insecure: true}), get(tt.url, "/")), fetch.FailTLS, tt.code, tt.says)
		})
	}
}

// TestKindsOfTLSAsChromium: what a server has to offer for Chromium 156 to take
// it, measured with openssl s_server; crypto/tls by itself takes other kinds.
func TestKindsOfTLSAsChromium(t *testing.T) {
	selfSignedBy := func(key crypto.Signer) tls.Certificate {
		der, err := x509.CreateCertificate(rand.Reader, leafTemplate(), leafTemplate(), key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p521, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	const mismatch = "ERR_SSL_VERSION_OR_CIPHER_MISMATCH"
	rsaCert := []tls.Certificate{selfSignedBy(rsaKey)}
	for _, tt := range []struct {
		name string
		cfg  *tls.Config
		code string // empty where Chromium reads the answer
	}{
		{"no forward secrecy", &tls.Config{Certificates: rsaCert, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}}, ""},
		{"no forward secrecy, CBC", &tls.Config{Certificates: rsaCert, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_256_CBC_SHA}}, ""},
		{"CBC", &tls.Config{Certificates: rsaCert, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA}}, ""},
		{"3DES", &tls.Config{Certificates: rsaCert, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA}}, mismatch},
		{"HTTP/2 with CBC", &tls.Config{Certificates: rsaCert, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA}, NextProtos: []string{"h2"}},
			"ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY"},
		{"only the group P-384", &tls.Config{Certificates: rsaCert, CurvePreferences: []tls.CurveID{tls.CurveP384}}, ""},
		{"only the group P-521", &tls.Config{Certificates: rsaCert, CurvePreferences: []tls.CurveID{tls.CurveP521}}, mismatch},
		{"key of the kind Ed25519", &tls.Config{Certificates: []tls.Certificate{selfSignedBy(edKey)}}, mismatch},
		{"key of the kind P-521", &tls.Config{Certificates: []tls.Certificate{selfSignedBy(p521)}}, mismatch},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, err := tls.Listen("tcp", "127.0.0.1:0", tt.cfg)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { l.Close() })
			go func() {
				for {
					conn, err := l.Accept()
					if err != nil {
						return
					}
					go func() {
						defer conn.Close()
						if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
							io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
						}
					}()
				}
			}()
			x := send(t, newClient(t, Options{Insecure: true}), get("https://"+l.Addr().String(), "/"))
			if tt.code != "" {
				wantFailure(t, x, fetch.FailTLS, tt.code, "")
			} else if x.Failure != nil {
				t.Errorf("failed: %s", x.Failure.Detail)
			}
		})
	}
}

// TestAlertBehindTheHandshake: in TLS 1.3 a server says only after the handshake
// that it wants a certificate, and may have closed before the request is written.
func TestAlertBehindTheHandshake(t *testing.T) {
	for _, protos := range [][]string{nil, {"h2"}} {
		url := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{selfSigned(t, leafTemplate())}, ClientAuth: tls.RequireAnyClientCert, NextProtos: protos})
		for range 30 {
			wantFailure(t, send(t, newClient(t, Options{Insecure: true}), get(url, "/")), fetch.FailTLS, "ERR_BAD_SSL_CLIENT_AUTH_CERT", "certificate required")
		}
	}
}

// TestClientCertificate holds that a client's certificate goes along with
// credentials only, and never shares a connection with messages without.
func TestClientCertificate(t *testing.T) {
	ca := newAuthority(t, "Ours")
	pair := ca.issue(func(c *x509.Certificate) { c.Subject.CommonName = "me" })
	key, err := x509.MarshalECPrivateKey(pair.PrivateKey.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	for _, protos := range [][]string{nil, {"h2"}} {
		url := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{ca.issue(nil)}, ClientAuth: tls.RequestClientCert, NextProtos: protos})
		c := newClient(t, Options{
			CACert: writePEM(t, "CERTIFICATE", ca.cert.Raw),
			Cert:   writePEM(t, "CERTIFICATE", pair.Certificate[0]),
			Key:    writePEM(t, "EC PRIVATE KEY", key),
		})
		for range 2 {
			for credentials, want := range map[bool]string{true: "me", false: ""} {
				m := get(url, "/")
				m.ClientCertificate = credentials
				if got := lines(mustSend(t, c, m).Response, "x-client"); got != want {
					t.Errorf("credentials %v: the server saw %q", credentials, got)
				}
			}
		}
	}
}

// insecureConfig accepts any certificate.
func insecureConfig() *tls.Config { return &tls.Config{InsecureSkipVerify: true} }
