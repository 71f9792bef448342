package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// readTarget reads one entry of targets and adds it to the policy.
func (l *loader) readTarget(n ast.Node) {
	fields, ok := l.fields(n, "a target", targetKeys)
	if !ok {
		return
	}
	before := len(l.errs)
	t := l.defaults
	t.source = l.source(n)
	t.expect = l.defaults.expect.clone()
	given := map[string]ast.Node{}
	for _, f := range fields {
		given[f.name] = f.value
		switch f.name {
		case "url":
			t.url = l.url(f.value)
		case "allow":
			t.allow = l.origins(f.value, "allow")
		case "deny":
			t.deny = l.origins(f.value, "deny")
		case "methods", "headers", "requests":
			// they belong together: see readRequests
		default:
			l.common(&t, f)
		}
	}
	if l.opts.Browsers != nil {
		t.browsers = l.opts.Browsers
	}
	if given["url"] == nil {
		l.errorf(n, "a target needs a url")
	}
	if given["allow"] == nil && given["deny"] == nil {
		l.errorf(n, "a target needs origins to allow, or to deny")
	}
	l.contradictions(&t)
	t.requests = l.readRequests(given, t.source)
	if len(l.errs) == before {
		l.duplicates(&t)
	}
	l.policy.targets = append(l.policy.targets, t)
}

// readRequests makes the requests of a target from its short form or its long one.
func (l *loader) readRequests(given map[string]ast.Node, source probe.Source) []request {
	headers := l.defaultHeaders
	if n := given["headers"]; n != nil {
		headers = merge(headers, l.headers(n))
	}
	if n := given["requests"]; n != nil {
		if m := given["methods"]; m != nil {
			l.errorf(m, "a target has methods or requests, not both: move the methods into requests")
			l.methods(m)
		}
		return l.longForm(n, headers)
	}
	requests := slices.Clone(l.defaultMethods)
	for i := range requests {
		requests[i].source = source // where a duplicate is mended
	}
	if n := given["methods"]; n != nil {
		requests = l.methods(n)
	}
	if len(requests) == 0 {
		requests = []request{{source: source, method: "GET"}}
	}
	for i := range requests {
		requests[i].headers = headers
	}
	return requests
}

func (l *loader) longForm(n ast.Node, shared []fetch.Header) []request {
	var requests []request
	items, _ := l.list(n, "requests")
	for _, item := range items {
		fields, _ := l.fields(item, "a request", requestKeys)
		r := request{source: l.source(item), method: "GET", headers: shared}
		for _, f := range fields {
			switch f.name {
			case "method":
				if m, ok := l.method(f.value); ok {
					r.method = m
				}
			case "headers":
				r.headers = merge(shared, l.headers(f.value))
			case "body":
				if t, ok := l.str(f.value, "body"); ok {
					r.body = []byte(t.value)
					l.policy.secrets = append(l.policy.secrets, t.vars...)
				}
			}
		}
		if r.body != nil && (r.method == "GET" || r.method == "HEAD") {
			l.errorf(item, "a %s has no body, fetch() itself would throw: drop the body, or name another method", r.method)
		}
		requests = append(requests, r)
	}
	return requests
}

// methods reads a list of methods.
func (l *loader) methods(n ast.Node) []request {
	var requests []request
	items, _ := l.list(n, "methods")
	for _, item := range items {
		m, ok := l.method(item)
		if !ok {
			continue
		}
		if slices.ContainsFunc(requests, func(r request) bool { return r.method == m }) {
			l.errorf(item, "method %s is listed twice", m)
			continue
		}
		requests = append(requests, request{source: l.source(item), method: m})
	}
	return requests
}

// merge gives base with those of own in place of the same names.
func merge(base, own []fetch.Header) []fetch.Header {
	var merged []fetch.Header
	for _, h := range base {
		if !slices.ContainsFunc(own, func(o fetch.Header) bool { return strings.EqualFold(o.Name, h.Name) }) {
			merged = append(merged, h)
		}
	}
	return append(merged, own...)
}

// duplicates reports a request that an earlier target or line checks already:
// two lists for the same request can only contradict or repeat one another.
func (l *loader) duplicates(t *target) {
	url := t.url
	if u, err := fetch.ParseURL(t.url, nil); err == nil {
		url = u.Display()
	}
	for _, r := range t.requests {
		lines := make([]string, len(r.headers))
		for i, h := range r.headers {
			lines[i] = strings.ToLower(h.Name) + ": " + h.Value
		}
		slices.Sort(lines)
		for _, b := range t.browsers {
			// What is left out is what fetch() takes it for.
			credentials, redirect := cmp.Or(t.credentials, fetch.CredentialsSameOrigin), cmp.Or(t.redirect, fetch.RedirectFollow)
			key := fmt.Sprintf("%q %q %q %q %q %q", url, r.method, lines, credentials, b.Name, redirect)
			if first, dup := l.seen[key]; dup {
				l.errs = append(l.errs, &Error{r.source.File, r.source.Line, r.source.Column,
					fmt.Sprintf("%s is checked twice with the same URL, headers and credentials, first at %s: merge the two", r.method, first)})
				break
			}
			l.seen[key] = fmt.Sprintf("%s:%d:%d", r.source.File, r.source.Line, r.source.Column)
		}
	}
}
