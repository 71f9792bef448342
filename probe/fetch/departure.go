package fetch

import "slices"

// A Departure is one way in which a browser differs from the Fetch Standard: a
// field of its profile, in words.
type Departure struct {
	// Field is the name of the profile's field.
	Field string
	// What says what the browser does instead of the standard.
	What string
	// In are the names of the browsers that do it.
	In []string
	// Proof names a recorded scenario that shows it, by browser; nil where no
	// recording could, in which case the browsers' sources are the authority.
	Proof map[string]string

	reset func(p *Profile) // puts the standard's behaviour in its place
}

// Departures lists every way in which a browser departs from the standard, in
// the order in which a request meets them. The list of browsers is read off the
// profiles.
func Departures() []Departure {
	all := slices.Concat(departures, cookieDepartures)
	out := make([]Departure, 0, len(all))
	for _, d := range all {
		for _, p := range Profiles() {
			if d.departs(p) {
				d.In = append(d.In, p.Name)
			}
		}
		out = append(out, d.Departure)
	}
	return out
}

// Without returns a copy of the profile that follows the standard in one field,
// for a departure that has a proof.
func (d Departure) Without(p *Profile) *Profile {
	changed := *p
	d.reset(&changed)
	return &changed
}

type departure struct {
	Departure
	departs func(*Profile) bool
}

func flag(field, what string, at func(*Profile) *bool, proof map[string]string) departure {
	return departure{
		Departure{Field: field, What: what, Proof: proof, reset: func(p *Profile) { *at(p) = *at(Standard) }},
		func(p *Profile) bool { return *at(p) != *at(Standard) },
	}
}

// unrecorded is a departure that the recordings cannot show: they take no time.
func unrecorded(field, what string, departs func(*Profile) bool) departure {
	return departure{Departure{Field: field, What: what}, departs}
}

type proof = map[string]string

