package fetch

import (
	"errors"
	"strings"
)

var errURL = errors.New("not a valid URL")

// ParseURL is the basic URL parser of the URL Standard, as far as a CORS
// request needs it: base may be nil. https://url.spec.whatwg.org/#concept-url-parser
//
// It accepts what browsers accept: backslashes, missing slashes, tabs and line
// ends inside, numeric IPv4 hosts in any base.
func ParseURL(input string, base *URL) (*URL, error) {
	if base == nil {
		if u, ok := plainURL(input); ok {
			return &u, nil
		}
	}
	return urlParser{}.parse(input, base)
}

// plainURL parses what nearly all URLs of a long run look like: http or https, a
// lower-case name without a port, and a path that is as it should be. Any other is
// left to the parser.
func plainURL(s string) (u URL, ok bool) {
	scheme, rest, found := strings.Cut(s, "://")
	if !found || scheme != "https" && scheme != "http" {
		return URL{}, false
	}
	u = URL{Scheme: scheme, Host: rest, Path: "/"}
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		u.Host, u.Path = rest[:i], rest[i:]
	}
	return u, isPlainHost(u.Host) && isPlainPath(u.Path)
}

// isPlainHost reports whether the host parser would leave a host as it is.
func isPlainHost(host string) bool {
	label := 0 // where the last one begins
	for i := 0; i < len(host); i++ {
		switch c := host[i]; {
		case 'a' <= c && c <= 'z' || c == '-' || isDigit(c):
		case c == '.' && i > label:
			label = i + 1
		default:
			return false
		}
	}
	// A last label that begins with a digit may be part of an IPv4 address.
	return label < len(host) && !isDigit(host[label]) && !strings.Contains(host, "xn--")
}

// isPlainPath reports whether a path has nothing to encode and nothing to resolve.
func isPlainPath(path string) bool {
	for i := 1; i < len(path); i++ {
		switch c := path[i]; {
		case isAlphaNumeric(c) || c == '/' || c == '-' || c == '_':
		case c == '.' && path[i-1] != '/': // no dot segment
		default:
			return false
		}
	}
	return true
}

// A urlParser says where a browser's parser departs from the standard.
type urlParser struct {
	// trustsPunycode: a label that begins with xn-- is not looked into.
	trustsPunycode bool
	// escapesSpace: a space in a host is percent-encoded, not refused.
	escapesSpace bool
	// encodesMore: a vertical bar in a path is percent-encoded, and so is an apostrophe
	// in the query of any scheme.
	encodesMore bool
	// ownSchemes: URLs of chromeSchemes are parsed as those of http are.
	ownSchemes bool
	// refusesQuote: a quotation mark in a host is refused.
	refusesQuote bool
	// refusesBareHex: "0x" is no number at the end of an IPv4 address.
	refusesBareHex bool
}

// parse is the basic URL parser as the browser has it. It follows the states of the
// standard's, but cuts where that reads one code point after the other.
func (p urlParser) parse(input string, base *URL) (*URL, error) {
	u, err := p.parseRecord(input, base)
	if err == nil && p.encodesMore {
		if !u.opaque() {
			u.Path = strings.ReplaceAll(u.Path, "|", "%7C")
		}
		u.Query = strings.ReplaceAll(u.Query, "'", "%27")
	}
	return u, err
}

// hasHost reports whether a URL of the scheme is nothing without a host, whatever
// number of slashes stands before that.
func (p urlParser) hasHost(scheme string) bool {
	_, own := chromeSchemes[scheme]
	return isSpecial(scheme) || p.ownSchemes && own
}

// parseRecord is the basic URL parser but for what a browser encodes afterwards.
func (p urlParser) parseRecord(input string, base *URL) (*URL, error) {
	s := stripURL(input)
	if base == nil {
		s, frag, hasFrag := cutFragment(s)
		scheme, rest, ok := cutScheme(s)
		if !ok {
			return nil, errURL
		}
		return p.parseAbsolute(scheme, rest, frag, hasFrag)
	}
	return p.parseAgainst(s, base)
}

// parseAgainst parses a URL or a reference to a base.
// https://url.spec.whatwg.org/#no-scheme-state
func (p urlParser) parseAgainst(s string, base *URL) (*URL, error) {
	s, frag, hasFrag := cutFragment(s)
	scheme, rest, ok := cutScheme(s)
	if ok && (scheme != base.Scheme || !isSpecial(scheme) || hasTwoSlashes(rest)) {
		return p.parseAbsolute(scheme, rest, frag, hasFrag)
	}
	if ok {
		s = rest // "http:path" against an http base is relative
	}
	if base.opaque() {
		if s == "" && hasFrag {
			u := *base
			u.setFragment(frag, true)
			return &u, nil
		}
		return nil, errURL
	}
	return p.parseRelative(s, frag, hasFrag, base)
}

