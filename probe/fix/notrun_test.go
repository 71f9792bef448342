package fix_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/fix"
)

// What is not run for real is at least read by a parser of its language.
func TestChangesNotRunParse(t *testing.T) {
	parsers := map[string]func(*testing.T, string) error{
		"s3": parseJSON, "gcs": parseJSON,
		"api-gateway": parseYAML, "lambda-url": parseYAML, "cloudfront": parseYAML, "ingress-nginx": parseYAML,
		"traefik": parseYAML, "kong": parseYAML, "envoy": parseYAML, "laravel": parsePHP,
		"cloudflare-workers": parseModule, "vite": parseModule, "nextjs": parseModule, "angular": parseModule,
	}
	for key, parse := range parsers {
		for _, id := range []string{"no-cors-headers", "preflight-not-cached"} {
			t.Run(key+"/"+id, func(t *testing.T) {
				w := put()
				if strings.HasPrefix(id, "no-") {
					w.Method, w.Headers, w.Credentials, w.Expose = "GET", nil, false, nil
				}
				change, ok := fix.For(finding.ID(id), key, w)
				if !ok || change.Stack != key {
					t.Fatalf("no change: %+v", change)
				}
				if err := parse(t, change.Snippet); err != nil {
					t.Errorf("%v in\n%s", err, change.Snippet)
				}
			})
		}
	}
}

func parseJSON(_ *testing.T, snippet string) error {
	var lines []string
	for line := range strings.Lines(snippet) {
		if !strings.HasPrefix(line, "//") {
			lines = append(lines, line)
		}
	}
	var v any
	return json.Unmarshal([]byte(strings.Join(lines, "")), &v)
}

func parseYAML(_ *testing.T, snippet string) error {
	// The two halves of API Gateway's are for two kinds of API.
	for _, document := range strings.Split(strings.Replace(snippet, "\n\n# REST", "\n\n\x00# REST", 1), "\x00") {
		var v map[string]any
		if err := yaml.UnmarshalWithOptions([]byte(document), &v, yaml.Strict()); err != nil {
			return err
		}
	}
	return nil
}

func parsePHP(t *testing.T, snippet string) error {
	php, err := exec.LookPath("php")
	if err != nil {
		t.Skip(err)
	}
	path := filepath.Join(t.TempDir(), "cors.php")
	if err := os.WriteFile(path, []byte("<?php\n"+snippet), 0o644); err != nil {
		return err
	}
	return exec.Command(php, "-l", path).Run()
}

func parseModule(t *testing.T, snippet string) error {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip(err)
	}
	path := filepath.Join(t.TempDir(), "config.mjs")
	if err := os.WriteFile(path, []byte(snippet), 0o644); err != nil {
		return err
	}
	return exec.Command(node, "--check", path).Run()
}
