package diagnose

import (
	"errors"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// TestBlockedElementsHaveACause: whatever an element refuses, and whatever a
// browser keeps from it, has a headline, in every browser that blocks it.
func TestBlockedElementsHaveACause(t *testing.T) {
	const cors, open = fetch.ModeCORS, "Access-Control-Allow-Origin: *"
	for _, tt := range []struct {
		name      string
		initiator fetch.Initiator
		mode      fetch.Mode
		status    int
		header    []fetch.Header
		body      string
		want      map[string]finding.ID // by browser; none is allowed
	}{
		{"policy same-origin", "img", "", 200, head("Cross-Origin-Resource-Policy: same-origin"), "x", everywhere(finding.ResourcePolicy)},
		{"policy same-site", "fetch", fetch.ModeNoCORS, 200, head("Cross-Origin-Resource-Policy: same-site"), "x", everywhere(finding.ResourcePolicy)},
		{"policy and CORS", "img", cors, 200, head("Cross-Origin-Resource-Policy: same-origin", open), onePixel, nil},
		{"HTML for an image", "img", "", 200, head("Content-Type: text/html"), "<html>", map[string]finding.ID{"chrome": finding.OpaqueBlocked, "firefox": finding.OpaqueBlocked, "safari": finding.ElementRefuses}},
		{"text for an image", "img", cors, 200, head("Content-Type: image/png", open), "hello", everywhere(finding.ElementRefuses)},
		{"text for a font", "font", "", 200, head("Content-Type: font/woff2", open), "hello", everywhere(finding.ElementRefuses)},
		{"a body in no coding", "script", cors, 200, head("Content-Encoding: br", open), "window.x=1;", everywhere(finding.ElementRefuses)},
		{"a body in no coding, for XMLHttpRequest", "xhr", cors, 200, head("Content-Encoding: br", open), "moved", everywhere(finding.ElementRefuses)},
		{"a script that breaks off", "script", cors, 200, head("Content-Length: 100", open), "window.x=1;", map[string]finding.ID{"chrome": finding.ElementRefuses, "firefox": finding.ElementRefuses}},
		{"chunks that are none, to fetch()", "fetch", cors, 200, head("Transfer-Encoding: chunked", open), "x", map[string]finding.ID{"firefox": finding.UnreachableProtocol}},
		{"a redirect to half a data: URL", "script", "", 302, head("Location: data:x"), "", everywhere(finding.RedirectNotHTTP)},
		{"an image's type for a script", "script", cors, 200, head("Content-Type: image/png", open), "x", everywhere(finding.ElementRefuses)},
		{"nosniff", "script", cors, 200, head("Content-Type: text/plain", "X-Content-Type-Options: nosniff", open), "x", everywhere(finding.ElementRefuses)},
		{"plain text for a module", "module", "", 200, head("Content-Type: text/plain", open), "x", everywhere(finding.ElementRefuses)},
		{"a module that is missing", "module", "", 404, head("Content-Type: text/javascript", open), "x", everywhere(finding.ElementRefuses)},
		{"an error page for a module, without CORS", "module", "", 404, head("Content-Type: text/html"), "x", everywhere(finding.ErrorHidesBehindCORS)},
		{"a font that is missing", "font", "", 404, head("Content-Type: text/html", open), "x", everywhere(finding.ElementRefuses)},
		{"an image without a body", "img", "", 204, nil, "", everywhere(finding.ElementRefuses)},
		{"JSON for an EventSource", "eventsource", "", 200, head("Content-Type: application/json", open), "x", everywhere(finding.ElementRefuses)},
		{"204 for an EventSource", "eventsource", "", 204, head(open), "", everywhere(finding.ElementRefuses)},
		{"a redirect to data without CORS", "script", "", 302, head("Location: ftp://files.example/x.js"), "", everywhere(finding.RedirectNotHTTP)},
		{"a user name in a redirect without CORS", "img", "", 302, head("Location: https://me:pw@api.example.com/x"), "", map[string]finding.ID{"chrome": finding.RedirectWithUserinfo}},
	} {
		for _, p := range fetch.Profiles() {
			res := judge(p, fetch.Request{URL: "https://api.example.com/x", Origin: "https://app.example.org", Initiator: tt.initiator, Mode: tt.mode},
				&fetch.Response{Status: tt.status, Headers: tt.header, Body: []byte(tt.body), Undo: undo, Ends: endOf(tt.name)})
			var got finding.ID
			if found := Run(t.Context(), Case{Result: res}, nil); len(found) > 0 && found[0].Severity == finding.Error {
				got = found[0].ID
			}
			if got != tt.want[p.Name] || (res.Verdict == fetch.Blocked) != (got != "") {
				t.Errorf("%s in %s: %s, headline %q, want %q", tt.name, p.Name, res.Verdict, got, tt.want[p.Name])
			}
		}
	}
}

func endOf(name string) fetch.BodyEnd {
	switch {
	case strings.Contains(name, "breaks off"):
		return fetch.EndsShort
	case strings.HasPrefix(name, "chunks"):
		return fetch.EndsMalformed
	}
	return ""
}

// onePixel is a GIF.
const onePixel = "GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

// undo finds nothing in any coding.
func undo(string, []byte) ([]byte, error) { return nil, errors.New("it is none") }

func everywhere(id finding.ID) map[string]finding.ID {
	return map[string]finding.ID{"chrome": id, "firefox": id, "safari": id}
}

func head(lines ...string) (out []fetch.Header) {
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		out = append(out, fetch.Header{Name: name, Value: value})
	}
	return out
}
