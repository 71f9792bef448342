package wire

import (
	"bytes"
	"math"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// A head is the status line and the header lines of an HTTP/1 answer.
type head struct {
	proto   string
	status  int
	headers []fetch.Header
	ignored []string // lines that are no header lines
	cutOff  bool     // the connection ended before the head did
}

// maxHead is how long a head may become: Chromium's kMaxHeaderBufSize.
const maxHead = 256 << 10

const headTooLong = "the header of the answer is longer than the 256 KiB that a browser reads"

// statusLineSlop is how many bytes of junk may stand before a status line.
const statusLineSlop = 4

// statusLineStart finds the "HTTP" of a status line, in any letter case, within
// the first bytes of an answer; -1 where it is not there (yet).
// Chromium: HttpUtil::LocateStartOfStatusLine.
func statusLineStart(b []byte) int {
	for i := 0; i <= statusLineSlop && i+4 <= len(b); i++ {
		if b[i]|0x20 == 'h' && b[i+1]|0x20 == 't' && b[i+2]|0x20 == 't' && b[i+3]|0x20 == 'p' {
			return i
		}
	}
	return -1
}

// headEnd finds the end of a head, which is two line feeds with at most one
// carriage return between them; -1 where it is not there yet. The search starts
// at from, which must not lie behind the last line feed but one.
// Chromium: HttpUtil::LocateEndOfHeaders.
func headEnd(b []byte, from int) int {
	for {
		i := bytes.IndexByte(b[from:], '\n')
		if i < 0 {
			return -1
		}
		from += i + 1
		rest := b[from:]
		if len(rest) > 0 && rest[0] == '\n' {
			return from + 1
		}
		if len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n' {
			return from + 2
		}
	}
}

// parseHead reads a head as Chromium does. b starts with the status line.
// Chromium: HttpUtil::AssembleRawHeaders, HttpResponseHeaders::Parse.
func parseHead(b []byte) (head, *fetch.Failure) {
	if bytes.IndexByte(b, 0) >= 0 {
		return head{}, protocolError("ERR_INVALID_HTTP_RESPONSE", "there is a NUL byte in the answer's header")
	}
	text := string(b) // the only copy: names and values are parts of it
	line, rest := text, ""
	if i := strings.IndexAny(text, "\r\n"); i >= 0 {
		line, rest = text[:i], text[i:]
	}
	var h head
	h.proto, h.status = parseStatusLine(line)
	h.headers, h.ignored = parseLines(rest)
	return h, h.conflict(!h.chunked())
}

// parseStatusLine never fails: what is missing is assumed. The status may be
// any number, of which a script sees the lower 16 bits.
// Chromium: HttpResponseHeaders::ParseStatusLine.
func parseStatusLine(line string) (proto string, status int) {
	proto = "HTTP/1.0"
	if len(line) > 4 && line[4] == '/' {
		major, minor := byte(0), byte(0)
		if dot := strings.IndexByte(line, '.'); dot >= 0 && dot+1 < len(line) {
			major, minor = line[5], line[dot+1]
		}
		switch {
		case !isDigit(major) || !isDigit(minor):
		case major == '2' && minor == '0':
			proto = "HTTP/2.0"
		case major > '1' || major == '1' && minor >= '1':
			proto = "HTTP/1.1"
		}
	}
	_, code, found := strings.Cut(line, " ")
	if !found {
		return proto, 200
	}
	code = strings.TrimLeft(code, " ")
	if code == "" || !isDigit(code[0]) {
		return proto, 200
	}
	n := int64(0)
	for i := 0; i < len(code) && isDigit(code[i]); i++ {
		n = min(n*10+int64(code[i]-'0'), math.MaxInt32)
	}
	return proto, int(n)
}

// parseLines splits what follows the status line into header lines and the
// lines that are none. Any run of carriage returns and line feeds ends a line.
func parseLines(text string) (headers []fetch.Header, ignored []string) {
	headers = make([]fetch.Header, 0, strings.Count(text, "\n"))
	continuable := false // the line before this one can be continued
	raw := ""            // its value, white space at the end included
	for {
		line := ""
		if line, text = nextLine(text); line == "" {
			return headers, ignored
		}
		if continuable && isBlank(line[0]) {
			if n := len(headers); n > 0 { // an obsolete fold becomes one space
				raw += " " + strings.TrimLeft(line, " \t")
				headers[n-1].Value = trimBlank(raw)
			}
			continue
		}
		name, value, colon := strings.Cut(line, ":")
		continuable = colon && name != "" && !isBlank(name[0])
		name = trimBlank(name)
		if !continuable || !isToken(name) {
			continuable = false
			ignored = append(ignored, line)
			continue
		}
		raw = value
		headers = append(headers, fetch.Header{Name: name, Value: trimBlank(value)})
	}
}

