package report

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
)

// TestReadBack: what was written is what is read, in both forms.
func TestReadBack(t *testing.T) {
	for _, path := range documents(t) {
		d := readDocument(t, path)
		for _, format := range []string{"json", "jsonl"} {
			text := render(t, d, format, Options{})
			again, err := ReadDocument(strings.NewReader("\ufeff"+text), "report")
			if err != nil {
				t.Errorf("%s as %s: %v", path, format, err)
				continue
			}
			if format == "jsonl" { // which has no place for these
				again.Tool, again.StartedAt, again.Findings, again.Parsed = d.Tool, d.StartedAt, d.Findings, d.Parsed
			}
			if !reflect.DeepEqual(d, again) {
				t.Errorf("%s as %s: not what was written", path, format)
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	line := strings.TrimSpace(render(t, readDocument(t, "testdata/documents/allowed.json"), "jsonl", Options{}))
	for _, c := range []struct{ name, text, want string }{
		{"not JSON", "✗ Blocked", "r:1: invalid character 'â' looking for beginning of value"},
		{"a list", "[]", "r:1: it is not a report of corscheck: write one with --format json or jsonl"},
		{"something else", `{"name": "x", "version": 1}`, "r:1: it is not a report of corscheck: write one with --format json or jsonl"},
		{"SARIF", `{"version": "2.1.0", "runs": []}`, "r:1: it is not a report of corscheck: write one with --format json or jsonl"},
		{"a newer one", `{"schemaVersion": 2, "checks": []}`, "r:1: schemaVersion is 2, and this corscheck reads 1: render it with the version that wrote it"},
		{"cut off", line[:len(line)/2], "r:1: the report ends in the middle: it was cut off, or its run is still going on"},
		{"cut off in the second line", line + "\n" + line[:100], "r:2: the report ends in the middle: it was cut off, or its run is still going on"},
		{"a line of another version", line + "\n" + strings.Replace(line, `"schemaVersion":1`, `"schemaVersion":3`, 1), "r:2: schemaVersion is 3, and this corscheck reads 1: render it with the version that wrote it"},
		{"no verdict", line + "\n" + `{"schemaVersion":1,"url":"https://a.example/"}`, "r:2: check 2 has no url or no verdict"},
		{"two documents", `{"schemaVersion":1,"checks":[]}{"schemaVersion":1,"checks":[]}`, "r:1: there is more after the document: several documents are several files"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadDocument(strings.NewReader(c.text), "r")
			if err == nil || err.Error() != c.want {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

func TestReadEmptyShard(t *testing.T) {
	d, err := ReadDocument(strings.NewReader(""), "r")
	if err != nil || len(d.Checks) != 0 {
		t.Errorf("%v, %v", d, err)
	}
}

func TestReadStopsWhereTheVisitorDoes(t *testing.T) {
	f, err := os.Open("testdata/documents/matrix.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	stop, n := errors.New("enough"), 0
	_, err = Read(f, "r", func(*Check) error {
		if n++; n == 3 {
			return stop
		}
		return nil
	})
	if err != stop || n != 3 {
		t.Errorf("%v after %d checks", err, n)
	}
}

// FuzzRead: whatever is read renders, in every format, and is read again as the
// same.
func FuzzRead(f *testing.F) {
	for _, path := range documents(f) {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(`{"schemaVersion":1,"checks":[{"url":"x","verdict":"x"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ReadDocument(strings.NewReader(text), "report")
		if err != nil {
			return
		}
		for _, format := range FormatNames() {
			out := render(t, d, format, Options{Width: 40, Verbose: 1})
			if format != "json" {
				continue
			}
			again, err := ReadDocument(strings.NewReader(out), "again")
			if err != nil {
				t.Fatal(err)
			}
			if render(t, again, "json", Options{}) != out {
				t.Fatal("read again, it is another report")
			}
		}
	})
}
