package report

import (
	"regexp"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/finding"
)

// seen is what a browser makes of a PUT that has a cause, and a change that
// mends it where snippet is one.
func seen(browser, verdict string, id finding.ID, snippet string) Check {
	c := Check{URL: "http://127.0.0.1:8080/users", Origin: "https://app.example.com", Method: "PUT", Browser: browser, Verdict: verdict, CrossOrigin: true}
	if verdict == "blocked" {
		c.Reason = &Reason{Code: browser + "-code", Console: "the console of " + browser, Explanation: "Why " + string(id) + " " + strings.ToUpper(snippet) + "."}
	}
	if id != "" {
		f := finding.New(id, "Detail of "+string(id)+".")
		f.Confirmed = true
		if snippet != "" {
			f.Fix = &finding.Fix{Stack: "any", Snippet: snippet + "\n"}
		}
		c.Findings = []finding.Finding{f}
	}
	return c
}

// inOtherWords is the check with the change as another stack has it.
func inOtherWords(c Check, snippet string) Check {
	c.Findings[0].Fix = &finding.Fix{Stack: "nginx", Snippet: snippet}
	return c
}

// because is the check with a preflight that is due to something.
func because(c Check, why ...string) Check {
	c.Preflight = Preflight{Needed: true, Because: why}
	return c
}

func rendered(t *testing.T, format string, o Options, checks ...Check) string {
	t.Helper()
	d := &Document{Checks: checks}
	for i := range checks {
		d.Summary.Add(&checks[i])
	}
	return render(t, d, format, o)
}

// hold checks that each text stands in the output as often as is wanted.
func hold(t *testing.T, out string, want map[string]int) {
	t.Helper()
	for text, n := range want {
		if got := strings.Count(out, text); got != n {
			t.Errorf("%q stands there %d times, want %d:\n%s", text, got, n, out)
		}
	}
}

// Where browsers fail for different causes, or need different changes, each of
// them is told: who makes one change only must not find another browser blocked.
func TestEveryCauseOfSeveralBrowsersIsTold(t *testing.T) {
	const again = " -o https://app.example.com -X PUT --browser all"
	for name, test := range map[string]struct {
		checks []Check
		want   map[string]int
	}{
		"one cause": {
			[]Check{seen("chrome", "blocked", finding.NoCORSHeaders, "A: b"), seen("firefox", "blocked", finding.NoCORSHeaders, "A: b"), seen("safari", "blocked", finding.NoCORSHeaders, "A: b")},
			map[string]int{"Cause  no-cors-headers\n": 1, "Cause": 1, "A: b": 1, "rules no-cors-headers": 1, "after the change,": 1, again: 1},
		},
		"two causes": {
			[]Check{seen("chrome", "blocked", finding.NoCORSHeaders, "A: b"), seen("firefox", "blocked", finding.NoCORSHeaders, "A: b"), seen("safari", "blocked", finding.MixedContent, "")},
			map[string]int{
				"Cause in Chrome and Firefox  no-cors-headers\n": 1, "Cause in Safari  mixed-content\n": 1, "A: b": 1,
				"rules no-cors-headers": 1, "rules mixed-content": 1, "after the changes,": 1, again: 1,
			},
		},
		"one cause, two changes": {
			[]Check{seen("chrome", "blocked", finding.HeaderNotAllowed, "x-foo"), seen("firefox", "blocked", finding.HeaderNotAllowed, "user-agent"), seen("safari", "blocked", finding.HeaderNotAllowed, "user-agent")},
			map[string]int{
				"Cause in Chrome  header-not-allowed\n": 1, "Cause in Firefox and Safari  header-not-allowed\n": 1, "    x-foo": 1, "    user-agent": 1,
				"rules header-not-allowed": 1, "after the changes,": 1,
			},
		},
		"one change, one stack recognised": {
			[]Check{seen("chrome", "blocked", finding.NoCORSHeaders, "A: b"), inOtherWords(seen("firefox", "blocked", finding.NoCORSHeaders, "A: b"), "header A b"), seen("safari", "blocked", finding.NoCORSHeaders, "A: b")},
			map[string]int{"Cause  no-cors-headers\n": 1, "Cause": 1, "    A: b": 1, "header A b": 0},
		},
		"one rule, another request": {
			[]Check{seen("chrome", "blocked", finding.HeaderNotAllowed, "a-foo"), because(inOtherWords(seen("firefox", "blocked", finding.HeaderNotAllowed, "a-foo"), "a-foo and user-agent"), "header a-foo", "header user-agent")},
			map[string]int{"Cause in Chrome  header": 1, "Cause in Firefox  header": 1, "    a-foo\n": 1, "    a-foo and user-agent\n": 1},
		},
		"two causes, one change": {
			[]Check{seen("chrome", "blocked", finding.MethodNotAllowed, "A: b"), seen("firefox", "allowed", "", ""), seen("safari", "blocked", finding.HeaderNotAllowed, "A: b")},
			map[string]int{"Cause in Chrome  method-not-allowed\n": 1, "Cause in Safari  header-not-allowed\n": 1, "A: b": 1, mendedAbove: 1},
		},
		"undecided elsewhere": {
			[]Check{seen("chrome", "undecided", "", ""), seen("firefox", "undecided", "", ""), seen("safari", "blocked", finding.MixedContent, "")},
			map[string]int{"Cause in Safari  mixed-content\n": 1, "to decide it, let corscheck send the PUT": 1, again + " --send-unsafe\n": 1, again + "\n": 1},
		},
	} {
		t.Run(name, func(t *testing.T) { hold(t, rendered(t, "text", Options{Width: 80}, test.checks...), test.want) })
	}
}

