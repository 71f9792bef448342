package cmd

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// A scriptServer answers as a file of stanzas says. Stanzas are separated by
// empty lines; the first that fits a request answers it, 404 where none does.
//
//	route GET,OPTIONS /users       methods or *, a path or *
//	when Origin https://a.example  only with this request header; repeatable
//	times 2                        only for the first two requests that fit
//	delay 50ms                     wait before the answer
//	status 204                     default 200
//	header Name: value             {origin} is the request's Origin; repeatable
//	body text
//	hang                           never answer
//	close                          close the connection instead of an answer
type scriptServer struct {
	*httptest.Server
	routes []*scriptRoute

	mu  sync.Mutex
	log []string
}

type scriptRoute struct {
	methods []string
	path    string
	when    map[string]string
	times   int // how many more answers; -1 is no limit
	delay   time.Duration
	status  int
	headers [][2]string
	body    string

	hang, close bool
}

type serversKey struct{}

func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: serve NAME FILE")
	}
	routes, err := parseRoutes(ts.ReadFile(args[1]))
	ts.Check(err)
	s := &scriptServer{routes: routes}
	s.Server = httptest.NewServer(s)
	ts.Defer(func() {
		s.CloseClientConnections()
		s.Close()
	})
	ts.Value(serversKey{}).(map[string]*scriptServer)[args[0]] = s
	ts.Setenv(args[0], s.URL)
	ts.Setenv(args[0]+"_PORT", s.URL[strings.LastIndexByte(s.URL, ':')+1:])
}

func requests(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: requests NAME FILE")
	}
	s := serverOf(ts, args[0])
	s.mu.Lock()
	defer s.mu.Unlock()
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.Join(s.log, "")), 0o600))
}

func serverOf(ts *testscript.TestScript, name string) *scriptServer {
	s := ts.Value(serversKey{}).(map[string]*scriptServer)[name]
	if s == nil {
		ts.Fatalf("no server %s was started", name)
	}
	return s
}

// count is the number of requests so far.
func (s *scriptServer) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.log)
}

// await waits until the server got n requests.
func (s *scriptServer) await(n int, limit time.Duration) bool {
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if s.count() >= n {
			return true
		}
	}
	return false
}

// ServeHTTP implements http.Handler.
func (s *scriptServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route := s.pick(r)
	switch {
	case route == nil:
		http.NotFound(w, r)
		return
	case route.hang:
		<-r.Context().Done()
		return
	case route.close:
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			conn.Close()
		}
		return
	}
	select {
	case <-time.After(route.delay):
	case <-r.Context().Done():
		return
	}
	for _, h := range route.headers {
		w.Header()[h[0]] = append(w.Header()[h[0]], strings.ReplaceAll(h[1], "{origin}", r.Header.Get("Origin")))
	}
	w.WriteHeader(route.status)
	fmt.Fprint(w, route.body)
}

func (s *scriptServer) pick(r *http.Request) *scriptRoute {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, fmt.Sprintf("%s %s origin=%s\n", r.Method, r.URL.RequestURI(), r.Header.Get("Origin")))
	for _, route := range s.routes {
		if route.fits(r) && route.times != 0 {
			route.times--
			return route
		}
	}
	return nil
}

func (route *scriptRoute) fits(r *http.Request) bool {
	if route.path != "*" && route.path != r.URL.Path || route.methods[0] != "*" && !slices.Contains(route.methods, r.Method) {
		return false
	}
	for name, value := range route.when {
		if r.Header.Get(name) != value {
			return false
		}
	}
	return true
}

func parseRoutes(text string) ([]*scriptRoute, error) {
	var routes []*scriptRoute
	for line := range strings.Lines(text) {
		word, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		if word == "" || strings.HasPrefix(word, "#") {
			continue
		}
		if word == "route" {
			methods, path, _ := strings.Cut(rest, " ")
			routes = append(routes, &scriptRoute{
				methods: strings.Split(methods, ","), path: path, when: map[string]string{}, times: -1, status: 200,
			})
			continue
		}
		if len(routes) == 0 {
			return nil, fmt.Errorf("%q before the first route", line)
		}
		if err := routes[len(routes)-1].set(word, rest); err != nil {
			return nil, err
		}
	}
	return routes, nil
}

func (route *scriptRoute) set(word, rest string) (err error) {
	switch word {
	case "when":
		name, value, _ := strings.Cut(rest, " ")
		route.when[name] = value
	case "times":
		route.times, err = strconv.Atoi(rest)
	case "delay":
		route.delay, err = time.ParseDuration(rest)
	case "status":
		route.status, err = strconv.Atoi(rest)
	case "header":
		name, value, _ := strings.Cut(rest, ":")
		route.headers = append(route.headers, [2]string{name, strings.TrimSpace(value)})
	case "body":
		route.body = rest
	case "hang":
		route.hang = true
	case "close":
		route.close = true
	default:
		err = fmt.Errorf("unknown word %q", word)
	}
	return err
}
