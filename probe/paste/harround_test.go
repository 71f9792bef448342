package paste

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// respond is what the scenario's servers answered to a request on the wire.
func (r *scenario) respond(w wireEntry) (status int, headers [][2]string) {
	status = 404
	for _, rule := range r.Scenario.Server {
		if rule.Host != w.Host || rule.Path != w.Path || rule.Method != "*" && rule.Method != w.Method {
			continue
		}
		status = rule.Status
		for _, h := range rule.Headers {
			if value, ok := reflectInto(h[1], w); ok {
				headers = append(headers, [2]string{h[0], strings.Trim(toReal.Replace(value), " \t")})
			}
		}
		break
	}
	return status, append(headers, [2]string{"Connection", "close"})
}

func reflectInto(value string, w wireEntry) (string, bool) {
	for placeholder, echo := range map[string]string{"{reflect}": w.Origin, "{reflect_headers}": w.ACRH, "{reflect_method}": w.ACRM} {
		if strings.Contains(value, placeholder) {
			if echo == "" || echo == "-" {
				return "", false
			}
			value = strings.ReplaceAll(value, placeholder, echo)
		}
	}
	return value, true
}

// A harWriter writes the recorded scenarios as one HAR file, an entry a line.
type harWriter struct {
	bytes.Buffer
	line  int
	owner map[int]string // of the first line of a fetch: the scenario's ID
	now   time.Time
}

func newHARWriter(creator string) *harWriter {
	w := &harWriter{line: 2, owner: map[int]string{}, now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	fmt.Fprintf(w, `{"log": {"version": "1.2", "creator": {"name": %q, "version": "1"}, "pages": [], "entries": [`, creator)
	return w
}

func (w *harWriter) entry(id, method, url, resource string, request, response [][2]string, status int, failure string) {
	if w.line > 2 {
		w.WriteByte(',')
	}
	e := map[string]any{
		"startedDateTime": w.now.Format(time.RFC3339Nano), "time": 1.5,
		"request":  map[string]any{"method": method, "url": url, "httpVersion": "HTTP/1.1", "headers": nameValues(request), "queryString": []int{}, "cookies": []int{}, "headersSize": -1, "bodySize": -1},
		"response": map[string]any{"status": status, "statusText": "", "httpVersion": "HTTP/1.1", "headers": nameValues(response), "cookies": []int{}, "content": map[string]any{"size": 2, "mimeType": "x", "text": "{}"}, "redirectURL": "", "headersSize": -1, "bodySize": -1},
		"cache":    map[string]any{}, "timings": map[string]any{"send": 0, "wait": 1, "receive": 0},
	}
	if resource != "" {
		e["_resourceType"] = resource
	}
	if failure != "" {
		e["response"].(map[string]any)["_error"] = failure
	}
	line, _ := json.Marshal(e)
	w.WriteString("\n" + string(line))
	w.owner[w.line] = id
	w.line++
	w.now = w.now.Add(time.Millisecond)
}

func nameValues(list [][2]string) []map[string]string {
	out := []map[string]string{}
	for _, h := range list {
		out = append(out, map[string]string{"name": h[0], "value": h[1]})
	}
	return out
}

func (w *harWriter) end() { w.WriteString("\n]}}") }

// scenario writes what a browser did, and in Chrome's own files what became of
// each request.
func (w *harWriter) scenario(r *scenario, got recordedOutcome, chrome bool) {
	w.now = w.now.Add(5 * time.Minute)
	resource := map[bool]string{true: "fetch"}[chrome]
	for i, sent := range got.Wire {
		last := i == len(got.Wire)-1
		status, headers := r.respond(sent)
		url := "http://" + recordedHosts[sent.Host] + sent.Path
		var request [][2]string
		for name, value := range sent.Sent {
			request = append(request, [2]string{name, toReal.Replace(value)})
		}
		failure := ""
		if chrome && last && !got.Allowed && sent.ACRM == "" {
			if failure = got.Code; !strings.HasPrefix(failure, "net::") {
				failure = "net::ERR_FAILED"
			}
		}
		if chrome && sent.ACRM != "" {
			w.entry(r.Scenario.ID, sent.Method, url, "preflight", request, headers, status, "")
			if last { // the request itself never left
				w.entry(r.Scenario.ID, sent.ACRM, url, "fetch", [][2]string{{"Referer", recordedOrigin + "/"}}, nil, 0, "net::ERR_FAILED")
			}
			continue
		}
		w.entry(r.Scenario.ID, sent.Method, url, resource, request, headers, status, failure)
	}
}

// verdictsOf judges a HAR and returns the verdict of each scenario.
func verdictsOf(t *testing.T, w *harWriter, o HAROptions) map[string]*fetch.Result {
	t.Helper()
	o.File = "x.har"
	h, err := NewHAR(bytes.NewReader(w.Bytes()), o)
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]*fetch.Result{}
	for c := range h.Checks() {
		id := w.owner[c.Source.Line]
		result := resultOf(&c)
		if verdicts[id] != nil {
			t.Errorf("%s: two checks, one of %s", id, c.Request.URL)
		}
		verdicts[id] = result
	}
	if h.Err() != nil {
		t.Fatal(h.Err())
	}
	return verdicts
}

