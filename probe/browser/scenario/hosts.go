package scenario

import (
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/corscheck/corscheck/probe/fetch"
)

// A host is a place that the servers can play: its origin but for the port,
// and what a browser is told about its address.
type host struct {
	name, scheme, host string
	http2              bool
	// upgradable: the same port answers over https, too, so that mixed content that
	// a browser upgrades arrives.
	upgradable bool
	// space is the IP address space that the browser takes its address for;
	// empty is what the address is, loopback.
	space fetch.AddressSpace
}

// hosts are all places. The first three are those of the provided recordings;
// the others are names that only the harness's browsers resolve, to loopback.
var hosts = []host{
	{name: "same", scheme: "http", host: "127.0.0.1"},
	{name: "other", scheme: "http", host: "127.0.0.1"},
	{name: "third", scheme: "http", host: "127.0.0.1"},

	{name: "app", scheme: "https", host: "app.example.com"},
	{name: "api", scheme: "https", host: "api.example.com"},
	{name: "far", scheme: "https", host: "api.example.net"},
	{name: "plain", scheme: "http", host: "plain.example.com", upgradable: true},
	{name: "farplain", scheme: "http", host: "plain.example.net", upgradable: true},
	{name: "two", scheme: "https", host: "two.example.com", http2: true},
	{name: "fartwo", scheme: "https", host: "two.example.net", http2: true},
	{name: "dev", scheme: "http", host: "localhost", upgradable: true},
	{name: "devapi", scheme: "http", host: "localhost"},
	{name: "devtls", scheme: "https", host: "localhost"},

	{name: "tls", scheme: "https", host: "127.0.0.1"},

	{name: "public", scheme: "https", host: "public.example.com", space: fetch.SpacePublic},
	{name: "publicplain", scheme: "http", host: "public.example.net", space: fetch.SpacePublic},
	{name: "lan", scheme: "https", host: "lan.example.com", space: fetch.SpaceLocal},
	{name: "lanplain", scheme: "http", host: "lan.example.net", space: fetch.SpaceLocal},
}

// AllPlaces names every place, for Serve.
func AllPlaces() []string {
	out := make([]string, len(hosts))
	for i := range hosts {
		out[i] = hosts[i].name
	}
	return out
}

func hostOf(name string) host {
	for _, h := range hosts {
		if h.name == name {
			return h
		}
	}
	return host{name: name, scheme: "http", host: "127.0.0.1"}
}

// OverHTTP2 reports whether a place speaks HTTP/2.
func OverHTTP2(place string) bool { return hostOf(place).http2 }

// Sample are places that need no listener, for replays without sockets.
var Sample = func() Places {
	p := Places{}
	for i, h := range hosts {
		p[h.name] = fmt.Sprintf("%s://%s:%d", h.scheme, h.host, 40001+i)
	}
	return p
}()

// Names are the host names of the places that DNS does not know, which a
// browser is to look for on loopback.
func (p Places) Names() []string {
	var out []string
	for _, name := range p.names() {
		if h := hostOf(name); !h.loopback() && !slices.Contains(out, h.host) {
			out = append(out, h.host)
		}
	}
	return out
}

// Overrides are the addresses, as ip:port, that a browser is to take for ones of
// an address space.
func (p Places) Overrides(space fetch.AddressSpace) []string {
	var out []string
	for _, name := range p.names() {
		if hostOf(name).space == space {
			out = append(out, net.JoinHostPort("127.0.0.1", p.port(name)))
		}
	}
	return out
}

// loopback reports whether the name says it is.
func (h host) loopback() bool { return h.host == "localhost" || h.host == "127.0.0.1" }

func (h host) protocol() string {
	if h.http2 {
		return "HTTP/2.0"
	}
	return "HTTP/1.1"
}

// address is one of the place's address space; replays have no other.
func (h host) address() netip.Addr {
	switch h.space {
	case fetch.SpacePublic:
		return netip.AddrFrom4([4]byte{203, 0, 113, 1})
	case fetch.SpaceLocal:
		return netip.AddrFrom4([4]byte{192, 168, 0, 1})
	}
	return netip.AddrFrom4([4]byte{127, 0, 0, 1})
}

// at is the place that listens at a URL: by its own name, or by any name of the
// loopback host where that is its own.
func (p Places) at(u *fetch.URL) string {
	name, port, err := net.SplitHostPort(u.HostPort())
	if err != nil {
		return ""
	}
	ip := net.ParseIP(name)
	loopback := name == "localhost" || ip != nil && ip.IsLoopback()
	for place := range p {
		h := hostOf(place)
		if p.port(place) != port || u.Scheme != h.scheme && !(h.upgradable && u.Scheme == "https") {
			continue
		}
		if h.host == name || loopback && h.loopback() {
			return place
		}
	}
	return ""
}
