package diagnose

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// preflightRefused: the preflight's status is not ok.
func (s *subject) preflightRefused() bool {
	return s.answered() && s.preflight() && (s.status() < 200 || s.status() > 299)
}

// preflightStatusCause tells authentication, a missing route, a refused method
// or header, a refused origin and a broken server apart.
func preflightStatusCause(ctx context.Context, s *subject) []finding.Finding {
	s.learnHere()
	status := s.status()
	if noSuchMethod.matches(s.at.Response, tight(s.text())) {
		s.learn("the body is API Gateway's for a method that the resource does not have" + s.startOfBody())
		return s.conclude(finding.PreflightNotRouted, true, "API Gateway answered 403 \"Missing Authentication Token\": the resource has no OPTIONS method. Enable CORS for it, or add an OPTIONS method with authorization NONE.")
	}
	if status == 401 || status == 407 {
		return s.needsAuth(ctx)
	}
	if found := s.refusedPart(ctx); found != nil {
		return found
	}
	text := s.text()
	unrouted := status == 404 || status == 405 || status == 501 || saysNoOptions.MatchString(text)
	if !unrouted || saysOrigin.MatchString(text) {
		if found := s.originRefusedWithError(ctx); found != nil {
			return found
		}
	}
	get := s.tryIt(ctx, s.plainGET(), "how the path answers GET")
	s.learnFrom(get)
	answer := lastAnswer(get)
	if status == 403 || status == 404 {
		if found := s.getRefusedForOrigin(ctx, answer); found != nil {
			return found
		}
	}
	if unrouted {
		return s.notRouted(answer)
	}
	if found := s.asksForLogin(answer); found != nil {
		return found
	}
	if found := s.otherOriginAnswered(ctx); found != nil {
		return found
	}
	if found := s.getWithoutOrigin(ctx, answer); found != nil {
		return found
	}
	if answer != nil && answer.Status == status && (status >= tooManyRequests || saysFirewall.MatchString(text)) {
		return s.hidden(true, fmt.Sprintf("The server answers %d to everything, preflights included%s.", status, s.quoted()))
	}
	return s.unexplainedStatus(answer)
}

// asksForLogin: a status other than 401 whose body, or whose like for GET, says
// that the caller is unknown.
func (s *subject) asksForLogin(get *fetch.Response) []finding.Finding {
	status, text := s.status(), s.text()
	refused := get != nil && (get.Status == 401 || get.Status == 403)
	named := saysAuth.MatchString(text) || has(s.at.Response, "WWW-Authenticate")
	switch {
	case status >= 500 || saysCSRF.MatchString(text) || saysFirewall.MatchString(text):
		return nil
	case status == 403 && refused, named && get != nil && get.Status == status:
		return s.authFinding(true)
	case named, status == 403 && saysDenied.MatchString(text) && (get == nil || get.Status >= 400):
		return s.authFinding(false)
	}
	return nil
}

// maybeRefusal: the status is one with which servers refuse an origin without
// saying so.
func (s *subject) maybeRefusal() bool {
	return (s.status() == 400 || s.status() == 403 || s.status() == 500) && s.failsOrigin()
}

// otherOriginAnswered: an error for one origin and none for another spelling of
// it is a refusal, whatever the error says.
func (s *subject) otherOriginAnswered(ctx context.Context) []finding.Finding {
	if !s.maybeRefusal() {
		return nil
	}
	accepted := s.acceptedOrigin(ctx)
	if accepted == "" {
		return nil
	}
	return s.originFinding(true, accepted, fmt.Sprintf("The server answers requests from %s with %s%s.", s.origin(), statusText(s.status()), s.quoted()))
}

// getWithoutOrigin: GET is answered well by a server that does CORS, and still
// does not allow the origin, so that is what the preflight was refused for.
func (s *subject) getWithoutOrigin(ctx context.Context, get *fetch.Response) []finding.Finding {
	if get == nil || !s.maybeRefusal() || get.Status >= 400 || allowOrigin(get) != "" || corsSign(get) == "" {
		return nil
	}
	s.learn("the server does CORS: its answer to GET has " + corsSign(get))
	return s.originRefused(ctx, false, fmt.Sprintf(
		"The preflight was answered %s%s, and GET without Access-Control-Allow-Origin: the server does CORS, and this origin is not on its list.", statusText(s.status()), s.quoted()))
}

