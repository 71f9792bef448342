package diagnose

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// breaksAny: an answer broke a rule by the value of a header.
func (s *subject) breaksAny() bool { return s.answered() && len(s.broken) > 0 }

// values are the recipes for one header's value, in the order of blame.
var values = []func(context.Context, *subject) []finding.Finding{
	duplicateCause, mismatchCause, wildcardCause, credentialsCause, malformedCause, methodCause, headerCause,
	policyCause, opaqueBlockedCause, elementCause,
}

func valueCause(ctx context.Context, s *subject) []finding.Finding {
	s.learnHere()
	for _, recipe := range values {
		fresh := *s
		if found := recipe(ctx, &fresh); len(found) > 0 {
			return found
		}
	}
	return nil
}

// besides are the other faults of the answer that decided: they would be next.
// Only an answer that does CORS for this origin says anything about them.
func (s *subject) besides(found []finding.Finding) []finding.Finding {
	if !s.answered() || allowOrigin(s.at.Response) == "" && found[0].ID != finding.NoCORSHeaders {
		return nil
	}
	sealed := *s
	sealed.asker = &asker{answers: s.answers, texts: s.texts}
	var out []finding.Finding
	for _, recipe := range values {
		if allowOrigin(s.at.Response) == "" {
			break
		}
		fresh := sealed
		fresh.evidence = nil
		fresh.learnHere()
		out = append(out, recipe(context.Background(), &fresh)...)
	}
	return slices.DeleteFunc(out, func(f finding.Finding) bool { return s.explained(found[0].ID, f.ID) })
}

// explained reports whether the headline is another name for a fault, or its
// reason.
func (s *subject) explained(headline, other finding.ID) bool {
	if headline == other {
		return true
	}
	switch other {
	case finding.OriginMismatch, finding.LoopbackMismatch, finding.NullOrigin:
		switch headline {
		case finding.OriginMismatch, finding.LoopbackMismatch, finding.NullOrigin, finding.DuplicateAllowOrigin,
			finding.RedirectTaintsOrigin, finding.CachedWithoutCORS, finding.AddressFamiliesDiffer:
			return true
		}
	case finding.MethodNotAllowed, finding.HeaderNotAllowed:
		// An error page tells nothing about lists that it does not have.
		list := "Access-Control-Allow-Methods"
		if other == finding.HeaderNotAllowed {
			list = "Access-Control-Allow-Headers"
		}
		return (s.status() < 200 || s.status() > 299) && !has(s.at.Response, list)
	}
	return false
}

// multiple reports whether the header holds more than one origin: in several
// lines, or as a list in one.
func (s *subject) multiple(r *fetch.Response) bool {
	if len(r.Lines("Access-Control-Allow-Origin")) > 1 {
		return true
	}
	elements := strings.FieldsFunc(allowOrigin(r), func(c rune) bool { return strings.ContainsRune(",; \t", c) })
	return len(elements) > 1 && slices.ContainsFunc(elements, func(e string) bool {
		return e == "*" || e == fetch.NullOrigin || strings.Contains(e, "://")
	})
}

func duplicateCause(_ context.Context, s *subject) []finding.Finding {
	if !s.failsOrigin() || !s.multiple(s.at.Response) {
		return nil
	}
	lines := s.at.Response.Lines("Access-Control-Allow-Origin")
	if len(lines) == 1 {
		return s.conclude(finding.DuplicateAllowOrigin, true, fmt.Sprintf(
			"Access-Control-Allow-Origin is a list, %q. It takes one origin: the server must compare the request's Origin with its list and send back the one that matches.", lines[0]))
	}
	for i, place := range places(s.at.Response) {
		s.learn(fmt.Sprintf("line %d, %q, stands %s", i+1, lines[i], place))
	}
	detail := fmt.Sprintf("Access-Control-Allow-Origin came %d times (%s): two layers add it, usually the application and a proxy in front of it.", len(lines), strings.Join(lines, " and "))
	if layers := s.layers(); len(layers) > 1 {
		detail += fmt.Sprintf(" The answer looks like it passed through %s.", strings.Join(layers, " and "))
	}
	return s.conclude(finding.DuplicateAllowOrigin, true, detail)
}

// places says for each line of the header what stands around it: layers write
// their headers together, and a proxy adds its own at the end.
func places(r *fetch.Response) []string {
	var out []string
	for i, h := range r.Headers {
		if !strings.EqualFold(h.Name, "Access-Control-Allow-Origin") {
			continue
		}
		out = append(out, neighbour(r, i, -1, "first", "after ")+" and "+neighbour(r, i, +1, "last", "before "))
	}
	return out
}

// neighbour names the nearest other header line in one direction.
func neighbour(r *fetch.Response, i, step int, edge, word string) string {
	for i += step; i >= 0 && i < len(r.Headers); i += step {
		if !strings.EqualFold(r.Headers[i].Name, "Access-Control-Allow-Origin") {
			return word + r.Headers[i].Name
		}
	}
	return edge
}

