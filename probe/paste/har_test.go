package paste

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
)

// describeHAR is what a file is judged to, a line a check.
func describeHAR(file []byte, o HAROptions) string {
	h, err := NewHAR(bytes.NewReader(file), o)
	if err != nil {
		return "error: " + err.Error()
	}
	var b strings.Builder
	for c := range h.Checks() {
		r := resultOf(&c)
		fmt.Fprintf(&b, "line %d: %s %s %s from %s by %s", c.Source.Line, verdictOf(r), c.Request.Method, c.Request.URL, c.Request.Origin, c.Browser.Name)
		for _, x := range c.Request.Headers {
			b.WriteString(" " + x.Name)
		}
		b.WriteByte('\n')
		for _, n := range c.Notes {
			b.WriteString("  " + n + "\n")
		}
	}
	if err := h.Err(); err != nil {
		fmt.Fprintf(&b, "error: %v\n", err)
	}
	fmt.Fprintf(&b, "%+v\n", h.Stats())
	return b.String()
}

// TestHARFiles judges the files in testdata: chromium.har and firefox.har were
// recorded, the others are made after the documentation of their formats.
func TestHARFiles(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.har")
	if len(files) < 5 {
		t.Fatalf("only %v", files)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := describeHAR(data, HAROptions{File: filepath.Base(file)})
		golden := strings.TrimSuffix(file, ".har") + ".want"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || string(want) != got {
			t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
		}
	}
}

// TestHARFromFirefox holds the verdicts from a file that Firefox wrote against
// what its page was told. Firefox's file says neither which requests failed by
// CORS nor their modes, so it cannot decide those that turn on them.
func TestHARFromFirefox(t *testing.T) {
	data, err := os.ReadFile("testdata/firefox.har")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/firefox.outcomes.json")
	if err != nil {
		t.Fatal(err)
	}
	var outcomes map[string]bool
	if err := json.Unmarshal(text, &outcomes); err != nil {
		t.Fatal(err)
	}
	notHeld := map[string]string{
		"include-any": "credentials", "cookie": "credentials", "cookie-any": "credentials",
		"redirect-error": "redirect mode", "redirect-manual": "redirect mode", "nobody": "why there is no answer",
	}
	h, err := NewHAR(bytes.NewReader(data), HAROptions{File: "firefox.har"})
	if err != nil {
		t.Fatal(err)
	}
	held := 0
	for c := range h.Checks() {
		name := c.Request.URL[strings.LastIndexByte(c.Request.URL, '?')+1:]
		got := resultOf(&c)
		allowed, known := outcomes[name]
		if !known {
			t.Errorf("a check of %s", c.Request.URL)
		}
		if notHeld[name] == "" {
			held++
			if (got.Verdict == fetch.Allowed) != allowed {
				t.Errorf("%s: judged %s, but the browser said %v", name, verdictOf(got), allowed)
			}
		}
	}
	if held < 15 {
		t.Errorf("only %d fetches were held", held)
	}
}

// harOf is a file of entries.
func harOf(creator string, entries ...string) string {
	return `{"log": {"version": "1.2", "creator": {"name": "` + creator + `", "version": "537.36"}, "entries": [` + "\n" + strings.Join(entries, ",\n") + "\n]}}"
}

// harGet is an entry of a GET request from https://app.example.
func harGet(second int, url, requestHeaders, responseHeaders, rest string) string {
	if requestHeaders != "" {
		requestHeaders = ", " + requestHeaders
	}
	return fmt.Sprintf(`{"startedDateTime": "2026-11-01T10:%02d:%02dZ", "_resourceType": "fetch", "request": {"method": "GET", "url": "%s", "headers": [{"name": "Origin", "value": "https://app.example"}%s]}, "response": {"status": 200, "headers": [%s]%s}}`,
		second/60%60, second%60, url, requestHeaders, responseHeaders, rest)
}

func harField2(name, value string) string {
	return fmt.Sprintf(`{"name": %q, "value": %q}`, name, value)
}

