package fix

import (
	"sync"
	"text/template"

	"github.com/corscheck/corscheck/probe/finding"
)

// Kind is the place of a stack between the browser and the application.
type Kind string

// The kinds, in the order in which an answer of theirs meets the browser.
const (
	Edge      Kind = "edge"      // a CDN: sees every answer last
	Proxy     Kind = "proxy"     // a load balancer or an ingress
	Server    Kind = "server"    // a web server, which may proxy as well
	Platform  Kind = "platform"  // runs somebody's code and answers for it
	Framework Kind = "framework" // the application itself
	DevProxy  Kind = "dev-proxy" // for a page whose developer cannot change the server
)

// depth orders kinds from the browser inwards.
func (k Kind) depth() int {
	switch k {
	case Edge:
		return 0
	case Proxy:
		return 1
	case Server:
		return 2
	case Platform:
		return 3
	case Framework:
		return 4
	}
	return 5
}

// A Stack is a server, framework or platform: what it is recognised by from
// outside, and the change that mends a finding on it.
type Stack struct {
	// Key is what --stack takes; keys are never renamed once released.
	Key     string
	Name    string
	Aliases []string
	Kind    Kind
	// Run says that the printed changes are applied to the real server by the
	// project's tests; the others follow the documentation and are marked so.
	Run bool
	// runtime says that the marks tell what the application runs on, and that a
	// framework on it is the better guess where that is seen as well.
	runtime bool
	// Marks are what it is recognised by.
	Marks []Mark
	// comment starts a comment line in its language.
	comment string
	// unquotable are the characters that its language has no escape for, or that
	// its library does not know in names. Hardly anybody has a header of such a
	// name; who asks for one gets the general change.
	unquotable string
	// note is one line that every change starts with, where one is needed.
	note string
	// changes are tried in order; the first one that mends the finding is printed.
	changes []change
}

// A change is what to write, and which findings that mends.
type change struct {
	// ids are the findings it mends; nil is every finding that a correct
	// configuration of CORS mends, which is most of them.
	ids   []finding.ID
	parts []part
}

// A part is one passage of a change with the place that it belongs to. Both
// are templates over view, parsed when they are first needed: a run needs those
// of one stack, if any.
type part struct {
	place, code func() *template.Template
}

// parts pairs places with code: place, code, place, code.
func parts(texts ...string) []part {
	var list []part
	for i := 0; i+1 < len(texts); i += 2 {
		list = append(list, part{place: parse(texts[i]), code: parse(texts[i+1])})
	}
	return list
}

func parse(text string) func() *template.Template {
	return sync.OnceValue(func() *template.Template {
		return template.Must(template.New("").Funcs(quoting).Parse(text))
	})
}

// ids is a list of findings.
func ids(list ...finding.ID) []finding.ID { return list }

// everything is the one change of a stack whose full configuration mends all
// that a configuration can mend.
func everything(texts ...string) []change {
	return []change{{parts: parts(texts...)}}
}

// configured are the findings that a correct configuration of CORS mends.
var configured = map[finding.ID]bool{
	"no-cors-headers": true, "preflight-needs-auth": true, "preflight-not-routed": true, "preflight-status": true,
	"error-hides-behind-cors": true, "duplicate-allow-origin": true, "wildcard-with-credentials": true,
	"credentials-not-allowed": true, "header-not-allowed": true, "method-not-allowed": true,
	"malformed-allow-list": true, "origin-mismatch": true, "loopback-mismatch": true,
	"only-preflight-configured": true, "only-response-configured": true, "vary-origin-missing": true,
	"cached-without-cors": true, "bucket-rule-missing": true, "platform-auth": true, "header-not-exposed": true,
	"preflight-not-cached": true, "spec-stricter-than-browsers": true, "reflects-any-origin": true,
}

// mends reports whether the change is one for the finding.
func (c change) mends(id finding.ID) bool {
	if c.ids == nil {
		return configured[id]
	}
	for _, one := range c.ids {
		if one == id {
			return true
		}
	}
	return false
}

// Stacks are all stacks: what is run for real first, development proxies last.
func Stacks() []Stack {
	list := make([]Stack, len(registry))
	for i, s := range registry {
		list[i] = *s
	}
	return list
}

// Lookup finds a stack by its key or an alias.
func Lookup(key string) (Stack, bool) {
	if s := lookup(key); s != nil {
		return *s, true
	}
	return Stack{}, false
}
