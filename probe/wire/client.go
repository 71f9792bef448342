package wire

import (
	"context"
	"crypto/tls"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

// A Client sends messages and keeps connections for the next ones. It is safe
// for use by many goroutines.
type Client struct {
	opts     Options
	net      network
	proxyFor proxyChooser
	security security

	mu     sync.Mutex
	hosts  map[hostKey]*host
	idle   idleList // of all hosts
	closed bool
}

// New returns a Client, or an error that says which option is wrong.
func New(opts Options) (*Client, error) {
	opts.setDefaults()
	resolve, err := parseResolve(opts.Resolve)
	if err != nil {
		return nil, err
	}
	proxy, err := parseProxy(opts.Proxy)
	if err != nil {
		return nil, &OptionError{"Proxy", err}
	}
	roots, cert, err := opts.certificates()
	if err != nil {
		return nil, err
	}
	return &Client{
		opts:     opts,
		net:      network{family: opts.Family, overrides: resolve},
		proxyFor: proxy,
		security: security{
			insecure:     opts.Insecure,
			roots:        roots,
			cert:         cert,
			sessions:     tls.NewLRUClientSessionCache(0),
			certSessions: tls.NewLRUClientSessionCache(0),
		},
		hosts: map[hostKey]*host{},
	}, nil
}

// Send sends a message and returns its answer or why there is none. It sends
// nothing twice, but for a GET, HEAD or OPTIONS whose kept connection turns out
// to have been closed, or which the server refused. It ends when ctx does.
func (c *Client) Send(ctx context.Context, m *fetch.Message) Exchange {
	start := time.Now()
	var x Exchange
	x.Response, x.Failure = c.send(ctx, m, &x.Facts)
	x.Facts.Total = time.Since(start)
	return x
}

func (c *Client) send(ctx context.Context, m *fetch.Message, facts *Facts) (*fetch.Response, *fetch.Failure) {
	if f := sendable(m); f != nil {
		return nil, f
	}
	h, err := c.enter(m)
	if err != nil {
		return nil, failure(fetch.FailProxy, "ERR_NO_SUPPORTED_PROXIES", err.Error())
	}
	defer c.leave(h)
	facts.Proxy = h.proxyName
	for attempt := 0; ; attempt++ {
		conn, err := c.acquire(ctx, h, attempt > 0)
		if err != nil {
			f, _ := asFailure(err)
			return nil, f
		}
		conn.describe(facts)
		if facts.Proxy == "" && m.Refuses(facts.Remote.Addr()) {
			c.release(conn)
			return nil, fetch.NotSentTo(facts.Remote.Addr().Unmap())
		}
		resp, f := conn.roundTrip(ctx, m, facts)
		again := f != nil && ctx.Err() == nil && (attempt == 0 && conn.mayResend(m) || attempt < maxRefusals && refused(m, f))
		c.release(conn)
		if !again {
			return resp, f
		}
	}
}

// maxRefusals is how often a message goes out again that the server refused:
// Chromium's kMaxRetryAttempts.
const maxRefusals = 2

// refused says that a message was refused unseen and may go out again. Chromium
// repeats any; here an unsafe one is sent once, whatever the server says of it.
func refused(m *fetch.Message, f *fetch.Failure) bool {
	return safe(m.Method) && f.Code == "net::"+refusedStream
}

// sendable refuses what would become another request than it is. fetch lets
// nothing of the kind through; a message of somebody else's making may have it.
func sendable(m *fetch.Message) *fetch.Failure {
	switch {
	case m.URL == nil || m.URL.Scheme != "http" && m.URL.Scheme != "https":
		return failure(fetch.FailProtocol, "ERR_UNKNOWN_URL_SCHEME", "only http and https URLs can be fetched")
	case !isToken(m.Method):
		return failure(fetch.FailProtocol, "ERR_METHOD_NOT_SUPPORTED", "the method is no token")
	case strings.ContainsAny(m.URL.Host+m.URL.Port, " \t\r\n\x00/@"), strings.ContainsAny(m.URL.Path+m.URL.Query, " \t\r\n\x00"):
		return failure(fetch.FailProtocol, "ERR_INVALID_URL", "the URL has characters that end a request line")
	}
	for _, list := range [...][]fetch.Header{m.Headers, m.HTTP2Headers} {
		for _, h := range list {
			if !isToken(h.Name) || strings.ContainsAny(h.Value, "\r\n\x00") {
				return failure(fetch.FailProtocol, "ERR_INVALID_ARGUMENT", "the header "+h.Name+" cannot be sent")
			}
		}
	}
	return nil
}

// safe says that a method may be sent again.
func safe(method string) bool {
	return method == "GET" || method == "HEAD" || method == "OPTIONS"
}

// Close closes the connections, each as soon as it carries no message. The
// Client sends nothing any more.
func (c *Client) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for c.idle.len > 0 {
		c.evict(c.idle.first.owner)
	}
}

// A connection is one to a host, over HTTP/1 or HTTP/2.
type connection interface {
	// roundTrip sends a message; the outcome is final for this connection.
	roundTrip(ctx context.Context, m *fetch.Message, facts *Facts) (*fetch.Response, *fetch.Failure)
	// mayResend says that the message of the roundTrip that just failed may go
	// over another connection.
	mayResend(m *fetch.Message) bool
	describe(facts *Facts)
	close()
}

// origin is what is known of a connection before it carries a message.
type origin struct {
	host   *host
	remote netip.AddrPort
	tls    *TLS
	cost   timings
}

func (o *origin) describe(facts *Facts, used bool) {
	facts.Remote, facts.TLS, facts.Reused = o.remote, o.tls, used
	if used {
		facts.DNS, facts.Connect, facts.TLSHandshake = 0, 0, 0
		return
	}
	facts.DNS, facts.Connect, facts.TLSHandshake = o.cost.dns, o.cost.connect, o.cost.tls
}
