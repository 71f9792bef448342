package browser

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/browser/scenario"
	"github.com/corscheck/corscheck/probe/fetch"
)

// A Disagreement is a scenario on which a browser and the machine of package
// fetch disagree.
type Disagreement struct {
	Scenario    *scenario.Scenario
	Browser     string // the profile's name
	Did         scenario.Outcome
	Predicted   scenario.Outcome
	Differences []scenario.Difference
}

// Predict is what the browser's profile says of a scenario.
func (b *Browser) Predict(sc *scenario.Scenario) (scenario.Outcome, error) {
	p, ok := fetch.ProfileByName(Profiles[b.Name])
	if !ok {
		return scenario.Outcome{}, fmt.Errorf("package fetch has no profile %q", Profiles[b.Name])
	}
	return scenario.Predict(p, sc)
}

// Compare holds what the browser did against what the machine predicts; it
// returns nil where they agree.
func (b *Browser) Compare(sc *scenario.Scenario, did scenario.Outcome) (*Disagreement, error) {
	p, ok := fetch.ProfileByName(Profiles[b.Name])
	if !ok {
		return nil, fmt.Errorf("package fetch has no profile %q", Profiles[b.Name])
	}
	predicted, diff, err := scenario.Judge(p, sc, &did)
	if err != nil {
		return nil, err
	}
	if len(diff) == 0 {
		return nil, nil
	}
	return &Disagreement{Scenario: sc, Browser: Profiles[b.Name], Did: did, Predicted: predicted, Differences: diff}, nil
}

// Conform runs scenarios and returns those on which the two disagree, twice: what
// a browser does once and not again (a message that came late on a busy machine,
// an address that it had to look up first) is no rule of it. Unsteady counts these.
func (b *Browser) Conform(ctx context.Context, list []*scenario.Scenario) ([]*Disagreement, error) {
	first, err := b.conform(ctx, list)
	if err != nil || len(first) == 0 {
		return nil, err
	}
	again := make([]*scenario.Scenario, len(first))
	for i, d := range first {
		again[i] = d.Scenario
	}
	second, err := b.conform(ctx, again)
	b.Unsteady += len(first) - len(second)
	return second, err
}

func (b *Browser) conform(ctx context.Context, list []*scenario.Scenario) ([]*Disagreement, error) {
	did, err := b.Record(ctx, list)
	if errors.Is(err, ErrGone) {
		if err = b.restart(ctx); err == nil {
			did, err = b.Record(ctx, list)
		}
	}
	if err != nil {
		return nil, err
	}
	var out []*Disagreement
	for i, sc := range list {
		d, err := b.Compare(sc, did[i])
		if err != nil {
			return nil, err
		}
		if d != nil {
			out = append(out, d)
		}
	}
	return out, nil
}

var indexes = regexp.MustCompile(`\[\d+\]`)

