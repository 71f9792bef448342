package fetch

import "strings"

// checkContentEncoding: Chrome takes an answer for broken whose Content-Encoding
// is not a plain list, or names a coding that the request did not accept; a
// request with Range accepts none.
func (f *Fetch) checkContentEncoding(m *Message, resp *Response) bool {
	if !f.p.RefusesContentEncoding {
		return true
	}
	value, present := resp.Get("Content-Encoding")
	if !present {
		return true
	}
	accepted, _ := m.Get("Accept-Encoding")
	if plainCodings(value) && (f.p.isRedirect(resp) || !namesBlank(value) && acceptsCodings(accepted, value)) {
		return true
	}
	f.fail(RuleContentEncoding, value, accepted)
	return false
}

// plainCodings reports whether a value is a list of names without parameters,
// quotes or white space.
func plainCodings(value string) bool {
	if strings.ContainsAny(value, `"=;*`) {
		return false
	}
	for coding := range strings.SplitSeq(value, ",") {
		if strings.ContainsAny(trimOWS(coding), " \t") {
			return false
		}
	}
	return true
}

// namesBlank reports whether white space stands in a list where a name belongs: the
// browser looks for such a coding, but is content with nothing at all.
func namesBlank(value string) bool {
	for coding := range strings.SplitSeq(value, ",") {
		if coding != "" && trimOWS(coding) == "" {
			return true
		}
	}
	return false
}

// acceptsCodings: codings that the browser does not know at all are not decoded,
// and no fault.
func acceptsCodings(accepted, value string) bool {
	for coding := range strings.SplitSeq(value, ",") {
		coding = strings.ToLower(trimOWS(coding))
		if isCoding(coding) && !hasDirective(accepted, strings.TrimPrefix(coding, "x-")) {
			return false
		}
	}
	return true
}
