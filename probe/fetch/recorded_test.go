package fetch_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
)

// A recording is one line of testdata/verdicts: what a script asked for, what
// the servers answer, and what three browsers did.
type recording struct {
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
	Browsers map[string]outcome
}

type serverRule struct {
	Host, Method, Path string
	Status             int
	Headers            [][2]string
	Body               string
}

type outcome struct {
	Allowed bool
	Type    string
	Status  int
	Headers []string
	Code    string
	Param   string
	Console string
	Wire    []wireEntry
}

type wireEntry struct {
	Host, Method, Path, Origin, ACRM, ACRH string
	Sent                                   map[string]string
}

// hosts are the three origins of a scenario; any ports serve.
var hosts = map[string]string{
	"same": "127.0.0.1:41001", "other": "127.0.0.1:41002", "third": "127.0.0.1:41003",
}

var toReal = strings.NewReplacer(
	"{same}", "http://"+hosts["same"], "{other}", "http://"+hosts["other"], "{third}", "http://"+hosts["third"],
	"{samehost}", hosts["same"], "{otherhost}", hosts["other"], "{thirdhost}", hosts["third"],
	"{origin}", "http://"+hosts["same"])

var toNames = strings.NewReplacer(
	"http://"+hosts["same"], "{same}", "http://"+hosts["other"], "{other}", "http://"+hosts["third"], "{third}",
	hosts["same"], "{samehost}", hosts["other"], "{otherhost}", hosts["third"], "{thirdhost}")

func readRecordings(tb testing.TB) []recording {
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
	var out []recording
	scan := bufio.NewScanner(zip)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		var r recording
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

func (r *recording) request() fetch.Request {
	q := r.Scenario.Request
	req := fetch.Request{
		URL:         "http://" + hosts[r.Scenario.Target.Host] + r.Scenario.Target.Path,
		Origin:      "http://" + hosts["same"],
		Method:      q.Method,
		Credentials: fetch.CredentialsMode(q.Credentials),
		Redirect:    fetch.RedirectMode(q.Redirect),
	}
	for _, h := range q.Headers {
		req.Headers = append(req.Headers, fetch.Header{Name: h[0], Value: toReal.Replace(h[1])})
	}
	if q.Body != nil {
		req.Body = []byte(*q.Body)
	}
	return req
}

// answer is what the scenario's servers say to a message.
func (r *recording) answer(m *fetch.Message) *fetch.Response {
	resp := &fetch.Response{Status: 404, Proto: "HTTP/1.1"}
	body := ""
	for _, rule := range r.Scenario.Server {
		if hosts[rule.Host] != m.URL.Authority() || rule.Path != m.URL.Path || rule.Method != "*" && rule.Method != m.Method {
			continue
		}
		resp.Status, body = rule.Status, rule.Body
		for _, h := range rule.Headers {
			if value, ok := reflect(h[1], m); ok {
				resp.Headers = append(resp.Headers, fetch.Header{Name: h[0], Value: strings.Trim(toReal.Replace(value), " \t")})
			}
		}
		break
	}
	if resp.Status != 204 && resp.Status != 304 && m.Method != "HEAD" {
		resp.Headers = append(resp.Headers, fetch.Header{Name: "Content-Length", Value: fmt.Sprint(len(body))})
	}
	resp.Headers = append(resp.Headers, fetch.Header{Name: "Connection", Value: "close"})
	return resp
}

func reflect(value string, m *fetch.Message) (string, bool) {
	for placeholder, name := range map[string]string{
		"{reflect}": "Origin", "{reflect_headers}": "Access-Control-Request-Headers", "{reflect_method}": "Access-Control-Request-Method",
	} {
		if strings.Contains(value, placeholder) {
			echo, ok := m.Get(name)
			if !ok {
				return "", false
			}
			value = strings.ReplaceAll(value, placeholder, echo)
		}
	}
	return value, true
}

func (r *recording) run(p *fetch.Profile) (*fetch.Result, error) {
	f, err := fetch.New(p, r.request())
	if err != nil {
		return nil, err
	}
	for m, ok := f.Next(); ok; m, ok = f.Next() {
		f.Receive(r.answer(m))
	}
	return f.Result(), nil
}

// differences lists every recorded field on which a result disagrees.
func differences(got *fetch.Result, want outcome) []string {
	var out []string
	differ := func(field string, got, want any) {
		if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
			out = append(out, fmt.Sprintf("%s: got %s, want %s", field, g, w))
		}
	}
	differ("allowed", got.Verdict == fetch.Allowed, want.Allowed)
	if want.Allowed && got.Verdict == fetch.Allowed {
		differ("type", string(got.Type), want.Type)
		differ("status", got.Status, want.Status)
		differ("headers", nonNil(got.Exposed), nonNil(want.Headers))
	}
	if reason := got.Reason(); reason != nil {
		if want.Code != "" || !strings.HasPrefix(reason.Code, "webkit:") {
			differ("code", reason.Code, want.Code)
			differ("param", toNames.Replace(reason.Param), want.Param)
		}
		differ("console", toNames.Replace(reason.Console), want.Console)
	} else {
		differ("code", "", want.Code)
		differ("console", "", want.Console)
	}
	return append(out, wireDifferences(got, want.Wire)...)
}

