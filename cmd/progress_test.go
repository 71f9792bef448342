package cmd

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// result is a check's outcome for the progress to count.
func result(v fetch.Verdict) *probe.Result {
	return &probe.Result{Fetch: &fetch.Result{Verdict: v}}
}

func TestProgress(t *testing.T) {
	for _, test := range []struct {
		name  string
		total int
		tty   bool
		quiet bool
		pause time.Duration // between two checks
		want  string        // of stderr; for a terminal what must be in it
	}{
		{"one check says nothing", 1, false, false, time.Minute, ""},
		{"few checks say nothing in a log", 99, false, false, 0, ""},
		{"many checks are counted at the end", 100, false, false, 0,
			"corscheck: 100 of 100 checks: 50 allowed, 50 blocked\n"},
		{"slow ones are counted now and then", 100, false, false, 100 * time.Millisecond,
			"corscheck: 50 of 100 checks: 25 allowed, 25 blocked\ncorscheck: 100 of 100 checks: 50 allowed, 50 blocked\n"},
		{"-q", 1000, false, true, time.Minute, ""},
		{"-q on a terminal", 1000, true, true, time.Minute, ""},
		{"one check on a terminal", 1, true, false, 0, ""},
		{"no bar where it could not be read", 20, true, false, 0, ""},
		{"a bar on a terminal", 20, true, false, 100 * time.Millisecond, "bar"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			now := time.Now()
			e := newEnv(nil, strings.NewReader(""), &stdout, &stderr)
			e.now = func() time.Time { return now }
			e.stderrTTY, e.stdoutTTY = test.tty, test.tty
			p := e.newProgress(&judgement{total: test.total, report: &reportFlags{quiet: test.quiet}})
			out := p.above(&stdout)
			if test.want == "bar" {
				p.appear() // as it does by itself after a while
			}
			for i := range test.total {
				now = now.Add(test.pause)
				v := fetch.Allowed
				if i%2 == 1 {
					v = fetch.Blocked
				}
				if _, err := out.Write([]byte("x")); err != nil {
					t.Fatal(err)
				}
				p.add(result(v))
			}
			p.end()
			p.end() // once more changes nothing
			got := stderr.String()
			if test.want == "bar" {
				if !strings.Contains(got, "░") || !strings.Contains(got, "/20") {
					t.Errorf("no bar: %q", got)
				}
				if i := strings.IndexFunc(got, func(r rune) bool { return unicode.Is(unicode.Co, r) }); i >= 0 {
					t.Errorf("the bar needs a font of its own: %q", got[i:])
				}
				if last := got[strings.LastIndexByte(got[:len(got)-1], '\r'):]; strings.TrimSpace(last) != "" {
					t.Errorf("the bar is left behind: %q", last)
				}
			} else if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if stdout.String() != strings.Repeat("x", test.total) {
				t.Errorf("stdout %q", stdout.String())
			}
		})
	}
}

func TestProgressOfUnknownLength(t *testing.T) {
	var stderr bytes.Buffer
	e := newEnv(nil, strings.NewReader(""), &stderr, &stderr)
	p := e.newProgress(&judgement{total: -1, report: &reportFlags{}})
	for range 150 {
		p.add(result(fetch.Failed))
	}
	p.end()
	if want := "corscheck: 150 checks: 150 failed\n"; stderr.String() != want {
		t.Errorf("got %q, want %q", stderr.String(), want)
	}
}
