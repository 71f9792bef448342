package fetch

// A RequestProfile is what script may ask for, and what of it calls for a preflight.
type RequestProfile struct {
	// SafelistedClientHints are names beyond the standard's that call for no
	// preflight where their value passes.
	SafelistedClientHints map[string]func(value string) bool
	// RangeUnitAnyCase: "Bytes=0-1" is as safelisted as "bytes=0-1".
	RangeUnitAnyCase bool
	// RangeAcceptsSign: "bytes=+0-1" is as safelisted as "bytes=0-1".
	RangeAcceptsSign bool
	// RangeLimit is the greatest number in a safelisted Range; empty for no limit.
	RangeLimit string
	// NoSafelistedTotal: the limit of 1024 bytes for all safelisted values is
	// not enforced.
	NoSafelistedTotal bool
	// UnsafeHighBytes: a byte from 0x80 on makes the value of a safelisted request
	// header unsafe.
	UnsafeHighBytes bool
	// JudgesHeaderLines: repeated headers are held against the safelist line by
	// line and named once a line in Access-Control-Request-Headers.
	JudgesHeaderLines bool
	// OneContentType: repeated Content-Type headers are not combined; the first
	// request is sent with the first if it has a body, every other with the last.
	OneContentType bool
	// LastOfRepeated are lower-case names of repeated request headers that are not
	// combined: the last is sent.
	LastOfRepeated []string
	// FirstOfRepeated are those of which the first line is sent, or an empty value where
	// any line is empty.
	FirstOfRepeated []string
	// SpellsAsFirst: all lines of a repeated header of fetch() are spelled as the
	// first is, though that one be dropped.
	SpellsAsFirst bool
	// CountsEmptyLine is the lower-case name of a request header of which an empty
	// line before others counts all the same; empty for none.
	CountsEmptyLine string
	// ContentType is how the browser reads the essence of a Content-Type set by
	// script; nil is the standard's parser.
	ContentType func(value string) string
	// RefusedHeader is the lower-case name of a request header with which nothing is
	// sent, not even a preflight; empty for none.
	RefusedHeader string
	// UnjoinedHeader is the lower-case name of a request header whose lines fetch()
	// joins by a character that no value may have, so that the request fails where its
	// preflight has passed; empty for none.
	UnjoinedHeader string
	// DropsUserAgent: a User-Agent set by script is dropped silently.
	DropsUserAgent bool
	// DropsEmptyFragment: fetch() removes a bare # from the end of the URL it is given.
	DropsEmptyFragment bool
	// UploadNeedsBody: listeners for upload progress call for a preflight only where
	// there is a body to upload.
	UploadNeedsBody bool
	// EmptyUploadIsNone: with such listeners an empty body is sent as none.
	EmptyUploadIsNone bool
	// CharsetUTF8 is how XMLHttpRequest corrects the charset in the Content-Type of a
	// string; nil: as the standard says.
	CharsetUTF8 func(contentType string) string
	// CharsetOfFirst: it corrects the first request only, not what the preflight is
	// judged by, nor what a redirect sends on.
	CharsetOfFirst bool
}

// A URLProfile is how the browser reads URLs, and which ports it connects to.
type URLProfile struct {
	// URLParser is how the browser parses Location.
	URLParser urlParser
	// SchemesWithHost: a URL with one of these schemes and no host does not parse.
	SchemesWithHost map[string]struct{}
	// WrittenURL is how the browser writes a URL on the wire, and resolves Location
	// against it; nil: as it is.
	WrittenURL func(*URL) *URL
	// UnblockedPorts are bad ports of the standard that the browser connects to.
	UnblockedPorts map[string]struct{}
}

// A SendingProfile is what the browser's messages look like.
type SendingProfile struct {
	// RequestHeaders are the lines of a request, in the browser's order.
	RequestHeaders []headerSlot
	// PreflightHeaders are those of a preflight.
	PreflightHeaders []headerSlot
	// Manners are how it sends the requests of each API or element.
	Manners map[Initiator]manner
	// WriteValue is how the browser writes the bytes of a request header's value;
	// nil: as they are.
	WriteValue func(string) string
	// Site is Sec-Fetch-Site of a request without redirects where the browser
	// reckons it otherwise than the standard.
	Site func(f *Fetch) string
	// StorageAccessOnce: after a redirect to another origin the request says nothing
	// about storage access any more.
	StorageAccessOnce bool
	// HTTP2Headers are what it adds over HTTP/2 to the messages of fetch() and
	// XMLHttpRequest, preflights included, unless the message has them.
	HTTP2Headers []Header
}
