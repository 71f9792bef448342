package finding_test

import (
	"os"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/finding"
)

// contract are the IDs that the design promises; they are never renamed.
const contract = `no-cors-headers preflight-needs-auth preflight-not-routed preflight-redirected preflight-status
login-redirect error-hides-behind-cors duplicate-allow-origin wildcard-with-credentials credentials-not-allowed
header-not-allowed method-not-allowed malformed-allow-list origin-mismatch loopback-mismatch null-origin
only-preflight-configured only-response-configured vary-origin-missing cached-without-cors bucket-rule-missing
platform-auth response-header-sent-as-request-header redirect-taints-origin redirect-with-userinfo redirect-not-http
mixed-content bad-port local-network-access header-not-exposed cookie-not-sent preflight-not-cached
spec-stricter-than-browsers reflects-any-origin same-origin unreachable-dns unreachable-refused unreachable-tls
unreachable-timeout`

func TestCatalogueHasTheContract(t *testing.T) {
	for _, id := range strings.Fields(contract) {
		if _, ok := finding.Lookup(finding.ID(id)); !ok {
			t.Errorf("%s is missing", id)
		}
	}
	if got := len(strings.Fields(contract)); got != 39 {
		t.Errorf("the list in this test has %d IDs", got)
	}
}

func TestEveryPageHasEverySection(t *testing.T) {
	sections := []string{"## What happened", "## Why the browser refuses", "## The exchange",
		"## What corscheck says", "## The fix", "## When it is safe to ignore"}
	for _, e := range finding.Catalogue() {
		at := -1
		for _, s := range sections {
			i := strings.Index(e.Page, s+"\n")
			if i <= at {
				t.Errorf("%s: section %q is missing or out of order", e.ID, s)
			}
			at = i
		}
		if !strings.Contains(e.Page, "```console\n$ corscheck ") && !strings.Contains(e.Page, "```text\n$ corscheck ") {
			t.Errorf("%s: no example command", e.ID)
		}
		if !strings.Contains(e.Page, "https://") {
			t.Errorf("%s: no link to a standard", e.ID)
		}
		for n, line := range strings.Split(e.Page, "\n") {
			if strings.TrimRight(line, " \t") != line {
				t.Errorf("%s: line %d ends in white space", e.ID, n+1)
			}
		}
	}
}

func TestEveryPageBelongsToAnEntry(t *testing.T) {
	files, err := os.ReadDir("pages")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if _, ok := finding.Lookup(finding.ID(strings.TrimSuffix(f.Name(), ".md"))); !ok {
			t.Errorf("pages/%s has no entry in the catalogue", f.Name())
		}
	}
	if want := len(finding.Catalogue()); len(files) != want {
		t.Errorf("%d pages for %d entries", len(files), want)
	}
}

func TestTitlesAreOneClause(t *testing.T) {
	seen := map[string]finding.ID{}
	for _, e := range finding.Catalogue() {
		if e.Title == "" || strings.HasSuffix(e.Title, ".") || len(e.Title) > 72 || strings.ToUpper(e.Title[:1]) != e.Title[:1] {
			t.Errorf("%s: title %q", e.ID, e.Title)
		}
		if other, ok := seen[e.Title]; ok {
			t.Errorf("%s and %s have the same title", e.ID, other)
		}
		seen[e.Title] = e.ID
	}
}

func TestSuggest(t *testing.T) {
	for text, want := range map[string]finding.ID{
		"no-cors-header":        "no-cors-headers",
		"preflight_needs_auth":  "preflight-needs-auth",
		"prefligth-needs-auth":  "preflight-needs-auth",
		"Mixed-Content":         "mixed-content",
		"vary":                  "vary-origin-missing",
		"unreachable-timeot":    "unreachable-timeout",
		"duplicate":             "duplicate-allow-origin",
		"something-else-wholly": "",
		"":                      "",
	} {
		got, ok := finding.Suggest(text)
		if got != want || ok != (want != "") {
			t.Errorf("Suggest(%q) = %q, %v; want %q", text, got, ok, want)
		}
	}
}

func TestRankIsTheOrderOfTheCatalogue(t *testing.T) {
	if finding.Rank(finding.UnreachableDNS) >= finding.Rank(finding.NoCORSHeaders) {
		t.Error("the network comes before CORS")
	}
	if finding.Rank("unheard-of") != len(finding.Catalogue()) {
		t.Error("an unknown ID comes last")
	}
}
