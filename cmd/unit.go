package cmd

import (
	"iter"

	"github.com/corscheck/corscheck/probe"
)

// marked tells of each check whether it begins a unit. A unit is consecutive
// checks of one request in several browsers; they share what is sent, so that
// an unsafe request is sent once, and must stay on one machine.
func marked(checks iter.Seq[probe.Check]) iter.Seq2[bool, probe.Check] {
	return func(yield func(bool, probe.Check) bool) {
		var unit []probe.Check
		for c := range checks {
			first := len(unit) == 0 || !sameUnit(unit, &c)
			if first {
				unit = unit[:0]
			}
			unit = append(unit, c)
			if !yield(first, c) {
				return
			}
		}
	}
}

func sameUnit(unit []probe.Check, c *probe.Check) bool {
	for i := range unit {
		if unit[i].Browser == c.Browser {
			return false
		}
	}
	return unit[0].SameRequest(c)
}

// unitsOf yields the first check of each unit.
func unitsOf(checks iter.Seq[probe.Check]) iter.Seq[probe.Check] {
	return func(yield func(probe.Check) bool) {
		for first, c := range marked(checks) {
			if first && !yield(c) {
				return
			}
		}
	}
}
