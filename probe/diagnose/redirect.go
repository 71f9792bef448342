package diagnose

import (
	"context"
	"fmt"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// location is where the answer that decided redirects to, if it does.
func (s *subject) location() (*fetch.URL, bool) {
	if !s.answered() {
		return nil, false
	}
	return locationOf(s.at.Response, s.here())
}

func locationOf(r *fetch.Response, from *fetch.URL) (*fetch.URL, bool) {
	if !redirects(r) {
		return nil, false
	}
	value, _ := r.Get("Location")
	u, err := fetch.ParseURL(value, from)
	return u, err == nil
}

// redirects reports whether an answer is a redirect, be it to a URL or to
// something that is none.
func redirects(r *fetch.Response) bool {
	switch r.Status {
	case 301, 302, 303, 307, 308:
		value, _ := r.Get("Location")
		return value != ""
	}
	return false
}

// redirectRules are what only a redirect can break.
var redirectRules = map[*fetch.Rule]finding.ID{
	fetch.RuleRedirectMode:     finding.RedirectMode,
	fetch.RuleRedirectLocation: finding.RedirectLocation,
	fetch.RuleEmptyLocation:    finding.RedirectLocation,
	fetch.RuleRedirectLocal:    finding.RedirectNotHTTP,
	fetch.RuleRedirectUnsafe:   finding.RedirectNotHTTP,
	fetch.RuleRedirectScheme:   finding.RedirectNotHTTP,
	fetch.RuleRedirectOpaque:   finding.RedirectNotHTTP,
	fetch.RuleRedirectOwnBlob:  finding.RedirectNotHTTP,
	fetch.RuleDataURL:          finding.RedirectNotHTTP,
	fetch.RuleRedirectCount:    finding.RedirectLoop,
	fetch.RuleRedirectEmbedded: finding.RedirectWithUserinfo,
	fetch.RuleRedirectUserinfo: finding.RedirectWithUserinfo,
}

func (s *subject) redirectRule() (fetch.Step, bool) {
	for _, step := range s.broken {
		if _, ok := redirectRules[step.Rule]; ok {
			return step, true
		}
	}
	return fetch.Step{}, false
}

func (s *subject) isRedirect() bool {
	if !s.answered() {
		return false
	}
	_, special := s.redirectRule()
	_, ok := s.location()
	return special || ok || s.preflight() && redirects(s.at.Response)
}

// redirectCause is a redirect that the browser refuses: the preflight's, one
// without CORS headers, or one that leads where no browser goes.
func redirectCause(ctx context.Context, s *subject) []finding.Finding {
	value, _ := s.at.Response.Get("Location")
	s.learn(fmt.Sprintf("%s %s: %d, Location: %s", s.at.Message.Method, s.here().Display(), s.status(), hideUserinfo(value)))
	if step, ok := s.redirectRule(); ok && !s.preflight() {
		return s.conclude(redirectRules[step.Rule], true, s.redirectDetail(step, value))
	}
	to, ok := s.location()
	if !ok && s.preflight() {
		return s.conclude(finding.PreflightRedirected, true, fmt.Sprintf("The preflight was answered %d with a redirect to %q, which is no URL; a preflight follows no redirect.", s.status(), hideUserinfo(value)))
	}
	if !ok {
		return nil
	}
	kind := compare(s.here(), to)
	if kind == "" {
		if name := s.loginPlatform(to); name != "" {
			return s.conclude(finding.PlatformAuth, true, fmt.Sprintf("%s redirects to its own login before your code runs. Nothing that the page sends can pass; exempt OPTIONS and the API from it.", name))
		}
		if sign := loginSign(s.here(), to); sign != "" {
			s.learn("the target looks like a login page: " + sign)
			return s.conclude(finding.LoginRedirect, true, fmt.Sprintf("%s was answered with a redirect to the login page %s: for the server this request has no session.%s",
				s.what(), to.Display(), s.loginTail()))
		}
	}
	id, detail := finding.PreflightRedirected, fmt.Sprintf("The preflight was answered %d with a redirect to %s%s; a preflight follows no redirect.", s.status(), to.Display(), explainKind(kind))
	if !s.preflight() {
		id, detail = finding.RedirectWithoutCORS, fmt.Sprintf("The answer is a redirect (%d) to %s%s, and the redirect itself does not allow the origin.", s.status(), to.Display(), explainKind(kind))
	}
	return s.conclude(id, true, detail+s.useInstead(ctx, to))
}

func (s *subject) what() string {
	if s.preflight() {
		return "The preflight"
	}
	return "The request"
}

func (s *subject) loginTail() string {
	if s.preflight() {
		return " A preflight never carries a session, so OPTIONS must be exempt from the login."
	}
	return " An API must answer 401 instead, with CORS headers."
}

func (s *subject) redirectDetail(step fetch.Step, location string) string {
	switch step.Rule {
	case fetch.RuleRedirectMode:
		return fmt.Sprintf("The script said redirect: \"error\", and the server redirects (%d) to %s.", s.status(), hideUserinfo(location))
	case fetch.RuleRedirectCount:
		return fmt.Sprintf("After 20 redirects %s redirects once more, to %s.", s.here().Display(), hideUserinfo(location))
	case fetch.RuleRedirectUserinfo:
		return "The redirect's target has a user name or password in its URL, and no browser follows that across origins."
	case fetch.RuleRedirectEmbedded:
		return "The redirect's target has a user name or password in its URL, and this browser follows that for no element without CORS."
	case fetch.RuleEmptyLocation:
		return fmt.Sprintf("The redirect (%d) has an empty Location.", s.status())
	case fetch.RuleRedirectLocation:
		return fmt.Sprintf("The redirect (%d) has the Location %q, which is no URL.", s.status(), location)
	}
	return fmt.Sprintf("The redirect (%d) leads to %s, and a fetch follows only http and https.", s.status(), hideUserinfo(location))
}

// useInstead re-checks where the redirect leads and says whether to use it.
func (s *subject) useInstead(ctx context.Context, to *fetch.URL) string {
	for range 3 {
		res := s.tryIt(ctx, s.foreign(to), "whether the target of the redirect passes")
		answer := lastAnswer(res)
		if answer == nil {
			return ""
		}
		s.learnFrom(res)
		if passes(res) {
			return fmt.Sprintf(" Use this URL: %s. It passes.", to.Display())
		}
		next, ok := locationOf(answer, to)
		if !ok {
			return " The target does not pass either, see the evidence."
		}
		to = next
	}
	return " The target redirects in turn."
}

// behindRedirect: the fault is at a URL that the request was redirected to.
func (s *subject) behindRedirect() bool {
	return s.answered() && s.at.Message.Hop > 0 && s.failsOrigin()
}

// redirectedCause tells a login page and a tainted origin from a target that
// would refuse the origin anyway.
func redirectedCause(ctx context.Context, s *subject) []finding.Finding {
	here := s.here()
	for i := range s.res.Exchanges {
		if x := &s.res.Exchanges[i]; x.Response != nil && x.Response != s.at.Response {
			if to, ok := locationOf(x.Response, x.Message.URL); ok {
				s.learn(fmt.Sprintf("%s redirects to %s", x.Message.URL.Display(), to.Display()))
			}
		}
	}
	if name := s.loginPlatform(here); name != "" {
		return s.conclude(finding.PlatformAuth, true, name+" redirected the request to its own login before your code ran; exempt OPTIONS and the API from it.")
	}
	if sign := loginSign(s.target(), here); sign != "" && compare(s.target(), here) == "" {
		s.learn("the target looks like a login page: " + sign)
		return s.conclude(finding.LoginRedirect, true, fmt.Sprintf("The request was redirected to the login page %s: for the server it has no session. The console blames that page; an API must answer 401 instead, with CORS headers.", here.Display()))
	}
	if s.origin() != fetch.NullOrigin || s.res.Request.Origin == fetch.NullOrigin {
		return nil
	}
	direct := s.tryIt(ctx, s.foreign(here), "whether the final URL allows the page's own origin")
	s.learnHere()
	s.learnFrom(direct)
	detail := fmt.Sprintf("On the way to %s the redirect changed from one foreign origin to another, so the browser sends Origin: null there%s", here.Display(), explainKind(compare(s.target(), here)))
	if passes(direct) {
		return s.conclude(finding.RedirectTaintsOrigin, true, detail+fmt.Sprintf(". The page's own origin is allowed: use the URL %s.", here.Display()))
	}
	if allowOrigin(s.at.Response) != "" || direct == nil {
		return s.conclude(finding.RedirectTaintsOrigin, false, detail+", and the answer does not allow null.")
	}
	if found := s.on(direct).causes(ctx); len(found) > 0 {
		return found // the target refuses the page's own origin as well
	}
	return s.conclude(finding.RedirectTaintsOrigin, false, detail+", and the answer does not allow null.")
}

// compare names what a redirect changes where it leads to the same resource.
func compare(from, to *fetch.URL) string {
	host, toHost := strings.TrimPrefix(from.Host, "www."), strings.TrimPrefix(to.Host, "www.")
	path, toPath := strings.TrimSuffix(from.Path, "/"), strings.TrimSuffix(to.Path, "/")
	switch {
	case host != toHost || !strings.EqualFold(path, toPath):
		return ""
	case from.Scheme != to.Scheme && to.Scheme == "https":
		return "https"
	case from.Host != to.Host:
		return "www"
	case from.Path != to.Path && path == toPath:
		return "slash"
	case from.Path != to.Path:
		return "case"
	case from.Port != to.Port:
		return "port"
	}
	return ""
}

func explainKind(kind string) string {
	switch kind {
	case "https":
		return " (the server wants https)"
	case "www":
		return " (the host name with or without www)"
	case "slash":
		return " (a slash at the end of the path)"
	case "case":
		return " (the letter case of the path)"
	case "port":
		return " (another port)"
	}
	return ""
}

// hideUserinfo masks a password in a Location as it was sent.
func hideUserinfo(location string) string {
	scheme, rest, ok := strings.Cut(location, "//")
	if !ok {
		return location
	}
	authority, path, hasPath := strings.Cut(rest, "/")
	at := strings.LastIndex(authority, "@")
	if at < 0 {
		return location
	}
	out := scheme + "//***@" + authority[at+1:]
	if hasPath {
		out += "/" + path
	}
	return out
}
