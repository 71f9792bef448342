package fetch

// explanation says in one or two sentences what happened, for a person.
func (r *Result) explanation() string {
	what := "The answer to the request"
	if r.failedAtPreflight() {
		what = "The answer to the preflight"
	}
	s := r.Failing
	switch s.Rule {
	case RuleNetwork:
		return "There was no answer that a browser could use: " + s.Seen + "."
	case RuleBadPort, RuleMixedContent, RuleMode, RuleNoCORSRedirect, RuleLocalNetwork:
		return "The browser sends nothing: " + s.Detail() + "."
	case RulePreflightNotRedirected, RuleRedirectMode, RuleRedirectLocation, RuleRedirectUnsafe,
		RuleRedirectScheme, RuleRedirectCount, RuleRedirectUserinfo:
		return what + " is a redirect that the browser refuses: " + s.Detail() + "."
	}
	return what + " does not pass \u201c" + s.Rule.Name + "\u201d: " + s.Detail() + "."
}
