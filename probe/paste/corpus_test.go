package paste

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

const corpusFile = "testdata/corpus.txt"

// TestCorpus reads messages from public reports. -update writes what they yield
// into the file, to be read before it is committed.
func TestCorpus(t *testing.T) {
	data, err := os.ReadFile(corpusFile)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(data), "\n## ")
	out := head
	count, other := 0, 0
	for _, block := range strings.Split(rest, "\n## ") {
		title, body, _ := strings.Cut(block, "\n")
		pasted, want, ok := strings.Cut(body, "\n=>\n")
		if !ok {
			pasted, want, ok = strings.Cut(body, "\n=>")
		}
		if !ok {
			t.Fatalf("%s: no line =>", title)
		}
		items, err := ParseString(pasted)
		got := describe(items, err)
		if strings.TrimSpace(want) != got && !*update {
			t.Errorf("%s\n got:\n%s\nwant:\n%s", title, got, want)
		}
		count++
		if strings.HasPrefix(title, "not CORS") {
			other++
			for _, item := range items {
				if item.Class == ClassCORS {
					t.Errorf("%s: taken for CORS: %+v", title, item)
				}
			}
		}
		out += "\n## " + title + "\n" + pasted + "\n=>\n" + got + "\n"
	}
	if count < 60 || other < 15 {
		t.Errorf("the corpus has %d pastes, %d of them not CORS; want at least 60 and 15", count, other)
	}
	if *update {
		if err := os.WriteFile(corpusFile, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRequests reads requests as the tools of browsers copy them and as people
// type them.
func TestRequests(t *testing.T) { testBlocks(t, "testdata/requests.txt") }

// TestShapes reads messages in the shapes that copying gives them.
func TestShapes(t *testing.T) { testBlocks(t, "testdata/shapes.txt") }

// testBlocks reads a file of the form of the corpus.
func testBlocks(t *testing.T, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(data), "\n## ")
	out := head
	for _, block := range strings.Split(rest, "\n## ") {
		title, body, _ := strings.Cut(block, "\n")
		pasted, want, ok := strings.Cut(body, "\n=>")
		if !ok {
			t.Fatalf("%s: no line =>", title)
		}
		if strings.Contains(title, "(CRLF)") {
			pasted = strings.ReplaceAll(pasted, "\n", "\r\n")
		}
		got := describe(ParseString(pasted))
		if strings.TrimSpace(want) != got && !*update {
			t.Errorf("%s\n got:\n%s\nwant:\n%s", title, got, want)
		}
		out += "\n## " + title + "\n" + body[:len(body)-len(want)-len("\n=>")] + "\n=>\n" + got + "\n"
	}
	if *update {
		if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func describeRequest(i Item) []string {
	if i.Request == nil {
		return nil
	}
	r := i.Request
	lines := []string{fmt.Sprintf("  %s %s", r.Method, r.URL)}
	for _, h := range r.Headers {
		lines = append(lines, "  "+h.Name+": "+h.Value)
	}
	for _, c := range r.Cookies {
		lines = append(lines, "  cookie "+c)
	}
	for _, f := range [][2]string{
		{"page", r.Page}, {"credentials", string(r.Credentials)}, {"mode", string(r.Mode)},
		{"redirect", string(r.Redirect)}, {"agent", r.UserAgent},
	} {
		if f[1] != "" {
			lines = append(lines, "  "+f[0]+" "+f[1])
		}
	}
	if r.Body != nil {
		lines = append(lines, fmt.Sprintf("  body %q", r.Body))
	}
	if r.PreflightOnly {
		lines = append(lines, "  preflight only")
	}
	if !reflect.DeepEqual(i.Transport, Transport{}) {
		lines = append(lines, fmt.Sprintf("  transport %+v", i.Transport))
	}
	for _, n := range i.Notes {
		lines = append(lines, "  note: "+n)
	}
	return lines
}

// describe writes items as the corpus has them, one a line.
func describe(items []Item, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	var lines []string
	for _, i := range items {
		var b strings.Builder
		fmt.Fprintf(&b, "line %d: %s %s", i.Line, i.Kind, i.Class)
		for _, f := range [][2]string{
			{"browser", i.Browser}, {"code", i.Code}, {"url", i.URL}, {"from", i.RedirectedFrom},
			{"origin", i.Origin}, {"method", i.Method}, {"header", i.Header}, {"value", i.Value},
			{"by", string(i.Initiator)},
		} {
			if f[1] != "" {
				fmt.Fprintf(&b, " %s=%s", f[0], f[1])
			}
		}
		if i.Status != 0 {
			fmt.Fprintf(&b, " status=%d", i.Status)
		}
		lines = append(lines, b.String())
		lines = append(lines, describeRequest(i)...)
	}
	return strings.Join(lines, "\n")
}
