package probe

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/wire"
)

const (
	app    = "https://app.example"
	target = "https://api.example/users"
)

// A network is a Sender that answers from a function and remembers what it was
// sent.
type network struct {
	answer func(*fetch.Message) wire.Exchange
	delay  time.Duration
	mu     sync.Mutex
	sent   []string
}

func (n *network) Send(ctx context.Context, m *fetch.Message) wire.Exchange {
	n.mu.Lock()
	n.sent = append(n.sent, m.Method+" "+m.URL.String())
	n.mu.Unlock()
	if n.delay > 0 && !sleep(ctx, n.delay) {
		kind := fetch.FailTimeout
		if context.Cause(ctx) == context.Canceled {
			kind = fetch.FailCanceled
		}
		return wire.Exchange{Failure: &fetch.Failure{Kind: kind, Detail: "too slow"}}
	}
	return n.answer(m)
}

func (n *network) count(prefix string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	count := 0
	for _, s := range n.sent {
		if strings.HasPrefix(s, prefix) {
			count++
		}
	}
	return count
}

func answer(status int, headers ...string) wire.Exchange {
	resp := &fetch.Response{Status: status}
	for i := 0; i < len(headers); i += 2 {
		resp.Headers = append(resp.Headers, fetch.Header{Name: headers[i], Value: headers[i+1]})
	}
	return wire.Exchange{Response: resp}
}

// open answers as a server does that allows everything without credentials.
func open(*fetch.Message) wire.Exchange {
	return answer(200, "Access-Control-Allow-Origin", "*", "Access-Control-Allow-Methods", "*", "Access-Control-Allow-Headers", "*")
}

// prober makes no diagnoses, so that every request is one of a browser.
func prober(t *testing.T, o Options) *Prober {
	t.Helper()
	o.NoDiagnose = true
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func get(origin string) Check {
	return Check{Request: fetch.Request{URL: target, Origin: origin}}
}

func put(browser *fetch.Profile, unsafe bool) Check {
	return Check{Request: fetch.Request{URL: target, Origin: app, Method: "PUT"}, Browser: browser, SendUnsafe: unsafe}
}

func TestUnsafeMethodsAreNotSent(t *testing.T) {
	n := &network{answer: open}
	r := prober(t, Options{Sender: n}).Check(t.Context(), put(nil, false))
	if r.Verdict() != fetch.Undecided || !slices.Equal(n.sent, []string{"OPTIONS " + target}) {
		t.Errorf("verdict %s after %q", r.Verdict(), n.sent)
	}
	n = &network{answer: open}
	r = prober(t, Options{Sender: n}).Check(t.Context(), put(nil, true))
	if r.Verdict() != fetch.Allowed || !slices.Equal(n.sent, []string{"OPTIONS " + target, "PUT " + target}) {
		t.Errorf("with SendUnsafe: verdict %s after %q", r.Verdict(), n.sent)
	}
}

func TestUnsafeMethodsAreNotSentBehindARedirect(t *testing.T) {
	n := &network{answer: func(m *fetch.Message) wire.Exchange {
		if m.URL.Path == "/users" && m.Method == "POST" {
			return answer(307, "Access-Control-Allow-Origin", "*", "Location", "/elsewhere")
		}
		return open(m)
	}}
	c := Check{Request: fetch.Request{URL: target, Origin: app, Method: "POST"}}
	if r := prober(t, Options{Sender: n}).Check(t.Context(), c); r.Verdict() != fetch.Undecided || len(n.sent) != 0 {
		t.Errorf("verdict %s after %q", r.Verdict(), n.sent)
	}
}

func TestBrowsersShareWhatIsAlike(t *testing.T) {
	browsers := []*fetch.Profile{fetch.Chrome, fetch.Firefox, fetch.Safari}
	n := &network{answer: open}
	p := prober(t, Options{Sender: n})
	checks := func(yield func(Check) bool) {
		for _, origin := range []string{app, "https://b.example"} {
			for _, b := range browsers {
				c := put(b, true)
				c.Request.Origin = origin
				if !yield(c) {
					return
				}
			}
		}
	}
	var got []string
	for r := range p.Run(t.Context(), checks) {
		got = append(got, r.Check.Request.Origin+" "+r.Fetch.Browser.Name+" "+string(r.Verdict()))
	}
	if len(got) != 6 || !strings.HasPrefix(got[0], app+" chrome") || !strings.HasPrefix(got[5], "https://b.example safari") {
		t.Errorf("results %q", got)
	}
	if n.count("PUT") != 2 || n.count("OPTIONS") != 2 {
		t.Errorf("two origins in three browsers sent %q", n.sent)
	}
}

// A redirect loop is sent again and again within a browser, as the browser does
// it, and once for all browsers together.
func TestSharedAnswersKeepTheirOrder(t *testing.T) {
	hops := 0
	n := &network{answer: func(*fetch.Message) wire.Exchange {
		if hops++; hops < 3 {
			return answer(302, "Access-Control-Allow-Origin", "*", "Location", "/users")
		}
		return open(nil)
	}}
	p := prober(t, Options{Sender: n})
	var checks []Check
	for _, b := range []*fetch.Profile{fetch.Chrome, fetch.Firefox} {
		c := get(app)
		c.Browser = b
		checks = append(checks, c)
	}
	for r := range p.Run(t.Context(), slices.Values(checks)) {
		if r.Verdict() != fetch.Allowed || len(r.Exchanges) != 3 {
			t.Errorf("%s: %s after %d exchanges", r.Fetch.Browser.Name, r.Verdict(), len(r.Exchanges))
		}
	}
	if len(n.sent) != 3 {
		t.Errorf("sent %q", n.sent)
	}
}

func TestTimeoutIsForTheWholeCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &network{answer: open, delay: 3 * time.Second}
		start := time.Now()
		r := prober(t, Options{Sender: n, Timeout: 5 * time.Second}).Check(t.Context(), put(nil, true))
		if r.Verdict() != fetch.Failed || time.Since(start) != 5*time.Second {
			t.Errorf("%s after %s", r.Verdict(), time.Since(start))
		}
	})
}

func TestRateDoesNotEatTheTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &network{answer: open}
		p := prober(t, Options{Sender: n, Rate: 1, Timeout: time.Second})
		start := time.Now()
		for r := range p.Run(t.Context(), origins(5)) {
			if r.Verdict() != fetch.Allowed {
				t.Errorf("%s: %s", r.Check.Request.Origin, r.Verdict())
			}
		}
		if took := time.Since(start); took != 4*time.Second {
			t.Errorf("5 requests at 1/s took %s, want 4s", took)
		}
	})
}

// origins are n checks from as many origins.
func origins(n int) iter.Seq[Check] {
	return func(yield func(Check) bool) {
		for i := range n {
			if !yield(get(fmt.Sprintf("https://app%d.example", i))) {
				return
			}
		}
	}
}

func TestRetries(t *testing.T) {
	reset := wire.Exchange{Failure: &fetch.Failure{Kind: fetch.FailReset, Detail: "reset"}}
	for _, test := range []struct {
		name    string
		check   Check
		answers []wire.Exchange
		want    fetch.Verdict
		tries   int
		took    time.Duration
	}{
		{"a reset passes", get(app), []wire.Exchange{reset, open(nil)}, fetch.Allowed, 2, firstBackoff},
		{"waits grow", get(app), []wire.Exchange{reset, reset, open(nil)}, fetch.Allowed, 3, 3 * firstBackoff},
		{"not more often than asked", get(app), []wire.Exchange{reset, reset, reset, open(nil)}, fetch.Failed, 3, 3 * firstBackoff},
		{"Retry-After counts", get(app), []wire.Exchange{answer(429, "Retry-After", "7"), open(nil)}, fetch.Allowed, 2, 7 * time.Second},
		{"too long a Retry-After is the answer", get(app), []wire.Exchange{answer(503, "Retry-After", "3600")}, fetch.Blocked, 1, 0},
		{"other errors are answers", get(app), []wire.Exchange{answer(500)}, fetch.Blocked, 1, 0},
		{"nothing unsafe is sent twice", Check{Request: fetch.Request{URL: target, Origin: app, Method: "POST"}, SendUnsafe: true},
			[]wire.Exchange{reset}, fetch.Failed, 1, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := &network{}
				n.answer = func(*fetch.Message) wire.Exchange { return test.answers[len(n.sent)-1] }
				start := time.Now()
				r := prober(t, Options{Sender: n, Retries: 2}).Check(t.Context(), test.check)
				if r.Verdict() != test.want || len(n.sent) != test.tries || time.Since(start) != test.took {
					t.Errorf("%s after %d tries and %s, want %s, %d, %s", r.Verdict(), len(n.sent), time.Since(start), test.want, test.tries, test.took)
				}
			})
		})
	}
}

func TestFailFast(t *testing.T) {
	n := &network{answer: func(*fetch.Message) wire.Exchange { return answer(200) }}
	p := prober(t, Options{Sender: n, FailFast: true, Concurrency: 2})
	seen := 0
	for range p.Run(t.Context(), origins(10_000)) {
		seen++
	}
	if seen != 1 || len(n.sent) > 1000 {
		t.Errorf("%d results, %d requests", seen, len(n.sent))
	}
}

func TestInterruptionKeepsWhatIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		n := &network{}
		n.answer = func(*fetch.Message) wire.Exchange {
			if len(n.sent) == 5 {
				cancel()
				return wire.Exchange{Failure: &fetch.Failure{Kind: fetch.FailCanceled, Detail: "interrupted"}}
			}
			return open(nil)
		}
		seen := 0
		for r := range prober(t, Options{Sender: n, Concurrency: 1}).Run(ctx, origins(100)) {
			if seen++; r.Verdict() != fetch.Allowed {
				t.Errorf("%s: %s", r.Check.Request.Origin, r.Verdict())
			}
		}
		if seen != 4 {
			t.Errorf("%d results before the interruption, want 4", seen)
		}
	})
}

func TestExpectations(t *testing.T) {
	closed := func(*fetch.Message) wire.Exchange { return answer(200) }
	dead := func(*fetch.Message) wire.Exchange {
		return wire.Exchange{Failure: &fetch.Failure{Kind: fetch.FailRefused}}
	}
	allow, deny := &Expectation{Allow: true}, &Expectation{}
	policy := &Expectation{Allow: true, PreflightSuffices: true}
	forbid := &Expectation{PreflightSuffices: true}
	never := &Expectation{Allow: true, Verify: func(*Result) []Failure { return []Failure{{Expectation: "vary"}} }}
	for _, test := range []struct {
		name   string
		check  Check
		expect *Expectation
		answer func(*fetch.Message) wire.Exchange
		want   bool
		code   int
	}{
		{"allowed", get(app), nil, open, false, 0},
		{"blocked", get(app), nil, closed, false, 1},
		{"failed", get(app), nil, dead, false, 3},
		{"undecided", put(nil, false), nil, open, false, 3},
		{"allowed as expected", get(app), allow, open, true, 0},
		{"blocked as expected", get(app), deny, closed, true, 0},
		{"allowed against expectation", get(app), deny, open, false, 1},
		{"blocked against expectation", get(app), allow, closed, false, 1},
		{"failed with expectation", get(app), deny, dead, false, 3},
		{"undecided with expectation", put(nil, false), allow, open, false, 3},
		{"preflight passes, in a policy", put(nil, false), policy, open, true, 0},
		{"preflight fails, in a policy", put(nil, false), policy, closed, false, 1},
		{"preflight passes that should not, in a policy", put(nil, false), forbid, open, false, 1},
		{"preflight fails as it should, in a policy", put(nil, false), forbid, closed, true, 0},
		{"a further expectation fails", get(app), never, open, false, 1},
	} {
		test.check.Expect = test.expect
		r := prober(t, Options{Sender: &network{answer: test.answer}}).Check(t.Context(), test.check)
		var s Summary
		s.Add(r.Outcome())
		if r.AsExpected != test.want || s.ExitCode(FailOnError) != test.code {
			t.Errorf("%s: as expected %t, exit code %d; want %t, %d", test.name, r.AsExpected, s.ExitCode(FailOnError), test.want, test.code)
		}
	}
}

func TestExitCodes(t *testing.T) {
	allowed := func(s ...finding.Severity) Outcome { return Outcome{Verdict: fetch.Allowed, Severities: s} }
	blocked, failed := Outcome{Verdict: fetch.Blocked}, Outcome{Verdict: fetch.Failed, Severities: []finding.Severity{finding.Error}}
	expected := Outcome{Verdict: fetch.Blocked, Expected: true, AsExpected: true, Severities: []finding.Severity{finding.Error}}
	for _, test := range []struct {
		name     string
		outcomes []Outcome
		failOn   FailOn
		want     int
	}{
		{"nothing", nil, FailOnError, 0},
		{"a warning is no error", []Outcome{allowed(finding.Warning)}, FailOnError, 0},
		{"a warning reaches", []Outcome{allowed(finding.Info, finding.Warning)}, FailOnWarning, 1},
		{"info reaches", []Outcome{allowed(finding.Info)}, FailOnInfo, 1},
		{"none reaches none", []Outcome{allowed(finding.Error)}, FailOnNone, 0},
		{"as expected has no findings that count", []Outcome{expected}, FailOnInfo, 0},
		{"failed has none either", []Outcome{failed}, FailOnInfo, 3},
		{"an expectation that is not met decides", []Outcome{{Verdict: fetch.Undecided, Expected: true, Failures: true}}, FailOnError, 1},
		{"1 is stronger than 3", []Outcome{failed, blocked}, FailOnError, 1},
		{"fetch() itself throws", []Outcome{blocked, {}}, FailOnError, 2},
	} {
		var s Summary
		for _, o := range test.outcomes {
			s.Add(o)
		}
		if got := s.ExitCode(test.failOn); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}
