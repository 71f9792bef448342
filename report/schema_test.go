package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/finding"
)

func compileSchema(t testing.TB, name string, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t testing.TB, s *jsonschema.Schema, text string) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("no JSON: %v\n%.300s", err, text)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%v\n%.300s", err, text)
	}
}

func TestEveryReportMatchesTheSchema(t *testing.T) {
	s := compileSchema(t, "schema.json", Schema())
	for _, path := range documents(t) {
		d := readDocument(t, path)
		validate(t, s, render(t, d, "json", Options{}))
		for line := range strings.Lines(render(t, d, "jsonl", Options{})) {
			validate(t, s, line)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	s := compileSchema(t, "schema.json", Schema())
	base := render(t, readDocument(t, "testdata/documents/preflight-auth.json"), "jsonl", Options{})
	var valid map[string]any
	if err := json.Unmarshal([]byte(base), &valid); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(map[string]any){
		"no verdict":                func(c map[string]any) { delete(c, "verdict") },
		"a verdict of its own":      func(c map[string]any) { c["verdict"] = "maybe" },
		"blocked without a reason":  func(c map[string]any) { delete(c, "reason") },
		"blocked with a status":     func(c map[string]any) { c["status"] = 200 },
		"allowed with a reason":     func(c map[string]any) { c["verdict"] = "allowed" },
		"headers as an object":      func(c map[string]any) { c["headers"] = map[string]any{"a": "b"} },
		"null for a list":           func(c map[string]any) { c["findings"] = nil },
		"an unknown field":          func(c map[string]any) { c["colour"] = "red" },
		"a line without a version":  func(c map[string]any) { delete(c, "schemaVersion") },
		"failures out of the blue":  func(c map[string]any) { c["failures"] = []any{} },
		"a version from the future": func(c map[string]any) { c["schemaVersion"] = 2 },
	} {
		t.Run(name, func(t *testing.T) {
			var c map[string]any
			if err := json.Unmarshal([]byte(base), &c); err != nil {
				t.Fatal(err)
			}
			change(c)
			text, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if s.Validate(v) == nil {
				t.Error("it is valid")
			}
		})
	}
}

// TestSchemaIsOfTheStructs holds schema.json against the Go types: the same
// names, the same ones required, the same kinds of values.
func TestSchemaIsOfTheStructs(t *testing.T) {
	var root struct {
		Defs map[string]schemaNode `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	for name, typ := range map[string]reflect.Type{
		"document": reflect.TypeFor[Document](), "tool": reflect.TypeFor[Tool](), "check": reflect.TypeFor[Check](),
		"preflight": reflect.TypeFor[Preflight](), "reason": reflect.TypeFor[Reason](), "exchange": reflect.TypeFor[Exchange](),
		"request": reflect.TypeFor[Request](), "response": reflect.TypeFor[Response](), "step": reflect.TypeFor[Step](),
		"network": reflect.TypeFor[Network](), "tls": reflect.TypeFor[TLS](), "finding": reflect.TypeFor[finding.Finding](),
		"fix": reflect.TypeFor[finding.Fix](), "failure": reflect.TypeFor[probe.Failure](), "source": reflect.TypeFor[probe.Source](),
		"summary": reflect.TypeFor[Summary](), "parsed": reflect.TypeFor[Parsed](), "message": reflect.TypeFor[Message](),
	} {
		t.Run(name, func(t *testing.T) {
			def, ok := root.Defs[name]
			if !ok {
				t.Fatal("no such definition")
			}
			var names, required []string
			for i := range typ.NumField() {
				f := typ.Field(i)
				tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
				if tag == "-" {
					continue
				}
				names = append(names, tag)
				if options != "omitempty" {
					required = append(required, tag)
				}
				p := def.Properties[tag]
				if want := p.kind(root.Defs); want != kindOf(f.Type) {
					t.Errorf("%s is %s in the schema and %s in Go", tag, want, kindOf(f.Type))
				}
			}
			var properties []string
			for p := range def.Properties {
				properties = append(properties, p)
			}
			slices.Sort(names)
			slices.Sort(properties)
			if !slices.Equal(names, properties) {
				t.Errorf("properties\n%v\nfields\n%v", properties, names)
			}
			slices.Sort(required)
			slices.Sort(def.Required)
			if !slices.Equal(required, def.Required) {
				t.Errorf("required %v, fields without omitempty %v", def.Required, required)
			}
		})
	}
}

type schemaNode struct {
	Ref        string                `json:"$ref"`
	Type       string                `json:"type"`
	Enum       []any                 `json:"enum"`
	Const      any                   `json:"const"`
	Required   []string              `json:"required"`
	Properties map[string]schemaNode `json:"properties"`
}

// UnmarshalJSON also takes the schemas true and false.
func (n *schemaNode) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		return nil
	}
	type plain schemaNode
	return json.Unmarshal(b, (*plain)(n))
}

func (n schemaNode) kind(defs map[string]schemaNode) string {
	switch {
	case n.Ref != "":
		return defs[strings.TrimPrefix(n.Ref, "#/$defs/")].kind(defs)
	case n.Const != nil:
		return kindOf(reflect.TypeOf(n.Const))
	case len(n.Enum) > 0:
		return kindOf(reflect.TypeOf(n.Enum[0]))
	case n.Type == "integer":
		return "number"
	}
	return n.Type
}

func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return kindOf(t.Elem())
	case reflect.Slice, reflect.Array:
		return "array"
	case reflect.Struct, reflect.Map:
		return "object"
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		return "string"
	}
	return "number"
}
