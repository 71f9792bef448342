package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/report"
)

// decisiveFindings are those that make a run fail although every check is fine:
// a report shows them as advice, and does not know of --fail-on.
type decisiveFindings struct {
	failOn  probe.FailOn
	ids     []string
	checks  int
	notFine bool
}

func (d *decisiveFindings) add(c *report.Check) {
	d.notFine = d.notFine || !c.Fine()
	if d.notFine || c.Known {
		return
	}
	found := c.Reaching(d.failOn)
	if len(found) > 0 {
		d.checks++
	}
	for _, f := range found {
		if id := string(f.ID); !slices.Contains(d.ids, id) {
			d.ids = append(d.ids, id)
		}
	}
}

// pointOut says why the exit code is 1, where no check says it.
func (d *decisiveFindings) pointOut(e *env, f *reportFlags) {
	if d.notFine || len(d.ids) == 0 || f.exitZero {
		return
	}
	in := "1 check"
	if d.checks > 1 {
		in = fmt.Sprintf("%d checks", d.checks)
	}
	e.remark(f, fmt.Sprintf("no check fails, but by --fail-on %s the run does, because of %s in %s", d.failOn, strings.Join(d.ids, ", "), in))
}
