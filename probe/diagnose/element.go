package diagnose

import (
	"context"
	"fmt"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// policyCause: the server itself says which pages may embed the response.
func policyCause(_ context.Context, s *subject) []finding.Finding {
	step, is := s.step(fetch.RulePolicySameOrigin)
	if !is {
		if step, is = s.step(fetch.RulePolicySameSite); !is {
			return nil
		}
	}
	detail := fmt.Sprintf("The server sends Cross-Origin-Resource-Policy: %s, and %s is another %s than %s: the browser keeps a response that is not asked for by CORS from the page. Send cross-origin on what every site may embed",
		step.Seen, s.here().Origin(), strings.TrimPrefix(step.Seen, "same-"), s.pageName())
	if step.Seen == "same-origin" {
		detail += ", same-site where only the pages of one site may"
	}
	return s.conclude(finding.ResourcePolicy, true, detail+". A request in the mode cors is judged by Access-Control-Allow-Origin instead.")
}

func (s *subject) pageName() string {
	if s.res.Request.Origin == fetch.NullOrigin {
		return "the page's origin null"
	}
	return s.res.Request.Origin
}

// opaqueBlockedCause: data that the element cannot use.
func opaqueBlockedCause(_ context.Context, s *subject) []finding.Finding {
	if !s.breaks(fetch.RuleOpaqueBlocking) {
		return nil
	}
	return s.conclude(finding.OpaqueBlocked, true, fmt.Sprintf(
		"%s, and the browser keeps such data of another origin from %s (Opaque Response Blocking). %s Data for script needs fetch() in the mode cors, and a server that allows the origin.",
		s.whatCame(), s.res.Request.Initiator.Noun(), s.rightType()))
}

// elementRules are what an API or element demands of a response beyond CORS.
var elementRules = []*fetch.Rule{
	fetch.RuleElementStatus, fetch.RuleElementError, fetch.RuleEventStream, fetch.RuleScriptType,
	fetch.RuleNosniff, fetch.RuleModuleType, fetch.RuleContent, fetch.RuleDecoded, fetch.RuleComplete, fetch.RuleForm,
}

// elementCause: the page may have the response, and the element has no use for it.
func elementCause(_ context.Context, s *subject) []finding.Finding {
	for _, step := range s.broken {
		for _, rule := range elementRules {
			if step.Rule == rule {
				return s.conclude(finding.ElementRefuses, true, s.refusalOf(step))
			}
		}
	}
	return nil
}

func (s *subject) refusalOf(step fetch.Step) string {
	noun := s.res.Request.Initiator.Noun()
	switch step.Rule {
	case fetch.RuleElementStatus, fetch.RuleElementError:
		detail := fmt.Sprintf("The answer is %s%s, and %s needs a status %s.", statusText(s.status()), s.quoted(), noun, wanted(step))
		if s.res.Request.Initiator == fetch.InitiatorEventSource && s.status() == 204 {
			return detail + " 204 tells an EventSource to stop; to go on, answer 200 with text/event-stream."
		}
		return detail + " CORS has nothing to do with it: correct the URL, or mend what the server answers there."
	case fetch.RuleContent:
		return fmt.Sprintf("The answer, %s, has no body, and %s needs one. CORS has nothing to do with it.", statusText(s.status()), noun)
	case fetch.RuleDecoded:
		return fmt.Sprintf("The answer says Content-Encoding: %s, and its body is not in %s, so that the browser cannot read it. CORS has nothing to do with it: a server or a proxy on the way names a coding that it does not apply, or applies it twice.",
			step.Want, step.Seen)
	case fetch.RuleComplete:
		return fmt.Sprintf("The answer, %s, breaks off: its body ends %s, and %s waits for all of it. CORS has nothing to do with it: see in the server's log, or in that of a proxy before it, why the connection was closed, and whether the Content-Length is right.",
			statusText(s.status()), step.Seen, noun)
	case fetch.RuleForm:
		return fmt.Sprintf("%s, and its body does not begin as %s does%s. CORS has nothing to do with it: correct the URL, or mend what the server answers there.", s.whatCame(), step.Want, s.quoted())
	case fetch.RuleNosniff:
		return fmt.Sprintf("%s, and X-Content-Type-Options: nosniff holds the browser to that: %s takes no such type. %s", s.whatCame(), noun, s.rightType())
	}
	return fmt.Sprintf("%s, and %s takes no such type. %s", s.whatCame(), noun, s.rightType())
}

// wanted is the status that a rule wants, with its preposition.
func wanted(step fetch.Step) string {
	if strings.HasPrefix(step.Want, "below") {
		return step.Want
	}
	return "of " + step.Want
}

// whatCame is the answer's type, and its status where that is an error.
func (s *subject) whatCame() string {
	kind := "The answer has no Content-Type"
	if v, ok := s.at.Response.Get("Content-Type"); ok && v != "" {
		kind = fmt.Sprintf("The answer's Content-Type is %q", v)
	}
	if s.status() >= 400 {
		kind += fmt.Sprintf(" and its status %s", statusText(s.status()))
	}
	return kind
}

// rightTypes are what each API or element takes.
var rightTypes = map[fetch.Initiator]string{
	fetch.InitiatorScript:      "text/javascript",
	fetch.InitiatorModule:      "text/javascript",
	fetch.InitiatorImage:       "the image's own type, such as image/png",
	fetch.InitiatorFont:        "the font's own type, such as font/woff2",
	fetch.InitiatorEventSource: "text/event-stream",
}

func (s *subject) rightType() string {
	right, ok := rightTypes[s.res.Request.Initiator]
	switch v, _ := s.at.Response.Get("Content-Type"); {
	case s.status() >= 400:
		return "Mend the error first: correct the URL, or what the server answers there."
	case !ok:
		return "Send the type that the content has."
	case strings.HasPrefix(v, "text/html") && s.res.Request.Initiator != fetch.InitiatorEventSource:
		return fmt.Sprintf("If HTML is not what should be there, it is often the fallback page of an application, or a login page: correct the URL. The right type is %s.", right)
	}
	return fmt.Sprintf("The right type is %s.", right)
}
