package paste

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// TestProfileTexts holds the patterns against the texts of the profiles: what
// the machine prints today is read back to its code.
func TestProfileTexts(t *testing.T) {
	sample := strings.NewReplacer("{kind}", "fetch", "{url}", "https://api.example/a", "{written}", "https://api.example/a", "{redirected}", "(redirected from 'https://x.example/b') ",
		"{first}", "https://x.example/b", "{origin}", "https://app.example", "{requestorigin}", "https://app.example",
		"{seen}", "loopback", "{want}", "PUT", "{status}", "404", "{location}", "https://z.example/c", "{blocked}", "https://api.example:1/",
		"{fulllocation}", "https://u:p@z.example/c", "{header}", "X-Foo",
		"{cannot}", "\nFetch API cannot load https://api.example/a due to access control checks.", "{have}", " Have the server send the header with a valid value.",
		"{withcredentials}", "", "{page}", "https://app.example/", "{kindof}", "text/plain", "{undecoded}", "Failed to decode downloaded font: https://api.example/a",
		"{nothttp}", "Redirection to URL with a scheme that is not HTTP(S).\nFetch API cannot load x:y due to access control checks.",
		"{networkerror}", "Could not connect to api.example: Connection refused", "{insecure}", "XMLHttpRequest endpoint",
		"{unmixed}", "", "{resource}", "https://api.example/a", "{unloaded}", "https://api.example/a")
	// A line that says no more than that something did not load, or the line of
	// another rule.
	bare := map[string]bool{"{refusedtype}": true, "Fetch API cannot load {url}.": true, "{networkerror}{cannot}": true}
	for _, p := range fetch.Profiles() {
		for _, text := range p.Texts {
			for template, code := range map[string]string{text.Console: text.Code, text.Preflight: text.PreflightCode, text.Redirect: text.Code} {
				if template == "" || bare[template] {
					continue
				}
				if code == "" {
					code = text.Code
				}
				line := sample.Replace(template)
				items, err := ParseString(line)
				if err != nil || len(items) != 1 {
					t.Errorf("%s: %q yields %v, %v", code, line, items, err)
					continue
				}
				got := items[0]
				if got.Browser != p.Name && got.Browser != "" || code != "" && got.Code != code && !got.SameFault(&fetch.Reason{Code: code, Console: line}) {
					t.Errorf("%s: %q yields %s", code, line, describe(items, nil))
				}
				if got.Origin != "https://app.example" && strings.Contains(template, "origin}") {
					t.Errorf("no origin in %s", describe(items, nil))
				}
				if got.Class == ClassCORS && got.Code == code && !strings.Contains(code, "net::") && code != "CORSDidNotSucceed2" {
					if _, ok := got.Finding(); !ok {
						t.Errorf("%s has no finding", code)
					}
				}
			}
		}
	}
}

func TestTranslatedReasons(t *testing.T) {
	for name, l := range languages {
		for code, reason := range l.reasons {
			if code == "status" {
				continue
			}
			reason = strings.NewReplacer("{value}", "a b", "{header}", "x-foo").Replace(reason)
			text := l.before[0] + " https://api.example/users" + l.after[0] + " " + reason + " ...)."
			items, err := ParseString(text)
			if err != nil || len(items) != 1 || items[0].Code != currentCategory(code) || items[0].URL != "https://api.example/users" || items[0].Browser != "firefox" {
				t.Errorf("%s: %q yields %s", name, text, describe(items, err))
			}
		}
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"preflight-needs-auth":                "finding preflight-needs-auth",
		"  Header-Not-Allowed  ":              "finding header-not-allowed",
		"PreflightMissingAllowOriginHeader":   "code PreflightMissingAllowOriginHeader",
		"corsError: MissingAllowOriginHeader": "code MissingAllowOriginHeader",
		"Reason: CORSMissingAllowOrigin":      "code CORSMissingAllowOrigin2",
		"webkit:PreflightInvalidStatus":       "code webkit:PreflightInvalidStatus",
		"https://developer.mozilla.org/docs/Web/HTTP/CORS/Errors/CORSDidNotSucceed": "code CORSDidNotSucceed2",
	} {
		items, err := ParseString(text)
		if err != nil || len(items) != 1 || string(items[0].Kind)+" "+items[0].Code != want {
			t.Errorf("%q yields %s, want %s", text, describe(items, err), want)
		}
	}
}

func TestBadPastes(t *testing.T) {
	for text, want := range map[string]error{
		"":                                    ErrEmpty,
		" \n\t ":                              ErrEmpty,
		"hello world":                         ErrNothing,
		"Access to fetch at 'https://api.exa": ErrCut,
		"https://api.example.com/users":       ErrOnlyURL,
		"\x00\x01\x02":                        ErrBinary,
		"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR": ErrBinary,
		`{"log": {"version": "1.2", "creator": {"name": "x"}}}`: ErrHAR,
		strings.Repeat("a", 10<<20):                             ErrTooLong,
		strings.Repeat("\xff\xd8", 5<<20):                       ErrBinary,
	} {
		if _, err := Parse(strings.NewReader(text)); err != want {
			t.Errorf("%.20q yields %v, want %v", text, err, want)
		}
	}
}

