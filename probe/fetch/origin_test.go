package fetch

import (
	"strings"
	"testing"
)

// TestPlainURLsAreWhatTheParserMakes: the short way and the URL parser come to the
// same URL.
func TestPlainURLsAreWhatTheParserMakes(t *testing.T) {
	plain := 0
	for _, scheme := range []string{"https://", "http://", "HTTPS://", "ftp://", "https:", ""} {
		for _, host := range []string{
			"app.example.com", "localhost", "a", "a-b.c", "-a.example", "a-.example", "1.example", "a.b1", "1.2.3.4", "0x7f.1", "a.0x1", "a.1b",
			"", ".", "a.", ".a", "a..b", "A.example", "xn--bcher-kva.example", "xn--a.example", "a_b.example", "a.example:443", "é.example", "a%41.example", "a b",
			strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 130) + "example",
		} {
			for _, path := range []string{"", "/", "//", "/a", "/a/b-c_D.e/", "/.", "/..", "/a/../b", "/a./b", "/.a", "/a..b", "/%2e", "/a?b", "/#", "/|", "/é", `/\`, "?", "/a;b"} {
				if isPlain(t, scheme+host+path) {
					plain++
				}
			}
		}
	}
	if plain < 100 {
		t.Errorf("only %d URLs are plain", plain)
	}
}

// FuzzPlainURL: the same of any URL; and an origin that is plain is its own.
func FuzzPlainURL(f *testing.F) {
	for _, s := range []string{"https://app.example.com", "http://1.2.3.4", "https://a.0x1", "https://-a.-b-", "https://a..b", "https://xn--a", "https://a/b.c/..", "http://a//.b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { isPlain(t, s) })
}

func isPlain(t *testing.T, s string) bool {
	short, ok := plainURL(s)
	if !ok {
		return false
	}
	u, err := urlParser{}.parse(s, nil)
	if err != nil || *u != short {
		t.Errorf("%q: %+v, and the parser says %+v, %v", s, short, u, err)
		return true
	}
	if page, ok := pageOfPlainOrigin(s); ok && (page != short || u.Origin() != s) {
		t.Errorf("the page of %q is %+v, its origin %s", s, page, u.Origin())
	}
	return true
}
