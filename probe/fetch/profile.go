package fetch

// A Profile is a browser as data: where it departs from the standard, what it
// sends, and what it prints. An algorithm never asks which browser it runs for;
// it reads a field that says what is different and for which recorded scenario.
type Profile struct {
	// Name is what --browser takes: "chrome", "firefox" or "safari".
	Name string
	// Version is the browser whose behaviour was recorded.
	Version string

	// SafelistedClientHints are names beyond the standard's that call for no
	// preflight where their value passes.
	SafelistedClientHints map[string]func(value string) bool
	// RangeUnitAnyCase: "Bytes=0-1" is as safelisted as "bytes=0-1".
	RangeUnitAnyCase bool
	// NoSafelistedTotal: the limit of 1024 bytes for all safelisted values is
	// not enforced.
	NoSafelistedTotal bool
	// JudgesHeaderLines: repeated headers are held against the safelist line by
	// line and named once a line in Access-Control-Request-Headers.
	JudgesHeaderLines bool
	// OneContentType: repeated Content-Type headers are not combined; the first
	// request is sent with the first if it has a body, every other with the last.
	OneContentType bool
	// LastOfRepeated are lower-case names of repeated request headers that are not
	// combined: the last is sent.
	LastOfRepeated []string
	// FirstOfRepeated are those of which the first is sent, empty where any is.
	FirstOfRepeated []string
	// SpellsAsFirst: all lines of a repeated header of fetch() are spelled as the
	// first is, though that one be dropped.
	SpellsAsFirst bool
	// RefusedHeader is the lower-case name of a request header with which nothing is
	// sent, not even a preflight; empty for none.
	RefusedHeader string
	// UnjoinedHeader is that of one whose lines fetch() joins by what no value may
	// have, so that the request fails where its preflight has passed; empty for none.
	UnjoinedHeader string
	// ContentType is how the browser reads the essence of a Content-Type set by
	// script; nil is the standard's parser.
	ContentType func(value string) string
	// DropsUserAgent: a User-Agent set by script is dropped silently.
	DropsUserAgent bool

	// PreflightOrder is what the browser looks at in the answer to a preflight,
	// in its order; it decides which of several faults is reported.
	PreflightOrder []preflightCheck
	// RedirectOrder is the same for a redirect.
	RedirectOrder []redirectCheck
	// UnsafeRedirects are the schemes, and single URLs, that RuleRedirectUnsafe refuses, with the
	// code for each; empty for the rule's own.
	UnsafeRedirects map[string]string
	// OwnBlobIsSafe: a blob: URL of the origin that answers is not among them.
	OwnBlobIsSafe bool
	// URLParser is how the browser parses Location.
	URLParser urlParser
	// WrittenURL is how the browser writes a URL on the wire, and resolves Location
	// against it; nil: as it is.
	WrittenURL func(*URL) *URL
	// UnblockedPorts are bad ports of the standard that the browser connects to.
	UnblockedPorts map[string]struct{}
	// PreflightsBadPorts: a preflight is sent to a bad port; only the request
	// after it is blocked.
	PreflightsBadPorts bool
	// SchemesWithHost: a URL with one of these schemes and no host does not parse.
	SchemesWithHost map[string]struct{}
	// SingleHeaders are lower-case names of headers that are a network error where
	// several lines have different values, whatever the status.
	SingleHeaders []string
	// JoinsLocations: several Location lines are one value.
	JoinsLocations bool
	// FollowsEmptyLocation: an empty Location leads to the same URL.
	// EmptyLocationFails: it is a network error.
	FollowsEmptyLocation, EmptyLocationFails bool
	// LosesEmptyFragment: a bare # at the end of the URL is not taken along to the
	// next hop. DropsEmptyFragment: fetch() removes one from the URL it is given.
	LosesEmptyFragment, DropsEmptyFragment bool
	// ControlsInLocation: control characters at the end of Location are part of it.
	ControlsInLocation bool
	// ErrorModeByStatus: redirect mode error refuses every redirect status, with
	// or without Location.
	ErrorModeByStatus bool
	// PreflightKeepsRedirectMode: a redirect mode other than follow holds for the
	// preflight, too, whose redirect is then an answer with a bad status.
	PreflightKeepsRedirectMode bool
	// RedirectKeepsCredentials: a request that began on the page's origin with
	// credentials same-origin has its redirects checked as if it had include, after
	// the preflight of the next hop.
	RedirectKeepsCredentials bool
	// IgnoresEmptyLines: empty lines of a repeated response header do not count;
	// a repeated request header of fetch() takes the later value where one of them is empty.
	IgnoresEmptyLines bool
	// CountsEmptyLine is the lower-case name of a request header of which an empty
	// line before others counts all the same; empty for none.
	CountsEmptyLine string
	// UnsafeHighBytes: a byte from 0x80 on makes the value of a safelisted request
	// header unsafe.
	UnsafeHighBytes bool
	// RangeLimit is the greatest number in a safelisted Range; empty for no limit.
	RangeLimit string
	// ReadValue is how the browser reads the bytes of a response header's value,
	// WriteValue how it writes those of a request header's; nil: as they are.
	ReadValue, WriteValue func(string) string

	// CountsOriginLines: several header lines of Access-Control-Allow-Origin are
	// reported as such, whatever they say; only those whose name is spelled exactly
	// so are counted.
	CountsOriginLines bool
	// OriginListSeparators are the bytes by which a value of
	// Access-Control-Allow-Origin is recognised as several.
	OriginListSeparators string
	// TellsInvalidOrigin: a value that is no URL is told from another origin.
	TellsInvalidOrigin bool
	// HeaderOrder sorts the request headers that are held against
	// Access-Control-Allow-Headers; the first that is not allowed is reported.
	HeaderOrder func(f *Fetch) []string
	// WildcardCoversAuthorization: a * in Access-Control-Allow-Headers covers
	// Authorization, which the standard denies.
	WildcardCoversAuthorization bool

	// MaxAgeCap is the most seconds for which a preflight is cached.
	MaxAgeCap int
	// MaxAgeMalformed is the seconds for a value that is no number.
	MaxAgeMalformed int
	// MaxAgeOverflow is the seconds for a number that no integer holds; -1 is
	// the cap.
	MaxAgeOverflow int
	// MaxAgeAcceptsSign: "+60" is a number, and "-1" caches nothing.
	MaxAgeAcceptsSign bool
	// CacheTiedToDNS: a cached preflight does not count where the browser has
	// looked up the host's address since. In a browser that was just started the
	// first repetitions of a preflight are therefore not saved; the same scenario
	// run again in the same browser saves them. The machine takes the address for
	// known.
	CacheTiedToDNS bool
	// WildcardNeverCached: a * is cached as the literal element, so that a
	// wildcard answer never saves a preflight.
	WildcardNeverCached bool

	// CachedMethodsNameHEAD: a cached preflight covers HEAD only if
	// Access-Control-Allow-Methods named it, as if it were not safelisted.
	CachedMethodsNameHEAD bool
	// AuthorizationNotCached: a cached * does not cover Authorization, as it did in the
	// answer to the preflight.
	AuthorizationNotCached bool

	// BodyHeaders are removed when a redirect turns the method into GET.
	BodyHeaders []string
	// HopHeaders are removed by any redirect.
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
	// PreflightsAgain: a request that was preflighted is preflighted at every
	// further hop, needed or not.
	PreflightsAgain bool
	// DroppedHeadersPreflight: a header that a redirect has removed still calls
	// for a preflight.
	DroppedHeadersPreflight bool
	// RewritesForeignDelete: a redirect to another origin turns DELETE into GET,
	// whatever its status.
	RewritesForeignDelete bool
	// RedirectsFrom309: statuses 309 to 399 are redirects, too.
	RedirectsFrom309 bool
	// WildcardExposesAccept: where a * in Access-Control-Expose-Headers does not
	// count because of credentials, the header Accept is readable.
	WildcardExposesAccept bool
	// TaintedSkipsCache: a request whose origin a redirect has turned into null is
	// always preflighted.
	TaintedSkipsCache bool
	// ExposeStopsAtWildcard: to fetch() a * in Access-Control-Expose-Headers counts
	// even where what comes after it voids the list.
	ExposeStopsAtWildcard bool
	// RangeAcceptsSign: "bytes=+0-1" is as safelisted as "bytes=0-1".
	RangeAcceptsSign bool
	// ForeignRedirectUnchecked: the first redirect away from the page's origin is
	// refused for a user name in its URL only after the preflight it calls for.
	ForeignRedirectUnchecked bool
	// KeepsOrigin: a request that had Origin keeps it over redirects that would
	// not need it.
	KeepsOrigin bool
	// ConditionalSkipsCache: a request that script made conditional is always
	// preflighted.
	ConditionalSkipsCache bool
	// UntaintedPreflight: a preflight after a tainting redirect carries the
	// page's origin, where the request carries null; on the page's own origin its
	// answer needs no Access-Control-Allow-Origin.
	UntaintedPreflight bool
	// RefusesContentEncoding: a Content-Encoding that is no plain list, or names a
	// coding that the request did not accept, is a network error.
	RefusesContentEncoding bool
	// HiddenHeaders are lower-case names of response headers that script never sees,
	// HiddenRepeated those that fetch() does not see where they come more than once.
	HiddenHeaders, HiddenRepeated []string
	// FreshRedirect tells the redirects that a chain which comes back to their URL
	// is answered with from the HTTP cache; nil for none. CachesHEAD: those of HEAD,
	// too. CachedRedirectOnce: once only, and then anew from the server; never with a Range.
	FreshRedirect                  func(*Response) bool
	CachesHEAD, CachedRedirectOnce bool
	// CacheKnowsCredentials: the HTTP cache keeps the answers to requests with
	// credentials apart from those without.
	CacheKnowsCredentials bool
	// ReloadsByList: script asks past the HTTP cache by one directive of several.
	ReloadsByList bool
	// OpaqueOriginUncached: a sandboxed page has no HTTP cache.
	OpaqueOriginUncached bool
	// UnusableStatus are statuses that the browser takes for a network error.
	UnusableStatus map[int]struct{}
	// LoopbackIsMixed: http://localhost and http://127.0.0.1 are mixed content
	// on an https page.
	LoopbackIsMixed bool

	// PreflightsMixedRedirects: a redirect to mixed content is refused only after
	// the preflight it calls for.
	PreflightsMixedRedirects bool

	// LaxByDefault: a cookie that says nothing about SameSite counts as Lax.
	// NoneNeedsSecure: SameSite=None is refused without Secure.
	// SchemefulCookies: http and https are different sites to cookies.
	// SecureOnLoopback: Secure cookies go to http://localhost and http://127.0.0.1.
	// KnowsPartitioned: the attribute Partitioned gives a cookie to the page's site.
	// RefusesForeignCookies: an answer from another site never stores any.
	LaxByDefault, NoneNeedsSecure, SchemefulCookies, SecureOnLoopback bool
	KnowsPartitioned, RefusesForeignCookies                           bool
	// SameSiteSeesRedirects: a redirect over another site makes a request cross-site
	// for good; where third-party cookies are blocked, it then carries none at all. HomeIsSameSite: but not where it comes back to the page's own host.
	// PartitionsForeign: cookies with Partitioned that were stored while
	// the request was same-site are not those of cross-site requests.
	SameSiteSeesRedirects, HomeIsSameSite, PartitionsForeign bool
	// LastAgeCounts: of Max-Age and Expires the later in the line counts.
	// IgnoresCookiePrefixes: names with __Secure- and __Host- promise nothing.
	// BareCookieIsName: a cookie without "=" is a name without a value.
	LastAgeCounts, IgnoresCookiePrefixes, BareCookieIsName bool
	// ThirdParty is how the browser comes to its users, ThirdPartyWhy says so in a
	// clause. RecordedThirdParty is how the recorded build comes.
	ThirdParty, RecordedThirdParty ThirdParty
	ThirdPartyWhy                  string
	// ClientCertificateAlways: a TLS client certificate goes along with every
	// message, preflights and requests without credentials included.
	ClientCertificateAlways bool

	// LocalNetworkAccess: a page on a public address needs the user's permission
	// to reach a local or loopback one.
	LocalNetworkAccess bool

	// Manners are how it sends the requests of each API or element.
	Manners map[Initiator]manner
	// ElementChecks are what each API or element demands of a response, in the
	// browser's order.
	ElementChecks map[Initiator][]elementCheck
	// EarlyChecks are ElementChecks that come before the CORS check.
	EarlyChecks map[Initiator][]elementCheck
	// FontsWithoutCORS: fonts are fetched with the mode no-cors, so that they need
	// no Access-Control-Allow-Origin.
	FontsWithoutCORS bool
	// ElementsSendOrigin: a request of an element in the mode cors has Origin on the
	// page's own origin, too.
	ElementsSendOrigin bool
	// SendsOriginForStorage: a request with Sec-Fetch-Storage-Access: inactive has
	// Origin in the mode no-cors, too.
	SendsOriginForStorage bool
	// OpaqueRedirectTaints: the first redirect to another origin makes the Origin of
	// a no-cors request null, and one that changes the method takes it away.
	OpaqueRedirectTaints bool
	// ReadsBodyOf205: status 205 has a body like any other.
	ReadsBodyOf205 bool
	// PolicyNeedsDomain: Cross-Origin-Resource-Policy: same-site refuses hosts
	// without a registrable domain, such as IP addresses.
	PolicyNeedsDomain bool
	// TypeEnds are the bytes that end a type of a response where it is none to the
	// standard, but one to the browser's network; empty: it is none.
	TypeEnds string
	// OpaqueBlocking says which opaque responses are kept from elements; kind is
	// the essence of the type. Nil: none.
	OpaqueBlocking func(f *Fetch, resp *Response, kind string) bool

	// UploadNeedsBody: listeners for upload progress call for a preflight only where
	// there is a body to upload.
	UploadNeedsBody bool
	// CharsetUTF8 is how XMLHttpRequest corrects the charset in the Content-Type of a
	// string; nil: as the standard says.
	CharsetUTF8 func(contentType string) string
	// CharsetOfFirst: it corrects the first request only, not what the preflight is
	// judged by, nor what a redirect sends on.
	CharsetOfFirst bool
	// RefusesUserinfo: a redirect to a URL with a user name is refused where no CORS
	// is needed, too: of a no-cors request, and within the page's own origin, but for
	// XMLHttpRequest.
	RefusesUserinfo bool
	// HandledSchemes are those that the browser itself can load beside http and https:
	// an image without CORS that a redirect leads to any other scheme is made of the
	// redirect's own body. Nil: the redirect fails like any other.
	HandledSchemes map[string]struct{}
	// NewValueIsNewCookie: a cookie that gets another value goes behind those that were
	// stored in the meantime.
	NewValueIsNewCookie bool
	// SecureMayHaveDouble: a cookie over plain http may not take the place of a Secure
	// one, but be stored beside it.
	SecureMayHaveDouble bool
	// SecureRedirectIsCrossSite: a redirect from plain http to https makes the request
	// cross-site to Lax and Strict cookies for good.
	SecureRedirectIsCrossSite bool
	// UpgradeIsRedirect: mixed content of an image is upgraded by a redirect of the
	// browser's own, so that a redirect to it crosses two origins.
	UpgradeIsRedirect bool
	// UpgradesLocalRedirects: a redirect of an image to http://localhost, or to an IP
	// address, is upgraded like any other, unless the image's own URL is such a one.
	UpgradesLocalRedirects bool
	// UpgradedRedirectIsCrossSite: a redirect to mixed content that is upgraded counts
	// as cross-site in the fetch metadata, as plain http would.
	UpgradedRedirectIsCrossSite bool
	// FollowsData: an element without CORS follows a redirect to a data: URL.
	FollowsData bool
	// DropsForGood: the Content-Type that XMLHttpRequest itself gives a body does not
	// come back with a later redirect, as that of fetch() and one that script set do.
	DropsForGood bool
	// StorageAccessOnce: after a redirect to another origin the request says nothing
	// about storage access any more.
	StorageAccessOnce bool

	// RequestHeaders and PreflightHeaders are the lines it sends, in its order.
	RequestHeaders, PreflightHeaders []headerSlot
	// Site is Sec-Fetch-Site of a request without redirects where the browser
	// reckons it otherwise than the standard.
	Site func(f *Fetch) string
	// HTTP2Response are header lines that the browser adds to an answer over HTTP/2.
	HTTP2Response []Header
	// HTTP2Headers are what it adds over HTTP/2 to the messages of fetch() and
	// XMLHttpRequest, preflights included, unless the message has them.
	HTTP2Headers []Header
	// HeaderNames are how the console spells request headers that the browser
	// knows, by lower-case name; others stand as script wrote them.
	HeaderNames map[string]string
	// ConsoleValue is how a header's value stands in the console; nil: as it is.
	ConsoleValue func(string) string
	// ConsoleLimit is how many UTF-16 code units of a message the console keeps; 0:
	// all of them.
	ConsoleLimit int
	// Texts are the code and the console line for each rule.
	Texts map[*Rule]Text
	// MixedNotes adds to the console what was said of mixed content before an image
	// failed; nil: nothing.
	MixedNotes func(r *Result, console string) string
	// NetErrorCodes: the failure's own net error is the code.
	NetErrorCodes bool
}

// Profiles are the browsers, in the order in which they are shown.
func Profiles() []*Profile { return []*Profile{Chrome, Firefox, Safari} }

// ProfileByName returns the profile that --browser names.
func ProfileByName(name string) (*Profile, bool) {
	for _, p := range Profiles() {
		if p.Name == name {
			return p, true
		}
	}
	return nil, false
}

func (p *Profile) checkOrder(f *Fetch) []string {
	if p.HeaderOrder != nil {
		return p.HeaderOrder(f)
	}
	return f.unsafe
}
