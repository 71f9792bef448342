package lab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// A Server is a running lab.
type Server struct {
	Origins Origins
	servers []*http.Server
	done    sync.WaitGroup
}

// Start serves the lab on three ports of an address: the given one and the next
// two, or three free ones where it is 0.
func Start(address string) (*Server, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("%q is not HOST:PORT", address)
	}
	first, err := strconv.ParseUint(port, 10, 16)
	if err != nil || first > 65533 {
		return nil, fmt.Errorf("the port of %q is not a number from 0 to 65533", address)
	}
	s := &Server{}
	var listeners [3]net.Listener
	for i := range listeners {
		number := "0"
		if first != 0 {
			number = strconv.Itoa(int(first) + i)
		}
		if listeners[i], err = net.Listen("tcp", net.JoinHostPort(host, number)); err != nil {
			for _, l := range listeners[:i] {
				l.Close()
			}
			return nil, err
		}
	}
	origin := func(l net.Listener) string { return "http://" + displayed(host, l.Addr()) }
	s.Origins = Origins{Page: origin(listeners[0]), Other: origin(listeners[1]), Third: origin(listeners[2])}
	for i, l := range listeners {
		server := &http.Server{Handler: s.handler(hostOf(i)), ReadHeaderTimeout: 10 * time.Second}
		s.servers = append(s.servers, server)
		s.done.Go(func() { _ = server.Serve(l) })
	}
	return s, nil
}

// hostOf is the lab's origin of the i-th port: the page comes first.
func hostOf(i int) Host { return [3]Host{Page, Other, Third}[i] }

// displayed is the host and port by which a browser on this machine reaches a
// listener: an address that stands for all is no address to connect to.
func displayed(host string, addr net.Addr) string {
	_, port, _ := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// Close ends the server and every connection to it.
func (s *Server) Close() {
	for _, server := range s.servers {
		server.Close()
	}
	s.done.Wait()
}

// Wait returns when ctx ends, or with the error that ended the server.
func (s *Server) Wait(ctx context.Context) error {
	ended := make(chan struct{})
	go func() { s.done.Wait(); close(ended) }()
	select {
	case <-ctx.Done():
		return nil
	case <-ended:
		return errors.New("the lab's server ended")
	}
}

func (s *Server) handler(host Host) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := asked{host: host, method: r.Method, path: r.URL.Path, query: r.URL.RawQuery, header: r.Header}
		route, reply := find(a, s.Origins)
		switch {
		case reply != nil:
			s.serve(w, r, a, reply)
		case route == nil && host == Page && a.path == "/routes.json":
			s.serveRoutes(w)
		case route == nil && host == Page && s.servePage(w, a.path):
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, a asked, reply *Reply) {
	switch reply.Does {
	case Hang:
		<-r.Context().Done()
		return
	case Reset, Garbage:
		s.misbehave(w, reply.Does)
		return
	}
	header := w.Header()
	header["Date"] = nil // recorded answers stay the same
	for _, h := range reply.lines(a, s.Origins) {
		header[http.CanonicalHeaderKey(h.Name)] = append(header[http.CanonicalHeaderKey(h.Name)], h.Value)
	}
	w.WriteHeader(reply.status())
	if reply.Does == Endless {
		drip(w, r)
		return
	}
	// A failed write is a client that has gone.
	_, _ = w.Write([]byte(reply.Body))
}

// misbehave answers with something that is no answer.
func (s *Server) misbehave(w http.ResponseWriter, deed Deed) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	if deed == Garbage {
		_, _ = conn.Write([]byte("220 mail.example ESMTP ready\r\n"))
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset instead of an orderly end
	}
}

// drip sends a body that does not end before the client does.
func drip(w http.ResponseWriter, r *http.Request) {
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	chunk := make([]byte, 4096)
	for i := range chunk {
		chunk[i] = ' '
	}
	for r.Context().Err() == nil {
		if _, err := w.Write(chunk); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush()
		select {
		case <-ticker.C:
		case <-r.Context().Done():
		}
	}
}

// serveRoutes lists the routes for whoever runs them: the page of the lab.
func (s *Server) serveRoutes(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(map[string]any{"origins": s.Origins, "routes": s.Describe()})
}
