package fetch

// An ElementProfile is what elements and style sheets demand of a response.
type ElementProfile struct {
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
	// Origin in the mode no-cors, too, and keeps it over redirects.
	SendsOriginForStorage bool
	// PolicyNeedsDomain: Cross-Origin-Resource-Policy: same-site refuses hosts
	// without a registrable domain, such as IP addresses.
	PolicyNeedsDomain bool
	// TypeEnds are the bytes that end a type of a response where it is none to the
	// standard, but one to the browser's network; empty: it is none.
	TypeEnds string
	// OpaqueBlocking says which opaque responses are kept from elements; kind is
	// the essence of the type. Nil: none.
	OpaqueBlocking func(f *Fetch, resp *Response, kind string) bool
	// LooksIntoOpaque says which opaque responses to fetch() are looked into as well,
	// and must be in their Content-Encoding. Nil: none.
	LooksIntoOpaque func(resp *Response, kind string) bool
	// LooksIntoSVG: the body of an image whose type is SVG may be any other image.
	LooksIntoSVG bool
	// ExactSVGType: the type of SVG images is known in lower case only.
	ExactSVGType bool
	// SVGNeedsOKStatus: an SVG image with the status of an error is not shown.
	SVGNeedsOKStatus bool
	// NoPictureIsPDF: an image of the type application/pdf is not looked at.
	NoPictureIsPDF bool
	// ShowsRedirects: an image without CORS that a redirect leads to a scheme that is
	// neither http, https nor among UnsafeRedirects is made of the redirect's own body.
	ShowsRedirects bool
	// FollowsData: an element without CORS follows a redirect to a data: URL.
	FollowsData bool
}

// A SecurityProfile is what the page's own scheme and address keep from it.
type SecurityProfile struct {
	// LoopbackIsMixed: http://localhost and http://127.0.0.1 are mixed content
	// on an https page.
	LoopbackIsMixed bool
	// PreflightsMixedRedirects: a redirect to mixed content is refused only after
	// the preflight it calls for.
	PreflightsMixedRedirects bool
	// UpgradeIsRedirect: mixed content of an image is upgraded by a redirect of the
	// browser's own, so that a redirect to it crosses two origins.
	UpgradeIsRedirect bool
	// UpgradesLocalRedirects: a redirect of an image to http://localhost, or to an IP
	// address, is upgraded like any other, unless the image's own URL is such a one.
	UpgradesLocalRedirects bool
	// UpgradedRedirectIsCrossSite: a redirect to mixed content that is upgraded counts
	// as cross-site in the fetch metadata, as plain http would.
	UpgradedRedirectIsCrossSite bool
	// LocalNetworkAccess: a page on a public address needs the user's permission
	// to reach a local or loopback one.
	LocalNetworkAccess bool
}

// A CookieProfile is which cookies the browser stores and sends, by the cookie draft;
// client certificates are credentials, too.
// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html
type CookieProfile struct {
	// LaxByDefault: a cookie that says nothing about SameSite counts as Lax.
	LaxByDefault bool
	// NoneNeedsSecure: SameSite=None is refused without Secure.
	NoneNeedsSecure bool
	// SchemefulCookies: http and https are different sites to cookies.
	SchemefulCookies bool
	// SecureOnLoopback: Secure cookies go to http://localhost and http://127.0.0.1.
	SecureOnLoopback bool
	// KnowsPartitioned: the attribute Partitioned gives a cookie to the page's site.
	KnowsPartitioned bool
	// PartitionsForeign: cookies with Partitioned that were stored while the request
	// was same-site are not those of cross-site requests.
	PartitionsForeign bool
	// RefusesForeignCookies: an answer from another site never stores any.
	RefusesForeignCookies bool
	// SameSiteSeesRedirects: a redirect over another site makes a request cross-site to
	// Lax and Strict cookies for good; where third-party cookies are blocked, it then
	// carries none at all.
	SameSiteSeesRedirects bool
	// HomeIsSameSite: back at the page's own host the request is same-site again to Lax
	// and Strict cookies, whatever redirects brought it there.
	HomeIsSameSite bool
	// LastAgeCounts: of Max-Age and Expires the later in the line counts.
	LastAgeCounts bool
	// IgnoresCookiePrefixes: names with __Secure- and __Host- promise nothing.
	IgnoresCookiePrefixes bool
	// BareCookieIsName: a cookie without "=" is a name without a value, and one without a
	// name is refused.
	BareCookieIsName bool
	// ExpiresByServerDate: Expires is held against the Date of the answer.
	ExpiresByServerDate bool
	// TakesAnyCookieDate: Expires counts without a time of day, too, and where there is
	// no such day.
	TakesAnyCookieDate bool
	// ASCIICookies: a Set-Cookie line counts up to the first byte that is no ASCII.
	ASCIICookies bool
	// CookieValue is how the bytes of a cookie's value are read; nil: as they are.
	CookieValue func(string) string
	// NewValueIsNewCookie: a cookie that gets another value goes behind those that were
	// stored in the meantime.
	NewValueIsNewCookie bool
	// SecureMayHaveDouble: a cookie over plain http may not take the place of a Secure
	// one, but be stored beside it.
	SecureMayHaveDouble bool
	// SecureRedirectIsCrossSite: a redirect from plain http to https makes the request
	// cross-site to Lax and Strict cookies for good.
	SecureRedirectIsCrossSite bool
	// ThirdParty is how the browser comes to its users.
	ThirdParty ThirdParty
	// ThirdPartyWhy says in a clause what the browser has against such cookies.
	ThirdPartyWhy string
	// RecordedThirdParty is how the recorded build comes; empty: as ThirdParty says.
	RecordedThirdParty ThirdParty
	// ClientCertificateAlways: a TLS client certificate goes along with every
	// message, preflights and requests without credentials included.
	ClientCertificateAlways bool
}

// A ConsoleProfile is what the browser prints.
type ConsoleProfile struct {
	// Texts are the code and the console line for each rule.
	Texts map[*Rule]Text
	// Unreached are the browser's codes that no server can make it report, and why.
	Unreached map[string]string
	// NetError is the code for a failure's own net error; nil: that of the rule stands.
	NetError func(code string) string
	// MixedNotes adds to the console what was said of mixed content before an image
	// failed; nil: nothing.
	MixedNotes func(r *Result, console string) string
	// HeaderNames are how the console spells request headers that the browser
	// knows, by lower-case name; others stand as script wrote them.
	HeaderNames map[string]string
	// ConsoleValue is how a header's value stands in the console; nil: as it is.
	ConsoleValue func(string) string
	// ConsoleLimit is how many UTF-16 code units of a message the console keeps; 0:
	// all of them.
	ConsoleLimit int
}