// TestSanitized: where headers were removed from the file, a verdict that turns
// on cookies is undecided, and only that.
func TestSanitized(t *testing.T) {
	any, own := harField2("Access-Control-Allow-Origin", "*"), harField2("Access-Control-Allow-Origin", "https://app.example")
	preflight := `{"startedDateTime": "2026-11-01T10:00:00Z", "_resourceType": "preflight", "request": {"method": "OPTIONS", "url": "https://api.example/secret", "headers": [{"name": "Origin", "value": "https://app.example"}, {"name": "Access-Control-Request-Method", "value": "GET"}, {"name": "Access-Control-Request-Headers", "value": "authorization"}]}, "response": {"status": 204, "headers": [` + own + `, {"name": "Access-Control-Allow-Headers", "value": "authorization"}]}}`
	credentials := harField2("Access-Control-Allow-Credentials", "true")
	sanitized := harOf("WebInspector", preflight, harGet(0, "https://api.example/secret", "", own, ""),
		harGet(120, "https://api.example/any", "", any, ""),
		harGet(180, "https://api.example/own", "", own+", "+credentials, ""),
		harGet(240, "https://api.example/none", "", "", ""),
		harGet(300, "https://api.example/refused", "", any, `, "_error": "net::ERR_FAILED"`))
	for _, test := range []struct {
		o    HAROptions
		want string
	}{
		{HAROptions{}, "undecided undecided allowed blocked blocked"},
		{HAROptions{Credentials: fetch.CredentialsSameOrigin}, "allowed allowed allowed blocked allowed"},
		{HAROptions{Credentials: fetch.CredentialsInclude}, "blocked blocked allowed blocked blocked"},
	} {
		h, err := NewHAR(strings.NewReader(sanitized), test.o)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for c := range h.Checks() {
			got = append(got, string(resultOf(&c).Verdict))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%+v: %v, want %s", test.o, got, test.want)
		}
	}
	// The same file with its headers is decided.
	whole := strings.Replace(sanitized, `"url": "https://api.example/secret", "headers": [{"name": "Origin", "value": "https://app.example"}]`, `"url": "https://api.example/secret", "headers": [{"name": "Origin", "value": "https://app.example"}, {"name": "Authorization", "value": "Bearer x"}]`, 1)
	if got := describeHAR([]byte(whole), HAROptions{File: "x"}); strings.Contains(got, "undecided") {
		t.Errorf("with its headers:\n%s", got)
	}
}

