package cmd

import (
	"context"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/report"
)

// newRenderCmd writes saved reports in another format, merged in the order in
// which they are named.
func newRenderCmd(e *env) *cobra.Command {
	f := &reportFlags{}
	c := &cobra.Command{
		Use:     "render FILE...",
		GroupID: "check",
		Short:   "Write saved reports in another format, merged",
		Long: "Read reports that were saved with --format json or jsonl, one or several, and\n" +
			"write them as one in another format. The shards of a run, named in their order,\n" +
			"give the report of the whole. The exit code is that of the merged report.",
		Example: "  corscheck render report.json --format html > report.html\n" +
			"  corscheck render shard-*.jsonl -O junit:junit.xml -O html:report.html",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("no report given").withHint("corscheck render report.json --format html")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, files []string) error {
			if err := f.validate(); err != nil {
				return err
			}
			return e.render(files, f)
		},
	}
	c.Flags().SortFlags = false
	f.register(c)
	return c
}

func (e *env) render(files []string, f *reportFlags) error {
	inputs, err := e.savedReports(files)
	if err != nil {
		return err
	}
	defer inputs.close()
	header, err := inputs.survey(f.needsSource())
	if err != nil {
		return err
	}
	if header.Tool.Name == "" { // JSON Lines has no place for it
		header.Tool = report.Tool{Name: "corscheck", Version: toolVersion()}
	}
	if header.StartedAt == "" {
		header.StartedAt = e.now().UTC().Format(time.RFC3339)
	}
	baseline, err := f.readBaseline(e)
	if err != nil {
		return err
	}
	j := &judgement{report: f, total: header.Total, reads: files}
	out, err := e.openReports(j, e.stdout)
	if err != nil {
		return err
	}
	defer out.close()
	if err := out.begin(header); err != nil {
		return err
	}
	var summary probe.Summary
	decisive := &decisiveFindings{failOn: probe.FailOn(f.failOn.value)}
	err = inputs.each(func(c *report.Check) error {
		c.Findings = slices.DeleteFunc(c.Findings, func(found finding.Finding) bool { return slices.Contains(f.ignore, found.ID) })
		if baseline != nil {
			c.Known = false // by the baseline of the run that was saved
			baseline.Apply(c)
		}
		summary.Add(c.Judged())
		decisive.add(c)
		return out.check(c)
	})
	if err != nil {
		return err
	}
	out.summary.Stopped, out.summary.NotMade = header.Stopped, header.NotMade
	if err := out.end(); err != nil {
		return err
	}
	e.pointOutFixed(baseline, f)
	decisive.pointOut(e, f)
	return exitWith(j.exitCode(context.Background(), &summary, e))
}

// savedReports are the files of render. They are read twice, first to know that
// all of them can be read, and how many checks there are.
type savedReports struct {
	names []string
	files []*os.File
	spool string // stdin, which cannot be read twice
}

func (e *env) savedReports(names []string) (*savedReports, error) {
	s := &savedReports{}
	for _, name := range names {
		file, err := s.open(e, name)
		if err != nil {
			s.close()
			return nil, usagef("%w", err)
		}
		s.names = append(s.names, nameOfInput(name))
		s.files = append(s.files, file)
	}
	return s, nil
}

func (s *savedReports) open(e *env, name string) (*os.File, error) {
	if name != "-" {
		file, err := os.Open(name)
		return file, unreadableOrNil(err)
	}
	if s.spool != "" {
		return nil, usagef("stdin is named twice")
	}
	file, err := os.CreateTemp("", "corscheck-render-*")
	if err != nil {
		return nil, err
	}
	s.spool = file.Name()
	if _, err = io.Copy(file, e.stdin); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

func unreadableOrNil(err error) error {
	if err == nil {
		return nil
	}
	return unreadable(err)
}

// survey reads all files and returns the header of the whole. A check without a
// place is refused where placed names a format that has none for it.
func (s *savedReports) survey(placed string) (report.Header, error) {
	all := report.Header{Total: 0}
	count := func(c *report.Check) error {
		if placed != "" && c.Source == nil {
			return &report.NoSourceError{Format: placed}
		}
		all.Total++
		return nil
	}
	for i := range s.files {
		h, err := s.read(i, count)
		if err != nil {
			return all, usagef("%w", err)
		}
		if all.Tool.Name == "" {
			all.Tool = h.Tool
		}
		if h.StartedAt != "" && (all.StartedAt == "" || earlier(h.StartedAt, all.StartedAt)) {
			all.StartedAt = h.StartedAt
		}
		all.NotMade += h.NotMade
		if h.Stopped != "" && all.Stopped != report.StoppedInterrupted { // the stronger word
			all.Stopped = h.Stopped
		}
		if h.Explained != nil {
			if all.Explained == nil {
				all.Explained = &report.Explained{}
			}
			all.Explained.Findings = append(all.Explained.Findings, h.Explained.Findings...)
			all.Explained.Parsed = append(all.Explained.Parsed, h.Explained.Parsed...)
		}
	}
	return all, nil
}

// earlier compares two times of RFC 3339, which may be in different zones.
func earlier(a, b string) bool {
	ta, errA := time.Parse(time.RFC3339, a)
	tb, errB := time.Parse(time.RFC3339, b)
	return errA == nil && errB == nil && ta.Before(tb)
}

func (s *savedReports) each(visit func(*report.Check) error) error {
	for i := range s.files {
		if _, err := s.read(i, visit); err != nil {
			return err
		}
	}
	return nil
}

func (s *savedReports) read(i int, visit func(*report.Check) error) (report.Header, error) {
	if _, err := s.files[i].Seek(0, io.SeekStart); err != nil {
		return report.Header{}, err
	}
	return report.Read(s.files[i], s.names[i], visit)
}

func (s *savedReports) close() {
	for _, file := range s.files {
		file.Close()
	}
	if s.spool != "" {
		os.Remove(s.spool)
	}
}
