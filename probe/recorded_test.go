package probe

import (
	"context"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/wire"
)

// answersOf is a Recording of one answer a method.
type answersOf map[string]*fetch.Response

func (a answersOf) Answer(m *fetch.Message) (wire.Exchange, bool) {
	resp, ok := a[m.Method]
	return wire.Exchange{Response: resp}, ok
}

// TestRecordedChecks: a check with a recording asks nobody, and what was not
// recorded leaves it undecided.
func TestRecordedChecks(t *testing.T) {
	p, err := New(Options{Sender: nobody{t}})
	if err != nil {
		t.Fatal(err)
	}
	request := fetch.Request{URL: "https://api.example/users", Origin: "https://app.example", Method: "PUT"}
	passes := &fetch.Response{Status: 204, Headers: []fetch.Header{
		{Name: "Access-Control-Allow-Origin", Value: "*"}, {Name: "Access-Control-Allow-Methods", Value: "PUT"},
	}}
	for _, test := range []struct {
		recorded answersOf
		want     fetch.Verdict
	}{
		{answersOf{"OPTIONS": passes, "PUT": {Status: 200, Headers: passes.Headers}}, fetch.Allowed},
		{answersOf{"OPTIONS": passes, "PUT": {Status: 200}}, fetch.Blocked},
		{answersOf{"OPTIONS": {Status: 404}}, fetch.Blocked},
		{answersOf{"OPTIONS": passes}, fetch.Undecided},
		{answersOf{}, fetch.Undecided},
	} {
		r := p.Check(context.Background(), Check{Request: request, Recorded: test.recorded})
		if r.Verdict() != test.want {
			t.Errorf("%v: %s, want %s", test.recorded, r, test.want)
		}
		if test.want == fetch.Blocked && len(r.Findings) == 0 {
			t.Errorf("%v: no cause was named", test.recorded)
		}
	}
}

// nobody answers no message.
type nobody struct{ t *testing.T }

func (n nobody) Send(_ context.Context, m *fetch.Message) wire.Exchange {
	n.t.Errorf("%s %s was sent", m.Method, m.URL)
	return wire.Exchange{Failure: &fetch.Failure{Kind: fetch.FailCanceled}}
}
