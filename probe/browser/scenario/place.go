package scenario

import (
	"net"
	"regexp"
	"strings"
)

// Places are the origins that stand behind the placeholders: "same", "other"
// and "third" with "http://127.0.0.1:40001" and so on.
type Places map[string]string

// Host is the host:port of a place.
func (p Places) Host(name string) string {
	_, host, _ := strings.Cut(p[name], "://")
	return host
}

func (p Places) port(name string) string {
	_, port, err := net.SplitHostPort(p.Host(name))
	if err != nil {
		return ""
	}
	return port
}

// names are in a fixed order, so that redaction is deterministic.
func (p Places) names() []string {
	out := make([]string, 0, len(p))
	for _, h := range hosts {
		if _, ok := p[h.name]; ok {
			out = append(out, h.name)
		}
	}
	return out
}

// Expand replaces the placeholders of origins.
func (p Places) Expand(s string) string {
	if !strings.Contains(s, "{") {
		return s
	}
	for _, name := range p.names() {
		if !strings.Contains(s, "{"+name) {
			continue
		}
		s = strings.NewReplacer("{"+name+"}", p[name], "{"+name+"host}", p.Host(name), "{"+name+"port}", p.port(name)).Replace(s)
	}
	return s
}

// Redact puts the placeholders back, and takes the scenario's prefix out of
// paths.
func (p Places) Redact(s string) string {
	s = prefixes.ReplaceAllString(s, "")
	for _, name := range p.names() {
		port := p.port(name)
		if port == "" || !strings.Contains(s, port) {
			continue
		}
		s = strings.ReplaceAll(s, p[name], "{"+name+"}")
		s = strings.ReplaceAll(s, p.Host(name), "{"+name+"host}")
		s = strings.ReplaceAll(s, port, "{"+name+"port}")
	}
	return s
}

// A prefix keeps the paths of the scenarios that run at the same time apart,
// and tells whose console message is whose. It needs no percent-encoding.
var prefixes = regexp.MustCompile(`/~[0-9]+~`)

// Prefix finds the prefix that Load gave in a URL or in a message that names
// one; empty where there is none.
func Prefix(s string) string { return prefixes.FindString(s) }

// placed finds where a place ends in a Location: an origin, or a host:port or
// port after what a URL may have before it.
var placed = regexp.MustCompile(strings.ReplaceAll(`^(?:[^/?#:{]*\{(?:PLACE|origin)\}|[^/?#]*:[/\\]*[^/?#\\]*\{(?:PLACE)(?:host|port)\}|[/\\]{2,}[^/?#\\]*\{(?:PLACE)(?:host|port)\})`,
	"PLACE", strings.Join(AllPlaces(), "|")))

// Inside keeps a Location within its own scenario: a path of one of the places
// gets the prefix. What leads elsewhere stays as it is.
func Inside(location, prefix string) string {
	if prefix == "" || location == "" {
		return location
	}
	if i := placed.FindStringIndex(location); i != nil {
		head, tail := location[:i[1]], location[i[1]:]
		if tail == "" || tail[0] == '?' || tail[0] == '#' {
			return head + prefix + "/" + tail
		}
		return head + prefix + tail
	}
	// "http:/p2" is a path at the same host too.
	if len(location) > 5 && strings.EqualFold(location[:5], "http:") && isSlash(location[5]) {
		return location[:5] + Inside(location[5:], prefix)
	}
	if isSlash(location[0]) && (len(location) == 1 || !isSlash(location[1])) {
		return prefix + location
	}
	return location
}

func isSlash(c byte) bool { return c == '/' || c == '\\' }

// values are what the placeholders of one answer stand for.
type values struct {
	places Places
	prefix string
	origin string // of the page
	lines  Headers
}

// expand returns a header's value as it is written, and false where it echoes
// something that is not there.
func (v *values) expand(name, value string) (string, bool) {
	switch {
	case strings.EqualFold(name, "Location"):
		value = Inside(value, v.prefix)
	case strings.EqualFold(name, "Set-Cookie"):
		value = confined(value, v.prefix)
	}
	if !strings.Contains(value, "{") {
		return value, true
	}
	for placeholder, header := range echoes {
		if !strings.Contains(value, placeholder) {
			continue
		}
		echo, ok := v.lines.get(header)
		if !ok {
			return "", false
		}
		value = strings.ReplaceAll(value, placeholder, echo)
	}
	return v.places.Expand(strings.ReplaceAll(value, "{origin}", v.origin)), true
}

var echoes = map[string]string{
	"{reflect}":         "Origin",
	"{reflect_headers}": "Access-Control-Request-Headers",
	"{reflect_method}":  "Access-Control-Request-Method",
}

func (h Headers) get(name string) (string, bool) {
	for _, line := range h {
		if strings.EqualFold(line[0], name) {
			return line[1], true
		}
	}
	return "", false
}

// PageOrigin is the serialized origin of the page.
func (s *Scenario) PageOrigin(p Places) string {
	if s.PageSandboxed() {
		return "null"
	}
	return p[s.PageHost()]
}

// PageSandboxed reports whether the page is a frame with an opaque origin.
func (s *Scenario) PageSandboxed() bool { return s.Page != nil && s.Page.Sandboxed }

// PageHost is the place that serves the page.
func (s *Scenario) PageHost() string {
	if s.Page != nil && s.Page.Host != "" {
		return s.Page.Host
	}
	return "same"
}

// URL is the absolute URL that the script asks for.
func (s *Scenario) URL(p Places, prefix string) string {
	if s.Target.URL != "" {
		return p.Expand(Inside(s.Target.URL, prefix))
	}
	return p[s.Target.Host] + prefix + s.Target.Path
}
