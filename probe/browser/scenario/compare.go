package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// A Difference is one field in which two outcomes disagree.
type Difference struct {
	Field     string // "allowed", "console", "wire[1].sent.Accept"
	Want, Got string // what the browser did, what was predicted
}

func (d Difference) String() string {
	return fmt.Sprintf("%s: browser %s, predicted %s", d.Field, d.Want, d.Got)
}

// versioned are request headers whose value belongs to a browser's version or
// to the machine it runs on. Their presence is compared, and their value where
// it is the one that the script set.
var versioned = map[string]bool{
	"User-Agent": true, "Accept-Language": true,
	"Sec-Ch-Ua": true, "Sec-Ch-Ua-Platform": true,
}

// ordered is how many messages have the order of their header lines held against
// the browser's: all of an element's, and those of fetch(), XMLHttpRequest and
// EventSource up to the first redirect. Where later hops put the headers that
// script set was not worked out to the last line.
func (s *Scenario) ordered(wire []Wire) int {
	q := &s.Request
	switch {
	case !fetch.Initiator(q.Initiator).Scripted() && q.Initiator != string(fetch.InitiatorEventSource):
		return len(wire)
	case len(wire) > 0 && wire[0].ACRM != "":
		return 2
	}
	return 1
}

// Compare lists the fields in which a predicted outcome differs from a
// recorded one.
func Compare(sc *Scenario, want, got *Outcome) []Difference {
	c := &comparison{scenario: sc}
	c.field("allowed", want.Allowed, got.Allowed)
	c.field("type", want.Type, got.Type)
	c.field("status", want.Status, got.Status)
	c.field("headers", strings.Join(want.Headers, ","), strings.Join(got.Headers, ","))
	c.field("code", want.Code, got.Code)
	c.field("param", want.Param, got.Param)
	c.field("console", want.Console, got.Console)
	if len(want.Wire) != len(got.Wire) {
		c.add("wire", brief(want.Wire), brief(got.Wire))
		return c.out
	}
	for i := range want.Wire {
		c.wire(fmt.Sprintf("wire[%d]", i), &want.Wire[i], &got.Wire[i])
	}
	for i := range min(sc.ordered(want.Wire), len(want.Wire)) {
		if order := want.Wire[i].Order; order != nil {
			c.field(fmt.Sprintf("wire[%d].order", i), strings.Join(order, ", "), strings.Join(got.Wire[i].Order, ", "))
		}
	}
	return c.out
}

type comparison struct {
	scenario *Scenario
	out      []Difference
}

func (c *comparison) add(field, want, got string) {
	c.out = append(c.out, Difference{field, want, got})
}

func (c *comparison) field(name string, want, got any) {
	if want != got {
		c.add(name, fmt.Sprintf("%#v", want), fmt.Sprintf("%#v", got))
	}
}

func (c *comparison) wire(at string, want, got *Wire) {
	c.field(at+".host", want.Host, got.Host)
	c.field(at+".method", want.Method, got.Method)
	c.field(at+".path", want.Path, got.Path)
	c.field(at+".origin", want.Origin, got.Origin)
	c.field(at+".acrm", want.ACRM, got.ACRM)
	c.field(at+".acrh", want.ACRH, got.ACRH)
	names := maps.Clone(want.Sent)
	maps.Copy(names, got.Sent)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		w, inWant := want.Sent[name]
		g, inGot := got.Sent[name]
		// A preflight carries nothing that the script set.
		byScript := want.ACRM == "" && (c.scenario.sets(name, w) || c.scenario.sets(name, g))
		if versioned[name] && inWant == inGot && !byScript {
			continue
		}
		switch {
		case !inGot:
			c.add(at+".sent."+name, fmt.Sprintf("%q", w), "absent")
		case !inWant:
			c.add(at+".sent."+name, "absent", fmt.Sprintf("%q", g))
		default:
			c.field(at+".sent."+name, w, g)
		}
	}
}

// sets reports whether a value of a header is the one that the script set.
func (s *Scenario) sets(name, value string) bool {
	var values []string
	for _, h := range s.Request.Headers {
		if strings.EqualFold(h[0], name) {
			values = append(values, strings.Trim(Latin1(h[1]), " \t"))
		}
	}
	return len(values) > 0 && value == strings.Join(values, ", ")
}

func brief(wire []Wire) string {
	parts := make([]string, len(wire))
	for i, w := range wire {
		parts[i] = w.Method + " " + w.Host + w.Path
	}
	return fmt.Sprintf("%d messages [%s]", len(wire), strings.Join(parts, ", "))
}

// Judge predicts what the browser of a profile does with a recorded scenario
// and lists the fields in which its recording differs.
func Judge(p *fetch.Profile, sc *Scenario, did *Outcome) (predicted Outcome, diff []Difference, err error) {
	predicted, err = Predict(p, sc)
	if err != nil {
		return predicted, nil, err
	}
	want := *did
	if p.ConsoleLimit > 0 && cutAlike(want.Console, predicted.Console, p.ConsoleLimit) {
		want.Console = predicted.Console
	}
	if p.CacheTiedToDNS {
		want.Wire = withoutRepeats(want.Wire, predicted.Wire)
	}
	return predicted, Compare(sc, &want, &predicted), nil
}

// cutAlike reports whether two messages are one and the same that the console has
// cut: where exactly depends on the prefix of the scenario's paths.
func cutAlike(a, b string, limit int) bool {
	short, long := min(len(a), len(b)), max(len(a), len(b))
	return short > limit*9/10 && long-short < limit/10 && a[:short] == b[:short]
}

// maxRepeats is how many preflights a browser has been seen to repeat before it
// took the host's address for settled.
const maxRepeats = 3

// withoutRepeats takes out the preflights that the browser's cache would have
// saved, had the browser not looked up the host's address anew in between: see
// Profile.CacheTiedToDNS. Only a preflight to a URL that had one before in the same
// scenario and that was not predicted is taken out.
func withoutRepeats(want, got []Wire) []Wire {
	var kept []Wire
	repeats := 0
	for i := range want {
		w := &want[i]
		predicted := len(kept) < len(got) && same(w, &got[len(kept)])
		again := w.ACRM != "" && slices.ContainsFunc(want[:i], func(x Wire) bool { return x.ACRM != "" && sameKey(w, &x) })
		if again && !predicted && repeats < maxRepeats {
			repeats++
			continue
		}
		kept = append(kept, *w)
	}
	return kept
}

func same(a, b *Wire) bool {
	return a.Method == b.Method && a.ACRM == b.ACRM && a.ACRH == b.ACRH && sameKey(a, b)
}

// sameKey reports whether a cached preflight of one message is looked up for the
// other: what it allows is another matter.
func sameKey(a, b *Wire) bool { return a.Host == b.Host && a.Path == b.Path && a.Origin == b.Origin }
