package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/finding"
)

func saved(t testing.TB, d *Document) *strings.Reader {
	t.Helper()
	d.Summary = Summary{}
	for i := range d.Checks {
		d.Summary.Add(&d.Checks[i])
	}
	return strings.NewReader(render(t, d, "json", Options{}))
}

func TestBaseline(t *testing.T) {
	for _, c := range []struct {
		name   string
		failOn probe.FailOn
		change func(*Document)
		known  []int // indexes of checks that are known
		fixed  []string
		code   int
	}{
		{"nothing changed", probe.FailOnError, func(*Document) {}, []int{2, 5, 6, 7, 8, 9, 10, 11}, nil, 0},
		{"other words", probe.FailOnError, func(d *Document) {
			for i := range d.Checks {
				if c := &d.Checks[i]; c.Reason != nil {
					c.Reason.Explanation, c.Findings[0].Title, c.Findings[0].Detail = "otherwise", "otherwise", "otherwise"
				}
			}
		}, []int{2, 5, 6, 7, 8, 9, 10, 11}, nil, 0},
		{"one is fixed", probe.FailOnError, func(d *Document) {
			allow(&d.Checks[2])
		}, []int{5, 6, 7, 8, 9, 10, 11}, []string{"DELETE https://api.example.com/users from https://app.example.com in Chrome: finding method-not-allowed, verdict blocked MethodDisallowedByPreflightResponse method-not-allowed"}, 0},
		{"one is new", probe.FailOnError, func(d *Document) {
			b := d.Checks[2]
			b.Method = "PATCH"
			d.Checks = append(d.Checks, b)
		}, []int{2, 5, 6, 7, 8, 9, 10, 11}, nil, 1},
		{"for another reason", probe.FailOnError, func(d *Document) {
			d.Checks[2].Reason.Code = "PreflightMissingAllowOriginHeader"
		}, []int{5, 6, 7, 8, 9, 10, 11}, []string{"DELETE https://api.example.com/users from https://app.example.com in Chrome: verdict blocked MethodDisallowedByPreflightResponse method-not-allowed"}, 1},
		{"another finding of the same check", probe.FailOnError, func(d *Document) {
			d.Checks[2].Findings[0].ID = "preflight-not-routed"
		}, []int{5, 6, 7, 8, 9, 10, 11}, []string{"DELETE https://api.example.com/users from https://app.example.com in Chrome: finding method-not-allowed, verdict blocked MethodDisallowedByPreflightResponse method-not-allowed"}, 1},
		{"no verdict", probe.FailOnError, func(d *Document) {
			d.Checks[2].Verdict = "failed"
		}, []int{5, 6, 7, 8, 9, 10, 11}, []string{"DELETE https://api.example.com/users from https://app.example.com in Chrome: finding method-not-allowed, verdict blocked MethodDisallowedByPreflightResponse method-not-allowed"}, 3},
		{"a check that is not made is not fixed", probe.FailOnError, func(d *Document) {
			d.Checks = d.Checks[:2]
		}, nil, nil, 0},
		{"a new warning counts where it makes the run fail", probe.FailOnWarning, func(d *Document) {
			d.Checks[0].Findings = []finding.Finding{{ID: "vary-origin-missing", Severity: finding.Warning, Title: "x"}}
		}, []int{2, 5, 6, 7, 8, 9, 10, 11}, nil, 1},
		{"and not where it does not", probe.FailOnError, func(d *Document) {
			d.Checks[0].Findings = []finding.Finding{{ID: "vary-origin-missing", Severity: finding.Warning, Title: "x"}}
		}, []int{2, 5, 6, 7, 8, 9, 10, 11}, nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := ReadBaseline(saved(t, readDocument(t, "testdata/documents/matrix.json")), "baseline", c.failOn)
			if err != nil {
				t.Fatal(err)
			}
			d := readDocument(t, "testdata/documents/matrix.json")
			c.change(d)
			var known []int
			var summary probe.Summary
			for i := range d.Checks {
				b.Apply(&d.Checks[i])
				if d.Checks[i].Known {
					known = append(known, i)
				}
				summary.Add(d.Checks[i].Judged())
			}
			if !slices.Equal(known, c.known) {
				t.Errorf("known are %v, want %v", known, c.known)
			}
			if got := b.Fixed(); !slices.Equal(got, c.fixed) {
				t.Errorf("fixed are %q, want %q", got, c.fixed)
			}
			if code := summary.ExitCode(c.failOn); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
		})
	}
}

