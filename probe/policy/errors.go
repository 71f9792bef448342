package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// An Error is one mistake in a policy or in a list that it includes.
type Error struct {
	File string
	// Line and Column count from 1, columns in characters; 0 where the file as
	// a whole is meant.
	Line, Column int
	Message      string
}

// Error prints as "file:line:column: message".
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Errors are all mistakes that were found, in the order of files and positions.
type Errors []*Error

// Error prints one mistake a line.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the single mistakes to errors.As.
func (es Errors) Unwrap() []error {
	errs := make([]error, len(es))
	for i, e := range es {
		errs[i] = e
	}
	return errs
}

// sorted puts the mistakes of the main file first, each file's by position, and
// drops what an alias made us find twice.
func (es Errors) sorted(main string) Errors {
	rank := func(file string) int {
		if file == main {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(es, func(a, b *Error) int {
		return cmp.Or(
			cmp.Compare(rank(a.File), rank(b.File)),
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
		)
	})
	return slices.CompactFunc(es, func(a, b *Error) bool { return *a == *b })
}

// err gives nil, not a typed nil, where there is no mistake.
func (es Errors) err() error {
	if len(es) == 0 {
		return nil
	}
	return es
}
