package fetch_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/browser/scenario"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/wire"
)

// FuzzParseURL: what parses serializes to something that parses to the same.
func FuzzParseURL(f *testing.F) {
	for _, s := range []string{
		"http://example.com/", `HTTP:\\Example.com:80\a\..\b?q#f`, "http://u:p@[::1]:8080/", "http://0x7f.1/",
		"mailto:x", "data:text/plain,hi", "//", "http://xn--bcher-kva.example/", "https://bücher.example/ü?ü#ü", "file:///c:/x", "a:b",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := fetch.ParseURL(s, nil)
		if err != nil {
			return
		}
		again, err := fetch.ParseURL(u.String(), nil)
		if err != nil {
			t.Fatalf("%q became %q, which does not parse", s, u)
		}
		if again.String() != u.String() {
			t.Fatalf("%q became %q, then %q", s, u, again)
		}
	})
}

// FuzzParseOrigin: an origin that is accepted is its own serialization.
func FuzzParseOrigin(f *testing.F) {
	for _, s := range []string{"https://app.example.com", "null", "http://localhost:3000", "https://a/", "app.example.com", "HTTPS://A:443"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		origin, err := fetch.ParseOrigin(s)
		if err != nil {
			return
		}
		if again, err := fetch.ParseOrigin(origin); err != nil || again != origin {
			t.Fatalf("%q became %q, then %q, %v", s, origin, again, err)
		}
	})
}

// FuzzCharset: a Content-Type whose charset XMLHttpRequest has corrected needs no
// correction.
func FuzzCharset(f *testing.F) {
	for _, s := range []string{
		"text/plain;charset=x", `text/html; CHARSET="a\"b" ;A=b;a=c`, "a charset = 'x y'", "text/plain;charset=;charset=x", "charset;charset=x", `a/b;c="d`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, p := range fetch.Profiles() {
			once, ok := contentTypeOfXHR(p, s)
			if !ok || strings.ContainsFunc(s, func(r rune) bool { return r > 0x7f }) { // Safari writes it as UTF-8
				continue
			}
			if twice, _ := contentTypeOfXHR(p, once); twice != once {
				t.Fatalf("%s: %q became %q, then %q", p.Name, s, once, twice)
			}
		}
	})
}

func contentTypeOfXHR(p *fetch.Profile, value string) (string, bool) {
	f, err := fetch.New(p, fetch.Request{
		URL: "https://a.example/", Origin: "https://a.example", Method: "POST", Initiator: fetch.InitiatorXHR,
		Headers: []fetch.Header{{Name: "Content-Type", Value: value}}, Body: []byte("x"),
	})
	if err != nil {
		return "", false
	}
	m, _ := f.Next()
	return m.Get("Content-Type")
}

// FuzzMachine: whatever is asked and whatever comes back, a fetch ends within
// its redirects, with a verdict and a reason where there is one to give.
func FuzzMachine(f *testing.F) {
	for i, r := range readRecordings(f) {
		if i%8 != 0 || len(r.Scenario.Server) < 2 {
			continue
		}
		var q, a strings.Builder
		for _, h := range r.Scenario.Request.Headers {
			q.WriteString(h[0] + ":" + h[1] + "\n")
		}
		for _, rule := range r.Scenario.Server[:2] {
			for _, h := range rule.Headers {
				a.WriteString(h[0] + ":" + scenario.Sample.Expand(h[1]) + "\n")
			}
			a.WriteString("\n")
		}
		s := r.Scenario.Server
		f.Add(r.Scenario.Request.Method, q.String(), r.Scenario.Request.Credentials, r.Scenario.Request.Redirect, a.String(), s[0].Status, s[1].Status)
	}
	f.Fuzz(func(t *testing.T, method, headers, credentials, redirect, answers string, first, second int) {
		for _, p := range append(fetch.Profiles(), fetch.Standard) {
			run(t, p, fetch.Request{
				URL: scenario.Sample["other"] + "/p1", Origin: scenario.Sample["same"], Method: method, Headers: headerLines(headers),
				Credentials: fetch.CredentialsMode(credentials), Redirect: fetch.RedirectMode(redirect),
			}, answers, first, second)
		}
	})
}