// unexplainedStatus is a status that nothing else explains.
func (s *subject) unexplainedStatus(get *fetch.Response) []finding.Finding {
	detail := fmt.Sprintf("The preflight was answered %s%s.", statusText(s.status()), s.quoted())
	if saysCSRF.MatchString(s.text()) {
		detail += " A filter against forged requests runs before CORS, and a preflight has no token for it: OPTIONS must be exempt."
	}
	if get != nil && get.Status < 400 {
		detail += fmt.Sprintf(" GET of the same path is answered %d, so something in front of it minds OPTIONS: a firewall rule, a validator, or the handler itself.", get.Status)
	}
	if !s.failsOrigin() {
		detail += " Its CORS headers would have passed; the status alone fails it."
	}
	return s.conclude(finding.PreflightStatus, true, detail)
}

// needsAuth: 401 and 407 say by themselves that credentials are missing.
func (s *subject) needsAuth(ctx context.Context) []finding.Finding {
	if v, ok := s.at.Response.Get("WWW-Authenticate"); ok {
		s.learn("WWW-Authenticate: " + v)
		return s.authFinding(true)
	}
	if saysOrigin.MatchString(s.text()) {
		if found := s.originRefusedWithError(ctx); found != nil {
			return found
		}
	}
	get := s.tryIt(ctx, s.plainGET(), "whether GET without credentials is refused as well")
	s.learnFrom(get)
	answer := lastAnswer(get)
	if found := s.getRefusedForOrigin(ctx, answer); found != nil {
		return found
	}
	return s.authFinding(answer != nil && (answer.Status == 401 || answer.Status == 403) || saysAuth.MatchString(s.text()))
}

func (s *subject) authFinding(confirmed bool) []finding.Finding {
	detail := fmt.Sprintf("The preflight was answered %s%s. Authentication runs before CORS, and a preflight never carries credentials: OPTIONS must be answered before anything asks for a login.",
		statusText(s.status()), s.quoted())
	return s.conclude(finding.PreflightNeedsAuth, confirmed, detail)
}

// notRouted: 404, 405 and 501. That the path exists for another method is proof.
func (s *subject) notRouted(get *fetch.Response) []finding.Finding {
	status := s.status()
	if v, ok := s.at.Response.Get("Allow"); ok && v != "" {
		s.learn("Allow: " + v)
	}
	detail := fmt.Sprintf("OPTIONS is answered %s%s: the server has no handler for it on this path.", statusText(status), s.quoted())
	switch {
	case status != 404:
		return s.conclude(finding.PreflightNotRouted, true, detail)
	case get == nil:
		return s.conclude(finding.PreflightNotRouted, false, detail)
	case get.Status != 404:
		return s.conclude(finding.PreflightNotRouted, true, detail+fmt.Sprintf(" GET is answered %d, so the path exists.", get.Status))
	case isSafe(s.res.Request.Method):
		return s.hidden(false, fmt.Sprintf("OPTIONS and GET are both answered 404%s: the URL is probably wrong.", s.quoted()))
	}
	return s.conclude(finding.PreflightNotRouted, false,
		detail+fmt.Sprintf(" GET is answered 404 as well: either the path takes only %s, or the URL is wrong.", s.res.Request.Method))
}

// refusedPart finds out whether the server minds the method or a header rather
// than the origin: many libraries refuse the whole preflight for one of them,
// with an error or with an answer that has no CORS header at all.
func (s *subject) refusedPart(ctx context.Context) []finding.Finding {
	if s.here().Display() == "" || !s.preflight() {
		return nil
	}
	switch {
	case saysMethod.MatchString(s.text()):
		s.learn("the body names the method" + s.startOfBody())
		return s.methodRefused(true, "The preflight")
	case saysHeader.MatchString(s.text()):
		s.learn("the body names the headers" + s.startOfBody())
		return s.headersRefused(ctx, true, "The preflight")
	}
	names := s.unsafeNames()
	method, _ := s.at.Message.Get("Access-Control-Request-Method")
	odd := method != "GET"
	if !odd && len(names) == 0 {
		return nil
	}
	tried := "GET"
	minimal := s.tryIt(ctx, s.preflightFor("GET", nil), "whether a preflight of a plain GET passes")
	if !s.answersCORS(minimal) && s.status() == 404 && method != "POST" {
		s.learnFrom(minimal)
		tried = "POST"
		minimal = s.tryIt(ctx, s.preflightFor("POST", nil), "whether the path routes preflights by method")
	}
	if !s.answersCORS(minimal) {
		return nil
	}
	s.learnFrom(minimal)
	plain := "A preflight for " + tried + " passes, and the one"
	if len(names) == 0 {
		return s.methodRefused(true, plain)
	}
	const bare = "A preflight without the script's headers passes, and the one"
	if !odd {
		return s.headersRefused(ctx, true, bare)
	}
	alone := s.tryIt(ctx, s.preflightFor(method, nil), "whether the method alone passes")
	s.learnFrom(alone)
	if s.answersCORS(alone) {
		return s.headersRefused(ctx, true, bare)
	}
	return s.methodRefused(alone != nil, plain)
}

