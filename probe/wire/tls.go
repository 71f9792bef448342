package wire

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

// security is what a Client needs for TLS.
type security struct {
	insecure bool
	roots    *x509.CertPool
	cert     *tls.Certificate
	// A resumed session brings the client's certificate with it, so there are
	// two caches.
	sessions, certSessions tls.ClientSessionCache
}

// handshake speaks TLS over conn. withCert permits the client's certificate,
// h2 offers HTTP/2.
func (s *security) handshake(ctx context.Context, conn net.Conn, name string, withCert, h2 bool) (*tls.Conn, *TLS, error) {
	name = strings.TrimSuffix(strings.Trim(name, "[]"), ".")
	cfg := &tls.Config{
		ServerName:         name,
		MinVersion:         tls.VersionTLS12,
		CipherSuites:       cipherSuites,
		CurvePreferences:   keyExchanges,
		InsecureSkipVerify: true, // VerifyConnection verifies, and says all that is wrong
		VerifyConnection:   func(state tls.ConnectionState) error { return s.verify(name, state) },
		ClientSessionCache: s.sessions,
		NextProtos:         []string{"http/1.1"},
	}
	if h2 {
		cfg.NextProtos = []string{"h2", "http/1.1"}
	}
	wanted, cert := false, &tls.Certificate{} // which sends none
	if withCert && s.cert != nil {
		cert, cfg.ClientSessionCache = s.cert, s.certSessions
	}
	cfg.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		wanted = true
		return cert, nil
	}
	t := tls.Client(conn, cfg)
	if err := t.HandshakeContext(ctx); err != nil {
		f := handshakeFailure(ctx, err)
		if wanted && f.Code == "net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH" { // as Chromium reads it
			f = failure(fetch.FailTLS, "ERR_BAD_SSL_CLIENT_AUTH_CERT", "the server wants a client certificate that it accepts")
		}
		return nil, nil, f
	}
	state := t.ConnectionState()
	if state.NegotiatedProtocol == "h2" && !fitForHTTP2(&state) {
		return nil, nil, failure(fetch.FailTLS, "ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY",
			"the server chose HTTP/2 with the cipher "+tls.CipherSuiteName(state.CipherSuite)+", which HTTP/2 does not permit")
	}
	return t, s.facts(&state), nil
}

// cipherSuites are those of TLS 1.2 that Chromium offers, the ones without
// forward secrecy among them: by itself crypto/tls leaves those out, and a server
// that has nothing else would seem to fail. The order is that of crypto/tls.
var cipherSuites = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
	tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
	tls.TLS_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_256_CBC_SHA,
}

// keyExchanges are Chromium's groups; P-521 is not among them.
var keyExchanges = []tls.CurveID{tls.X25519MLKEM768, tls.X25519, tls.CurveP256, tls.CurveP384}

// fitForHTTP2: over TLS 1.2 HTTP/2 wants forward secrecy and authenticated
// encryption. https://www.rfc-editor.org/rfc/rfc9113#section-9.2.2
// Chromium: IsTLSCipherSuiteAllowedByHTTP2.
func fitForHTTP2(state *tls.ConnectionState) bool {
	return state.Version >= tls.VersionTLS13 || slices.Contains(cipherSuites[:6], state.CipherSuite)
}

// signable says that Chromium takes signatures of a key: it offers neither
// Ed25519 nor ECDSA with P-521, so that a server has nothing to sign with.
func signable(leaf *x509.Certificate) error {
	kind := ""
	switch key := leaf.PublicKey.(type) {
	case ed25519.PublicKey:
		kind = "Ed25519"
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P521() {
			kind = "P-521"
		}
	}
	if kind == "" {
		return nil
	}
	return failure(fetch.FailTLS, "ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
		"the certificate has a key of the kind "+kind+", which Chrome does not take")
}

// verify checks the chain, the name and the dates, each for itself, so that all
// that is wrong can be said. The order is that of Chromium's
// MapCertStatusToNetError: authority, name, signature, date.
func (s *security) verify(name string, state tls.ConnectionState) error {
	if len(state.PeerCertificates) == 0 {
		if s.insecure {
			return nil
		}
		return certFailure([]certProblem{{"ERR_CERT_INVALID", "the server sent no certificate"}})
	}
	leaf := state.PeerCertificates[0]
	if err := signable(leaf); err != nil || s.insecure {
		return err
	}
	now := time.Now()
	var problems []certProblem
	dates := dateProblem(leaf, now)

	at := now
	if dates != nil { // then judge the chain as if the leaf were in date
		at = leaf.NotBefore.Add(leaf.NotAfter.Sub(leaf.NotBefore) / 2)
	}
	if err := verifyChain(state.PeerCertificates, s.roots, at); err != nil {
		if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
			if dates == nil {
				dates = dateProblem(invalid.Cert, now)
			}
		} else {
			problems = append(problems, chainProblem(leaf, err))
		}
	}
	if leaf.VerifyHostname(name) != nil {
		problems = append(problems, nameProblem(leaf, name))
	}
	if dates != nil {
		problems = append(problems, *dates)
	}
	if len(problems) == 0 {
		return nil
	}
	return certFailure(problems)
}

func verifyChain(certs []*x509.Certificate, roots *x509.CertPool, at time.Time) error {
	between := x509.NewCertPool()
	for _, c := range certs[1:] {
		between.AddCert(c)
	}
	_, err := certs[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at})
	return err
}

func dateProblem(cert *x509.Certificate, now time.Time) *certProblem {
	which := "the certificate"
	if cert.IsCA {
		which = fmt.Sprintf("the authority's certificate (%s)", cert.Subject)
	}
	switch {
	case now.After(cert.NotAfter):
		return &certProblem{"ERR_CERT_DATE_INVALID", which + " has expired (" + cert.NotAfter.UTC().Format(time.DateOnly) + ")"}
	case now.Before(cert.NotBefore):
		return &certProblem{"ERR_CERT_DATE_INVALID", which + " is not valid before " + cert.NotBefore.UTC().Format(time.DateOnly)}
	}
	return nil
}

func nameProblem(leaf *x509.Certificate, name string) certProblem {
	names := append([]string(nil), leaf.DNSNames...)
	for _, ip := range leaf.IPAddresses {
		names = append(names, ip.String())
	}
	has := "it names no host"
	if n := len(names); n > 0 {
		const most = 5
		has = "it is for " + strings.Join(names[:min(n, most)], ", ")
		if n > most {
			has += fmt.Sprintf(" and %d more", n-most)
		}
	} else if leaf.Subject.CommonName != "" {
		has = "it has only the common name " + leaf.Subject.CommonName + ", which browsers do not read"
	}
	return certProblem{"ERR_CERT_COMMON_NAME_INVALID", "the certificate is not for " + name + " (" + has + ")"}
}

func (s *security) facts(state *tls.ConnectionState) *TLS {
	t := &TLS{
		Version:     tls.VersionName(state.Version),
		CipherSuite: tls.CipherSuiteName(state.CipherSuite),
		Verified:    !s.insecure,
	}
	if len(state.PeerCertificates) > 0 {
		leaf := state.PeerCertificates[0]
		t.Subject = leaf.Subject.String()
		t.Issuer = leaf.Issuer.String()
		t.NotAfter = leaf.NotAfter
		t.DNSNames = leaf.DNSNames
	}
	return t
}