// A finding that not every browser has says which have it.
func TestAdviceNamesItsBrowsers(t *testing.T) {
	checks := []Check{seen("chrome", "blocked", finding.NoCORSHeaders, ""), seen("firefox", "blocked", finding.NoCORSHeaders, ""), seen("safari", "blocked", finding.MixedContent, "")}
	everywhere, somewhere := finding.New(finding.VaryOriginMissing, "Everywhere."), finding.New(finding.LocalNetworkAccess, "Somewhere.")
	for i := range checks {
		checks[i].Findings = append(checks[i].Findings, everywhere)
	}
	checks[1].Findings = append(checks[1].Findings, somewhere)
	checks[2].Findings = append(checks[2].Findings, somewhere)
	hold(t, rendered(t, "text", Options{Width: 120}, checks...), map[string]int{
		"(vary-origin-missing)": 1, "Everywhere.": 1, "(local-network-access, in Firefox and Safari)": 1, "Somewhere.": 1,
	})
}

// section is what stands below a heading, up to the next one.
func section(t *testing.T, out, heading string) string {
	t.Helper()
	_, below, found := strings.Cut(out, "\n"+heading)
	if !found {
		t.Errorf("there is no heading %q:\n%s", heading, out)
	}
	_, below, _ = strings.Cut(below, "\n")
	var lines []string
	for line := range strings.SplitSeq(below, "\n") {
		if line != "" && !strings.HasPrefix(line, " ") {
			break
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// What one browser alone went through stands under its name, what holds in all
// of them above the first name.
func TestEachBrowsersStepsStandUnderItsName(t *testing.T) {
	checks := []Check{seen("chrome", "allowed", "", ""), seen("firefox", "blocked", finding.HeaderNotAllowed, "user-agent"), seen("safari", "blocked", finding.MixedContent, "")}
	for i := range checks {
		checks[i].Setup = []Step{{Name: "in all", Detail: "a rule of all"}}
		checks[i].Preflight = Preflight{Needed: i == 1, Because: []string{"header user-agent"}[:i%2]}
		checks[i].Assumptions = []string{"something"}
	}
	checks[0].DroppedHeaders = []string{"User-Agent"}
	checks[0].Assumptions = append(checks[0].Assumptions, "something of Chrome")
	checks[2].Setup = append(checks[2].Setup, Step{Name: "no mixed content", Detail: "a page on https may not"})
	out := rendered(t, "text", Options{Width: 80}, checks...)
	shared, _, _ := strings.Cut(out, "\nAs ")
	hold(t, shared, map[string]int{"cross-origin": 1, "✗ a rule of all": 1, "needed": 0, "dropped": 0, "a page on https": 0})
	hold(t, section(t, out, "As Firefox sees it"), map[string]int{"needed because of header user-agent": 1, "a rule of all": 0})
	hold(t, section(t, out, "As Safari sees it"), map[string]int{"not needed": 1, "✗ a page on https may not": 1, "a rule of all": 0})
	hold(t, section(t, out, "Assumed"), map[string]int{"· something\n": 1, "in Chrome: something of Chrome": 1})
	hold(t, out, map[string]int{"As Chrome": 0})
}

// A heading with nothing below it is left out.
func TestNoHeadingForABrowserWithoutSteps(t *testing.T) {
	out := rendered(t, "text", Options{Width: 80}, seen("chrome", "allowed", "", ""), seen("safari", "blocked", finding.MixedContent, ""))
	hold(t, out, map[string]int{"sees it": 0, "Cause in Safari": 1})
}

// The first line is broken where it is too long for a terminal, at the same
// places with and without colour; a single check that is piped keeps its line.
func TestTheFirstLineFits(t *testing.T) {
	var three []Check
	for _, browser := range []string{"chrome", "firefox", "safari"} {
		three = append(three, seen(browser, "blocked", finding.NoCORSHeaders, ""))
	}
	long := seen("chrome", "blocked", finding.NoCORSHeaders, "")
	long.URL += "?" + strings.Repeat("q", 60)
	const verdict, request, from = "✗ Blocked in Chrome, Firefox and Safari:", "PUT http://127.0.0.1:8080/users", "from https://app.example.com"
	for _, test := range []struct {
		checks []Check
		width  int
		want   string
	}{
		{three, 120, verdict + " " + request + " " + from + "\n"},
		{three, 80, verdict + "\n  " + request + " " + from + "\n"},
		{three, 0, verdict + "\n  " + request + " " + from + "\n"},
		{three, 50, verdict + "\n  " + request + "\n  " + from + "\n"},
		{three[:1], 82, "✗ Blocked in Chrome: " + request + " " + from + "\n"},
		{three[:1], 80, "✗ Blocked in Chrome:\n  " + request + " " + from + "\n"},
		{three[:1], 0, "✗ Blocked in Chrome: " + request + " " + from + "\n"},
		{[]Check{long}, 80, "✗ Blocked in Chrome:\n  PUT " + long.URL + "\n  " + from + "\n"},
		{[]Check{long}, 0, "✗ Blocked in Chrome: PUT " + long.URL + " " + from + "\n"},
	} {
		for _, color := range []bool{false, true} {
			out := sgr.ReplaceAllString(rendered(t, "text", Options{Width: test.width, Color: color}, test.checks...), "")
			if !strings.HasPrefix(out, test.want) {
				t.Errorf("%d columns, colour %t: the report begins\n%.200s\nwant\n%s", test.width, color, out, test.want)
			}
		}
	}
	quiet := rendered(t, "text", Options{Width: 40, Quiet: true}, three...)
	if got := strings.Count(quiet, "\n"); got != len(three) {
		t.Errorf("quiet prints %d lines for %d checks:\n%s", got, len(three), quiet)
	}
}

var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// The command that repeats a check is the same in every format: in all browsers
// where it was made in all, and with the leave that it needs.
func TestEveryFormatRepeatsTheSameCommand(t *testing.T) {
	sent := func(c Check) Check {
		c.Exchanges = []Exchange{{Kind: "actual", Request: Request{Method: c.Method}, Delivered: true}}
		return c
	}
	all := func(make func(browser string) Check) []Check {
		return []Check{make("chrome"), make("firefox"), make("safari")}
	}
	other := seen("chrome", "allowed", "", "") // so that text has a matrix, too
	other.Origin = "https://other.example"
	const command = "corscheck http://127.0.0.1:8080/users -o https://app.example.com -X PUT"
	for name, test := range map[string]struct {
		checks []Check
		want   string
	}{
		"in all browsers":   {all(func(b string) Check { return seen(b, "blocked", finding.NoCORSHeaders, "") }), " --browser all"},
		"in one of them":    {[]Check{seen("safari", "blocked", finding.NoCORSHeaders, "")}, " --browser safari"},
		"in two of them":    {[]Check{seen("chrome", "allowed", "", ""), seen("safari", "blocked", finding.NoCORSHeaders, "")}, " --browser safari"},
		"undecided":         {[]Check{seen("chrome", "undecided", "", "")}, " --send-unsafe"},
		"undecided in all":  {all(func(b string) Check { return seen(b, "undecided", "", "") }), " --browser all --send-unsafe"},
		"sent":              {[]Check{sent(seen("chrome", "blocked", finding.NoCORSHeaders, ""))}, " --send-unsafe"},
		"sent for one only": {[]Check{sent(seen("chrome", "allowed", "", "")), seen("firefox", "allowed", "", ""), seen("safari", "blocked", finding.MixedContent, "")}, " --browser all --send-unsafe"},
	} {
		for _, format := range []string{"text", "markdown", "html"} {
			out := rendered(t, format, Options{Width: 80}, test.checks...)
			if !lineIs(out, command+test.want) {
				t.Errorf("%s, %s: %q is not there:\n%s", name, format, command+test.want, out)
			}
		}
		if out := rendered(t, "text", Options{Width: 80}, append(test.checks, other)...); !lineIs(out, command+test.want) {
			t.Errorf("%s, several requests: %q is not there:\n%s", name, command+test.want, out)
		}
	}
}

// lineIs reports whether a line of the output is nothing but the text.
func lineIs(out, text string) bool {
	for line := range strings.SplitSeq(out, "\n") {
		if strings.TrimSpace(tag.ReplaceAllString(line, "\n")) == text {
			return true
		}
	}
	return false
}

var tag = regexp.MustCompile("<[^>]*>|Again")

// Every format has the cause of every browser and each change that is needed,
// but for the table, which only names causes.
func TestEveryFormatHasEveryBrowsersCause(t *testing.T) {
	blocked := func(browser string, id finding.ID, change string) Check {
		c := seen(browser, "blocked", id, change)
		c.Findings[0].Detail += " It is for " + browser + "."
		c.Source = &probe.Source{File: "corscheck.yaml", Line: 3}
		return c
	}
	for name, checks := range map[string][]Check{
		"two causes":             {blocked("chrome", finding.NoCORSHeaders, "A: b"), blocked("safari", finding.MixedContent, "")},
		"one cause, two changes": {blocked("chrome", finding.HeaderNotAllowed, "x-foo"), blocked("safari", finding.HeaderNotAllowed, "user-agent")},
	} {
		for _, format := range FormatNames() {
			var want []string
			for _, c := range checks {
				want = append(want, c.Findings[0].Title)
				if format != "table" {
					want = append(want, c.Findings[0].Detail, strings.TrimSpace(c.change()))
				}
			}
			out := rendered(t, format, Options{Width: 120}, checks...)
			for _, w := range want {
				if !strings.Contains(out, w) {
					t.Errorf("%s, %s: %q is not there:\n%s", name, format, w, out)
				}
			}
		}
	}
}

// Several requests have one cause where the finding is one, whatever the change
// for each of them; browsers that need different changes have causes of their own.
func TestBrowsersWithOtherChangesHaveCausesOfTheirOwn(t *testing.T) {
	var checks []Check
	for _, origin := range []string{"https://a.example", "https://b.example", "https://c.example"} {
		for _, browser := range []string{"chrome", "firefox", "safari"} {
			change := origin + " user-agent, x-foo"
			if browser == "chrome" {
				change = origin + " x-foo"
			}
			c := seen(browser, "blocked", finding.HeaderNotAllowed, change)
			c.Origin = origin
			checks = append(checks, c)
		}
	}
	out := rendered(t, "markdown", Options{}, checks...)
	hold(t, out, map[string]int{
		"### 1. ": 1, "### 2. ": 1, "### 3. ": 0, "| ✗ blocked (1) | ✗ blocked (2) | ✗ blocked (2) |": 3,
		"https://a.example x-foo": 1, "https://a.example user-agent, x-foo": 1, "https://b.example x-foo": 0,
	})
	hold(t, rendered(t, "table", Options{Width: 120}, checks...), map[string]int{"header-not-allowed": 1})
}
