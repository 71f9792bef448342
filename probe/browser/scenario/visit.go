package scenario

import "strings"

// VisitPath is where a top-level visit to a place gets the page of the harness,
// together with the cookies that Visit left there.
const VisitPath = "/_/visit"

// Visit leaves a scenario's cookies at the places that set them, for the next
// visit to each, and returns those places. Each cookie is confined to the paths
// of its scenario.
func (s *Servers) Visit(sc *Scenario, prefix string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, c := range sc.Cookies {
		s.visits[c.Host] = append(s.visits[c.Host], [2]string{"Set-Cookie", confined(c.Line, prefix)})
		out = append(out, c.Host)
	}
	return out
}

// CookieCount is how many cookies a scenario stores: those of its visits, and those
// that its answers set. The page at {same} has always run without forgetting any.
func (s *Scenario) CookieCount() int {
	n := len(s.Cookies)
	for i := range s.Server {
		for _, line := range s.Server[i].Headers {
			if s.Page != nil && strings.EqualFold(line[0], "Set-Cookie") {
				n++
			}
		}
	}
	return n
}

// confined keeps a cookie within its own scenario: its Path gets the prefix, and
// one without a Path gets the default path of the scenario. A name with the prefix
// __Host- has to keep the path /.
// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.1.4
func confined(line, prefix string) string {
	if prefix == "" || strings.HasPrefix(strings.ToLower(line), "__host-") {
		return line
	}
	parts := strings.Split(line, ";")
	found := false
	for i, attribute := range parts[1:] {
		name, value, _ := strings.Cut(attribute, "=")
		if strings.EqualFold(strings.TrimSpace(name), "path") && strings.HasPrefix(strings.TrimSpace(value), "/") {
			parts[i+1], found = name+"="+prefix+strings.TrimSpace(value), true
		}
	}
	line = strings.Join(parts, ";")
	if !found {
		line += "; Path=" + prefix
	}
	return line
}
