package diagnose

import (
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// violations are all rules that the last answer of a trace breaks. A browser
// stops at the first; to see the others, the value that broke the rule is put
// right in a copy of the answer and the machine judges it again, until it
// passes. So the cause does not depend on which fault a browser reports first.
func violations(res *fetch.Result) []fetch.Step {
	if res.Failing == nil {
		return nil
	}
	last := len(res.Exchanges) - 1
	if last < 0 || res.Exchanges[last].Response == nil {
		return []fetch.Step{*res.Failing}
	}
	steps := []fetch.Step{*res.Failing}
	answer := *res.Exchanges[last].Response
	answer.Headers = slices.Clone(answer.Headers)
	limit := 8 + strings.Count(strings.Join(res.Because(), " "), "header ")
	for range limit {
		if !mend(&answer, steps[len(steps)-1], res.Exchanges[last].Message) {
			break
		}
		again := replay(res.Browser, res.Request, res.Exchanges[:last], &answer)
		if again == nil || again.Failing == nil || len(again.Exchanges) != last+1 {
			break
		}
		steps = append(steps, *again.Failing)
	}
	return steps
}

// mend changes an answer so that it no longer breaks the rule of a step. It
// reports false where neither its status nor a header could.
func mend(r *fetch.Response, broken fetch.Step, m fetch.Message) bool {
	switch broken.Rule {
	case fetch.RuleAllowOriginPresent, fetch.RuleAllowOriginSingle, fetch.RuleAllowOriginValid,
		fetch.RuleAllowOriginMatches, fetch.RuleNoWildcardWithCreds:
		origin, _ := m.Get("Origin")
		set(r, "Access-Control-Allow-Origin", origin)
	case fetch.RuleAllowCredentials:
		set(r, "Access-Control-Allow-Credentials", "true")
	case fetch.RulePreflightStatus:
		r.Status = 204
	case fetch.RuleAllowMethodsSyntax:
		set(r, "Access-Control-Allow-Methods", wellFormed(r, "Access-Control-Allow-Methods"))
	case fetch.RuleAllowHeadersSyntax:
		set(r, "Access-Control-Allow-Headers", wellFormed(r, "Access-Control-Allow-Headers"))
	case fetch.RuleMethodAllowed:
		extend(r, "Access-Control-Allow-Methods", broken.Want)
	case fetch.RuleHeaderAllowed:
		extend(r, "Access-Control-Allow-Headers", broken.Want)
	case fetch.RuleAuthorizationNamed:
		extend(r, "Access-Control-Allow-Headers", "authorization")
	case fetch.RulePolicySameOrigin, fetch.RulePolicySameSite:
		set(r, "Cross-Origin-Resource-Policy", "cross-origin")
	case fetch.RuleNosniff, fetch.RuleScriptType, fetch.RuleModuleType, fetch.RuleOpaqueBlocking:
		set(r, "Content-Type", "text/javascript")
	case fetch.RuleEventStream:
		set(r, "Content-Type", "text/event-stream")
	case fetch.RuleElementStatus, fetch.RuleElementError:
		r.Status = 200
	default:
		return false
	}
	return true
}

// wellFormed is a list of all words in a malformed list: what was probably meant.
func wellFormed(r *fetch.Response, name string) string {
	value, _ := r.Get(name)
	words := strings.FieldsFunc(value, func(c rune) bool { return strings.ContainsRune(" \t,;|\"'[](){}", c) })
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return !fetch.IsToken(w) }), ", ")
}

func extend(r *fetch.Response, name, element string) {
	value, _ := r.Get(name)
	if value != "" {
		value += ", "
	}
	set(r, name, value+element)
}

// set replaces all lines of a header by one.
func set(r *fetch.Response, name, value string) {
	r.Headers = slices.DeleteFunc(r.Headers, func(h fetch.Header) bool { return strings.EqualFold(h.Name, name) })
	r.Headers = append(r.Headers, fetch.Header{Name: name, Value: value})
}

// replay steps a request through recorded answers and then one more. It returns
// nil where the answers belong to another request.
func replay(browser *fetch.Profile, req fetch.Request, before []fetch.Exchange, last *fetch.Response) *fetch.Result {
	f, err := fetch.New(browser, req)
	if err != nil {
		return nil
	}
	for _, x := range before {
		m, ok := f.Next()
		if !ok || x.Response == nil || m.Kind != x.Message.Kind || m.Method != x.Message.Method {
			return nil
		}
		f.Receive(x.Response)
	}
	if _, ok := f.Next(); !ok {
		return nil
	}
	f.Receive(last)
	return f.Result()
}

// judge says what the browser would do with one answer to one request: the
// machine is stepped with it alone.
func judge(browser *fetch.Profile, req fetch.Request, answer *fetch.Response) *fetch.Result {
	return replay(browser, req, nil, answer)
}

// passes reports whether a variant that was tried ended well.
func passes(res *fetch.Result) bool {
	return res != nil && res.Verdict == fetch.Allowed && res.Type != fetch.TypeOpaqueRedirect
}
