package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// newJSON returns the renderer of one JSON document. The checks are written as
// they come; only the summary has to wait for the last of them.
func newJSON(w io.Writer, _ *Options) Renderer { return &jsonDocument{w: w} }

type jsonDocument struct {
	w         io.Writer
	explained *Explained
	checks    int
}

func (j *jsonDocument) Begin(h Header) error {
	j.explained = h.Explained
	head := struct {
		SchemaVersion int    `json:"schemaVersion"`
		Tool          Tool   `json:"tool"`
		StartedAt     string `json:"startedAt"`
	}{SchemaVersion, h.Tool, h.StartedAt}
	text, err := marshal(head, "", "  ")
	if err != nil {
		return err
	}
	text = bytes.TrimSuffix(text, []byte("\n}"))
	_, err = fmt.Fprintf(j.w, "%s,\n  \"checks\": [", text)
	return err
}

func (j *jsonDocument) Check(c *Check) error {
	separator := ","
	if j.checks == 0 {
		separator = ""
	}
	j.checks++
	c = c.with(0)
	text, err := marshal(c, "    ", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(j.w, "%s\n    %s", separator, text)
	return err
}

func (j *jsonDocument) End(s Summary) error {
	foot := struct {
		Summary  Summary `json:"summary"`
		Findings any     `json:"findings,omitempty"`
		Parsed   any     `json:"parsed,omitempty"`
	}{Summary: s}
	if j.explained != nil {
		foot.Findings, foot.Parsed = list(j.explained.Findings), list(j.explained.Parsed)
	}
	text, err := marshal(foot, "", "  ")
	if err != nil {
		return err
	}
	end := "],\n"
	if j.checks > 0 {
		end = "\n  ],\n"
	}
	_, err = fmt.Fprintf(j.w, "%s%s\n", end, bytes.TrimPrefix(text, []byte("{\n")))
	return err
}

// newJSONL returns the renderer of JSON Lines: one check a line, nothing else.
func newJSONL(w io.Writer, _ *Options) Renderer { return &jsonLines{w: w} }

type jsonLines struct {
	w io.Writer
	b []byte // of the last line, for reuse
}

func (j *jsonLines) Begin(Header) error { return nil }

func (j *jsonLines) Check(c *Check) error {
	j.b = appendLine(j.b[:0], c, SchemaVersion)
	_, err := j.w.Write(j.b)
	return err
}

func (j *jsonLines) End(Summary) error { return nil }

// with returns a copy of c with the given schemaVersion and no list that JSON
// would write as null.
func (c *Check) with(version int) *Check {
	d := *c
	d.SchemaVersion = version
	d.Headers, d.ExposedHeaders = list(c.Headers), list(c.ExposedHeaders)
	d.Findings, d.Assumptions = list(c.Findings), list(c.Assumptions)
	d.Exchanges = make([]Exchange, len(c.Exchanges))
	for i, e := range c.Exchanges {
		e.Request.Headers = list(e.Request.Headers)
		if e.Response != nil && e.Response.Headers == nil {
			r := *e.Response
			r.Headers = [][2]string{}
			e.Response = &r
		}
		d.Exchanges[i] = e
	}
	return &d
}

// list makes a nil slice an empty one.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// marshal writes v as JSON for files and terminals alike: what json.Marshal
// leaves as it is although a terminal would act on it (DEL, the C1 controls,
// bidirectional and invisible characters) is written as \u escapes, which mean
// the same to every reader.
func marshal(v any, prefix, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if indent != "" {
		enc.SetIndent(prefix, indent)
	}
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return escapeJSON(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

func escapeJSON(text []byte) []byte {
	// Within a string "#" may be escaped; outside of strings there is none.
	text = bytes.ReplaceAll(text, []byte("##["), []byte(`#\u0023[`))
	clean := true
	for _, c := range text {
		if c >= 0x7f {
			clean = false
			break
		}
	}
	if clean {
		return text
	}
	out := make([]byte, 0, len(text)+16)
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r < 0x7f || !unsafeRune(r):
			out = append(out, text[:size]...)
		case r <= 0xffff:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			hi, lo := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
		}
		text = text[size:]
	}
	return out
}
