package report

import (
	"io"
	"path/filepath"
	"strings"

	"github.com/corscheck/corscheck/probe/finding"
)

// newGitLab returns the renderer of a Code Quality report of GitLab.
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
func newGitLab(w io.Writer, _ *Options) Renderer {
	return &gitlab{w: w, issues: []codeQuality{}, seen: fingerprints{}}
}

type gitlab struct {
	w      io.Writer
	issues []codeQuality
	seen   fingerprints
}

type codeQuality struct {
	Description string   `json:"description"`
	CheckName   string   `json:"check_name"`
	Fingerprint string   `json:"fingerprint"`
	Severity    string   `json:"severity"`
	Location    codeAt   `json:"location"`
	Content     *content `json:"content,omitempty"`
}

type codeAt struct {
	Path  string `json:"path"`
	Lines struct {
		Begin int `json:"begin"`
	} `json:"lines"`
}

type content struct {
	Body string `json:"body"`
}

func (g *gitlab) Begin(Header) error { return nil }

func (g *gitlab) Check(c *Check) error {
	if c.Source == nil {
		return &NoSourceError{Format: "gitlab"}
	}
	for _, i := range c.issues() {
		q := codeQuality{
			Description: Visible(i.title + " (" + c.Name() + ")"), CheckName: Visible(i.rule), Fingerprint: g.seen.of(&i),
			Severity: map[finding.Severity]string{finding.Error: "major", finding.Warning: "minor"}[i.severity],
			Content:  &content{Body: visibleLines(i.text())},
		}
		if q.Severity == "" {
			q.Severity = "info"
		}
		q.Location.Path = Visible(relativePath(c.Source.File))
		q.Location.Lines.Begin = max(c.Source.Line, 1)
		g.issues = append(g.issues, q)
	}
	return nil
}

func (g *gitlab) End(Summary) error {
	text, err := marshal(g.issues, "", "  ")
	if err != nil {
		return err
	}
	_, err = g.w.Write(append(text, '\n'))
	return err
}

// relativePath is a path as repositories have it: slashes, no leading ./
func relativePath(path string) string {
	return strings.TrimPrefix(filepath.ToSlash(filepath.Clean(path)), "./")
}
