package paste

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/corscheck/corscheck/internal/demand"
	"github.com/corscheck/corscheck/probe/fetch"
)

// TestHARFromChromium lets a real Chromium make fetches, writes down what its
// developer tools see by the rules of their HAR export (Log.ts and
// NetworkRequest.ts of devtools-frontend), and holds the verdicts from the file
// against what the page was told.
func TestHARFromChromium(t *testing.T) {
	binary := demand.Program(t, "chromium")
	page, other, third := startHARServers(t)
	quickly := httptest.NewServer(http.NotFoundHandler())
	quickly.Close() // nobody listens there
	log := newHARLog()
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(quietChromium, chromedp.ExecPath(binary))...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(log.event))
	defer cancel()
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(page+"/")); err != nil {
		t.Fatal(err)
	}
	script := strings.NewReplacer("OTHER", other, "THIRD", third, "SAME", page, "NOBODY", quickly.URL).Replace(harScript)
	outcomes, err := chromedp.Run(ctx, chromedp.Evaluate[map[string]bool](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond) // for the last events
	file := log.write()
	h, err := NewHAR(bytes.NewReader(file), HAROptions{File: "chromium.har"})
	if err != nil {
		t.Fatal(err)
	}
	judged := map[string]*fetch.Result{}
	for c := range h.Checks() {
		name := c.Request.URL[strings.LastIndexByte(c.Request.URL, '?')+1:]
		if judged[name] != nil {
			t.Errorf("%s: judged twice", name)
		}
		judged[name] = resultOf(&c)
	}
	if h.Err() != nil {
		t.Fatal(h.Err())
	}
	for name, allowed := range outcomes {
		got := judged[name]
		if got == nil || (got.Verdict == fetch.Allowed) != allowed {
			t.Errorf("%s: judged %s, but the browser said %v", name, verdictOf(got), allowed)
		}
		if got != nil && log.reasons[name] != "" && got.Reason() != nil && got.Reason().Code != log.reasons[name] {
			t.Errorf("%s: judged %s, but the browser said %s", name, verdictOf(got), log.reasons[name])
		}
	}
	t.Logf("%d fetches of Chromium, %d of them with a reason of its own: %d entries, all verdicts agree", len(outcomes), len(log.reasons), h.Stats().Entries)
	if len(outcomes) < 15 {
		t.Errorf("only %d fetches were made", len(outcomes))
	}
	if *update {
		if err := os.WriteFile("testdata/chromium.har", file, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// quietChromium keeps the browser from calling home.
var quietChromium = []chromedp.ExecAllocatorOption{
	chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
	chromedp.Flag("no-sandbox", true), chromedp.Flag("headless", "new"), chromedp.Flag("disable-gpu", true),
	chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
	chromedp.Flag("disable-sync", true), chromedp.Flag("disable-default-apps", true),
	chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("no-proxy-server", true),
}

// harScript makes the fetches one after the other; each has its name as query.
const harScript = `(async () => {
  const json = {"Content-Type": "application/json"};
  const cases = {
    "any": ["OTHER/any", {}],
    "none": ["OTHER/none", {}],
    "put": ["OTHER/full", {method: "PUT", body: "x"}],
    "put-none": ["OTHER/none", {method: "PUT"}],
    "post-json": ["OTHER/full", {method: "POST", headers: json, body: "{}"}],
    "header-refused": ["OTHER/full", {headers: {"X-Refused": "1"}}],
    "method-refused": ["OTHER/full", {method: "PATCH"}],
    "options-401": ["OTHER/options-401", {method: "PUT"}],
    "options-redirect": ["OTHER/options-redirect", {method: "PUT"}],
    "error-page": ["OTHER/error-page", {}],
    "include-any": ["OTHER/any", {credentials: "include"}],
    "include-full": ["OTHER/full", {credentials: "include"}],
    "redirect-any": ["OTHER/to-third-any", {}],
    "redirect-tainted": ["OTHER/to-third-full", {}],
    "redirect-out": ["SAME/to-other", {}],
    "redirect-error": ["OTHER/to-third-any", {redirect: "error"}],
    "redirect-manual": ["OTHER/to-third-any", {redirect: "manual"}],
    "redirect-put": ["OTHER/to-third-any", {method: "PUT"}],
    "refused": ["http://127.0.0.1:1/", {}],
    "nobody": ["NOBODY/", {}],
    "closed": ["OTHER/closed", {}],
    "cookie": ["OTHER/cookie", {credentials: "include"}],
    "cookie-any": ["OTHER/any", {credentials: "include"}],
  };
  const out = {};
  for (const [name, [url, options]] of Object.entries(cases)) {
    try { const r = await fetch(url + "?" + name, options); await r.text().catch(() => {}); out[name] = true; }
    catch (e) { out[name] = false; }
  }
  return out;
})()`

func startHARServers(t *testing.T) (page, other, third string) {
	var mu sync.Mutex
	urls := map[string]string{}
	handler := func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		third, other := urls["third"], urls["other"]
		mu.Unlock()
		allow := func(origin string) { w.Header().Set("Access-Control-Allow-Origin", origin) }
		options := r.Method == "OPTIONS"
		switch r.URL.Path {
		case "/any":
			allow("*")
		case "/full", "/cookie":
			allow(r.Header.Get("Origin"))
			w.Header().Set("Access-Control-Allow-Credentials", "true")
			w.Header().Set("Access-Control-Allow-Methods", "PUT")
			w.Header().Set("Access-Control-Allow-Headers", "content-type")
			if r.URL.Path == "/cookie" {
				http.SetCookie(w, &http.Cookie{Name: "s", Value: "1", Path: "/"})
			}
		case "/options-401":
			allow("*")
			if options {
				w.WriteHeader(401)
			}
		case "/options-redirect":
			allow("*")
			http.Redirect(w, r, "/full", http.StatusMovedPermanently)
		case "/error-page":
			w.WriteHeader(500)
		case "/to-third-any", "/to-third-full":
			allow("*")
			w.Header().Set("Access-Control-Allow-Methods", "PUT")
			if !options {
				http.Redirect(w, r, third+"/"+map[bool]string{true: "any", false: "fixed"}[strings.HasSuffix(r.URL.Path, "any")]+"?"+r.URL.RawQuery+"-2", http.StatusFound)
			}
		case "/fixed":
			allow(urls["page"])
		case "/to-other":
			http.Redirect(w, r, other+"/none?"+r.URL.RawQuery+"-2", http.StatusFound)
		case "/closed":
			panic(http.ErrAbortHandler)
		}
	}
	for _, name := range []string{"page", "other", "third"} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(handler))
		server.Config.ErrorLog = nil
		server.Start()
		t.Cleanup(server.Close)
		mu.Lock()
		urls[name] = server.URL
		mu.Unlock()
	}
	return urls["page"], urls["other"], urls["third"]
}

