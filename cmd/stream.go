package cmd

import (
	"bufio"
	"io"
	"runtime/debug"
	"sync"
	"time"

	"github.com/corscheck/corscheck/report"
)

// flushWithin is how long a part of a report may wait before it is written out:
// no reader notices, and a fast run writes many checks at once.
const flushWithin = 50 * time.Millisecond

// A streamWriter collects what is written for a moment. It is safe for use by
// one writer; what it does by itself is serialised with that.
type streamWriter struct {
	mu    sync.Mutex
	b     *bufio.Writer
	timer *time.Timer
	due   bool  // the timer runs
	err   error // of a write by the timer
}

func newStreamWriter(w io.Writer) *streamWriter {
	s := &streamWriter{b: bufio.NewWriterSize(w, 64<<10)}
	s.timer = time.AfterFunc(time.Hour, func() { _ = s.Flush() })
	s.timer.Stop()
	return s
}

// Write implements io.Writer.
func (s *streamWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return 0, s.err
	}
	if !s.due {
		s.due = true
		s.timer.Reset(flushWithin)
	}
	return s.b.Write(p)
}

// Flush writes out what has been collected.
func (s *streamWriter) Flush() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.due = false
	s.timer.Stop()
	if err := s.b.Flush(); s.err == nil {
		s.err = err
	}
	return s.err
}

// Streaming a long run leaves little alive and much garbage: with the default
// of 100 a fifth of the time goes into collecting it, with this a twentieth,
// and the heap stays below a few dozen MiB.
const (
	streamingGC = 400
	longRun     = 256 // checks
)

// streamingLimit is the memory from which the collector works as often as it
// has to, many times what a run that streams holds.
const streamingLimit = 40 << 20

// recordedLimit is the same where the checks answer themselves, as those of a
// HAR file do: the engine runs thousands of them ahead and holds their answers.
// Near its limit the collector would take most of the time.
const recordedLimit = 128 << 20

// tuneGC sets the collector for a long run that streams, and returns what undoes
// it. Formats that hold the run keep the default, as does who set GOGC.
func (e *env) tuneGC(j *judgement) (undo func()) {
	if j.total >= 0 && j.total < longRun || e.getenv("GOGC") != "" || j.report.holds() {
		return func() {}
	}
	before := debug.SetGCPercent(streamingGC)
	if e.getenv("GOMEMLIMIT") != "" {
		return func() { debug.SetGCPercent(before) }
	}
	most := int64(streamingLimit)
	if j.recorded {
		most = recordedLimit
	}
	limit := debug.SetMemoryLimit(most)
	return func() {
		debug.SetGCPercent(before)
		debug.SetMemoryLimit(limit)
	}
}

// holds reports whether one of the formats keeps the whole run.
func (f *reportFlags) holds() bool {
	wanted := map[string]bool{f.format.value: true}
	for _, output := range f.outputs {
		if format, _, err := report.ParseOutput(output); err == nil {
			wanted[format] = true
		}
	}
	for _, format := range report.Formats() {
		if format.Holds && wanted[format.Name] {
			return true
		}
	}
	return false
}
