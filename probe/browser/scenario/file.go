package scenario

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// Read reads recorded scenarios, one JSON object a line.
func Read(r io.Reader) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		d := json.NewDecoder(bufio.NewReader(r))
		for n := 1; ; n++ {
			rec := new(Record)
			err := d.Decode(rec)
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("record %d: %w", n, err))
				return
			}
			if !yield(rec, nil) {
				return
			}
		}
	}
}

// ReadFile reads a recorded set, unpacked where its name ends in ".gz".
func ReadFile(name string) ([]*Record, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		defer z.Close()
		r = z
	}
	var out []*Record
	for rec, err := range Read(r) {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, rec)
	}
	return out, nil
}

// ReadFiles reads all recorded sets whose names match a pattern of [filepath.Glob]; that
// none does is an error.
func ReadFiles(pattern string) ([]*Record, error) {
	names, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pattern, err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no file is called %s", pattern)
	}
	var all []*Record
	for _, name := range names {
		recs, err := ReadFile(name)
		if err != nil {
			return nil, err
		}
		all = append(all, recs...)
	}
	return all, nil
}

// Scenarios are what was recorded, without what the browsers did.
func Scenarios(recs []*Record) []*Scenario {
	out := make([]*Scenario, len(recs))
	for i, rec := range recs {
		out[i] = &rec.Scenario
	}
	return out
}

// WriteFile writes a recorded set, packed where its name ends in ".gz". The
// same records give the same bytes.
func WriteFile(name string, recs []*Record) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	if !strings.HasSuffix(name, ".gz") {
		return write(f, recs)
	}
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := write(z, recs); err != nil {
		return err
	}
	return z.Close()
}

func write(w io.Writer, recs []*Record) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, rec := range recs {
		if err := e.Encode(rec); err != nil {
			return err
		}
	}
	return nil
}
