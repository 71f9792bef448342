// Package lab is an embedded server with one route for each way in which CORS
// goes wrong, and for the sound configurations beside them. The demo, the tests
// and the documentation all use it.
//
// A route is data: what the server answers, the request that a page makes, and
// what comes of it. The lab has three origins, as redirects need them: the
// page's own, another one, which is the target, and a third.
package lab

import (
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// A Family is a group of routes that belong together.
type Family string

// The families, in the order in which a newcomer meets them.
const (
	Sound       Family = "Configurations that work"
	Answer      Family = "The answer does not let the page read it"
	Preflight   Family = "The preflight fails"
	Credentials Family = "Cookies and other credentials"
	Redirects   Family = "Redirects"
	Browsers    Family = "Where browsers differ"
	Network     Family = "Not a matter of CORS headers"
	Advice      Family = "What works today, and could be better"
)

// Families are all families in their order.
func Families() []Family {
	return []Family{Sound, Answer, Preflight, Credentials, Redirects, Browsers, Network, Advice}
}

// A Route is one situation.
type Route struct {
	// Name is the route's path, without the slash: "preflight-status".
	Name   string
	Family Family
	// Title is what the server does, in one clause; Teaches is what follows
	// from it, in one or two sentences.
	Title, Teaches string

	// Request is what the page does. URL and Origin may hold {page}, {other}
	// and {third}; where they are empty the URL is the route on {other} and the
	// origin is {page}.
	Request fetch.Request
	// Replies are what the servers answer; the first that matches counts, and
	// without one it is a bare 404.
	Replies []Reply

	// Verdict and Code are what Chrome makes of it. Code is the reason code,
	// empty where the request is allowed.
	Verdict fetch.Verdict
	Code    string
	// Finding is the headline of the diagnosis; empty where there is nothing to
	// mend, "?" where the route promises nothing of it.
	Finding finding.ID
	// Shows are findings that the diagnosis makes beside its headline, advice
	// above all. Nearly is one that it must not make, as this server has all
	// that leads to it but one thing.
	Shows  []finding.ID
	Nearly finding.ID
	// Differs says what another browser does, where it does something else.
	Differs string
}

// A Reply is what the lab answers to requests that match it.
type Reply struct {
	Host   Host   // zero: Other
	Method string // empty: any
	Path   string // below the route's own path: "/next"; empty: the route itself
	// With and Without are request headers that must, or must not, be there:
	// "Origin", or "Origin: {third}" for one value.
	With, Without []string
	// Stored matches only a URL without a query, as a cache that holds an
	// answer for it would.
	Stored bool

	Status int // zero: 200
	// Header are response header lines. They may hold {page}, {other}, {third}
	// (and {page-host} and so on for host:port), and echo the request with
	// {reflect}, {reflect-method} and {reflect-headers}; a line whose echo has
	// nothing to echo is left out.
	Header []string
	Body   string
	// Does replaces the answer by something that is none.
	Does Deed
}

// Host is one of the lab's three origins.
type Host int

// The hosts.
const (
	Other Host = iota // the target
	Page              // the page's own
	Third
)

// A Deed is what a server does instead of answering.
type Deed string

// The deeds.
const (
	Hang    Deed = "hang"    // accepts the request and says nothing
	Reset   Deed = "reset"   // closes the connection
	Garbage Deed = "garbage" // answers with something that is not HTTP
	Endless Deed = "endless" // answers, and never stops sending the body
)

// Origins are the three origins of a running lab.
type Origins struct {
	Page, Other, Third string
}

// expand puts the origins in place of their names.
func (o Origins) expand(s string) string {
	if !strings.Contains(s, "{") {
		return s
	}
	host := func(origin string) string { _, after, _ := strings.Cut(origin, "://"); return after }
	return strings.NewReplacer(
		"{page}", o.Page, "{other}", o.Other, "{third}", o.Third,
		"{page-host}", host(o.Page), "{other-host}", host(o.Other), "{third-host}", host(o.Third),
	).Replace(s)
}

// For is the route's request against a running lab.
func (r *Route) For(o Origins) fetch.Request {
	q := r.Request
	if q.URL == "" {
		q.URL = "{other}/" + r.Name
	}
	if q.Origin == "" {
		q.Origin = "{page}"
	}
	q.URL, q.Origin = o.expand(q.URL), o.expand(q.Origin)
	return q
}

// Routes are all routes of the lab, family by family.
func Routes() []Route {
	all := [][]Route{soundRoutes, answerRoutes, preflightRoutes, credentialsRoutes, redirectRoutes, browserRoutes, networkRoutes, causeRoutes, adviceRoutes}
	var out []Route
	for _, routes := range all {
		out = append(out, routes...)
	}
	return out
}

// NearMisses are routes that the lab serves and the demo leaves out: servers
// that have all but one thing of a fault, and one that never answers.
func NearMisses() []Route { return nearRoutes }

// Lookup finds a route by its name.
func Lookup(name string) (Route, bool) {
	for _, r := range allRoutes {
		if r.Name == name {
			return r, true
		}
	}
	return Route{}, false
}
