package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"
)

// newJUnit returns the renderer of JUnit XML: one test case a check, in the
// order of the run. A failure is a check that is blocked or not as expected, an
// error one that has no verdict; findings are text.
func newJUnit(w io.Writer, _ *Options) Renderer {
	return &junitReport{w: w, suite: junit.Testsuite{Name: "corscheck"}, names: map[string]int{}}
}

type junitReport struct {
	w     io.Writer
	suite junit.Testsuite
	names map[string]int
	ms    float64
}

func (j *junitReport) Begin(h Header) error {
	j.suite.Timestamp = h.StartedAt
	j.suite.AddProperty("version", Visible(h.Tool.Version))
	return nil
}

func (j *junitReport) Check(c *Check) error {
	tc := junit.Testcase{Classname: Visible(c.URL), Name: Visible(c.Name()), Time: seconds(c.DurationMs)}
	// GitLab takes two cases of one name for one case.
	j.names[tc.Name]++
	if n := j.names[tc.Name]; n > 1 {
		tc.Name += fmt.Sprintf(" (%d)", n)
	}
	var text []string
	for _, i := range c.issues() {
		text = append(text, visibleLines(i.text()))
	}
	if c.Source != nil {
		text = append(text, Visible(fmt.Sprintf("%s:%d", c.Source.File, c.Source.Line)))
	}
	all := strings.Join(text, "\n\n")
	if c.Fine() {
		if all != "" {
			tc.SystemOut = &junit.Output{Data: all}
		}
	} else {
		r := &junit.Result{Message: Visible(c.outcomeAndCause()), Type: Visible(c.issues()[0].rule), Data: all}
		if c.Decided() {
			tc.Failure = r
		} else {
			tc.Error = r
		}
	}
	j.suite.AddTestcase(tc)
	j.ms += c.DurationMs
	return nil
}

func (j *junitReport) End(s Summary) error {
	if s.Stopped != "" {
		j.suite.AddProperty("stopped", s.stopped())
	}
	j.suite.Time = seconds(j.ms)
	suites := junit.Testsuites{Name: "corscheck", Time: j.suite.Time}
	suites.AddSuite(j.suite)
	if _, err := io.WriteString(j.w, xml.Header); err != nil {
		return err
	}
	return suites.WriteXML(j.w)
}

func seconds(ms float64) string { return fmt.Sprintf("%.3f", ms/1000) }
