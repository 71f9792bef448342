package diagnose

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// loginPlatform names a platform whose login a redirect leads to.
func (s *subject) loginPlatform(u *fetch.URL) string {
	switch {
	case strings.HasSuffix(u.Host, ".cloudflareaccess.com"), strings.HasPrefix(u.Path, "/cdn-cgi/access/"):
		return "Cloudflare Access"
	case u.Host == "vercel.com" && strings.Contains(u.Path, "sso"):
		return "Vercel Deployment Protection"
	case strings.HasPrefix(u.Path, "/.auth/login"), has(s.at.Response, "x-ms-middleware-request-id"):
		return "Azure App Service authentication"
	case strings.HasSuffix(u.Host, ".google.com") && strings.Contains(u.Path, "/iap"), has(s.at.Response, "x-goog-iap-generated-response"):
		return "Google Identity-Aware Proxy"
	case u.Host == "github.dev" && strings.HasPrefix(u.Path, "/pf-signin"):
		return "GitHub Codespaces"
	}
	return ""
}

// loginSegments are path segments of login pages and identity providers,
// without the ending of a file and the parameters of a path.
var loginSegments = map[string]bool{
	"login": true, "log-in": true, "log_in": true, "signin": true, "sign-in": true, "sign_in": true, "logon": true, "loginpage": true,
	"sso": true, "saml": true, "saml2": true, "oauth": true, "oauth2": true, "oidc": true, "openid-connect": true,
	"authorize": true, "authenticate": true, "auth": true, "cas": true, "adfs": true, "realms": true, "wp-login": true,
	"signin-oidc": true, "j_spring_security_check": true,
}

// loginHosts are first labels of identity providers' host names.
var loginHosts = map[string]bool{
	"login": true, "accounts": true, "auth": true, "sso": true, "idp": true, "signin": true, "identity": true, "keycloak": true, "adfs": true,
}

// newSession is how Rails and others name the form that begins one.
var newSession = regexp.MustCompile(`/(user_)?sessions?/new/?$`)

// returns are the parameters in which a login page is told where to return to.
var returns = regexp.MustCompile(`^(next|rd|goto|continue|(return|redirect|callback|back)[-_]?(to|url|uri|path)?|fromuri|post_login_redirect_uri)$`)

// loginSign says what makes the target of a redirect look like a login page, or
// "". What the URL before it had as well is no sign.
func loginSign(from, u *fetch.URL) string {
	before, path := strings.ToLower(from.Path)+"/", strings.ToLower(u.Path)
	if fragment := strings.ToLower(u.Fragment); strings.HasPrefix(strings.TrimLeft(fragment, "#!"), "/") {
		path += fragment // the route of a single-page application
	}
	for segment := range strings.SplitSeq(path, "/") {
		segment, _, _ = strings.Cut(segment, ";")
		segment, _, _ = strings.Cut(segment, "?")
		name, _, _ := strings.Cut(segment, ".")
		if loginSegments[name] && !strings.Contains(before, "/"+segment+"/") {
			return "its path has " + segment
		}
	}
	if newSession.MatchString(path) && !newSession.MatchString(strings.TrimSuffix(before, "/")) {
		return "its path ends in " + newSession.FindString(path)
	}
	if label, _, _ := strings.Cut(u.Host, "."); u.Host != from.Host && loginHosts[label] {
		return "its host starts with " + label
	}
	return loginQuery(from, u)
}

// loginQuery looks for the parameters of an identity provider, and for one that
// has the URL that was asked for, to come back to.
func loginQuery(from, u *fetch.URL) string {
	query, err := url.ParseQuery(strings.TrimPrefix(u.Query, "?"))
	if err != nil {
		return ""
	}
	for _, given := range slices.Sorted(maps.Keys(query)) {
		switch name := strings.ToLower(given); {
		case name == "samlrequest", name == "client_id", name == "redirect_uri", name == "response_type":
			return "its query has " + name
		case len(from.Path) > 1 && returns.MatchString(name) && strings.Contains(strings.Join(query[given], " "), from.Path):
			return "its query has " + name + ", the way back to " + from.Path
		}
	}
	return ""
}
