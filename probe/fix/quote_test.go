package fix

import (
	"encoding/json"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// hostile values try to end a string, a line, a comment or a block in every
// language that snippets are written in.
var hostile = []string{
	`'`, `"`, "`", `\`, `\'`, `\"`, `$x`, `${x}`, `#{x}`, `%{x}`, `%s`, `<?php ?>`, `*/`, `//`, `#`, `{{.}}`,
	"'); process.exit(1); ('", `"); import os; os._exit(1) #`, `' + system("false") + '`, "a\nb", "a\r\nb: c", "\x00", "\u2028", "\u202e", "😀", "<script>",
}

// Interpreters read back what was quoted for them.
func TestQuotedValuesSurviveTheirLanguage(t *testing.T) {
	for _, language := range []struct {
		name  string
		quote func(string) string
		argv  func(literal string) []string
		// control: whether the language has escapes for control characters and
		// what is beyond ASCII; where it has none they are left out.
		control bool
	}{
		{"node", jsString, func(l string) []string { return []string{"-e", "process.stdout.write(" + l + ")"} }, true},
		{"python3", pyString, func(l string) []string {
			return []string{"-c", "import sys; sys.stdout.buffer.write(" + l + ".encode())"}
		}, true},
		{"ruby", singleQuoted, func(l string) []string { return []string{"-e", "print " + l} }, false},
		{"php", singleQuoted, func(l string) []string { return []string{"-r", "echo " + l + ";"} }, false},
	} {
		t.Run(language.name, func(t *testing.T) {
			if _, err := exec.LookPath(language.name); err != nil {
				t.Skip(err)
			}
			// One process for all: values are joined by a character that none has.
			value := strings.Join(hostile, "~")
			want := value
			if !language.control {
				want = printable(value)
			}
			out, err := exec.Command(language.name, language.argv(language.quote(value))...).CombinedOutput()
			if err != nil || string(out) != want {
				t.Errorf("%s read %q, want %q (%v)", language.name, out, want, err)
			}
		})
	}
}

func TestQuotedValuesRoundTrip(t *testing.T) {
	for _, value := range hostile {
		if got, err := strconv.Unquote(strconv.Quote(value)); err != nil || got != value {
			t.Errorf("Go reads %q as %q: %v", value, got, err)
		}
		var got string
		if err := json.Unmarshal([]byte(jsonString(value)), &got); err != nil || got != value {
			t.Errorf("JSON reads %q as %q: %v", value, got, err)
		}
		if err := json.Unmarshal([]byte(javaString(value)), &got); err != nil || got != value {
			t.Errorf("Java's escapes read %q as %q: %v", value, got, err)
		}
	}
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
}

func TestCommentsStayOnTheirLine(t *testing.T) {
	for _, value := range hostile {
		got := commented("//", "In "+strings.ReplaceAll(value, "\n", ""))
		if strings.ContainsAny(got, "\r\n\x00\u2028\u202e") || strings.Contains(got, "?>") {
			t.Errorf("the comment %q can be left", got)
		}
	}
}
