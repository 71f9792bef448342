package cmd

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/lab"
	"github.com/corscheck/corscheck/report"
)

// demoOptions are the flags of demo.
type demoOptions struct {
	report  reportFlags
	browser enum
	routes  []string // all where empty
}

// newDemoCmd runs checks against the lab, in this process.
func newDemoCmd(e *env) *cobra.Command {
	o := &demoOptions{}
	c := &cobra.Command{
		Use:     "demo [ROUTE...]",
		GroupID: "check",
		Short:   "Show every way in which CORS goes wrong, on a server inside corscheck",
		Long: `Start the lab on free ports of this machine, check every route, and say what
follows from it. No network is needed. With the names of routes, tell the whole
story of those: what a check of your own server looks like.`,
		Example: "  corscheck demo\n  corscheck demo preflight-needs-auth",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return routeNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			o.routes = args
			if err := o.report.validate(); err != nil {
				return err
			}
			ctx, stop := e.interruptible(context.Background())
			defer stop()
			return runDemo(ctx, e, o)
		},
	}
	o.browser = enum{value: "chrome", valid: []string{"chrome", "firefox", "safari"}}
	enumFlag(c, &o.browser, "browser", "", "`browser` to judge as")
	o.report.registerOutput(c)
	return c
}

// A demonstration is the routes of one run with what came of them.
type demonstration struct {
	server  *lab.Server
	browser *fetch.Profile
	routes  []lab.Route
	lessons map[string]*report.Lesson // by route
	summary report.Summary
	broken  int
}

func runDemo(ctx context.Context, e *env, o *demoOptions) error {
	if format := o.report.needsSource(); format != "" {
		return usagef("%w", &report.NoSourceError{Format: format})
	}
	routes, err := chosenRoutes(o.routes)
	if err != nil {
		return err
	}
	server, err := lab.Start("127.0.0.1:0")
	if err != nil {
		return usagef("the lab cannot start: %w", err)
	}
	defer server.Close()
	prober, err := probe.New(probe.Options{})
	if err != nil {
		return usagef("%w", err)
	}
	defer prober.Close()
	d := &demonstration{server: server, routes: routes, lessons: map[string]*report.Lesson{}, browser: browserNamed(o.browser.value)}
	results := d.watched(prober.Run(ctx, d.checks()))
	if o.report.format.value == "text" && len(o.report.outputs) == 0 && len(o.routes) == 0 {
		for range results {
		}
		if err := d.lessonsInOrder().Write(e.stdout, e.textOptions(&o.report)); err != nil {
			return usagef("%w", unwritable(err))
		}
	} else if err := d.reports(ctx, e, o, results); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return exitWith(ExitInterrupted)
	}
	if d.broken > 0 {
		return exitWith(ExitBlocked)
	}
	return nil
}

// reports writes the results as those of any check. The exit code is not that
// of the checks: most routes are meant to be blocked.
func (d *demonstration) reports(ctx context.Context, e *env, o *demoOptions, results iter.Seq[*probe.Result]) error {
	o.report.failOn.value, o.report.exitZero = string(probe.FailOnNone), true
	return e.reportAll(ctx, &judgement{total: len(d.routes), report: &o.report}, results)
}

func chosenRoutes(names []string) ([]lab.Route, error) {
	if len(names) == 0 {
		return lab.Routes(), nil
	}
	var routes []lab.Route
	for _, name := range names {
		r, ok := lab.Lookup(strings.Trim(name, "/"))
		if !ok {
			err := usagef("the lab has no route %q", name).withHint("corscheck demo -q lists them all")
			if near := report.Nearest(name, routeNames()); near != "" {
				return nil, err.withHint("did you mean %s?", near)
			}
			return nil, err
		}
		routes = append(routes, r)
	}
	return routes, nil
}

func routeNames() []string {
	var names []string
	for _, r := range lab.Routes() {
		names = append(names, r.Name)
	}
	return names
}

func browserNamed(name string) *fetch.Profile {
	for _, p := range []*fetch.Profile{fetch.Firefox, fetch.Safari} {
		if p.Name == name {
			return p
		}
	}
	return fetch.Chrome
}

func (d *demonstration) checks() iter.Seq[probe.Check] {
	return func(yield func(probe.Check) bool) {
		for i := range d.routes {
			if !yield(d.server.Check(&d.routes[i], d.browser)) {
				return
			}
		}
	}
}

// watched holds each result against what its route promises on its way. They
// come in the order of the routes; a run that was interrupted has fewer.
func (d *demonstration) watched(results iter.Seq[*probe.Result]) iter.Seq[*probe.Result] {
	return func(yield func(*probe.Result) bool) {
		for r := range results {
			route := d.routeOf(r)
			check := report.FromResult(r)
			lesson := &report.Lesson{Name: route.Name, Title: route.Title, Teaches: route.Teaches, Check: &check}
			if kept, why := d.server.Kept(route, d.browser, r); !kept {
				lesson.Broken = why
				d.broken++
			}
			d.lessons[route.Name] = lesson
			d.summary.Add(&check)
			if !yield(r) {
				return
			}
		}
	}
}

func (d *demonstration) routeOf(r *probe.Result) *lab.Route {
	for i := range d.routes {
		if d.routes[i].For(d.server.Origins).URL == r.Check.Request.URL {
			return &d.routes[i]
		}
	}
	return nil // every check comes from a route
}

// lessonsInOrder is the summary of all routes.
func (d *demonstration) lessonsInOrder() *report.Lessons {
	l := &report.Lessons{
		Title: "A browser lets a page read an answer from another origin only if the server says so. " +
			"These are the ways in which that goes right and wrong, each checked just now on a server inside this program.",
		Next: [][2]string{
			{"corscheck demo preflight-needs-auth", "the whole story of one of them"},
			{"corscheck lab", "the same server, for your own browser"},
			{"corscheck https://api.example.com/users -o https://app.example.com", "your own server, from your own page"},
		},
	}
	for _, family := range lab.Families() {
		group := report.LessonGroup{Title: string(family)}
		for i := range d.routes {
			if one := d.lessons[d.routes[i].Name]; one != nil && d.routes[i].Family == family {
				group.Lessons = append(group.Lessons, *one)
			}
		}
		if len(group.Lessons) > 0 {
			l.Groups = append(l.Groups, group)
		}
	}
	s := d.summary
	l.Summary = fmt.Sprintf("%d of %d routes end as the lab promises: %d allowed, %d blocked, %d without an answer.",
		s.Checks-d.broken, len(d.routes), s.Allowed, s.Blocked, s.Failed)
	return l
}
