package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/corscheck/corscheck/probe/fetch"
)

var update = flag.Bool("update", false, "rewrite the goldens with what is found now; then read them")

// variables are the environment of the policies in testdata. No message may
// show one of their values.
var variables = map[string]string{
	"HOST":   "api.internal.example",
	"ORIGIN": "https://hidden.example",
	"TOKEN":  "s3cret-token",
	"BROKEN": "broken value \n日本",
}

var testOptions = Options{LookupEnv: func(name string) (string, bool) {
	value, set := variables[name]
	return value, set
}}

func policies(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s: %v", pattern, err)
	}
	return files
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	for _, file := range policies(t, "invalid-*.yaml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			p, err := Load(file, testOptions)
			if err == nil || p != nil {
				t.Fatalf("got %v and no mistake", p)
			}
			var errs Errors
			if !errors.As(err, &errs) {
				t.Fatalf("%T is not Errors: %v", err, err)
			}
			got := filepath.ToSlash(err.Error()) + "\n"
			for name, value := range variables {
				if strings.Contains(got, value) {
					t.Errorf("the value of %s is shown", name)
				}
			}
			if i := strings.IndexFunc(got, func(c rune) bool { return c < ' ' && c != '\n' || c == '\u202e' }); i >= 0 {
				t.Errorf("a control character is shown at %d", i)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".errors", got)
		})
	}
}

func TestValidPoliciesBecomeChecks(t *testing.T) {
	for _, file := range policies(t, "valid-*.yaml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			p, err := Load(file, testOptions)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			golden(t, strings.TrimSuffix(file, ".yaml")+".checks", describe(t, p))
		})
	}
}

// describe lists the checks of a policy, a line each.
func describe(t *testing.T, p *Policy) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "timeout %s\n", p.Timeout)
	n := 0
	for c := range p.Checks() {
		n++
		word := "deny"
		if c.Expect.Allow {
			word = "allow"
		}
		r := c.Request
		fmt.Fprintf(&b, "%s:%d:%d %s %s %s %s from %s in %s", filepath.ToSlash(c.Source.File), c.Source.Line, c.Source.Column,
			word, r.Credentials, r.Method, r.URL, r.Origin, c.Browser.Name)
		for _, h := range r.Headers {
			fmt.Fprintf(&b, " [%s: %s]", h.Name, h.Value)
		}
		for name, value := range map[string]string{"redirect": string(r.Redirect)} {
			if value != "" {
				fmt.Fprintf(&b, " %s=%s", name, value)
			}
		}
		if r.PageAddress != "" {
			fmt.Fprintf(&b, " page=%s", r.PageAddress)
		}
		if r.PreflightOnly {
			b.WriteString(" preflight-only")
		}
		if r.Body != nil {
			fmt.Fprintf(&b, " body=%q", r.Body)
		}
		if c.Expect.Verify != nil {
			b.WriteString(" verify")
		}
		for _, note := range c.Notes {
			fmt.Fprintf(&b, " (%s)", note)
		}
		b.WriteByte('\n')
	}
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
	if n != p.Len() {
		t.Errorf("Len is %d, and there were %d checks", p.Len(), n)
	}
	return b.String()
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s\n got:\n%s\nwant:\n%s", file, got, want)
	}
}

func TestOptions(t *testing.T) {
	const src = "version: 1\ntargets: [{url: https://api.example.com, browser: safari, methods: [PUT], allow: [https://a.example], deny: [https://b.example]}]"
	p, err := Parse("corscheck.yaml", []byte(src), Options{SendUnsafe: true, Browsers: []*fetch.Profile{fetch.Firefox}})
	if err != nil {
		t.Fatal(err)
	}
	for c := range p.Checks() {
		if !c.SendUnsafe || c.Browser != fetch.Firefox || !c.Expect.PreflightSuffices {
			t.Errorf("%+v", c)
		}
	}
}