func nextLine(text string) (line, rest string) {
	start := 0
	for start < len(text) && (text[start] == '\r' || text[start] == '\n') {
		start++
	}
	text = text[start:]
	end := strings.IndexByte(text, '\n')
	if end < 0 {
		end = len(text)
	}
	if cr := strings.IndexByte(text[:end], '\r'); cr >= 0 {
		end = cr
	}
	return text[:end], text[end:]
}

// conflict finds repeated lines that make Chromium refuse the answer, as they
// may be a response that was smuggled in. Content-Length is of no account where
// the body's end does not depend on it.
// Chromium: HttpStreamParser::ParseResponseHeaders.
func (h *head) conflict(lengthCounts bool) *fetch.Failure {
	for _, c := range conflicting {
		if c.name == "Content-Length" && !lengthCounts {
			continue
		}
		first, seen := "", false
		for _, line := range h.headers {
			if len(line.Name) != len(c.name) || !strings.EqualFold(line.Name, c.name) {
				continue
			}
			for value := range listValues(line.Value, c.list) {
				if seen && value != first {
					return protocolError(c.code, "the answer has two different "+c.name+" values")
				}
				first, seen = value, true
			}
		}
	}
	return nil
}

// conflicting are the names whose values must not differ; list says that
// Chromium splits the value at commas, although the header is none that lists.
var conflicting = []struct {
	name, code string
	list       bool
}{
	{"Content-Length", "ERR_RESPONSE_HEADERS_MULTIPLE_CONTENT_LENGTH", true},
	{"Content-Disposition", "ERR_RESPONSE_HEADERS_MULTIPLE_CONTENT_DISPOSITION", true},
	{"Location", "ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION", false},
}

// values yields the values of a header, split at commas outside quotes.
func (h *head) values(name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, line := range h.headers {
			if len(line.Name) != len(name) || !strings.EqualFold(line.Name, name) {
				continue
			}
			for value := range listValues(line.Value, true) {
				if !yield(value) {
					return
				}
			}
		}
	}
}

// listValues yields the members of a comma-separated list, empty ones
// included, or the value itself where it is no list.
// Chromium: HttpUtil::ValuesIterator.
func listValues(value string, list bool) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for list {
			i := commaOutsideQuotes(value)
			if i < 0 {
				break
			}
			if !yield(trimBlank(value[:i])) {
				return
			}
			value = value[i+1:]
		}
		yield(trimBlank(value))
	}
}

func commaOutsideQuotes(s string) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ',' && !quoted:
			return i
		}
	}
	return -1
}

// chunked says whether the body comes in chunks; HTTP/1.0 has none.
func (h *head) chunked() bool {
	if h.proto == "HTTP/1.0" || h.proto == "HTTP/0.9" {
		return false
	}
	for value := range h.values("Transfer-Encoding") {
		if strings.EqualFold(value, "chunked") {
			return true
		}
	}
	return false
}

// contentLength is the length that the head declares; -1 where it declares
// none, or nothing that is a number.
func (h *head) contentLength() int64 {
	for value := range h.values("Content-Length") {
		return parseDigits(value)
	}
	return -1
}

func parseDigits(s string) int64 {
	var n int64
	if s == "" || len(s) > 18 {
		return -1
	}
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return -1
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n
}

// keepAlive says whether the server keeps the connection open: the first
// "keep-alive" or "close" decides, else the version.
func (h *head) keepAlive() bool {
	for _, name := range [...]string{"Connection", "Proxy-Connection"} {
		for value := range h.values(name) {
			switch {
			case strings.EqualFold(value, "keep-alive"):
				return true
			case strings.EqualFold(value, "close"):
				return false
			}
		}
	}
	return h.proto != "HTTP/1.0" && h.proto != "HTTP/0.9"
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func trimBlank(s string) string {
	for s != "" && isBlank(s[0]) {
		s = s[1:]
	}
	for s != "" && isBlank(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// isToken is Chromium's HttpUtil::IsToken.
func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if !tokenBytes[s[i]] {
			return false
		}
	}
	return s != ""
}

// tokenBytes are the bytes of a token; every header that is sent is looked at.
var tokenBytes = func() (table [256]bool) {
	for c := byte('!'); c < 0x7f; c++ {
		table[c] = strings.IndexByte("()<>@,;:\\\"/[]?={}", c) < 0
	}
	return table
}()