func TestUTF16(t *testing.T) {
	text := "Access to fetch at 'https://a.example/' from origin 'https://b.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."
	utf16 := []byte{0xFF, 0xFE}
	for _, b := range []byte(text) {
		utf16 = append(utf16, b, 0)
	}
	items, err := Parse(strings.NewReader(string(utf16)))
	if err != nil || len(items) != 1 || items[0].Code != "MissingAllowOriginHeader" {
		t.Errorf("UTF-16 yields %s", describe(items, err))
	}
}

// TestCutMessages cuts a message at every byte, from either side: whatever is
// left is read without a panic, and where the reason is whole it is found.
func TestCutMessages(t *testing.T) {
	text := "app.js:12 Access to fetch at 'https://api.example/users' (redirected from 'https://x.example/') from origin 'https://app.example' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: It does not have HTTP ok status."
	for i := range text {
		_, _ = ParseString(text[:i])
		items, _ := ParseString(text[i:])
		if whole := strings.Contains(text[i:], "It does not have"); whole && (len(items) != 1 || items[0].Code != "PreflightInvalidStatus") {
			t.Errorf("%q yields %s", text[i:], describe(items, nil))
		}
	}
}

// TestLinearTime: four times as much of the worst texts that are known takes
// about four times as long, and not sixteen times.
func TestLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for name, unit := range map[string]string{
		"anchors":   " has been blocked by CORS policy:",
		"prefixes":  "Access to fetch at 'https://a",
		"names":     "Access-Control-Allow-Origin ",
		"mixed":     "Access to fetch at ' from origin ' is not allowed by Access-Control-Allow-Headers Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ",
		"errors":    "GET https://a.example/ net::ERR_FAILED\n",
		"different": "%d GET https://a.example/%d net::ERR_CONNECTION_REFUSED\n",
		"words":     "curl x ",
		"markup":    " **a** [https://a](https://a) ",
		"requests":  "curl https://a.example/ -H 'a: b' \n fetch('https://a.example/')\n",
	} {
		short, long := fastest(unit, 64<<10), fastest(unit, 256<<10)
		for again := 0; again < 3 && long > 10*short; again++ { // a busy machine; what is quadratic stays so
			short, long = fastest(unit, 64<<10), fastest(unit, 256<<10)
		}
		if long > 10*short {
			t.Errorf("%s: 64 KiB took %s, and 256 KiB %s", name, short, long)
		}
	}
}

// fastest is the time that a text of repeated units takes, the least of three:
// other programs run, too.
func fastest(unit string, size int) time.Duration {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		if strings.Contains(unit, "%d") {
			fmt.Fprintf(&b, unit, i, i)
		} else {
			b.WriteString(unit)
		}
	}
	least := time.Hour
	for range 3 {
		start := time.Now()
		_, _ = ParseString(b.String())
		least = min(least, time.Since(start))
	}
	return least
}

func TestRuleFindingsAreKnown(t *testing.T) {
	for code, id := range findingOfCode {
		if _, ok := finding.Lookup(id); !ok {
			t.Errorf("%s: no finding %s", code, id)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("Access to fetch at 'https://a/' from origin 'null' has been blocked by CORS policy: Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.")
	f.Add("[Error] Origin null is not allowed by Access-Control-Allow-Origin. Status code: 200\n[Error] Fetch API cannot load http://a/ due to access control checks.")
	f.Add("Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://a/. (Reason: header ‘x’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response).")
	f.Add("GET https://a/ net::ERR_CERT_DATE_INVALID")
	f.Add("curl 'https://a.example/' -H $'x: \\u00e9' -d \"$X\" | jq")
	f.Add("curl ^\"https://a.example/?a^&b^\" ^\n  -H ^\"a: ^\\^\"b^\\^\"^\"")
	f.Add("await fetch('https://a.example/', {headers: new Headers([['a', `b${c}`]]), body: JSON.stringify({x: [1, /* y */ null]})})")
	f.Add("$session.Cookies.Add((New-Object System.Net.Cookie(\"a\", \"b\")))\nInvoke-WebRequest -Uri \"https://a.example\" -Headers @{ \"a\"=\"$([char]233)\" }")
	f.Fuzz(func(t *testing.T, text string) {
		items, err := ParseString(text)
		if err != nil && len(items) > 0 {
			t.Errorf("items beside the error %v", err)
		}
		if err == nil && len(items) == 0 {
			t.Error("neither items nor an error")
		}
		lines := strings.Count(text, "\n") + 1
		for i := range items {
			if items[i].Kind == "" || items[i].Line < 1 || items[i].Line > lines {
				t.Errorf("%+v of %d lines", items[i], lines)
			}
			_ = items[i].Explanation()
			_, _ = items[i].Finding()
		}
	})
}
