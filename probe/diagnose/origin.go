package diagnose

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// originRefused looks for a spelling of the origin that is accepted and names
// the refusal.
func (s *subject) originRefused(ctx context.Context, confirmed bool, detail string) []finding.Finding {
	accepted := s.acceptedOrigin(ctx)
	return s.originFinding(confirmed || accepted != "", accepted, detail)
}

// originFinding picks the ID by what the origin is and what is accepted.
func (s *subject) originFinding(confirmed bool, accepted, detail string) []finding.Finding {
	id := finding.OriginMismatch
	switch {
	case s.origin() == fetch.NullOrigin:
		id = finding.NullOrigin
		detail += " The origin null is that of files, data: URLs and sandboxed frames: serve the page over http instead."
	case accepted != "" && isLoopback(accepted) && isLoopback(s.origin()):
		id = finding.LoopbackMismatch
		detail += fmt.Sprintf(" It accepts %s, which is the same machine and another origin.", accepted)
	case accepted != "":
		detail += fmt.Sprintf(" It accepts %s: %s.", accepted, originDifference(accepted, s.origin()))
	}
	return s.conclude(id, confirmed, detail)
}

// variantsTried is how many spellings are tried: the rest of the budget may be
// needed elsewhere, and the first ones are by far the likeliest.
const variantsTried = 3

// acceptedOrigin asks with other spellings of the origin until one is accepted.
func (s *subject) acceptedOrigin(ctx context.Context) string {
	base := s.readable()
	if s.preflight() {
		base = s.preflightFor("GET", nil)
	}
	limit := variantsTried
	if s.status() >= 400 {
		limit = 2 // an error has more causes to ask about
	}
	if s.Deep {
		limit = 12
	}
	origins := spellings(s.origin())
	origins = origins[:min(limit, len(origins))]
	from := func(origin string) fetch.Request {
		req := base
		req.Origin, req.Page = origin, ""
		return req
	}
	var questions []Question
	for _, origin := range origins {
		questions = append(questions, first(s.res.Browser, whySpelling(origin), from(origin))...)
	}
	s.ahead(ctx, questions...) // most often none is accepted, and all are asked
	for _, origin := range origins {
		res := s.tryIt(ctx, from(origin), whySpelling(origin))
		if res == nil {
			break
		}
		if s.answersCORS(res) || passes(res) {
			s.learnFrom(res)
			return origin
		}
	}
	return ""
}

func whySpelling(origin string) string { return "whether the origin " + origin + " is accepted" }

// devPorts are the usual ports of development servers.
var devPorts = []string{"3000", "5173", "4200", "8080"}

// spellings are origins that people take for the same as one.
func spellings(origin string) []string {
	if origin == fetch.NullOrigin {
		return []string{probeOrigin, "http://localhost:3000"}
	}
	u, err := fetch.ParseURL(origin, nil)
	if err != nil {
		return nil
	}
	var out []string
	add := func(scheme, host, port string) {
		v := fetch.URL{Scheme: scheme, Host: host, Port: port}
		if o := v.Origin(); o != origin && !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	if isLoopback(origin) {
		add(u.Scheme, "localhost", u.Port)
		add(u.Scheme, "127.0.0.1", u.Port)
		for i, port := range devPorts {
			if add(u.Scheme, u.Host, port); i == 1 {
				add(u.Scheme, "[::1]", u.Port)
			}
		}
		return out
	}
	if addr, ok := u.Addr(); ok && space(addr) == "private" {
		add(u.Scheme, "localhost", u.Port) // the page was opened from another device
	}
	other := map[string]string{"http": "https", "https": "http"}[u.Scheme]
	add(other, u.Host, "")
	www := "www." + u.Host
	if bare, ok := strings.CutPrefix(u.Host, "www."); ok {
		www = bare
	}
	if net.ParseIP(u.Host) == nil {
		add(u.Scheme, www, u.Port)
	}
	if u.Port != "" {
		add(u.Scheme, u.Host, "")
	}
	if _, parent, _ := strings.Cut(u.Host, "."); net.ParseIP(u.Host) == nil && strings.Contains(parent, ".") {
		add(u.Scheme, parent, u.Port)
	}
	if u.Port == "" {
		add(u.Scheme, u.Host, "8080")
		add(u.Scheme, u.Host, "3000")
	}
	add(other, www, "")
	return out
}

// originDifference says in what two origins differ.
func originDifference(have, want string) string {
	a, errA := fetch.ParseURL(have, nil)
	b, errB := fetch.ParseURL(want, nil)
	if errA != nil || errB != nil {
		return have + " is not " + want
	}
	var parts []string
	if a.Scheme != b.Scheme {
		parts = append(parts, "the scheme differs")
	}
	switch {
	case strings.TrimPrefix(a.Host, "www.") == strings.TrimPrefix(b.Host, "www.") && a.Host != b.Host:
		parts = append(parts, "one has www and the other not")
	case a.Host != b.Host:
		parts = append(parts, "the host differs")
	}
	if a.Port != b.Port && (a.Scheme == b.Scheme || a.Port != "" || b.Port != "") {
		parts = append(parts, "the port differs")
	}
	if len(parts) == 0 {
		return "they differ in spelling"
	}
	return strings.Join(parts, ", ")
}

func isLoopback(origin string) bool {
	u, err := fetch.ParseURL(origin, nil)
	return err == nil && u.IsLoopback()
}

// spellingFault says what is wrong with a value that was meant for an origin.
func spellingFault(value, origin string) string {
	lower := strings.ToLower(value)
	switch {
	case value == "":
		return "it is empty"
	case strings.TrimRight(value, "/") == origin:
		return "the slash at the end makes it another value"
	case lower == origin || strings.TrimRight(lower, "/") == origin:
		return "it must be in lower case"
	case strings.Contains(value, "*"):
		return "a * inside an origin is no pattern: the server must compare the origin itself and send back that one"
	case strings.Trim(value, `"'`) == origin:
		return "the quotes are part of the value"
	case value == fetch.NullOrigin:
		return "null is the origin of files and sandboxed frames"
	case !strings.Contains(value, "://") && containsFold(origin, "://"+value):
		return "the scheme is missing"
	case !strings.Contains(value, "://"):
		return "it is no origin: scheme, host and port are needed"
	case strings.HasPrefix(value, origin+"/"):
		return "an origin has no path"
	case value == origin+":443" || value == origin+":80":
		return "the default port must be left out"
	}
	return originDifference(value, origin)
}
