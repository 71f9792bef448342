package probe

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/corscheck/corscheck/probe/diagnose"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/wire"
)

// question is one to the URL, with headers that the check has too.
func question(method, url string) diagnose.Question {
	u, err := fetch.ParseURL(url, nil)
	if err != nil {
		panic(err)
	}
	return diagnose.Question{Message: fetch.Message{
		Kind: fetch.Actual, Method: method, URL: u, Credentials: true, Body: []byte("secret"),
		Headers: []fetch.Header{{Name: "Origin", Value: app}, {Name: "x-api-key", Value: "secret"}, {Name: "Cookie", Value: "sid=secret"}},
	}}
}

// asking is a diagnosis that puts questions and finds one error.
func asking(questions ...diagnose.Question) explainFunc {
	return func(ctx context.Context, c diagnose.Case, ask diagnose.Ask) []finding.Finding {
		f := finding.Finding{ID: "no-cors-headers", Severity: finding.Error, Detail: "for " + c.Result.Request.Origin}
		for _, q := range questions {
			if ask == nil {
				break
			}
			if answer, ok := ask(ctx, q); ok && answer.Response != nil {
				f.Confirmed, f.Evidence = true, append(f.Evidence, q.Message.Method)
			}
		}
		return []finding.Finding{f}
	}
}

func diagnosing(t *testing.T, o Options, explain explainFunc) *Prober {
	p := prober(t, o)
	p.opts.NoDiagnose, p.explain = false, explain
	return p
}

func closed(*fetch.Message) wire.Exchange { return answer(200) }

func TestOneDiagnosisServesAllChecksItExplains(t *testing.T) {
	n := &network{answer: closed}
	p := diagnosing(t, Options{Sender: n}, asking(question("OPTIONS", target), question("HEAD", target)))
	i := 0
	for r := range p.Run(t.Context(), origins(500)) {
		f := r.Findings[0]
		if f.Detail != "for "+r.Check.Request.Origin || !f.Confirmed {
			t.Fatalf("%s is told %+v", r.Check.Request.Origin, f)
		}
		// The leader is the first in order, whoever was faster.
		extra := len(r.Exchanges) - 1
		if i == 0 && (extra != 2 || len(f.Evidence) != 2) || i > 0 && (extra != 0 || len(f.Evidence) != 3) {
			t.Fatalf("check %d has %d extra exchanges and the evidence %q", i, extra, f.Evidence)
		}
		i++
	}
	if n.count("OPTIONS") != 1 || n.count("HEAD") != 1 || n.count("GET") != 500 {
		t.Errorf("%d requests for 500 checks", len(n.sent))
	}
}

func TestDifferentFailuresHaveDiagnosesOfTheirOwn(t *testing.T) {
	n := &network{}
	var asked atomic.Int64
	n.answer = func(m *fetch.Message) wire.Exchange {
		if origin, _ := m.Get("Origin"); origin == app {
			return answer(502)
		}
		return answer(200)
	}
	p := diagnosing(t, Options{Sender: n}, func(_ context.Context, _ diagnose.Case, ask diagnose.Ask) []finding.Finding {
		if ask != nil {
			asked.Add(1)
		}
		return nil
	})
	for range p.Run(t.Context(), slices.Values([]Check{get(app), get("https://b.example"), get(app), get("https://c.example")})) {
	}
	if asked.Load() != 2 {
		t.Errorf("%d diagnoses for a 502 and a 200", asked.Load())
	}
}

func TestDiagnosisHasABudget(t *testing.T) {
	many := slices.Repeat([]diagnose.Question{question("GET", target)}, 20)
	n := &network{answer: closed}
	diagnosing(t, Options{Sender: n}, asking(many...)).Check(t.Context(), get(app))
	if len(n.sent) != 1+maxExtra {
		t.Errorf("%d requests, want the browser's and %d more", len(n.sent), maxExtra)
	}
	n = &network{answer: closed}
	diagnosing(t, Options{Sender: n, Deep: true}, asking(many...)).Check(t.Context(), get(app))
	if len(n.sent) != 21 {
		t.Errorf("%d requests with Deep, want 21", len(n.sent))
	}
}

