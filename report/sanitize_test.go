package report

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/corscheck/corscheck/probe"
)

func TestVisible(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "no-cache", "no-cache"},
		{"letters of other scripts", "Bücher 日本", "Bücher 日本"},
		{"escape", "\x1b[31m", `\x1b[31m`},
		{"C1 control", "a\u009bb", `a\u009bb`},
		{"DEL", "\x7f", `\x7f`},
		{"line break", "a\r\nb\tc", `a\r\nb\tc`},
		{"bidi override", "\u202egpj", `\u202egpj`},
		{"isolates", "\u2066x\u2069", `\u2066x\u2069`},
		{"zero width", "a\u200bb\ufeff", `a\u200bb\ufeff`},
		{"line separator", "a\u2028b", `a\u2028b`},
		{"odd blank", "a\u00a0b\u3000", `a\u00a0b\u3000`},
		{"tag characters", "\U000e0041", `\U000e0041`},
		{"hangul filler", "\u3164", `\u3164`},
		{"invalid UTF-8", "a\xffb\xc3", `a\xffb\xc3`},
		{"overlong", "\xc0\xaf", `\xc0\xaf`},
		{"noncharacter", "a\uffff\ufdd0", `a\uffff\ufdd0`},
		{"workflow command", "::error::x ::add-mask::y a::b", `\x3a:error::x \x3a:add-mask::y a::b`},
		{"old workflow command", "a ##[error]b", `a \x23#[error]b`},
		{"IPv6", "http://[::1]:80", "http://[::1]:80"},
		{"replacement character itself", "\ufffd", "\ufffd"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Visible(c.in); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// FuzzVisible: what is shown acts on nothing, stays on its line, and loses
// nothing: every rune is there itself or as its escape.
func FuzzVisible(f *testing.F) {
	for _, s := range []string{"", "a\x1b[2J", "\u202e", "\xff\xfe", "日本\u200b", "a\nb"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, got := range map[string]string{"Visible": Visible(s), "ASCII": visibleASCII(s), "lines": visibleLines(s)} {
			if !utf8.ValidString(got) {
				t.Fatalf("%s: %q is not UTF-8", name, got)
			}
			for _, r := range got {
				if unsafeRune(r) && (name != "lines" || r != '\n' && r != '\t') {
					t.Fatalf("%s: %q lets %U through", name, got, r)
				}
				if name == "ASCII" && r > '~' {
					t.Fatalf("%s: %q is not ASCII", name, got)
				}
			}
		}
		var want strings.Builder
		for rest := s; rest != ""; {
			r, n := utf8.DecodeRuneInString(rest)
			if unsafeRune(r) && r != utf8.RuneError {
				want.WriteString(escapedRune(r))
			} else {
				want.WriteString(ValidText(rest[:n]))
			}
			rest = rest[n:]
		}
		if got := Visible(s); got != defuse(want.String()) {
			t.Fatalf("%q, want %q", got, want.String())
		}
	})
}

func TestMarshalEscapesWhatATerminalActsOn(t *testing.T) {
	got, err := marshal("<a> & \u009b\u202e\x7f\U000e0041\x1bé", "", "")
	if err != nil {
		t.Fatal(err)
	}
	const want = `"<a> & \u009b\u202e\u007f\udb40\udc41\u001bé"`
	if string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestSourceIsText: names of files are bytes, and JSON is text.
func TestSourceIsText(t *testing.T) {
	c := FromResult(&probe.Result{Check: probe.Check{Source: &probe.Source{File: "a\xff.yaml", Line: 1, Column: 2}}})
	if want := (probe.Source{File: `a\xff.yaml`, Line: 1, Column: 2}); *c.Source != want {
		t.Errorf("%+v, want %+v", *c.Source, want)
	}
}
