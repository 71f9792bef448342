package fetch_test

import (
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
)

// BenchmarkPreflightedPUT judges a preflighted PUT from the request to the
// verdict, without a network.
func BenchmarkPreflightedPUT(b *testing.B) {
	req := fetch.Request{
		URL: "https://api.example.com/users/1", Origin: "https://app.example.com", Method: "PUT",
		Headers: []fetch.Header{{Name: "Content-Type", Value: "application/json"}},
		Body:    []byte("{}"),
	}
	preflight := &fetch.Response{Status: 204, Headers: []fetch.Header{
		{Name: "Access-Control-Allow-Origin", Value: "https://app.example.com"},
		{Name: "Access-Control-Allow-Methods", Value: "GET, PUT"},
		{Name: "Access-Control-Allow-Headers", Value: "content-type"},
	}}
	actual := &fetch.Response{Status: 200, Headers: []fetch.Header{
		{Name: "Content-Type", Value: "application/json"},
		{Name: "Access-Control-Allow-Origin", Value: "https://app.example.com"},
	}}
	for _, p := range fetch.Profiles() {
		b.Run(p.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f, err := fetch.New(p, req)
				if err != nil {
					b.Fatal(err)
				}
				for m, ok := f.Next(); ok; m, ok = f.Next() {
					if m.Kind == fetch.Preflight {
						f.Receive(preflight)
					} else {
						f.Receive(actual)
					}
				}
				if f.Result().Verdict != fetch.Allowed {
					b.Fatal(f.Result().Verdict)
				}
			}
		})
	}
}
