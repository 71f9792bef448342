package cmd

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/lab"
)

// notRun are pages whose example needs more than this machine: its output
// stands as it was seen, in a block that is not run.
var notRun = map[finding.ID]string{
	"unreachable-network":     "needs an address without a route, which depends on the machine",
	"address-families-differ": "needs a host with two addresses of two families",
}

// TestPagesShowWhatCorscheckSays runs the example of every page against the lab
// and compares what the page shows, so that the pages cannot drift.
func TestPagesShowWhatCorscheckSays(t *testing.T) {
	server, ports := startLab(t)
	defer server.Close()
	toHere := strings.NewReplacer(":8090", ports[0], ":8091", ports[1], ":8092", ports[2])
	toPage := strings.NewReplacer(ports[0], ":8090", ports[1], ":8091", ports[2], ":8092")
	for _, entry := range finding.Catalogue() {
		t.Run(string(entry.ID), func(t *testing.T) {
			if why, ok := notRun[entry.ID]; ok {
				if strings.Contains(entry.Page, "```console") {
					t.Errorf("the example is marked to be run, but it %s", why)
				}
				return
			}
			command, shown := example(t, entry.Page)
			var out, errs bytes.Buffer
			e := newEnv(words(t, toHere.Replace(command))[1:], strings.NewReader(""), &out, &errs)
			e.getenv = func(string) string { return "" }
			code := run(e)
			got := steady(toPage.Replace(out.String()))
			if code == ExitUsage || errs.Len() > 0 {
				t.Fatalf("exit %d: %s", code, errs.String())
			}
			if !strings.Contains(got, string(entry.ID)) {
				t.Errorf("the output does not name %s:\n%s", entry.ID, got)
			}
			if *update {
				rewrite(t, entry, command, got)
			} else if got != shown {
				t.Errorf("the page shows\n%s\nand corscheck says\n%s", shown, got)
			}
		})
	}
}

var exampleBlock = regexp.MustCompile("(?s)```console\n\\$ ([^\n]*)\n(.*?)```")

func example(t *testing.T, page string) (command, shown string) {
	t.Helper()
	m := exampleBlock.FindStringSubmatch(page)
	if m == nil {
		t.Fatal("the page has no example")
	}
	return m[1], m[2]
}

func rewrite(t *testing.T, entry finding.Entry, command, got string) {
	t.Helper()
	block := "```console\n$ " + command + "\n" + got + "```"
	page := exampleBlock.ReplaceAllLiteralString(entry.Page, block)
	if err := os.WriteFile("../probe/finding/pages/"+string(entry.ID)+".md", []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}

// What differs from run to run, and what it is written as.
var unsteady = []struct {
	pattern *regexp.Regexp
	as      string
}{
	{regexp.MustCompile(`corscheck=[0-9a-f]{8}`), "corscheck=7d1c90b4"},
	{regexp.MustCompile(`\b\d+(\.\d+)? (ms|µs)\b`), "0 ms"},
}

func steady(s string) string {
	for _, u := range unsteady {
		s = u.pattern.ReplaceAllString(s, u.as)
	}
	return s
}

// words splits an example as a shell does: by spaces, with single quotes.
func words(t *testing.T, command string) []string {
	t.Helper()
	var out []string
	for i, part := range strings.Split(command, "'") {
		if i%2 == 1 {
			out = append(out, part)
			continue
		}
		out = append(out, strings.Fields(part)...)
	}
	return out
}

// startLab serves the lab on three ports of four digits, as many as those in
// the pages have, so that lines break where they do there.
func startLab(t *testing.T) (*lab.Server, [3]string) {
	t.Helper()
	for first := 8090; first < 9990; first += 7 {
		if !free(first, first+1, first+2) {
			continue
		}
		server, err := lab.Start(fmt.Sprintf("127.0.0.1:%d", first))
		if err == nil {
			return server, [3]string{fmt.Sprintf(":%d", first), fmt.Sprintf(":%d", first+1), fmt.Sprintf(":%d", first+2)}
		}
	}
	t.Skip("no three free ports in a row")
	return nil, [3]string{}
}

func free(ports ...int) bool {
	for _, port := range ports {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return false
		}
		l.Close()
	}
	return true
}
