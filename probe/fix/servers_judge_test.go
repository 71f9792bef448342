package fix_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/finding"
)

// foreign is an origin that nobody allowed.
const foreign = "https://foreign.example.net"

// A failure is a way to get CORS wrong, and the request that suffers.
type failure struct {
	title   string
	path    string
	method  string
	headers []string // "Name: value"
	include bool     // credentials mode include
	causes  []finding.ID
	// passes says that the browser reads the answer even while it is broken.
	passes bool
}

// failures are the columns of the table.
var failures = map[string]failure{
	"none":        {title: "no CORS at all", path: "/data", method: "GET", causes: []finding.ID{"no-cors-headers"}},
	"auth":        {title: "auth answers the preflight", path: "/data", method: "GET", headers: []string{"Authorization: Basic dTpw"}, causes: []finding.ID{"preflight-needs-auth"}},
	"options":     {title: "no OPTIONS route", path: "/data", method: "PUT", headers: []string{"Content-Type: application/json"}, causes: []finding.ID{"preflight-not-routed"}},
	"header":      {title: "header refused", path: "/data", method: "GET", headers: []string{"X-Request-Id: 1"}, causes: []finding.ID{"header-not-allowed"}},
	"method":      {title: "method refused", path: "/data", method: "PUT", causes: []finding.ID{"method-not-allowed"}},
	"credentials": {title: "credentials", path: "/data", method: "GET", include: true, causes: []finding.ID{"credentials-not-allowed", "wildcard-with-credentials"}},
	"duplicate":   {title: "duplicate header through a proxy", path: "/cors/data", method: "GET", causes: []finding.ID{"duplicate-allow-origin"}},
	"error":       {title: "error page without headers", path: "/boom", method: "GET", causes: []finding.ID{"error-hides-behind-cors"}},
	"vary":        {title: "missing Vary", path: "/data", method: "GET", causes: []finding.ID{"vary-origin-missing"}, passes: true},
}

// columns is the order of the table.
var columns = []string{"none", "auth", "options", "header", "method", "credentials", "duplicate", "error", "vary"}

// flags are the request of a failure on the command line.
func (f failure) flags(origin string) []string {
	args := []string{"--origin", origin, "-X", f.method, "--send-unsafe"}
	for _, h := range f.headers {
		args = append(args, "-H", h)
	}
	if f.include {
		args = append(args, "--credentials", "include")
	}
	return args
}

func (f failure) preflighted() bool { return f.method != "GET" || len(f.headers) > 0 }

// verdict is what the tests read of corscheck's JSON.
type verdict struct {
	Verdict  string
	Findings []finding.Finding
}

// corscheck runs the built command as a user does.
func (p *proof) corscheck(url string, flags ...string) (*verdict, error) {
	out, err := p.command(append([]string{url, "-f", "json"}, flags...)...)
	if err != nil {
		return nil, err
	}
	var doc struct{ Checks []verdict }
	if err := json.Unmarshal(out, &doc); err != nil || len(doc.Checks) != 1 {
		return nil, fmt.Errorf("not one check in %s: %v", out, err)
	}
	return &doc.Checks[0], nil
}

