package diagnose

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// isSameOrigin: no hop of the request was cross-origin.
func (s *subject) isSameOrigin() bool {
	return s.allowed() && !s.res.CrossOrigin && s.res.Type == fetch.TypeBasic
}

func sameOriginAdvice(_ context.Context, s *subject) []finding.Finding {
	return s.conclude(finding.SameOrigin, true, fmt.Sprintf(
		"The page and %s have the same origin, %s: no CORS applies, and nothing about the server's CORS was tested.", s.target().Display(), s.res.Request.Origin))
}

// isOpaque: mode no-cors hides the response of another origin.
func (s *subject) isOpaque() bool { return s.allowed() && s.res.Type == fetch.TypeOpaque }

func opaqueAdvice(_ context.Context, s *subject) []finding.Finding {
	return s.conclude(finding.OpaqueResponse, true,
		"The request is made in mode no-cors: the promise resolves, and script sees status 0, no headers and no body. Nothing about the server's CORS was tested; leave the mode out to test it.")
}

// passedCORS: the browser lets the page read a response of another origin.
func (s *subject) passedCORS() bool {
	return s.allowed() && s.res.CrossOrigin && s.res.Type == fetch.TypeCORS && s.answered()
}

// preflightOK: a preflight was sent and passed.
func (s *subject) preflightOK() bool {
	return s.passedPreflight() != nil && s.res.Verdict != fetch.Failed && s.res.Verdict != fetch.Blocked
}

func (s *subject) passedPreflight() *fetch.Exchange {
	for i := range s.res.Exchanges {
		if x := &s.res.Exchanges[i]; x.Message.Kind == fetch.Preflight && x.Response != nil {
			return x
		}
	}
	return nil
}

// reachesLocalNetwork: a public page, a target that is not public, and no word
// from the user about the page's address.
func (s *subject) reachesLocalNetwork() bool {
	if s.res.Request.PageAddress != "" || !s.res.CrossOrigin || s.res.Request.Origin == fetch.NullOrigin {
		return false
	}
	page, err := fetch.ParseURL(s.res.Request.Origin, nil)
	return err == nil && isPublicName(page) && s.targetSpace() != ""
}

// isPublicName reports whether a page of that host was probably loaded from a
// public address.
func isPublicName(u *fetch.URL) bool {
	if addr, ok := u.Addr(); ok {
		return space(addr) == ""
	}
	host := strings.TrimSuffix(u.Host, ".")
	if u.IsLoopback() || !strings.Contains(host, ".") {
		return false
	}
	for _, suffix := range []string{".local", ".localhost", ".internal", ".lan", ".home.arpa", ".test", ".intranet", ".corp", ".home"} {
		if strings.HasSuffix(host, suffix) {
			return false
		}
	}
	return true
}

// targetSpace is loopback or private where an answer came from there.
func (s *subject) targetSpace() string {
	if s.target().IsLoopback() {
		return "loopback"
	}
	if addr, ok := s.target().Addr(); ok {
		return space(addr)
	}
	for _, x := range s.res.Exchanges {
		if x.Response != nil && x.Response.Address.IsValid() {
			return space(x.Response.Address)
		}
	}
	return ""
}

// https://wicg.github.io/local-network-access/#ip-address-space-heading
var sharedAddresses = netip.MustParsePrefix("100.64.0.0/10")

func space(addr netip.Addr) string {
	addr = addr.Unmap()
	switch {
	case addr.IsLoopback(), addr.IsUnspecified():
		return "loopback"
	case addr.IsPrivate(), addr.IsLinkLocalUnicast(), sharedAddresses.Contains(addr):
		return "private"
	}
	return ""
}

func localNetworkAdvice(_ context.Context, s *subject) []finding.Finding {
	found := s.conclude(finding.LocalNetworkAccess, false, fmt.Sprintf(
		"%s looks like a public site, and %s is a %s address. Chrome and Firefox ask the user before they let such a page go there; this check assumed that they may. --page-address public judges it.",
		s.res.Request.Origin, s.target().Host, s.targetSpace()))
	found[0].Severity = finding.Info
	return found
}

// stricterAdvice replays the answers in the same browser without its leniency
// about * and Authorization.
func stricterAdvice(_ context.Context, s *subject) []finding.Finding {
	strict := *s.res.Browser
	strict.WildcardCoversAuthorization = false
	x := s.passedPreflight()
	before := s.res.Exchanges[:slices.IndexFunc(s.res.Exchanges, func(e fetch.Exchange) bool { return e.Response == x.Response })]
	res := replay(&strict, s.res.Request, before, x.Response)
	if res == nil || res.Failing == nil || res.Failing.Rule != fetch.RuleAuthorizationNamed {
		return nil
	}
	s.learn(fmt.Sprintf("Access-Control-Allow-Headers: %s", res.Failing.Seen))
	return s.conclude(finding.SpecStricterThanBrowsers, true,
		"Authorization is allowed only by the * in Access-Control-Allow-Headers. Every browser accepts that today; the standard does not, and Firefox already warns. Name it: \"*, Authorization\".")
}

// malformedAdvice: a list that decided nothing here. It is about syntax alone.
func malformedAdvice(_ context.Context, s *subject) []finding.Finding {
	const name = "Access-Control-Expose-Headers"
	value, ok := s.at.Response.Get(name)
	if !ok {
		return nil
	}
	for element := range strings.SplitSeq(value, ",") {
		element = strings.Trim(element, " \t")
		if element == "" || fetch.IsToken(element) {
			continue
		}
		found := s.conclude(finding.MalformedAllowList, true, fmt.Sprintf(
			"%s is %q: %q is no name, so the whole list has no effect. Write %s.", name, value, element, listOf(s.at.Response, name)))
		found[0].Severity = finding.Warning
		return found
	}
	return nil
}

