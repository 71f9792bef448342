package cmd

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/paste"
)

// TestVerboseCurlLines: the curl lines that -v prints are read back by what
// reads pasted ones, to the requests that went out.
func TestVerboseCurlLines(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Methods", "PUT")
		w.Header().Set("Access-Control-Allow-Headers", "x-note, content-type")
	}))
	defer server.Close()
	out := try(t, "", server.URL+"/a?b='c d'", "-v", "--no-diagnose", "--send-unsafe", "-X", "PUT", "-d", `{"it's": "a $HOME"}`,
		"-H", `X-Note: it's "so" \n $(id)`, "-H", "Content-Type: application/json", "-o", "https://app.example")
	var read []paste.Item
	for line := range strings.SplitSeq(out.stdout, "\n") {
		if _, command, ok := strings.Cut(line, "$ curl "); ok {
			items, err := paste.ParseString("curl " + command)
			if err != nil || len(items) != 1 {
				t.Fatalf("%q: %v %v", command, items, err)
			}
			read = append(read, items[0])
		}
	}
	if len(read) != 2 {
		t.Fatalf("%d curl lines in\n%s%s", len(read), out.stdout, out.stderr)
	}
	if p := read[0].Request; !p.PreflightOnly || p.Method != "PUT" || p.Origin != "https://app.example" {
		t.Errorf("the preflight reads %+v", p)
	}
	r := read[1].Request
	note := ""
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, "x-note") {
			note = h.Value
		}
	}
	if r.Method != "PUT" || note != `it's "so" \n $(id)` || !strings.HasPrefix(r.URL, server.URL+"/a?b=") || len(read[1].Notes) > 0 {
		t.Errorf("the request reads %+v %v", r, read[1].Notes)
	}
}

// TestOwnFlagsBehindCurl: what people write there out of habit is not overlooked.
func TestOwnFlagsBehindCurl(t *testing.T) {
	for args, want := range map[string]string{
		"--send-unsafe -X PUT":       "corscheck --send-unsafe curl ...",
		"--browser=firefox":          "corscheck --browser=firefox curl ...",
		"-f json":                    "corscheck -f json curl ...",
		"-o https://app.example.com": "corscheck -o https://app.example.com curl ...",
	} {
		out := try(t, "", append([]string{"curl", "http://127.0.0.1:1/"}, strings.Fields(args)...)...)
		if out.code != ExitUsage || !strings.Contains(out.stderr, want) {
			t.Errorf("%s: exit %d, %s", args, out.code, out.stderr)
		}
	}
}
