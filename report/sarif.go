package report

import (
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/finding"
)

// newSARIF returns the renderer of SARIF 2.1.0, for code scanning: one result
// for each issue, at the line of the file that asked for the check.
//
// What GitHub makes of it: it shows a result only at a file of the repository;
// it tells results of different runs apart by ruleId, place and
// partialFingerprints, so those must not change with the wording; it shows
// help.markdown of the rule beside each result.
func newSARIF(w io.Writer, _ *Options) Renderer {
	return &sarif{w: w, rules: map[string]int{}, seen: fingerprints{}, run: sarifRun{Results: []sarifResult{}}}
}

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

type sarif struct {
	w     io.Writer
	run   sarifRun
	rules map[string]int
	seen  fingerprints
}

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver sarifDriver `json:"driver"`
	} `json:"tool"`
	AutomationDetails struct {
		ID string `json:"id"`
	} `json:"automationDetails"`
	Invocations []sarifInvocation `json:"invocations,omitempty"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version,omitempty"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifInvocation struct {
	ExecutionSuccessful bool   `json:"executionSuccessful"`
	StartTimeUTC        string `json:"startTimeUtc,omitempty"`
}

type sarifRule struct {
	ID               string       `json:"id"`
	ShortDescription sarifMessage `json:"shortDescription"`
	FullDescription  sarifMessage `json:"fullDescription"`
	Help             sarifMessage `json:"help"`
	Default          struct {
		Level string `json:"level"`
	} `json:"defaultConfiguration"`
	Properties struct {
		Tags []string `json:"tags"`
	} `json:"properties"`
}

type sarifMessage struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifResult struct {
	RuleID              string            `json:"ruleId"`
	RuleIndex           int               `json:"ruleIndex"`
	Level               string            `json:"level"`
	Message             sarifMessage      `json:"message"`
	Locations           []sarifLocation   `json:"locations"`
	PartialFingerprints map[string]string `json:"partialFingerprints"`
	Properties          map[string]string `json:"properties"`
}

type sarifLocation struct {
	Physical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region sarifRegion `json:"region"`
	} `json:"physicalLocation"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
}

func (s *sarif) Begin(h Header) error {
	s.run.Tool.Driver = sarifDriver{
		Name: "corscheck", Version: h.Tool.Version, InformationURI: "https://github.com/corscheck/corscheck", Rules: []sarifRule{},
	}
	s.run.AutomationDetails.ID = "corscheck/"
	s.run.ColumnKind = "unicodeCodePoints"
	s.run.Invocations = []sarifInvocation{{ExecutionSuccessful: true, StartTimeUTC: h.StartedAt}}
	return nil
}

func (s *sarif) Check(c *Check) error {
	if c.Source == nil {
		return &NoSourceError{Format: "sarif"}
	}
	for _, i := range c.issues() {
		r := sarifResult{
			RuleID: i.rule, RuleIndex: s.rule(&i), Level: sarifLevel(i.severity),
			Message:             sarifMessage{Text: sarifText(i.text())},
			PartialFingerprints: map[string]string{"corscheckCheck/v1": s.seen.of(&i)},
			Properties:          map[string]string{"url": Visible(c.URL), "origin": Visible(c.Origin), "method": Visible(c.Method), "browser": Visible(c.Browser), "verdict": Visible(c.Verdict)},
		}
		var at sarifLocation
		at.Physical.Artifact.URI = (&url.URL{Path: relativePath(c.Source.File)}).String()
		at.Physical.Region = sarifRegion{StartLine: max(c.Source.Line, 1), StartColumn: max(c.Source.Column, 0)}
		r.Locations = []sarifLocation{at}
		s.run.Results = append(s.run.Results, r)
	}
	return nil
}

// rule is the index of the issue's rule, which is added when it is first met.
func (s *sarif) rule(i *issue) int {
	if n, ok := s.rules[i.rule]; ok {
		return n
	}
	r := sarifRule{ID: i.rule}
	title, page := ruleText(i)
	r.ShortDescription.Text, r.FullDescription.Text = title, title
	r.Help = sarifMessage{Text: title, Markdown: page}
	r.Default.Level = sarifLevel(i.severity)
	r.Properties.Tags = []string{"cors", "security"}
	n := len(s.run.Tool.Driver.Rules)
	s.run.Tool.Driver.Rules = append(s.run.Tool.Driver.Rules, r)
	s.rules[i.rule] = n
	return n
}

// ruleText describes a rule: a finding as the catalogue does, else by what it
// stands for.
func ruleText(i *issue) (title, page string) {
	if e, ok := finding.Lookup(finding.ID(i.rule)); ok {
		return e.Title, e.Page
	}
	if what, found := strings.CutPrefix(i.rule, "expected-"); found {
		return "Not as expected: " + what, "The policy expects something else of the answer: `" + what + "`."
	}
	if slices.Contains([]string{"blocked", "failed", "undecided", "allowed"}, i.rule) {
		return "The check is " + i.rule, fmt.Sprintf("The verdict of the check is %s, and no finding explains it.", i.rule)
	}
	return Visible(i.rule), ""
}

func (s *sarif) End(sum Summary) error {
	for i := range s.run.Invocations {
		s.run.Invocations[i].ExecutionSuccessful = sum.Stopped != StoppedInterrupted
	}
	text, err := marshal(sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{s.run}}, "", "  ")
	if err != nil {
		return err
	}
	_, err = s.w.Write(append(text, '\n'))
	return err
}

func sarifLevel(s finding.Severity) string {
	switch s {
	case finding.Error:
		return "error"
	case finding.Warning:
		return "warning"
	}
	return "note"
}

// sarifText keeps what servers sent from being read as what a message may hold:
// [text](URL) is a link in it and {0} a placeholder. Other brackets and braces
// stay as they are: viewers show the escapes that the standard has for them.
func sarifText(s string) string {
	s = strings.ReplaceAll(visibleLines(s), "](", `]\(`)
	return placeholder.ReplaceAllString(s, "{{$1}}")
}

var placeholder = regexp.MustCompile(`\{(\d+)\}`)
