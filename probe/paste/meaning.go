package paste

import (
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// ruleFindings are the findings that the failure of a rule most often means,
// before anything was asked of the server. Where rules share a code, the first
// one stands for it.
var ruleFindings = []struct {
	rule *fetch.Rule
	id   finding.ID
}{
	{fetch.RuleBadPort, finding.BadPort},
	{fetch.RuleMixedContent, finding.MixedContent},
	{fetch.RuleLocalNetwork, finding.LocalNetworkAccess},
	{fetch.RuleInsecureLocalNetwork, finding.LocalNetworkAccess},
	{fetch.RuleMode, finding.RequestMode},
	{fetch.RuleNoCORSRedirect, finding.RequestMode},
	{fetch.RulePreflightNotRedirected, finding.PreflightRedirected},
	{fetch.RuleAllowOriginPresent, finding.NoCORSHeaders},
	{fetch.RuleAllowOriginSingle, finding.DuplicateAllowOrigin},
	{fetch.RuleAllowOriginValid, finding.OriginMismatch},
	{fetch.RuleAllowOriginMatches, finding.OriginMismatch},
	{fetch.RuleNoWildcardWithCreds, finding.WildcardWithCredentials},
	{fetch.RuleAllowCredentials, finding.CredentialsNotAllowed},
	{fetch.RulePreflightStatus, finding.PreflightStatus},
	{fetch.RuleAllowMethodsSyntax, finding.MalformedAllowList},
	{fetch.RuleAllowHeadersSyntax, finding.MalformedAllowList},
	{fetch.RuleMethodAllowed, finding.MethodNotAllowed},
	{fetch.RuleHeaderAllowed, finding.HeaderNotAllowed},
	{fetch.RuleAuthorizationNamed, finding.SpecStricterThanBrowsers},
	{fetch.RulePolicySameOrigin, finding.ResourcePolicy},
	{fetch.RulePolicySameSite, finding.ResourcePolicy},
	{fetch.RuleOpaqueBlocking, finding.OpaqueBlocked},
	{fetch.RuleRedirectMode, finding.RedirectMode},
	{fetch.RuleRedirectLocation, finding.RedirectLocation},
	{fetch.RuleRedirectUnsafe, finding.RedirectNotHTTP},
	{fetch.RuleRedirectScheme, finding.RedirectNotHTTP},
	{fetch.RuleRedirectCount, finding.RedirectLoop},
	{fetch.RuleRedirectUserinfo, finding.RedirectWithUserinfo},
}

// findingOfCode holds the codes that no rule of a profile has.
var findingOfCode = map[string]finding.ID{
	"CORSAllowHeaderFromPreflightDeprecation": finding.SpecStricterThanBrowsers,
	"CORSExternalRedirectNotAllowed":          finding.PreflightRedirected,
	"UnexpectedPrivateNetworkAccess":          finding.LocalNetworkAccess,
	"InvalidLocalNetworkAccess":               finding.LocalNetworkAccess,
	"PreflightMissingAllowPrivateNetwork":     finding.LocalNetworkAccess,
	"PreflightInvalidAllowPrivateNetwork":     finding.LocalNetworkAccess,

	"PreflightMissingPrivateNetworkAccessId":    finding.LocalNetworkAccess,
	"PreflightMissingPrivateNetworkAccessName":  finding.LocalNetworkAccess,
	"PrivateNetworkAccessPermissionUnavailable": finding.LocalNetworkAccess,

	"cookie-same-site":   finding.CookieNotSent,
	"header-not-exposed": finding.HeaderNotExposed,

	"net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS": finding.LocalNetworkAccess,
	"net::ERR_NAME_NOT_RESOLVED":                      finding.UnreachableDNS,
	"net::ERR_CONNECTION_REFUSED":                     finding.UnreachableRefused,
	"net::ERR_CONNECTION_RESET":                       finding.UnreachableReset,
	"net::ERR_CONNECTION_CLOSED":                      finding.UnreachableReset,
	"net::ERR_EMPTY_RESPONSE":                         finding.UnreachableReset,
	"net::ERR_ADDRESS_UNREACHABLE":                    finding.UnreachableNetwork,
	"net::ERR_CONNECTION_TIMED_OUT":                   finding.UnreachableTimeout,
	"net::ERR_TIMED_OUT":                              finding.UnreachableTimeout,
	"net::ERR_SSL_PROTOCOL_ERROR":                     finding.UnreachableTLS,
	"net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH":         finding.UnreachableTLS,
	"net::ERR_INVALID_HTTP_RESPONSE":                  finding.UnreachableProtocol,
	"net::ERR_HTTP2_PROTOCOL_ERROR":                   finding.UnreachableProtocol,
	"net::ERR_PROXY_CONNECTION_FAILED":                finding.UnreachableProxy,
	"net::ERR_TUNNEL_CONNECTION_FAILED":               finding.UnreachableProxy,
	"net::ERR_UNSAFE_PORT":                            finding.BadPort,
}

// Finding is what the item by itself says about the server, before it was asked:
// never confirmed. It is false where the text alone tells no cause.
func (i *Item) Finding() (finding.Finding, bool) {
	id, ok := finding.ID(i.Code), true
	if i.Kind != FindingID {
		id, ok = i.findingID()
	}
	if !ok {
		return finding.Finding{}, false
	}
	return finding.New(id, whatHappened(id)), true
}

// whatHappened is the first section of a finding's page.
func whatHappened(id finding.ID) string {
	entry, _ := finding.Lookup(id)
	_, section, _ := strings.Cut(entry.Page, "## What happened")
	section, _, _ = strings.Cut(section, "\n## ")
	return strings.Join(strings.Fields(section), " ")
}

func (i *Item) findingID() (finding.ID, bool) {
	if id, ok := findingOfCode[i.Code]; ok {
		return id, true
	}
	if id, ok := findingOfCode[strings.TrimPrefix(i.Code, "webkit:")]; ok && i.Class == ClassNetwork {
		return id, true
	}
	if strings.HasPrefix(i.Code, "net::ERR_CERT_") {
		return finding.UnreachableTLS, true
	}
	if i.fromDisk() {
		return finding.NullOrigin, true
	}
	rule := i.Rule()
	var id finding.ID
	for _, r := range ruleFindings {
		if r.rule == rule {
			id = r.id
		}
	}
	switch {
	case id == "":
		return "", false
	case rule == fetch.RuleHeaderAllowed && strings.HasPrefix(strings.ToLower(i.Header), "access-control-"):
		return finding.ResponseHeaderInRequest, true
	case i.Preflight() && (i.Status == 401 || i.Status == 403 || i.Status == 407):
		return finding.PreflightNeedsAuth, true
	case i.Preflight() && (i.Status == 404 || i.Status == 405 || i.Status == 501):
		return finding.PreflightNotRouted, true
	case rule == fetch.RuleAllowOriginPresent && !i.Preflight() && i.Status >= 400:
		return finding.ErrorHidesBehindCORS, true
	case rule == fetch.RuleAllowOriginMatches && i.RedirectedFrom != "" && i.Value == i.Origin:
		return finding.RedirectTaintsOrigin, true
	case i.Origin == fetch.NullOrigin && (rule == fetch.RuleAllowOriginMatches || rule == fetch.RuleAllowOriginPresent):
		return finding.NullOrigin, true
	}
	return id, true
}

// Rule is the rule of the protocol that the item's code says was broken; nil
// where the code is of another kind, or stands for anything that can go wrong.
func (i *Item) Rule() *fetch.Rule {
	if i.Code == "" || i.Code == "CORSDidNotSucceed2" || strings.HasSuffix(i.Code, "net::ERR_FAILED") {
		return nil
	}
	for _, p := range fetch.Profiles() {
		if i.Browser != "" && i.Browser != p.Name {
			continue
		}
		for _, r := range ruleFindings {
			if text, ok := p.Texts[r.rule]; ok && (text.Code == i.Code || text.PreflightCode == i.Code) {
				return r.rule
			}
		}
	}
	return nil
}

// Preflight reports whether the item's message is about a preflight.
func (i *Item) Preflight() bool {
	code := strings.TrimPrefix(i.Code, "webkit:")
	switch i.Rule() {
	case fetch.RulePreflightNotRedirected, fetch.RulePreflightStatus, fetch.RuleAllowMethodsSyntax,
		fetch.RuleAllowHeadersSyntax, fetch.RuleMethodAllowed, fetch.RuleHeaderAllowed:
		return true
	}
	return strings.HasPrefix(code, "Preflight")
}

// SameFault reports whether a reason that was just found is the one that the
// item's message names. Where one wording of a browser stands for several codes,
// any of them is the same.
func (i *Item) SameFault(reason *fetch.Reason) bool {
	if reason == nil || i.Code == "" {
		return false
	}
	if i.Code == reason.Code {
		return true
	}
	if reason.Console == "" {
		return false
	}
	now, err := ParseString(reason.Console)
	return err == nil && len(now) > 0 && now[0].Code == i.Code
}
