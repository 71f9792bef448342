package diagnose

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

func (s *subject) failedOnNetwork() bool {
	return s.at != nil && s.at.Failure != nil
}

var unreachable = map[fetch.FailureKind]finding.ID{
	fetch.FailDNS:      finding.UnreachableDNS,
	fetch.FailRefused:  finding.UnreachableRefused,
	fetch.FailConnect:  finding.UnreachableNetwork,
	fetch.FailTLS:      finding.UnreachableTLS,
	fetch.FailTimeout:  finding.UnreachableTimeout,
	fetch.FailReset:    finding.UnreachableReset,
	fetch.FailProtocol: finding.UnreachableProtocol,
	fetch.FailProxy:    finding.UnreachableProxy,
}

// networkCause names the layer that failed. The failure itself is the proof.
func networkCause(ctx context.Context, s *subject) []finding.Finding {
	failure := s.at.Failure
	id, ok := unreachable[failure.Kind]
	if !ok {
		return nil // interrupted: nothing is known of the server
	}
	if plain := s.res.UpgradedFrom(); plain != nil {
		return s.conclude(finding.MixedContent, true, fmt.Sprintf("The page is on https and the image at %s is not, so the browser asks for %s instead, "+
			"which gives no answer: %s. Serve the image over https.", plain.Display(), s.here().Display(), failure.Detail))
	}
	detail := s.withoutAnswer(failure)
	if failure.Code != "" {
		s.learn("Chrome's name for it is " + failure.Code)
	}
	if s.at.Message.Hop > 0 {
		s.learn("the URL is the target of a redirect of " + s.target().Display())
	}
	switch {
	case failure.Kind == fetch.FailReset && s.preflight() && s.getIsAnswered(ctx):
		detail += " GET of the same path is answered: the server, or something in front of it, drops OPTIONS."
	case failure.Kind == fetch.FailTLS && !isCertificate(failure) && s.speaksPlainHTTP(ctx):
		detail += " The port speaks plain HTTP: the URL must start with http://, or the server must be given a certificate."
	case failure.Kind == fetch.FailTLS:
		detail += " A page's request cannot click through a warning, and nothing of CORS was asked."
	case failure.Kind == fetch.FailTimeout && s.preflight():
		detail += " It was the preflight that got none: a server or a firewall that drops OPTIONS looks like this. A check with -X GET and without headers tells."
	case failure.Kind == fetch.FailProtocol:
		detail += " CORS has nothing to do with it: a browser does not get as far as the headers for that."
	case len(s.res.Exchanges) > 1:
		detail += " An earlier request of this check was answered."
	default:
		detail += " CORS has nothing to do with it: nothing was answered."
	}
	return s.conclude(id, true, detail)
}

// withoutAnswer says what there is instead of an answer, and for how long it was
// waited for where that is what ended the check.
func (s *subject) withoutAnswer(failure *fetch.Failure) string {
	from, what := " from "+s.here().HostPort(), ": "+failure.Detail
	if strings.Contains(failure.Detail, s.here().Host) {
		from = ""
	}
	doing, late := strings.CutPrefix(failure.Detail, "no answer in time")
	switch {
	case failure.Kind == fetch.FailProtocol:
		return fmt.Sprintf("No browser reads the answer of %s: %s.", s.here().HostPort(), failure.Detail)
	case late && s.Timeout > 0:
		return fmt.Sprintf("No answer%s within %s (--timeout)%s. A browser waits far longer.", from, inSeconds(s.Timeout), doing)
	}
	return "No answer" + from + what + "."
}

// inSeconds writes 300ms and 4s, as the flag does.
func inSeconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%dms", d.Milliseconds())
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + "s"
}

// wantsTLS: a server says that the port is one for TLS.
func (s *subject) wantsTLS() bool {
	return s.answered() && s.status() == 400 && s.here().Scheme == "http" && saysTLS.MatchString(s.text())
}