// wildcardAdvice: * with Access-Control-Allow-Credentials contradicts itself.
func wildcardAdvice(_ context.Context, s *subject) []finding.Finding {
	credentials, _ := s.at.Response.Get("Access-Control-Allow-Credentials")
	if allowOrigin(s.at.Response) != "*" || credentials != "true" {
		return nil
	}
	found := s.conclude(finding.WildcardWithCredentials, true,
		"The server sends Access-Control-Allow-Origin: * together with Access-Control-Allow-Credentials: true. This check made no use of credentials; one that does will fail.")
	found[0].Severity = finding.Info
	return found
}

func nullAdvice(_ context.Context, s *subject) []finding.Finding {
	if s.origin() != fetch.NullOrigin || allowOrigin(s.at.Response) != fetch.NullOrigin {
		return nil
	}
	found := s.conclude(finding.NullOrigin, true,
		"The server allows the origin null, which every sandboxed frame on any site has.")
	found[0].Severity = finding.Info
	return found
}

// ownBusiness are response headers that are for browsers, caches and servers
// rather than for script.
var ownBusiness = []string{
	"accept-ranges", "age", "allow", "alt-svc", "cf-cache-status", "cf-ray", "connection", "content-encoding",
	"content-security-policy", "cross-origin-embedder-policy", "cross-origin-opener-policy", "cross-origin-resource-policy",
	"date", "keep-alive", "nel", "origin-agent-cluster", "p3p", "permissions-policy", "referrer-policy", "report-to", "reporting-endpoints", "server",
	"server-timing", "set-cookie", "strict-transport-security", "timing-allow-origin", "trailer", "transfer-encoding",
	"upgrade", "vary", "via", "x-aspnet-version", "x-aspnetmvc-version", "x-cache", "x-cache-hits", "x-content-type-options",
	"x-dns-prefetch-control", "x-download-options", "x-frame-options", "x-permitted-cross-domain-policies", "x-powered-by",
	"x-served-by", "x-timer", "x-ua-compatible", "x-xss-protection", "x-envoy-upstream-service-time", "proxy-status", "priority",
}

// maxHidden is how many names of headers one advice lists.
const maxHidden = 10

// exposureAdvice lists what script cannot read of this response.
func exposureAdvice(_ context.Context, s *subject) []finding.Finding {
	var hidden []string
	for _, h := range s.at.Response.Headers {
		if name := strings.ToLower(h.Name); s.isHidden(name) && !slices.Contains(hidden, name) {
			hidden = append(hidden, name)
		}
	}
	if len(hidden) == 0 {
		return nil
	}
	slices.Sort(hidden)
	names := strings.Join(hidden, ", ")
	if more := len(hidden) - maxHidden; more > 0 {
		names = fmt.Sprintf("%s and %d more (-v shows all headers of the answer)", strings.Join(hidden[:maxHidden], ", "), more)
	}
	detail := fmt.Sprintf("Script cannot read %s. If the page needs it: Access-Control-Expose-Headers.", names)
	if v, ok := s.at.Response.Get("Access-Control-Expose-Headers"); ok && strings.Contains(v, "*") && s.res.Request.Credentials == fetch.CredentialsInclude {
		detail = fmt.Sprintf("Script cannot read %s: with credentials the * in Access-Control-Expose-Headers does not count.", names)
	}
	return s.conclude(finding.HeaderNotExposed, true, detail)
}

// isHidden reports whether script might want the response header and cannot
// read it.
func (s *subject) isHidden(name string) bool {
	name = strings.ToLower(name)
	return !strings.HasPrefix(name, "access-control-") && !slices.Contains(ownBusiness, name) && !slices.Contains(s.res.Exposed, name)
}

// preflightCacheAdvice: five seconds and less are what browsers keep without
// being told anything.
func preflightCacheAdvice(_ context.Context, s *subject) []finding.Finding {
	value, ok := s.passedPreflight().Response.Get("Access-Control-Max-Age")
	seconds := s.res.Browser.MaxAge(value, ok)
	if seconds > 5 {
		return nil
	}
	detail := "The answer to the preflight has no Access-Control-Max-Age: it is asked again after 5 seconds."
	if ok {
		detail = fmt.Sprintf("Access-Control-Max-Age is %q: the preflight is kept for %d seconds.", value, seconds)
	}
	return s.conclude(finding.PreflightNotCached, true, detail)
}

// hasHeaderList: a preflight with header names passed.
func (s *subject) hasHeaderList() bool {
	return s.preflightOK() && len(s.unsafeNames()) > 0
}

// headerListAdvice writes the list otherwise and looks whether it still passes.
func headerListAdvice(ctx context.Context, s *subject) []finding.Finding {
	names := slices.Clone(s.unsafeNames())
	slices.Reverse(names)
	form := canonical(names)
	answer, ok := s.putList(ctx, form)
	if !ok {
		return nil
	}
	req := s.res.Request
	req.PreflightOnly = true
	res := judge(s.res.Browser, req, answer.Response)
	if res == nil || passes(res) {
		return nil
	}
	s.learn("with the list " + form + ": " + outcome(answer.Response))
	return s.conclude(finding.HeaderListOrder, true, fmt.Sprintf(
		"The server accepts %s, as browsers send it, and refuses %s: it depends on the order or the letter case. Browsers are not affected.", strings.Join(s.unsafeNames(), ","), form))
}
