package fetch

// A RedirectProfile is which redirects the browser follows, and what it takes along.
type RedirectProfile struct {
	// RedirectOrder is what the browser looks at in a redirect, in its order; it
	// decides which of several faults is reported.
	RedirectOrder []redirectCheck
	// UnsafeRedirects are the schemes that RuleRedirectUnsafe refuses, with the code for
	// each; empty for the rule's own.
	UnsafeRedirects map[string]string
	// SafePages are URLs with a scheme of UnsafeRedirects that are not refused, in lower
	// case and without query and fragment.
	SafePages map[string]struct{}
	// OwnBlobIsSafe: a blob: URL of the origin that answers is not refused either,
	// except to XMLHttpRequest.
	OwnBlobIsSafe bool
	// RedirectsFrom309: statuses 309 to 399 are redirects, too.
	RedirectsFrom309 bool
	// JoinsLocations: several Location lines are one value.
	JoinsLocations bool
	// FollowsEmptyLocation: an empty Location leads to the same URL.
	FollowsEmptyLocation bool
	// EmptyLocationFails: an empty Location is a network error.
	EmptyLocationFails bool
	// ControlsInLocation: control characters in Location are percent-encoded, where the
	// URL parser would remove some of them and trim others.
	ControlsInLocation bool
	// LosesEmptyFragment: a bare # at the end of the URL is not taken along to the
	// next hop.
	LosesEmptyFragment bool
	// ErrorModeByStatus: redirect mode error refuses every redirect status, with
	// or without Location.
	ErrorModeByStatus bool
	// RedirectKeepsCredentials: a request that began on the page's origin with
	// credentials same-origin has its redirects checked as if it had include, after
	// the preflight of the next hop.
	RedirectKeepsCredentials bool
	// OpaqueKeepsCredentials: a no-cors request that began on the page's origin with
	// credentials same-origin takes cookies along to others.
	OpaqueKeepsCredentials bool
	// ForeignRedirectUnchecked: the first redirect away from the page's origin is
	// refused for a user name in its URL only after the preflight it calls for.
	ForeignRedirectUnchecked bool
	// RefusesUserinfo: a redirect to a URL with a user name is refused where no CORS
	// is needed, too: of a no-cors request, and, except to XMLHttpRequest, within the
	// page's own origin.
	RefusesUserinfo bool
	// BodyHeaders are removed when a redirect turns the method into GET.
	BodyHeaders []string
	// HopHeaders are removed by a redirect to another origin than the page's.
	HopHeaders []string
	// RedirectRestoresHeaders: each redirect starts again from the headers that
	// script set. They decide about the preflight of the hop, and what a redirect
	// removes is removed from that hop's request only.
	RedirectRestoresHeaders bool
	// HomeRedirectsKeep: a redirect within the page's own origin, or without CORS,
	// does not start again, and loses the User-Agent that script set; but Content-Type
	// comes back with a status that keeps the method; with credentials same-origin
	// only if the request had it when it left the page's origin.
	HomeRedirectsKeep bool
	// AuthorizationReturns: Authorization is removed only for the hop to another
	// origin; the next redirect brings it back.
	AuthorizationReturns bool
	// DropsByFirstMethod: whether a redirect removes BodyHeaders follows from its
	// status and the method that script asked for, not the one of the hop.
	DropsByFirstMethod bool
	// DropsForGood: the Content-Type that XMLHttpRequest itself gives a body does not
	// come back with a later redirect, as that of fetch() and one that script set do.
	DropsForGood bool
	// PreflightsAgain: a request that was preflighted is preflighted at every
	// further hop, needed or not.
	PreflightsAgain bool
	// DroppedHeadersPreflight: a header that a redirect has removed still calls
	// for a preflight.
	DroppedHeadersPreflight bool
	// RewritesForeignDelete: a redirect to another origin turns DELETE into GET,
	// whatever its status.
	RewritesForeignDelete bool
	// KeepsOrigin: a request that had Origin keeps it over redirects that would
	// not need it.
	KeepsOrigin bool
	// OpaqueRedirectTaints: the first redirect to another origin makes the Origin of
	// a no-cors request null, and one that changes the method takes it away.
	OpaqueRedirectTaints bool
}

// An HTTPCacheProfile is what a chain of redirects is answered with from the HTTP cache.
// https://httpwg.org/specs/rfc9111.html
type HTTPCacheProfile struct {
	// FreshRedirect tells the redirects that a chain which comes back to their URL
	// is answered with from the HTTP cache; nil for none.
	FreshRedirect func(*Fetch, *Response) bool
	// CachesHEAD: redirects of HEAD are kept like those of GET.
	CachesHEAD bool
	// CachedRedirectOnce: a redirect is answered with from the cache once, and then
	// anew by the server.
	CachedRedirectOnce bool
	// CacheKnowsCredentials: the HTTP cache keeps the answers to requests with
	// credentials apart from those without.
	CacheKnowsCredentials bool
	// Reloads reports whether script asks past the HTTP cache; nil: never.
	Reloads func(f *Fetch) bool
	// PermanentInMemory: permanent redirects over http are kept in memory only. Once
	// one of them has answered, the chain looks for others there alone.
	PermanentInMemory bool
	// RangeIsUncached tells the values of Range with which script asks past the HTTP
	// cache; nil: none.
	RangeIsUncached func(value string) bool
	// OpaqueOriginUncached: a sandboxed page has no HTTP cache.
	OpaqueOriginUncached bool
}
