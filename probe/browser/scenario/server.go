package scenario

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"time"
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
	s := &Servers{Places: Places{}, running: map[string]*run{}, handlers: map[string]Handler{}, open: map[net.Conn]bool{}}
	for _, name := range names {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			s.Close()
			return nil, fmt.Errorf("cannot serve scenarios on loopback: %w", err)
		}
		s.listen(name, l)
		s.Places[name] = "http://" + l.Addr().String()
		// The same port on ::1, where the machine has it, so that localhost and
		// [::1] lead to the same place.
		port := l.Addr().(*net.TCPAddr).Port
		if six, err := net.Listen("tcp6", net.JoinHostPort("::1", strconv.Itoa(port))); err == nil {
			s.listen(name, six)
		}
	}
	return s, nil
}

func (s *Servers) listen(name string, l net.Listener) {
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
				s.serve(name, conn)
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
		prefix := prefixes.FindString(in.target)
		s.mu.Lock()
		handler := s.handlers[in.target]
		s.mu.Unlock()
		if prefix == "" && handler != nil {
			conn.SetDeadline(time.Time{})
			if _, err := conn.Write(own(handler(in.body))); err != nil {
				return
			}
			continue
		}
		conn.Write(s.answer(place, prefix, in))
		return
	}
}

func own(contentType string, body []byte) []byte {
	head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nCache-Control: no-store\r\nContent-Length: %d\r\n\r\n", contentType, len(body))
	return append([]byte(head), body...)
}

func (s *Servers) answer(place, prefix string, in *incoming) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.running[prefix]
	if r == nil {
		return render(bare404, &values{}, in.method)
	}
	r.wire = append(r.wire, s.Places.wire(place, in))
	r.lines = append(r.lines, in.lines)
	a := r.scenario.Match(place, in.method, strings.ReplaceAll(in.target, prefix, ""))
	if a == nil {
		a = bare404
	}
	v := &values{places: s.Places, prefix: prefix, origin: r.origin, lines: in.lines}
	return render(a, v, in.method)
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
		if old, ok := w.Sent[name]; ok {
			value = old + ", " + value
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
		out = append(out, [2]string{"Content-Length", strconv.Itoa(len(a.Payload()))})
	}
	return append(out, [2]string{"Connection", "close"})
}

// bare404 answers where no entry matches.
var bare404 = &Answer{Status: http.StatusNotFound}

// render writes an answer byte for byte; nothing is added to what written says.
func render(a *Answer, v *values, method string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", a.Status, http.StatusText(a.Status))
	for _, line := range a.written(v, method) {
		b.WriteString(line[0] + ": " + line[1] + "\r\n")
	}
	b.WriteString("\r\n")
	if a.hasBody(method) {
		b.WriteString(a.Payload())
	}
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
