package cmd

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"time"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/browser"
	"github.com/corscheck/corscheck/report"
)

// A judgement is what a command that judges hands over: its checks, and what is
// to become of their results.
type judgement struct {
	checks iter.Seq[probe.Check]
	total  int // -1 where it is not known
	// defaultOrigin is the origin that was assumed, empty where one was given.
	defaultOrigin string
	options       probe.Options
	report        *reportFlags
	explained     *report.Explained // of explain
	// annotate, where it is not nil, adds to the report of a check what its
	// command knows about it.
	annotate func(*probe.Result, *report.Check)
	// refused is why the checks ended early: a report has no place for the rest.
	refused error
	// after, where it is not nil, says what kept checks from being complete.
	after func() error
	// inBrowser, where it is not nil, has a browser make each request too.
	inBrowser *browser.LaunchOptions
}

// judge runs checks, reports them as they end, and exits by their results. An
// interruption reports what is known.
func (e *env) judge(j *judgement) error {
	prober, err := probe.New(j.options)
	if err != nil {
		return usagef("%w", err)
	}
	defer prober.Close()
	defer e.tuneGC(j)()
	ctx, stop := e.interruptible(context.Background())
	defer stop()
	return e.reportAll(ctx, j, prober.Run(ctx, j.placed()))
}

// placed ends the checks at the first one that a report of the run has no place
// for, before anything is sent for it: some formats put each result at a line of
// a file.
func (j *judgement) placed() iter.Seq[probe.Check] {
	format := j.report.needsSource()
	if format == "" {
		return j.checks
	}
	return func(yield func(probe.Check) bool) {
		for c := range j.checks {
			if c.Source == nil {
				j.refused = usagef("%w", &report.NoSourceError{Format: format})
				return
			}
			if !yield(c) {
				return
			}
		}
	}
}

// header is what is known of a run before its first check.
func (e *env) header(j *judgement) report.Header {
	return report.Header{
		Tool:      report.Tool{Name: "corscheck", Version: toolVersion()},
		StartedAt: e.now().UTC().Format(time.RFC3339),
		Total:     j.total,
		Explained: j.explained,
	}
}

// reportAll reports results that come from wherever they come, and exits by
// them.
func (e *env) reportAll(ctx context.Context, j *judgement, results iter.Seq[*probe.Result]) error {
	baseline, err := j.report.readBaseline(e)
	if err != nil {
		return err
	}
	second, err := launchSecond(ctx, j)
	if err != nil {
		return err
	}
	defer second.close()
	progress := e.newProgress(j)
	defer progress.end()
	out, err := e.openReports(j, progress.above(e.stdout))
	if err != nil {
		return err
	}
	defer out.close()
	if err := out.begin(e.header(j)); err != nil {
		return err
	}
	var summary probe.Summary
	for r := range results {
		if r.Err != nil {
			return usagef("fetch() itself throws a TypeError: %w", r.Err)
		}
		check := report.FromResult(r)
		if j.annotate != nil {
			j.annotate(r, &check)
		}
		if baseline != nil {
			baseline.Apply(&check)
		}
		summary.Add(check.Judged())
		second.ask(ctx, r, &check)
		if err := out.check(&check); err != nil {
			return err
		}
		progress.add(r)
	}
	progress.end()
	if j.refused != nil {
		return j.refused
	}
	if err := out.end(); err != nil {
		return err
	}
	second.complain(e)
	if j.after != nil {
		if err := j.after(); err != nil {
			return err
		}
	}
	e.pointOutFixed(baseline, j.report)
	return exitWith(j.exitCode(ctx, &summary, e))
}

func (j *judgement) exitCode(ctx context.Context, s *probe.Summary, e *env) int {
	code := s.ExitCode(probe.FailOn(j.report.failOn.value))
	if j.report.exitZero && (code == ExitBlocked || code == ExitNoVerdict) {
		code = ExitOK
	}
	if ctx.Err() != nil {
		complain(e.stderr, "interrupted: what was known is reported", "")
		code = strongest(code, ExitInterrupted)
	}
	return code
}

// reports are the report on stdout and those of -O.
type reports struct {
	renderers []report.Renderer
	writers   []*streamWriter
	files     []*os.File
	summary   report.Summary
}

// openReports opens every report before the first request, so that a wrong
// path is found in time.
func (e *env) openReports(j *judgement, stdout io.Writer) (*reports, error) {
	f := j.report
	out := &reports{}
	o := e.textOptions(f)
	o.DefaultOrigin = j.defaultOrigin
	if err := out.add(f.format.value, stdout, o); err != nil {
		return nil, err
	}
	o.Color, o.Width = false, 0
	for _, output := range f.outputs {
		format, path, err := report.ParseOutput(output)
		if err != nil {
			return nil, flagged("-O", err)
		}
		file, err := os.Create(path)
		if err != nil {
			out.close()
			return nil, usagef("-O: %w", unwritable(err))
		}
		out.files = append(out.files, file)
		if err := out.add(format, file, o); err != nil {
			out.close()
			return nil, err
		}
	}
	return out, nil
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
