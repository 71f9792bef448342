package fetch_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
)

var update = flag.Bool("update", false, "write docs/browsers.md anew")

// TestBrowsersDoc holds docs/browsers.md against the profiles.
func TestBrowsersDoc(t *testing.T) {
	const file = "../../docs/browsers.md"
	want := browsersDoc()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/browsers.md is not what the profiles say; write it anew with go test ./probe/fetch -run BrowsersDoc -update, and read it")
	}
}

func browsersDoc() string {
	var b strings.Builder
	b.WriteString("# Where browsers depart from the Fetch Standard\n\n" +
		"Each row is a field of a browser's profile in `probe/fetch`. " +
		"A field may name a rule of the standard that the browser lacks; the row then says what it does instead. " +
		"The scenario named is a recording in `testdata/verdicts` " +
		"that the machine no longer agrees with once the field is put back to the standard; a test does that for each. " +
		"`go run ./probe/browser/conformance show 's399'` shows one. " +
		"A mark without a scenario is a departure that the recordings cannot show, since they take no time: the browser's source is the authority.\n\n" +
		"Written by `go test ./probe/fetch -run BrowsersDoc -update`.\n")
	theme := ""
	for _, d := range fetch.Departures() {
		if d.Theme != theme {
			theme = d.Theme
			fmt.Fprintf(&b, "\n## %s\n\n| what the browser does | field |", theme)
			for _, p := range fetch.Profiles() {
				fmt.Fprintf(&b, " %s |", p.Version)
			}
			b.WriteString("\n| --- | --- |" + strings.Repeat(" --- |", len(fetch.Profiles())) + "\n")
		}
		in := map[string]bool{}
		for _, name := range d.In {
			in[name] = true
		}
		fmt.Fprintf(&b, "| %s | `%s` |", cell(d.What), d.Field)
		for _, p := range fetch.Profiles() {
			switch {
			case !in[p.Name]:
				b.WriteString("  |")
			case d.Proof == nil:
				b.WriteString(" yes |")
			default:
				fmt.Fprintf(&b, " %s |", cell(d.Proof[p.Name]))
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("\n## Codes out of reach\n\nThe browser has a code or a category for each of these, and no server can bring it about.\n\n| browser | code | why |\n| --- | --- | --- |\n")
	for _, p := range fetch.Profiles() {
		for _, code := range slices.Sorted(maps.Keys(p.Unreached)) {
			fmt.Fprintf(&b, "| %s | `%s` | %s |\n", p.Version, code, cell(p.Unreached[code]))
		}
	}
	return b.String()
}

// cell keeps Markdown's signs as they are.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "<", `\<`, `\`, `\\`).Replace(s)
}
