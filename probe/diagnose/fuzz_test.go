package diagnose_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/diagnose"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// dice are the bytes of a fuzzer as decisions.
type dice struct{ data []byte }

func (d *dice) roll(n int) int {
	if len(d.data) == 0 {
		return 0
	}
	b := d.data[0]
	d.data = d.data[1:]
	return int(b) % n
}

func pick[T any](d *dice, list []T) T { return list[d.roll(len(list))] }

// lines are header lines that servers send, right and wrong.
var lines = []string{
	"Access-Control-Allow-Origin: " + app, "Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin: null",
	"Access-Control-Allow-Origin: https://other.example", "Access-Control-Allow-Origin: a, b", "Access-Control-Allow-Origin: [object Object]", "Access-Control-Allow-Origins: *", "Access-Control-Allow-Origin: ",
	"Access-Control-Allow-Credentials: true", "Access-Control-Allow-Credentials: True",
	"Access-Control-Allow-Methods: GET, PUT", "Access-Control-Allow-Methods: GET PUT", "Access-Control-Allow-Methods: *",
	"Access-Control-Allow-Headers: authorization, x-a", "Access-Control-Allow-Headers: *", "Access-Control-Allow-Headers: x a",
	"Access-Control-Expose-Headers: x y", "Access-Control-Max-Age: -1", "Vary: Origin", "Vary: *", "Age: 9", "X-Cache: HIT",
	"Location: /login", "Location: https://api.example.com/users/", "Location: http://", "Location: https://u:p@files.example/",
	"Location: myapp://x", "Server: AmazonS3", "Server: nginx", "WWW-Authenticate: Bearer", "Set-Cookie: a=b", "Cache-Control: no-store",
	"Content-Type: text/html", "Allow: GET",
}

var statuses = []int{200, 204, 200, 204, 301, 302, 304, 307, 400, 401, 403, 404, 405, 407, 429, 500, 501, 502, 503}

var bodies = []string{"", "", "Not allowed by CORS", "Method OPTIONS is not supported", "CSRF token missing", "no API key", "<html><h1>x</h1></html>", "<Error><Code>AccessDenied</Code></Error>", `{"message":"Unauthorized"}`, "Disallowed CORS headers", "\xff\x00"}

func (d *dice) answer() *fetch.Response {
	r := &fetch.Response{Status: pick(d, statuses), Body: []byte(pick(d, bodies))}
	for range d.roll(7) {
		name, value, _ := strings.Cut(pick(d, lines), ": ")
		r.Headers = append(r.Headers, fetch.Header{Name: name, Value: value})
	}
	return r
}

var requests = []fetch.Request{
	{}, {Method: "PUT"}, {Headers: []fetch.Header{{Name: "Authorization", Value: "s3cret"}, {Name: "X-A", Value: "1"}}},
	{Credentials: fetch.CredentialsInclude}, {Method: "POST", Body: []byte("x")}, {Origin: "null"}, {Origin: "http://localhost:3000"},
	{Method: "HEAD"}, {Mode: fetch.ModeNoCORS}, {Redirect: fetch.RedirectError}, {Redirect: fetch.RedirectManual, Method: "patch"},
	{Headers: []fetch.Header{{Name: "Access-Control-Allow-Origin", Value: "*"}}, Credentials: fetch.CredentialsInclude},
}

// Whatever a server answers, a diagnosis ends, asks no more than it may, and
// names a cause for a block; on what passes it accuses nobody.
func FuzzRun(f *testing.F) {
	f.Add([]byte{0})
	f.Add([]byte{1, 0, 0, 2, 1, 0, 8, 0, 0, 0, 1, 4})
	f.Add([]byte{2, 1, 11, 0, 0, 0, 0, 0, 3, 2, 1, 0, 0, 0, 0, 0, 0, 5, 5, 5, 5, 5})
	f.Fuzz(tryDice)
}

// Random answers reach more of the recipes in a second than a fuzzer does.
func TestRandomAnswers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	data := make([]byte, 160)
	for range *rolls {
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		if tryDice(t, data); t.Failed() {
			t.Fatalf("rolled %x", data)
		}
	}
}

var rolls = flag.Int("rolls", 2000, "how many random servers are diagnosed")

func tryDice(t *testing.T, data []byte) {
	d := &dice{data}
	req := pick(d, requests)
	req.URL = "https://api.example.com/users"
	if req.Origin == "" {
		req.Origin = app
	}
	m, err := fetch.New(pick(d, fetch.Profiles()), req)
	if err != nil {
		t.Fatal(err)
	}
	unsent := d.roll(4) == 0
	for x, ok := m.Next(); ok; x, ok = m.Next() {
		if unsent && !fetch.IsSafeMethod(x.Method) {
			m.Withhold()
			continue
		}
		m.Receive(d.answer())
	}
	left := d.roll(8)
	found := diagnose.Run(context.Background(), diagnose.Case{Result: m.Result()}, func(_ context.Context, q diagnose.Question) (diagnose.Answer, bool) {
		if !fetch.IsSafeMethod(q.Message.Method) {
			t.Errorf("asked %s", q.Message.Method)
		}
		if q.Message.URL.Host != "api.example.com" {
			for _, h := range q.Message.Headers {
				if strings.Contains(h.Value, "s3cret") {
					t.Errorf("%s: %s goes to %s", h.Name, h.Value, q.Message.URL)
				}
			}
		}
		if left--; left < 0 {
			return diagnose.Answer{}, false
		}
		r := d.answer()
		return diagnose.Answer{Response: r, Text: string(r.Body)}, true
	})
	verdict := m.Result().Verdict
	if verdict == fetch.Blocked && (len(found) == 0 || found[0].Severity != finding.Error) {
		t.Errorf("blocked by %v, and the cause is %v", m.Result().Failing, found)
	}
	seen := map[finding.ID]bool{}
	for _, x := range found {
		if verdict == fetch.Allowed && x.Severity == finding.Error {
			t.Errorf("allowed, and %s: %s", x.ID, x.Detail)
		}
		if seen[x.ID] || x.Title == "" || x.Detail == "" {
			t.Errorf("%s is there twice, or says nothing", x.ID)
		}
		seen[x.ID] = true
	}
}
