package fetch

// A PreflightProfile is how the browser sends and judges preflights.
type PreflightProfile struct {
	// PreflightOrder is what the browser looks at in the answer to a preflight,
	// in its order; it decides which of several faults is reported.
	PreflightOrder []preflightCheck
	// HeaderOrder sorts the request headers that are held against
	// Access-Control-Allow-Headers; the first that is not allowed is reported.
	HeaderOrder func(f *Fetch) []string
	// WildcardCoversAuthorization: a * in Access-Control-Allow-Headers covers
	// Authorization, which the standard denies.
	WildcardCoversAuthorization bool
	// PreflightsBadPorts: a preflight is sent to a bad port; only the request
	// after it is blocked.
	PreflightsBadPorts bool
	// PreflightKeepsRedirectMode: a redirect mode other than follow holds for the
	// preflight, too, whose redirect is then an answer with a bad status.
	PreflightKeepsRedirectMode bool
	// UntaintedPreflight: a preflight after a tainting redirect carries the
	// page's origin, where the request carries null; on the page's own origin its
	// answer needs no Access-Control-Allow-Origin.
	UntaintedPreflight bool
}

// A PreflightCacheProfile is for how long an answer to a preflight holds, and for what.
type PreflightCacheProfile struct {
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
	// TaintedSkipsCache: a request whose origin a redirect has turned into null is
	// always preflighted.
	TaintedSkipsCache bool
	// ConditionalSkipsCache: a request that script made conditional is always
	// preflighted.
	ConditionalSkipsCache bool
}

// A ResponseProfile is how the browser makes the CORS check, and what it lets script read.
type ResponseProfile struct {
	// CountsOriginLines: several header lines of Access-Control-Allow-Origin are
	// reported as such, whatever they say; only those whose name is spelled exactly
	// so are counted.
	CountsOriginLines bool
	// OriginListSeparators are the bytes by which a value of
	// Access-Control-Allow-Origin is recognised as several.
	OriginListSeparators string
	// TellsInvalidOrigin: a value that is no URL is told from another origin.
	TellsInvalidOrigin bool
	// IgnoresEmptyLines: empty lines of a repeated response header do not count; a
	// repeated request header of fetch() takes the later value where one of them is
	// empty.
	IgnoresEmptyLines bool
	// ReadValue is how the browser reads the bytes of a response header's value; nil:
	// as they are.
	ReadValue func(string) string
	// SingleHeaders are lower-case names of headers that are a network error where
	// several lines have different values, whatever the status; the first is reported.
	SingleHeaders []string
	// UnusableStatus are statuses that the browser takes for a network error.
	UnusableStatus map[int]struct{}
	// RefusesContentEncoding: a Content-Encoding that is no plain list, or names a
	// coding that the request did not accept, is a network error.
	RefusesContentEncoding bool
	// TakesCutBodies: a body that breaks off is as good as a whole one.
	TakesCutBodies bool
	// OnlyOKComplete: the body of an error need not be complete.
	OnlyOKComplete bool
	// RefusesBrokenFraming: an answer whose chunks cannot be told apart, or that has none
	// of the body that its Content-Length promises, is a network error, whatever it is for.
	RefusesBrokenFraming bool
	// SkipsUnknownCodings: a content coding that the browser does not know does not keep
	// it from undoing the others.
	SkipsUnknownCodings bool
	// ExactCodings: content codings are known in lower case only.
	ExactCodings bool
	// KnowsNoZstd: the content coding zstd is not known.
	KnowsNoZstd bool
	// ForgivenCodings are content codings that a body need not be in: it is then taken
	// as it is.
	ForgivenCodings map[string]struct{}
	// ReadsBodyOf205: status 205 has a body like any other.
	ReadsBodyOf205 bool
	// WildcardExposesAccept: where a * in Access-Control-Expose-Headers does not
	// count because of credentials, the header Accept is readable.
	WildcardExposesAccept bool
	// ExposeStopsAtWildcard: to fetch() a * in Access-Control-Expose-Headers counts
	// even where what comes after it voids the list.
	ExposeStopsAtWildcard bool
	// HiddenHeaders are lower-case names of response headers that script never sees.
	HiddenHeaders []string
	// HiddenRepeated are lower-case names of response headers that fetch() does not see
	// where they come more than once.
	HiddenRepeated []string
	// HTTP2Response are header lines that the browser adds to an answer over HTTP/2.
	HTTP2Response []Header
}
