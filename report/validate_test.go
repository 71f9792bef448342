package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jstemmer/go-junit-report/v2/junit"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"github.com/corscheck/corscheck/internal/demand"
	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/finding"
)

// eachDocument runs a test on every document that the format takes.
func eachDocument(t *testing.T, format string, f func(t *testing.T, d *Document, out string)) {
	for _, path := range documents(t) {
		d := readDocument(t, path)
		if needsMoreSource(d, format) {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) { f(t, d, render(t, d, format, Options{})) })
	}
}

func TestSARIFIsValid(t *testing.T) {
	text, err := os.ReadFile("testdata/schemas/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	s := compileSchema(t, "sarif.json", text)
	eachDocument(t, "sarif", func(t *testing.T, d *Document, out string) {
		validate(t, s, out)
		var log sarifLog
		if err := json.Unmarshal([]byte(out), &log); err != nil {
			t.Fatal(err)
		}
		want := 0
		for i := range d.Checks {
			want += len(d.Checks[i].issues())
		}
		results, seen := log.Runs[0].Results, map[string]bool{}
		if len(results) != want {
			t.Errorf("%d results, want %d", len(results), want)
		}
		for _, r := range results {
			if log.Runs[0].Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
				t.Errorf("rule %d is not %s", r.RuleIndex, r.RuleID)
			}
			print := r.PartialFingerprints["corscheckCheck/v1"]
			if seen[print] {
				t.Errorf("fingerprint %s twice", print)
			}
			seen[print] = true
		}
	})
}

func TestFingerprintsDoNotDependOnPlaceOrWording(t *testing.T) {
	d := readDocument(t, "testdata/documents/policy.json")
	before := render(t, d, "gitlab", Options{})
	for i := range d.Checks {
		d.Checks[i].Source.Line += 7
		for j := range d.Checks[i].Findings {
			d.Checks[i].Findings[j].Title += " (in other words)"
		}
	}
	after := render(t, d, "gitlab", Options{})
	prints := regexp.MustCompile(`"fingerprint": "([0-9a-f-]+)"`)
	a, b := prints.FindAllString(before, -1), prints.FindAllString(after, -1)
	if len(a) == 0 || !slices.Equal(a, b) || before == after {
		t.Errorf("%v\n%v", a, b)
	}
}

func TestGitLabIsAsDocumented(t *testing.T) {
	eachDocument(t, "gitlab", func(t *testing.T, _ *Document, out string) {
		var issues []codeQuality
		dec := json.NewDecoder(strings.NewReader(out))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&issues); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, i := range issues {
			if seen[i.Fingerprint] || i.Fingerprint == "" || i.Description == "" || i.CheckName == "" || i.Location.Lines.Begin < 1 ||
				strings.HasPrefix(i.Location.Path, "./") || i.Location.Path == "" ||
				!slices.Contains([]string{"info", "minor", "major", "critical", "blocker"}, i.Severity) {
				t.Errorf("%+v", i)
			}
			seen[i.Fingerprint] = true
		}
	})
}

func TestJUnitIsValid(t *testing.T) {
	xmllint := demand.Program(t, "xmllint")
	eachDocument(t, "junit", func(t *testing.T, d *Document, out string) {
		file := filepath.Join(t.TempDir(), "junit.xml")
		if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
		if text, err := exec.Command(xmllint, "--noout", "--nonet", "--schema", "testdata/schemas/junit.xsd", file).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, text)
		}
		var suites junit.Testsuites
		if err := xml.Unmarshal([]byte(out), &suites); err != nil {
			t.Fatal(err)
		}
		cases, seen := suites.Suites[0].Testcases, map[string]bool{}
		if len(cases) != len(d.Checks) {
			t.Fatalf("%d cases of %d checks", len(cases), len(d.Checks))
		}
		for i, tc := range cases {
			c := &d.Checks[i]
			if (tc.Failure != nil) != (!c.Fine() && c.Decided()) || (tc.Error != nil) != (!c.Fine() && !c.Decided()) {
				t.Errorf("%s: failure %v, error %v", c.Name(), tc.Failure, tc.Error)
			}
			if seen[tc.Classname+"\x00"+tc.Name] {
				t.Errorf("two cases are named %q", tc.Name)
			}
			seen[tc.Classname+"\x00"+tc.Name] = true
		}
	})
}