func headerLines(s string) (out []fetch.Header) {
	for line := range strings.Lines(s) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		out = append(out, fetch.Header{Name: name, Value: value})
	}
	return out
}

func run(t *testing.T, p *fetch.Profile, req fetch.Request, answers string, statuses ...int) {
	f, err := fetch.New(p, req)
	if err != nil {
		return
	}
	blocks := strings.Split(answers, "\n\n")
	sent := 0
	for m, ok := f.Next(); ok; m, ok = f.Next() {
		if sent++; sent > 2*21 {
			t.Fatalf("%s: no end after %d messages", p.Name, sent)
		}
		i := 0
		if m.Kind == fetch.Actual {
			i = 1
		}
		if statuses[i] < 0 {
			f.Fail(&fetch.Failure{Kind: fetch.FailReset, Detail: "closed"})
			continue
		}
		f.Receive(&fetch.Response{Status: statuses[i], Headers: headerLines(blocks[min(i, len(blocks)-1)])})
	}
	checkResult(t, p, f.Result())
}

func checkResult(t *testing.T, p *fetch.Profile, r *fetch.Result) {
	verdicts := []fetch.Verdict{fetch.Allowed, fetch.Blocked, fetch.Failed}
	if !slices.Contains(verdicts, r.Verdict) {
		t.Fatalf("%s: verdict %q", p.Name, r.Verdict)
	}
	if (r.Verdict == fetch.Allowed) != (r.Reason() == nil) {
		t.Fatalf("%s: verdict %s, reason %v", p.Name, r.Verdict, r.Reason())
	}
	for _, x := range r.Exchanges {
		for _, s := range x.Steps {
			if s.Detail() == "" || strings.Contains(s.Detail(), "{want}") && !strings.Contains(s.Want+s.Seen, "{want}") {
				t.Fatalf("%s: step %q says %q", p.Name, s.Name(), s.Detail())
			}
		}
	}
}

// FuzzElements: whatever an API or element is answered, body and all, has a verdict,
// and a reason where it is not to be had.
func FuzzElements(f *testing.F) {
	for i, r := range readRecordings(f) {
		if r.Scenario.Request.Initiator == "" || i%16 != 0 {
			continue
		}
		for _, a := range r.Scenario.Server {
			var headers strings.Builder
			for _, h := range a.Headers {
				headers.WriteString(h[0] + ":" + scenario.Sample.Expand(h[1]) + "\n")
			}
			f.Add(a.Status, headers.String(), []byte(a.Payload()), uint8(i))
		}
	}
	initiators := []fetch.Initiator{
		fetch.InitiatorFetch, fetch.InitiatorXHR, fetch.InitiatorEventSource, fetch.InitiatorScript,
		fetch.InitiatorModule, fetch.InitiatorImage, fetch.InitiatorFont,
	}
	ends := []fetch.BodyEnd{"", fetch.EndsShort, fetch.EndsOpen, fetch.EndsMalformed}
	f.Fuzz(func(t *testing.T, status int, headers string, body []byte, choice uint8) {
		req := fetch.Request{
			URL: scenario.Sample["other"] + "/p1", Origin: scenario.Sample["same"], Initiator: initiators[int(choice)%len(initiators)],
		}
		if choice >= 128 && req.Initiator == fetch.InitiatorFetch {
			req.Mode = fetch.ModeNoCORS
		}
		for _, p := range append(fetch.Profiles(), fetch.Standard) {
			machine, err := fetch.New(p, req)
			if err != nil {
				t.Fatal(err)
			}
			sent := 0
			for _, ok := machine.Next(); ok; _, ok = machine.Next() {
				if sent++; sent > 2*21 {
					t.Fatalf("%s: no end after %d messages", p.Name, sent)
				}
				machine.Receive(&fetch.Response{
					Status: status, Headers: headerLines(headers), Body: body, Undo: wire.Undo, Ends: ends[int(choice)/8%len(ends)],
				})
			}
			checkResult(t, p, machine.Result())
		}
	})
}
