package wire

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

// target splits a test server's URL and adds a path.
func target(server, path string) *fetch.URL {
	scheme, rest, _ := strings.Cut(server, "://")
	i := strings.LastIndexByte(rest, ':')
	return &fetch.URL{Scheme: scheme, Host: rest[:i], Port: rest[i+1:], Path: path}
}

func get(server, path string) *fetch.Message {
	return &fetch.Message{Kind: fetch.Actual, Method: "GET", URL: target(server, path)}
}

func newClient(t *testing.T, o Options) *Client {
	t.Helper()
	if o.Proxy == "" {
		o.Proxy = "none"
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func send(t *testing.T, c *Client, m *fetch.Message) Exchange {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	x := c.Send(ctx, m)
	if (x.Response == nil) == (x.Failure == nil) {
		t.Fatalf("exactly one of response and failure is due: %+v", x)
	}
	return x
}

func mustSend(t *testing.T, c *Client, m *fetch.Message) Exchange {
	t.Helper()
	x := send(t, c, m)
	if x.Failure != nil {
		t.Fatalf("%s %s: %v (%s)", m.Method, m.URL, x.Failure, x.Failure.Code)
	}
	return x
}

func TestSendHTTP(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Method", r.Method)
		w.Header().Add("X-Two", "1")
		w.Header().Add("X-Two", "2")
		w.WriteHeader(201)
		io.WriteString(w, "hello "+string(body))
	}))
	defer server.Close()
	c := newClient(t, Options{})
	m := get(server.URL, "/a")
	m.Method, m.Body = "PUT", []byte("world")
	for i := range 3 {
		x := mustSend(t, c, m)
		if x.Response.Status != 201 || string(x.Response.Body) != "hello world" || x.Facts.Proto != "HTTP/1.1" {
			t.Errorf("got %d %q %s", x.Response.Status, x.Response.Body, x.Facts.Proto)
		}
		if x.Facts.Reused != (i > 0) {
			t.Errorf("message %d: reused = %v", i, x.Facts.Reused)
		}
		if got := lines(x.Response, "x-two"); got != "1|2" {
			t.Errorf("X-Two: %s", got)
		}
	}
}

func TestSendHTTP2(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		for name, values := range r.Header {
			w.Header()["Got-"+name] = values
		}
		w.Header()["X-Two"] = []string{"1", "2"}
		io.WriteString(w, r.Proto+" "+r.URL.String()+" "+string(body))
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	roots := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	c := newClient(t, Options{RootCAs: roots})
	m := get(server.URL, "/a%2f;b?x=|")
	m.Method, m.Body = "PUT", []byte("world")
	m.Headers = []fetch.Header{{Name: "X-Foo", Value: "1"}}
	for i := range 3 {
		x := mustSend(t, c, m)
		if got := string(x.Response.Body); got != "HTTP/2.0 /a%2f;b?x=| world" || x.Facts.Proto != "HTTP/2.0" {
			t.Errorf("got %q %s", got, x.Facts.Proto)
		}
		if x.Facts.Reused != (i > 0) {
			t.Errorf("message %d: reused = %v", i, x.Facts.Reused)
		}
		if got := lines(x.Response, "x-two"); got != "1|2" {
			t.Errorf("X-Two: %s", got)
		}
		if x.Facts.TLS == nil || x.Facts.TLS.Version != "TLS 1.3" || !x.Facts.TLS.Verified {
			t.Errorf("TLS: %+v", x.Facts.TLS)
		}
		for _, h := range x.Response.Headers {
			if strings.HasPrefix(h.Name, "got-") && h.Name != "got-x-foo" && h.Name != "got-content-length" {
				t.Errorf("sent what the message does not have: %s: %s", h.Name, h.Value)
			}
		}
	}
}

// lines are the values of a name, joined.
func lines(r *fetch.Response, name string) string {
	var values []string
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, name) {
			values = append(values, h.Value)
		}
	}
	return strings.Join(values, "|")
}