// Class names what kind of disagreement it is, so that many of one kind can be
// told from many kinds: the fields, with the codes where these differ.
func (d *Disagreement) Class() string {
	var fields []string
	for _, f := range d.Differences {
		name := indexes.ReplaceAllString(f.Field, "")
		if name == "code" || name == "allowed" {
			name += " " + f.Want + "/" + f.Got
		}
		if !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	return strings.Join(fields, ", ")
}

// Shrink runs smaller and smaller forms of the scenario in the browser, as long
// as the two still disagree in the same field.
func (b *Browser) Shrink(ctx context.Context, d *Disagreement) (*Disagreement, error) {
	// What was tried in vain is not tried again until everything else was.
	for from, vain := 0, 0; ; {
		forms := smallerForms(d.Scenario)
		if vain >= len(forms) {
			return d, nil
		}
		from %= len(forms)
		part := forms[from:min(from+attempts, len(forms))]
		found, err := b.Conform(ctx, part)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(found, func(e *Disagreement) bool { return e.like(d) }); i >= 0 {
			d, vain = found[i], 0
			continue
		}
		from, vain = from+len(part), vain+len(part)
	}
}

// attempts is how many smaller forms are run at a time.
const attempts = 24

// like reports whether two disagreements are about the same field.
func (d *Disagreement) like(other *Disagreement) bool {
	first := indexes.ReplaceAllString(other.Differences[0].Field, "")
	for _, f := range d.Differences {
		if indexes.ReplaceAllString(f.Field, "") == first {
			return true
		}
	}
	return false
}

// Write prints a disagreement for a person: what was asked, what the servers
// answer, what the browser did, what was predicted, and the scenario itself to
// replay it.
func (d *Disagreement) Write(w io.Writer) {
	fmt.Fprintf(w, "scenario %s in %s\n", d.Scenario.ID, d.Browser)
	writeScenario(w, d.Scenario)
	writeOutcome(w, "did", &d.Did)
	writeOutcome(w, "predicted", &d.Predicted)
	for _, f := range d.Differences {
		fmt.Fprintf(w, "  differs    %s\n", f)
	}
	writeReplay(w, d.Scenario)
}

// Show writes a recorded scenario for a person to read: what was asked, what the
// servers answer, what each browser did, and the scenario itself to replay it.
func Show(w io.Writer, r *scenario.Record) {
	fmt.Fprintf(w, "scenario %s\n", r.Scenario.ID)
	writeScenario(w, &r.Scenario)
	for _, p := range fetch.Profiles() {
		if did, ok := r.Browsers[p.Name]; ok {
			writeOutcome(w, p.Name, &did)
		}
	}
	writeReplay(w, &r.Scenario)
}

func writeReplay(w io.Writer, sc *scenario.Scenario) {
	if replay, err := json.Marshal(sc); err == nil {
		fmt.Fprintf(w, "  replay     %s\n", replay)
	}
}

func writeScenario(w io.Writer, sc *scenario.Scenario) {
	q := &sc.Request
	by := cmp.Or(q.Initiator, "fetch")
	if q.CrossOrigin != "" {
		by += " crossorigin=" + q.CrossOrigin
	}
	if sc.PageSandboxed() {
		by = "sandboxed " + by
	}
	if sc.PageHost() != "same" {
		fmt.Fprintf(w, "  page       {%s}\n", sc.PageHost())
	}
	for _, c := range sc.Cookies {
		fmt.Fprintf(w, "  cookie     {%s} %q\n", c.Host, c.Line)
	}
	fmt.Fprintf(w, "  asked      %s(%q, {method: %q, credentials: %q, redirect: %q", by, sc.URL(placeholders, ""), q.Method, q.Credentials, q.Redirect)
	if q.Mode != "" {
		fmt.Fprintf(w, ", mode: %q", q.Mode)
	}
	for _, h := range q.Headers {
		fmt.Fprintf(w, ", %q: %q", h[0], h[1])
	}
	if q.Body != nil {
		fmt.Fprintf(w, ", body: %q", *q.Body)
	}
	fmt.Fprintln(w, "})")
	for i := range sc.Server {
		writeAnswer(w, &sc.Server[i])
	}
}

func writeAnswer(w io.Writer, a *scenario.Answer) {
	fmt.Fprintf(w, "  answers    %s {%s}%s -> %d", a.Method, a.Host, a.Path, a.Status)
	for _, h := range a.Headers {
		fmt.Fprintf(w, " | %s: %q", h[0], h[1])
	}
	if a.Ends != "" {
		fmt.Fprintf(w, " | %q, which ends %s", a.Body, a.Ends)
	}
	fmt.Fprintln(w)
}

// placeholders are the places as a person reads them.
var placeholders = func() scenario.Places {
	p := scenario.Places{}
	for _, name := range scenario.AllPlaces() {
		p[name] = "{" + name + "}"
	}
	return p
}()

func writeOutcome(w io.Writer, label string, o *scenario.Outcome) {
	verdict := "blocked"
	if o.Allowed {
		verdict = fmt.Sprintf("allowed %s %d %s", o.Type, o.Status, strings.Join(o.Headers, ","))
	}
	fmt.Fprintf(w, "  %-10s %s %s %q\n", label, verdict, o.Code, o.Param)
	if o.Console != "" {
		fmt.Fprintf(w, "             console %q\n", o.Console)
	}
	for i := range o.Wire {
		m := &o.Wire[i]
		fmt.Fprintf(w, "             sent %s {%s}%s origin %s", m.Method, m.Host, m.Path, m.Origin)
		if m.ACRM != "" {
			fmt.Fprintf(w, " acrm %s acrh %q", m.ACRM, m.ACRH)
		}
		fmt.Fprintln(w)
	}
}
