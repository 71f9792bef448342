package finding

import (
	"embed"
	"strings"
)

// An Entry is one finding of the catalogue.
type Entry struct {
	ID       ID
	Severity Severity // where it is at its worst; a recipe may say it more mildly
	Title    string
	// Page is the finding's documentation in Markdown, its headings of level two.
	Page string
}

//go:embed pages/*.md
var pages embed.FS

// catalogue is in the order in which causes are looked for: the network, what
// the browser refuses before sending, redirects, object stores, the status of
// the preflight, hidden errors, one-sided configuration, then value by value.
// Of two causes in one exchange, the earlier is the headline.
var catalogue = []Entry{
	{ID: UnreachableDNS, Severity: Error, Title: "The host has no address"},
	{ID: UnreachableRefused, Severity: Error, Title: "Nobody listens on that port"},
	{ID: UnreachableNetwork, Severity: Error, Title: "The address cannot be reached"},
	{ID: UnreachableTLS, Severity: Error, Title: "TLS failed before any request was sent"},
	{ID: UnreachableTimeout, Severity: Error, Title: "The server did not answer in time"},
	{ID: UnreachableReset, Severity: Error, Title: "The connection was closed without an answer"},
	{ID: UnreachableProtocol, Severity: Error, Title: "The answer is not one that a browser accepts"},
	{ID: UnreachableProxy, Severity: Error, Title: "The proxy did not deliver"},
	{ID: AddressFamiliesDiffer, Severity: Error, Title: "IPv4 and IPv6 answer differently"},

	{ID: BadPort, Severity: Error, Title: "Browsers refuse that port"},
	{ID: MixedContent, Severity: Error, Title: "An https page may not fetch over plain http"},
	{ID: LocalNetworkAccess, Severity: Info, Title: "A public page reaches into a local network"},
	{ID: RequestMode, Severity: Error, Title: "The script permits only same-origin requests"},

	{ID: PreflightRedirected, Severity: Error, Title: "The preflight is redirected"},
	{ID: LoginRedirect, Severity: Error, Title: "The server redirects to a login page"},
	{ID: RedirectWithoutCORS, Severity: Error, Title: "The redirect carries no CORS headers"},
	{ID: RedirectTaintsOrigin, Severity: Error, Title: "A redirect turns the origin into null"},
	{ID: RedirectWithUserinfo, Severity: Error, Title: "The redirect has a user name or password in its URL"},
	{ID: RedirectNotHTTP, Severity: Error, Title: "The redirect does not lead to http or https"},
	{ID: RedirectLoop, Severity: Error, Title: "The redirects do not end"},
	{ID: RedirectLocation, Severity: Error, Title: "The redirect's Location is no URL"},
	{ID: RedirectMode, Severity: Error, Title: "The script permits no redirect"},

	{ID: BucketRuleMissing, Severity: Error, Title: "No CORS rule of the bucket matches"},
	{ID: PlatformAuth, Severity: Error, Title: "The platform refuses the request before your code runs"},
	{ID: PreflightNeedsAuth, Severity: Error, Title: "Authentication answers the preflight"},
	{ID: PreflightNotRouted, Severity: Error, Title: "The server has no answer to OPTIONS"},
	{ID: PreflightStatus, Severity: Error, Title: "The preflight is answered with an error"},
	{ID: ErrorHidesBehindCORS, Severity: Error, Title: "An error page without CORS headers hides the real problem"},

	{ID: CachedWithoutCORS, Severity: Error, Title: "A cache hands out an answer made for another request"},
	{ID: OnlyPreflightConfigured, Severity: Error, Title: "Only the preflight has CORS headers"},
	{ID: OnlyResponseConfigured, Severity: Error, Title: "Everything but the preflight has CORS headers"},
	{ID: DuplicateAllowOrigin, Severity: Error, Title: "Access-Control-Allow-Origin has more than one value"},
	{ID: NoCORSHeaders, Severity: Error, Title: "The server sends no CORS headers"},
	{ID: NullOrigin, Severity: Error, Title: "The origin is null"},
	{ID: LoopbackMismatch, Severity: Error, Title: "The server allows another spelling of this machine"},
	{ID: OriginMismatch, Severity: Error, Title: "The server does not allow this origin"},
	{ID: WildcardWithCredentials, Severity: Error, Title: "A wildcard does not count with credentials"},
	{ID: CredentialsNotAllowed, Severity: Error, Title: "The server does not allow credentials"},
	{ID: MalformedAllowList, Severity: Error, Title: "A list in a CORS header is malformed"},
	{ID: MethodNotAllowed, Severity: Error, Title: "The server does not allow the method"},
	{ID: ResponseHeaderInRequest, Severity: Error, Title: "A response header is sent with the request"},
	{ID: HeaderNotAllowed, Severity: Error, Title: "The server does not allow a request header"},
	{ID: ResourcePolicy, Severity: Error, Title: "Cross-Origin-Resource-Policy keeps the response from the page"},
	{ID: OpaqueBlocked, Severity: Error, Title: "Opaque Response Blocking keeps the response from the page"},
	{ID: ElementRefuses, Severity: Error, Title: "What asked for the response has no use for it"},

	{ID: VaryOriginMissing, Severity: Warning, Title: "The answer depends on the origin, and Vary does not say so"},
	{ID: CookieNotSent, Severity: Warning, Title: "A cookie will not travel"},
	{ID: SpecStricterThanBrowsers, Severity: Warning, Title: "Browsers let pass what the standard forbids"},
	{ID: HeaderListOrder, Severity: Info, Title: "The server depends on the order or case of the header list"},
	{ID: HeaderNotExposed, Severity: Info, Title: "Script cannot read some response headers"},
	{ID: PreflightNotCached, Severity: Info, Title: "The preflight is repeated every time"},
	{ID: ReflectsAnyOrigin, Severity: Info, Title: "The server allows whatever origin asks"},
	{ID: OpaqueResponse, Severity: Info, Title: "The page gets a response that it cannot read"},
	{ID: SameOrigin, Severity: Info, Title: "Page and target are one origin: nothing was tested"},
}