func mismatchCause(ctx context.Context, s *subject) []finding.Finding {
	var step fetch.Step
	ok := false
	for _, rule := range []*fetch.Rule{fetch.RuleAllowOriginMatches, fetch.RuleAllowOriginValid, fetch.RuleAllowOriginSingle, fetch.RuleAllowOriginPresent} {
		if step, ok = s.step(rule); ok {
			break
		}
	}
	if !ok {
		return nil
	}
	value := step.Seen
	named, err := fetch.ParseOrigin(value)
	another := err == nil && named == value && value != fetch.NullOrigin
	if another && !s.preflight() && isSafe(s.at.Message.Method) && s.status() < 400 {
		if found := s.freshQuery(ctx); found != nil {
			return found
		}
	}
	fault := spellingFault(value, s.origin())
	if value == s.here().Origin() {
		fault = "that is the server's own origin, where the one of the page has to stand"
	}
	detail := fmt.Sprintf("Access-Control-Allow-Origin is %q, and the page's origin is %s: %s.", value, s.origin(), fault)
	accepted := ""
	if another && isLoopback(value) && isLoopback(s.origin()) {
		accepted = value
	}
	return s.originFinding(true, accepted, detail)
}

// dummyCookie is the only cookie that a diagnosis ever sends of its own.
const dummyCookie = "corscheck=1"

// withCookie puts a request with a cookie, where the user gave none.
func (s *subject) withCookie(ctx context.Context, req fetch.Request) (fetch.Request, *fetch.Response) {
	f, err := fetch.New(s.res.Browser, req)
	if err != nil || len(req.Cookies) > 0 {
		return req, nil
	}
	m, ok := f.Next()
	if !ok {
		return req, nil
	}
	with := *m
	with.Headers = append(slices.Clone(m.Headers), fetch.Header{Name: "Cookie", Value: dummyCookie})
	answer, _ := s.put(ctx, Question{Message: with, Why: "whether the server answers otherwise when a cookie is there"})
	return req, answer.Response
}

func wildcardCause(ctx context.Context, s *subject) []finding.Finding {
	if !s.breaks(fetch.RuleNoWildcardWithCreds) {
		return nil
	}
	detail := "The request is made with credentials, and Access-Control-Allow-Origin is *, which then does not count."
	req, answer := s.withCookie(ctx, s.plainGET())
	if answer != nil && passes(judge(s.res.Browser, req, answer)) {
		s.learn("with a cookie: " + outcome(answer))
		detail += " Once a cookie is there, the server sends back whatever origin asked: it works for users who have one, and opens their session to every site."
	}
	return s.conclude(finding.WildcardWithCredentials, true, detail)
}

func credentialsCause(_ context.Context, s *subject) []finding.Finding {
	step, ok := s.step(fetch.RuleAllowCredentials)
	if !ok || s.breaks(fetch.RuleNoWildcardWithCreds) {
		return nil
	}
	detail := "The request is made with credentials, and Access-Control-Allow-Credentials is missing."
	if step.Seen != "" {
		detail = fmt.Sprintf("The request is made with credentials, and Access-Control-Allow-Credentials is %q; it must be exactly true.", step.Seen)
	}
	detail += s.misspelledNote(s.at.Response, "Access-Control-Allow-Credentials")
	return s.conclude(finding.CredentialsNotAllowed, true, detail)
}

func malformedCause(_ context.Context, s *subject) []finding.Finding {
	name := "Access-Control-Allow-Methods"
	step, ok := s.step(fetch.RuleAllowMethodsSyntax)
	if !ok {
		name = "Access-Control-Allow-Headers"
		if step, ok = s.step(fetch.RuleAllowHeadersSyntax); !ok {
			return nil
		}
	}
	return s.conclude(finding.MalformedAllowList, true, fmt.Sprintf(
		"%s is %q: %q is no name, which voids the whole list. Write %s.", name, step.Seen, step.Want, listOf(s.at.Response, name)))
}

// listOf is the list that a malformed one was probably meant to be.
func listOf(r *fetch.Response, name string) string {
	if list := wellFormed(r, name); list != "" {
		return name + ": " + list
	}
	return "names separated by commas"
}

func methodCause(_ context.Context, s *subject) []finding.Finding {
	if _, ok := s.step(fetch.RuleMethodAllowed); !ok {
		return nil
	}
	return s.methodRefused(true, "")
}

// methodRefused words the refusal of the method, by a list or by an answer that
// says nothing; told is what shows it in that case.
func (s *subject) methodRefused(confirmed bool, told string) []finding.Finding {
	method, _ := s.at.Message.Get("Access-Control-Request-Method")
	list, ok := s.at.Response.Get("Access-Control-Allow-Methods")
	var detail string
	switch {
	case ok && containsFold(list, method) && method != strings.ToUpper(method):
		detail = fmt.Sprintf("Access-Control-Allow-Methods is %q, and the script's method is %q: letter case counts. Write %s in the script.", list, method, strings.ToUpper(method))
	case ok && containsFold(list, method):
		detail = fmt.Sprintf("Access-Control-Allow-Methods is %q, and letter case counts: it must be %s.", list, method)
	case ok && strings.Contains(list, "*") && s.res.Request.Credentials == fetch.CredentialsInclude:
		detail = fmt.Sprintf("Access-Control-Allow-Methods is %q, and with credentials the * does not count: it must name %s.", list, method)
	case ok:
		detail = fmt.Sprintf("Access-Control-Allow-Methods is %q, and does not name %s.", list, method)
	case told != "":
		detail = fmt.Sprintf("%s for %s is answered %s%s: the server does not allow the method.", told, method, outcome(s.at.Response), s.quoted())
	default:
		detail = fmt.Sprintf("The answer to the preflight has no Access-Control-Allow-Methods, and %s must be named.", method)
		detail += s.misspelledNote(s.at.Response, "Access-Control-Allow-Methods")
	}
	return s.conclude(finding.MethodNotAllowed, confirmed, detail)
}
