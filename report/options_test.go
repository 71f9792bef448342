package report

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestColorEnabled(t *testing.T) {
	for _, c := range []struct {
		name     string
		mode     ColorMode
		env      string
		terminal bool
		want     bool
	}{
		{"a terminal", ColorAuto, "", true, true},
		{"a pipe", ColorAuto, "", false, false},
		{"the flag is strongest", ColorAlways, "NO_COLOR=1 TERM=dumb", false, true},
		{"the flag is strongest, never", ColorNever, "FORCE_COLOR=1", true, false},
		{"NO_COLOR", ColorAuto, "NO_COLOR=1", true, false},
		{"an empty NO_COLOR is none", ColorAuto, "NO_COLOR=", true, true},
		{"NO_COLOR beats FORCE_COLOR", ColorAuto, "NO_COLOR=1 FORCE_COLOR=1", true, false},
		{"FORCE_COLOR", ColorAuto, "FORCE_COLOR=1", false, true},
		{"FORCE_COLOR=0", ColorAuto, "FORCE_COLOR=0", true, false},
		{"FORCE_COLOR beats CLICOLOR", ColorAuto, "FORCE_COLOR=1 CLICOLOR=0", false, true},
		{"CLICOLOR_FORCE", ColorAuto, "CLICOLOR_FORCE=1", false, true},
		{"CLICOLOR_FORCE=0", ColorAuto, "CLICOLOR_FORCE=0", true, true},
		{"CLICOLOR=0", ColorAuto, "CLICOLOR=0", true, false},
		{"CLICOLOR=1 forces nothing", ColorAuto, "CLICOLOR=1", false, false},
		{"a dumb terminal", ColorAuto, "TERM=dumb", true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := ColorEnabled(c.mode, environment(c.env), c.terminal); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestUnicodeLocale(t *testing.T) {
	for env, want := range map[string]bool{
		"":                                true,
		"LANG=en_GB.UTF-8":                true,
		"LANG=C.utf8":                     true,
		"LANG=C":                          false,
		"LC_ALL=C LANG=en_GB.UTF-8":       false,
		"LC_CTYPE=de_DE@euro":             false,
		"LC_ALL= LC_CTYPE=C.UTF-8 LANG=C": true,
	} {
		if got := UnicodeLocale(environment(env)); got != want {
			t.Errorf("%q: %v, want %v", env, got, want)
		}
	}
}

// environment reads "NAME=value NAME=value".
func environment(text string) func(string) string {
	env := map[string]string{}
	for pair := range strings.FieldsSeq(text) {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	return func(name string) string { return env[name] }
}

func TestUnknownFormat(t *testing.T) {
	list := strings.Join(FormatNames(), ", ")
	for name, want := range map[string]string{
		"jsom":      `unknown format "jsom": did you mean json? The formats: ` + list,
		"JSON":      `unknown format "JSON": did you mean json? The formats: ` + list,
		"xml":       `unknown format "xml": write one of ` + list,
		"":          `unknown format "": write one of ` + list,
		"te\x1b[2J": `unknown format "te\\x1b[2J": write one of ` + list,
	} {
		_, err := New(name, io.Discard, Options{})
		var unknown *UnknownFormatError
		if !errors.As(err, &unknown) || err.Error() != want {
			t.Errorf("%q: %v\nwant %s", name, err, want)
		}
	}
}

func TestParseOutput(t *testing.T) {
	for value, want := range map[string]string{
		"json:out.json":     "json out.json",
		"json:C:\\out.json": "json C:\\out.json",
		"json":              `output "json" is not FORMAT:FILE: write for example json:report.json`,
		"json:":             `output "json:" is not FORMAT:FILE: write for example json:report.json`,
		"jsno:x":            `unknown format "jsno": did you mean json? The formats: ` + strings.Join(FormatNames(), ", "),
	} {
		format, file, err := ParseOutput(value)
		got := format + " " + file
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

func TestFormatsThatHoldTheRunRefuseLongOnes(t *testing.T) {
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			r, err := New(f.Name, io.Discard, Options{})
			if err != nil {
				t.Fatal(err)
			}
			err = r.Begin(Header{Total: MaxHeld + 1})
			var tooMany *TooManyError
			if errors.As(err, &tooMany) != f.Holds {
				t.Fatalf("Begin of %d checks: %v", MaxHeld+1, err)
			}
			if f.Holds && !(strings.Contains(err.Error(), "jsonl") && strings.Contains(err.Error(), "corscheck render")) {
				t.Errorf("%v names no way out", err)
			}
		})
	}
	t.Run("length not known before", func(t *testing.T) {
		l := &limited{Renderer: newJSONL(io.Discard, nil), format: "json", limit: 2}
		if err := l.Begin(Header{Total: -1}); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			err := l.Check(&Check{})
			if (err != nil) != (i == 2) {
				t.Errorf("check %d: %v", i+1, err)
			}
		}
	})
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"":                    "''",
		"https://a.example/x": "https://a.example/x",
		"a b":                 "'a b'",
		"it's":                `'it'\''s'`,
		"$(reboot)`x`":        "'$(reboot)`x`'",
		"a\nb'\\":             `$'a\nb\'\\'`,
		"?q=1&r":              "'?q=1&r'",
		"~root":               "'~root'",
	} {
		if got := Quote(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestWrapNeverCutsAWord(t *testing.T) {
	long := "https://api.example.com/" + strings.Repeat("x", 200)
	text := "see " + long + " for more about it"
	for n := 1; n < 90; n++ {
		lines := wrap(text, n)
		if strings.Join(lines, " ") != text {
			t.Fatalf("%d columns: %q", n, lines)
		}
		for _, l := range lines {
			if width(l) > n && strings.Contains(l, " ") {
				t.Errorf("%d columns: %q could be broken", n, l)
			}
		}
	}
}
