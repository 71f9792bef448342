package lab

import (
	"net/http"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// An asked request is as much of one as a reply depends on.
type asked struct {
	host   Host
	method string
	path   string
	query  string
	header http.Header
}

// find returns the route and the reply that answer a request; no reply is a
// bare 404.
func find(a asked, o Origins) (*Route, *Reply) {
	name, rest := a.path, ""
	if len(name) > 0 {
		name = name[1:]
	}
	if i := strings.IndexByte(name, '/'); i >= 0 {
		name, rest = name[:i], name[i:]
	}
	for i := range allRoutes {
		r := &allRoutes[i]
		if r.Name != name {
			continue
		}
		for j := range r.Replies {
			if r.Replies[j].matches(a, rest, o) {
				return r, &r.Replies[j]
			}
		}
		return r, nil
	}
	return nil, nil
}

// allRoutes are the routes that the server looks up.
var allRoutes = append(Routes(), NearMisses()...)

func (r *Reply) matches(a asked, rest string, o Origins) bool {
	if r.Host != a.host || r.Path != rest || r.Method != "" && r.Method != a.method {
		return false
	}
	if r.Stored && a.query != "" {
		return false
	}
	for _, h := range r.With {
		if !hasHeader(a.header, o.expand(h)) {
			return false
		}
	}
	for _, h := range r.Without {
		if hasHeader(a.header, o.expand(h)) {
			return false
		}
	}
	return true
}

// hasHeader takes "Name" or "Name: value".
func hasHeader(have http.Header, line string) bool {
	name, value, exact := strings.Cut(line, ":")
	values, present := have[http.CanonicalHeaderKey(name)]
	if !exact {
		return present
	}
	return present && strings.Join(values, ", ") == strings.TrimSpace(value)
}

// status is the reply's status, 200 where none is named.
func (r *Reply) status() int {
	if r.Status == 0 {
		return http.StatusOK
	}
	return r.Status
}

// lines are the reply's header lines for a request, with what the server adds.
func (r *Reply) lines(a asked, o Origins) []fetch.Header {
	echoes := []struct{ mark, name string }{
		{"{reflect}", "Origin"},
		{"{reflect-method}", "Access-Control-Request-Method"},
		{"{reflect-headers}", "Access-Control-Request-Headers"},
	}
	var out []fetch.Header
	typed := false
lines:
	for _, line := range r.Header {
		for _, echo := range echoes {
			if !strings.Contains(line, echo.mark) {
				continue
			}
			value := a.header.Get(echo.name)
			if value == "" {
				continue lines
			}
			line = strings.ReplaceAll(line, echo.mark, value)
		}
		name, value, _ := strings.Cut(o.expand(line), ":")
		typed = typed || strings.EqualFold(name, "Content-Type")
		out = append(out, fetch.Header{Name: name, Value: strings.TrimSpace(value)})
	}
	if !typed && (r.Body != "" || r.Does == Endless) {
		out = append(out, fetch.Header{Name: "Content-Type", Value: "application/json"})
	}
	return out
}
