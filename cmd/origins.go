package cmd

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/policy"
)

// An origin is one origin of a batch: where it was written down, and what is to
// be said about it.
type origin struct {
	value  string
	source *probe.Source
	note   string
}

// An originList is all origins of a batch. A long list in a file is read again
// for every target instead of being kept, so a million cost no memory.
type originList struct {
	given []string
	file  *policy.List // nil where there is none
	count int
	err   error // met while the file was read again
}

// originList checks all origins of the flags, so that a typo in the last line
// of a file is found before the first request is sent.
func (f *requestFlags) originList(e *env) (*originList, []string, error) {
	list := &originList{}
	var notes []string
	for _, typed := range f.origins {
		o, err := probe.ParseOrigin(typed)
		if err != nil {
			return nil, nil, flagged("-o", err)
		}
		if o != strings.TrimSpace(typed) {
			notes = append(notes, fmt.Sprintf("a browser writes the origin %s as %s", typed, o))
		}
		if !slices.Contains(list.given, o) {
			list.given = append(list.given, o)
		}
	}
	list.count = len(list.given)
	if f.originsFile == "" {
		return list, notes, nil
	}
	file, err := e.openList("--origins", f.originsFile, probe.ParseOrigin)
	if err != nil {
		return nil, nil, err
	}
	list.file = file
	n, err := list.ofFile()
	list.count += n
	return list, notes, err
}

// maxCompared is how long a file may be whose origins are compared with each
// other: the memory of a run does not grow with a longer one.
const maxCompared = 100_000

// ofFile is how many origins the file adds.
func (l *originList) ofFile() (n int, err error) {
	if l.file.Len() > maxCompared {
		return l.file.Len(), nil
	}
	for range l.added() {
		n++
	}
	return n, l.err
}

// added are the origins of the file that were not given before.
func (l *originList) added() iter.Seq[policy.Item] {
	return func(yield func(policy.Item) bool) {
		seen := map[string]bool{}
		for _, o := range l.given {
			seen[o] = true
		}
		for item, err := range l.file.All() {
			if err != nil {
				l.err = err
				return
			}
			if l.file.Len() <= maxCompared {
				if seen[item.Value] {
					continue
				}
				seen[item.Value] = true
			}
			if !yield(item) {
				return
			}
		}
	}
}

// openList opens the list that a flag names. Mistakes in its lines are all
// reported, each at its position.
func (e *env) openList(flag, path string, parse func(string) (string, error)) (*policy.List, error) {
	if path == "-" {
		if e.stdinRead {
			return nil, usagef("%s: stdin is read by another flag already", flag)
		}
		e.stdinRead = true
	}
	list, err := policy.OpenList(path, e.stdin, parse)
	var whole *policy.Error
	if many := (policy.Errors)(nil); err != nil && !errors.As(err, &many) && errors.As(err, &whole) {
		return nil, usagef("%s: %s: %s", flag, nameOfInput(path), whole.Message)
	}
	return list, err
}

// sourceOf is the position of an item; a line of stdin has none that a reader
// of the report could look up.
func sourceOf(l *policy.List, item policy.Item) *probe.Source {
	if l.Name == "-" {
		return nil
	}
	s := l.Source(item)
	return &s
}

// forTarget are the origins to check a target from: the default one where the
// user gave none.
func (l *originList) forTarget(target string) iter.Seq[origin] {
	return func(yield func(origin) bool) {
		if l.count == 0 {
			o := probe.DefaultOrigin(target)
			yield(origin{value: o, note: "no origin was given: " + o + " is assumed"})
			return
		}
		for _, o := range l.given {
			if !yield(origin{value: o}) {
				return
			}
		}
		if l.file == nil {
			return
		}
		for item := range l.added() {
			if !yield(origin{value: item.Value, source: sourceOf(l.file, item)}) {
				return
			}
		}
	}
}
