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
	if strings.HasPrefix(i.Code, "net::ERR_CERT_") {
		return finding.UnreachableTLS, true
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
	case rule == fetch.RulePreflightStatus && (i.Status == 401 || i.Status == 403 || i.Status == 407):
		return finding.PreflightNeedsAuth, true
	case rule == fetch.RulePreflightStatus && (i.Status == 404 || i.Status == 405 || i.Status == 501):
		return finding.PreflightNotRouted, true
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

// Explanation says in a sentence or two what the item means.
func (i *Item) Explanation() string {
	name := strings.TrimPrefix(i.Code, "net::")
	switch {
	case strings.HasPrefix(name, "ERR_CERT_"):
		return "The browser does not accept the server's certificate, and script is told only that the request failed. Open the URL in a tab of its own to see why."
	case networkCodes[name] != "":
		return "No answer came: " + networkCodes[name] + ". This is before CORS."
	case otherExplanations[i.Code] != "":
		return otherExplanations[i.Code]
	case otherNetCodes[name] != "":
		return "This is not CORS: " + otherNetCodes[name] + "."
	case i.Class == ClassSymptom:
		return "A request failed and script is told no more than that, so that pages cannot probe other sites. The console says why: one line above or below, in red."
	}
	if id, ok := i.findingID(); ok && i.Kind != FindingID {
		return whatHappened(id)
	}
	if i.Class == ClassCORS && i.Code == "" {
		return "A CORS message whose reason is cut off or of a wording that corscheck does not know."
	}
	return ""
}

// otherExplanations say what looks like CORS and is not.
var otherExplanations = map[string]string{
	codeMixedContent:   "This is not CORS: an https page may not fetch a plain http URL, and no response header changes that. Serve the target over https.",
	codeCSP:            "This is not CORS: the page's own Content-Security-Policy does not list the target. Add its origin to connect-src of the page, not of the target.",
	codeCORP:           "This is not CORS: the page asks for isolation (Cross-Origin-Embedder-Policy) or the target forbids embedding (Cross-Origin-Resource-Policy). Request it with CORS (the crossorigin attribute), or have the target send Cross-Origin-Resource-Policy: cross-origin.",
	codeORB:            "This is not CORS: a request without CORS (a script or img element, or mode no-cors) got an answer of a type that it may not see. Use fetch() in mode cors, and have the target allow it.",
	codeClient:         "This is not CORS: an extension, often an ad blocker, or the developer tools blocked the request. Try a private window without extensions.",
	codeCertificate:    "This is not CORS: the browser does not accept the server's certificate. Open the URL in a tab of its own to see why.",
	"frame-access":     "This is not CORS: a page reached into a frame of another origin. Use postMessage between the two.",
	"frame-options":    "This is not CORS: the target forbids being shown in a frame (X-Frame-Options or frame-ancestors).",
	"local-file":       "This is not CORS: a web page may not load a file from disk. Serve it over http.",
	"websocket":        "This is not CORS: WebSocket has none. The server decides by the Origin header itself, and answers 403 or closes the connection.",
	"tainted-canvas":   "An image without CORS was drawn on the canvas. Load it with the crossorigin attribute, and have its server send Access-Control-Allow-Origin.",
	"forbidden-header": "This is not CORS: browsers set this header themselves, and drop what script says. Leave it out.",

	"LocalNetworkAccessPermissionDenied":  "This is not CORS: Chrome asks the user before a public page reaches a local or loopback address, and the answer was no, or nobody could be asked.",
	"InsecureLocalNetwork":                "This is not CORS: only a secure page (https) may reach a more private address. Serve the page over https.",
	"PreflightMissingAllowPrivateNetwork": "Private Network Access, of Chrome 104 to 136, wanted Access-Control-Allow-Private-Network. Chrome has since dropped it for a permission prompt (Local Network Access).",
	"PreflightInvalidAllowPrivateNetwork": "Private Network Access, of Chrome 104 to 136, wanted Access-Control-Allow-Private-Network: true. Chrome has since dropped it for a permission prompt (Local Network Access).",
	"UnexpectedPrivateNetworkAccess":      "The request was found to go to a private address that was not announced. Local Network Access of today decides by a permission prompt.",
	"InvalidLocalNetworkAccess":           "The targetAddressSpace that fetch() was given is not the one the target has.",
	"CORSDidNotSucceed2":                  "Firefox got no answer at all: DNS, connection, certificate, a blocker or mixed content. It is not proof of a CORS fault.",
}
