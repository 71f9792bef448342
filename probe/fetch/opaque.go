package fetch

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// checkOpaque is what a response of another origin must pass where the mode is
// no-cors.
func (f *Fetch) checkOpaque(resp *Response) bool {
	if !f.opaque {
		return true
	}
	return f.checkResourcePolicy(resp) && f.checkOpaqueBlocking(resp)
}

// checkResourcePolicy is the cross-origin resource policy check; a value that is
// none of the three counts as absent.
// https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check
func (f *Fetch) checkResourcePolicy(resp *Response) bool {
	value, _ := resp.Get("Cross-Origin-Resource-Policy")
	switch value {
	case "same-origin":
		return f.held(RulePolicySameOrigin, f.sameOrigin, value, "cross-origin")
	case "same-site":
		return f.held(RulePolicySameSite, f.policySite(), value, "cross-origin")
	}
	return true
}

// policySite reports whether same-site lets the page have the response.
func (f *Fetch) policySite() bool {
	if !f.sameDomain() {
		return false
	}
	if _, isAddress := f.current.Addr(); f.p.PolicyNeedsDomain && !f.sameOrigin && (isAddress || !strings.Contains(f.current.Host, ".")) {
		return false
	}
	return f.page.Scheme != "http" || f.current.Scheme == "http"
}

// checkOpaqueBlocking is Opaque Response Blocking: data that no element can use is
// kept from the page's process. fetch() gets the response all the same, as an opaque one.
// https://github.com/annevk/orb
func (f *Fetch) checkOpaqueBlocking(resp *Response) bool {
	kind := f.p.responseType(resp)
	switch {
	case f.p.OpaqueBlocking == nil:
		return true
	case f.req.Initiator == InitiatorFetch:
		return f.p.LooksIntoOpaque == nil || f.checkOpaqueBody(resp, kind)
	}
	return f.held(RuleOpaqueBlocking, !f.p.OpaqueBlocking(f, resp, kind), orNone(kind), "")
}

// checkOpaqueBody is what fetch() meets where the browser looks into an opaque body. It
// waits for the end of one without a type, too.
func (f *Fetch) checkOpaqueBody(resp *Response, kind string) bool {
	looks := f.p.LooksIntoOpaque(resp, kind)
	return (!looks || checkDecoded(f, resp)) && (!looks && kind != "" || checkComplete(f, resp))
}

// orNone is a type as a step names it.
func orNone(kind string) string {
	if kind == "" {
		return "no type"
	}
	return kind
}

// chromeOpaqueBlocking is what Chromium implements.
func chromeOpaqueBlocking(f *Fetch, resp *Response, kind string) bool {
	body, _, _ := f.content(resp)
	switch {
	case f.sameOrigin, kind == "": // a redirect came back to the page's own origin
		return false
	case kind == "text/css", kind == "image/svg+xml", kind == "application/ogg", isSound(kind), isPlaylist(kind):
		return false
	case isNeverSniffed(kind), nosniff(resp) && (isData(kind) || kind == "text/plain"):
		return true
	case isMedia(body):
		return false
	}
	return looksLikeData(body)
}

// neverSniffed are types that no element can use.
// https://github.com/annevk/orb#mime-type-classification
var neverSniffed = setOf(
	"application/gzip", "application/msexcel", "application/mspowerpoint", "application/msword",
	"application/msword-template", "application/pdf", "application/vnd.ces-quickpoint", "application/vnd.ces-quicksheet",
	"application/vnd.ces-quickword", "application/vnd.ms-excel", "application/vnd.ms-excel.sheet.macroenabled.12",
	"application/vnd.ms-powerpoint", "application/vnd.ms-powerpoint.presentation.macroenabled.12",
	"application/vnd.ms-word", "application/vnd.ms-word.document.12", "application/vnd.ms-word.document.macroenabled.12",
	"application/vnd.msword", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	"application/vnd.openxmlformats-officedocument.presentationml.template",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.template",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.template",
	"application/vnd.presentation-openxml", "application/vnd.presentation-openxmlm", "application/vnd.spreadsheet-openxml",
	"application/vnd.wordprocessing-openxml", "application/x-gzip", "application/x-protobuf", "application/x-protobuffer",
	"application/zip", "multipart/byteranges", "multipart/signed", "text/csv", "text/event-stream",
)

// isNeverSniffed reports whether a type is one of them.
func isNeverSniffed(kind string) bool {
	_, is := neverSniffed[kind]
	return is
}

// firefoxOpaqueBlocking is what Firefox implements: it goes by the type, but looks
// into images and scripts.
func firefoxOpaqueBlocking(f *Fetch, resp *Response, kind string) bool {
	if blocked, decided := firefoxBlocksType(resp, kind); decided {
		return blocked
	}
	body, _, _ := f.content(resp)
	if f.req.Initiator == InitiatorScript {
		return isNoScript(body)
	}
	return isData(kind) && !isMedia(body)
}

