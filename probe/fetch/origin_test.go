package fetch

import (
	"strings"
	"testing"
)

// TestPlainOriginsAreWhatTheParserMakes: the short way and the URL parser come
// to the same page.
func TestPlainOriginsAreWhatTheParserMakes(t *testing.T) {
	plain := 0
	for _, scheme := range []string{"https://", "http://", "HTTPS://", "ftp://", "https:", ""} {
		for _, host := range []string{
			"app.example.com", "localhost", "a", "a-b.c", "-a.example", "a-.example", "1.example", "a.b1", "1.2.3.4", "0x7f.1", "a.0x1", "a.1b",
			"", ".", "a.", ".a", "a..b", "A.example", "xn--bcher-kva.example", "xn--a.example", "a_b.example", "a.example:443", "a.example/", "é.example", "a%41.example", "a b",
			strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 130) + "example",
		} {
			s := scheme + host
			page, ok := pageOfPlainOrigin(s)
			if !ok {
				continue
			}
			plain++
			u, err := ParseURL(s+"/", nil)
			if err != nil || *u != page || u.Origin() != s {
				t.Errorf("%q: %+v, and the parser says %+v, %v", s, page, u, err)
			}
		}
	}
	if plain < 20 {
		t.Errorf("only %d origins are plain", plain)
	}
}

// FuzzPlainOrigin: the same of any origin.
func FuzzPlainOrigin(f *testing.F) {
	for _, s := range []string{"https://app.example.com", "http://1.2.3.4", "https://a.0x1", "https://-a.-b-", "https://a..b", "https://xn--a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		page, ok := pageOfPlainOrigin(s)
		if !ok {
			return
		}
		if u, err := ParseURL(s+"/", nil); err != nil || *u != page {
			t.Fatalf("%q: %+v, and the parser says %+v, %v", s, page, u, err)
		}
	})
}