func schema(t *testing.T) (*jsonschema.Schema, map[string]any) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s, doc.(map[string]any)
}

// beyond marks a policy whose mistakes a JSON Schema cannot see.
const beyond = "# beyond the schema\n"

// TestSchemaAgrees holds the schema against every policy of testdata: what the
// loader takes it takes, and what the loader refuses it refuses, but for those
// that say that they are beyond it.
func TestSchemaAgrees(t *testing.T) {
	s, _ := schema(t)
	for _, file := range append(policies(t, "valid-*.yaml"), policies(t, "invalid-*.yaml")...) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var doc any
		if err := yaml.Unmarshal(src, &doc); err != nil {
			continue // no YAML, nothing for a schema
		}
		text, err := json.Marshal(doc)
		if err != nil {
			continue
		}
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		want := strings.HasPrefix(filepath.Base(file), "valid-") || bytes.HasPrefix(src, []byte(beyond))
		if err := s.Validate(instance); (err == nil) != want {
			t.Errorf("%s: the schema accepts it: %v, want %v\n%v", file, err == nil, want, err)
		}
	}
}

// TestSchemaNamesTheSameKeys catches a key that is added on one side only.
func TestSchemaNamesTheSameKeys(t *testing.T) {
	_, doc := schema(t)
	defs := doc["$defs"].(map[string]any)
	for name, keys := range map[string][]string{
		"": topKeys, "defaults": defaultsKeys, "target": targetKeys, "request": requestKeys, "expect": expectKeys, "file": fileKeys,
	} {
		def := doc
		if name != "" {
			def = defs[name].(map[string]any)
		}
		var named []string
		for key := range def["properties"].(map[string]any) {
			named = append(named, key)
		}
		slices.Sort(named)
		if sorted := slices.Sorted(slices.Values(keys)); !slices.Equal(named, sorted) {
			t.Errorf("%q: the schema has %v, the loader %v", name, named, sorted)
		}
	}
	for name, words := range map[string][]string{"credentials": credentialsWords, "redirect": redirectWords, "pageAddress": addressWords, "browser": {"chrome", "firefox", "safari", "all"}} {
		enum := defs[name].(map[string]any)["anyOf"].([]any)[0].(map[string]any)["enum"].([]any)
		if fmt.Sprint(enum...) != fmt.Sprint(toAny(words)...) {
			t.Errorf("%s: the schema has %v, the loader %v", name, enum, words)
		}
	}
}

func toAny(words []string) []any {
	values := make([]any, len(words))
	for i, w := range words {
		values[i] = w
	}
	return values
}

// FuzzParse: no input is a crash, a mistake has a position and one line, and a
// policy without mistakes has as many checks as it says, each of them sound.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"valid-*.yaml", "invalid-*.yaml"} {
		files, _ := filepath.Glob(filepath.Join("testdata", pattern))
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(src)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if bytes.Contains(src, []byte("file")) {
			return // no file of this machine
		}
		p, err := Parse("corscheck.yaml", src, testOptions)
		if err != nil {
			var errs Errors
			if !errors.As(err, &errs) || len(errs) == 0 {
				t.Fatalf("%T: %v", err, err)
			}
			for _, e := range errs {
				if e.Line < 1 || e.Column < 1 || strings.ContainsAny(e.Message, "\r\n\x1b") || strings.Contains(e.Message, variables["TOKEN"]) {
					t.Fatalf("%q", e)
				}
			}
			return
		}
		n := 0
		for c := range p.Checks() {
			n++
			if _, err := fetch.ParseOrigin(c.Request.Origin); err != nil || !fetch.IsToken(c.Request.Method) || c.Expect == nil || c.Source == nil || c.Browser == nil {
				t.Fatalf("%+v: %v", c, err)
			}
		}
		if n == 0 || n != p.Len() {
			t.Fatalf("%d checks, Len says %d", n, p.Len())
		}
	})
}
