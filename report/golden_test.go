package report

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// variants are the option sets whose output is kept, by the suffix of the
// golden file.
var variants = map[string][]struct {
	suffix  string
	options Options
}{
	"text": {
		{"80", Options{Width: 80}},
		{"120-v", Options{Width: 120, Verbose: 1}},
		{"ascii", Options{Width: 80, ASCII: true}},
		{"color", Options{Width: 80, Color: true}},
		{"quiet", Options{Width: 80, Quiet: true}},
	},
	"table": {{"80", Options{Width: 80}}, {"120", Options{Width: 120}}, {"ascii", Options{Width: 120, ASCII: true}}},
}

func TestGolden(t *testing.T) {
	for _, path := range documents(t) {
		document := readDocument(t, path)
		base := strings.TrimSuffix(filepath.Base(path), ".json")
		for _, format := range FormatNames() {
			if needsMoreSource(document, format) {
				continue
			}
			sets := variants[format]
			if sets == nil {
				sets = append(sets, struct {
					suffix  string
					options Options
				}{"", Options{}})
			}
			for _, v := range sets {
				name := base + "." + format
				if v.suffix != "" {
					name = base + "." + v.suffix + "." + format
				}
				t.Run(name, func(t *testing.T) {
					out := render(t, document, format, v.options)
					// The pages of the catalogue have tests of their own.
					out = cataloguePage.ReplaceAllString(out, `"markdown": "(the page)"`)
					golden(t, name, out)
				})
			}
		}
	}
}

var cataloguePage = regexp.MustCompile(`"markdown": "## .*"`)

func documents(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/documents/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	return paths
}

func readDocument(t testing.TB, path string) *Document {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := ReadDocument(f, path)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func render(t testing.TB, d *Document, format string, o Options) string {
	t.Helper()
	var b bytes.Buffer
	r, err := New(format, &b, o)
	if err != nil {
		t.Fatal(err)
	}
	err = d.Render(r)
	var noSource *NoSourceError
	if errors.As(err, &noSource) != needsMoreSource(d, format) || err != nil && noSource == nil {
		t.Fatal(err)
	}
	if err != nil && b.Len() > 0 {
		t.Errorf("%s wrote something before it refused", format)
	}
	return b.String()
}

// needsMoreSource reports whether the format refuses the document because a
// check of it comes from no file.
func needsMoreSource(d *Document, format string) bool {
	i := slices.IndexFunc(formats, func(f Format) bool { return f.Name == format })
	return formats[i].NeedsSource && slices.ContainsFunc(d.Checks, func(c Check) bool { return c.Source == nil })
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run go test -update and read the difference\n%s", path, firstDifference(string(want), got))
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return "want " + w[i] + "\ngot  " + g[i]
		}
	}
	return "one ends before the other"
}