func wantsTLSCause(_ context.Context, s *subject) []finding.Finding {
	s.learnHere()
	s.learn("the body says so" + s.startOfBody())
	u := *s.here()
	u.Scheme = "https"
	return s.hidden(true, fmt.Sprintf("The port speaks TLS, and the URL starts with http://, so the server answers 400 to everything%s. Use this URL: %s.", s.quoted(), u.Display()))
}

// getIsAnswered asks whether it is only OPTIONS that gets no answer.
func (s *subject) getIsAnswered(ctx context.Context) bool {
	get := s.tryIt(ctx, s.plainGET(), "whether GET is answered")
	s.learnFrom(get)
	return lastAnswer(get) != nil
}

func isCertificate(f *fetch.Failure) bool { return strings.Contains(f.Code, "CERT") }

// speaksPlainHTTP asks the same port without TLS.
func (s *subject) speaksPlainHTTP(ctx context.Context) bool {
	u := *s.here()
	if u.Scheme != "https" {
		return false
	}
	u.Scheme = "http"
	if u.Port == "" {
		u.Port = "443"
	}
	req := s.fromNobody(fetch.Request{URL: u.String(), Method: "GET", Redirect: fetch.RedirectManual})
	res := s.tryIt(ctx, req, "whether the port speaks plain HTTP")
	if lastAnswer(res) == nil {
		return false
	}
	s.learnFrom(res)
	return true
}

func (s *subject) refusedBeforeSending() bool {
	if s.res.Failing == nil {
		return false
	}
	switch s.res.Failing.Rule {
	case fetch.RuleBadPort, fetch.RuleMixedContent, fetch.RuleMode, fetch.RuleModeOfRedirect, fetch.RuleNoCORSRedirect, fetch.RuleRefusedHeader, fetch.RuleLocalNetwork, fetch.RuleInsecureLocalNetwork:
		return true
	}
	return false
}

// repeatsHeader: a header that may come once came with different values, for
// which a browser drops the answer as a whole.
func (s *subject) repeatsHeader() bool { return s.breaks(fetch.RuleSingleHeader) }

func repeatedHeaderCause(_ context.Context, s *subject) []finding.Finding {
	step, _ := s.step(fetch.RuleSingleHeader)
	id := finding.UnreachableProtocol
	if step.Want == "location" {
		id = finding.RedirectLocation
	}
	s.learnHere()
	return s.conclude(id, true, fmt.Sprintf("The header %s comes several times with different values, %q: the browser drops the answer.", step.Want, step.Seen))
}

// endsNowhere: the browser takes an answer for none, as it cannot find its end.
func (s *subject) endsNowhere() bool { return s.breaks(fetch.RuleFraming) }

func endlessCause(_ context.Context, s *subject) []finding.Finding {
	step, _ := s.step(fetch.RuleFraming)
	s.learnHere()
	return s.conclude(finding.UnreachableProtocol, true, fmt.Sprintf("The body ends %s: the browser drops the answer. See in the server's log, or in that of a proxy before it, why the connection was closed.", step.Seen))
}

// unsentCause is what follows from the two URLs alone, also after a redirect.
func unsentCause(ctx context.Context, s *subject) []finding.Finding {
	step := *s.res.Failing
	if s.answered() {
		if location, ok := s.at.Response.Get("Location"); ok {
			s.learn(fmt.Sprintf("%s redirects to %s", s.here().Display(), location))
		}
	}
	switch step.Rule {
	case fetch.RuleBadPort:
		return s.conclude(finding.BadPort, true, fmt.Sprintf("Port %s is on the list that browsers refuse to connect to; nothing was sent.", step.Seen))
	case fetch.RuleMixedContent:
		detail := fmt.Sprintf("The page is on https and %s is not; the browser sends nothing.", step.Seen)
		if better := s.overTLS(ctx, step.Seen); better != "" {
			detail += fmt.Sprintf(" Use %s: it answers, and this check passes there.", better)
		}
		return s.conclude(finding.MixedContent, true, detail)
	case fetch.RuleRefusedHeader:
		return nil // the reason says all that there is
	case fetch.RuleLocalNetwork, fetch.RuleInsecureLocalNetwork:
		found := s.conclude(finding.LocalNetworkAccess, true, upperFirst(step.Detail())+".")
		found[0].Severity = finding.Error
		return found
	}
	return s.conclude(finding.RequestMode, true, upperFirst(step.Detail())+".")
}

