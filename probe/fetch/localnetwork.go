package fetch

import (
	"net/netip"
	"strings"
)

// SpaceOf is the IP address space of an address.
// https://wicg.github.io/local-network-access/#ip-address-space-heading
func SpaceOf(addr netip.Addr) AddressSpace {
	addr = addr.Unmap()
	switch {
	case !addr.IsValid():
		return ""
	case addr.IsLoopback(), addr.IsUnspecified():
		return SpaceLoopback
	}
	for _, prefix := range localPrefixes {
		if prefix.Contains(addr) {
			return SpaceLocal
		}
	}
	return SpacePublic
}

var localPrefixes = func() (out []netip.Prefix) {
	for _, s := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
		"fc00::/7", "fe80::/10", "fec0::/10", "2001:db8::/32", "3fff::/20",
	} {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}()

// SpaceOfHost is the address space that a host's name alone tells; empty where
// only its address would.
func SpaceOfHost(u *URL) AddressSpace {
	if u.IsLoopback() {
		return SpaceLoopback
	}
	if addr, ok := u.Addr(); ok {
		return SpaceOf(addr)
	}
	if strings.HasSuffix(strings.TrimSuffix(u.Host, "."), ".local") {
		return SpaceLocal
	}
	return ""
}

// Refuses reports whether the browser, once connected to a peer, goes no further
// because of the address: nothing of the message is sent. Whoever sends messages
// asks before the first byte, and answers with a Failure of the kind
// FailLocalNetwork.
// https://wicg.github.io/local-network-access/#local-network-access-check
func (m *Message) Refuses(peer netip.Addr) bool {
	space := SpaceOf(peer)
	return m.fromPublic && (space == SpaceLocal || space == SpaceLoopback)
}

// fromPublic reports whether the request comes from a public address and needs the
// user's permission for any other. Pages on local and loopback addresses reach both
// without: neither Chrome nor Firefox asks there.
func (f *Fetch) fromPublic() bool {
	return f.p.LocalNetworkAccess && f.req.PageAddress == SpacePublic && !f.sameOrigin
}

// refuseLocalNetwork ends the fetch where the message was not sent because of the
// peer's address.
func (f *Fetch) refuseLocalNetwork(peer netip.Addr) {
	rule := RuleLocalNetwork
	if f.document == nil || !f.document.PotentiallyTrustworthy() {
		rule = RuleInsecureLocalNetwork
	}
	f.fail(rule, string(SpaceOf(peer)), string(f.req.PageAddress))
}

// NotSentTo is the failure of a message that the browser does not send to a peer.
func NotSentTo(peer netip.Addr) *Failure {
	return &Failure{
		Kind: FailLocalNetwork, Peer: peer,
		Detail: "nothing was sent to " + peer.String() + ", a " + string(SpaceOf(peer)) + " address",
	}
}