// A harLog builds entries from events as the developer tools do: headers and
// status of the extra info win, a redirect is an entry of its own, and a failed
// request keeps what is known of its answer beside its error.
type harLog struct {
	mu      sync.Mutex
	entries []*harLogEntry
	hops    map[network.RequestID][]*harLogEntry // of one request, in order
	// The extra info of a hop may come before or after the hop itself; its
	// place in the order says whose it is.
	extraRequest  map[network.RequestID][]network.Headers
	extraResponse map[network.RequestID][]extraInfo
	reasons       map[string]string // CORS errors by the name of the fetch
}

type extraInfo struct {
	status  int64
	headers network.Headers
}

type harLogEntry struct {
	kind, method, url string
	start             time.Time
	request, response network.Headers
	status            int64
	location, failure string
	body              bool
}

func newHARLog() *harLog {
	return &harLog{hops: map[network.RequestID][]*harLogEntry{}, extraRequest: map[network.RequestID][]network.Headers{},
		extraResponse: map[network.RequestID][]extraInfo{}, reasons: map[string]string{}}
}

func (l *harLog) event(ev any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if e := l.last(ev.RequestID); e != nil && ev.RedirectResponse != nil {
			e.status, e.location, e.response = ev.RedirectResponse.Status, ev.Request.URL, ev.RedirectResponse.Headers
		}
		e := &harLogEntry{kind: strings.ToLower(string(ev.Type)), method: ev.Request.Method, url: ev.Request.URL,
			start: time.UnixMilli(int64(float64(ev.WallTime) * 1000)), request: ev.Request.Headers, body: ev.Request.HasPostData}
		l.hops[ev.RequestID] = append(l.hops[ev.RequestID], e)
		l.entries = append(l.entries, e)
	case *network.EventRequestWillBeSentExtraInfo:
		l.extraRequest[ev.RequestID] = append(l.extraRequest[ev.RequestID], ev.Headers)
	case *network.EventResponseReceived:
		if e := l.last(ev.RequestID); e != nil {
			e.status, e.response = ev.Response.Status, ev.Response.Headers
		}
	case *network.EventResponseReceivedExtraInfo:
		l.extraResponse[ev.RequestID] = append(l.extraResponse[ev.RequestID], extraInfo{ev.StatusCode, ev.Headers})
	case *network.EventLoadingFailed:
		if e := l.last(ev.RequestID); e != nil {
			e.failure = ev.ErrorText
			if ev.CorsErrorStatus != nil {
				name, _, _ := strings.Cut(e.url[strings.LastIndexByte(e.url, '?')+1:], "-2")
				l.reasons[name] = string(ev.CorsErrorStatus.CorsError)
			}
		}
	}
}