// command runs corscheck; exit codes 0, 1 and 3 are answers.
func (p *proof) command(args ...string) ([]byte, error) {
	cmd := exec.Command(p.binary, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && (exit.ExitCode() == 1 || exit.ExitCode() == 3) {
		err = nil
	}
	if err != nil {
		return nil, fmt.Errorf("corscheck %s: %w\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	return out, nil
}

// headersHold asks the mended server by other means than corscheck: a check of
// the headers themselves, for this origin, a foreign one and none.
func (f failure) headersHold(base string) error {
	var errs []error
	if f.preflighted() {
		res, err := f.ask(http.MethodOptions, base+f.path, app)
		if err != nil {
			return err
		}
		errs = append(errs, allowsOrigin(res, app), f.allowsRequest(res))
	}
	res, err := f.ask(f.method, base+f.path, app)
	if err != nil {
		return err
	}
	errs = append(errs, allowsOrigin(res, app), f.allowsCredentials(res))
	for _, origin := range []string{foreign, ""} {
		for _, method := range []string{f.method, http.MethodOptions} {
			res, err := f.ask(method, base+f.path, origin)
			if err != nil {
				return err
			}
			errs = append(errs, refusesOrigin(res, origin))
			if method != http.MethodOptions {
				errs = append(errs, varies(res))
			}
		}
	}
	return errors.Join(errs...)
}

// errorsHold looks at the error pages of the mended server.
func (f failure) errorsHold(base string) error {
	var errs []error
	for _, path := range []string{"/boom", "/no-such-page"} {
		res, err := f.ask(http.MethodGet, base+path, app)
		if err != nil {
			return err
		}
		if res.StatusCode < 400 {
			errs = append(errs, fmt.Errorf("%s: status %d is no error", path, res.StatusCode))
		}
		errs = append(errs, allowsOrigin(res, app), varies(res))
	}
	return errors.Join(errs...)
}

// ask sends the request of the failure with a plain HTTP client.
func (f failure) ask(method, url, origin string) (*http.Response, error) {
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		return nil, err
	}
	if origin != "" {
		req.Header.Set("Origin", origin)
	}
	if method == http.MethodOptions {
		req.Header.Set("Access-Control-Request-Method", f.method)
		if names := f.headerNames(); len(names) > 0 {
			req.Header.Set("Access-Control-Request-Headers", strings.Join(names, ","))
		}
	} else {
		for _, h := range f.headers {
			name, value, _ := strings.Cut(h, ": ")
			req.Header.Set(name, value)
		}
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	res.Body.Close()
	return res, nil
}

func (f failure) headerNames() []string {
	var names []string
	for _, h := range f.headers {
		name, _, _ := strings.Cut(h, ":")
		names = append(names, strings.ToLower(name))
	}
	slices.Sort(names)
	return names
}

func about(res *http.Response, format string, args ...any) error {
	return fmt.Errorf("%s %s from %q, status %d: %s", res.Request.Method, res.Request.URL.Path,
		res.Request.Header.Get("Origin"), res.StatusCode, fmt.Sprintf(format, args...))
}

func allowsOrigin(res *http.Response, origin string) error {
	if got := res.Header.Values("Access-Control-Allow-Origin"); !slices.Equal(got, []string{origin}) {
		return about(res, "Access-Control-Allow-Origin is %q", got)
	}
	return nil
}

func refusesOrigin(res *http.Response, origin string) error {
	for _, got := range res.Header.Values("Access-Control-Allow-Origin") {
		if got == "*" || origin != "" && got == origin {
			return about(res, "Access-Control-Allow-Origin is %q", got)
		}
	}
	return nil
}

func varies(res *http.Response) error {
	for _, line := range res.Header.Values("Vary") {
		for name := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(name), "Origin") {
				return nil
			}
		}
	}
	return about(res, "Vary is %q", res.Header.Values("Vary"))
}

func (f failure) allowsCredentials(res *http.Response) error {
	got := res.Header.Values("Access-Control-Allow-Credentials")
	switch {
	case f.include && !slices.Equal(got, []string{"true"}):
		return about(res, "Access-Control-Allow-Credentials is %q", got)
	case !f.include && len(got) > 0:
		return about(res, "credentials are allowed, and nobody asked for that")
	}
	return nil
}

func (f failure) allowsRequest(res *http.Response) error {
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return about(res, "no ok status")
	}
	list := func(name string) []string {
		return strings.FieldsFunc(strings.Join(res.Header.Values(name), ","), func(r rune) bool { return r == ',' || r == ' ' })
	}
	methods := list("Access-Control-Allow-Methods")
	if f.method != "GET" && !slices.Contains(methods, f.method) || slices.Contains(methods, "DELETE") || slices.Contains(methods, "*") {
		return about(res, "Access-Control-Allow-Methods is %q", methods)
	}
	headers := strings.ToLower(strings.Join(list("Access-Control-Allow-Headers"), " "))
	for _, name := range f.headerNames() {
		if !slices.Contains(strings.Fields(headers), name) {
			return about(res, "Access-Control-Allow-Headers is %q", headers)
		}
	}
	if strings.Contains(headers, "*") {
		return about(res, "Access-Control-Allow-Headers is %q", headers)
	}
	return nil
}
