package probe

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

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
		return "", notHTTP(s)
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
			Problem: fmt.Sprintf("%q has no host", redact(s)),
			Hint:    "write " + scheme + "://HOST/PATH",
		}
	}
	if _, err := fetch.ParseURL(s, nil); err != nil {
		return "", badInput("%q is not a URL that a browser can parse: %s", redact(s), wrongAuthority(authority))
	}
	return s, nil
}

// wrongAuthority says which part of "host:port" is wrong.
func wrongAuthority(authority string) string {
	host, port := authority, ""
	bracket := strings.LastIndexByte(authority, ']')
	if i := strings.LastIndexByte(authority, ':'); i > bracket && (bracket > 0 || authority[0] != '[') {
		host, port = authority[:i], authority[i+1:]
	}
	digits := strings.Trim(port, "0123456789") == ""
	switch {
	case !digits:
		return fmt.Sprintf("its port %q is not a number", port)
	case len(strings.TrimLeft(port, "0")) > 5 || port > "65535" && len(port) == 5:
		return fmt.Sprintf("its port %s is larger than 65535", port)
	}
	return fmt.Sprintf("%q is not the name or address of a host", host)
}

func notHTTP(s string) *InputError {
	return &InputError{
		Problem: fmt.Sprintf("%q is not an http or https URL, and CORS concerns only those", redact(s)),
		Hint:    "give the http:// or https:// URL that the page fetches",
	}
}