func (l *harLog) last(id network.RequestID) *harLogEntry {
	if hops := l.hops[id]; len(hops) > 0 {
		return hops[len(hops)-1]
	}
	return nil
}

// settle gives each hop its extra info.
func (l *harLog) settle() {
	for id, hops := range l.hops {
		for i, e := range hops {
			if extra := l.extraRequest[id]; i < len(extra) {
				e.request = extra[i]
			}
			if extra := l.extraResponse[id]; i < len(extra) {
				e.status, e.response = extra[i].status, extra[i].headers
			}
		}
	}
}

func (l *harLog) write() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.settle()
	var b bytes.Buffer
	b.WriteString(`{"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "pages": [], "entries": [`)
	for i, e := range l.entries {
		if i > 0 {
			b.WriteByte(',')
		}
		request := map[string]any{"method": e.method, "url": e.url, "httpVersion": "http/1.1", "headers": harHeaders(e.request), "queryString": []int{}, "cookies": []int{}, "headersSize": -1, "bodySize": -1}
		if e.body {
			request["postData"] = map[string]any{"mimeType": "text/plain", "text": "x"}
		}
		response := map[string]any{"status": e.status, "statusText": "", "httpVersion": "http/1.1", "headers": harHeaders(e.response), "cookies": []int{}, "content": map[string]any{"size": 0, "mimeType": "x-unknown"}, "redirectURL": e.location, "headersSize": -1, "bodySize": -1, "_transferSize": 0}
		if e.failure != "" {
			response["_error"] = e.failure
		}
		line, _ := json.Marshal(map[string]any{"_resourceType": e.kind, "cache": map[string]any{}, "request": request, "response": response, "startedDateTime": e.start.UTC().Format("2006-01-02T15:04:05.000Z"), "time": 1})
		fmt.Fprintf(&b, "\n%s", line)
	}
	b.WriteString("\n]}}\n")
	return b.Bytes()
}

func harHeaders(h network.Headers) []map[string]string {
	out := []map[string]string{}
	for name, value := range h {
		out = append(out, map[string]string{"name": name, "value": fmt.Sprint(value)})
	}
	return out
}
