package scenario

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

// Servers answer scenarios on loopback, one listener a place, byte for byte as
// written, and log what arrives. Several scenarios may run at once: each has a
// prefix of its own before its paths.
type Servers struct {
	Places Places

	listeners []net.Listener
	wait      sync.WaitGroup

	mu       sync.Mutex
	next     int
	running  map[string]*run
	handlers map[string]Handler
	open     map[net.Conn]bool
	visits   map[string]Headers // cookies that the next visit to a place gets
	closed   bool
}

// A Handler answers the requests of the harness itself, which are no part of a
// scenario: the page and its errands.
type Handler func(body []byte) (contentType string, answer []byte)

type run struct {
	scenario *Scenario
	origin   string
	wire     []Wire
	lines    []Headers
}

// Serve starts a server for each of the names; none is same, other and third.
func Serve(names ...string) (*Servers, error) {
	if len(names) == 0 {
		names = []string{"same", "other", "third"}
	}
	cert, err := certificate()
	if err != nil {
		return nil, err
	}
	s := &Servers{
		Places: Places{}, running: map[string]*run{}, handlers: map[string]Handler{},
		open: map[net.Conn]bool{}, visits: map[string]Headers{},
	}
	for _, name := range names {
		if err := s.place(hostOf(name), cert); err != nil {
			s.Close()
			return nil, err
		}
	}
	return s, nil
}

// place opens the listeners of a place.
func (s *Servers) place(h host, cert tls.Certificate) error {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("cannot serve scenarios on loopback: %w", err)
	}
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	s.Places[h.name] = h.scheme + "://" + net.JoinHostPort(h.host, port)
	listeners := []net.Listener{l}
	// The same port on ::1, where the machine has it, so that localhost and
	// [::1] lead to the same place.
	if six, err := net.Listen("tcp6", net.JoinHostPort("::1", port)); err == nil {
		listeners = append(listeners, six)
	}
	for _, l := range listeners {
		switch {
		case h.scheme == "https":
			l = tls.NewListener(l, h.tlsConfig(cert))
		case h.upgradable:
			l = eitherListener{l, h.tlsConfig(cert)}
		}
		s.listen(h, l)
	}
	return nil
}

func (s *Servers) listen(h host, l net.Listener) {
	serve := s.serve
	if h.http2 {
		serve = s.serveHTTP2
	}
	s.listeners = append(s.listeners, l)
	s.wait.Add(1)
	go func() {
		defer s.wait.Done()
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if !s.track(conn, true) {
				conn.Close()
				return
			}
			s.wait.Add(1)
			go func() {
				defer s.wait.Done()
				serve(h.name, conn)
				s.track(conn, false)
			}()
		}
	}()
}

func (s *Servers) track(conn net.Conn, on bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if on {
		s.open[conn] = true
	} else {
		delete(s.open, conn)
	}
	return !s.closed
}

// Close stops the servers and every connection.
func (s *Servers) Close() {
	s.mu.Lock()
	s.closed = true
	for _, l := range s.listeners {
		l.Close()
	}
	for conn := range s.open {
		conn.Close()
	}
	s.mu.Unlock()
	s.wait.Wait()
}

// Handle answers requests to a path outside every scenario, at any place.
func (s *Servers) Handle(path string, h Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[path] = h
}

// Load makes a scenario answer, and returns the prefix of its paths.
func (s *Servers) Load(sc *Scenario) (prefix string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	prefix = "/~" + strconv.Itoa(s.next) + "~"
	s.running[prefix] = &run{scenario: sc, origin: sc.PageOrigin(s.Places)}
	return prefix
}

// Unload ends a scenario and returns what reached the servers, in order, and
// the header lines of each message as they were typed on the wire.
func (s *Servers) Unload(prefix string) ([]Wire, []Headers) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.running[prefix]
	delete(s.running, prefix)
	if r == nil {
		return nil, nil
	}
	return r.wire, r.lines
}