func TestDiagnosisSendsNothingUnsafe(t *testing.T) {
	n := &network{answer: closed}
	c := get(app)
	c.SendUnsafe = true
	diagnosing(t, Options{Sender: n}, asking(question("POST", target), question("DELETE", target))).Check(t.Context(), c)
	if len(n.sent) != 1 {
		t.Errorf("sent %q", n.sent)
	}
}

func TestWhatTheUserGaveStaysAtTheTarget(t *testing.T) {
	for _, test := range []struct {
		url    string
		headed bool
		want   string
	}{
		{target + "?token=1", true, target + "?token=1"},
		{"https://api.example/other", true, "https://api.example/other"},
		{"http://api.example/users?token=1", false, "http://api.example/users"},
		{"https://evil.example/users?token=1", false, "https://evil.example/users"},
		{"https://login.example/?next=1", false, "https://login.example/?next=1"},
		{"https://www.api.example/users?token=1", false, "https://www.api.example/users?token=1"}, // the server's own Location
	} {
		var got *fetch.Message
		sent := 0
		s := senderFunc(func(m *fetch.Message) wire.Exchange {
			switch sent++; sent {
			case 1:
				return answer(302, "Location", "https://www.api.example/users?token=1")
			case 2:
				return answer(200) // where the redirect leads
			}
			got = m
			return answer(200)
		})
		c := get(app)
		c.Request.URL += "?token=1"
		c.Request.Headers = []fetch.Header{{Name: "X-API-Key", Value: "secret"}}
		c.Request.Mode = fetch.ModeNoCORS // for a check of two messages
		p := diagnosing(t, Options{Sender: s}, asking(question("GET", test.url)))
		p.Check(t.Context(), c)
		if got == nil {
			t.Errorf("%s: nothing was asked", test.url)
			continue
		}
		_, key := got.Get("x-api-key")
		_, cookie := got.Get("Cookie")
		if got.URL.String() != test.want || key != test.headed || cookie != test.headed || got.Credentials != test.headed || got.Body != nil {
			t.Errorf("%s: sent to %s, key %t, cookie %t, body %q", test.url, got.URL, key, cookie, got.Body)
		}
	}
}

type senderFunc func(*fetch.Message) wire.Exchange

func (f senderFunc) Send(_ context.Context, m *fetch.Message) wire.Exchange { return f(m) }

func TestIgnoredFindingsAreLeftOut(t *testing.T) {
	p := diagnosing(t, Options{Sender: &network{answer: closed}, Ignore: []finding.ID{"no-cors-headers"}}, asking())
	if r := p.Check(t.Context(), get(app)); len(r.Findings) != 0 || r.Verdict() != fetch.Blocked {
		t.Errorf("%s with %v", r.Verdict(), r.Findings)
	}
}

// A run that is left early leaves nothing behind, neither checks nor diagnoses.
func TestARunThatIsLeftEarlyEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &network{answer: closed, delay: 10 * time.Millisecond}
		p := diagnosing(t, Options{Sender: n, Concurrency: 4}, asking(question("OPTIONS", target)))
		seen := 0
		for range p.Run(t.Context(), origins(1_000_000)) {
			if seen++; seen == 3 {
				break
			}
		}
		if n.count("GET") > 1000 {
			t.Errorf("%d requests for 3 results", n.count("GET"))
		}
	}) // which fails where a goroutine is left
}

// A name without an address of the other family cannot be asked over it: that
// is no request and stands nowhere.
func TestAnAbsentAddressFamilyIsNoRequest(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	p, err := New(Options{Wire: wire.Options{Resolve: []string{"api.example.test:" + port + ":127.0.0.1"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	r := p.Check(t.Context(), Check{Request: fetch.Request{URL: "http://api.example.test:" + port + "/", Origin: "http://app.example.test"}})
	if len(r.Findings) == 0 || r.Findings[0].ID != finding.NoCORSHeaders {
		t.Errorf("found %v", r.Findings)
	}
	for _, x := range r.Exchanges {
		if x.Failure != nil {
			t.Errorf("%s %s: %s", x.Message.Method, x.Message.URL, x.Failure.Detail)
		}
	}
}