func nonNil(s []string) []string { return append([]string{}, s...) }

func wireDifferences(got *fetch.Result, want []wireEntry) []string {
	var have []string
	for _, x := range got.Exchanges {
		have = append(have, wireLine(&x.Message))
	}
	var need []string
	for _, w := range want {
		need = append(need, strings.Join([]string{w.Host, w.Method, w.Path, w.Origin, w.ACRM, w.ACRH}, " "))
	}
	if got.Browser.CacheTiedToDNS {
		want, need = withoutRepeats(want, need, have)
	}
	if !slices.Equal(have, need) {
		return []string{fmt.Sprintf("wire: got %q, want %q", have, need)}
	}
	var out []string
	for i := range want {
		out = append(out, sentDifferences(&got.Exchanges[i].Message, want[i].Sent)...)
	}
	return out
}

// withoutRepeats takes out the preflights that the browser's cache would have
// saved, had the browser not looked up the host's address anew in between: see
// Profile.CacheTiedToDNS. Only a preflight that was sent before in the same
// scenario and that the machine does not send is taken out, and only a few: a
// browser soon has the address.
func withoutRepeats(want []wireEntry, need, have []string) ([]wireEntry, []string) {
	var keptWant []wireEntry
	var kept []string
	left := 3
	for i, line := range need {
		repeated := want[i].ACRM != "" && slices.Contains(need[:i], line)
		if repeated && left > 0 && (len(kept) >= len(have) || have[len(kept)] != line) {
			left--
			continue
		}
		keptWant, kept = append(keptWant, want[i]), append(kept, line)
	}
	return keptWant, kept
}

func wireLine(m *fetch.Message) string {
	host := ""
	for name, authority := range hosts {
		if authority == m.URL.Authority() {
			host = name
		}
	}
	get := func(name, missing string) string {
		if v, ok := m.Get(name); ok {
			return toNames.Replace(v)
		}
		return missing
	}
	return strings.Join([]string{host, m.Method, m.URL.RequestTarget(), get("Origin", "-"),
		get("Access-Control-Request-Method", ""), get("Access-Control-Request-Headers", "")}, " ")
}

// unlike are the request headers whose values belong to the machine that
// recorded, not to the browser's rules.
var unlike = []string{"user-agent", "accept-language", "accept-encoding", "sec-ch-ua"}

func sentDifferences(m *fetch.Message, want map[string]string) []string {
	got := map[string]string{}
	for _, h := range m.Headers {
		got[strings.ToLower(h.Name)] = strings.Trim(toNames.Replace(h.Value), " \t")
	}
	if m.Kind == fetch.Actual && (m.Body != nil || m.Method != "GET" && m.Method != "HEAD") {
		if m.Body != nil || m.Method == "POST" || m.Method == "PUT" {
			got["content-length"] = fmt.Sprint(len(m.Body))
		}
	}
	// The recorder's HTTP library adds Cache-Control to a request with Pragma.
	if _, has := got["cache-control"]; !has && got["pragma"] == "no-cache" {
		got["cache-control"] = "no-cache"
	}
	need := map[string]string{}
	for name, value := range want {
		need[strings.ToLower(name)] = value
	}
	var out []string
	names := map[string]bool{}
	for name := range got {
		names[name] = true
	}
	for name := range need {
		names[name] = true
	}
	for name := range names {
		g, has := got[name]
		w, wants := need[name]
		if has != wants || g != w && !slices.Contains(unlike, name) {
			out = append(out, fmt.Sprintf("%s %s sends %s: got %q (%v), want %q (%v)", m.Kind, m.Method, name, g, has, w, wants))
		}
	}
	sort.Strings(out)
	return out
}

// TestRecordedVerdicts steps the machine with recorded answers and holds every
// recorded field of every scenario against what the browsers did.
func TestRecordedVerdicts(t *testing.T) {
	recordings := readRecordings(t)
	if len(recordings) < 2000 {
		t.Fatalf("only %d recordings", len(recordings))
	}
	for _, p := range fetch.Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			disagree := 0
			for i := range recordings {
				r := &recordings[i]
				result, err := r.run(p)
				if err != nil {
					t.Errorf("%s: %v", r.Scenario.ID, err)
					continue
				}
				if diff := differences(result, r.Browsers[p.Name]); len(diff) > 0 {
					if disagree++; disagree <= 20 {
						t.Errorf("%s: %s", r.Scenario.ID, strings.Join(diff, "\n    "))
					}
				}
			}
			if disagree > 0 {
				t.Errorf("%d of %d scenarios disagree", disagree, len(recordings))
			}
		})
	}
}
