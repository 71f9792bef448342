package diagnose_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/diagnose"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// app is the origin that the sound servers of the tests allow.
const app = "https://app.example.com"

// A scenario is one check of one faulty server.
type scenario struct {
	name    string
	server  http.HandlerFunc
	request fetch.Request // URL is a path; Origin app where empty
	unsafe  bool          // send the request itself whatever its method
	want    finding.ID    // the headline; empty: no error and no warning
	also    []finding.ID  // must be among the findings
	never   []finding.ID  // must not be among them
	says    string        // part of the headline's detail
	doubt   bool          // the headline is not confirmed
	stack   string
	browser *fetch.Profile // Chrome where nil
	only    *fetch.Profile // the browser that fails it, where it is one
}

// A run is a scenario's outcome.
type run struct {
	result   *fetch.Result
	findings []finding.Finding
	asked    []diagnose.Question
}

var budget = 6

// browsers are all, but for Safari's rule that plain http on this machine is
// mixed content, where all servers of the tests are.
var browsers = func() []*fetch.Profile {
	safari := *fetch.Safari
	safari.LoopbackIsMixed = false
	return []*fetch.Profile{fetch.Chrome, fetch.Firefox, &safari}
}()

// costs are the extra requests of each diagnosis so far.
var costs []int

// perform steps the check against the server and diagnoses it.
func perform(t *testing.T, sc scenario) run {
	t.Helper()
	server := httptest.NewServer(sc.server)
	defer server.Close()
	return performAt(t, sc, server.URL, 0)
}

// performAt does so at an address, over one address family where family is not 0.
func performAt(t *testing.T, sc scenario, base string, family int) run {
	t.Helper()
	req := sc.request
	if strings.HasPrefix(req.URL, "/") || req.URL == "" {
		req.URL = base + req.URL
	}
	if req.Origin == "" {
		req.Origin = app
	}
	client := wire{}
	if sc.browser == nil {
		sc.browser = fetch.Chrome
	}
	f, err := fetch.New(sc.browser, req)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for m, ok := f.Next(); ok; m, ok = f.Next() {
		if m.Kind == fetch.Actual && !sc.unsafe && m.Method != "GET" && m.Method != "HEAD" && m.Method != "OPTIONS" {
			f.Withhold()
			texts = append(texts, "")
			continue
		}
		resp, text, failure := client.send(*m, family)
		texts = append(texts, text)
		if failure != nil {
			f.Fail(failure)
		} else {
			f.Receive(resp)
		}
	}
	out := run{result: f.Result()}
	ask := func(_ context.Context, q diagnose.Question) (diagnose.Answer, bool) {
		if len(out.asked) == budget {
			return diagnose.Answer{}, false
		}
		out.asked = append(out.asked, q)
		if q.Family == 0 {
			q.Family = family
		}
		resp, text, failure := client.send(q.Message, q.Family)
		return diagnose.Answer{Response: resp, Failure: failure, Text: text}, true
	}
	out.findings = diagnose.Run(context.Background(), diagnose.Case{Result: f.Result(), Texts: texts, Stack: sc.stack}, ask)
	costs = append(costs, len(out.asked))
	return out
}

// wire sends messages with net/http; it keeps repeated header lines apart.
type wire struct{}

func (wire) send(m fetch.Message, family int) (*fetch.Response, string, *fetch.Failure) {
	req, err := http.NewRequest(m.Method, m.URL.String(), bytes.NewReader(m.Body))
	if err != nil {
		return nil, "", &fetch.Failure{Kind: fetch.FailProtocol, Detail: err.Error()}
	}
	if m.Body == nil {
		req.Body = nil
	}
	for _, h := range m.Headers {
		if !strings.EqualFold(h.Name, "Accept-Encoding") {
			req.Header.Add(h.Name, h.Value)
		}
	}
	var peer netip.Addr
	network := map[int]string{0: "tcp", 4: "tcp4", 6: "tcp6"}[family]
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true,
		DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
			if family == 6 { // browsers never ask a resolver about localhost
				addr = strings.Replace(addr, "localhost:", "[::1]:", 1)
			}
			c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
			if err == nil {
				peer = netip.MustParseAddrPort(c.RemoteAddr().String()).Addr()
			}
			return c, err
		}}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return nil, "", failureOf(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
	out := &fetch.Response{Status: resp.StatusCode, Proto: resp.Proto, Address: peer, Body: text}
	names := make([]string, 0, len(resp.Header))
	for name := range resp.Header {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		for _, v := range resp.Header[name] {
			out.Headers = append(out.Headers, fetch.Header{Name: name, Value: v})
		}
	}
	return out, string(text), nil
}

