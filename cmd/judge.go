package cmd

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/browser"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/report"
)

// A judgement is what a command that judges hands over: its checks, and what is
// to become of their results.
type judgement struct {
	checks iter.Seq[probe.Check]
	total  int // -1 where it is not known
	// recorded says that the checks answer themselves.
	recorded bool
	// defaultOrigin is the origin that was assumed, empty where one was given.
	defaultOrigin string
	options       probe.Options
	report        *reportFlags
	explained     *report.Explained // of explain
	// repeated are the flags that a command to run next has to repeat.
	repeated []string
	// annotate, where it is not nil, adds to the report of a check what its
	// command knows about it.
	annotate func(*probe.Result, *report.Check)
	// reads are the files that the checks come from; no report may overwrite one.
	reads []string
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
		return wrongOption(err)
	}
	defer prober.Close()
	if err := j.placeless(); err != nil {
		return err
	}
	defer e.tuneGC(j)()
	ctx, stop := e.interruptible(context.Background())
	defer stop()
	return e.reportAll(ctx, j, prober.Run(ctx, j.checks))
}

// placeless says, before anything is sent or written, that a format has no place
// for one of the checks. Checks that cannot be listed twice are left to the
// format to refuse.
func (j *judgement) placeless() error {
	format := j.report.needsSource()
	if format == "" || j.total < 0 {
		return nil
	}
	for c := range j.checks {
		if c.Source == nil {
			return usagef("%w", &report.NoSourceError{Format: format})
		}
	}
	return nil
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
	decisive := &decisiveFindings{failOn: probe.FailOn(j.report.failOn.value)}
	for r := range results {
		if r.Err != nil {
			return refusal(r.Err)
		}
		check := report.FromResult(r)
		if j.annotate != nil {
			j.annotate(r, &check)
		}
		if baseline != nil {
			baseline.Apply(&check)
		}
		summary.Add(check.Judged())
		decisive.add(&check)
		second.ask(ctx, r, &check)
		if err := out.check(&check); err != nil {
			return err
		}
		progress.add(r)
	}
	progress.end()
	j.noteEarlyEnd(ctx, &out.summary)
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
	decisive.pointOut(e, j.report)
	return exitWith(j.exitCode(ctx, &summary, e))
}

// noteEarlyEnd has the report say that it is not of the whole run.
func (j *judgement) noteEarlyEnd(ctx context.Context, s *report.Summary) {
	switch {
	case s.Checks == j.total:
	case ctx.Err() != nil:
		s.Stop(report.StoppedInterrupted, j.total)
	case j.options.FailFast && j.total >= 0:
		s.Stop(report.StoppedFailFast, j.total)
	}
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

// refusal says that the request cannot be made: by the rules of the initiator, or
// because fetch() throws.
func refusal(err error) error {
	var e *fetch.RequestError
	if errors.As(err, &e) && e.Option != "" {
		return usagef("--%s: %w", e.Option, err)
	}
	return usagef("%w", err)
}