// TestCausesThatWereNotLookedFor: with --no-diagnose a check has no findings, and
// is no other failure for that.
func TestCausesThatWereNotLookedFor(t *testing.T) {
	diagnosed, bare := readDocument(t, "testdata/documents/matrix.json"), readDocument(t, "testdata/documents/matrix.json")
	for i := range bare.Checks {
		bare.Checks[i].Findings = nil
	}
	for _, c := range []struct {
		name       string
		then, now  *Document
		otherwise  string
		wantExit   int
		wantDiffer bool
	}{
		{"bare held against diagnosed", diagnosed, bare, "", 0, false},
		{"diagnosed held against bare", bare, diagnosed, "", 0, false},
		{"another reason is another failure all the same", diagnosed, bare, "PreflightInvalidStatus", 1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := *c.now
			now.Checks = slices.Clone(now.Checks)
			if c.otherwise != "" {
				reason := *now.Checks[2].Reason
				reason.Code = c.otherwise
				now.Checks[2].Reason = &reason
			}
			d, err := Compare(saved(t, c.then), saved(t, &now), "then", "now")
			if err != nil {
				t.Fatal(err)
			}
			if d.Failed() != c.wantDiffer || len(d.Fixed)+len(d.Gone) > 0 {
				t.Errorf("%+v", d)
			}
			b, err := ReadBaseline(saved(t, c.then), "then", probe.FailOnError)
			if err != nil {
				t.Fatal(err)
			}
			var s probe.Summary
			for i := range now.Checks {
				b.Apply(&now.Checks[i])
				s.Add(now.Checks[i].Judged())
			}
			if got := s.ExitCode(probe.FailOnError); got != c.wantExit {
				t.Errorf("exit code %d, want %d", got, c.wantExit)
			}
			if fixed := b.Fixed(); c.otherwise == "" && len(fixed) > 0 {
				t.Errorf("fixed: %q", fixed)
			}
		})
	}
}

// allow makes a check an allowed one.
func allow(c *Check) {
	status := 200
	c.Verdict, c.Reason, c.Findings, c.Status, c.ResponseType = "allowed", nil, nil, &status, "cors"
}

// TestJudgedIsWhatTheRunWas: the exit code of a saved report is that of its run.
func TestJudgedIsWhatTheRunWas(t *testing.T) {
	for path, want := range map[string]int{"allowed": 0, "allowed-advice": 0, "preflight-auth": 1, "undecided": 3, "failed-dns": 3, "same-origin": 0, "policy": 1, "matrix": 1} {
		var s probe.Summary
		d := readDocument(t, "testdata/documents/"+path+".json")
		for i := range d.Checks {
			s.Add(d.Checks[i].Judged())
		}
		if code := s.ExitCode(probe.FailOnError); code != want {
			t.Errorf("%s: %d, want %d", path, code, want)
		}
	}
}

func TestKnownFailuresPassInEveryFormat(t *testing.T) {
	d := readDocument(t, "testdata/documents/policy.json")
	for i := range d.Checks {
		d.Checks[i].Known = !d.Checks[i].ok()
	}
	for format, never := range map[string]string{"junit": "<failure", "tap": "not ok", "github": "::error", "sarif": `"level": "error"`, "gitlab": `"major"`, "text": "✗", "table": "✗", "markdown": "✗"} {
		out := render(t, d, format, Options{})
		if strings.Contains(out, never) {
			t.Errorf("%s has %s in it:\n%s", format, never, out)
		}
	}
}

func TestCompare(t *testing.T) {
	before, after := readDocument(t, "testdata/documents/matrix.json"), readDocument(t, "testdata/documents/matrix.json")
	allow(&after.Checks[2])                                   // fixed
	after.Checks[0] = after.Checks[6]                         // new: fails now
	after.Checks[0].Origin = "https://app.example.com"        //
	after.Checks[5].Reason.Code = "PreflightInvalidStatus"    // changed
	after.Checks = append(after.Checks[:11], after.Checks[2]) // gone: the last; new: fine, and the second of its kind
	d, err := Compare(saved(t, before), saved(t, after), "before", "after")
	if err != nil {
		t.Fatal(err)
	}
	names := func(list []Change) string {
		var out []string
		for _, x := range list {
			out = append(out, x.Method+" "+x.Origin+": "+x.Was+" > "+x.Is)
		}
		return strings.Join(out, "; ")
	}
	for _, c := range []struct{ what, got, want string }{
		{"new", names(d.New), "GET https://app.example.com: allowed > Blocked: The server allows another origin"},
		{"changed", names(d.Changed), "DELETE https://admin.example.com: Blocked: The preflight does not allow DELETE > Blocked: The preflight does not allow DELETE"},
		{"fixed", names(d.Fixed), "DELETE https://app.example.com: Blocked: The preflight does not allow DELETE > allowed"},
		{"gone", names(d.Gone), "DELETE null: Blocked: The server allows another origin > "},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s\nwant %s", c.what, c.got, c.want)
		}
	}
	if d.Same != 9 || !d.Failed() {
		t.Errorf("%d as before, failed %v", d.Same, d.Failed())
	}
	var text strings.Builder
	if err := d.Text(&text, Options{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "compare.text", text.String())
	var document strings.Builder
	if err := d.JSON(&document); err != nil {
		t.Fatal(err)
	}
	golden(t, "compare.json", document.String())
}

func TestCompareOfTheSame(t *testing.T) {
	for _, path := range documents(t) {
		d := readDocument(t, path)
		diff, err := Compare(saved(t, d), saved(t, d), "before", "after")
		if err != nil {
			t.Fatal(err)
		}
		if diff.Failed() || len(diff.Fixed)+len(diff.Gone) > 0 || diff.Same != len(d.Checks) {
			t.Errorf("%s differs from itself: %+v", path, diff)
		}
	}
}