// TestCredentialsOfHAR: include where a cookie went out, or where one that was
// set was taken.
func TestCredentialsOfHAR(t *testing.T) {
	own := harField2("Access-Control-Allow-Origin", "*")
	for name, test := range map[string]struct{ file, want string }{
		"a cookie went out":   {harOf("mitmproxy", harGet(0, "https://api.example/", harField2("Cookie", "a=1"), own, "")), "blocked"},
		"a cookie was taken":  {harOf("mitmproxy", harGet(0, "https://api.example/", "", own+", "+harField2("Set-Cookie", "a=1"), ""), harGet(5, "https://api.example/2", harField2("Cookie", "b=2; a=1"), own, "")), "blocked blocked"},
		"a cookie was not":    {harOf("mitmproxy", harGet(0, "https://api.example/", "", own+", "+harField2("Set-Cookie", "a=1"), ""), harGet(5, "https://api.example/2", "", own, "")), "allowed allowed"},
		"no cookie":           {harOf("mitmproxy", harGet(0, "https://api.example/", "", own, "")), "allowed"},
		"the browser refused": {harOf("WebInspector", harGet(0, "https://api.example/", "", own, `, "_error": "net::ERR_FAILED"`)), "blocked"},
	} {
		h, err := NewHAR(strings.NewReader(test.file), HAROptions{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for c := range h.Checks() {
			got = append(got, string(resultOf(&c).Verdict))
		}
		if strings.Join(got, " ") != test.want || h.Err() != nil {
			t.Errorf("%s: %v, want %s (%v)", name, got, test.want, h.Err())
		}
	}
}

func TestHARCompressedAndMarked(t *testing.T) {
	file := harOf("Firefox", harGet(0, "https://api.example/", "", "", ""))
	want := describeHAR([]byte(file), HAROptions{File: "x"})
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = io.WriteString(z, "\xef\xbb\xbf"+file)
	z.Close()
	for name, data := range map[string][]byte{"BOM": []byte("\xef\xbb\xbf" + file), "gzip": zipped.Bytes()} {
		if got := describeHAR(data, HAROptions{File: "x"}); got != want || !strings.Contains(got, "blocked CORSMissingAllowOrigin2") {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got := describeHAR(zipped.Bytes()[:20], HAROptions{}); !strings.HasPrefix(got, "error: ") {
		t.Errorf("half a gzip: %s", got)
	}
}

// entryReader makes a HAR of n entries, of which every tenth is a fetch, without
// ever holding it.
type entryReader struct {
	n, made int
	rest    []byte
}

func (r *entryReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		switch {
		case r.made == 0:
			r.rest = []byte(`{"log": {"creator": {"name": "WebInspector"}, "entries": [`)
		case r.made <= r.n:
			separator := ","
			if r.made == 1 {
				separator = ""
			}
			entry := harGet(r.made/20, fmt.Sprintf("https://api.example/%d", r.made), harField2("X-Filler", strings.Repeat("x", 1000)), "", `, "content": {"text": "`+strings.Repeat("y", 20_000)+`"}`)
			if r.made%10 != 0 {
				entry = strings.Replace(entry, `"_resourceType": "fetch"`, `"_resourceType": "image"`, 1)
				entry = strings.Replace(entry, `"Origin"`, `"X-Origin"`, 1)
			}
			r.rest = []byte(separator + "\n" + entry)
		case r.made == r.n+1:
			r.rest = []byte("]}}")
		default:
			return 0, io.EOF
		}
		r.made++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// TestWhatIsNoCORS: answers of a service worker, beacons and sockets are not
// judged, and a page with an opaque origin keeps it whatever its referrer.
func TestWhatIsNoCORS(t *testing.T) {
	const request = `{"startedDateTime":"2026-01-01T00:00:00Z","time":1,%s,"request":{"method":"%s","url":"https://api.example/a","headers":[%s]},"response":{"status":200,"headers":[%s]}}`
	const origin = `{"name":"Origin","value":"https://app.example"}`
	for name, test := range map[string]struct{ entry, want string }{
		"a service worker's answer": {fmt.Sprintf(request, `"_fetchedViaServiceWorker":true`, "GET", origin, ""), "{Entries:1 Checks:0 SameOrigin:0 NoCORS:0 Unreadable:0 ServiceWorker:1}"},
		"a beacon":                  {fmt.Sprintf(request, `"_resourceType":"ping"`, "POST", origin+`,{"name":"Content-Type","value":"text/plain;charset=UTF-8"}`, ""), "{Entries:1 Checks:0 SameOrigin:0 NoCORS:1 Unreadable:0 ServiceWorker:0}"},
		"a beacon of JSON":          {fmt.Sprintf(request, `"_resourceType":"ping"`, "POST", origin+`,{"name":"Content-Type","value":"application/json"}`, ""), "blocked MissingAllowOriginHeader"},
		"a sandboxed frame": {fmt.Sprintf(request, `"_resourceType":"fetch"`, "GET", `{"name":"Origin","value":"null"},{"name":"Referer","value":"https://app.example/"}`,
			`{"name":"Access-Control-Allow-Origin","value":"null"}`), "allowed"},
	} {
		got := describeHAR([]byte(harOf("WebInspector", test.entry)), HAROptions{File: "a.har"})
		if !strings.Contains(got, test.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := describeHAR([]byte("\xff\xfe{\x00"), HAROptions{}); !strings.Contains(got, "UTF-16") {
		t.Errorf("UTF-16: %s", got)
	}
}

// TestConstantMemory reads 100 MB and looks at what is held meanwhile.
func TestConstantMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	h, err := NewHAR(&entryReader{n: 5000}, HAROptions{})
	if err != nil {
		t.Fatal(err)
	}
	var most uint64
	checks := 0
	for range h.Checks() {
		if checks++; checks%100 == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	if h.Err() != nil || checks != 500 {
		t.Errorf("%d checks, %v", checks, h.Err())
	}
	if most > 64<<20 {
		t.Errorf("%d MiB were held", most>>20)
	}
	t.Logf("100 MB read, %d MiB held at most", most>>20)
}

func BenchmarkHAR(b *testing.B) {
	var file bytes.Buffer
	size, err := io.Copy(&file, &entryReader{n: 500})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	for b.Loop() {
		h, err := NewHAR(bytes.NewReader(file.Bytes()), HAROptions{})
		if err != nil {
			b.Fatal(err)
		}
		for range h.Checks() {
		}
	}
}

func FuzzHAR(f *testing.F) {
	for _, file := range []string{"testdata/safari.har", "testdata/mitmproxy.har"} {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(harOf("WebInspector", harGet(0, "https://api.example/", "", harField2("Location", "//"), `, "redirectURL": "/x"`))))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := NewHAR(bytes.NewReader(data), HAROptions{File: "x"})
		if err != nil {
			return
		}
		lines := bytes.Count(data, []byte("\n")) + 1
		for c := range h.Checks() {
			r := resultOf(&c)
			if r == nil || r.Verdict == "" {
				t.Errorf("%s has no verdict", c.Request.URL)
			}
			if gzipped := bytes.HasPrefix(data, []byte{0x1f, 0x8b}); !gzipped && (c.Source.Line < 1 || c.Source.Line > lines) {
				t.Errorf("line %d of %d", c.Source.Line, lines)
			}
		}
	})
}

// TestInitiatorsOfHAR: what an EventSource or a font sends was set by no script,
// and a font never has credentials, whatever the answer sets: each is judged.
func TestInitiatorsOfHAR(t *testing.T) {
	open := harField2("Access-Control-Allow-Origin", "*") + ", " + harField2("Content-Type", "text/event-stream")
	by := func(resource, entry string) string {
		return strings.Replace(entry, `"_resourceType": "fetch"`, `"_resourceType": "`+resource+`"`, 1)
	}
	file := harOf("WebInspector",
		by("eventsource", harGet(0, "https://api.example/events", harField2("Last-Event-ID", "3"), open, "")),
		by("font", harGet(1, "https://api.example/font", harField2("Cookie", "a=1"), open, "")))
	h, err := NewHAR(strings.NewReader(file), HAROptions{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for c := range h.Checks() {
		got = append(got, string(c.Request.Initiator)+" "+string(resultOf(&c).Verdict))
	}
	if want := "eventsource allowed, font allowed"; strings.Join(got, ", ") != want {
		t.Errorf("%v, want %s", got, want)
	}
}