// TestTAPIsRead has Perl's TAP::Parser, which prove runs on, read the reports.
func TestTAPIsRead(t *testing.T) {
	prove := demand.Program(t, "prove")
	eachDocument(t, "tap", func(t *testing.T, d *Document, out string) {
		file := filepath.Join(t.TempDir(), "run.tap")
		if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
		var stdout, stderr bytes.Buffer
		cmd := exec.Command(prove, "-v", "-e", "cat", file)
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		err := cmd.Run()
		text := stdout.String() + stderr.String()
		fine := !slices.ContainsFunc(d.Checks, func(c Check) bool { return !c.Fine() })
		var exit *exec.ExitError
		if (err == nil) != fine || err != nil && !errors.As(err, &exit) {
			t.Errorf("prove: %v\n%s", err, text)
		}
		if strings.Contains(text, "Parse errors") && len(d.Checks) > 0 {
			t.Error(text)
		}
		if want := fmt.Sprintf("Tests=%d", len(d.Checks)); !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	})
}

// TestGitHubCommands reads the output as the runner does: a line that begins
// with :: is a command, its parts are unescaped, everything else is log.
func TestGitHubCommands(t *testing.T) {
	command := regexp.MustCompile(`^::(error|warning) ([^:]*)::(.*)$`)
	eachDocument(t, "github", func(t *testing.T, d *Document, out string) {
		var want []issue
		for i := range d.Checks {
			for _, x := range d.Checks[i].issues() {
				if x.severity != finding.Info {
					want = append(want, x)
				}
			}
		}
		lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
		if last := lines[len(lines)-1]; !strings.HasPrefix(last, "corscheck: ") || len(lines) != len(want)+1 {
			t.Fatalf("%d lines for %d issues\n%s", len(lines), len(want), out)
		}
		unescape := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
		for i, x := range want {
			m := command.FindStringSubmatch(lines[i])
			if m == nil {
				t.Fatalf("no command: %s", lines[i])
			}
			if got := unescape.Replace(m[3]); got != visibleLines(x.text()) {
				t.Errorf("message\n%s\nwant\n%s", got, x.text())
			}
			properties := map[string]string{}
			for p := range strings.SplitSeq(m[2], ",") {
				name, value, _ := strings.Cut(p, "=")
				properties[name] = unescape.Replace(value)
			}
			if s := x.check.Source; s != nil && (properties["file"] != strings.NewReplacer("\x1b", `\x1b`, "\u202e", `\u202e`).Replace(s.File) || properties["line"] != fmt.Sprint(s.Line)) || s == nil && properties["file"] != "" {
				t.Errorf("properties %v of an issue at %v", properties, s)
			}
		}
	})
}

// TestFailuresWithoutAVerdict: of a request that was not sent, expectations about
// its preflight may already have failed. That is a failure in every format, and
// every format says what was expected.
func TestFailuresWithoutAVerdict(t *testing.T) {
	d := readDocument(t, "testdata/documents/undecided.json")
	c, no := &d.Checks[0], false
	c.Expected, c.AsExpected = "allow", &no
	c.Failures = []probe.Failure{{Expectation: "max-age", Want: ">=900", Got: "600"}}
	c.Source = &probe.Source{File: "corscheck.yaml", Line: 3, Column: 5}
	for format, want := range map[string]string{
		"text":     "max-age: expected >=900, got 600",
		"table":    "✗ undecided, max-age",
		"junit":    `<failure message="Undecided, but not as expected: max-age: expected &gt;=900, got 600" type="expected-max-age">`,
		"tap":      `severity: "fail"`,
		"sarif":    `"ruleId": "expected-max-age"`,
		"gitlab":   `"check_name": "expected-max-age"`,
		"github":   "::max-age: expected >=900, got 600",
		"markdown": "✗ undecided, max-age (1)",
		"html":     "✗ undecided, max-age (1)",
	} {
		if out := render(t, d, format, Options{}); !strings.Contains(out, want) {
			t.Errorf("%s has no %s\n%s", format, want, out)
		}
	}
}

