package fetch

import "strings"

// A URL is a URL record of the URL Standard, for special schemes and enough of
// the others to name them. https://url.spec.whatwg.org/#concept-url
type URL struct {
	Scheme   string // lower case, without the colon
	Username string // percent-encoded
	Password string // percent-encoded
	Host     string // serialized: lower case, punycode, IPv6 in brackets
	Port     string // empty for the scheme's default port
	Path     string // percent-encoded, with its leading slash
	Query    string // with its leading "?", or empty
	Fragment string // with its leading "#", or empty

	// emptyHost tells an empty host, as in "x:///p", from none, as in "x:/p".
	emptyHost bool
}

// String serializes the URL, userinfo and fragment included.
func (u *URL) String() string {
	return u.prefix(true) + u.Path + u.Query + u.Fragment
}

// Display serializes the URL without userinfo and fragment.
func (u *URL) Display() string {
	return u.prefix(false) + u.Path + u.Query
}

// RequestTarget is the path and query as they stand in a request line.
func (u *URL) RequestTarget() string {
	return u.Path + u.Query
}

// HostPort is the host with the port that a connection is made to.
func (u *URL) HostPort() string {
	if u.Port != "" {
		return u.Host + ":" + u.Port
	}
	return u.Host + ":" + defaultPorts[u.Scheme]
}

// Authority is the value of the Host header.
func (u *URL) Authority() string {
	if u.Port != "" {
		return u.Host + ":" + u.Port
	}
	return u.Host
}

// prefix is what comes before the path. https://url.spec.whatwg.org/#url-serializing
func (u *URL) prefix(userinfo bool) string {
	if !isSpecial(u.Scheme) && u.Host == "" && !u.emptyHost {
		if strings.HasPrefix(u.Path, "//") {
			return u.Scheme + ":/." // or the path would read as a host
		}
		return u.Scheme + ":"
	}
	if !userinfo || u.Username == "" && u.Password == "" {
		return u.Scheme + "://" + u.Authority()
	}
	login := u.Username
	if u.Password != "" {
		login += ":" + u.Password
	}
	return u.Scheme + "://" + login + "@" + u.Authority()
}

// defaultPorts are the special schemes and their default ports.
// https://url.spec.whatwg.org/#special-scheme
var defaultPorts = map[string]string{
	"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21", "file": "",
}

// isSpecial: https://url.spec.whatwg.org/#special-scheme
func isSpecial(scheme string) bool {
	if scheme == "https" || scheme == "http" { // nearly all
		return true
	}
	_, ok := defaultPorts[scheme]
	return ok
}
