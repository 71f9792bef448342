package probe_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// In a test of your own handler: would a page of yours be allowed to PUT?
func ExampleFetch() {
	server := httptest.NewServer(handler)
	defer server.Close()
	result := probe.Fetch(context.Background(), fetch.Request{
		URL: server.URL + "/users/1", Origin: "https://app.example", Method: "PUT",
	})
	fmt.Println(result.Allowed(), result.Fetch.Reason())
	// Output: true <nil>
}

// What a browser would say instead is in the result.
func ExampleFetch_blocked() {
	server := httptest.NewServer(handler)
	defer server.Close()
	result := probe.Fetch(context.Background(), fetch.Request{
		URL: server.URL + "/users/1", Origin: "https://evil.example", Method: "PUT",
	})
	fmt.Println(result.Verdict(), result.Fetch.Reason().Code)
	// Output: blocked PreflightMissingAllowOriginHeader
}

// Many checks run at once and come back in their order.
func ExampleProber_Run() {
	server := httptest.NewServer(handler)
	defer server.Close()
	prober, err := probe.New(probe.Options{NoDiagnose: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer prober.Close()
	var checks []probe.Check
	for _, origin := range []string{"https://app.example", "https://evil.example", "null"} {
		checks = append(checks, probe.Check{Request: fetch.Request{URL: server.URL, Origin: origin}})
	}
	for result := range prober.Run(context.Background(), slices.Values(checks)) {
		fmt.Println(result.Check.Request.Origin, result.Verdict())
	}
	// Output:
	// https://app.example allowed
	// https://evil.example blocked
	// null blocked
}

// handler allows one origin.
var handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Origin")
	if r.Header.Get("Origin") != "https://app.example" {
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", "https://app.example")
	w.Header().Set("Access-Control-Allow-Methods", "GET, PUT")
})