func TestGitHubJobSummary(t *testing.T) {
	path := filepath.Join(t.TempDir(), "summary.md")
	if err := os.WriteFile(path, []byte("of another step\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	d := readDocument(t, "testdata/documents/matrix.json")
	render(t, d, "github", Options{Getenv: environment("GITHUB_STEP_SUMMARY=" + path)})
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := "of another step\n" + render(t, d, "markdown", Options{}); string(got) != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	t.Run("bounded", func(t *testing.T) {
		b := &boundedBuffer{limit: 10}
		for _, s := range []string{"12345", "12345678", "1"} {
			if n, err := b.Write([]byte(s)); n != len(s) || err != nil {
				t.Fatal(n, err)
			}
		}
		if got := string(b.bytes()); !strings.HasPrefix(got, "12345\nThe rest is left out") {
			t.Errorf("%q", got)
		}
	})
}

// TestMarkdownIsInert has goldmark read the reports: what servers sent is text
// in the result, and the matrix has as many cells as it should.
func TestMarkdownIsInert(t *testing.T) {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM))
	eachDocument(t, "markdown", func(t *testing.T, d *Document, out string) {
		var b bytes.Buffer
		if err := md.Convert([]byte(out), &b); err != nil {
			t.Fatal(err)
		}
		page := b.String()
		for _, tag := range regexp.MustCompile(`<!--[^>]*|<[a-z!][^>]*>`).FindAllString(page, -1) {
			if strings.Contains(tag, "<a ") || strings.Contains(tag, "raw HTML omitted") && !strings.Contains(out, "<code>") ||
				strings.Contains(tag, "script") || strings.Contains(tag, "<img") {
				t.Errorf("a value became %s", tag)
			}
		}
		rows := regexp.MustCompile(`(?s)<tr>.*?</tr>`).FindAllString(page, -1)
		for _, r := range rows {
			cells := strings.Count(r, "<td") + strings.Count(r, "<th")
			if want := strings.Count(rows[0], "<th"); cells != want {
				t.Errorf("%d cells, want %d: %s", cells, want, r)
			}
		}
		if len(d.Checks) > 0 && len(rows) < 2 {
			t.Error("no matrix")
		}
	})
}

// TestHostileValues: in no format does what a server sent act, and in none is
// it lost.
func TestHostileValues(t *testing.T) {
	d := readDocument(t, "testdata/documents/hostile.json")
	hostile := d.Checks[0].Findings[0].Evidence[0] // has everything in it
	for _, format := range FormatNames() {
		for _, o := range []Options{{Verbose: 1}, {Verbose: 1, ASCII: true}} {
			out := render(t, d, format, o)
			if !utf8.ValidString(out) {
				t.Errorf("%s is not UTF-8", format)
			}
			for _, r := range out {
				if unsafeRune(r) && r != '\n' && r != '\t' {
					t.Errorf("%s has %U in it", format, r)
				}
			}
			for line := range strings.Lines(out) {
				if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "::") && format != "github" || strings.Contains(line, "##[") {
					t.Errorf("%s: a command of GitHub Actions: %.80s", format, trimmed)
				}
			}
			if !strings.Contains(readable(format, out), squeeze(Visible(hostile))) {
				t.Errorf("%s has lost %s", format, Visible(hostile))
			}
		}
	}
}

// readable undoes the escapes of a format's medium, as its reader would.
func readable(format, out string) string {
	switch format {
	case "json", "jsonl", "sarif", "gitlab":
		var values []string
		var collect func(any)
		collect = func(v any) {
			switch v := v.(type) {
			case string:
				values = append(values, Visible(v))
			case []any:
				for _, e := range v {
					collect(e)
				}
			case map[string]any:
				for _, e := range v {
					collect(e)
				}
			}
		}
		var v any
		if json.Unmarshal([]byte(out), &v) == nil {
			collect(v)
		}
		out = strings.ReplaceAll(strings.Join(values, "\n"), `\n`, "\n")
	case "junit", "html", "markdown":
		out = html.UnescapeString(strings.ReplaceAll(out, "]]]]><![CDATA[>", "]]>"))
		if format == "markdown" {
			out = regexp.MustCompile("\\\\([\\\\`*_\\[\\]#|~$])").ReplaceAllString(out, "$1")
		}
	case "tap":
		out = strings.ReplaceAll(strings.ReplaceAll(out, `\\`, `\`), `\"`, `"`)
	case "github":
		out = strings.ReplaceAll(out, "%25", "%")
	}
	return squeeze(out)
}

// squeeze removes what wrapping adds.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
