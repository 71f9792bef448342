package fetch

import (
	"slices"
	"strings"
)

// safelistedResponseHeaders: https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
var safelistedResponseHeaders = []string{
	"cache-control", "content-language", "content-length", "content-type",
	"expires", "last-modified", "pragma",
}

// exposedHeaders are the names that script can read from a CORS filtered
// response. https://fetch.spec.whatwg.org/#concept-filtered-response-cors
func (p *Profile) exposedHeaders(resp *Response, req *Request) []string {
	value, _ := resp.Get("Access-Control-Expose-Headers")
	names, ok := parseList(value)
	if !ok {
		names = nil
		if p.ExposeStopsAtWildcard && req.Initiator == InitiatorFetch && p.wildcardBeforeFault(value) {
			names = []string{"*"}
		}
	}
	if p.WildcardExposesAccept && req.Credentials == CredentialsInclude && slices.Contains(names, "*") {
		names = append(names, "accept")
	}
	all := req.Credentials != CredentialsInclude && slices.Contains(names, "*")
	return p.visible(resp, func(name string) bool {
		return all || slices.Contains(safelistedResponseHeaders, name) ||
			containsFold(names, name)
	})
}

// Exposes reports whether script could read a header of this name, had the
// response that it was given had one. It is false where there was no response.
func (r *Result) Exposes(name string) bool {
	x := r.lastExchange()
	if r.Verdict != Allowed || x == nil || x.Response == nil {
		return false
	}
	with := &Response{Headers: append(slices.Clone(x.Response.Headers), Header{Name: name})}
	var seen []string
	switch r.Type {
	case TypeCORS:
		seen = r.Browser.exposedHeaders(with, &r.Request)
	case TypeBasic:
		seen = r.Browser.basicHeaders(with)
	}
	return containsFold(seen, name)
}

// wildcardBeforeFault reports whether a list has a * and only names before it.
func (p *Profile) wildcardBeforeFault(value string) bool {
	before := 0
	for element := range strings.SplitSeq(value, ",") {
		if trimOWS(element) == "*" {
			_, ok := listFault(value[:before])
			return ok
		}
		before += len(element) + len(",")
	}
	return false
}

// basicHeaders are the names that script can read from a basic filtered
// response. https://fetch.spec.whatwg.org/#concept-filtered-response-basic
func (p *Profile) basicHeaders(resp *Response) []string {
	return p.visible(resp, func(string) bool { return true })
}

// visible returns the names that pass, lower-case, sorted and unique, without
// the forbidden ones. https://fetch.spec.whatwg.org/#forbidden-response-header-name
func (p *Profile) visible(resp *Response, pass func(lowerName string) bool) []string {
	out := make([]string, 0, len(resp.Headers))
	for _, h := range resp.Headers {
		name := lowerName(h.Name)
		if name != "set-cookie" && name != "set-cookie2" && pass(name) && !slices.Contains(out, name) && !slices.Contains(p.HiddenHeaders, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// withoutRepeated: see Profile.HiddenRepeated; XMLHttpRequest shows them.
func (f *Fetch) withoutRepeated(resp *Response, names []string) []string {
	if f.p.HiddenRepeated == nil || f.isXHR() {
		return names
	}
	return slices.DeleteFunc(names, func(name string) bool {
		return slices.Contains(f.p.HiddenRepeated, name) && len(f.p.countedLines(resp, name)) > 1
	})
}

func containsFold(names []string, name string) bool {
	return slices.ContainsFunc(names, func(s string) bool { return equalFold(s, name) })
}
