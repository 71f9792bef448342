package fetch

import "strings"

const chromeUserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"

// chromeAccept and chromeOrigin are what the network adds; an EventSource has its
// Accept, and an element with crossorigin its Origin, in the map.
func chromeAccept(f *Fetch) string {
	if f.noCache() {
		return ""
	}
	return acceptOf(f)
}

func chromeOrigin(f *Fetch) string {
	if f.mapsOrigin() {
		return ""
	}
	return originValue(f)
}

// chromeCacheControl: a request that script made conditional is revalidated, and
// the line then stands before all others, with script's own value where it has
// one.
func chromeCacheControl(f *Fetch, out []Header) []Header {
	value := "max-age=0"
	switch h := f.scriptHeader("cache-control"); {
	case f.noCache():
		value = "no-cache"
	case !f.conditional():
		return out
	case h != nil:
		value = h.Value
	}
	return append(out, Header{"Cache-Control", value})
}

// chromeRange: the cache writes a single range anew, at the end of the request.
func chromeRange(f *Fetch) string {
	h := f.scriptHeader("range")
	if h == nil || f.method != "GET" || f.conditional() {
		return ""
	}
	return normalizeRange(h.Value)
}

// normalizeRange returns the one byte range that a value asks for, or nothing
// where it asks for several or does not parse.
func normalizeRange(value string) string {
	unit, set, ok := strings.Cut(value, "=")
	if !ok || !strings.EqualFold(trimOWS(unit), "bytes") {
		return ""
	}
	start, end, ok := strings.Cut(strings.Trim(set, " \t,"), "-")
	start, end = strings.TrimPrefix(trimOWS(start), "+"), strings.TrimPrefix(trimOWS(end), "+")
	if start != "" && strings.HasPrefix(end, "-") && plainNumber(end[1:]) == "1" {
		end = "" // which is what -1 stands for
	}
	if !ok || start == "" && strings.Trim(end, "0") == "" || !allDigits(start) || !allDigits(end) ||
		start != "" && end != "" && lessNumber(end, start) || lessNumber(maxInt64, start) || lessNumber(maxInt64, end) {
		return ""
	}
	return "bytes=" + plainNumber(start) + "-" + plainNumber(end)
}

const maxInt64 = "9223372036854775807"

// plainNumber removes leading zeros.
func plainNumber(s string) string {
	if s == "" {
		return s
	}
	if s = strings.TrimLeft(s, "0"); s == "" {
		return "0"
	}
	return s
}

// chromeMap writes script's headers and those of the renderer in the order of
// the map; what the slots around it have written is left out.
func chromeMap(f *Fetch, out []Header) []Header {
	hints := f.trustedFirst && !f.untrusted && f.current.PotentiallyTrustworthy()
	for _, name := range f.chromeMapOrder() {
		if v, ok := f.chromeOwn(name, hints); ok {
			if v != "" {
				out = append(out, Header{name, v})
			}
			continue
		}
		h := f.scriptHeader(name)
		if h == nil || equalFold(name, "range") && chromeRange(f) != "" {
			continue
		}
		if _, written := combined(out, name); !written {
			out = append(out, *h)
		}
	}
	return out
}

// chromeOwn is the renderer's own value for a name in the map; empty where the
// line is left out.
func (f *Fetch) chromeOwn(name string, hints bool) (value string, ok bool) {
	switch name {
	case "User-Agent":
		return userAgentOr(f, chromeUserAgent), true
	case "Origin":
		return originValue(f), true
	case "Accept":
		if f.noCache() {
			return acceptOf(f), true
		}
		return "", false
	case "sec-ch-ua":
		value = `"Not:A-Brand";v="8", "Chromium";v="156"`
	case "sec-ch-ua-mobile":
		value = "?0"
	case "sec-ch-ua-platform":
		value = `"Linux"`
	default:
		return "", false
	}
	if !hints {
		value = ""
	}
	return value, true
}
