package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// A view is how one or more browsers see a request: what stops it, and the
// change that mends it, are the same for all of them.
type view struct {
	*Check // of the first of them
	checks []*Check
	all    bool // every browser sees it so
}

// viewsOf groups what browsers make of one request, the worst first: those that
// need attention or, where none does, all of them.
func viewsOf(checks []*Check) []view {
	var views []view
	troubled := slices.ContainsFunc(checks, func(c *Check) bool { return !c.Fine() })
	for _, c := range checks {
		if troubled && c.Fine() {
			continue
		}
		n := slices.IndexFunc(views, func(v view) bool { return v.viewKey() == c.viewKey() && v.mendedAs(c) })
		if n < 0 {
			n = len(views)
			views = append(views, view{Check: c})
		}
		views[n].checks = append(views[n].checks, c)
	}
	for i := range views {
		views[i].all = len(views[i].checks) == len(checks)
	}
	slices.SortStableFunc(views, func(a, b view) int { return badness(b.Check) - badness(a.Check) })
	return views
}

// viewKey tells views apart, but for the change. The browsers' own codes for one
// rule differ, so without a finding it is what the rule found.
func (c *Check) viewKey() string {
	key := []string{c.Outcome()}
	if f := c.Headline(); f != nil {
		key = append(key, string(f.ID))
	} else if !c.Fine() {
		key = append(key, c.verdictWhy())
	}
	for _, f := range c.Failures {
		key = append(key, f.Expectation)
	}
	return strings.Join(key, "\x00")
}

// mendedAs reports whether the change that mends a check mends the same request
// in another browser, too: it is the same change, or both browsers asked for the
// same and miss the same. Then only the stack differs, which may be recognised
// at one of them and not at the other.
func (c *Check) mendedAs(other *Check) bool {
	return c.change() == other.change() ||
		c.verdictWhy() == other.verdictWhy() && slices.Equal(c.Preflight.Because, other.Preflight.Because)
}

// change is the configuration that mends the cause, or empty.
func (c *Check) change() string {
	if f := c.Headline(); f != nil && f.Fix != nil {
		return f.Fix.Snippet
	}
	return ""
}

// whom names the browsers of a view, for the end of a heading; where there are
// no others there is nobody to name.
func (v *view) whom() string {
	if v.all {
		return ""
	}
	return " in " + and(names(v.checks))
}

// names are those of the browsers of checks.
func names(checks []*Check) []string {
	var names []string
	for _, c := range checks {
		names = append(names, browserName(c.Browser))
	}
	return names
}

// answer is one request in several browsers: the verdicts side by side, the
// story as each view has it, and what stops each of them.
func (t *text) answer(checks []*Check) {
	views := viewsOf(checks)
	t.answerLine(checks)
	t.blank()
	t.sideBySide(checks)
	for _, v := range views {
		t.expectations(v.Check, v.whom())
	}
	t.stories(views, checks)
	for _, c := range checks {
		t.console(c, "Console of "+browserName(t.clean(c.Browser)))
	}
	for _, c := range checks {
		t.inBrowser(c)
	}
	t.findings(views, checks)
	t.assumptions(checks)
	t.next(views, checks)
}

// stories shows what holds in every browser, then the rest of what each view
// went through under the name of its first browser.
func (t *text) stories(views []view, checks []*Check) {
	facts, setup := common(checks, (*Check).facts), common(checks, (*Check).setup)
	t.beforehand(facts, setup)
	for _, v := range views {
		own, rules := without(v.facts(), facts), without(v.setup(), setup)
		if len(own)+len(rules)+len(v.Exchanges) == 0 {
			continue
		}
		if len(views) > 1 || differ(checks) {
			t.heading("As " + browserName(t.clean(v.Browser)) + " sees it")
		}
		t.beforehand(own, rules)
		t.exchanges(v.Check)
	}
}

// common is what the lists of all checks have, in the order of the first.
func common[T fact | Step](checks []*Check, list func(*Check) []T) []T {
	shared := list(checks[0])
	for _, c := range checks[1:] {
		other := list(c)
		shared = slices.DeleteFunc(slices.Clone(shared), func(x T) bool { return !slices.Contains(other, x) })
	}
	return shared
}

// without is a list less what is shared.
func without[T fact | Step](list, shared []T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return slices.Contains(shared, x) })
}

// sideBySide has a row for each verdict, named by the browsers that come to it.
func (t *text) sideBySide(checks []*Check) {
	var order []string
	rows, names := map[string]*Check{}, map[string][]string{}
	widest := 0
	for _, c := range checks {
		key := c.Outcome() + "\x00" + c.verdictWhy()
		if rows[key] == nil {
			rows[key] = c
			order = append(order, key)
		}
		names[key] = append(names[key], browserName(t.clean(c.Browser)))
		widest = max(widest, width(strings.Join(names[key], ", ")))
	}
	for _, key := range order {
		c := rows[key]
		t.prose("  "+pad(t.palette.strong.Sprint(strings.Join(names[key], ", ")), widest+2)+t.mark(c)+" "+t.colored(c, c.Outcome())+"  ", t.clean(c.verdictWhy()))
	}
}

func (t *text) answerLine(checks []*Check) {
	byOutcome := map[string][]string{}
	var order []string
	for _, c := range checks {
		o := c.Outcome()
		if byOutcome[o] == nil {
			order = append(order, o)
		}
		byOutcome[o] = append(byOutcome[o], browserName(t.clean(c.Browser)))
	}
	var parts []string
	for _, o := range order {
		for _, c := range checks {
			if c.Outcome() == o {
				parts = append(parts, t.mark(c)+" "+t.colored(c, capital(o)+" in "+and(byOutcome[o])))
				break
			}
		}
	}
	t.opening(parts, t.request(checks[0]), t.from(checks[0]))
}

// verdictWhy is the decisive fact about one browser's verdict.
func (c *Check) verdictWhy() string {
	if c.Verdict == string(fetch.Allowed) {
		if c.ResponseType == "" {
			return "the preflight passes"
		}
		why := c.ResponseType
		if c.Status != nil && *c.Status != 0 {
			why += fmt.Sprintf(" response, status %d", *c.Status)
		}
		return why
	}
	if c.Reason == nil {
		return ""
	}
	if c.Reason.Explanation == "" {
		return c.Reason.Code
	}
	return c.Reason.Explanation
}

// badness ranks checks by how much they need attention.
func badness(c *Check) int {
	switch {
	case c.Fine():
		return 0
	case c.Verdict == string(fetch.Undecided):
		return 1
	case c.Verdict == string(fetch.Failed):
		return 2
	}
	return 3
}

func differ(checks []*Check) bool {
	for _, c := range checks {
		if c.Verdict != checks[0].Verdict || c.verdictWhy() != checks[0].verdictWhy() {
			return true
		}
	}
	return false
}
