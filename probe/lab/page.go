package lab

import (
	"embed"
	"net/http"

	"github.com/corscheck/corscheck/probe/fetch"
)

//go:embed page
var pageFiles embed.FS

// pages are the files of the lab's page, by path.
var pages = map[string]struct{ file, kind string }{
	"/":        {"page/index.html", "text/html; charset=utf-8"},
	"/lab.css": {"page/lab.css", "text/css; charset=utf-8"},
	"/lab.js":  {"page/lab.js", "text/javascript; charset=utf-8"},
}

// policy lets the page load nothing but its own files. It says nothing about
// connections: a rule about those would decide where CORS is to.
const policy = "script-src 'self'; style-src 'self'; img-src data:; font-src 'none'; object-src 'none'; media-src 'none'; " +
	"frame-src 'none'; worker-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// servePage answers a request for the lab's own page; false where the path is
// not one of its files.
func (s *Server) servePage(w http.ResponseWriter, path string) bool {
	page, ok := pages[path]
	if !ok {
		return false
	}
	text, err := pageFiles.ReadFile(page.file)
	if err != nil {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", page.kind)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(text) // a failed write is a client that has gone
	return true
}

// An Exchange is one message that a browser sends and its answer, as the page
// folds it out.
type Exchange struct {
	Kind            fetch.Kind  `json:"kind"`
	Method          string      `json:"method"`
	URL             string      `json:"url"`
	Headers         [][2]string `json:"headers"`
	Status          int         `json:"status,omitempty"`
	ResponseHeaders [][2]string `json:"responseHeaders,omitempty"`
	Error           string      `json:"error,omitempty"`
	Steps           []Step      `json:"steps,omitempty"`
}

// Step is one rule that an answer was put through.
type Step struct {
	Name   string `json:"name"`
	Passed bool   `json:"passed"`
	Detail string `json:"detail"`
}

// shownExchanges bounds what of a long chain of redirects the page shows.
const shownExchanges = 6

// exchangesOf are the messages of a prediction.
func exchangesOf(r *fetch.Result) []Exchange {
	var out []Exchange
	for i := range r.Exchanges {
		if len(r.Exchanges) > shownExchanges && i >= shownExchanges/2 && i < len(r.Exchanges)-shownExchanges/2 {
			continue
		}
		x := &r.Exchanges[i]
		e := Exchange{Kind: x.Message.Kind, Method: x.Message.Method, URL: x.Message.URL.String(), Headers: linesOf(x.Message.Headers)}
		if x.Response != nil {
			e.Status, e.ResponseHeaders = x.Response.Status, linesOf(x.Response.Headers)
		}
		if x.Failure != nil {
			e.Error = x.Failure.Detail
		}
		for j := range x.Steps {
			s := &x.Steps[j]
			e.Steps = append(e.Steps, Step{Name: s.Name(), Passed: s.Passed, Detail: s.Detail()})
		}
		out = append(out, e)
	}
	return out
}

func linesOf(headers []fetch.Header) [][2]string {
	out := make([][2]string, len(headers))
	for i, h := range headers {
		out[i] = [2]string{h.Name, h.Value}
	}
	return out
}
