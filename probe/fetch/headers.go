package fetch

import (
	"slices"
	"strings"
)

// combined returns the value of a header as the standard gets it: the lines of
// that name joined by a comma and a space. ok is false where there is none.
// https://fetch.spec.whatwg.org/#concept-header-list-get
func combined(headers []Header, name string) (value string, ok bool) {
	first, n := -1, 0
	for i := range headers {
		if equalFold(headers[i].Name, name) {
			if n++; n == 1 {
				first = i
			}
		}
	}
	switch n {
	case 0:
		return "", false
	case 1: // nearly always, and nothing to copy
		return headers[first].Value, true
	}
	return strings.Join(lines(headers[first:], name), ", "), true
}

// countExact returns how many lines there are whose name is spelled like this.
func countExact(headers []Header, name string) (n int) {
	for i := range headers {
		if headers[i].Name == name {
			n++
		}
	}
	return n
}

// lines returns the values of a header line by line.
func lines(headers []Header, name string) []string {
	var out []string
	for _, h := range headers {
		if equalFold(h.Name, name) {
			out = append(out, h.Value)
		}
	}
	return out
}

// get is the combined value of a response header as the browser reads it.
func (p *Profile) get(resp *Response, name string) (string, bool) {
	value, ok := resp.Get(name)
	if !ok || !p.IgnoresEmptyLines || !strings.Contains(value, ",") {
		return value, ok
	}
	return strings.Join(p.countedLines(resp, name), ", "), true
}

// countedLines are the values of a response header's lines that count.
func (p *Profile) countedLines(resp *Response, name string) []string {
	all := lines(resp.Headers, name)
	if !p.IgnoresEmptyLines {
		return all
	}
	return slices.DeleteFunc(all, func(v string) bool { return v == "" })
}

// Get returns the combined value of a response header.
// https://fetch.spec.whatwg.org/#concept-header-list-get
func (r *Response) Get(name string) (string, bool) { return combined(r.Headers, name) }

// Lines returns the values of a response header, one for each line.
func (r *Response) Lines(name string) []string { return lines(r.Headers, name) }

// Get returns the combined value of a request header.
func (m *Message) Get(name string) (string, bool) { return combined(m.Headers, name) }

// parseList splits the value of a #token list: elements are separated by commas
// and surrounded by optional white space, empty ones do not count. An element that
// is no token makes the list a failure.
// https://fetch.spec.whatwg.org/#extract-header-list-values
func parseList(value string) (elements []string, ok bool) {
	if _, ok := listFault(value); !ok {
		return nil, false
	}
	for element := range strings.SplitSeq(value, ",") {
		if element = trimOWS(element); element != "" {
			elements = append(elements, element)
		}
	}
	return elements, true
}

// listFault is the first element of a #token list that is no token; ok is true
// where there is none.
func listFault(value string) (bad string, ok bool) {
	for element := range strings.SplitSeq(value, ",") {
		if element = trimOWS(element); element != "" && !IsToken(element) {
			return element, false
		}
	}
	return "", true
}

// equalFold compares two names of headers, which are ASCII, in any letter case.
// https://infra.spec.whatwg.org/#ascii-case-insensitive
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if a[i] != b[i] && lowerByte(a[i]) != lowerByte(b[i]) {
			return false
		}
	}
	return true
}

// lowerName is the name of a header in lower case.
func lowerName(name string) string {
	for i := 0; i < len(name); i++ {
		if lowerByte(name[i]) == name[i] {
			continue
		}
		if lower := commonName(name); lower != "" {
			return lower
		}
		out := []byte(name)
		for ; i < len(out); i++ {
			out[i] = lowerByte(out[i])
		}
		return string(out)
	}
	return name
}

// commonName is the lower case of what nearly every header is called, or nothing: a
// long run asks for these a million times. The compiler makes a switch over constants a
// search by length, which beats hashing the name for a map; hence its length.
func commonName(name string) string {
	switch name {
	case "Accept":
		return "accept"
	case "Accept-Language":
		return "accept-language"
	case "Authorization":
		return "authorization"
	case "Content-Type":
		return "content-type"
	case "User-Agent":
		return "user-agent"
	case "X-Requested-With":
		return "x-requested-with"
	case "Access-Control-Allow-Credentials":
		return "access-control-allow-credentials"
	case "Access-Control-Allow-Headers":
		return "access-control-allow-headers"
	case "Access-Control-Allow-Methods":
		return "access-control-allow-methods"
	case "Access-Control-Allow-Origin":
		return "access-control-allow-origin"
	case "Access-Control-Expose-Headers":
		return "access-control-expose-headers"
	case "Access-Control-Max-Age":
		return "access-control-max-age"
	case "Cache-Control":
		return "cache-control"
	case "Connection":
		return "connection"
	case "Content-Encoding":
		return "content-encoding"
	case "Content-Length":
		return "content-length"
	case "Date":
		return "date"
	case "ETag":
		return "etag"
	case "Expires":
		return "expires"
	case "Last-Modified":
		return "last-modified"
	case "Server":
		return "server"
	case "Set-Cookie":
		return "set-cookie"
	case "Transfer-Encoding":
		return "transfer-encoding"
	case "Vary":
		return "vary"
	case "X-Content-Type-Options":
		return "x-content-type-options"
	}
	return ""
}

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// trimOWS removes the optional white space of HTTP: spaces and tabs.
func trimOWS(s string) string { return strings.Trim(s, " \t") }

func isAlphaNumeric(c byte) bool { return isAlpha(c) || isDigit(c) }
