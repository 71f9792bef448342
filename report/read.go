package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Read reads a saved report, a JSON document or JSON Lines, and hands its checks
// to visit one by one: a report of any length takes the memory of one check.
// name stands in errors. What is not a report of this schema version is an
// error that says where and what.
func Read(r io.Reader, name string, visit func(*Check) error) (Header, error) {
	in := &reader{name: name, visit: visit}
	buffered := bufio.NewReaderSize(skipBOM(r), 1<<16)
	in.lines = &lineCounter{r: buffered}
	in.dec = json.NewDecoder(in.lines)
	h := Header{Total: -1}
	err := in.read(&h)
	if err != nil {
		return h, in.explain(err)
	}
	return h, nil
}

// ReadDocument reads a whole saved report.
func ReadDocument(r io.Reader, name string) (*Document, error) {
	d := &Document{SchemaVersion: SchemaVersion, Checks: []Check{}}
	h, err := Read(r, name, func(c *Check) error {
		d.Checks = append(d.Checks, *c)
		d.Summary.Add(c)
		return nil
	})
	if err != nil {
		return nil, err
	}
	d.Tool, d.StartedAt = h.Tool, h.StartedAt
	d.Summary.Stopped, d.Summary.NotMade = h.Stopped, h.NotMade
	if h.Explained != nil {
		d.Findings, d.Parsed = &h.Explained.Findings, &h.Explained.Parsed
	}
	return d, nil
}

// A reader reads one report. visitErr tells errors of the visitor from errors
// of the report.
type reader struct {
	name     string
	visit    func(*Check) error
	dec      *json.Decoder
	lines    *lineCounter
	checks   int
	visitErr error
}

// read tells the two forms apart by the first object: a line of JSON Lines has a
// verdict, a document has checks. The first object's keys are read one by one,
// because a document may be too long to hold.
func (in *reader) read(h *Header) error {
	first, err := in.dec.Token()
	if err != nil {
		if errors.Is(err, io.EOF) {
			// A shard that had no checks to do leaves an empty JSON Lines file.
			return nil
		}
		return err
	}
	if first != json.Delim('{') {
		return errNotReport
	}
	fields := map[string]json.RawMessage{}
	document := false
	for in.dec.More() {
		key, err := in.key()
		if err != nil {
			return err
		}
		if key == "checks" {
			document = true
			if err := in.version(fields); err != nil {
				return err
			}
			if err := in.array(); err != nil {
				return err
			}
			continue
		}
		var raw json.RawMessage
		if err := in.dec.Decode(&raw); err != nil {
			return err
		}
		fields[key] = raw
	}
	if _, err := in.dec.Token(); err != nil {
		return err
	}
	if document {
		return in.document(fields, h)
	}
	return in.jsonLines(fields)
}

func (in *reader) key() (string, error) {
	t, err := in.dec.Token()
	if err != nil {
		return "", err
	}
	return t.(string), nil
}

func (in *reader) array() error {
	t, err := in.dec.Token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return fmt.Errorf("%q is not a list", "checks")
	}
	for in.dec.More() {
		c := new(Check)
		if err := in.dec.Decode(c); err != nil {
			return err
		}
		if err := in.check(c); err != nil {
			return err
		}
	}
	_, err = in.dec.Token()
	return err
}

func (in *reader) document(fields map[string]json.RawMessage, h *Header) error {
	if err := in.version(fields); err != nil {
		return err
	}
	h.Total = in.checks
	var findings, parsed json.RawMessage
	var summary Summary
	for key, to := range map[string]any{"tool": &h.Tool, "startedAt": &h.StartedAt, "summary": &summary, "findings": &findings, "parsed": &parsed} {
		if raw, ok := fields[key]; ok {
			if err := json.Unmarshal(raw, to); err != nil {
				return fmt.Errorf("%q: %w", key, err)
			}
		}
	}
	// What can be counted is counted again.
	h.Stopped, h.NotMade = summary.Stopped, summary.NotMade
	if parsed != nil {
		h.Explained = &Explained{}
		if err := json.Unmarshal(parsed, &h.Explained.Parsed); err != nil {
			return fmt.Errorf("%q: %w", "parsed", err)
		}
		if findings != nil {
			if err := json.Unmarshal(findings, &h.Explained.Findings); err != nil {
				return fmt.Errorf("%q: %w", "findings", err)
			}
		}
	}
	if in.dec.More() {
		return errors.New("there is more after the document: several documents are several files")
	}
	return nil
}