// targetWithoutScheme says what the URL should have been: most often a host was
// typed as in a browser's address bar.
func targetWithoutScheme(s string) *InputError {
	rest := strings.TrimLeft(s, "/")
	if scheme, opaque, ok := strings.Cut(s, ":"); ok {
		switch scheme = strings.ToLower(scheme); scheme {
		case "http", "https":
			if rest = strings.TrimLeft(opaque, `/\`); rest == "" {
				return &InputError{Problem: fmt.Sprintf("%q has no host", redact(s)), Hint: "write " + scheme + "://HOST/PATH"}
			}
			return badInput("%q lacks the two slashes behind its scheme", redact(s)).instead(scheme + "://" + withoutUserinfo(rest))
		case "ftp", "file", "data", "blob", "about", "javascript", mailto, "ws", "wss":
			return notHTTP(s)
		}
	}
	authority, _ := splitAuthority(rest)
	if authority == "" || strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") {
		return badInput("%q has no scheme and no host", redact(s)).instead("https://HOST" + ensureSlash(s))
	}
	bare := withoutUserinfo(rest)
	if !plausibleHost(bare) {
		return badInput("%q has no scheme and no host", redact(s))
	}
	scheme := "https://"
	if u, err := fetch.ParseURL(scheme+bare, nil); err == nil && u.IsLoopback() {
		scheme = "http://"
	}
	return badInput("%q has no scheme", redact(s)).instead(scheme + bare)
}

// plausibleHost reports whether what stands where a host should begins like one:
// "." and "./file" do not.
func plausibleHost(rest string) bool {
	first, _ := utf8.DecodeRuneInString(rest)
	return first == '[' || first == '_' || first >= utf8.RuneSelf || unicode.IsLetter(first) || unicode.IsDigit(first)
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
	case strings.Count(s, "://") > 1 && strings.ContainsAny(s, ", ;|"):
		return "", &InputError{
			Problem: fmt.Sprintf("%q is more than one origin", redact(s)),
			Hint:    "name each by itself, the first as " + s[:strings.IndexAny(s, ", ;|")],
		}
	}
	origin, err := fetch.ParseOrigin(s)
	if err == nil {
		return origin, nil
	}
	if wrong := wrongURLOfOrigin(s); wrong != "" {
		return "", badInput("%q is no origin: %s", redact(s), wrong)
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

// wrongURLOfOrigin says which part of "https://host:port" no browser can parse;
// empty where it can, or where it is no such URL.
func wrongURLOfOrigin(s string) string {
	match := schemePattern.FindStringSubmatch(s)
	if match == nil || !strings.EqualFold(match[1], "http") && !strings.EqualFold(match[1], "https") {
		return ""
	}
	authority, _ := splitAuthority(withoutUserinfo(s[len(match[0]):]))
	if _, err := fetch.ParseURL(s, nil); err == nil || authority == "" || authority[0] == ':' {
		return ""
	}
	return wrongAuthority(authority)
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
	if strings.TrimSpace(line) == "" {
		return fetch.Header{}, &InputError{Problem: "the header is empty", Hint: "write 'Name: value'"}
	}
	name, value, colon := strings.Cut(line, ":")
	if strings.ContainsAny(line, "\r\n") {
		return fetch.Header{}, badInput("the header %q has a line break in it, and fetch() throws a TypeError", firstWord(name))
	}
	if !colon {
		return fetch.Header{}, (&InputError{
			Problem: fmt.Sprintf("the header %q has no colon", firstWord(line)),
		}).instead(headerLike(firstWord(line)))
	}
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return fetch.Header{}, &InputError{Problem: "a header has no name before its colon", Hint: "write 'Name: value'"}
	case strings.ContainsAny(name, " \t"):
		return fetch.Header{}, badInput("fetch() itself throws a TypeError: the header name that starts with %q has a space in it", firstWord(name))
	case !fetch.IsToken(name):
		return fetch.Header{}, badInput("fetch() itself throws a TypeError: %q is not a header name", firstWord(name))
	case strings.ContainsRune(value, 0):
		return fetch.Header{}, badInput("fetch() itself throws a TypeError: the value of the header %s has a NUL in it", name)
	}
	value, ok := byteString(strings.Trim(value, " \t"))
	if !ok {
		return fetch.Header{}, &InputError{
			Problem: fmt.Sprintf("fetch() itself throws a TypeError: the value of the header %s has a character that is not in Latin-1", name),
			Hint:    "percent-encode it, as encodeURIComponent() does",
		}
	}
	return fetch.Header{Name: name, Value: value}, nil
}

// ParseCookie checks a cookie as a user typed it, 'name=value' and its attributes.
// The note says which attribute browsers do not know. Neither quotes the value,
// which is a secret.
func ParseCookie(line string) (note string, err error) {
	pair, attributes, _ := strings.Cut(line, ";")
	name, _, named := strings.Cut(pair, "=")
	name = strings.TrimSpace(name)
	wrong := func(problem string) error {
		return &InputError{Problem: problem, Hint: "write 'name=value' or 'name=value; SameSite=None; Secure'"}
	}
	switch {
	case strings.TrimSpace(line) == "":
		return "", wrong("the cookie is empty")
	case strings.ContainsAny(line, "\r\n\x00"):
		return "", wrong("the cookie has a line break in it")
	case !named:
		return "", wrong("the cookie has no = between its name and its value")
	}
	for attribute := range strings.SplitSeq(attributes, ";") {
		key, value, _ := strings.Cut(attribute, "=")
		if value = strings.TrimSpace(value); strings.EqualFold(strings.TrimSpace(key), "SameSite") && !fetch.IsSameSite(value) {
			note = fmt.Sprintf("SameSite=%s of the cookie %s is unknown to browsers, which take it for a cookie without SameSite", value, name)
		}
	}
	return note, nil
}

// byteString makes of a value what fetch() makes of a string: a byte of each
// character, or false where one does not fit. What is no UTF-8 is taken for
// bytes already. https://webidl.spec.whatwg.org/#js-bytestring
func byteString(s string) (string, bool) {
	if !utf8.ValidString(s) {
		return s, true
	}
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return "", false
		}
		b = append(b, byte(r))
	}
	return string(b), true
}

// headerLike is a header line in place of one without a colon. curl's form of an
// empty header is "Name;".
func headerLike(word string) string {
	name, empty := strings.CutSuffix(word, ";")
	switch {
	case !fetch.IsToken(name):
		return "'Name: value'"
	case empty:
		return "'" + name + ":'"
	}
	return "'" + name + ": value'"
}

// firstWord is as much of a malformed header as can be shown: a value behind it
// may be a secret.
func firstWord(s string) string {
	s = strings.TrimSpace(s)
	word := s
	if end := strings.IndexAny(s, " \t="); end >= 0 {
		word = s[:end]
	}
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

// redact hides what may be a secret in what may be a URL: what stands before an
// @, and the query, which is never what is wrong with it.
func redact(s string) string {
	if query := strings.IndexByte(s, '?'); query >= 0 && strings.ContainsRune(s[query:], '=') {
		s = s[:query] + "?..."
	}
	start := 0
	if scheme, _, _ := strings.Cut(s, ":"); strings.EqualFold(scheme, mailto) {
		return s // what stands before its @ is a name
	}
	if m := schemePattern.FindString(s); m != "" {
		start = len(m)
	}
	authority, _ := splitAuthority(s[start:])
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		return s[:start] + "***" + s[start+at:]
	}
	return s
}

const mailto = "mailto"

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
