package cmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/corscheck/corscheck/internal/demand"
	"github.com/corscheck/corscheck/probe/browser"
	"github.com/corscheck/corscheck/report"
)

func needChromium(t *testing.T) {
	t.Helper()
	_, err := browser.FindChromium()
	demand.Here(t, "chromium", err)
}

// corscheckOn runs a command line and returns what it prints.
func corscheckOn(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = Main(args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

// A server that changes its mind makes the browser and corscheck differ. That is
// said on both streams, with a report to paste that has no secret in it.
func TestInBrowserDisagrees(t *testing.T) {
	needChromium(t)
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "OPTIONS" && asked.Add(1) > 1 {
			w.Header().Set("Access-Control-Allow-Origin", "https://somebody.example")
			return
		}
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "*")
		fmt.Fprint(w, "{}")
	}))
	defer server.Close()
	code, stdout, stderr := corscheckOn(server.URL+"/x?token=hunter2hunter2", "-o", "https://app.example", "-H", "Authorization: Bearer sesame-open", "--no-diagnose", "--in-browser")
	if code != ExitOK {
		t.Errorf("exit %d: the exit code is that of the check", code)
	}
	for _, want := range []string{"IT DISAGREES WITH CORSCHECK", "verdict: the browser has blocked, corscheck allowed", report.Tracker} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
	if !strings.Contains(stderr, "DISAGREES with corscheck on 1 of 1 checks") {
		t.Errorf("stderr: %s", stderr)
	}
	for _, secret := range []string{"hunter2", "sesame"} {
		if strings.Contains(stdout+stderr, secret) {
			t.Errorf("%q is shown in\n%s%s", secret, stdout, stderr)
		}
	}
}

// With --send-unsafe a method that may change something is sent twice, and the
// report says so; without it the browser is not asked.
func TestInBrowserAndUnsafeMethods(t *testing.T) {
	needChromium(t)
	var puts atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "PUT" {
			puts.Add(1)
		}
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Methods", "PUT")
	}))
	defer server.Close()
	for _, c := range []struct {
		flags  []string
		puts   int32
		agrees bool
		said   string
	}{
		{nil, 0, false, "--send-unsafe lets it"},
		{[]string{"--send-unsafe"}, 2, true, "sent twice"},
	} {
		puts.Store(0)
		args := append([]string{server.URL, "-o", "https://app.example", "-X", "PUT", "--no-diagnose", "--in-browser", "-f", "jsonl"}, c.flags...)
		_, stdout, stderr := corscheckOn(args...)
		var check report.Check
		if err := json.Unmarshal([]byte(stdout), &check); err != nil || check.InBrowser == nil {
			t.Fatalf("%v: %v\n%s%s", c.flags, err, stdout, stderr)
		}
		if n := puts.Load(); n != c.puts {
			t.Errorf("%v: PUT was sent %d times", c.flags, n)
		}
		if agrees := check.InBrowser.Agrees; (agrees != nil && *agrees) != c.agrees {
			t.Errorf("%v: %+v", c.flags, check.InBrowser)
		}
		if !strings.Contains(stdout, c.said) {
			t.Errorf("%v: no %q in %s", c.flags, c.said, stdout)
		}
	}
}

// What no browser can be told is refused before anything is sent.
func TestInBrowserRefusesFlags(t *testing.T) {
	for _, flags := range [][]string{
		{"--preflight-only"}, {"--browser", "firefox"}, {"--browser", "safari"}, {"--cacert", "x.pem"}, {"-4"}, {"--proxy", "http://u:p@proxy.example:1"},
	} {
		code, stdout, stderr := corscheckOn(append([]string{"http://127.0.0.1:1/", "--in-browser"}, flags...)...)
		if code != ExitUsage || stdout != "" || !strings.HasPrefix(stderr, "corscheck: --in-browser") {
			t.Errorf("%v: exit %d, %s%s", flags, code, stdout, stderr)
		}
	}
	code, _, stderr := corscheckOn("http://127.0.0.1:1/", "--in-browser=/does/not/exist")
	if code != ExitUsage || !strings.Contains(stderr, "--in-browser=PATH") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}
