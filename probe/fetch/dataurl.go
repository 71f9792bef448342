package fetch

import (
	"encoding/base64"
	"strings"
)

// dataResponse is what a data: URL stands for.
// https://fetch.spec.whatwg.org/#data-url-processor
func dataResponse(u *URL) (*Response, bool) {
	kind, data, ok := strings.Cut(strings.TrimPrefix(u.Display(), "data:"), ",")
	if !ok {
		return nil, false
	}
	body := []byte(percentDecode(data))
	if plain, is := cutBase64(trimOWS(kind)); is {
		kind = plain
		if body, ok = forgivingBase64(body); !ok {
			return nil, false
		}
	}
	if kind == "" || strings.HasPrefix(kind, ";") {
		kind = "text/plain" + kind
	}
	return &Response{Status: 200, Headers: []Header{{"Content-Type", kind}}, Body: body}, true
}

// cutBase64 removes the mark of base64 from the end of a type.
func cutBase64(kind string) (plain string, is bool) {
	n := len(kind) - len("base64")
	if n < 0 || !equalFold(kind[n:], "base64") {
		return kind, false
	}
	plain, is = strings.CutSuffix(strings.TrimRight(kind[:n], " "), ";")
	return plain, is
}

// forgivingBase64: https://infra.spec.whatwg.org/#forgiving-base64-decode
func forgivingBase64(data []byte) ([]byte, bool) {
	text := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n\f\r", r) {
			return -1
		}
		return r
	}, string(data))
	if len(text)%4 == 0 {
		text = strings.TrimSuffix(strings.TrimSuffix(text, "="), "=")
	}
	body, err := base64.RawStdEncoding.DecodeString(text)
	return body, err == nil
}