var departures = []departure{
	{Departure{Field: "SafelistedClientHints",
		What:  "Device-Memory, DPR, Width, Viewport-Width, RTT, Downlink, ECT and Save-Data with a valid value need no preflight",
		Proof: proof{"chrome": "s399"},
		reset: func(p *Profile) { p.SafelistedClientHints = nil }},
		func(p *Profile) bool { return p.SafelistedClientHints != nil }},
	flag("RangeUnitAnyCase", "Range: Bytes=0-1 is as safelisted as bytes=0-1",
		func(p *Profile) *bool { return &p.RangeUnitAnyCase }, proof{"safari": "s114"}),
	flag("RangeAcceptsSign", "Range: bytes=+0-1 is as safelisted as bytes=0-1",
		func(p *Profile) *bool { return &p.RangeAcceptsSign }, proof{"safari": "edge: range with a sign"}),
	flag("NoSafelistedTotal", "safelisted values of more than 1024 bytes in all need no preflight",
		func(p *Profile) *bool { return &p.NoSafelistedTotal }, proof{"firefox": "edge: many safelisted lines"}),
	flag("JudgesHeaderLines", "repeated request headers are held against the safelist line by line, and named once a line in Access-Control-Request-Headers",
		func(p *Profile) *bool { return &p.JudgesHeaderLines }, proof{"firefox": "s108"}),
	{Departure{Field: "ContentType", What: "a Content-Type is read up to the first white space, whatever stands before the first semicolon; a comma, or a semicolon at its end, voids it",
		Proof: proof{"firefox": "edge: Content-Type text/plain;;"},
		reset: func(p *Profile) { p.ContentType = nil }},
		func(p *Profile) bool { return p.ContentType != nil }},
	flag("SpellsAsFirst", "all lines of a repeated request header of fetch() are spelled as the first is, though the mode no-cors drop that one",
		func(p *Profile) *bool { return &p.SpellsAsFirst }, proof{"firefox": "edge: no-cors, Content-Type, content-type"}),
	{Departure{Field: "RefusedHeader", What: "a request on which script sets Available-Dictionary is not sent, nor is its preflight",
		Proof: proof{"chrome": "edge: Available-Dictionary"},
		reset: func(p *Profile) { p.RefusedHeader = "" }},
		func(p *Profile) bool { return p.RefusedHeader != "" }},
	flag("OneContentType", "repeated Content-Type headers are not combined: a first request with a body is sent with the first, every other with the last",
		func(p *Profile) *bool { return &p.OneContentType }, proof{"firefox": "s377"}),
	{Departure{Field: "LastOfRepeated", What: "repeated lines of Authorization, User-Agent and the like are not combined: the last is sent",
		Proof: proof{"firefox": "edge: repeated Authorization"},
		reset: func(p *Profile) { p.LastOfRepeated = nil }},
		func(p *Profile) bool { return p.LastOfRepeated != nil }},
	flag("DropsUserAgent", "a User-Agent set by script is dropped silently",
		func(p *Profile) *bool { return &p.DropsUserAgent }, proof{"chrome": "s14"}),
	{Departure{Field: "PreflightOrder",
		What:  "the answer to a preflight is checked in an order of its own, which decides which of several faults is reported",
		Proof: proof{"chrome": "s112", "firefox": "s36", "safari": "s40"},
		reset: func(p *Profile) { p.PreflightOrder = Standard.PreflightOrder }},
		func(p *Profile) bool { return &p.PreflightOrder[0] != &Standard.PreflightOrder[0] }},
	{Departure{Field: "RedirectOrder",
		What:  "a redirect is checked in an order of its own, which decides which of several faults is reported",
		Proof: proof{"chrome": "s697", "firefox": "s278", "safari": "edge: redirect to ftp://x/"},
		reset: func(p *Profile) { p.RedirectOrder = Standard.RedirectOrder }},
		func(p *Profile) bool { return &p.RedirectOrder[0] != &Standard.RedirectOrder[0] }},
	{Departure{Field: "UnsafeRedirects",
		What:  "a redirect to data:, about:, file: and the like fails before it is looked at as a redirect",
		Proof: proof{"chrome": "s140", "firefox": "s278", "safari": "edge: redirect to ftp://x/"},
		reset: func(p *Profile) { p.UnsafeRedirects = nil }},
		func(p *Profile) bool { return p.UnsafeRedirects != nil }},
	flag("OwnBlobIsSafe", "a redirect to a blob: URL of the origin that answers is looked at as a redirect",
		func(p *Profile) *bool { return &p.OwnBlobIsSafe }, proof{"firefox": "edge: redirect to blob:{other}/x"}),
	{Departure{Field: "URLParser", What: "some hosts, ports and characters in Location that the URL Standard refuses are accepted, or the reverse",
		Proof: proof{"chrome": "edge: location with a space in the host", "firefox": "edge: location with a quote in the host"}, reset: func(p *Profile) { p.URLParser = urlParser{} }},
		func(p *Profile) bool { return p.URLParser != urlParser{} }},
	{Departure{Field: "UnblockedPorts", What: "ports 4190 and 6679 are not blocked",
		Proof: proof{"chrome": "edge: redirect to port 4190"}, reset: func(p *Profile) { p.UnblockedPorts = nil }},
		func(p *Profile) bool { return p.UnblockedPorts != nil }},
	flag("PreflightsBadPorts", "a preflight is sent to a bad port; only the request after it is blocked",
		func(p *Profile) *bool { return &p.PreflightsBadPorts }, proof{"safari": "edge: preflight to port 10080"}),
	{Departure{Field: "SchemesWithHost", What: "a Location with the scheme of a browser's own pages and no host does not parse",
		Proof: proof{"chrome": "edge: redirect to filesystem:x"}, reset: func(p *Profile) { p.SchemesWithHost = nil }},
		func(p *Profile) bool { return p.SchemesWithHost != nil }},
	flag("RedirectsFrom309", "statuses 309 to 399 are redirects, too",
		func(p *Profile) *bool { return &p.RedirectsFrom309 }, proof{"safari": "edge: status 310 with Location"}),
	flag("WildcardExposesAccept", "where a * in Access-Control-Expose-Headers does not count because of credentials, the header Accept is readable",
		func(p *Profile) *bool { return &p.WildcardExposesAccept }, proof{"safari": "edge: expose wildcard with credentials"}),
	flag("ExposeStopsAtWildcard", "a * in Access-Control-Expose-Headers counts even where what comes after it voids the list",
		func(p *Profile) *bool { return &p.ExposeStopsAtWildcard }, proof{"firefox": "edge: expose wildcard before garbage"}),
	flag("LoopbackIsMixed", "http://localhost and http://127.0.0.1 are mixed content on an https page",
		func(p *Profile) *bool { return &p.LoopbackIsMixed }, proof{"safari": "hosts: GET app to same"}),
	flag("CountsOriginLines", "several Access-Control-Allow-Origin lines are reported as such, a comma in one line is not",
		func(p *Profile) *bool { return &p.CountsOriginLines }, proof{"firefox": "s40"}),
	{Departure{Field: "OriginListSeparators",
		What:  "a value of Access-Control-Allow-Origin is reported as several where it contains one of certain separators",
		Proof: proof{"chrome": "s12", "safari": "s12"},
		reset: func(p *Profile) { p.OriginListSeparators = "" }},
		func(p *Profile) bool { return p.OriginListSeparators != "" }},
	flag("TellsInvalidOrigin", "a value of Access-Control-Allow-Origin that is no URL is told from another origin",
		func(p *Profile) *bool { return &p.TellsInvalidOrigin }, proof{"chrome": "s4"}),
	{Departure{Field: "HeaderOrder",
		What:  "which of several request headers that are not allowed is reported follows the browser's own order of headers",
		Proof: proof{"chrome": "s250", "safari": "s250"},
		reset: func(p *Profile) { p.HeaderOrder = nil }},
		func(p *Profile) bool { return p.HeaderOrder != nil }},
	flag("WildcardCoversAuthorization", "Access-Control-Allow-Headers: * covers Authorization, too",
		func(p *Profile) *bool { return &p.WildcardCoversAuthorization }, proof{"chrome": "s414", "firefox": "s688", "safari": "s638"}),
	{Departure{Field: "HopHeaders",
		What:  "client hints set by script do not survive a redirect",
		Proof: proof{"chrome": "s399"},
		reset: func(p *Profile) { p.HopHeaders = nil }},
		func(p *Profile) bool { return p.HopHeaders != nil }},
	flag("RedirectRestoresHeaders", "each redirect starts again from the headers that script set; they decide about the preflight of the hop",
		func(p *Profile) *bool { return &p.RedirectRestoresHeaders }, proof{"safari": "s156", "firefox": "edge: body headers POST 303 308 {other}"}),
	flag("HomeRedirectsKeep", "a redirect within the page's own origin, or without CORS, does not start again from the headers that script set, and loses its User-Agent",
		func(p *Profile) *bool { return &p.HomeRedirectsKeep }, proof{"safari": "edge: User-Agent x, redirect same to same"}),
	flag("PreflightsAgain", "a request that was preflighted is preflighted at every further hop, needed or not",
		func(p *Profile) *bool { return &p.PreflightsAgain }, proof{"firefox": "s1147", "safari": "s1147"}),
	flag("DroppedHeadersPreflight", "a header that a redirect has removed still calls for a preflight",
		func(p *Profile) *bool { return &p.DroppedHeadersPreflight }, proof{"firefox": "s1354"}),
	flag("RewritesForeignDelete", "a redirect to another origin turns DELETE into GET, whatever its status",
		func(p *Profile) *bool { return &p.RewritesForeignDelete }, proof{"safari": "s599"}),
	flag("ForeignRedirectUnchecked", "the first redirect away from the page is refused for a user name in its URL only after the preflight it calls for",
		func(p *Profile) *bool { return &p.ForeignRedirectUnchecked }, proof{"safari": "s87"}),
	flag("KeepsOrigin", "a request that had Origin keeps it over redirects that would not need it",
		func(p *Profile) *bool { return &p.KeepsOrigin }, proof{"safari": "s163"}),
	flag("ConditionalSkipsCache", "a request that script made conditional is always preflighted, whatever is cached",
		func(p *Profile) *bool { return &p.ConditionalSkipsCache }, proof{"chrome": "s526", "firefox": "s526"}),
	flag("TaintedSkipsCache", "a request whose origin a redirect has turned into null is always preflighted, whatever is cached",
		func(p *Profile) *bool { return &p.TaintedSkipsCache }, proof{"chrome": "edge: tainted loop"}),
	flag("UnsafeHighBytes", "a byte from 0x80 on in Accept or Content-Type calls for a preflight",
		func(p *Profile) *bool { return &p.UnsafeHighBytes }, proof{"firefox": "edge: request header Accept \\xe9"}),
	{Departure{Field: "RangeLimit", What: "a Range whose numbers are too great for 64 bits (Chrome: 63) calls for a preflight",
		Proof: proof{"chrome": "edge: request header Range bytes=0-18446744073709551615", "firefox": "edge: request header Range bytes=0-18446744073709551616", "safari": "edge: request header Range bytes=0-18446744073709551616"},
		reset: func(p *Profile) { p.RangeLimit = "" }},
		func(p *Profile) bool { return p.RangeLimit != "" }},
	{Departure{Field: "SingleHeaders", What: "several lines of Location, Content-Disposition or Content-Length with different values are a network error, whatever the status",
		Proof: proof{"chrome": "edge: two Locations, follow other", "firefox": "edge: two Locations, follow other"},
		reset: func(p *Profile) { p.SingleHeaders = nil }},
		func(p *Profile) bool { return p.SingleHeaders != nil }},
	flag("JoinsLocations", "several Location lines are joined to one value",
		func(p *Profile) *bool { return &p.JoinsLocations }, proof{"safari": "edge: two Locations, follow other"}),
	flag("FollowsEmptyLocation", "an empty Location leads to the same URL again",
		func(p *Profile) *bool { return &p.FollowsEmptyLocation }, proof{"firefox": "edge: empty Location, follow other"}),
	flag("EmptyLocationFails", "an empty Location is a network error",
		func(p *Profile) *bool { return &p.EmptyLocationFails }, proof{"safari": "edge: empty Location, follow other"}),
	flag("LosesEmptyFragment", "an empty fragment is not taken along to the next hop",
		func(p *Profile) *bool { return &p.LosesEmptyFragment }, proof{"chrome": "edge: an empty fragment, redirect", "firefox": "edge: an empty fragment in Location"}),
	flag("DropsEmptyFragment", "fetch() removes an empty fragment from the URL it is given",
		func(p *Profile) *bool { return &p.DropsEmptyFragment }, proof{"firefox": "edge: an empty fragment, fetch"}),
	{Departure{Field: "WrittenURL", What: "percent-encoding that no URL needs is undone on the wire, and the rest of it put in capitals",
		Proof: proof{"safari": "edge: escapes that need none"}, reset: func(p *Profile) { p.WrittenURL = nil }},
		func(p *Profile) bool { return p.WrittenURL != nil }},
	{Departure{Field: "ConsoleLimit", What: "the console keeps no more than 1000 characters of a message",
		Proof: proof{"firefox": "edge: a long value in the console"}, reset: func(p *Profile) { p.ConsoleLimit = 0 }},
		func(p *Profile) bool { return p.ConsoleLimit != 0 }},
	flag("ControlsInLocation", "control characters in Location become part of the URL",
		func(p *Profile) *bool { return &p.ControlsInLocation }, proof{"firefox": "edge: location \\x0b"}),
	flag("ErrorModeByStatus", "redirect mode error refuses every redirect status, with or without Location",
		func(p *Profile) *bool { return &p.ErrorModeByStatus }, proof{"firefox": "edge: no Location, error other"}),
	flag("PreflightKeepsRedirectMode", "a redirect mode other than follow holds for the preflight, too, whose redirect is then a bad status",
		func(p *Profile) *bool { return &p.PreflightKeepsRedirectMode }, proof{"firefox": "edge: preflight redirected, mode error, to x:y"}),
	flag("RedirectKeepsCredentials", "a request that began on the page's own origin with credentials same-origin has its redirects checked as if it had include",
		func(p *Profile) *bool { return &p.RedirectKeepsCredentials }, proof{"safari": "edge: began on the page same-origin"}),
	flag("IgnoresEmptyLines", "empty lines of a repeated header do not count",
		func(p *Profile) *bool { return &p.IgnoresEmptyLines }, proof{"firefox": "edge: credentials true then empty"}),
	flag("AuthorizationReturns", "Authorization is left out only on the hop to another origin; the next redirect brings it back",
		func(p *Profile) *bool { return &p.AuthorizationReturns }, proof{"firefox": "edge: body headers POST 303 308 {third}"}),
	flag("DropsByFirstMethod", "whether a redirect removes Content-Type and the like follows from the method that script asked for, not that of the hop",
		func(p *Profile) *bool { return &p.DropsByFirstMethod }, proof{"firefox": "edge: body headers POST 302 302 {other}"}),
	{Departure{Field: "WriteValue", What: "bytes from 0x80 on in a request header are sent as UTF-8",
		Proof: proof{"safari": "edge: request header Accept \\xe9"}, reset: func(p *Profile) { p.WriteValue = nil }},
		func(p *Profile) bool { return p.WriteValue != nil }},
	{Departure{Field: "ReadValue", What: "bytes that are no UTF-8 in a response header are replaced before it is read",
		Proof: proof{"safari": "edge: location \\xe9"}, reset: func(p *Profile) { p.ReadValue = nil }},
		func(p *Profile) bool { return p.ReadValue != nil }},
	{Departure{Field: "ConsoleValue", What: "the console shows bytes that are not printable in a form of its own",
		Proof: proof{"chrome": "edge: origin value \\x0b", "firefox": "edge: origin value \\xe9", "safari": "edge: methods value \\xe9"}, reset: func(p *Profile) { p.ConsoleValue = nil }},
		func(p *Profile) bool { return p.ConsoleValue != nil }},
	flag("UntaintedPreflight", "a preflight after a tainting redirect carries the page's origin, and on the page's own origin needs no Access-Control-Allow-Origin",
		func(p *Profile) *bool { return &p.UntaintedPreflight }, proof{"firefox": "s571"}),
	flag("RefusesContentEncoding", "a Content-Encoding that is no plain list, or that the request did not accept, is a network error; a request with Range accepts none",
		func(p *Profile) *bool { return &p.RefusesContentEncoding }, proof{"chrome": "edge: Content-Encoding gzip with Range"}),
	{Departure{Field: "HiddenHeaders", What: "the response header Clear-Site-Data is never readable",
		Proof: proof{"chrome": "edge: Clear-Site-Data other"},
		reset: func(p *Profile) { p.HiddenHeaders = nil }},
		func(p *Profile) bool { return p.HiddenHeaders != nil }},
	{Departure{Field: "HiddenRepeated", What: "several WWW-Authenticate or Proxy-Authenticate lines are not readable",
		Proof: proof{"firefox": "edge: two WWW-Authenticate lines"},
		reset: func(p *Profile) { p.HiddenRepeated = nil }},
		func(p *Profile) bool { return p.HiddenRepeated != nil }},
	{Departure{Field: "FreshRedirect", What: "a chain of redirects that comes back to a URL is answered from the HTTP cache, as far as the redirects are fresh",
		Proof: proof{"chrome": "edge: loop 301 other", "firefox": "edge: loop 301 max-age"},
		reset: func(p *Profile) { p.FreshRedirect = nil }},
		func(p *Profile) bool { return p.FreshRedirect != nil }},
	flag("CachesHEAD", "the redirects of HEAD are answered from the HTTP cache, too",
		func(p *Profile) *bool { return &p.CachesHEAD }, proof{"firefox": "edge: loop 301 max-age HEAD"}),
	flag("CachedRedirectOnce", "a chain is answered with a cached redirect once, and then anew by the server",
		func(p *Profile) *bool { return &p.CachedRedirectOnce }, proof{"firefox": "edge: loop 301 max-age"}),
	{Departure{Field: "UnusableStatus",
		What:  "status 407 from a server that is no proxy is a network error",
		Proof: proof{"chrome": "s415"},
		reset: func(p *Profile) { p.UnusableStatus = nil }},
		func(p *Profile) bool { return p.UnusableStatus != nil }},
	flag("FontsWithoutCORS", "fonts are fetched without CORS: they load without Access-Control-Allow-Origin",
		func(p *Profile) *bool { return &p.FontsWithoutCORS }, proof{"safari": "initiator: font, no headers"}),
	flag("UploadNeedsBody", "listeners for upload progress call for a preflight only where there is a body",
		func(p *Profile) *bool { return &p.UploadNeedsBody }, proof{"chrome": "initiator: xhr-upload, POST nothing"}),
	{Departure{Field: "CharsetUTF8", What: "XMLHttpRequest corrects the charset of a Content-Type as text and leaves the rest as it is (Chrome), or leaves an empty charset alone (Safari)",
		Proof: proof{"chrome": "initiator: xhr, POST JSON in another charset", "safari": `edge: xhr, Content-Type text/plain;charset=""`},
		reset: func(p *Profile) { p.CharsetUTF8 = nil }},
		func(p *Profile) bool { return p.CharsetUTF8 != nil }},
	flag("CharsetOfFirst", "XMLHttpRequest corrects the charset of the first request only: after a redirect it is the one that script wrote",
		func(p *Profile) *bool { return &p.CharsetOfFirst }, proof{"firefox": "edge: xhr, a charset and a redirect"}),
	{Departure{Field: "ElementChecks",
		What:  "which statuses and types scripts, modules and fonts refuse, and what is looked at first",
		Proof: proof{"chrome": "initiator: script, 304", "firefox": "initiator: font, 404", "safari": "initiator: script, 304"},
		reset: func(p *Profile) { p.ElementChecks = Standard.ElementChecks }},
		func(p *Profile) bool { return p != Standard }},
	{Departure{Field: "EarlyChecks",
		What:  "the type of scripts is looked at before the CORS check",
		Proof: proof{"firefox": "initiator: script anonymous, type image/png, closed"},
		reset: func(p *Profile) { p.EarlyChecks = nil }},
		func(p *Profile) bool { return p.EarlyChecks != nil }},
	flag("DropsForGood", "the Content-Type that XMLHttpRequest gives a body does not come back after the redirect that removed it, as that of fetch() and one that script set do",
		func(p *Profile) *bool { return &p.DropsForGood }, proof{"firefox": "initiator: xhr, PUT, 303, 308"}),
	flag("ReadsBodyOf205", "status 205 has a body like any other",
		func(p *Profile) *bool { return &p.ReadsBodyOf205 }, proof{"safari": "initiator: img, 205"}),
	{Departure{Field: "OpaqueBlocking",
		What:  "an element without crossorigin gets no response of another origin that is HTML, JSON or XML, or that nosniff or status 206 make suspect",
		Proof: proof{"chrome": "initiator: script, nosniff text/plain", "firefox": "initiator: img, 206"},
		reset: func(p *Profile) { p.OpaqueBlocking = nil }},
		func(p *Profile) bool { return p.OpaqueBlocking != nil }},
	flag("PolicyNeedsDomain", "Cross-Origin-Resource-Policy: same-site refuses hosts without a registrable domain, such as IP addresses",
		func(p *Profile) *bool { return &p.PolicyNeedsDomain }, proof{"chrome": "initiator: img, policy same-site"}),
	flag("ElementsSendOrigin", "an element with CORS sends Origin to the page's own origin, too",
		func(p *Profile) *bool { return &p.ElementsSendOrigin }, proof{"chrome": "initiator: font, own origin", "safari": "initiator: module, own origin"}),
	flag("SendsOriginForStorage", "a no-cors request with Sec-Fetch-Storage-Access: inactive has Origin, too",
		func(p *Profile) *bool { return &p.SendsOriginForStorage }, proof{"chrome": "initiator: img, sandboxed, null", "firefox": "initiator: img, sandboxed, null"}),
	flag("OpaqueOriginUncached", "a sandboxed page has no HTTP cache",
		func(p *Profile) *bool { return &p.OpaqueOriginUncached }, proof{"chrome": "initiator: sandboxed fetch 301 loop"}),
	flag("OpaqueRedirectTaints", "the first redirect to another origin makes the Origin of a no-cors request null",
		func(p *Profile) *bool { return &p.OpaqueRedirectTaints }, proof{"chrome": "initiator: no-cors POST 307 same to {other}/p2 include"}),
	flag("StorageAccessOnce", "after a redirect the request says nothing about storage access",
		func(p *Profile) *bool { return &p.StorageAccessOnce }, proof{"firefox": "initiator: img, sandboxed, redirect"}),
	flag("RefusesUserinfo", "no redirect to a URL with a user name is followed, with or without CORS",
		func(p *Profile) *bool { return &p.RefusesUserinfo }, proof{"chrome": "initiator: no-cors, redirect to a user name"}),
	{Departure{Field: "HandledSchemes", What: "an image without CORS that is redirected to a scheme the browser does not know is made of the redirect's own body",
		Proof: proof{"firefox": "edge: img redirected to x:y, with a body"}, reset: func(p *Profile) { p.HandledSchemes = nil }},
		func(p *Profile) bool { return p.HandledSchemes != nil }},
	flag("FollowsData", "an element without CORS follows a redirect to a data: URL",
		func(p *Profile) *bool { return &p.FollowsData }, proof{"safari": "initiator: img, redirect to data:"}),
	{Departure{Field: "HTTP2Response", What: "an answer over HTTP/2 has the header X-Firefox-Spdy, which a page may read",
		Proof: proof{"firefox": "hosts: GET two to two"}, reset: func(p *Profile) { p.HTTP2Response = nil }},
		func(p *Profile) bool { return p.HTTP2Response != nil }},
	{Departure{Field: "Site", What: "on localhost and on an IP address http and https are one site",
		Proof: proof{"firefox": "hosts: GET dev to devtls"}, reset: func(p *Profile) { p.Site = nil }},
		func(p *Profile) bool { return p.Site != nil }},
	flag("PreflightsMixedRedirects", "a redirect to mixed content is refused only after the preflight it calls for",
		func(p *Profile) *bool { return &p.PreflightsMixedRedirects }, proof{"safari": "hosts: PUT app to api to plain"}),
	unrecorded("MaxAgeCap", "a preflight is cached for two hours (Chrome), a day (Firefox) or ten minutes (Safari) at the most",
		func(p *Profile) bool { return p.MaxAgeCap != Standard.MaxAgeCap }),
	{Departure{Field: "MaxAgeMalformed", What: "an Access-Control-Max-Age that is no number caches nothing",
		Proof: proof{"firefox": "edge: Max-Age x"},
		reset: func(p *Profile) { p.MaxAgeMalformed = Standard.MaxAgeMalformed }},
		func(p *Profile) bool { return p.MaxAgeMalformed != Standard.MaxAgeMalformed }},
	unrecorded("MaxAgeOverflow", "an Access-Control-Max-Age too great for the browser's numbers caches for five seconds",
		func(p *Profile) bool { return p.MaxAgeOverflow != Standard.MaxAgeOverflow }),
	flag("MaxAgeAcceptsSign", "an Access-Control-Max-Age may have a sign; a negative one caches nothing",
		func(p *Profile) *bool { return &p.MaxAgeAcceptsSign }, proof{"chrome": "edge: Max-Age -1", "safari": "edge: Max-Age -1"}),
	flag("WildcardNeverCached", "a * in the answer to a preflight is cached as a literal, so that it never saves one",
		func(p *Profile) *bool { return &p.WildcardNeverCached }, proof{"firefox": "edge: a wildcard in a preflight that comes again"}),
	unrecorded("CacheTiedToDNS", "a cached preflight does not count once the host's address has been looked up again",
		func(p *Profile) bool { return p.CacheTiedToDNS }),
}