type incoming struct {
	method, target string
	lines          Headers
	body           []byte
	http2          bool
}

// A reply is an answer as it is written.
type reply struct {
	status int
	lines  Headers
	body   []byte
	// own says that it belongs to the harness, not to a scenario.
	own bool
}

// serve answers one connection. A scenario's answer closes it; the harness's
// own requests may follow each other.
func (s *Servers) serve(place string, conn net.Conn) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	for {
		conn.SetDeadline(time.Now().Add(time.Minute))
		in, err := read(r)
		if err != nil {
			return
		}
		conn.SetDeadline(time.Time{})
		m := s.respond(place, in)
		conn.SetDeadline(time.Now().Add(time.Minute))
		if _, err := conn.Write(m.render()); err != nil || !m.own {
			return
		}
	}
}

// respond finds the answer to a request: the harness's own, or the scenario's.
func (s *Servers) respond(place string, in *incoming) *reply {
	prefix := prefixes.FindString(in.target)
	if prefix == "" {
		if m := s.errand(place, in); m != nil {
			return m
		}
	}
	return s.answer(place, prefix, in)
}

// errand answers requests of the harness itself; nil where it is none.
func (s *Servers) errand(place string, in *incoming) *reply {
	path := in.target
	var lines Headers
	s.mu.Lock()
	if path == VisitPath {
		path, lines = "/", s.visits[place]
		delete(s.visits, place)
	}
	handler := s.handlers[path]
	s.mu.Unlock()
	if handler == nil {
		return nil
	}
	contentType, body := handler(in.body)
	lines = append(lines, [2]string{"Content-Type", contentType}, [2]string{"Cache-Control", "no-store"},
		[2]string{"Content-Length", strconv.Itoa(len(body))})
	return &reply{status: http.StatusOK, lines: lines, body: body, own: true}
}

func (s *Servers) answer(place, prefix string, in *incoming) *reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.running[prefix]
	if r == nil {
		return bare404.reply(&values{}, in.method)
	}
	r.wire = append(r.wire, s.Places.wire(place, in))
	r.lines = append(r.lines, in.lines)
	a := r.scenario.Match(place, in.method, strings.ReplaceAll(in.target, prefix, ""))
	if a == nil {
		a = bare404
	}
	return a.reply(&values{places: s.Places, prefix: prefix, origin: r.origin, lines: in.lines}, in.method)
}

// wire is a message as it is recorded. Names are canonical, and Pragma implies
// Cache-Control as RFC 7234, section 5.4, has it: the recorded set was made so.
func (p Places) wire(place string, in *incoming) Wire {
	w := Wire{Host: place, Method: in.method, Path: p.Redact(in.target), Origin: "-", Sent: map[string]string{}}
	for _, line := range in.lines {
		name, value := textproto.CanonicalMIMEHeaderKey(line[0]), p.Redact(Latin1(line[1]))
		switch name {
		case "Connection":
			continue
		case "Host":
			// Another name for the same place is worth seeing; its own is not.
			if line[1] != p.Host(place) {
				w.Host = value
			}
			continue
		}
		if name != "Content-Length" && !(name == "Cookie" && slices.Contains(w.Order, line[0])) {
			w.Order = append(w.Order, line[0])
		}
		if old, ok := w.Sent[name]; ok {
			value = old + separator(name) + value
		}
		w.Sent[name] = value
	}
	if origin, ok := w.Sent["Origin"]; ok {
		w.Origin = origin
	}
	w.ACRM, w.ACRH = w.Sent["Access-Control-Request-Method"], w.Sent["Access-Control-Request-Headers"]
	if _, ok := w.Sent["Cache-Control"]; !ok && w.Sent["Pragma"] == "no-cache" {
		w.Sent["Cache-Control"] = "no-cache"
	}
	return w
}

// separator stands between lines of one name; HTTP/2 may split Cookie in several.
func separator(name string) string {
	if name == "Cookie" {
		return "; "
	}
	return ", "
}

