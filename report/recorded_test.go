package report

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// A recording is what is needed here of a line of testdata/verdicts.
type recording struct {
	Scenario struct {
		ID      string
		Request struct {
			Method, Credentials, Redirect string
			Headers                       [][2]string
			Body                          *string
		}
		Target struct{ Host, Path string }
		Server []struct {
			Host, Method, Path string
			Status             int
			Headers            [][2]string
		}
	}
	Browsers map[string]struct {
		Allowed bool
		Type    string
		Status  int
		Headers []string
		Console string
	}
}

// names of the recordings' three origins.
var recordedHosts = map[string]string{"same": "127.0.0.1:41001", "other": "127.0.0.1:41002", "third": "127.0.0.1:41003"}

var realNames = strings.NewReplacer(
	"{same}", "http://"+recordedHosts["same"], "{other}", "http://"+recordedHosts["other"], "{third}", "http://"+recordedHosts["third"],
	"{samehost}", recordedHosts["same"], "{otherhost}", recordedHosts["other"], "{thirdhost}", recordedHosts["third"],
	"{origin}", "http://"+recordedHosts["same"])

// judge steps the machine with the recorded answers and returns the result as a
// Prober would.
func (r *recording) judge(t testing.TB, browser *fetch.Profile) *probe.Result {
	t.Helper()
	q := r.Scenario.Request
	req := fetch.Request{
		URL: "http://" + recordedHosts[r.Scenario.Target.Host] + r.Scenario.Target.Path, Origin: "http://" + recordedHosts["same"],
		Method: q.Method, Credentials: fetch.CredentialsMode(q.Credentials), Redirect: fetch.RedirectMode(q.Redirect),
	}
	for _, h := range q.Headers {
		req.Headers = append(req.Headers, fetch.Header{Name: h[0], Value: realNames.Replace(h[1])})
	}
	if q.Body != nil {
		req.Body = []byte(*q.Body)
	}
	f, err := fetch.New(browser, req)
	if err != nil {
		t.Fatal(err)
	}
	for m, ok := f.Next(); ok; m, ok = f.Next() {
		f.Receive(r.answer(m))
	}
	result := &probe.Result{Check: probe.Check{Request: req, Browser: browser}, Fetch: f.Result()}
	for _, x := range f.Result().Exchanges {
		result.Exchanges = append(result.Exchanges, probe.Exchange{Exchange: x})
	}
	return result
}

func (r *recording) answer(m *fetch.Message) *fetch.Response {
	for _, rule := range r.Scenario.Server {
		if recordedHosts[rule.Host] != m.URL.Authority() || rule.Path != m.URL.Path || rule.Method != "*" && rule.Method != m.Method {
			continue
		}
		resp := &fetch.Response{Status: rule.Status}
		for _, h := range rule.Headers {
			value := h[1]
			for echo, name := range map[string]string{"{reflect}": "Origin", "{reflect_headers}": "Access-Control-Request-Headers", "{reflect_method}": "Access-Control-Request-Method"} {
				i := slices.IndexFunc(m.Headers, func(h fetch.Header) bool { return strings.EqualFold(h.Name, name) })
				if i >= 0 {
					value = strings.ReplaceAll(value, echo, m.Headers[i].Value)
				}
			}
			if !strings.Contains(value, "{reflect") {
				resp.Headers = append(resp.Headers, fetch.Header{Name: h[0], Value: strings.Trim(realNames.Replace(value), " \t")})
			}
		}
		return resp
	}
	return &fetch.Response{Status: 404}
}

func readRecordings(t testing.TB) []recording {
	t.Helper()
	file, err := os.Open("../testdata/verdicts/recorded.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []recording
	scan := bufio.NewScanner(zip)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		var r recording
		if err := json.Unmarshal(scan.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// TestRecordedVerdictsAsReports: the report of every recorded scenario matches
// the schema, and has the verdict, what script sees and the console's text of
// the real Chrome, byte for byte, after it was written and read again.
func TestRecordedVerdictsAsReports(t *testing.T) {
	s := compileSchema(t, "schema.json", Schema())
	recordings := readRecordings(t)
	if testing.Short() {
		recordings = recordings[:200]
	}
	for i := range recordings {
		r := &recordings[i]
		c := FromResult(r.judge(t, fetch.Chrome))
		d := &Document{Checks: []Check{c}}
		d.Summary.Add(&c)
		line := render(t, d, "jsonl", Options{})
		validate(t, s, line)
		again, err := ReadDocument(strings.NewReader(line), r.Scenario.ID)
		if err != nil {
			t.Fatal(err)
		}
		got, want := again.Checks[0], r.Browsers["chrome"]
		if (got.Verdict == "allowed") != want.Allowed {
			t.Errorf("%s: %s, but Chrome: allowed %v", r.Scenario.ID, got.Verdict, want.Allowed)
			continue
		}
		if want.Allowed {
			if got.ResponseType != want.Type || got.Status == nil || *got.Status != want.Status {
				t.Errorf("%s: %s %v, but Chrome: %s %d", r.Scenario.ID, got.ResponseType, got.Status, want.Type, want.Status)
			}
			continue
		}
		if console := realNames.Replace(want.Console); got.Reason.Console != console {
			t.Errorf("%s:\n%s\n%s", r.Scenario.ID, got.Reason.Console, console)
		}
		story := render(t, d, "text", Options{Width: 80})
		if !strings.HasPrefix(story, "✗ Blocked in Chrome:") || strings.Count(story, "✗") < 2 {
			t.Errorf("%s is told without its failing rule:\n%s", r.Scenario.ID, story)
		}
	}
}