func failureOf(err error) *fetch.Failure {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return &fetch.Failure{Kind: fetch.FailDNS, Detail: "no such host", Code: "net::ERR_NAME_NOT_RESOLVED"}
	case strings.Contains(err.Error(), "connection refused"):
		return &fetch.Failure{Kind: fetch.FailRefused, Detail: "nobody listens there", Code: "net::ERR_CONNECTION_REFUSED"}
	case strings.Contains(err.Error(), "tls:"), strings.Contains(err.Error(), "HTTP response to HTTPS"):
		return &fetch.Failure{Kind: fetch.FailTLS, Detail: err.Error(), Code: "net::ERR_SSL_PROTOCOL_ERROR"}
	case strings.Contains(err.Error(), "malformed HTTP"):
		return &fetch.Failure{Kind: fetch.FailProtocol, Detail: err.Error()}
	}
	return &fetch.Failure{Kind: fetch.FailReset, Detail: err.Error()}
}

// check holds a run against what the scenario wants.
func check(t *testing.T, sc scenario, got run) {
	t.Helper()
	for _, q := range got.asked {
		if !slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, q.Message.Method) {
			t.Errorf("asked %s %s", q.Message.Method, q.Message.URL)
		}
		if q.Message.Method == "OPTIONS" && (hasHeader(q.Message, "Authorization") || hasHeader(q.Message, "Cookie") || len(q.Message.Body) > 0) {
			t.Errorf("a question by OPTIONS carries credentials")
		}
		if q.Why == "" {
			t.Errorf("a question without a reason: %s %s", q.Message.Method, q.Message.URL)
		}
	}
	headline := finding.Finding{}
	if len(got.findings) > 0 {
		headline = got.findings[0]
	}
	if sc.want == "" {
		for _, f := range got.findings {
			if f.Severity != finding.Info {
				t.Errorf("verdict %s: %s %s: %s", got.result.Verdict, f.Severity, f.ID, f.Detail)
			}
		}
	} else {
		if headline.ID != sc.want {
			t.Errorf("headline %q, want %q", headline.ID, sc.want)
		}
		if headline.Confirmed == sc.doubt {
			t.Errorf("confirmed is %v", headline.Confirmed)
		}
		if !strings.Contains(headline.Detail, sc.says) {
			t.Errorf("detail lacks %q", sc.says)
		}
	}
	for _, id := range sc.also {
		if !slices.ContainsFunc(got.findings, func(f finding.Finding) bool { return f.ID == id }) {
			t.Errorf("no finding %s", id)
		}
	}
	for _, id := range sc.never {
		if slices.ContainsFunc(got.findings, func(f finding.Finding) bool { return f.ID == id }) {
			t.Errorf("finding %s", id)
		}
	}
	if t.Failed() || testing.Verbose() {
		for _, x := range got.result.Exchanges {
			t.Logf("  %s %s -> %v %v", x.Message.Method, x.Message.URL, x.Response, x.Failure)
		}
		for _, q := range got.asked {
			t.Logf("  asked %s %s %v (%s)", q.Message.Method, q.Message.URL, q.Message.Headers, q.Why)
		}
		for _, f := range got.findings {
			t.Logf("  %s %s confirmed=%v: %s\n      %s", f.Severity, f.ID, f.Confirmed, f.Detail, strings.Join(f.Evidence, "\n      "))
		}
	}
}

func hasHeader(m fetch.Message, name string) bool {
	v, ok := m.Get(name)
	return ok && v != ""
}
