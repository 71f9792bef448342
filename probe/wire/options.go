package wire

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"
)

// Options are how a Client reaches servers. The zero value is the network as
// the machine has it.
type Options struct {
	// Resolve are addresses to use in place of DNS, each "host:port:address",
	// as curl's --resolve takes them. The host may be "*"; several addresses
	// are separated by commas.
	Resolve []string
	// Proxy is the URL of an http, https or socks5 proxy for every request.
	// Empty takes HTTP_PROXY, HTTPS_PROXY and NO_PROXY from the environment;
	// "none" uses no proxy at all.
	Proxy string
	// Insecure accepts any certificate.
	Insecure bool
	// CACert is a PEM file of certificate authorities to trust beside the
	// system's.
	CACert string
	// RootCAs are trusted in place of the system's authorities and CACert.
	RootCAs *x509.CertPool
	// Cert and Key are PEM files of a client certificate, which goes along with
	// messages that may have one. Key may be empty where Cert holds both.
	Cert, Key string
	// Family restricts connections to IPv4 (4) or IPv6 (6); 0 is either.
	Family int
	// MaxConnsPerHost bounds the connections to one host; 0 is 64.
	MaxConnsPerHost int
	// MaxIdleConns bounds the unused connections that are kept, over all hosts;
	// 0 is 256.
	MaxIdleConns int
	// IdleTimeout is how long an unused connection is kept; 0 is 90 seconds.
	IdleTimeout time.Duration
	// BodyLimit is how much of a body is kept; 0 is 64 KiB, negative is nothing.
	BodyLimit int
	// BodyWait is how long to wait for a body once the head has come: no verdict
	// depends on it. 0 is a second.
	BodyWait time.Duration
	// HTTP1 offers no HTTP/2.
	HTTP1 bool
}

const (
	defaultMaxConnsPerHost = 64
	defaultMaxIdleConns    = 256
	defaultIdleTimeout     = 90 * time.Second
	defaultBodyLimit       = 64 << 10
	defaultBodyWait        = time.Second
)

func (o *Options) setDefaults() {
	if o.MaxConnsPerHost <= 0 {
		o.MaxConnsPerHost = defaultMaxConnsPerHost
	}
	if o.MaxIdleConns <= 0 {
		o.MaxIdleConns = defaultMaxIdleConns
	}
	if o.IdleTimeout <= 0 {
		o.IdleTimeout = defaultIdleTimeout
	}
	if o.BodyLimit == 0 {
		o.BodyLimit = defaultBodyLimit
	}
	o.BodyLimit = max(o.BodyLimit, 0)
	if o.BodyWait <= 0 {
		o.BodyWait = defaultBodyWait
	}
}

// An OptionError is about what one of the Options names.
type OptionError struct {
	Option string // the name of the field
	Err    error
}

func (e *OptionError) Error() string { return e.Option + ": " + e.Err.Error() }

func (e *OptionError) Unwrap() error { return e.Err }

// overrides are the parsed Resolve options: "host:port" to addresses.
type overrides map[string][]netip.Addr

func parseResolve(entries []string) (overrides, error) {
	m := overrides{}
	for _, e := range entries {
		key, addrs, err := parseResolveEntry(e)
		if err != nil {
			return nil, &OptionError{"Resolve", fmt.Errorf("%q: %w", e, err)}
		}
		m[key] = addrs
	}
	return m, nil
}

var errResolveForm = errors.New(`it must read host:port:address, such as "api.example.com:443:127.0.0.1"`)

func parseResolveEntry(entry string) (key string, addrs []netip.Addr, err error) {
	rest := strings.TrimPrefix(entry, "+") // curl: let the entry time out; ours never live so long
	host, rest, ok := strings.Cut(rest, ":")
	if strings.HasPrefix(host, "[") {
		var inner string
		if inner, rest, ok = strings.Cut(entry[strings.Index(entry, "[")+1:], "]:"); ok {
			host = "[" + inner + "]"
		}
	}
	port, list, ok2 := strings.Cut(rest, ":")
	if !ok || !ok2 || host == "" {
		return "", nil, errResolveForm
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", nil, fmt.Errorf("%q is no port; %w", port, errResolveForm)
	}
	for s := range strings.SplitSeq(list, ",") {
		a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
		if err != nil {
			return "", nil, fmt.Errorf("%q is no IP address; %w", s, errResolveForm)
		}
		addrs = append(addrs, a)
	}
	return strings.ToLower(host) + ":" + port, addrs, nil
}

// lookup finds the addresses for a host with its port.
func (o overrides) lookup(hostPort string) []netip.Addr {
	if len(o) == 0 {
		return nil
	}
	if a := o[hostPort]; a != nil {
		return a
	}
	_, port, err := net.SplitHostPort(hostPort)
	if err != nil {
		return nil
	}
	return o["*:"+port]
}

// proxyChooser says which proxy a URL is reached through; nil is none.
type proxyChooser func(*url.URL) (*url.URL, error)

func parseProxy(text string) (proxyChooser, error) {
	switch text {
	case "":
		return httpproxy.FromEnvironment().ProxyFunc(), nil
	case "none":
		return func(*url.URL) (*url.URL, error) { return nil, nil }, nil
	}
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		// The error of url.Parse repeats the text, and with it the password.
		return nil, errors.New(`the proxy is no URL; write it as "http://proxy.example:3128"`)
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
	default:
		return nil, fmt.Errorf("the proxy's scheme %q is none of http, https, socks5 and socks5h", u.Scheme)
	}
	return func(*url.URL) (*url.URL, error) { return u, nil }, nil
}

// certificates loads the authorities to trust (nil: the system's) and the
// client's certificate (nil: none).
func (o *Options) certificates() (roots *x509.CertPool, cert *tls.Certificate, err error) {
	roots = o.RootCAs
	if roots == nil && o.CACert != "" {
		if roots, err = loadRoots(o.CACert); err != nil {
			return nil, nil, err
		}
	}
	if o.Cert == "" {
		if o.Key != "" {
			return nil, nil, &OptionError{"Key", errors.New("a key is given without its certificate; give the certificate too")}
		}
		return roots, nil, nil
	}
	cert, err = o.clientCertificate()
	return roots, cert, err
}

func (o *Options) clientCertificate() (*tls.Certificate, error) {
	cert, err := readOption("Cert", o.Cert)
	if err != nil {
		return nil, err
	}
	key, use := cert, o.Cert+", which holds the key too where no file of the key is given"
	if o.Key != "" {
		use = "the certificate " + o.Cert + " with the key " + o.Key
		if key, err = readOption("Key", o.Key); err != nil {
			return nil, err
		}
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, &OptionError{"Cert", fmt.Errorf("cannot use %s: %s", use, plain(err))}
	}
	return &pair, nil
}

// readOption reads the file that an option names.
func readOption(option, file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if path, ok := errors.AsType[*os.PathError](err); ok {
		err = path.Err
	}
	if err != nil {
		return nil, &OptionError{option, fmt.Errorf("cannot read %s: %w", file, err)}
	}
	return text, nil
}

func loadRoots(file string) (*x509.CertPool, error) {
	pem, err := readOption("CACert", file)
	if err != nil {
		return nil, err
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, &OptionError{"CACert", fmt.Errorf("%s holds no certificate in PEM form", file)}
	}
	return roots, nil
}
