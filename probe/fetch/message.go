package fetch

import "net/netip"

// A Header is one header line: name and value as they were typed, sent or
// received. Values have no surrounding white space once parsed from a message.
type Header struct {
	Name, Value string
}

// Kind tells a CORS-preflight request from the request itself.
type Kind string

// The kinds of a message.
const (
	Preflight Kind = "preflight"
	Actual    Kind = "actual"
)

// A Message is one HTTP request that the browser sends.
type Message struct {
	Kind   Kind
	Method string
	URL    *URL
	// Headers are all that the browser sends, in its order, except Host,
	// Connection and Content-Length, which belong to the connection.
	Headers []Header
	// HTTP2Headers follow them where the message goes over HTTP/2, but for those
	// that Headers has.
	HTTP2Headers []Header
	// Body is nil where the request has none; an empty body is not nil.
	Body []byte
	// Credentials says whether cookies go along.
	Credentials bool
	// ClientCertificate says whether a TLS client certificate may go along.
	ClientCertificate bool
	// Repeated says that the browser sends the message a second time, because the
	// answer to the first was 421. Whoever steps the machine answers a repeated
	// message that is not safe with the first answer.
	Repeated bool
	// asked is the URL before it was written as Profile.WrittenURL says; nil where
	// that is nil.
	asked *URL
	// fromPublic: see Refuses.
	fromPublic bool
	// Hop counts redirects followed so far; 0 is the URL the script asked for.
	Hop int
}

// A Response is what came back for a Message.
type Response struct {
	Status int
	// Headers are the raw header lines in the order of the wire, repeated ones
	// included.
	Headers []Header
	// Proto is "HTTP/1.0", "HTTP/1.1" or "HTTP/2.0"; empty where unknown.
	Proto string
	// Address is the peer that answered; the zero value where unknown.
	Address netip.Addr
	// Body is a prefix of the body as it was transferred, never decoded.
	Body []byte
	// Undo undoes the content codings of Body; nil where that was done before.
	Undo Undo
	// Ends says how the body ended where it did not end well.
	Ends BodyEnd
}

// BodyEnd is how a body ends. The zero value is at its end, or as far as anybody cared.
type BodyEnd string

// The ends that browsers take for a fault. https://httpwg.org/specs/rfc9112.html#message.body.length
const (
	EndsShort     BodyEnd = "short"     // of what Content-Length says
	EndsOpen      BodyEnd = "open"      // without the last chunk
	EndsMalformed BodyEnd = "malformed" // with what is no chunk
)

// Undo undoes one content coding of the beginning of a body, as far as it goes. The
// error says why the data is not in the coding.
type Undo func(coding string, data []byte) (content []byte, err error)

// FailureKind is why a message got no usable HTTP answer.
type FailureKind string

// The failures of the network that corscheck tells apart.
const (
	FailDNS      FailureKind = "dns"      // the host has no address
	FailRefused  FailureKind = "refused"  // nobody listens there
	FailConnect  FailureKind = "connect"  // unreachable, or reset while connecting
	FailTLS      FailureKind = "tls"      // handshake or certificate
	FailTimeout  FailureKind = "timeout"  // no answer in time
	FailReset    FailureKind = "reset"    // closed or reset before an answer was complete
	FailProtocol FailureKind = "protocol" // the answer is not HTTP a browser would read
	FailProxy    FailureKind = "proxy"    // the proxy refused
	FailCanceled FailureKind = "canceled" // corscheck was interrupted
	// FailLocalNetwork: the browser does not send this to that address; see
	// Message.Refuses.
	FailLocalNetwork FailureKind = "local-network"
)

// A Failure is the network's answer where there was no HTTP answer.
type Failure struct {
	Kind FailureKind
	// Detail is one clause without a full stop: "certificate has expired (2024-01-01)".
	Detail string
	// Code is Chrome's net error for it where known: "net::ERR_CERT_DATE_INVALID".
	Code string
	// Peer is the address of a FailLocalNetwork.
	Peer netip.Addr
}

func (f *Failure) Error() string { return string(f.Kind) + ": " + f.Detail }
