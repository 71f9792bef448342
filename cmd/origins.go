package cmd

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/corscheck/corscheck/probe"
)

// An origin is one origin of a batch: where it was written down, and what is to
// be said about it.
type origin struct {
	value  string
	source *probe.Source
	note   string
}

// An originList is all origins of a batch. Those of a file are read again for
// every target instead of being kept, so a million cost no memory.
type originList struct {
	given []string
	file  *os.File // nil where there is none
	name  string
	count int
}

// maxOriginLine is longer than any origin: host names end at 253 characters.
const maxOriginLine = 4096

// originList checks all origins of the flags, so that a typo in the last line
// of a file is found before the first request is sent.
func (f *requestFlags) originList(e *env) (*originList, []string, error) {
	list := &originList{name: f.originsFile}
	var notes []string
	for _, typed := range f.origins {
		o, err := probe.ParseOrigin(typed)
		if err != nil {
			return nil, nil, flagged("-o", err)
		}
		if o != strings.TrimSpace(typed) {
			notes = append(notes, fmt.Sprintf("a browser writes the origin %s as %s", typed, o))
		}
		list.given = append(list.given, o)
	}
	list.count = len(list.given)
	if f.originsFile == "" {
		return list, notes, nil
	}
	var err error
	if list.file, err = openTwice(e, f.originsFile); err != nil {
		return nil, nil, usagef("--origins: %w", err)
	}
	for _, err := range list.lines() {
		if err != nil {
			return nil, nil, err
		}
		list.count++
	}
	return list, notes, nil
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
		for o, err := range l.lines() {
			if err != nil || !yield(o) {
				return // the same lines were read without an error before
			}
		}
	}
}

// lines reads the file of origins from its start: one a line, # comments.
func (l *originList) lines() iter.Seq2[origin, error] {
	return func(yield func(origin, error) bool) {
		if _, err := l.file.Seek(0, io.SeekStart); err != nil {
			yield(origin{}, usagef("--origins: cannot read %s: %w", nameOfInput(l.name), err))
			return
		}
		scanner := bufio.NewScanner(l.file)
		scanner.Buffer(make([]byte, 0, maxOriginLine), maxOriginLine)
		n := 0
		for scanner.Scan() {
			n++
			text := strings.TrimPrefix(scanner.Text(), "\ufeff")
			if i := strings.IndexByte(text, '#'); i >= 0 {
				text = text[:i]
			}
			if text = strings.TrimSpace(text); text == "" {
				continue
			}
			value, err := probe.ParseOrigin(text)
			if err != nil {
				yield(origin{}, flagged(fmt.Sprintf("%s:%d", nameOfInput(l.name), n), err))
				return
			}
			source := &probe.Source{File: l.name, Line: n, Column: 1}
			if !yield(origin{value: value, source: source}, nil) {
				return
			}
		}
		if err := scanner.Err(); err != nil {
			yield(origin{}, usagef("%s:%d: the line is too long for an origin", nameOfInput(l.name), n+1))
		}
	}
}

// openTwice opens a file that can be read more than once. A pipe or stdin is
// copied to a temporary file, which is removed at once and lives as long as it
// is open.
func openTwice(e *env, name string) (*os.File, error) {
	stream := e.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, unreadable(err)
		}
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return f, nil
		} else if err == nil && info.IsDir() {
			f.Close()
			return nil, fmt.Errorf("cannot read %s: it is a directory", name)
		}
		defer f.Close()
		stream = f
	}
	spool, err := os.CreateTemp("", "corscheck-origins-")
	if err != nil {
		return nil, err
	}
	// Where an open file cannot be removed it is left to the system.
	_ = os.Remove(spool.Name())
	if _, err := io.Copy(spool, stream); err != nil {
		spool.Close()
		return nil, fmt.Errorf("cannot read %s: %w", nameOfInput(name), err)
	}
	return spool, nil
}
