package policy

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/corscheck/corscheck/probe"
)

const (
	// maxHeld is the size up to which a list is kept in memory; a longer one is
	// read again while its checks run.
	maxHeld = 4 << 20
	// maxSpool bounds what is copied to a temporary file: a stream that never
	// ends must not fill the disk. It is many times a list of ten million.
	maxSpool = 1 << 30
	// maxLine bounds one line of a list.
	maxLine = 64 << 10
	// maxListErrors is after how many mistakes a list is given up: a file that
	// is no list at all should not scroll the terminal away.
	maxListErrors = 100
)

// A List is a file with one value a line. White space around a value, empty
// lines, and comments (# at the start of a line or after white space) do not
// count. It is validated as a whole when it is opened.
type List struct {
	// Name is the list's name in positions.
	Name string

	parse    func(string) (string, error)
	maxSpool int64
	n        int
	held     []byte   // a short list
	file     *os.File // a long one
	spool    bool     // file is ours to remove
}

// OpenList opens and validates a list. The path "-" is stdin. The function
// parse normalizes one value, as probe.ParseOrigin does. Mistakes in lines are
// Errors.
func OpenList(path string, stdin io.Reader, parse func(string) (string, error)) (*List, error) {
	l := &List{Name: path, parse: parse, maxSpool: maxSpool}
	in := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, &Error{File: path, Message: cannotRead(err)}
		}
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Size() > maxHeld {
			l.file = f
		} else {
			defer f.Close()
		}
		in = f
	} else {
		l.Name = "-"
	}
	if l.file == nil {
		if err := l.hold(in); err != nil {
			l.Close()
			return nil, &Error{File: l.Name, Message: cannotRead(err)}
		}
	}
	if err := l.validate(); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// hold keeps what cannot be read twice: in memory, or where it is long in a
// temporary file.
func (l *List) hold(in io.Reader) error {
	var head bytes.Buffer
	switch _, err := io.CopyN(&head, in, maxHeld); {
	case errors.Is(err, io.EOF):
		l.held = head.Bytes()
		return nil
	case err != nil:
		return err
	}
	f, err := os.CreateTemp("", "corscheck-list-")
	if err != nil {
		return err
	}
	// Where an open file can be removed nothing is left behind in any case.
	l.file, l.spool = f, os.Remove(f.Name()) != nil
	n, err := io.Copy(f, io.LimitReader(io.MultiReader(&head, in), l.maxSpool+1))
	if err == nil && n > l.maxSpool {
		return fmt.Errorf("a list that is no plain file has at most %d MiB", l.maxSpool>>20)
	}
	return err
}

// Close releases the list's file.
func (l *List) Close() error {
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	if l.spool {
		err = errors.Join(err, os.Remove(l.file.Name()))
	}
	l.file = nil
	return err
}

// Len is the number of values.
func (l *List) Len() int { return l.n }

// All yields the values in their order, each with its position. An error, which
// ends the list, means that the file has changed since it was opened.
func (l *List) All() iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for item, err := range l.lines() {
			if err == nil {
				if item.Value, err = l.parse(item.Value); err != nil {
					err = l.mistake(item, err)
				}
			}
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}

// An Item is one value of a list and where it stands.
type Item struct {
	Value        string
	Line, Column int
}

// Source is the item's position.
func (l *List) Source(i Item) probe.Source {
	return probe.Source{File: l.Name, Line: i.Line, Column: i.Column}
}

func (l *List) validate() error {
	var errs Errors
	more := 0
	for item, err := range l.lines() {
		if err != nil {
			return err
		}
		l.n++
		if _, err := l.parse(item.Value); err == nil {
			continue
		} else if len(errs) < maxListErrors {
			errs = append(errs, l.mistake(item, err))
		} else {
			more++
		}
	}
	if more > 0 {
		errs = append(errs, &Error{File: l.Name, Message: fmt.Sprintf("and %d more lines like these", more)})
	}
	if l.n == 0 {
		errs = append(errs, &Error{l.Name, 1, 1, "the list is empty: write one value a line"})
	}
	return errs.err()
}

func (l *List) mistake(i Item, err error) *Error {
	return &Error{l.Name, i.Line, i.Column, sentence(err)}
}

// lines yields the raw values.
func (l *List) lines() iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		in := io.Reader(bytes.NewReader(l.held))
		if l.file != nil {
			in = io.NewSectionReader(l.file, 0, 1<<62)
		}
		sc := bufio.NewScanner(in)
		sc.Buffer(nil, maxLine)
		n := 0
		for sc.Scan() {
			n++
			raw := sc.Text()
			if n == 1 {
				raw = strings.TrimPrefix(raw, "\ufeff")
			}
			value, column := cutComment(raw)
			if value != "" && !yield(Item{value, n, column}, nil) {
				return
			}
		}
		if err := sc.Err(); err != nil {
			message := cannotRead(err)
			if errors.Is(err, bufio.ErrTooLong) {
				message = fmt.Sprintf("a line has at most %d KiB", maxLine>>10)
			}
			yield(Item{}, &Error{l.Name, n + 1, 1, message})
		}
	}
}

// cutComment gives the value of a line and the column where it begins.
func cutComment(line string) (value string, column int) {
	value = strings.TrimLeft(line, " \t\r")
	column = 1 + utf8.RuneCountInString(line[:len(line)-len(value)])
	for i := 0; i < len(value); i++ {
		if value[i] == '#' && (i == 0 || value[i-1] == ' ' || value[i-1] == '\t') {
			value = value[:i]
			break
		}
	}
	return strings.TrimRight(value, " \t\r"), column
}

// cannotRead says why a file cannot be read, without repeating its name.
func cannotRead(err error) string {
	var pathError *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		return "the file cannot be read: permission denied"
	case errors.As(err, &pathError):
		err = pathError.Err
	}
	return "the file cannot be read: " + err.Error()
}
