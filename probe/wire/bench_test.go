package wire

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

// benchHeaders are as many lines as a browser sends.
var benchHeaders = []fetch.Header{
	{Name: "sec-ch-ua-platform", Value: `"Linux"`},
	{Name: "User-Agent", Value: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"},
	{Name: "sec-ch-ua", Value: `"Not:A-Brand";v="8", "Chromium";v="156"`},
	{Name: "sec-ch-ua-mobile", Value: "?0"},
	{Name: "Accept", Value: "*/*"},
	{Name: "Origin", Value: "https://app.example.com"},
	{Name: "Sec-Fetch-Site", Value: "cross-site"},
	{Name: "Sec-Fetch-Mode", Value: "cors"},
	{Name: "Sec-Fetch-Dest", Value: "empty"},
	{Name: "Referer", Value: "https://app.example.com/"},
	{Name: "Accept-Encoding", Value: "gzip, deflate, br, zstd"},
	{Name: "Accept-Language", Value: "en-US,en;q=0.9"},
}

const benchAnswer = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: https://app.example.com\r\nVary: Origin\r\n" +
	"Content-Type: application/json\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\nContent-Length: 11\r\n\r\n{\"ok\":true}"

// BenchmarkSend sends as BenchmarkNetHTTP does: the same requests, to the same
// servers, with the same parallelism.
func BenchmarkSend(b *testing.B) {
	forServers(b, func(b *testing.B, url string) {
		c, err := New(Options{Insecure: true, Proxy: "none"})
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		m := &fetch.Message{Method: "GET", URL: target(url, "/"), Headers: benchHeaders}
		parallel(b, func() string {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			if x := c.Send(ctx, m); x.Failure != nil {
				return x.Failure.Error()
			}
			return ""
		})
	})
}

// BenchmarkNetHTTP is a bare net/http client, to compare with.
func BenchmarkNetHTTP(b *testing.B) {
	forServers(b, func(b *testing.B, url string) {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.Proxy, transport.DisableCompression = nil, true
		transport.TLSClientConfig = insecureConfig()
		transport.MaxConnsPerHost, transport.MaxIdleConnsPerHost = defaultMaxConnsPerHost, defaultMaxConnsPerHost
		defer transport.CloseIdleConnections()
		client := &http.Client{Transport: transport}
		parallel(b, func() string {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			req, _ := http.NewRequestWithContext(ctx, "GET", url+"/", nil)
			for _, h := range benchHeaders {
				req.Header.Add(h.Name, h.Value)
			}
			res, err := client.Do(req)
			if err != nil {
				return err.Error()
			}
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
			return ""
		})
	})
}

func forServers(b *testing.B, run func(*testing.B, string)) {
	b.Run("http1", func(b *testing.B) { run(b, fastServer(b)) })
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "https://app.example.com")
		io.WriteString(w, `{"ok":true}`)
	})
	b.Run("http1-go", func(b *testing.B) {
		server := httptest.NewServer(handler)
		defer server.Close()
		run(b, server.URL)
	})
	b.Run("http2-go", func(b *testing.B) {
		server := httptest.NewUnstartedServer(handler)
		server.EnableHTTP2 = true
		server.StartTLS()
		defer server.Close()
		run(b, server.URL)
	})
}

// fastServer costs next to nothing, so that the clients are what is measured.
func fastServer(b *testing.B) string {
	answer := []byte(benchAnswer)
	return rawServer(b, func(conn net.Conn, r *bufio.Reader) {
		for {
			line, err := r.ReadSlice('\n')
			if err != nil {
				return
			}
			if len(line) == 2 {
				conn.Write(answer)
			}
		}
	})
}

func parallel(b *testing.B, send func() string) {
	b.ReportAllocs()
	b.SetParallelism(32) // 64 on two processors
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if s := send(); s != "" {
				b.Error(s)
				return
			}
		}
	})
}

// TestMemory sends many messages and holds that none of them leaves anything
// behind.
func TestMemory(t *testing.T) {
	url := rawServer(t, func(conn net.Conn, r *bufio.Reader) {
		for readRequest(r) != nil {
			io.WriteString(conn, benchAnswer)
		}
	})
	c := newClient(t, Options{})
	m := &fetch.Message{Method: "GET", URL: target(url, "/"), Headers: benchHeaders}
	run := func(n int) uint64 {
		var wait sync.WaitGroup
		for range 16 {
			wait.Go(func() {
				for range n / 16 {
					ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
					if x := c.Send(ctx, m); x.Failure != nil {
						t.Error(x.Failure)
					}
					cancel()
				}
			})
		}
		wait.Wait()
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	before := run(1600)
	after := run(8000)
	if after > before+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
	if n := runtime.NumGoroutine(); n > 200 {
		t.Errorf("%d goroutines", n)
	}
}