// firefoxBlocksType is what it decides before it looks into the body.
func firefoxBlocksType(resp *Response, kind string) (blocked, decided bool) {
	switch {
	case isScriptType(kind), kind == "text/css", kind == "image/svg+xml", isPlaylist(kind), kind == "audio/mpeg", kind == "audio/mpegurl":
		return false, true
	case isNeverSniffed(kind), nosniff(resp) && isData(kind), resp.Status == 206:
		return true, true
	}
	return false, kind == ""
}

// firefoxLooksIntoOpaque: to look into a body it has to decode it, whoever asked.
func firefoxLooksIntoOpaque(resp *Response, kind string) bool {
	_, decided := firefoxBlocksType(resp, kind)
	return !decided
}

// networkType is the type of a response as the network reads it, which knows more of
// them than the standard: up to a byte that ends it, with a slash anywhere; of several
// the last.
func networkType(resp *Response, ends string) string {
	kind := ""
	values, _ := resp.Get("Content-Type")
	for v := range strings.SplitSeq(values, ",") {
		if read, _ := cutAt(trimOWS(v), ends); strings.Contains(read, "/") && read != "*/*" {
			kind = strings.ToLower(read)
		}
	}
	return kind
}

// isPlaylist reports whether a type is one that a player reads: of captions, or of
// where the parts of a video are.
func isPlaylist(kind string) bool {
	switch kind {
	case "text/vtt", "application/dash+xml", "application/vnd.apple.mpegurl":
		return true
	}
	return false
}

// isData reports whether a type is one of HTML, JSON or XML.
func isData(kind string) bool {
	switch {
	case kind == "text/html", kind == "application/json", kind == "text/json",
		kind == "text/xml", kind == "application/xml", strings.HasSuffix(kind, "+json"),
		strings.HasSuffix(kind, "+xml") && kind != "image/svg+xml" && kind != "application/dash+xml":
		return true
	}
	return false
}

// isMedia reports whether a body begins as an image does.
// https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
func isMedia(body []byte) bool {
	for _, magic := range []string{"GIF87a", "GIF89a", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "BM", "\x00\x00\x01\x00", "\x00\x00\x02\x00"} {
		if bytes.HasPrefix(body, []byte(magic)) {
			return true
		}
	}
	return len(body) > 14 && string(body[:4]) == "RIFF" && string(body[8:14]) == "WEBPVP"
}

// isSound reports whether a type is one of audio or video.
func isSound(kind string) bool {
	return strings.HasPrefix(kind, "audio/") || strings.HasPrefix(kind, "video/")
}

// bodyStart is the beginning of a text in lower case, without a byte order mark and
// white space.
func bodyStart(body []byte) string {
	body = bytes.TrimPrefix(body[:min(len(body), 1024)], []byte("\xef\xbb\xbf"))
	return strings.ToLower(strings.TrimLeft(string(body), " \t\r\n"))
}

// looksLikeData reports whether a body begins as HTML, XML or an object of JSON, or as
// JSON that is guarded against scripts.
func looksLikeData(body []byte) bool {
	text := bodyStart(body)
	begins := func(s string) bool { return strings.HasPrefix(text, s) }
	return jsonStart(text) || slices.ContainsFunc(htmlStarts, begins) || slices.ContainsFunc(scriptBreakers, begins)
}

// isNoScript reports whether a body is surely no script: Firefox parses it, and takes
// whatever is JSON for data.
func isNoScript(body []byte) bool {
	text := bodyStart(body)
	markup := strings.HasPrefix(text, "<") && !strings.HasPrefix(text, "<!--") // a comment in scripts, too
	return markup || looksLikeData(body) || json.Valid(body)
}

// scriptBreakers are what data begins with so that no script element can read it.
var scriptBreakers = []string{")]}'", "{}&&"}

// htmlStarts: https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
var htmlStarts = []string{
	"<!doctype html", "<script", "<html", "<head", "<iframe", "<h1", "<div", "<font", "<table", "<a", "<style",
	"<title", "<b", "<body", "<br", "<p", "<?xml",
}

// jsonStart reports whether a text begins as an object of JSON that has a member:
// no script begins so.
func jsonStart(text string) bool {
	rest, ok := strings.CutPrefix(text, "{")
	rest = strings.TrimLeft(rest, " \t\r\n")
	if !ok || !strings.HasPrefix(rest, `"`) {
		return false
	}
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '"':
			return strings.HasPrefix(strings.TrimLeft(rest[i+1:], " \t\r\n"), ":")
		}
	}
	return false
}
