package diagnose

import (
	"context"
	"fmt"
	"net/textproto"
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

func headerCause(ctx context.Context, s *subject) []finding.Finding {
	if !s.breaks(fetch.RuleHeaderAllowed, fetch.RuleAuthorizationNamed) {
		return nil
	}
	return s.headersRefused(ctx, true, "")
}

// responseOnly are response headers that people send with requests.
func responseOnly(name string) bool {
	return strings.HasPrefix(name, "access-control-allow-") || name == "access-control-expose-headers" || name == "access-control-max-age"
}

// headersRefused names the headers that are refused, and tells response headers
// sent by mistake from the rest; told is what shows the refusal where the answer
// says nothing.
func (s *subject) headersRefused(ctx context.Context, confirmed bool, told string) []finding.Finding {
	refused, sure := s.refusedHeaders(ctx)
	var found []finding.Finding
	var mistakes, others []string
	for _, name := range refused {
		if responseOnly(name) {
			mistakes = append(mistakes, name)
		} else {
			others = append(others, name)
		}
	}
	if len(mistakes) > 0 {
		found = append(found, s.conclude(finding.ResponseHeaderInRequest, confirmed, fmt.Sprintf(
			"The script sends %s with the request. Only a server can give that permission: delete it from the script.", strings.Join(mistakes, ", ")))...)
	}
	if len(others) > 0 {
		detail, proved := s.headerDetail(ctx, others, told)
		found = append(found, s.conclude(finding.HeaderNotAllowed, confirmed && (sure || proved), detail)...)
	}
	return found
}

// headerDetail words the refusal; proved is set where it found the reason to be
// another one than the names themselves.
func (s *subject) headerDetail(ctx context.Context, refused []string, told string) (detail string, proved bool) {
	names := strings.Join(refused, ", ")
	list, ok := s.at.Response.Get("Access-Control-Allow-Headers")
	switch {
	case ok && strings.Contains(list, "*") && s.res.Request.Credentials == fetch.CredentialsInclude:
		detail = fmt.Sprintf("Access-Control-Allow-Headers is %q, and with credentials the * does not count: it must name %s.", list, names)
	case ok && list != "":
		detail = fmt.Sprintf("Access-Control-Allow-Headers is %q, and does not name %s.", list, names)
	case s.acceptsOtherForm(ctx):
		return fmt.Sprintf("The server compares the list of headers byte by byte: it refuses %s as browsers write it, and accepts it in another order or letter case. It must compare names one by one, without regard to case.", names), true
	case told != "":
		detail = fmt.Sprintf("%s with %s is answered %s%s: the server does not allow %s.", told, strings.Join(s.unsafeNames(), ", "), outcome(s.at.Response), s.quoted(), names)
	default:
		detail = fmt.Sprintf("The answer to the preflight has no Access-Control-Allow-Headers, and %s must be named.", names)
		detail += s.misspelledNote(s.at.Response, "Access-Control-Allow-Headers")
	}
	if method := s.res.Request.Method; slices.Contains(refused, "content-type") && isSafe(method) {
		detail += fmt.Sprintf(" A %s has no body, so the script can leave Content-Type out.", method)
	}
	return detail, false
}

// refusedHeaders are the names that the answer does not allow. Where it has no
// list, each is asked for alone; sure is false where that was not possible.
func (s *subject) refusedHeaders(ctx context.Context) (refused []string, sure bool) {
	names := s.unsafeNames()
	if list, ok := s.at.Response.Get("Access-Control-Allow-Headers"); ok && list != "" && !s.failsOrigin() {
		for _, step := range s.broken {
			if step.Rule == fetch.RuleHeaderAllowed || step.Rule == fetch.RuleAuthorizationNamed {
				refused = append(refused, strings.ToLower(step.Want))
			}
		}
		if len(refused) > 0 {
			return refused, true
		}
	}
	if len(names) < 2 {
		return names, true
	}
	return s.bisect(ctx, names)
}

// bisect asks for the headers one by one. Names that could not be asked for
// stay among the refused, which is then not sure.
func (s *subject) bisect(ctx context.Context, names []string) (refused []string, sure bool) {
	sure = true
	for _, name := range names {
		res := s.tryIt(ctx, s.preflightFor("GET", s.headersNamed(name)), "whether the header "+name+" alone is allowed")
		switch {
		case res == nil:
			refused, sure = append(refused, name), false
		case passes(res):
			s.learn("a preflight with " + name + " alone passes")
		default:
			s.learn("a preflight with " + name + " alone fails")
			refused = append(refused, name)
		}
	}
	if len(refused) == 0 {
		return names, false // each alone passes, together they do not
	}
	return refused, sure
}

// acceptsOtherForm asks with the list as people write it: in the script's order
// with canonical names, or with spaces behind the commas.
func (s *subject) acceptsOtherForm(ctx context.Context) bool {
	names := s.unsafeNames()
	for _, form := range []string{canonical(s.inScriptOrder(names)), strings.Join(names, ", ")} {
		answer, ok := s.putList(ctx, form)
		if !ok {
			return false
		}
		res := s.replayWith(answer.Response)
		if res != nil && (res.Failing == nil || len(res.Exchanges) > len(s.res.Exchanges)) {
			s.learn("with the list " + form + ": " + outcome(answer.Response))
			return true
		}
	}
	return false
}

// inScriptOrder sorts header names as the script set them.
func (s *subject) inScriptOrder(names []string) []string {
	var out []string
	for _, h := range s.res.Request.Headers {
		if name := strings.ToLower(h.Name); slices.Contains(names, name) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// putList asks the preflight of the trace with the header list written otherwise.
func (s *subject) putList(ctx context.Context, list string) (Answer, bool) {
	for i := range s.res.Exchanges {
		m := s.res.Exchanges[i].Message
		if m.Kind != fetch.Preflight {
			continue
		}
		m.Headers = slices.Clone(m.Headers)
		for j, h := range m.Headers {
			if strings.EqualFold(h.Name, "Access-Control-Request-Headers") {
				m.Headers[j].Value = list
			}
		}
		answer, ok := s.put(ctx, Question{Message: m, Why: "whether the server depends on the order or case of the header list"})
		return answer, ok && answer.Response != nil
	}
	return Answer{}, false
}

// canonical is a header list as people write it.
func canonical(names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = textproto.CanonicalMIMEHeaderKey(name)
	}
	return strings.Join(out, ", ")
}
