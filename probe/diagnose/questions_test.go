package diagnose_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/diagnose"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// serveBoth serves two handlers on one port, one for each address family.
func serveBoth(t *testing.T, four, six http.HandlerFunc) (base string) {
	t.Helper()
	l4, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l4.Addr().String())
	l6, err := net.Listen("tcp6", "[::1]:"+port)
	if err != nil {
		l4.Close()
		t.Skip("no IPv6 on this machine: ", err)
	}
	for _, s := range []struct {
		l net.Listener
		h http.HandlerFunc
	}{{l4, four}, {l6, six}} {
		server := &httptest.Server{Listener: s.l, Config: &http.Server{Handler: s.h}}
		server.Start()
		t.Cleanup(server.Close)
	}
	return "http://localhost:" + port
}

func TestAddressFamilies(t *testing.T) {
	differ := scenario{want: finding.AddressFamiliesDiffer, also: []finding.ID{finding.NoCORSHeaders}}
	check(t, differ, performAt(t, differ, serveBoth(t, data, sound.wrap(data)), 4))
	alike := scenario{want: finding.NoCORSHeaders, never: []finding.ID{finding.AddressFamiliesDiffer}}
	check(t, alike, performAt(t, alike, serveBoth(t, data, data), 4))
	otherwise := scenario{want: finding.NoCORSHeaders, never: []finding.ID{finding.AddressFamiliesDiffer}}
	check(t, otherwise, performAt(t, otherwise, serveBoth(t, data, answer(500, "")), 4))
	// A check of this machine that passes is told of the family that does not.
	passing := scenario{want: finding.AddressFamiliesDiffer, says: "passes over IPv4 and fails over IPv6"}
	check(t, passing, performAt(t, passing, serveBoth(t, sound.wrap(data), data), 4))
	sane := scenario{never: []finding.ID{finding.AddressFamiliesDiffer}}
	check(t, sane, performAt(t, sane, serveBoth(t, sound.wrap(data), sound.wrap(data)), 4))
}

// Nothing that the user gave goes to another origin, and nothing secret goes
// with a preflight.
func TestQuestionsKeepSecrets(t *testing.T) {
	const secret = "s3cret"
	var elsewhere []string
	other := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		elsewhere = append(elsewhere, r.Method)
		dump := r.URL.String()
		for name, values := range r.Header {
			dump += name + strings.Join(values, "")
		}
		if strings.Contains(dump, secret) {
			t.Errorf("%s %s carries the secret: %s", r.Method, r.URL, dump)
		}
		sound.wrap(data)(w, r)
	})
	redirecting := func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "OPTIONS" && (r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "") {
			t.Error("a preflight carries credentials")
		}
		put(w, "Location: "+other+r.URL.String())
		w.WriteHeader(307)
	}
	for _, sc := range []scenario{
		{server: redirecting, request: fetch.Request{URL: "/users?token=" + secret, Headers: put1("Authorization", secret)}, want: finding.PreflightRedirected},
		{server: redirecting, request: fetch.Request{URL: "/users?token=" + secret, Credentials: fetch.CredentialsInclude, Cookies: []string{"session=" + secret}}, want: finding.RedirectWithoutCORS},
		{server: redirecting, request: fetch.Request{URL: "/users", Method: "POST", Body: []byte(secret)}, unsafe: true, want: finding.RedirectWithoutCORS},
	} {
		check(t, sc, perform(t, sc))
	}
	if len(elsewhere) == 0 || slices.Contains(elsewhere, "POST") {
		t.Errorf("the target of the redirect was asked %v", elsewhere)
	}
}

// The same question is not asked twice, and never what the trace holds.
func TestQuestionsAreShared(t *testing.T) {
	for _, sc := range []scenario{
		{server: data, request: fetch.Request{Headers: token}},
		{server: bearer(403, sound.wrap(data)), request: fetch.Request{Method: "PUT", Headers: token}},
		{server: sound.wrap(data), request: fetch.Request{Headers: token}},
	} {
		got := perform(t, sc)
		seen := map[string]bool{}
		for _, x := range got.result.Exchanges {
			seen[line(x.Message)] = true
		}
		for _, q := range got.asked {
			if seen[line(q.Message)] {
				t.Errorf("asked again: %s", line(q.Message))
			}
			seen[line(q.Message)] = true
		}
	}
}

func line(m fetch.Message) string {
	out := m.Method + " " + m.URL.Display()
	for _, h := range m.Headers {
		out += "\n" + h.Name + ": " + h.Value
	}
	return out
}

// TestMain adds up what the diagnoses of all tests cost.
func TestMain(m *testing.M) {
	code := m.Run()
	slices.Sort(costs)
	if n := len(costs); code == 0 && n > 500 {
		median, most := costs[n/2], costs[n-1]
		fmt.Printf("%d diagnoses cost %d extra requests in the median and %d at most\n", n, median, most)
		if median > 3 || most > budget {
			code = 1
		}
	}
	os.Exit(code)
}

func TestRunOfNothing(t *testing.T) {
	if found := diagnose.Run(t.Context(), diagnose.Case{}, nil); found != nil {
		t.Errorf("found %v", found)
	}
}
