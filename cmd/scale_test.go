package cmd

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/corscheck/corscheck/report"
)

// TestThreeThousandOrigins: one run, the right verdict for each, in the order
// of the list.
func TestThreeThousandOrigins(t *testing.T) {
	const n = 3000
	url := startServer(t, time.Nanosecond) + "/users"
	var out, errs bytes.Buffer
	args := []string{url, "--origins", writeOrigins(t, n), "-f", "jsonl"}
	if code := Main(args, strings.NewReader(""), &out, &errs); code != ExitBlocked {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	if got := verdicts(t, &out, true); got != n {
		t.Errorf("%d checks, want %d", got, n)
	}
	if want := "corscheck: 3000 of 3000 checks: 1500 allowed, 1500 blocked\n"; !strings.HasSuffix(errs.String(), want) {
		t.Errorf("stderr %q, want %q", errs.String(), want)
	}
}

// verdicts holds a report in JSON Lines against the server's rule and the order
// of the list, and returns the number of checks.
func verdicts(t testing.TB, r io.Reader, sources bool) int {
	t.Helper()
	n := 0
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		n++
		var c report.Check
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		want := "blocked"
		if allowedByServer(c.Origin) {
			want = "allowed"
		}
		if c.Origin != fmt.Sprintf("https://o%d.example", n) || c.Verdict != want || (c.Source != nil) != sources || sources && c.Source.Line != n {
			t.Fatalf("line %d: %s from %s at %+v", n, c.Verdict, c.Origin, c.Source)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestSlowServer: 200 origins against a server that takes 50 ms end in a tenth of
// the 10 s that one after the other takes; BenchmarkSlowServer says in how much.
func TestSlowServer(t *testing.T) {
	url := startServer(t, 50*time.Millisecond) + "/users"
	start := time.Now()
	checkSlowServer(t, url, writeOrigins(t, 200))
	if took := time.Since(start); took > time.Second {
		t.Errorf("200 origins took %v", took)
	}
}

// BenchmarkSlowServer is the time of 200 origins with default settings; 200 ms is
// the least that 64 at once can take.
func BenchmarkSlowServer(b *testing.B) {
	url := startServer(b, 50*time.Millisecond) + "/users"
	origins := writeOrigins(b, 200)
	for b.Loop() {
		checkSlowServer(b, url, origins)
	}
}

func checkSlowServer(t testing.TB, url, origins string) {
	t.Helper()
	var out, errs bytes.Buffer
	if code := Main([]string{url, "--origins", origins, "-f", "jsonl"}, strings.NewReader(""), &out, &errs); code != ExitBlocked {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	if got := verdicts(t, &out, true); got != 200 {
		t.Fatalf("%d checks", got)
	}
}

// TestMemoryOfAMillion runs a million origins in a process of its own and looks
// at the most memory that it had. It takes minutes, so it is asked for:
//
//	CORSCHECK_MILLION=1 go test ./cmd -run MemoryOfAMillion -timeout 30m -v
//
// Without, it does the same with 20,000, which already fill every buffer.
func TestMemoryOfAMillion(t *testing.T) {
	n := 20_000
	if os.Getenv("CORSCHECK_MILLION") != "" {
		n = 1_000_000
	}
	const limit = 64 << 10 // KiB
	url := startServer(t, time.Nanosecond) + "/users"
	origins := writeOrigins(t, n)
	for _, from := range []string{"file", "stdin"} {
		t.Run(from, func(t *testing.T) {
			program, err := exec.LookPath("corscheck")
			if err != nil {
				t.Fatal(err)
			}
			out, err := os.Create(filepath.Join(t.TempDir(), "report.jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			defer out.Close()
			c := exec.Command(program, url, "--origins", origins, "--no-diagnose", "-f", "jsonl", "-q")
			if from == "stdin" {
				c.Args[3] = "-"
				if c.Stdin, err = os.Open(origins); err != nil {
					t.Fatal(err)
				}
			}
			c.Stdout = out
			start := time.Now()
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			peak := peakMemory(t, c.Process.Pid)
			_ = c.Wait()
			took := time.Since(start)
			if code := c.ProcessState.ExitCode(); code != ExitBlocked {
				t.Fatalf("exit code %d", code)
			}
			t.Logf("%d origins in %v (%.0f/s), peak %.1f MiB", n, took.Round(time.Millisecond), float64(n)/took.Seconds(), float64(peak)/1024)
			if peak > limit && !underRace {
				t.Errorf("peak of %d KiB, want less than %d", peak, limit)
			}
			if _, err := out.Seek(0, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			if got := verdicts(t, out, from == "file"); got != n {
				t.Errorf("%d checks, want %d", got, n)
			}
		})
	}
}

// peakMemory waits for a process to end and returns the most memory it had, in
// KiB. What getrusage says of a child includes what its parent had before exec.
func peakMemory(t *testing.T, pid int) int {
	t.Helper()
	peak := 0
	for ; ; time.Sleep(10 * time.Millisecond) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil && peak == 0 {
			t.Skipf("this system does not say how much memory a process has: %v", err)
		}
		_, line, found := strings.Cut(string(text), "VmHWM:")
		if err != nil || !found { // a zombie has no memory
			return peak
		}
		kib, err := strconv.Atoi(strings.Fields(line)[0])
		if err != nil {
			t.Fatal(err)
		}
		peak = max(peak, kib)
	}
}
