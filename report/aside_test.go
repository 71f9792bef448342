package report

import (
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/finding"
)

// A second fault that the same change mends does not print it again.
func TestTheSameChangeIsPrintedOnce(t *testing.T) {
	change := &finding.Fix{Stack: "nginx", Confidence: finding.High, Why: "Server: nginx", Snippet: "add_header A b always;\n"}
	other := &finding.Fix{Stack: "nginx", Snippet: "add_header C d always;\n"}
	f := func(id finding.ID, own string, fix *finding.Fix) finding.Finding {
		x := finding.New(id, "Detail.", "the answer seen", own)
		x.Fix = fix
		return x
	}
	c := &Check{URL: "https://api.example.com/", Origin: "https://app.example.com", Method: "GET", Browser: "chrome", Verdict: "blocked",
		Reason:   &Reason{Code: "MissingAllowOriginHeader", Console: "x"},
		Findings: []finding.Finding{f(finding.WildcardWithCredentials, "first", change), f(finding.MethodNotAllowed, "second", change), f(finding.HeaderNotAllowed, "third", other)}}
	var b strings.Builder
	r, err := New("text", &b, Options{Width: 80})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{r.Begin(Header{Total: 1}), r.Check(c), r.End(Summary{Checks: 1, Blocked: 1})} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]int{
		"add_header A b always;": 1, "add_header C d always;": 1, "the change above mends this, too": 1,
		"the answer seen": 1, "first": 1, "second": 1, "third": 1,
	} {
		if got := strings.Count(b.String(), text); got != want {
			t.Errorf("%q stands there %d times, want %d:\n%s", text, got, want, b.String())
		}
	}
}
