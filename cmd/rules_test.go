package cmd

import (
	"strings"
	"testing"
)

func TestRulesListsEveryFinding(t *testing.T) {
	got := try(t, "", "rules")
	lines := strings.Split(strings.TrimSpace(got.stdout), "\n")
	if got.code != ExitOK || got.stderr != "" || len(lines) < len(findingIDs()) {
		t.Fatalf("exit %d, %d lines, stderr %q", got.code, len(lines), got.stderr)
	}
	for i, id := range findingIDs() {
		if !strings.HasPrefix(lines[i], id+" ") {
			t.Errorf("line %d is %q, want %s", i+1, lines[i], id)
		}
	}
}

func TestRulesPrintsOnePage(t *testing.T) {
	got := try(t, "", "rules", "vary-origin-missing")
	for _, want := range []string{"vary-origin-missing (warning)\n", "\nWHAT HAPPENED\n", "\nWHEN IT IS SAFE TO IGNORE\n",
		"CORS protocol and HTTP caches <https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches>"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("no %q in\n%s", want, got.stdout)
		}
	}
	if strings.Contains(got.stdout, "```") || strings.Contains(got.stdout, "](") || got.code != ExitOK {
		t.Errorf("exit %d, Markdown left in\n%s", got.code, got.stdout)
	}
}

func TestRulesInOtherFormats(t *testing.T) {
	markdown := try(t, "", "rules", "--format", "markdown").stdout
	page := try(t, "", "rules", "-f", "html").stdout
	for _, id := range findingIDs() {
		if !strings.Contains(markdown, `<a id="`+id+`"></a>`) || !strings.Contains(markdown, "](#"+id+")") {
			t.Errorf("markdown: %s has no anchor or no link", id)
		}
		if !strings.Contains(page, `<article id="`+id+`">`) || !strings.Contains(page, `<a href="#`+id+`">`) {
			t.Errorf("html: %s has no article or no link", id)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "src=") || strings.Contains(page, "<!-- raw HTML") {
		t.Error("html: something external or unrendered")
	}
	if n := strings.Count(page, "<pre>"); n < 2*len(findingIDs()) {
		t.Errorf("html: %d code blocks", n)
	}
}

func TestRulesKnowsWhatWasMeant(t *testing.T) {
	for args, want := range map[string]string{
		"vary":             "corscheck: there is no finding \"vary\"\n  hint: did you mean vary-origin-missing?\n",
		"quite-another":    "corscheck: there is no finding \"quite-another\"\n  hint: corscheck rules lists all of them\n",
		"no-cors-header\n": "corscheck: there is no finding \"no-cors-header\\n\"\n  hint: did you mean no-cors-headers?\n",
	} {
		got := try(t, "", "rules", args)
		if got.code != ExitUsage || got.stdout != "" || got.stderr != want {
			t.Errorf("rules %q: exit %d, stderr %q, want %q", args, got.code, got.stderr, want)
		}
	}
}