// index holds the place of each ID in the catalogue.
var index = func() map[ID]int {
	m := make(map[ID]int, len(catalogue))
	for i := range catalogue {
		e := &catalogue[i]
		text, err := pages.ReadFile("pages/" + string(e.ID) + ".md")
		if err != nil {
			panic("finding: no page for " + string(e.ID)) // a programmer's mistake; the tests load the package
		}
		e.Page = string(text)
		m[e.ID] = i
	}
	return m
}()

// Catalogue returns every finding, in the order in which causes are looked for.
func Catalogue() []Entry { return append([]Entry(nil), catalogue...) }

// Lookup returns the entry of id.
func Lookup(id ID) (Entry, bool) {
	i, ok := index[id]
	if !ok {
		return Entry{}, false
	}
	return catalogue[i], true
}

// Rank is the place of id in the catalogue: of two causes, the lower is named
// first. An unknown ID comes last.
func Rank(id ID) int {
	if i, ok := index[id]; ok {
		return i
	}
	return len(catalogue)
}

// New makes a finding of the catalogue with its severity and title.
func New(id ID, detail string, evidence ...string) Finding {
	e, ok := Lookup(id)
	if !ok {
		panic("finding: " + string(id) + " is not in the catalogue")
	}
	return Finding{ID: id, Severity: e.Severity, Title: e.Title, Detail: detail, Evidence: evidence}
}

// Suggest returns the known ID nearest to a mistyped one, if one is near.
func Suggest(text string) (ID, bool) {
	text = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(text)), "_", "-")
	best, nearest := ID(""), 1+len(text)/3
	for _, e := range catalogue {
		d := Distance(text, string(e.ID))
		if text != "" && strings.Contains(string(e.ID), text) {
			d = min(d, 1)
		}
		if d < nearest {
			best, nearest = e.ID, d
		}
	}
	return best, best != ""
}

// Distance is the Levenshtein distance of a and b, in bytes: IDs, keys and
// header names are ASCII.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
