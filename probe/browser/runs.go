package browser

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// Record runs scenarios in the browser and returns their outcomes, in order.
// Those of one page run together; cookies are set by visits before.
func (b *Browser) Record(ctx context.Context, scenarios []*scenario.Scenario) ([]scenario.Outcome, error) {
	out := make([]scenario.Outcome, len(scenarios))
	for _, part := range batches(scenarios) {
		list := make([]*scenario.Scenario, len(part))
		for i, at := range part {
			list[i] = scenarios[at]
		}
		if err := b.treat(ctx, list[0].ThirdParty); err != nil {
			return nil, err
		}
		if err := b.visit(ctx, list[0].PageHost()); err != nil {
			return nil, err
		}
		did, err := b.recordPart(ctx, list)
		if err != nil {
			return nil, err
		}
		for i, at := range part {
			out[at] = did[i]
		}
	}
	return out, nil
}

// jar is how many cookies the scenarios that run together may have: browsers keep
// 180 of a site at the most.
const jar = 150

// batches are the indexes of scenarios that run together, on the page at hand
// first: those of one page, and few at a time where there are cookies.
func batches(scenarios []*scenario.Scenario) [][]int {
	type kind struct {
		thirdParty, page string
		cookies          bool
	}
	var kinds []kind
	byKind := map[kind][]int{}
	for i, sc := range scenarios {
		k := kind{sc.ThirdParty, sc.PageHost(), sc.CookieCount() > 0}
		if byKind[k] == nil {
			kinds = append(kinds, k)
		}
		byKind[k] = append(byKind[k], i)
	}
	// The engine is started again for each setting.
	slices.SortStableFunc(kinds, func(x, y kind) int { return strings.Compare(x.thirdParty, y.thirdParty) })
	var out [][]int
	for _, k := range kinds {
		if !k.cookies {
			out = append(out, byKind[k])
			continue
		}
		out = append(out, jars(scenarios, byKind[k])...)
	}
	return out
}

// jars splits a list of scenarios so that their cookies find room.
func jars(scenarios []*scenario.Scenario, list []int) [][]int {
	var out [][]int
	room := 0
	for _, at := range list {
		n := scenarios[at].CookieCount()
		if room < n || len(out) == 0 {
			out, room = append(out, nil), jar
		}
		out[len(out)-1] = append(out[len(out)-1], at)
		room -= n
	}
	return out
}

// visit brings the tab to the page of a place.
func (b *Browser) visit(ctx context.Context, place string) error {
	if b.page == place {
		return nil
	}
	return b.leaveFor(ctx, place, "/")
}

func (b *Browser) leaveFor(ctx context.Context, place, path string) error {
	if _, err := b.run(ctx, &job{Go: b.Servers.Places[place] + path}); err != nil {
		return fmt.Errorf("the page at {%s}%s: %w", place, path, err)
	}
	b.page = place
	return nil
}

// stock has every place of the scenarios' cookies visited, and returns to the page.
func (b *Browser) stock(ctx context.Context, scenarios []*scenario.Scenario, prefixes []string) error {
	if scenarios[0].CookieCount() == 0 {
		return nil
	}
	if err := b.driver.forget(ctx); err != nil {
		return err
	}
	page := b.page
	var places []string
	for i, sc := range scenarios {
		for _, place := range b.Servers.Visit(sc, prefixes[i]) {
			if !slices.Contains(places, place) {
				places = append(places, place)
			}
		}
	}
	for _, place := range places {
		if err := b.leaveFor(ctx, place, scenario.VisitPath); err != nil {
			return err
		}
	}
	return b.leaveFor(ctx, page, "/")
}

// recordPart runs scenarios of one page.
func (b *Browser) recordPart(ctx context.Context, scenarios []*scenario.Scenario) ([]scenario.Outcome, error) {
	prefixes := make([]string, len(scenarios))
	index := make(map[string]int, len(scenarios))
	for i, sc := range scenarios {
		prefixes[i] = b.Servers.Load(sc)
		index[prefixes[i]] = i
	}
	defer func() {
		for _, p := range prefixes {
			b.Servers.Unload(p)
		}
	}()
	if err := b.stock(ctx, scenarios, prefixes); err != nil {
		return nil, err
	}
	out := make([]scenario.Outcome, len(scenarios))
	var blocked []string
	stuck := map[string]bool{}
	for start := 0; start < len(scenarios); start += chunk {
		end := min(start+chunk, len(scenarios))
		done, err := b.run(ctx, b.job(scenarios[start:end], prefixes[start:end]))
		if err != nil {
			return nil, err
		}
		for _, s := range done {
			i, ok := index[s.Prefix]
			if !ok {
				return nil, fmt.Errorf("%s answered for a scenario that it was not given: %q", b.Name, s.Prefix)
			}
			out[i] = scenario.Outcome{Allowed: s.Allowed, Type: s.Type, Status: s.Status, Headers: s.Headers}
			slices.Sort(out[i].Headers)
			switch {
			case s.Error == "timeout":
				stuck[s.Prefix] = true
			case !s.Allowed && !s.Thrown:
				blocked = append(blocked, s.Prefix)
			}
		}
	}
	reports, err := b.driver.settle(ctx, blocked)
	if err != nil {
		return nil, err
	}
	for i, p := range prefixes {
		b.complete(&out[i], p, reports[p])
		// Whether an EventSource that dislikes its response cancels the request or
		// finds it finished is a race.
		if scenarios[i].Request.Initiator == "eventsource" && out[i].Code == "net::ERR_ABORTED" {
			out[i].Code = ""
		}
		if stuck[p] {
			out[i].Code = Stuck
		}
	}
	return out, nil
}
