package report

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/corscheck/corscheck/probe/finding"
)

// newGitHub returns the renderer for GitHub Actions: an annotation for each
// issue, as it comes, and the job summary where $GITHUB_STEP_SUMMARY names a
// file for it.
func newGitHub(w io.Writer, o *Options) Renderer {
	g := &github{w: w, path: o.getenv("GITHUB_STEP_SUMMARY")}
	if g.path != "" {
		g.summary = &boundedBuffer{limit: summaryLimit}
		g.markdown = newMarkdown(g.summary, o)
	}
	return g
}

// summaryLimit leaves room for other steps: a job summary has 1 MiB a step, and
// GitHub shows nothing of one that is longer.
const summaryLimit = 900 << 10

type github struct {
	w        io.Writer
	path     string
	summary  *boundedBuffer
	markdown Renderer
}

func (g *github) Begin(h Header) error {
	if g.markdown != nil {
		return g.markdown.Begin(h)
	}
	return nil
}

func (g *github) Check(c *Check) error {
	for _, i := range c.issues() {
		// Advice is in the job summary: a step shows ten annotations of a level,
		// and those are for what somebody has to do.
		if i.severity == finding.Info {
			continue
		}
		if _, err := io.WriteString(g.w, annotation(&i)); err != nil {
			return err
		}
	}
	if g.markdown != nil {
		return g.markdown.Check(c)
	}
	return nil
}

func (g *github) End(s Summary) error {
	if _, err := fmt.Fprintf(g.w, "corscheck: %s\n", s.counts()); err != nil {
		return err
	}
	if g.markdown == nil {
		return nil
	}
	if err := g.markdown.End(s); err != nil {
		return err
	}
	return g.appendSummary()
}

func (g *github) appendSummary() error {
	f, err := os.OpenFile(g.path, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("the job summary of GITHUB_STEP_SUMMARY: %w", err)
	}
	_, err = f.Write(g.summary.bytes())
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// annotation is one workflow command.
func annotation(i *issue) string {
	level := "error"
	if i.severity == finding.Warning {
		level = "warning"
	}
	var properties []string
	if s := i.check.Source; s != nil {
		properties = append(properties, "file="+githubProperty(githubPath(s.File)))
		if s.Line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d", s.Line))
			if s.Column > 0 {
				properties = append(properties, fmt.Sprintf("col=%d", s.Column))
			}
		}
	}
	properties = append(properties, "title="+githubProperty(Visible("corscheck: "+i.rule)))
	return fmt.Sprintf("::%s %s::%s\n", level, strings.Join(properties, ","), githubData(visibleLines(i.text())))
}

// githubPath is a path as it was given, for the runner has to find the file, but
// for what would act on a terminal; line breaks are escaped with the property.
func githubPath(path string) string {
	return escape(path, func(r rune) bool { return r != '\n' && r != '\r' && unsafeRune(r) })
}

// githubData escapes the message of a workflow command, githubProperty the
// value of one of its properties. The rules are those of the runner and of
// https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
func githubData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func githubProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}

// boundedBuffer keeps whole writes up to its limit and says what it left out.
type boundedBuffer struct {
	strings.Builder
	limit int
	full  bool
}

func (b *boundedBuffer) Write(p []byte) (int, error) {
	if b.full = b.full || b.Len()+len(p) > b.limit; !b.full {
		b.Builder.Write(p)
	}
	return len(p), nil
}

func (b *boundedBuffer) bytes() []byte {
	s := b.String()
	if b.full {
		s += "\nThe rest is left out: a job summary holds no more.\n"
	}
	return []byte(s)
}
