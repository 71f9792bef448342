package probe

import (
	"fmt"
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
// trimmed.
func ParseTarget(typed string) (string, error) {
	target, wrong := parseTarget(strings.TrimSpace(typed))
	if wrong == nil {
		return target, nil
	}
	// What is offered instead has to be right.
	if wrong.Correct != "" {
		if _, again := parseTarget(wrong.Correct); again != nil {
			wrong.Correct, wrong.Hint = "", "write https://HOST/PATH"
		}
	}
	return "", wrong
}

func parseTarget(s string) (string, *InputError) {
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
	if _, err := fetch.ParseURL(s, nil); err != nil {
		return "", badInput("%q is not a URL that a browser can parse: its host or port is wrong", redact(s))
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
	bare := withoutUserinfo(rest)
	scheme := "https://"
	if u, err := fetch.ParseURL(scheme+bare, nil); err == nil && u.IsLoopback() {
		scheme = "http://"
	}
	return badInput("%q has no scheme", redact(s)).instead(scheme + bare)
}

// ParseOrigin checks an origin as a user typed it and returns it as a browser
// serializes it.
func ParseOrigin(typed string) (string, error) {
	s := strings.TrimSpace(typed)
	switch {
	case s == "":
		return "", badInput("the origin is empty").instead("https://app.example.com")
	case s == "*":
		return "", &InputError{Problem: `"*" is no origin: a page has exactly one`, Hint: "name the page's origin, as https://app.example.com"}
	}
	origin, err := fetch.ParseOrigin(s)
	if err == nil {
		return origin, nil
	}
	because, correct, found := strings.Cut(err.Error(), ": write ")
	wrong := badInput("%q is no origin: %s", redact(s), because)
	if !found {
		return "", wrong
	}
	wrong.Hint = "write " + correct
	if again, err := fetch.ParseOrigin(correct); err == nil && again == correct {
		wrong.Correct = correct
	}
	return "", wrong
}

// ParseMethod checks a method as a user typed it; its case is left alone, as it
// means something to fetch().
func ParseMethod(typed string) (string, error) {
	switch {
	case typed == "":
		return "", badInput("the method is empty")
	case !fetch.IsToken(typed):
		return "", badInput("fetch() itself throws a TypeError: %q is not a method, it may hold only letters, digits and !#$%%&'*+-.^_`|~", typed)
	case fetch.IsForbiddenMethod(typed):
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
	case !fetch.IsToken(name):
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

func splitAuthority(rest string) (authority, after string) {
	if i := strings.IndexAny(rest, `/\?#`); i >= 0 {
		return rest[:i], rest[i:]
	}
	return rest, ""
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

// DefaultOrigin is the origin of the page where the user named none: the
// target's scheme with a host that is nobody's, or a dev server's for a target
// on this machine.
func DefaultOrigin(target string) string {
	u, err := fetch.ParseURL(target, nil)
	switch {
	case err == nil && u.IsLoopback():
		return "http://localhost:3000"
	case err == nil && u.Scheme == "http":
		return "http://corscheck.example"
	}
	return "https://corscheck.example"
}