// parseRelative parses a reference without a scheme against a base whose path is no
// opaque one. https://url.spec.whatwg.org/#relative-state
func (p urlParser) parseRelative(s, frag string, hasFrag bool, base *URL) (*URL, error) {
	special := isSpecial(base.Scheme)
	if len(s) >= 2 && isSlash(s[0], special) && isSlash(s[1], special) {
		return p.parseAbsolute(base.Scheme, s, frag, hasFrag)
	}
	u := *base
	path, query, hasQuery := strings.Cut(s, "?")
	switch {
	case path == "" && !hasQuery:
		// the base's path and query stand
	case path == "":
		u.setQuery(query, true)
	case isSlash(path[0], special):
		u.Path = normalizePath(path, special)
		u.setQuery(query, hasQuery)
	default:
		dir := base.Path[:strings.LastIndexByte(base.Path, '/')+1]
		u.Path = normalizePath(dir+path, special)
		u.setQuery(query, hasQuery)
	}
	u.setFragment(frag, hasFrag)
	return &u, nil
}

// parseAbsolute parses what follows the scheme and its colon; the fragment has been cut
// off before.
func (p urlParser) parseAbsolute(scheme, rest, frag string, hasFrag bool) (*URL, error) {
	u := &URL{Scheme: scheme}
	special := p.hasHost(scheme)
	u.setFragment(frag, hasFrag)
	switch {
	case scheme == "file":
		if err := p.setFile(u, rest); err != nil {
			return nil, err
		}
		return u, nil
	case special:
		rest = strings.TrimLeft(rest, `/\`)
	case strings.HasPrefix(rest, "//"):
		rest = rest[2:]
	default:
		u.setHostless(rest)
		return u, nil
	}
	end := "/?"
	if special {
		end = `/\?`
	}
	authority, path := cutAt(rest, end)
	if err := p.setAuthority(u, authority, special); err != nil {
		return nil, err
	}
	u.splitPath(path, special)
	return u, nil
}

// setFile: https://url.spec.whatwg.org/#file-state
func (p urlParser) setFile(u *URL, rest string) error {
	rest = strings.ReplaceAll(rest, `\`, "/")
	if strings.HasPrefix(rest, "//") {
		host, path := cutAt(rest[2:], "/?")
		if host != "" && host != "localhost" {
			h, err := p.parseHost(host, true)
			if err != nil {
				return err
			}
			u.Host = h
		}
		rest = path
	}
	u.splitPath(rest, true)
	return nil
}

// setHostless is for a path that no host comes before, as in "x:/p" and "mailto:x".
func (u *URL) setHostless(rest string) {
	path, query, hasQuery := strings.Cut(rest, "?")
	u.setQuery(query, hasQuery)
	if strings.HasPrefix(path, "/") {
		u.Path = normalizePath(path, false)
	} else {
		u.Path = percentEncode(path, inC0Set)
	}
}

// splitPath reads the path and the query. https://url.spec.whatwg.org/#path-start-state
func (u *URL) splitPath(s string, special bool) {
	path, query, hasQuery := strings.Cut(s, "?")
	u.setQuery(query, hasQuery)
	if path != "" || special {
		u.Path = normalizePath(path, special)
	}
}

// setAuthority reads user name, password, host and port.
// https://url.spec.whatwg.org/#authority-state
func (p urlParser) setAuthority(u *URL, authority string, special bool) error {
	host := authority
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		user, pass, _ := strings.Cut(authority[:at], ":")
		u.Username = percentEncode(user, inUserinfoSet)
		u.Password = percentEncode(pass, inUserinfoSet)
		host = authority[at+1:]
		if host == "" {
			return errURL
		}
	}
	name, port := host, ""
	if i := strings.LastIndexByte(host, ':'); i >= 0 && i > strings.LastIndexByte(host, ']') {
		name, port = host[:i], host[i+1:]
	}
	if name == "" && (special || port != "" || host != name) {
		return errURL
	}
	h, err := p.parseHost(name, special)
	if err != nil {
		return err
	}
	u.Host, u.emptyHost = h, h == ""
	return u.setPort(port)
}

// setPort: https://url.spec.whatwg.org/#port-state
func (u *URL) setPort(port string) error {
	if port == "" {
		return nil
	}
	n := 0
	for i := 0; i < len(port); i++ {
		if port[i] < '0' || port[i] > '9' {
			return errURL
		}
		if n = n*10 + int(port[i]-'0'); n > 65535 {
			return errURL
		}
	}
	port = strings.TrimLeft(port, "0")
	if port == "" {
		port = "0"
	}
	if port != defaultPorts[u.Scheme] {
		u.Port = port
	}
	return nil
}

// setQuery: https://url.spec.whatwg.org/#query-state
func (u *URL) setQuery(q string, present bool) {
	u.Query = ""
	if !present {
		return
	}
	set := inQuerySet
	if isSpecial(u.Scheme) {
		set = inSpecialQuerySet
	}
	u.Query = "?" + percentEncode(q, set)
}

// setFragment: https://url.spec.whatwg.org/#fragment-state
func (u *URL) setFragment(f string, present bool) {
	u.Fragment = ""
	if present {
		u.Fragment = "#" + percentEncode(f, inFragmentSet)
	}
}

// opaque reports whether the URL has an opaque path: "mailto:x", "data:,x".
func (u *URL) opaque() bool {
	return !isSpecial(u.Scheme) && u.Host == "" && !u.emptyHost && !strings.HasPrefix(u.Path, "/")
}

// stripURL removes what the parser ignores: C0 controls and spaces around, tabs
// and line ends anywhere.
func stripURL(s string) string {
	for len(s) > 0 && s[0] <= ' ' {
		s = s[1:]
	}
	for len(s) > 0 && s[len(s)-1] <= ' ' {
		s = s[:len(s)-1]
	}
	if !strings.ContainsAny(s, "\t\n\r") {
		return s
	}
	return strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(s)
}

func cutFragment(s string) (rest, fragment string, found bool) {
	return strings.Cut(s, "#")
}

// cutScheme splits "scheme:rest"; the scheme comes back in lower case.
func cutScheme(s string) (scheme, rest string, ok bool) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == ':' && i > 0:
			return strings.ToLower(s[:i]), s[i+1:], true
		case isAlpha(c):
		case i > 0 && (isDigit(c) || c == '+' || c == '-' || c == '.'):
		default:
			return "", "", false
		}
	}
	return "", "", false
}

// cutAt splits s before the first byte that is in stop.
func cutAt(s, stop string) (before, after string) {
	if i := strings.IndexAny(s, stop); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

func hasTwoSlashes(s string) bool { return strings.HasPrefix(s, "//") }

func isSlash(c byte, special bool) bool { return c == '/' || special && c == '\\' }

// normalizePath percent-encodes a path and resolves its dot segments; the
// result begins with a slash.
func normalizePath(path string, special bool) string {
	if special && strings.IndexByte(path, '\\') >= 0 {
		path = strings.ReplaceAll(path, `\`, "/")
	}
	path = percentEncode(path, inPathSet)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if !strings.Contains(path, "/.") && !strings.Contains(path, "/%2") {
		return path // no dot segments
	}
	var out []string
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, seg := range segments {
		last := i == len(segments)-1
		switch strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(seg, "%2e", "."), "%2E", ".")) {
		case ".":
			if last {
				out = append(out, "")
			}
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, seg)
		}
	}
	return "/" + strings.Join(out, "/")
}

func isAlpha(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// The percent-encode sets. https://url.spec.whatwg.org/#percent-encoded-bytes
func inC0Set(c byte) bool { return c < 0x20 || c > 0x7e }

func inFragmentSet(c byte) bool {
	return inC0Set(c) || c == ' ' || c == '"' || c == '<' || c == '>' || c == '`'
}

func inQuerySet(c byte) bool {
	return inC0Set(c) || c == ' ' || c == '"' || c == '#' || c == '<' || c == '>'
}

func inSpecialQuerySet(c byte) bool { return inQuerySet(c) || c == '\'' }

func inPathSet(c byte) bool {
	return inQuerySet(c) || c == '?' || c == '^' || c == '`' || c == '{' || c == '}'
}

func inUserinfoSet(c byte) bool {
	return inPathSet(c) || strings.IndexByte(`/:;=@[\]^|`, c) >= 0
}

// percentEncode encodes the bytes that are in a set; most strings have none.
// https://url.spec.whatwg.org/#string-utf-8-percent-encode
func percentEncode(s string, in func(byte) bool) string {
	for i := 0; i < len(s); i++ {
		if in(s[i]) {
			return percentEncodeFrom(s, i, in)
		}
	}
	return s
}

func percentEncodeFrom(s string, i int, in func(byte) bool) string {
	const hex = "0123456789ABCDEF"
	out := append(make([]byte, 0, len(s)+8), s[:i]...)
	for ; i < len(s); i++ {
		if c := s[i]; in(c) {
			out = append(out, '%', hex[c>>4], hex[c&15])
		} else {
			out = append(out, c)
		}
	}
	return string(out)
}
