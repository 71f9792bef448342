package fetch

import (
	"slices"
	"strings"
)

// IsForbiddenRequestHeader reports whether a script may not set the header; the
// browser drops it silently.
// https://fetch.spec.whatwg.org/#forbidden-request-header
func IsForbiddenRequestHeader(name, value string) bool {
	lower := lowerName(name)
	switch lower {
	case "accept-charset", "accept-encoding", "access-control-request-headers",
		"access-control-request-method", "connection", "content-length", "cookie", "cookie2",
		"date", "dnt", "expect", "host", "keep-alive", "origin", "referer", "set-cookie",
		"te", "trailer", "transfer-encoding", "upgrade", "via":
		return true
	case "x-http-method", "x-http-method-override", "x-method-override":
		return namesForbiddenMethod(value)
	}
	return strings.HasPrefix(lower, "proxy-") || strings.HasPrefix(lower, "sec-")
}

// namesForbiddenMethod reports whether a header that overrides the method would forbid it.
// https://fetch.spec.whatwg.org/#forbidden-request-header
func namesForbiddenMethod(value string) bool {
	for element := range strings.SplitSeq(value, ",") {
		if IsForbiddenMethod(trimOWS(element)) {
			return true
		}
	}
	return false
}

const (
	maxSafelistedValue = 128  // bytes, one value
	maxSafelistedTotal = 1024 // bytes, all safelisted values of a request
)

// isSafelistedRequestHeader reports whether the header alone calls for no preflight.
// https://fetch.spec.whatwg.org/#cors-safelisted-request-header
func (p *Profile) isSafelistedRequestHeader(name, value string) bool {
	if len(value) > maxSafelistedValue {
		return false
	}
	switch lower := lowerName(name); lower {
	case "accept":
		return !p.hasUnsafeByte(value)
	case "accept-language", "content-language":
		return isLanguageValue(value)
	case "content-type":
		return p.isSafelistedContentType(value)
	case "range":
		return p.isSafelistedRange(value)
	default:
		valid, ok := p.SafelistedClientHints[lower]
		return ok && valid(value)
	}
}

// hasUnsafeByte: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
func (p *Profile) hasUnsafeByte(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; unsafeBytes[c] || c > 0x7f && p.UnsafeHighBytes {
			return true
		}
	}
	return false
}

var unsafeBytes = bytesThat(func(c byte) bool {
	return c < 0x20 && c != '\t' || c == 0x7f || strings.IndexByte(`"():<>?@[\]{}`, c) >= 0
})

// isLanguageValue: https://fetch.spec.whatwg.org/#cors-safelisted-request-header,
// `accept-language`
func isLanguageValue(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isAlphaNumeric(s[i]) && strings.IndexByte(" *,-.;=", s[i]) < 0 {
			return false
		}
	}
	return true
}

// isSafelistedContentType: https://fetch.spec.whatwg.org/#cors-safelisted-request-header,
// `content-type`
func (p *Profile) isSafelistedContentType(value string) bool {
	if p.hasUnsafeByte(value) {
		return false
	}
	essence := mimeEssence
	if p.ContentType != nil {
		essence = p.ContentType
	}
	switch essence(value) {
	case "application/x-www-form-urlencoded", "multipart/form-data", "text/plain":
		return true
	}
	return false
}

// isSafelistedRange: https://fetch.spec.whatwg.org/#simple-range-header-value,
// where the start may not be missing.
func (p *Profile) isSafelistedRange(value string) bool {
	unit := "bytes="
	if len(value) < len(unit) || value[:len(unit)] != unit && !(p.RangeUnitAnyCase && strings.EqualFold(value[:len(unit)], unit)) {
		return false
	}
	start, end, ok := strings.Cut(value[len(unit):], "-")
	if p.RangeAcceptsSign {
		start, end = strings.TrimPrefix(start, "+"), strings.TrimPrefix(end, "+")
	}
	if !ok || start == "" || !allDigits(start) || !allDigits(end) {
		return false
	}
	if p.RangeLimit != "" && (lessNumber(p.RangeLimit, start) || lessNumber(p.RangeLimit, end)) {
		return false
	}
	return end == "" || !lessNumber(end, start)
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// lessNumber compares two decimal numbers of any length.
func lessNumber(a, b string) bool {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

// unsafeRequestHeaderNames are the names that call for a preflight: lower-case,
// sorted, unique. https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
func (f *Fetch) unsafeRequestHeaderNames(headers []Header) []string {
	if len(headers) == 0 {
		return nil
	}
	tooMuch := f.p.exceedsSafelistedTotal(headers)
	names := make([]string, 0, len(headers))
	for _, h := range headers {
		if tooMuch || !f.p.isSafelistedRequestHeader(h.Name, h.Value) {
			names = append(names, lowerName(h.Name))
		}
	}
	slices.Sort(names)
	return names
}

// anyUnsafe reports whether there are such names.
func (f *Fetch) anyUnsafe(headers []Header) bool {
	for _, h := range headers {
		if !f.p.isSafelistedRequestHeader(h.Name, h.Value) {
			return true
		}
	}
	return f.p.exceedsSafelistedTotal(headers)
}

// exceedsSafelistedTotal reports whether the safelisted values are too long in all,
// which makes every one of them unsafe.
func (p *Profile) exceedsSafelistedTotal(headers []Header) bool {
	total := 0
	for _, h := range headers {
		total += len(h.Value)
	}
	if total <= maxSafelistedTotal || p.NoSafelistedTotal { // nearly always
		return false
	}
	total = 0
	for _, h := range headers {
		if p.isSafelistedRequestHeader(h.Name, h.Value) {
			total += len(h.Value)
		}
	}
	return total > maxSafelistedTotal
}

// preflightHeaders are the headers that decide about a preflight.
func (f *Fetch) preflightHeaders() []Header {
	switch {
	case f.p.JudgesHeaderLines:
		return f.typed
	case f.p.RedirectRestoresHeaders:
		return f.scripted
	}
	return f.headers
}

// combineRepeated: see Profile.OneContentType, Profile.LastOfRepeated and
// Profile.FirstOfRepeated.
func (p *Profile) combineRepeated(f *Fetch) {
	repeated := p.LastOfRepeated
	if p.OneContentType {
		repeated = append(repeated[:len(repeated):len(repeated)], "content-type")
	}
	for _, name := range repeated {
		if values := lines(f.typed, name); len(values) > 1 {
			f.scriptHeader(name).Value = values[len(values)-1]
		}
	}
	for _, name := range p.FirstOfRepeated {
		if values := lines(f.typed, name); len(values) > 1 {
			first := values[0]
			if slices.Contains(values, "") {
				first = ""
			}
			f.scriptHeader(name).Value = first
		}
	}
}

// firstContentType puts the first of repeated Content-Type headers into a request
// with a body that no redirect led to.
func (p *Profile) firstContentType(f *Fetch) {
	if values := lines(f.typed, "content-type"); p.OneContentType && f.body != nil && len(values) > 1 {
		f.headers = slices.Clone(f.headers)
		f.scriptHeader("content-type").Value = values[0]
	}
}
