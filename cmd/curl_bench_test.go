package cmd

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkBesideCurl times whole processes in turns, so that both see the same
// machine: a check of one URL beside the two curl calls that make its two
// requests, and the start of each program.
//
//	go test ./cmd -run '^$' -bench BesideCurl
func BenchmarkBesideCurl(b *testing.B) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		b.Skip("curl is not installed")
	}
	corscheck := filepath.Join(b.TempDir(), "corscheck")
	if out, err := exec.Command("go", "build", "-o", corscheck, "..").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "https://app.example.com")
		w.Header().Set("Access-Control-Allow-Methods", "PUT")
	}))
	defer server.Close()
	const origin = "Origin: https://app.example.com"
	check := []string{corscheck, server.URL, "-o", "https://app.example.com", "-X", "PUT", "--send-unsafe", "--no-diagnose"}
	for _, pair := range []struct {
		name       string
		ours       []string
		theirs     [][]string
		ourMetric  string
		curlMetric string
	}{
		{"check", check, [][]string{
			{curl, "-s", "-X", "OPTIONS", server.URL, "-H", origin, "-H", "Access-Control-Request-Method: PUT"},
			{curl, "-s", "-X", "PUT", server.URL, "-H", origin},
		}, "ms/corscheck", "ms/two-curls"},
		{"start", []string{corscheck, "--version"}, [][]string{{curl, "--version"}}, "ms/corscheck", "ms/curl"},
	} {
		b.Run(pair.name, func(b *testing.B) {
			var ours, theirs time.Duration
			for b.Loop() {
				ours += timed(b, pair.ours)
				for _, args := range pair.theirs {
					theirs += timed(b, args)
				}
			}
			b.ReportMetric(float64(ours.Microseconds())/1000/float64(b.N), pair.ourMetric)
			b.ReportMetric(float64(theirs.Microseconds())/1000/float64(b.N), pair.curlMetric)
		})
	}
}

func timed(b *testing.B, args []string) time.Duration {
	start := time.Now()
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		b.Fatalf("%q: %v\n%s", args, err, out)
	}
	return time.Since(start)
}
