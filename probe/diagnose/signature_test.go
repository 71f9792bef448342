package diagnose

import (
	"strings"
	"testing"
)

// A body that is no text is not quoted.
func TestStartOfBody(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "",
		"  not\n allowed ":                    "not allowed",
		"<html><body><p>No.</p></body>":       "No.",
		"größer als 10 €":                     "größer als 10 €",
		strings.Repeat("a", 201):              strings.Repeat("a", 200) + "…",
		"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR": "",
		strings.Repeat("\x00", 200):           "",
		"an error\x00 with one stray byte":    "an error\x00 with one stray byte",
	} {
		if got := start(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