// overTLS returns the https form of a URL where the request passes there.
func (s *subject) overTLS(ctx context.Context, plain string) string {
	u, err := fetch.ParseURL(plain, nil)
	if err != nil || u.Scheme != "http" || u.Port != "" {
		return ""
	}
	u.Scheme = "https"
	res := s.tryIt(ctx, s.foreign(u), "whether the https URL answers")
	s.learnFrom(res)
	if !passes(res) {
		return ""
	}
	return u.Display()
}

// familiesDiffer puts first that the other address family answers well: then
// the configuration of the one that did not is the cause.
func (s *subject) familiesDiffer(ctx context.Context, found []finding.Finding) []finding.Finding {
	answer, other := s.otherFamily(ctx)
	if answer == nil {
		return found
	}
	res := s.replayWith(answer)
	if res == nil || res.Failing != nil && res.Failing.Rule == s.res.Failing.Rule && answer.Status == s.status() {
		return found
	}
	if res.Failing != nil && len(res.Exchanges) == len(s.res.Exchanges) && res.Verdict != fetch.Allowed {
		return found // it fails in another way: no proof of anything
	}
	return append(s.twoFamilies(answer, other, 10-other), found...)
}

// onThisMachine: a request that passed went to a name of this machine, where
// every program chooses the families that it listens on.
func (s *subject) onThisMachine() bool { return s.passedCORS() && s.here().IsLoopback() }

// familiesAdvice is familiesDiffer for a check that passed. Which address a
// browser takes is not for the page to say.
func familiesAdvice(ctx context.Context, s *subject) []finding.Finding {
	answer, other := s.otherFamily(ctx)
	if answer == nil {
		return nil
	}
	if res := s.replayWith(answer); res == nil || res.Verdict != fetch.Blocked {
		return nil
	}
	found := s.twoFamilies(answer, 10-other, other)
	found[0].Severity = finding.Warning
	return found
}

// otherFamily puts the question that decided to the address family, 4 or 6,
// that did not answer it. It returns no answer where there is none.
func (s *subject) otherFamily(ctx context.Context) (answer *fetch.Response, family int) {
	if _, literal := s.here().Addr(); literal || !s.answered() || !isSafe(s.at.Message.Method) || !s.at.Response.Address.IsValid() {
		return nil, 0
	}
	this, other := 6, 4
	if s.at.Response.Address.Unmap().Is4() {
		this, other = 4, 6
	}
	got, _ := s.put(ctx, Question{Message: s.at.Message, Family: other, Why: fmt.Sprintf("whether IPv%d answers as IPv%d does", other, this)})
	return got.Response, other
}

// replayWith judges the check as it had been with another last answer.
func (s *subject) replayWith(answer *fetch.Response) *fetch.Result {
	return replay(s.res.Browser, s.res.Request, s.res.Exchanges[:len(s.res.Exchanges)-1], answer)
}

// twoFamilies says which address family passes and which one fails.
func (s *subject) twoFamilies(other *fetch.Response, good, bad int) []finding.Finding {
	fresh := *s
	fresh.evidence = nil
	for _, r := range []*fetch.Response{s.at.Response, other} {
		family := 6
		if r.Address.Unmap().Is4() {
			family = 4
		}
		fresh.learn(fmt.Sprintf("IPv%d (%s): %s", family, r.Address, outcome(r)))
	}
	return fresh.conclude(finding.AddressFamiliesDiffer, true, fmt.Sprintf(
		"%s passes over IPv%d and fails over IPv%d: two servers, or two configurations, stand behind the name.", s.here().Host, good, bad))
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
