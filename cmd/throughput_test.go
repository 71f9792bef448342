package cmd

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// serverVariable makes the test binary a server in a process of its own, so
// that its work is not counted as the client's.
const serverVariable = "CORSCHECK_TEST_SERVER"

// serveAlone answers as a sound server does that allows every second origin,
// after the delay that the variable names, until stdin ends.
func serveAlone(delay string) {
	wait, err := time.ParseDuration(delay)
	if err != nil {
		panic(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	fmt.Println("http://" + l.Addr().String())
	panic(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wait > 0 {
			time.Sleep(wait)
		}
		if origin := r.Header.Get("Origin"); allowedByServer(origin) {
			w.Header().Set("Access-Control-Allow-Origin", origin)
		}
		w.Header().Set("Vary", "Origin")
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"ok":true}`)
	})))
}

// allowedByServer is the server's rule: origins whose last digit is even.
func allowedByServer(origin string) bool {
	name := strings.TrimSuffix(origin, ".example")
	return name != origin && name[len(name)-1]%2 == 0
}

// startServer starts the server in a process of its own and returns its URL.
func startServer(tb testing.TB, delay time.Duration) string {
	tb.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), serverVariable+"="+delay.String())
	stdin, err := c.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		stdin.Close()
		_ = c.Wait()
	})
	url, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		tb.Fatal(err)
	}
	return strings.TrimSpace(url)
}

// writeOrigins writes a file of n origins.
func writeOrigins(tb testing.TB, n int) string {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), "origins.txt")
	f, err := os.Create(file)
	if err != nil {
		tb.Fatal(err)
	}
	w := bufio.NewWriter(f)
	for i := 1; i <= n; i++ {
		fmt.Fprintf(w, "https://o%d.example\n", i)
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
	return file
}

// BenchmarkThroughput holds a run of 20,000 origins against a bare net/http
// client that sends the same requests, with the same parallelism, alternately in
// one process; the server has a process of its own.
//
//	go test ./cmd -run '^$' -bench Throughput -benchtime 5x -cpuprofile cpu.prof
func BenchmarkThroughput(b *testing.B) {
	const n, parallel = 20_000, 64
	url := startServer(b, 0) + "/users"
	origins := writeOrigins(b, n)
	out, err := os.Create(filepath.Join(b.TempDir(), "report.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	var bare, ours []measure
	for b.Loop() {
		bare = append(bare, measured(func() { bareClient(b, url, origins, parallel) }))
		ours = append(ours, measured(func() {
			_, _ = out.Seek(0, io.SeekStart)
			args := []string{url, "--origins", origins, "--no-diagnose", "-f", "jsonl", "-q", "--concurrency", fmt.Sprint(parallel)}
			if code := Main(args, strings.NewReader(""), out, io.Discard); code != ExitBlocked {
				b.Fatalf("exit code %d", code)
			}
		}))
	}
	bareWall, bareCPU := median(bare)
	ourWall, ourCPU := median(ours)
	b.ReportMetric(n/bareWall.Seconds(), "bare/s")
	b.ReportMetric(n/ourWall.Seconds(), "corscheck/s")
	b.ReportMetric(bareWall.Seconds()/ourWall.Seconds(), "ratio")
	b.ReportMetric(bareCPU.Seconds()/ourCPU.Seconds(), "cpu-ratio")
	b.ReportMetric(float64(bareCPU.Microseconds())/n, "bare-cpu-µs/check")
	b.ReportMetric(float64(ourCPU.Microseconds())/n, "corscheck-cpu-µs/check")
}

type measure struct{ wall, cpu time.Duration }

func measured(f func()) measure {
	start, cpu := time.Now(), cpuTime()
	f()
	return measure{time.Since(start), cpuTime() - cpu}
}

func median(all []measure) (wall, cpu time.Duration) {
	var walls, cpus []time.Duration
	for _, m := range all {
		walls, cpus = append(walls, m.wall), append(cpus, m.cpu)
	}
	slices.Sort(walls)
	slices.Sort(cpus)
	return walls[len(walls)/2], cpus[len(cpus)/2]
}

// cpuTime is the time that this process has computed so far.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// bareClient sends what corscheck sends to a server whose answer needs no
// preflight, and reads the answers.
func bareClient(b *testing.B, url, origins string, parallel int) {
	client := &http.Client{Transport: &http.Transport{
		MaxIdleConnsPerHost: parallel, MaxConnsPerHost: parallel, DisableCompression: true,
	}}
	defer client.CloseIdleConnections()
	list := make(chan string, parallel)
	var running sync.WaitGroup
	for range parallel {
		running.Go(func() {
			for origin := range list {
				if err := bareRequest(client, url, origin); err != nil {
					b.Error(err)
				}
			}
		})
	}
	f, err := os.Open(origins)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		list <- lines.Text()
	}
	close(list)
	running.Wait()
}

func bareRequest(client *http.Client, url, origin string) error {
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	r.Header = http.Header{
		"Sec-Ch-Ua-Platform": {`"Linux"`},
		"User-Agent":         {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"},
		"Sec-Ch-Ua":          {`"Not:A-Brand";v="8", "Chromium";v="156"`},
		"Sec-Ch-Ua-Mobile":   {"?0"},
		"Accept":             {"*/*"},
		"Origin":             {origin},
		"Sec-Fetch-Site":     {"cross-site"},
		"Sec-Fetch-Mode":     {"cors"},
		"Sec-Fetch-Dest":     {"empty"},
		"Referer":            {origin + "/"},
		"Accept-Encoding":    {"gzip, deflate, br, zstd"},
		"Accept-Language":    {"en-US,en;q=0.9"},
	}
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}
