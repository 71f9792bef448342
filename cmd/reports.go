package cmd

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/corscheck/corscheck/report"
)

// reports are the report on stdout and those of -O.
type reports struct {
	renderers []report.Renderer
	writers   []*streamWriter
	files     []*os.File
	summary   report.Summary
}

// openReports opens every report before the first request, so that a wrong
// path is found in time. Nothing is opened, and so emptied, where one of them
// cannot be.
func (e *env) openReports(j *judgement, stdout io.Writer) (*reports, error) {
	f := j.report
	outputs, err := j.parseOutputs()
	if err != nil {
		return nil, err
	}
	out := &reports{}
	o := e.textOptions(f)
	o.DefaultOrigin = j.defaultOrigin
	if len(j.repeated) > 0 {
		o.Command = func(c *report.Check, more ...string) string {
			return report.Command(c, withMore(j.repeated, more)...)
		}
	}
	if err := out.add(f.format.value, stdout, o); err != nil {
		return nil, err
	}
	o.Color, o.Width = false, 0
	for _, output := range outputs {
		file, err := os.Create(output.path)
		if err != nil {
			out.close()
			return nil, usagef("-O: %w", unwritable(err))
		}
		out.files = append(out.files, file)
		if err := out.add(output.format, file, o); err != nil {
			out.close()
			return nil, err
		}
	}
	return out, nil
}

// An output is one value of -O.
type output struct{ format, path string }

// parseOutputs refuses what would write over something: a report over another,
// or over a file that the run reads; and runs that are too long for a format.
func (j *judgement) parseOutputs() ([]output, error) {
	if err := report.TooMany(j.report.format.value, j.total); err != nil {
		return nil, usagef("%w", err)
	}
	var outputs []output
	for _, value := range j.report.outputs {
		format, path, err := report.ParseOutput(value)
		if err != nil {
			return nil, flagged("-O", err)
		}
		if err := report.TooMany(format, j.total); err != nil {
			return nil, usagef("%w", err)
		}
		if path == "-" {
			return nil, usagef("-O: - is no file").withHint("--format %s writes the report to stdout", format)
		}
		for _, other := range outputs {
			if sameFile(other.path, path) {
				return nil, usagef("-O: %s is named twice, and one report would overwrite the other", path)
			}
		}
		for _, read := range j.reads {
			if sameFile(read, path) {
				return nil, usagef("-O: %s is read by this command, and the report would overwrite it", path).withHint("write to another file")
			}
		}
		outputs = append(outputs, output{format, path})
	}
	return outputs, nil
}

// sameFile reports whether two paths name one file. Devices such as /dev/null
// take what comes.
func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	if errX != nil || errY != nil {
		return filepath.Clean(a) == filepath.Clean(b)
	}
	return x.Mode().IsRegular() && os.SameFile(x, y)
}

// textOptions are what a report on stdout may know of its medium.
func (e *env) textOptions(f *reportFlags) report.Options {
	return report.Options{
		Color:   report.ColorEnabled(report.ColorMode(f.color.value), e.getenv, e.stdoutTTY),
		Width:   e.width,
		ASCII:   !report.UnicodeLocale(e.getenv),
		Verbose: f.verbose,
		Quiet:   f.quiet,
		Getenv:  e.getenv,
	}
}

func (r *reports) add(format string, w io.Writer, o report.Options) error {
	writer := newStreamWriter(w)
	renderer, err := report.New(format, writer, o)
	if err != nil {
		return usagef("%w", err)
	}
	r.renderers = append(r.renderers, renderer)
	r.writers = append(r.writers, writer)
	return nil
}

func (r *reports) begin(h report.Header) error {
	return r.each(func(one report.Renderer) error { return one.Begin(h) })
}

func (r *reports) check(c *report.Check) error {
	r.summary.Add(c)
	return r.each(func(one report.Renderer) error { return one.Check(c) })
}

func (r *reports) end() error {
	err := r.each(func(one report.Renderer) error { return one.End(r.summary) })
	for _, w := range r.writers {
		if flushed := w.Flush(); err == nil && flushed != nil {
			err = usagef("%w", unwritable(flushed))
		}
	}
	for _, file := range r.files {
		if closed := file.Close(); err == nil && closed != nil {
			err = usagef("%w", unwritable(closed))
		}
	}
	r.files = nil
	return err
}

// each does one thing to every report. What comes of it is written out within a
// moment, so that a reader of a pipe sees each check as it ends.
func (r *reports) each(do func(report.Renderer) error) error {
	for _, renderer := range r.renderers {
		if err := do(renderer); err != nil {
			return usagef("%w", unwritable(err))
		}
	}
	return nil
}

func (r *reports) close() {
	for _, w := range r.writers {
		_ = w.Flush() // after an error: what was known before it
	}
	for _, file := range r.files {
		file.Close()
	}
}

// unwritable says which file cannot be written and why.
func unwritable(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return usagef("cannot write %s: %w", path.Path, path.Err)
	}
	return err
}
