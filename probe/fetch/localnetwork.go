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

// localNetworkAccess judges the address that answered, where the page's address
// space is known. https://wicg.github.io/local-network-access/#local-network-access-check
func (f *Fetch) localNetworkAccess(resp *Response) bool {
	if f.req.PageAddress == "" || !f.p.LocalNetworkAccess {
		return true
	}
	space := SpaceOf(resp.Address)
	if space == "" || space == SpacePublic || f.req.PageAddress != SpacePublic {
		return true
	}
	if f.page == nil || !f.page.PotentiallyTrustworthy() {
		f.fail(RuleInsecureLocalNetwork, string(space), string(f.req.PageAddress))
		return false
	}
	f.fail(RuleLocalNetwork, string(space), string(f.req.PageAddress))
	return false
}
