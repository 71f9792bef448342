package probe_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// A chain of redirects that comes back to its start is answered from Chrome's
// cache: the server is asked once, and the trace has every hop.
func TestRedirectLoopFromTheCache(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Location", "/")
		w.WriteHeader(http.StatusMovedPermanently)
	}))
	defer server.Close()
	prober, err := probe.New(probe.Options{NoDiagnose: true})
	if err != nil {
		t.Fatal(err)
	}
	defer prober.Close()
	r := prober.Check(t.Context(), probe.Check{Request: fetch.Request{URL: server.URL, Origin: "https://app.example.com"}})
	if asked != 1 || len(r.Exchanges) != 21 || r.Verdict() != fetch.Blocked {
		t.Errorf("the server was asked %d times, %d exchanges, %s", asked, len(r.Exchanges), r.Verdict())
	}
	if last := r.Exchanges[20]; !last.FromCache || last.Delivered() || last.Response == nil {
		t.Errorf("the last exchange: %+v", last)
	}
}
