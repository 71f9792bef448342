package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/corscheck/corscheck/probe/fetch"
)

func failure(kind fetch.FailureKind, code, detail string) *fetch.Failure {
	return &fetch.Failure{Kind: kind, Detail: detail, Code: "net::" + code}
}

func protocolError(code, detail string) *fetch.Failure {
	return failure(fetch.FailProtocol, code, detail)
}

// failWith lets a failure travel as an error.
func asFailure(err error) (*fetch.Failure, bool) {
	return errors.AsType[*fetch.Failure](err)
}

// contextFailure is the failure where a context ended what was being done:
// "connecting to 192.0.2.1:443".
func contextFailure(ctx context.Context, doing string) *fetch.Failure {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return failure(fetch.FailTimeout, "ERR_TIMED_OUT", "no answer in time, still "+doing)
	}
	return failure(fetch.FailCanceled, "ERR_ABORTED", "interrupted while "+doing)
}

// dnsFailure classifies an error of name resolution.
func dnsFailure(ctx context.Context, host string, err error) *fetch.Failure {
	if ctx.Err() != nil {
		return contextFailure(ctx, "looking up "+host)
	}
	detail := "the name " + host + " cannot be looked up"
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		switch {
		case dns.IsNotFound:
			detail = "the name " + host + " does not exist or has no address"
		case dns.IsTimeout:
			detail = "no name server answered for " + host
		default:
			detail += " (" + dns.Err + ")"
		}
	}
	return failure(fetch.FailDNS, "ERR_NAME_NOT_RESOLVED", detail)
}

// dialFailure classifies an error of a TCP connection.
func dialFailure(ctx context.Context, addr string, err error) *fetch.Failure {
	if f, ok := asFailure(err); ok {
		return f
	}
	if ctx.Err() != nil {
		return contextFailure(ctx, "connecting to "+addr)
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return failure(fetch.FailRefused, "ERR_CONNECTION_REFUSED", addr+" refuses connections")
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.ECONNABORTED):
		return failure(fetch.FailConnect, "ERR_CONNECTION_RESET", addr+" reset the connection")
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.EADDRNOTAVAIL):
		return failure(fetch.FailConnect, "ERR_ADDRESS_UNREACHABLE", addr+" cannot be reached")
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return failure(fetch.FailConnect, "ERR_NETWORK_ACCESS_DENIED", "this machine does not permit a connection to "+addr)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, syscall.ETIMEDOUT):
		return failure(fetch.FailTimeout, "ERR_CONNECTION_TIMED_OUT", addr+" does not answer")
	}
	return failure(fetch.FailConnect, "ERR_CONNECTION_FAILED", "no connection to "+addr+" ("+plain(err)+")")
}

// readFailure classifies an error while an answer was awaited or read. got says
// that part of the answer had come.
func readFailure(ctx context.Context, err error, got bool) *fetch.Failure {
	if f, ok := asFailure(err); ok {
		return f
	}
	if ctx.Err() != nil || errors.Is(err, os.ErrDeadlineExceeded) {
		if got {
			return contextFailure(ctx, "reading the header of the answer")
		}
		return contextFailure(ctx, "waiting for the answer")
	}
	if f := alertFailure(err); f != nil {
		return f
	}
	where := "before it answered"
	if got {
		where = "in the header of its answer"
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return failure(fetch.FailReset, "ERR_RESPONSE_HEADERS_TRUNCATED", "the server closed the connection "+where)
	case errors.Is(err, io.EOF):
		return failure(fetch.FailReset, "ERR_EMPTY_RESPONSE", "the server closed the connection "+where)
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNABORTED):
		return failure(fetch.FailReset, "ERR_CONNECTION_RESET", "the server reset the connection "+where)
	}
	return failure(fetch.FailReset, "ERR_CONNECTION_CLOSED", "the connection broke "+where+" ("+plain(err)+")")
}