// answersCORS: the preflight got an ok status and CORS headers for the origin,
// whatever credentials mode makes of them.
func (s *subject) answersCORS(res *fetch.Result) bool {
	if passes(res) {
		return true
	}
	r := lastAnswer(res)
	if r == nil || r.Status < 200 || r.Status > 299 || res.Failing == nil {
		return false
	}
	switch res.Failing.Rule {
	case fetch.RuleAllowCredentials, fetch.RuleNoWildcardWithCreds, fetch.RuleAllowOriginSingle, fetch.RuleMethodAllowed:
		return true
	}
	return false
}

// originRefusedWithError: frameworks that raise an error for an unknown origin.
// The same request without an Origin, or with the body's own words, proves it.
func (s *subject) originRefusedWithError(ctx context.Context) []finding.Finding {
	if !s.failsOrigin() {
		return nil
	}
	says := saysOrigin.MatchString(s.text())
	if says {
		s.learn("the body says so" + s.startOfBody())
	}
	var other *fetch.Response
	if s.preflight() {
		if answer, ok := s.optionsFromNobody(ctx); ok && answer.Response != nil {
			other = answer.Response
			m := s.withoutOrigin()
			s.learn(describe(&m, other))
		}
	} else {
		res := s.tryIt(ctx, s.fromNobody(s.readable()), "whether the same request without an Origin is answered otherwise")
		s.learnFrom(res)
		other = lastAnswer(res)
	}
	refused := s.status()
	if !s.preflight() && !isSafe(s.at.Message.Method) { // compare like with like
		res := s.tryIt(ctx, s.readable(), "whether GET from the origin is refused as well")
		s.learnFrom(res)
		if refused = 0; lastAnswer(res) != nil {
			refused = lastAnswer(res).Status
		}
	}
	differs := refused >= 400 && answersOtherwise(other, refused)
	if !says && !differs {
		return nil
	}
	return s.originRefused(ctx, differs || says,
		fmt.Sprintf("The server answers requests from %s with %s%s, and others not: it refuses the origin.", s.origin(), statusText(s.status()), s.quoted()))
}

// answersOtherwise: an answer has another status, and not for a reason of its own.
func answersOtherwise(r *fetch.Response, status int) bool {
	return r != nil && r.Status != status && r.Status < 500 && r.Status != tooManyRequests
}

// getRefusedForOrigin: some servers refuse every OPTIONS that they do not like,
// with an Origin or without; that GET is refused alike only with one gives them
// away.
func (s *subject) getRefusedForOrigin(ctx context.Context, get *fetch.Response) []finding.Finding {
	if get == nil || get.Status != s.status() || allowOrigin(get) != "" || !s.failsOrigin() {
		return nil
	}
	nobody := s.tryIt(ctx, s.fromNobody(s.plainGET()), "whether GET without an Origin is refused as well")
	if !answersOtherwise(lastAnswer(nobody), get.Status) {
		return nil
	}
	s.learnFrom(nobody)
	return s.originRefused(ctx, true, fmt.Sprintf("The server answers requests from %s with %s, and others not: it refuses the origin.", s.origin(), statusText(get.Status)))
}

// readable is the request as a safe method: what it was, or GET.
func (s *subject) readable() fetch.Request {
	req := s.variant()
	if !isSafe(req.Method) {
		return s.plainGET()
	}
	return req
}

// quoted is the start of the body, where there is one.
func (s *subject) quoted() string {
	text := start(s.text())
	if text == "" {
		return ""
	}
	return " (its body: " + text + ")"
}

var statusTexts = map[int]string{
	304: "Not Modified", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
	407: "Proxy Authentication Required", 413: "Content Too Large", 429: "Too Many Requests", 500: "Internal Server Error",
	501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
}

func statusText(status int) string {
	return strings.TrimSpace(strconv.Itoa(status) + " " + statusTexts[status])
}

func has(r *fetch.Response, name string) bool {
	_, ok := r.Get(name)
	return ok
}
