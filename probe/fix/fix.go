// Package fix knows the stacks that serve an API: how to recognise one from
// outside, and the smallest configuration that mends a finding on it. A stack
// is one file; registry.go lists them in order.
package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// Want is what the changed server has to permit: no more than one check asks.
type Want struct {
	URL *fetch.URL
	// Origin is the page's serialized origin.
	Origin string
	// Method is the normalized method of the request.
	Method string
	// Headers are the CORS-unsafe request-header names of the request.
	Headers []string
	// Credentials is set where the credentials mode is include.
	Credentials bool
	// Expose are the response headers that the page wants to read.
	Expose []string
	// Preflight is set where the request is preflighted for another reason than
	// its method and headers, such as an upload listener.
	Preflight bool
	// Target is where the server redirected to, for findings about redirects.
	Target *fetch.URL
	// Finding is what For mends; For sets it.
	Finding finding.ID
	// Confidence and Why come from the Layer that the change is for.
	Confidence finding.Confidence
	Why        string
}

// For is the change that mends a finding on a stack. A stack that is unknown,
// or that has no change of its own for the finding, gets the general one: Stack
// "page" where the page is to change, else "any". It reports false where no
// change mends the finding, and where a value cannot stand in a configuration:
// the origin "null", a header name that is no token.
func For(id finding.ID, stack string, w Want) (finding.Fix, bool) {
	w.Finding = id
	v, ok := newView(w)
	if !ok {
		return finding.Fix{}, false
	}
	for _, s := range []*Stack{lookup(stack), &page, &general} {
		if s == nil || !v.fits(s) {
			continue
		}
		if s.Kind == DevProxy {
			return Develop(s.Key, w)
		}
		for _, c := range s.changes {
			if c.mends(id) {
				return v.fix(s, c), true
			}
		}
	}
	return finding.Fix{}, false
}

// Develop is the development proxy "vite", "nextjs", "angular" or "nginx-proxy" that makes the target same-origin for the
// page: the way out where the server is somebody else's.
func Develop(stack string, w Want) (finding.Fix, bool) {
	s := lookup(stack)
	v, ok := newView(w)
	if s == nil || s.Kind != DevProxy || !ok || !isOrigin(v.Base()) {
		return finding.Fix{}, false
	}
	return v.fix(s, s.changes[0]), true
}

// view is what the templates see: a Want whose values were all judged fit to
// stand in a configuration.
type view struct {
	Want
	Key string // of the stack that is printed
}

// newView refuses values that no configuration can hold. Response-header names
// come from a server: those that are no token are left out.
func newView(w Want) (*view, bool) {
	if w.Method == "" {
		w.Method = "GET"
	}
	if !isOrigin(w.Origin) || !isToken(w.Method) || slices.ContainsFunc(w.Headers, notToken) {
		return nil, false
	}
	w.Headers = lowerSorted(w.Headers)
	w.Expose = slices.DeleteFunc(lowerSorted(w.Expose), notToken)
	return &view{Want: w}, true
}

// fits reports whether the stack's language can quote every value. Tokens may
// hold characters such as $ that some languages have no escape for.
func (v *view) fits(s *Stack) bool {
	all := v.Origin + v.Method + strings.Join(v.Headers, "") + strings.Join(v.Expose, "")
	return !strings.ContainsAny(all, s.unquotable)
}

func (v *view) fix(s *Stack, c change) finding.Fix {
	v.Key = s.Key
	out := finding.Fix{Stack: s.Key, Confidence: v.Confidence, Why: v.Why, Snippet: v.snippet(s, c)}
	switch {
	case s == &general:
		out.Confidence, out.Why = finding.Low, ""
	case s == &page:
		out.Confidence, out.Why = finding.High, ""
	case out.Confidence == "":
		out.Confidence = finding.Low
	}
	return out
}

// snippet prints the parts, each below a comment that names its place.
func (v *view) snippet(s *Stack, c change) string {
	var blocks []string
	note := s.note
	if !s.Run && s != &general && s != &page && s.Kind != DevProxy {
		note = strings.TrimSpace("Follows the documentation of " + s.Name + "; not run by the project's tests. " + note)
	}
	if note != "" {
		blocks = append(blocks, commented(s.comment, note))
	}
	for _, p := range c.parts {
		place, code := v.execute(p.place), strings.Trim(v.execute(p.code), "\n")
		if code == "" {
			continue
		}
		if place != "" {
			code = commented(s.comment, place) + "\n" + code
		}
		blocks = append(blocks, code)
	}
	return strings.Join(blocks, "\n\n") + "\n"
}

// Preflighted reports whether the browser sends a preflight first.
func (v *view) Preflighted() bool {
	return v.Preflight || !v.Simple() || len(v.Headers) > 0 || v.IsPreflight()
}

// IsPreflight reports whether the finding is about a preflight, which then
// takes place whatever the method and headers look like.
func (v *view) IsPreflight() bool {
	switch v.Finding {
	case "preflight-needs-auth", "preflight-not-routed", "preflight-status", "only-response-configured", "preflight-not-cached":
		return true
	}
	return false
}

// Simple reports whether the method needs no permission: browsers never ask
// Access-Control-Allow-Methods about GET, HEAD and POST.
func (v *view) Simple() bool {
	return v.Method == "GET" || v.Method == "HEAD" || v.Method == "POST"
}

// Methods are the check's method and those that need no permission, for
// libraries whose list decides about these too.
func (v *view) Methods() []string {
	list := []string{"GET", "HEAD", "POST"}
	if !v.Simple() {
		list = append(list, v.Method)
	}
	return list
}

// MaxAge is how long a browser may keep the preflight's answer; 0 leaves it
// out, because only one finding is about it.
func (v *view) MaxAge() int {
	if v.Finding == "preflight-not-cached" {
		return 7200
	}
	return 0
}

// Is reports whether the finding is one of those.
func (v *view) Is(ids ...string) bool { return slices.Contains(ids, string(v.Finding)) }

// Path is the path of the request, for a comment: in one line, whatever was put
// into the URL.
func (v *view) Path() string {
	if v.URL == nil || v.URL.Path == "" {
		return "/"
	}
	var b strings.Builder
	for i := range len(v.URL.Path) {
		if c := v.URL.Path[i]; c <= ' ' || c > '~' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Base is the origin of the URL.
func (v *view) Base() string {
	if v.URL == nil {
		return ""
	}
	return v.URL.Scheme + "://" + v.URL.Authority()
}

// CustomScheme is the start of an origin that is neither http nor https, as
// apps and extensions have it, and empty for all others.
func (v *view) CustomScheme() string {
	scheme, _, _ := strings.Cut(v.Origin, "://")
	if scheme == "http" || scheme == "https" {
		return ""
	}
	return scheme + "://"
}

// Listed are the header names for a library that takes an empty list for
// leave to echo whatever is asked: accept needs no permission, so that naming
// it gives none.
func (v *view) Listed() []string {
	if len(v.Headers) == 0 {
		return []string{"accept"}
	}
	return v.Headers
}
