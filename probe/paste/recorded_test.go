package paste

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"
)

// A scenario is what this package needs of a line of testdata/verdicts.
type scenario struct {
	Scenario struct {
		ID      string
		Request struct {
			Method, Credentials, Redirect string
			Headers                       [][2]string
			Body                          *string
		}
		Target struct{ Host, Path string }
		Server []serverRule
	}
	Browsers map[string]recordedOutcome
}

type serverRule struct {
	Host, Method, Path string
	Status             int
	Headers            [][2]string
	Body               string
}

type recordedOutcome struct {
	Allowed                    bool
	Type, Code, Param, Console string
	Status                     int
	Wire                       []wireEntry
}

type wireEntry struct {
	Host, Method, Path, Origin, ACRM, ACRH string
	Sent                                   map[string]string
}

var recordedHosts = map[string]string{"same": "127.0.0.1:41001", "other": "127.0.0.1:41002", "third": "127.0.0.1:41003"}

var toReal = strings.NewReplacer(
	"{same}", "http://127.0.0.1:41001", "{other}", "http://127.0.0.1:41002", "{third}", "http://127.0.0.1:41003",
	"{samehost}", "127.0.0.1:41001", "{otherhost}", "127.0.0.1:41002", "{thirdhost}", "127.0.0.1:41003",
	"{origin}", "http://127.0.0.1:41001")

func readRecordings(tb testing.TB) []scenario {
	tb.Helper()
	file, err := os.Open("../../testdata/verdicts/recorded.jsonl.gz")
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		tb.Fatal(err)
	}
	var out []scenario
	scan := bufio.NewScanner(zip)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		var r scenario
		if err := json.Unmarshal(scan.Bytes(), &r); err != nil {
			tb.Fatal(err)
		}
		out = append(out, r)
	}
	if err := scan.Err(); err != nil {
		tb.Fatal(err)
	}
	return out
}

func (r *scenario) url() string {
	return "http://" + recordedHosts[r.Scenario.Target.Host] + r.Scenario.Target.Path
}

const recordedOrigin = "http://127.0.0.1:41001"

// TestRecordedConsole parses every console text of the recorded browsers to its
// code, URL, origin and redirect source. What is wanted comes from the rest of
// the scenario, not from the text.
func TestRecordedConsole(t *testing.T) {
	count := map[string]int{}
	for _, r := range readRecordings(t) {
		for browser, got := range r.Browsers {
			if got.Console == "" {
				continue
			}
			count[browser]++
			items, err := ParseString(toReal.Replace(got.Console))
			if err != nil || len(items) != 1 {
				t.Errorf("%s %s: %q yields %v, %v", r.Scenario.ID, browser, got.Console, items, err)
				continue
			}
			item := items[0]
			want := wantedOf(&r, browser, got)
			if item.Kind != Console || item.Class != ClassCORS || item.Browser != browser ||
				withoutFragment(item.URL) != want.URL || item.RedirectedFrom != want.RedirectedFrom || item.Origin != want.Origin ||
				want.Code != "" && item.Code != want.Code || item.Code == "" {
				t.Errorf("%s %s: %q\n got %s\nwant %s", r.Scenario.ID, browser, got.Console, describe(items, nil), describe([]Item{want}, nil))
			}
			if p := toReal.Replace(got.Param); browser == "chrome" && p != "" && item.Value != p && item.Header != p && item.Method != p {
				t.Errorf("%s: the parameter %q is not in %s", r.Scenario.ID, p, describe(items, nil))
			}
		}
	}
	if count["chrome"] < 1000 || count["firefox"] < 1000 || count["safari"] < 1000 {
		t.Errorf("only %v texts were recorded", count)
	}
	t.Logf("%v texts parsed", count)
}

// withoutFragment: a redirect inherits the fragment, which no wire shows.
func withoutFragment(u string) string {
	u, _, _ = strings.Cut(u, "#")
	return u
}

// wantedOf is what the message of a recorded outcome should say: the URL is that
// of the last request on the wire, and the first URL is the redirect's source.
func wantedOf(r *scenario, browser string, got recordedOutcome) Item {
	last := got.Wire[len(got.Wire)-1]
	want := Item{Kind: Console, Class: ClassCORS, Browser: browser, Code: got.Code}
	want.URL = "http://" + recordedHosts[last.Host] + last.Path
	switch browser {
	case "chrome":
		want.Origin = recordedOrigin
		if want.URL != r.url() {
			want.RedirectedFrom = r.url()
		}
		if got.Code == "CorsDisabledScheme" {
			want.URL, want.RedirectedFrom = refusedLocation(r, last), r.url()
		}
	case "safari":
		if strings.Contains(got.Console, "Origin null") {
			want.Origin = "null"
		} else if strings.Contains(got.Console, "Origin {same}") {
			want.Origin = recordedOrigin
		}
		if strings.HasPrefix(got.Console, "Cross-origin redirection to") {
			for i := len(got.Wire) - 1; i >= 0; i-- { // WebKit may send the next request before it refuses
				if to := refusedLocation(r, got.Wire[i]); to != "" {
					want.URL, want.RedirectedFrom = withoutFragment(to), "http://"+recordedHosts[got.Wire[i].Host]+got.Wire[i].Path
					break
				}
			}
		}
	}
	return want
}

// refusedLocation is where the answer to the last request redirects to, as
// consoles print it: resolved, and without userinfo.
func refusedLocation(r *scenario, last wireEntry) string {
	base, _ := url.Parse("http://" + recordedHosts[last.Host] + last.Path)
	for _, rule := range r.Scenario.Server {
		if rule.Host != last.Host || rule.Path != last.Path || rule.Method != "*" && rule.Method != last.Method {
			continue
		}
		for _, h := range rule.Headers {
			if to, err := base.Parse(toReal.Replace(h[1])); err == nil && strings.EqualFold(h[0], "Location") {
				if h[1] == "http://" || strings.HasPrefix(h[1], "//") && to.Host == base.Host {
					return "//" // no browser resolves it
				}
				to.User = nil
				return to.String()
			}
		}
		break
	}
	return ""
}
