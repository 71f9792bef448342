package cmd

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/corscheck/corscheck/report"
)

var update = flag.Bool("update", false, "rewrite the transcripts and goldens with what is printed now; then read them")

// TestMain makes corscheck a program of the scripts.
func TestMain(m *testing.M) {
	if delay := os.Getenv(serverVariable); delay != "" {
		serveAlone(delay)
	}
	testscript.Main(m, map[string]func(){
		"corscheck": func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the transcripts in testdata/script, one file a subject. What
// they have beside the commands of testscript:
//
//	exits CODE program [args...]   exec that demands one exit code
//	serve NAME FILE                start the server that FILE describes (see scriptServer); $NAME is its URL, $NAME_PORT its port
//	requests NAME FILE             write what the server was asked so far, a line each
//	interrupt NAME N prog [args]   exec, Ctrl-C after the server got N more requests; demands exit code 130
//	unused NAME                    $NAME is the URL of a port where nobody listens
//	expand FILE                    replace $NAME and ${NAME} in the file
//	order FILE TO                  write path, origin, method and browser of each line of a jsonl report
//	concat TO FILE...              write the files one after the other
//	origins FILE N                 write N origins, https://o1.example and so on
//	normal FILE                    replace in stdout, stderr or a file what differs from run to run: durations, times, the version
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Values[serversKey{}] = map[string]*scriptServer{}
			// No setting of the machine reaches a script, and no proxy its traffic.
			e.Setenv("NO_PROXY", "*")
			e.Setenv("NO_COLOR", "1")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     exits,
			"serve":     serve,
			"requests":  requests,
			"interrupt": interrupt,
			"unused":    unused,
			"concat":    concat,
			"expand":    expand,
			"order":     order,
			"origins":   origins,
			"normal":    normal,
		},
	})
}

// exits runs a program that must end with one exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE program [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var status *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &status):
		got = status.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// interrupt runs a program and sends it Ctrl-C once a server got N requests.
// Its output is in the files stdout.txt and stderr.txt.
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: interrupt SERVER N program [args...]")
	}
	server := serverOf(ts, args[0])
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	program, err := exec.LookPath(args[2])
	ts.Check(err)
	c := exec.Command(program, args[3:]...)
	c.Dir = ts.MkAbs(".")
	c.Env = append(os.Environ(), "NO_PROXY=*", "NO_COLOR=1")
	var stdout, stderr strings.Builder
	c.Stdout, c.Stderr = &stdout, &stderr
	before := server.count()
	ts.Check(c.Start())
	if !server.await(before+n, 10*time.Second) {
		_ = c.Process.Kill()
		_ = c.Wait()
		ts.Fatalf("the server got fewer than %d requests\n%s", n, stderr.String())
	}
	ts.Check(c.Process.Signal(os.Interrupt))
	_ = c.Wait()
	ts.Check(os.WriteFile(ts.MkAbs("stdout.txt"), []byte(stdout.String()), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("stderr.txt"), []byte(stderr.String()), 0o600))
	ts.Logf("[stdout]\n%s[stderr]\n%s", stdout.String(), stderr.String())
	if code := c.ProcessState.ExitCode(); code != ExitInterrupted {
		ts.Fatalf("exit code %d, want %d", code, ExitInterrupted)
	}
}

// unused takes a port and gives it back.
func unused(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: unused NAME")
	}
	s := httptest.NewServer(nil)
	s.Close()
	ts.Setenv(args[0], s.URL)
}

func origins(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: origins FILE N")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	var b strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "https://o%d.example\n", i)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o600))
}

func expand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: expand FILE")
	}
	text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

func concat(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: concat TO FILE...")
	}
	var b strings.Builder
	for _, file := range args[1:] {
		b.WriteString(ts.ReadFile(file))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o600))
}

func order(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: order FILE TO")
	}
	var b strings.Builder
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		var c report.Check
		ts.Check(json.Unmarshal([]byte(line), &c))
		fmt.Fprintf(&b, "%s %s %s %s\n", path.Base(c.URL), c.Origin, c.Method, c.Browser)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o600))
}

// varying is what no two runs print alike.
var varying = []struct{ pattern, replacement string }{
	{`"durationMs": ?[0-9.e+-]+`, `"durationMs":0`},
	{`"startedAt": ?"[^"]*"`, `"startedAt":"TIME"`},
	{`"version": ?"[^"]*"`, `"version":"VERSION"`},
	{`\b[0-9]+(\.[0-9]+)? ?(µs|ms|s)\b`, `TIME`},
}

// normal replaces what differs from run to run and writes the result to
// FILE, or for stdout and stderr to stdout.txt and stderr.txt.
func normal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: normal stdout|stderr|FILE")
	}
	text, file := ts.ReadFile(args[0]), args[0]
	if file == "stdout" || file == "stderr" {
		file += ".txt"
	}
	for _, v := range varying {
		text = regexp.MustCompile(v.pattern).ReplaceAllString(text, v.replacement)
	}
	ts.Check(os.WriteFile(ts.MkAbs(file), []byte(text), 0o600))
}
