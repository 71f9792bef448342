package probe

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// An InputError is something wrong with what a user wrote down as a check: one
// sentence, and where there is one, what to write instead.
type InputError struct {
	Problem string
	// Hint says what to write instead; Correct is that text where it can be
	// known, ready to be put in place of the wrong one.
	Hint, Correct string
}

func (e *InputError) Error() string { return e.Problem }

func badInput(format string, args ...any) *InputError {
	return &InputError{Problem: fmt.Sprintf(format, args...)}
}

func (e *InputError) instead(correct string) *InputError {
	e.Correct, e.Hint = correct, "write "+correct
	return e
}

// schemePattern is the start of an absolute URL whose host follows.
var schemePattern = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*)://`)

// ParseTarget checks the URL of a request as a user typed it and returns it
// trimmed. What it lets through may still be refused by the machine, which
// parses it as a browser does; its own errors are those that can be mended.
func ParseTarget(typed string) (string, error) {
	s := strings.TrimSpace(typed)
	if s == "" {
		return "", badInput("the URL is empty")
	}
	match := schemePattern.FindStringSubmatch(s)
	if match == nil {
		return "", targetWithoutScheme(s)
	}
	scheme, rest := strings.ToLower(match[1]), s[len(match[0]):]
	if scheme != "http" && scheme != "https" {
		return "", &InputError{
			Problem: fmt.Sprintf("%q is not an http or https URL, and CORS concerns only those", redact(s)),
			Hint:    "give the http:// or https:// URL that the page fetches",
		}
	}
	authority, after := splitAuthority(rest)
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		bare := scheme + "://" + authority[at+1:] + after
		return "", (&InputError{
			Problem: fmt.Sprintf("fetch() itself throws a TypeError: %q has a user name or password in it", redact(s)),
		}).instead(bare)
	}
	if authority == "" || strings.HasPrefix(authority, ":") {
		return "", &InputError{
			Problem: fmt.Sprintf("%q has no host", s),
			Hint:    "write " + scheme + "://HOST/PATH",
		}
	}
	return s, nil
}

// targetWithoutScheme says what the URL should have been: most often a host was
// typed as in a browser's address bar.
func targetWithoutScheme(s string) *InputError {
	rest := strings.TrimLeft(s, "/")
	if scheme, opaque, ok := strings.Cut(s, ":"); ok {
		switch strings.ToLower(scheme) {
		case "http", "https":
			rest = strings.TrimLeft(opaque, "/")
		case "ftp", "file", "data", "blob", "about", "javascript", "mailto", "ws", "wss":
			return badInput("%q is not an http or https URL, and CORS concerns only those", redact(s))
		}
	}
	authority, _ := splitAuthority(rest)
	if authority == "" || strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") {
		return badInput("%q has no scheme and no host", s).instead("https://HOST" + ensureSlash(s))
	}
	scheme := "https://"
	if isLoopbackHost(hostOf(authority)) {
		scheme = "http://"
	}
	return badInput("%q has no scheme", redact(s)).instead(scheme + withoutUserinfo(rest))
}

// ParseOrigin checks an origin as a user typed it and returns it as a browser
// serializes it.
func ParseOrigin(typed string) (string, error) {
	s := strings.TrimSpace(typed)
	switch s {
	case "":
		return "", badInput("the origin is empty").instead("https://app.example.com")
	case "null":
		return s, nil
	case "*":
		return "", &InputError{Problem: `"*" is no origin: a page has exactly one`, Hint: "name the page's origin, as https://app.example.com"}
	}
	match := schemePattern.FindStringSubmatch(s)
	if match == nil {
		return "", originWithoutScheme(s)
	}
	scheme := strings.ToLower(match[1])
	authority, after := splitAuthority(s[len(match[0]):])
	if scheme == "file" {
		return "", (&InputError{Problem: `a page from a file has the origin "null"`}).instead("null")
	}
	if authority == "" || strings.HasPrefix(authority, ":") {
		return "", badInput("the origin %q has no host", s).instead(scheme + "://HOST")
	}
	bare := withoutUserinfo(authority)
	correct, err := serializeOrigin(scheme, bare)
	if err != nil {
		return "", badInput("the origin %q has no valid host and port", redact(s))
	}
	switch {
	case bare != authority:
		return "", badInput("the origin %q has a user name or password in it; an origin is scheme, host and port", redact(s)).instead(correct)
	case after == "/":
		return "", badInput("the origin %q ends in a slash; an origin is scheme, host and port", s).instead(correct)
	case after != "":
		return "", badInput("the origin %q has a path; an origin is scheme, host and port", redact(s)).instead(correct)
	}
	return correct, nil
}