// jsonLines takes the first line, which was read key by key, and all others.
func (in *reader) jsonLines(fields map[string]json.RawMessage) error {
	line, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	if fields["verdict"] == nil {
		return errNotReport
	}
	for {
		if err := in.version(fields); err != nil {
			return err
		}
		c := new(Check)
		if err := json.Unmarshal(line, c); err != nil {
			return err
		}
		c.SchemaVersion = 0
		if err := in.check(c); err != nil {
			return err
		}
		var raw json.RawMessage
		switch err := in.dec.Decode(&raw); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		line = raw
		fields = map[string]json.RawMessage{}
		var version struct {
			SchemaVersion json.RawMessage `json:"schemaVersion"`
		}
		if err := json.Unmarshal(raw, &version); err != nil {
			return err
		}
		fields["schemaVersion"] = version.SchemaVersion
	}
}

func (in *reader) check(c *Check) error {
	in.checks++
	if c.Verdict == "" || c.URL == "" {
		return fmt.Errorf("check %d has no url or no verdict", in.checks)
	}
	in.visitErr = in.visit(c)
	return in.visitErr
}

func (in *reader) version(fields map[string]json.RawMessage) error {
	raw := bytes.TrimSpace(fields["schemaVersion"])
	if string(raw) == fmt.Sprint(SchemaVersion) {
		return nil
	}
	if len(raw) == 0 {
		return errors.New("schemaVersion is missing in front: it is not a report of corscheck")
	}
	return fmt.Errorf("schemaVersion is %s, and this corscheck reads %d: render it with the version that wrote it", Visible(string(raw)), SchemaVersion)
}

var errNotReport = errors.New("it is not a report of corscheck: write one with --format json or jsonl")

// explain puts file and line before an error of the report's text.
func (in *reader) explain(err error) error {
	if in.visitErr != nil {
		return in.visitErr
	}
	at := in.dec.InputOffset()
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		at = in.lines.read
		err = errors.New("the report ends in the middle: it was cut off, or its run is still going on")
	}
	return fmt.Errorf("%s:%d: %w", in.name, in.lines.at(at), err)
}

// lineCounter remembers where the lines begin that the decoder has not yet got
// past, so that an offset can be named as a line.
type lineCounter struct {
	r      io.Reader
	read   int64
	starts []int64 // offsets of line feeds seen
	before int     // line feeds that were forgotten
}

func (l *lineCounter) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			l.starts = append(l.starts, l.read+int64(i))
		}
	}
	l.read += int64(n)
	// The decoder looks back by no more than one value; far fewer than this.
	if over := len(l.starts) - 1<<20; over > 0 {
		l.before += over
		l.starts = append(l.starts[:0], l.starts[over:]...)
	}
	return n, err
}

func (l *lineCounter) at(offset int64) int {
	line := l.before + 1
	for _, s := range l.starts {
		if s < offset {
			line++
		}
	}
	return line
}

// skipBOM drops the byte order mark that some tools put in front of a file.
func skipBOM(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if mark, err := b.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = b.Discard(3)
	}
	return b
}

// Render hands a whole document to a renderer.
func (d *Document) Render(r Renderer) error {
	h := Header{Tool: d.Tool, StartedAt: d.StartedAt, Total: len(d.Checks)}
	if d.Parsed != nil {
		h.Explained = &Explained{Parsed: *d.Parsed}
		if d.Findings != nil {
			h.Explained.Findings = *d.Findings
		}
	}
	if err := r.Begin(h); err != nil {
		return err
	}
	for i := range d.Checks {
		if err := r.Check(&d.Checks[i]); err != nil {
			return err
		}
	}
	return r.End(d.Summary)
}
