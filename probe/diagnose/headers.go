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