func originWithoutScheme(s string) *InputError {
	authority, _ := splitAuthority(strings.TrimLeft(s, "/"))
	if strings.EqualFold(s, "null") {
		return badInput("the origin %q is written in lower case", s).instead("null")
	}
	bare := withoutUserinfo(authority)
	if bare == "" {
		return badInput("%q is no origin", redact(s)).instead("https://HOST")
	}
	scheme := "https"
	if isLoopbackHost(hostOf(bare)) {
		scheme = "http"
	}
	return badInput("the origin %q has no scheme", redact(s)).instead(scheme + "://" + strings.ToLower(bare))
}

// serializeOrigin gives the origin its browser's form: lower case, punycode,
// and without the default port. Schemes other than http and https belong to
// apps and extensions ("capacitor://localhost") and are kept as they are.
func serializeOrigin(scheme, authority string) (string, error) {
	u, err := url.Parse(scheme + "://" + authority)
	if err != nil {
		return "", err
	}
	host, port := strings.ToLower(u.Host), u.Port()
	if scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		host = strings.TrimSuffix(host, ":"+port)
	}
	return scheme + "://" + strings.TrimSuffix(host, ":"), nil
}

// forbiddenMethods make the Request constructor throw.
// https://fetch.spec.whatwg.org/#forbidden-method
var forbiddenMethods = map[string]bool{"CONNECT": true, "TRACE": true, "TRACK": true}

// ParseMethod checks a method as a user typed it; its case is left alone, as it
// means something to fetch().
func ParseMethod(typed string) (string, error) {
	switch {
	case typed == "":
		return "", badInput("the method is empty")
	case !isToken(typed):
		return "", badInput("fetch() itself throws a TypeError: %q is not a method, it may hold only letters, digits and !#$%%&'*+-.^_`|~", typed)
	case forbiddenMethods[strings.ToUpper(typed)]:
		return "", badInput("fetch() itself throws a TypeError: the method %s is forbidden to scripts", typed)
	}
	return typed, nil
}

// ParseHeader checks one 'Name: value' line. Its errors never quote the value,
// which may be a secret.
func ParseHeader(line string) (fetch.Header, error) {
	name, value, colon := strings.Cut(line, ":")
	if strings.ContainsAny(line, "\r\n") {
		return fetch.Header{}, badInput("the header %q has a line break in it, and fetch() throws a TypeError", firstWord(name))
	}
	if !colon {
		return fetch.Header{}, (&InputError{
			Problem: fmt.Sprintf("the header %q has no colon", firstWord(line)),
		}).instead("'" + firstWord(line) + ": value'")
	}
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return fetch.Header{}, &InputError{Problem: "a header has no name before its colon", Hint: "write 'Name: value'"}
	case !isToken(name):
		return fetch.Header{}, badInput("fetch() itself throws a TypeError: %q is not a header name", firstWord(name))
	case strings.ContainsRune(value, 0):
		return fetch.Header{}, badInput("fetch() itself throws a TypeError: the value of the header %s has a NUL in it", name)
	}
	return fetch.Header{Name: name, Value: strings.Trim(value, " \t")}, nil
}

// firstWord is as much of a malformed header as can be shown: a value behind it
// may be a secret.
func firstWord(s string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	if len(word) > 40 {
		word = word[:40] + "..."
	}
	return word
}

// isToken reports whether s is a token of HTTP.
// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		alnum := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !alnum && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return s != ""
}

func splitAuthority(rest string) (authority, after string) {
	if i := strings.IndexAny(rest, `/\?#`); i >= 0 {
		return rest[:i], rest[i:]
	}
	return rest, ""
}

// hostOf is the host of an authority without userinfo, brackets and port.
func hostOf(authority string) string {
	host := withoutUserinfo(authority)
	if inner, ok := strings.CutPrefix(host, "["); ok {
		host, _, _ = strings.Cut(inner, "]")
		return host
	}
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	return host
}

func withoutUserinfo(rest string) string {
	authority, after := splitAuthority(rest)
	return authority[strings.LastIndexByte(authority, '@')+1:] + after
}

// redact hides what stands before an @ in what may be a URL with userinfo.
func redact(s string) string {
	start := 0
	if m := schemePattern.FindString(s); m != "" {
		start = len(m)
	}
	authority, _ := splitAuthority(s[start:])
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		return s[:start] + "***" + s[start+at:]
	}
	return s
}

func ensureSlash(s string) string { return "/" + strings.TrimLeft(s, "/") }

// isLoopbackHost reports whether a host names this machine without asking DNS.
func isLoopbackHost(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.Unmap().IsLoopback()
}

// DefaultOrigin is the origin of the page where the user named none: the
// target's scheme with a host that is nobody's, or a dev server's for a target
// on this machine.
func DefaultOrigin(target string) string {
	u, err := url.Parse(target)
	if err == nil && isLoopbackHost(u.Hostname()) {
		return "http://localhost:3000"
	}
	if err == nil && strings.EqualFold(u.Scheme, "http") {
		return "http://corscheck.example"
	}
	return "https://corscheck.example"
}