func resultOf(c *probe.Check) *fetch.Result {
	f, err := fetch.New(c.Browser, c.Request)
	if err != nil {
		return nil
	}
	for m, ok := f.Next(); ok; m, ok = f.Next() {
		x, known := c.Recorded.Answer(m)
		switch {
		case !known:
			f.Withhold()
		case x.Failure != nil:
			f.Fail(x.Failure)
		default:
			f.Receive(x.Response)
		}
	}
	return f.Result()
}

// TestRoundTrip: what the recorded browsers did, as Chrome's developer tools
// export it and as a proxy sees it, is judged to their verdicts.
func TestRoundTrip(t *testing.T) {
	all := readRecordings(t)
	for _, test := range []struct {
		browser, creator string
		chrome           bool
	}{
		{"chrome", "WebInspector", true},
		{"chrome", "mitmproxy", false}, {"firefox", "mitmproxy", false}, {"safari", "mitmproxy", false},
	} {
		profile, _ := fetch.ProfileByName(test.browser)
		w := newHARWriter(test.creator)
		for i := range all {
			w.scenario(&all[i], all[i].Browsers[test.browser], test.chrome)
		}
		w.end()
		verdicts := verdictsOf(t, w, HAROptions{Browser: profile})
		judged, enough, wrong := 0, 0, 0
		for i := range all {
			r := &all[i]
			got, judgedIt := verdicts[r.Scenario.ID]
			want := r.Browsers[test.browser]
			if judgedIt {
				judged++
			}
			if !holdsEnough(r, want, test.chrome) {
				continue
			}
			enough++
			if !judgedIt || (got.Verdict == fetch.Allowed) != want.Allowed {
				wrong++
				if wrong < 8 {
					t.Errorf("%s in %s of %s: judged %v %v, but the browser said %v %s %s", r.Scenario.ID, test.browser, test.creator, judgedIt, verdictOf(got), want.Allowed, want.Code, want.Console)
				}
			}
		}
		t.Logf("%s in the format of %s: %d of %d scenarios are in the file as CORS, %d hold enough, %d wrong", test.browser, test.creator, judged, len(all), enough, wrong)
		if enough < 1000 {
			t.Errorf("only %d scenarios hold enough", enough)
		}
	}
}

func verdictOf(r *fetch.Result) string {
	if r == nil {
		return "nothing"
	}
	reason := ""
	if x := r.Reason(); x != nil {
		reason = x.Code
	}
	return string(r.Verdict) + " " + reason + " " + string(r.Request.Credentials) + " " + string(r.Request.Redirect)
}

// holdsEnough: a proxy sees neither the credentials mode nor the redirect mode,
// Chrome's file says at least what became of the request. A fetch that stayed
// with its page's origin is no CORS.
func holdsEnough(r *scenario, got recordedOutcome, chrome bool) bool {
	crossed := false
	for _, w := range got.Wire {
		crossed = crossed || w.Host != "same"
	}
	if !crossed {
		return false
	}
	return chrome || r.Scenario.Request.Credentials != "include" && r.Scenario.Request.Redirect == "follow"
}