// alertFailure classifies what the server's TLS said; nil where it is no TLS
// error. crypto/tls keeps the type of a remote alert to itself, so its text
// tells.
func alertFailure(err error) *fetch.Failure {
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || op.Op != "remote error" {
		return nil
	}
	alert := strings.TrimPrefix(op.Err.Error(), "tls: ")
	code := "ERR_SSL_PROTOCOL_ERROR"
	switch alert {
	case "handshake failure", "protocol version not supported", "insufficient security level", "inappropriate fallback":
		code = "ERR_SSL_VERSION_OR_CIPHER_MISMATCH"
	case "bad certificate", "unsupported certificate", "revoked certificate", "expired certificate",
		"unknown certificate", "unknown certificate authority", "access denied", "certificate required":
		code = "ERR_BAD_SSL_CLIENT_AUTH_CERT"
	case "unrecognized name":
		code = "ERR_SSL_UNRECOGNIZED_NAME_ALERT"
	}
	detail := "the server refused the TLS connection (" + alert + ")"
	if code == "ERR_BAD_SSL_CLIENT_AUTH_CERT" {
		detail = "the server wants a client certificate that it accepts (" + alert + ")"
	}
	return failure(fetch.FailTLS, code, detail)
}

// handshakeFailure classifies an error of a TLS handshake.
func handshakeFailure(ctx context.Context, err error) *fetch.Failure {
	if f, ok := asFailure(err); ok {
		return f
	}
	if ctx.Err() != nil {
		return contextFailure(ctx, "in the TLS handshake")
	}
	if f := alertFailure(err); f != nil {
		return f
	}
	if record, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		detail := "the server does not speak TLS on this port"
		if string(record.RecordHeader[:]) == "HTTP/" {
			detail = "the server speaks plain http on this port"
		}
		return failure(fetch.FailTLS, "ERR_SSL_PROTOCOL_ERROR", detail)
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return failure(fetch.FailTLS, "ERR_CONNECTION_CLOSED", "the server closed the connection in the TLS handshake")
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return failure(fetch.FailTLS, "ERR_CONNECTION_RESET", "the server reset the connection in the TLS handshake")
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return failure(fetch.FailTLS, "ERR_CERT_INVALID", plain(err))
	}
	if strings.Contains(err.Error(), "protocol version") || strings.Contains(err.Error(), "cipher suite") {
		return failure(fetch.FailTLS, "ERR_SSL_VERSION_OR_CIPHER_MISMATCH", plain(err))
	}
	return failure(fetch.FailTLS, "ERR_SSL_PROTOCOL_ERROR", plain(err))
}

// plain is an error's text without the addresses and operations that net puts
// before it.
func plain(err error) string {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Err != nil {
		err = op.Err
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error()
	}
	return strings.TrimPrefix(err.Error(), "tls: ")
}

// A certProblem is one thing wrong with a certificate.
type certProblem struct{ code, detail string }

// certFailure sums problems up. The first one is the one whose code Chrome
// shows.
func certFailure(problems []certProblem) *fetch.Failure {
	details := make([]string, len(problems))
	for i, p := range problems {
		details[i] = p.detail
	}
	return failure(fetch.FailTLS, problems[0].code, strings.Join(details, "; "))
}

func chainProblem(leaf *x509.Certificate, err error) certProblem {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		detail := fmt.Sprintf("the certificate comes from an unknown authority (%s)", leaf.Issuer)
		if leaf.Issuer.String() == leaf.Subject.String() {
			detail = fmt.Sprintf("the certificate is signed by itself (%s)", leaf.Subject)
		}
		return certProblem{"ERR_CERT_AUTHORITY_INVALID", detail}
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		switch invalid.Reason {
		case x509.NameConstraintsWithoutSANs, x509.CANotAuthorizedForThisName, x509.UnconstrainedName:
			return certProblem{"ERR_CERT_NAME_CONSTRAINT_VIOLATION", "the authority may not sign for this name"}
		case x509.NotAuthorizedToSign:
			return certProblem{"ERR_CERT_AUTHORITY_INVALID", "the certificate is signed by one that may not sign"}
		}
	}
	if _, ok := errors.AsType[x509.InsecureAlgorithmError](err); ok {
		return certProblem{"ERR_CERT_WEAK_SIGNATURE_ALGORITHM", "the certificate's signature is too weak"}
	}
	return certProblem{"ERR_CERT_INVALID", "the certificate is not valid (" + strings.TrimPrefix(err.Error(), "x509: ") + ")"}
}
