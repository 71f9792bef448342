package scenario

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Scenario is one request that a page makes, and what the servers answer.
//
// Origins are written as placeholders: {same} is the page's place, {other} and
// {third} are foreign; {samehost} is host:port and {sameport} the port alone.
type Scenario struct {
	ID      string   `json:"id"`
	Page    *Page    `json:"page,omitempty"`
	Request Request  `json:"request"`
	Target  Target   `json:"target"`
	Cookies []Cookie `json:"cookies,omitempty"`
	// ThirdParty is "allow" or "block" where the browser was set to treat
	// third-party cookies so; empty is how the recorded builds come: Debian's
	// Chromium blocks them, WebKitGTK allows them, Firefox partitions them.
	ThirdParty string   `json:"thirdParty,omitempty"`
	Server     []Answer `json:"server"`
}

// A Page says where the script runs. Nil is the page at {same}/.
type Page struct {
	// Host is the place that serves the page; empty is "same".
	Host string `json:"host,omitempty"`
	// Sandboxed puts the script into an iframe whose origin is opaque.
	Sandboxed bool `json:"sandboxed,omitempty"`
}

// A Request is what the script passes to fetch(), or what stands for it where
// an element or another API makes the request.
type Request struct {
	Method      string  `json:"method"`
	Headers     Headers `json:"headers"`
	Credentials string  `json:"credentials"`
	Redirect    string  `json:"redirect"`
	Body        *string `json:"body"`
	Mode        string  `json:"mode,omitempty"`      // empty is cors
	Initiator   string  `json:"initiator,omitempty"` // empty is fetch
	// CrossOrigin is the element's crossorigin attribute: "", "anonymous" or
	// "use-credentials". Elements only.
	CrossOrigin string `json:"crossorigin,omitempty"`
}

// A Target is the URL asked for: a path at one of the places, or a URL of any
// form with placeholders.
type Target struct {
	Host string `json:"host"`
	Path string `json:"path"`
	URL  string `json:"url,omitempty"`
}

// A Cookie was stored by a top-level visit to a place before the request.
type Cookie struct {
	Host string `json:"host"`
	Line string `json:"line"` // the value of the Set-Cookie header
}

// An Answer is what a server says to the requests it matches; the first one
// that matches answers. Method "*" is any. A path without a query matches any
// query.
type Answer struct {
	Host    string  `json:"host"`
	Method  string  `json:"method"`
	Path    string  `json:"path"`
	Status  int     `json:"status"`
	Headers Headers `json:"headers"`
	Body    string  `json:"body"`
	// Ends is how the body ends where it does not end well: "short" of its
	// Content-Length, "open" without the last chunk, or with a "bad" one. HTTP/1 only.
	Ends string `json:"ends,omitempty"`
}

// Headers are header lines as bytes. JSON has them isomorphic decoded: one
// code point up to U+00FF a byte, as fetch() takes them.
type Headers [][2]string

// MarshalJSON writes each byte as the code point of the same number.
func (h Headers) MarshalJSON() ([]byte, error) {
	out := make([][2]string, len(h))
	for i, line := range h {
		out[i] = [2]string{Latin1(line[0]), Latin1(line[1])}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes; null is no headers.
func (h *Headers) UnmarshalJSON(b []byte) error {
	var in [][2]string
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	*h = nil
	for _, line := range in {
		var raw [2]string
		for i := range raw {
			v, err := bytesOf(line[i])
			if err != nil {
				return err
			}
			raw[i] = v
		}
		*h = append(*h, raw)
	}
	return nil
}

// Latin1 reads bytes as code points of the same number (isomorphic decode).
func Latin1(s string) string {
	if isASCII(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

func bytesOf(s string) (string, error) {
	if isASCII(s) {
		return s, nil
	}
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xFF {
			return "", fmt.Errorf("header %q has the code point %U, which no byte stands for; write bytes as U+0000 to U+00FF", s, r)
		}
		b = append(b, byte(r))
	}
	return string(b), nil
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// An Outcome is what a browser did with a scenario, with origins put back into
// placeholders.
type Outcome struct {
	Allowed bool     `json:"allowed"`
	Type    string   `json:"type,omitempty"`
	Status  int      `json:"status,omitempty"`
	Headers []string `json:"headers,omitempty"`
	Code    string   `json:"code,omitempty"`
	Param   string   `json:"param,omitempty"`
	Console string   `json:"console,omitempty"`
	Wire    []Wire   `json:"wire"`
}

// A Wire is one request that reached a server.
type Wire struct {
	Host   string            `json:"host"`
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Origin string            `json:"origin"` // "-" is no Origin header
	ACRM   string            `json:"acrm"`
	ACRH   string            `json:"acrh"`
	Sent   map[string]string `json:"sent"`
	// Order are the names of the lines in the order of the wire, as they were
	// spelled there, but for Host, Connection and Content-Length, which belong to
	// the connection. Nil where it was not recorded.
	Order []string `json:"order,omitempty"`
}

// A Record is a scenario with the outcomes of the browsers that ran it, keyed
// by "chrome", "firefox" and "safari".
type Record struct {
	Scenario Scenario           `json:"scenario"`
	Browsers map[string]Outcome `json:"browsers"`
}

// Match returns the answer of the first entry that matches, or nil: a bare 404.
func (s *Scenario) Match(host, method, target string) *Answer {
	path, _, _ := strings.Cut(target, "?")
	for i := range s.Server {
		a := &s.Server[i]
		if a.Host == host && (a.Method == "*" || a.Method == method) && (a.Path == target || a.Path == path) {
			return a
		}
	}
	return nil
}
