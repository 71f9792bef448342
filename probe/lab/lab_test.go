package lab

import (
	"slices"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

func start(t *testing.T) *Server {
	t.Helper()
	s, err := Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestEveryRouteEndsAsPromised(t *testing.T) {
	s := start(t)
	p, err := probe.New(probe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, r := range Routes() {
		got := p.Check(t.Context(), s.Check(&r, nil))
		if kept, why := s.Kept(&r, nil, got); !kept {
			t.Errorf("%s: %s\n%s", r.Name, why, got)
		}
	}
}

// What the lab predicts without a network is what comes over sockets.
func TestPredictionsHoldOverSockets(t *testing.T) {
	s := start(t)
	p, err := probe.New(probe.Options{NoDiagnose: true})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, r := range Routes() {
		for _, browser := range []*fetch.Profile{fetch.Chrome, fetch.Firefox, fetch.Safari} {
			predicted := s.predict(&r, browser)
			got := p.Check(t.Context(), s.Check(&r, browser))
			var code, console string
			if reason := got.Fetch.Reason(); reason != nil {
				code, console = reason.Code, reason.Console
			}
			if predicted.Verdict != got.Verdict() || predicted.Type != got.Fetch.Type || predicted.Status != got.Fetch.Status ||
				!slices.Equal(predicted.Exposed, got.Fetch.Exposed) {
				t.Errorf("%s in %s: predicted %+v, got %s %s %d %v", r.Name, browser.Name, predicted, got.Verdict(), got.Fetch.Type, got.Fetch.Status, got.Fetch.Exposed)
			}
			if got.Verdict() == fetch.Blocked && (predicted.Code != code || predicted.Console != console) {
				t.Errorf("%s in %s: predicted %q %q, got %q %q", r.Name, browser.Name, predicted.Code, predicted.Console, code, console)
			}
		}
	}
}

func TestRoutesAreWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Routes() {
		if seen[r.Name] || r.Name == "" || strings.ContainsAny(r.Name, "/ ") {
			t.Errorf("route %q is there twice, or has no proper name", r.Name)
		}
		seen[r.Name] = true
		if r.Title == "" || strings.HasSuffix(r.Title, ".") || !strings.HasSuffix(r.Teaches, ".") {
			t.Errorf("%s: a title is a clause, what it teaches are sentences", r.Name)
		}
		if !slices.Contains(Families(), r.Family) {
			t.Errorf("%s: unknown family %q", r.Name, r.Family)
		}
		for _, reply := range r.Replies {
			for _, line := range reply.Header {
				if !strings.Contains(line, ": ") {
					t.Errorf("%s: the header line %q has no colon", r.Name, line)
				}
			}
		}
	}
}

// Every code that a server can make Chrome report has a route.
func TestEveryServerCodeHasARoute(t *testing.T) {
	reached := map[string]bool{}
	for _, r := range Routes() {
		reached[r.Code] = true
	}
	for _, code := range []string{
		"MissingAllowOriginHeader", "MultipleAllowOriginValues", "InvalidAllowOriginValue", "AllowOriginMismatch",
		"WildcardOriginNotAllowed", "InvalidAllowCredentials", "PreflightMissingAllowOriginHeader",
		"PreflightMultipleAllowOriginValues", "PreflightInvalidAllowOriginValue", "PreflightAllowOriginMismatch",
		"PreflightWildcardOriginNotAllowed", "PreflightInvalidAllowCredentials", "PreflightInvalidStatus",
		"PreflightDisallowedRedirect", "MethodDisallowedByPreflightResponse", "HeaderDisallowedByPreflightResponse",
		"InvalidAllowMethodsPreflightResponse", "InvalidAllowHeadersPreflightResponse", "RedirectContainsCredentials",
		"CorsDisabledScheme", "net::ERR_INVALID_REDIRECT", "net::ERR_UNSAFE_REDIRECT", "net::ERR_TOO_MANY_REDIRECTS",
		"net::ERR_FAILED", "net::ERR_UNEXPECTED_PROXY_AUTH",
	} {
		if !reached[code] {
			t.Errorf("no route is promised to end in %s", code)
		}
	}
}
