package diagnose

import (
	"context"
	"fmt"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// errorWithoutCORS: an error answered the request itself, without CORS headers,
// or with a status that the browser takes for an error of the network.
func (s *subject) errorWithoutCORS() bool {
	return s.answered() && !s.preflight() && s.status() >= 400 && (s.lacksOrigin() || s.breaks(fetch.RuleUnusableStatus))
}

// errorPageCause tells a refused origin from an error that hides behind CORS.
func errorPageCause(ctx context.Context, s *subject) []finding.Finding {
	s.learnHere()
	if s.breaks(fetch.RuleUnusableStatus) {
		return s.hidden(true, fmt.Sprintf("The answer is %s%s, and the browser takes this status for an error of the network.", statusText(s.status()), s.quoted()))
	}
	if !s.preflightPassed() || saysOrigin.MatchString(s.text()) {
		if found := s.originRefusedWithError(ctx); found != nil {
			return found
		}
		if found := s.otherOriginAnswered(ctx); found != nil {
			return found
		}
	}
	detail := fmt.Sprintf("The real answer is %s%s; its page has no CORS headers, so the browser reports CORS instead.", statusText(s.status()), s.quoted())
	return s.hidden(s.corsElsewhere(ctx), detail)
}

// corsElsewhere looks for an answer of this server that does have CORS headers:
// it proves that only the error page lacks them.
func (s *subject) corsElsewhere(ctx context.Context) bool {
	if s.preflightPassed() {
		s.learn("the preflight of the same URL passed")
		return true
	}
	pre := s.tryIt(ctx, s.preflightFor("GET", nil), "whether a preflight of the same path passes")
	s.learnFrom(pre)
	if s.answersCORS(pre) {
		return true
	}
	root := s.plainGET()
	u := *s.here()
	if u.Path == "/" {
		return false
	}
	u.Path, u.Query, u.Fragment = "/", "", ""
	root.URL = u.String()
	home := s.tryIt(ctx, root, "whether another page of the server has CORS headers")
	s.learnFrom(home)
	return passes(home)
}

func (s *subject) hidden(confirmed bool, detail string) []finding.Finding {
	return s.conclude(finding.ErrorHidesBehindCORS, confirmed, detail)
}

// preflightLacksOrigin: the preflight has an ok status and no
// Access-Control-Allow-Origin.
func (s *subject) preflightLacksOrigin() bool {
	return s.answered() && s.preflight() && s.status() >= 200 && s.status() <= 299 && s.lacksOrigin()
}

// preflightMissingCause: libraries answer all-empty when they refuse a method, a
// header or the origin; servers without CORS do so as well.
func preflightMissingCause(ctx context.Context, s *subject) []finding.Finding {
	s.learnHere()
	if loginForm.MatchString(s.text()) {
		s.learn("the body is a page with a field for a password")
		return s.authFinding(true)
	}
	if found := s.refusedPart(ctx); found != nil {
		return found
	}
	get := s.tryIt(ctx, s.plainGET(), "whether GET has CORS headers")
	s.learnFrom(get)
	if passes(get) || lastAnswer(get) != nil && allowOrigin(lastAnswer(get)) != "" && !s.multiple(lastAnswer(get)) {
		if s.allowsThis(get) {
			detail := "GET of the same path is answered with Access-Control-Allow-Origin, the preflight is not"
			if sign := corsSign(s.at.Response); sign != "" {
				detail += "; it has " + sign + ", so somebody does answer it"
			}
			return s.conclude(finding.OnlyResponseConfigured, true, detail+".")
		}
	}
	return s.notAllowedOrNoCORS(ctx, lastAnswer(get))
}

// allowsThis: the answer allows the origin at least without credentials.
func (s *subject) allowsThis(res *fetch.Result) bool {
	return passes(res) || res.Failing != nil && (res.Failing.Rule == fetch.RuleAllowCredentials || res.Failing.Rule == fetch.RuleNoWildcardWithCreds)
}

// responseLacksOrigin: the request was answered well, without the header.
func (s *subject) responseLacksOrigin() bool {
	return s.answered() && !s.preflight() && s.status() < 400 && s.lacksOrigin()
}

func responseMissingCause(ctx context.Context, s *subject) []finding.Finding {
	s.learnHere()
	if isSafe(s.at.Message.Method) {
		if !s.preflightPassed() && s.at.Message.Method != "HEAD" {
			s.ahead(ctx, append(first(s.res.Browser, whyFresh, s.freshVariant()),
				first(s.res.Browser, whyPreflight, s.preflightFor("GET", nil))...)...)
		}
		if found := s.freshQuery(ctx); found != nil {
			return found
		}
	}
	if s.preflightPassed() {
		return s.conclude(finding.OnlyPreflightConfigured, true,
			fmt.Sprintf("The preflight passed, and the answer to %s (%d) has no Access-Control-Allow-Origin%s.", s.at.Message.Method, s.status(), s.deliveredNote()))
	}
	if s.at.Message.Method == "HEAD" {
		get := s.tryIt(ctx, s.plainGET(), "whether GET has CORS headers")
		if passes(get) {
			s.learnFrom(get)
			return s.conclude(finding.NoCORSHeaders, true, "The answer to HEAD has no CORS header, and the one to GET has: HEAD is answered by somebody else.")
		}
	}
	pre := s.tryIt(ctx, s.preflightFor("GET", nil), whyPreflight)
	s.learnFrom(pre)
	if s.answersCORS(pre) {
		return s.conclude(finding.OnlyPreflightConfigured, true,
			fmt.Sprintf("OPTIONS of the same path is answered with Access-Control-Allow-Origin, the answer to %s is not%s.", s.at.Message.Method, s.deliveredNote()))
	}
	return s.notAllowedOrNoCORS(ctx, lastAnswer(pre))
}

const whyPreflight = "whether the preflight has CORS headers"

func (s *subject) deliveredNote() string {
	if isSafe(s.at.Message.Method) {
		return ""
	}
	return "; the request has been carried out all the same"
}

// notAllowedOrNoCORS: no answer allows the origin. Traces of CORS in them, or
// another origin that is accepted, tell a refusal from a server without CORS.
func (s *subject) notAllowedOrNoCORS(ctx context.Context, other *fetch.Response) []finding.Finding {
	if note := s.misspelledNote(s.at.Response, "Access-Control-Allow-Origin"); note != "" {
		return s.conclude(finding.NoCORSHeaders, true, fmt.Sprintf("%s has no Access-Control-Allow-Origin.%s", upperFirst(s.theAnswer()), note))
	}
	if found := s.onlyWithCookie(ctx); found != nil {
		return found
	}
	sign := corsSign(s.at.Response)
	if sign == "" && other != nil {
		sign = corsSign(other)
	}
	if other != nil && allowOrigin(other) != "" {
		sign = "Access-Control-Allow-Origin: " + allowOrigin(other)
	}
	if text := s.text(); sign == "" && saysOrigin.MatchString(text) || other != nil && saysOrigin.MatchString(s.textOf(other)) {
		sign = "a body that says so: " + strings.TrimSpace(start(text))
	}
	if sign != "" {
		s.learn("the server does CORS: an answer has " + sign)
		return s.originRefused(ctx, false, fmt.Sprintf("The server does CORS, and answers %s without Access-Control-Allow-Origin: this origin is not on its list.", s.origin()))
	}
	if accepted := s.acceptedOrigin(ctx); accepted != "" {
		return s.originFinding(true, accepted, fmt.Sprintf("The server answers %s without Access-Control-Allow-Origin.", s.origin()))
	}
	detail := fmt.Sprintf("%s has no CORS header", upperFirst(s.theAnswer()))
	if other != nil {
		detail = fmt.Sprintf("Neither the preflight nor the answer of %s has a CORS header", s.here().Display())
	}
	detail += ": CORS is not configured here, or only for other origins, or this is not the server that was meant."
	switch {
	case loginForm.MatchString(s.text()):
		detail += " The answer is a login page: for the server this request has no session. An API must answer 401 instead, with CORS headers."
	case isHTML.MatchString(s.text()):
		detail += " The answer is an HTML page: is this the URL of the API?"
	}
	return s.conclude(finding.NoCORSHeaders, other != nil, detail)
}

// onlyWithCookie: the server does CORS for whoever has a session.
func (s *subject) onlyWithCookie(ctx context.Context) []finding.Finding {
	if s.res.Request.Credentials != fetch.CredentialsInclude {
		return nil
	}
	req, answer := s.withCookie(ctx, s.plainGET())
	if answer == nil || !passes(judge(s.res.Browser, req, answer)) {
		return nil
	}
	s.learn("with a cookie: " + outcome(answer))
	return s.conclude(finding.NoCORSHeaders, true, fmt.Sprintf(
		"%s has no CORS header, and once a cookie is there, GET has them: the server does CORS only for requests that have one. Preflights never have, nor has the first request of a user.", upperFirst(s.theAnswer())))
}

// elsewhere adds to a server without CORS headers that another path of it has
// them, where the question that recognises the server showed that.
func (s *subject) elsewhere(found []finding.Finding, unknown *fetch.Result) {
	if unknown == nil || len(found) == 0 || found[0].ID != finding.NoCORSHeaders || !passes(unknown) {
		return
	}
	x := &unknown.Exchanges[len(unknown.Exchanges)-1]
	found[0].Detail += fmt.Sprintf(" Another path of the server, %s, is answered with CORS headers: the configuration does not cover this one.", x.Message.URL.Path)
	found[0].Evidence = append(found[0].Evidence, describe(&x.Message, x.Response))
}

// theAnswer names the answer that decided.
func (s *subject) theAnswer() string {
	return fmt.Sprintf("the answer to %s %s", s.at.Message.Method, s.here().Display())
}

// corsSign is a trace of CORS in an answer that does not allow the origin.
func corsSign(r *fetch.Response) string {
	for _, h := range r.Headers {
		name := strings.ToLower(h.Name)
		if strings.HasPrefix(name, "access-control-") && name != "access-control-allow-origin" {
			return h.Name + ": " + h.Value
		}
		if name == "access-control-allow-origin" {
			return "an empty Access-Control-Allow-Origin"
		}
	}
	if variesByOrigin(r) {
		return "Vary: Origin"
	}
	return ""
}

// variesByOrigin reports whether Vary names Origin. A * there says as much.
func variesByOrigin(r *fetch.Response) bool {
	for _, line := range r.Lines("Vary") {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); name == "*" || strings.EqualFold(name, "Origin") {
				return true
			}
		}
	}
	return false
}
