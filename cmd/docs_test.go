package cmd

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/policy"
	"github.com/corscheck/corscheck/report"
)

// policyKeys are all keys that the policy's JSON Schema has.
func policyKeys(t *testing.T) []string {
	type object struct {
		Properties map[string]any `json:"properties"`
	}
	var schema struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	if err := json.Unmarshal(policy.Schema, &schema); err != nil {
		t.Fatal(err)
	}
	keys := slices.Collect(maps.Keys(schema.Properties))
	for _, def := range schema.Defs {
		keys = slices.AppendSeq(keys, maps.Keys(def.Properties))
	}
	if len(keys) < 20 {
		t.Fatalf("only %d keys: %v", len(keys), keys)
	}
	return keys
}

// TestDocsOfCI: the policy in docs/ci.md can be read, every key and every format
// is explained, and every flag and file that it names is there.
func TestDocsOfCI(t *testing.T) {
	src, err := os.ReadFile("../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(src)
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/origins.txt", []byte("https://admin.example.com\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(text, -1)
	if len(blocks) == 0 {
		t.Fatal("no policy")
	}
	for _, block := range blocks {
		p, err := policy.Parse(dir+"/corscheck.yaml", []byte(block[1]), policy.Options{LookupEnv: func(string) (string, bool) { return "x", true }})
		if err != nil {
			t.Fatal(err)
		}
		p.Close()
	}
	for _, key := range policyKeys(t) {
		if !strings.Contains(text, "`"+key+"`") && !strings.Contains(text, key+":") {
			t.Errorf("the key %s is not explained", key)
		}
	}
	for _, format := range report.FormatNames() {
		if !strings.Contains(text, "`"+format+"`") && !strings.Contains(text, "-f "+format) {
			t.Errorf("the format %s is not named", format)
		}
	}
	root := newRootCmd(newEnv(nil, strings.NewReader(""), nil, nil))
	for _, flag := range regexp.MustCompile("--([a-z]+(?:-[a-z]+)*)").FindAllStringSubmatch(text, -1) {
		known := root.Flags().Lookup(flag[1]) != nil
		for _, c := range root.Commands() {
			known = known || c.Flags().Lookup(flag[1]) != nil
		}
		if !known {
			t.Errorf("there is no flag --%s", flag[1])
		}
	}
	for _, link := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat("../docs/" + link[1]); err != nil {
			t.Error(err)
		}
	}
}
