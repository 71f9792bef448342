package cmd

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/report"
)

// progress tells on stderr how far a run is: with a bar where stderr is a
// terminal, with a line now and then where it is not, so that a log of CI shows
// that something happens. With -q, and for runs that are over at once, it is
// silent.
type progress struct {
	env     *env
	summary probe.Summary
	total   int // -1 where it is not known
	done    bool

	bar  *progressbar.ProgressBar // nil where stderr is no terminal
	told time.Time                // when the last line was written
	last int                      // the checks that it told of

	mu    sync.Mutex  // guards the bar, which also appears by itself
	drawn bool        // the bar has been seen
	ended bool        // and is not to be seen any more
	draw  *time.Timer // shows it where no check ends for long
}

const (
	// Below so many checks there is nothing to tell.
	fewestForBar, fewestForLines = 2, 100
	lineEvery                    = 5 * time.Second
	// A bar that is gone before it can be read only flickers.
	barAfter = 500 * time.Millisecond
)

func (e *env) newProgress(j *judgement) *progress {
	p := &progress{env: e, total: j.total, told: e.now()}
	switch {
	case j.report.quiet:
		p.done = true
	case e.stderrTTY && (j.total >= fewestForBar || j.total < 0):
		p.bar = progressbar.NewOptions(j.total,
			progressbar.OptionSetWriter(e.stderr),
			progressbar.OptionShowCount(),
			progressbar.OptionSetWidth(20), // a million checks fit into 80 columns
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
			progressbar.OptionUseANSICodes(false),
			progressbar.OptionSetTheme(theme(e)),
		)
		p.draw = time.AfterFunc(barAfter, p.appear)
	case j.total >= 0 && j.total < fewestForLines:
		p.done = true
	}
	return p
}

// theme draws the bar with characters that the locale and every font have.
func theme(e *env) progressbar.Theme {
	if report.UnicodeLocale(e.getenv) {
		return progressbar.Theme{Saucer: "█", SaucerPadding: "░"}
	}
	return progressbar.ThemeASCII
}

func (p *progress) add(r *probe.Result) {
	if p.done {
		return
	}
	p.summary.Add(r.Outcome())
	if p.bar != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.drawn {
			_ = p.bar.Set(p.summary.Checks) // a bar that cannot be drawn is no reason to fail
		}
		return
	}
	if now := p.env.now(); now.Sub(p.told) >= lineEvery {
		p.told = now
		p.line()
	}
}

// end removes the bar, or writes the last line.
func (p *progress) end() {
	if p.done {
		return
	}
	p.done = true
	if p.bar != nil {
		p.draw.Stop()
		p.mu.Lock()
		p.ended = true
		p.mu.Unlock()
		p.clear()
		return
	}
	if p.summary.Checks != p.last && (p.total >= 0 || p.summary.Checks >= fewestForLines) {
		p.line()
	}
}

// appear draws the bar for the first time.
func (p *progress) appear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		p.drawn = true
		_ = p.bar.RenderBlank()
	}
}

// clear takes the bar off the terminal.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn {
		_ = p.bar.Clear()
	}
}

func (p *progress) line() {
	s := &p.summary
	p.last = s.Checks
	of := ""
	if p.total >= 0 {
		of = fmt.Sprintf(" of %d", p.total)
	}
	var counts []string
	for _, c := range []struct {
		n    int
		what string
	}{
		{s.Allowed, "allowed"}, {s.Blocked, "blocked"}, {s.Undecided, "undecided"}, {s.Failed, "failed"}, {s.Unexpected, "not as expected"},
	} {
		if c.n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	complain(p.env.stderr, strings.TrimSuffix(fmt.Sprintf("%d%s checks: %s", s.Checks, of, strings.Join(counts, ", ")), ": "), "")
}

// above is w with the bar out of the way of what is written, where both are on
// one terminal.
func (p *progress) above(w io.Writer) io.Writer {
	if p.bar == nil || !p.env.stdoutTTY {
		return w
	}
	return &aboveBar{w, p}
}

type aboveBar struct {
	io.Writer
	progress *progress
}

func (a *aboveBar) Write(b []byte) (int, error) {
	if len(b) > 0 {
		a.progress.clear()
	}
	return a.Writer.Write(b)
}