// written are the header lines of an answer in the order of the wire:
// Content-Length follows where there is a body, then Connection: close.
func (a *Answer) written(v *values, method string) Headers {
	var out Headers
	for _, line := range a.Headers {
		if value, ok := v.expand(line[0], line[1]); ok {
			out = append(out, [2]string{line[0], value})
		}
	}
	if a.hasBody(method) {
		out = append(out, a.framing())
	}
	return append(out, [2]string{"Connection", "close"})
}

// framing is the line that says where the body ends.
func (a *Answer) framing() [2]string {
	switch n := len(a.Payload()); a.Ends {
	case "open", "bad":
		return [2]string{"Transfer-Encoding", "chunked"}
	case "short":
		return [2]string{"Content-Length", strconv.Itoa(n + 100)}
	default:
		return [2]string{"Content-Length", strconv.Itoa(n)}
	}
}

// bodyEnd is what a client makes of it: after an empty chunk nothing is missing.
func (a *Answer) bodyEnd() fetch.BodyEnd {
	switch {
	case a.Ends == "short":
		return fetch.EndsShort
	case a.Payload() == "":
		return ""
	case a.Ends == "open":
		return fetch.EndsOpen
	case a.Ends == "bad":
		return fetch.EndsMalformed
	}
	return ""
}

// framed is the body as it stands on the wire.
func (a *Answer) framed() []byte {
	body := a.Payload()
	switch a.Ends {
	case "open":
		body = fmt.Sprintf("%x\r\n%s\r\n", len(body), body)
	case "bad":
		body = fmt.Sprintf("%x\r\n%s\r\nno size\r\n", len(body), body)
	}
	return []byte(body)
}

// bare404 answers where no entry matches.
var bare404 = &Answer{Status: http.StatusNotFound}

func (a *Answer) reply(v *values, method string) *reply {
	m := &reply{status: a.Status, lines: a.written(v, method)}
	if a.hasBody(method) {
		m.body = a.framed()
	}
	return m
}

// render writes an answer byte for byte; nothing is added.
func (m *reply) render() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", m.status, http.StatusText(m.status))
	for _, line := range m.lines {
		b.WriteString(line[0] + ": " + line[1] + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(m.body)
	return []byte(b.String())
}

func (a *Answer) hasBody(method string) bool {
	return a.Status != http.StatusNoContent && a.Status != http.StatusNotModified && !strings.EqualFold(method, http.MethodHead)
}

// read reads one request without interpreting more than it must: the lines
// keep their order, case and bytes.
func read(r *bufio.Reader) (*incoming, error) {
	first, err := line(r)
	if err != nil {
		return nil, err
	}
	parts := strings.Split(first, " ")
	if len(parts) != 3 {
		return nil, fmt.Errorf("not a request line: %q", first)
	}
	in := &incoming{method: parts[0], target: parts[1]}
	for {
		l, err := line(r)
		if err != nil {
			return nil, err
		}
		if l == "" {
			break
		}
		name, value, ok := strings.Cut(l, ":")
		if !ok {
			return nil, fmt.Errorf("not a header line: %q", l)
		}
		in.lines = append(in.lines, [2]string{name, strings.Trim(value, " \t")})
	}
	if length, ok := in.lines.get("Content-Length"); ok {
		n, err := strconv.Atoi(length)
		if err != nil || n < 0 || n > 64<<20 {
			return nil, fmt.Errorf("Content-Length %q", length)
		}
		in.body = make([]byte, n)
		if _, err := io.ReadFull(r, in.body); err != nil {
			return nil, err
		}
	}
	return in, nil
}

var errLong = errors.New("a line of the request is too long")

func line(r *bufio.Reader) (string, error) {
	s, err := r.ReadString('\n')
	if err != nil {
		return "", err
	}
	if len(s) > 1<<20 {
		return "", errLong
	}
	return strings.TrimSuffix(strings.TrimSuffix(s, "\n"), "\r"), nil
}
