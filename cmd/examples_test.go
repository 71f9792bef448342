package cmd

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// The examples in examples/ are what people copy into their CI. Each test here
// runs the steps of one file as they stand, once per shard, and then the step
// that merges.

// exampleAPI is a server for which the policy of the examples holds.
func exampleAPI(t *testing.T) string {
	allowed := []string{"https://app.example.com", "https://admin.example.com", "https://staging.example.com:8443"}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		h := w.Header()
		if r.URL.Path == "/public" {
			h.Set("Access-Control-Allow-Origin", "*")
			return
		}
		h.Set("Vary", "Origin")
		if !slices.Contains(allowed, origin) {
			return
		}
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Allow-Credentials", "true")
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "GET, PUT")
			h.Set("Access-Control-Allow-Headers", "authorization, content-type")
			h.Set("Access-Control-Max-Age", "600")
			return
		}
		h.Set("Access-Control-Expose-Headers", "X-Total-Count")
		h.Set("X-Total-Count", "3")
		fmt.Fprint(w, "[]")
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// A ciMachine is a directory with the example's policy and an environment.
type ciMachine struct {
	t   *testing.T
	dir string
	env []string
}

func newCIMachine(t *testing.T) *ciMachine {
	m := &ciMachine{t: t, dir: t.TempDir()}
	for _, file := range []string{"corscheck.yaml", "origins.txt"} {
		text, err := os.ReadFile(filepath.Join("..", "examples", file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(m.dir, file), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m.env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + m.dir, "NO_PROXY=*", "API_URL=" + exampleAPI(t), "API_TOKEN=s3cret"}
	return m
}

// run runs a step's script in a shell and returns what it printed.
func (m *ciMachine) run(script string, env ...string) string {
	m.t.Helper()
	c := exec.Command("sh", "-e", "-c", script)
	c.Dir = m.dir
	c.Env = append(slices.Clone(m.env), env...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, io.MultiWriter(&errs, m.t.Output())
	if err := c.Run(); err != nil {
		m.t.Fatalf("%s: %v\n%s%s", script, err, out.String(), errs.String())
	}
	return out.String()
}

// merged holds what was merged against a run on one machine: as many checks, in
// the same order.
func (m *ciMachine) merged(pattern string) {
	m.t.Helper()
	order := regexp.MustCompile(`"url":"[^"]*","origin":"[^"]*","method":"[^"]*"`)
	whole := order.FindAllString(m.run("corscheck test -f jsonl -q"), -1)
	parts := order.FindAllString(m.run("corscheck render "+pattern+" --format jsonl"), -1)
	if len(whole) != 11 || !slices.Equal(whole, parts) {
		m.t.Errorf("merged %d checks:\n%s\nwant %d:\n%s", len(parts), strings.Join(parts, "\n"), len(whole), strings.Join(whole, "\n"))
	}
}

func (m *ciMachine) exists(files ...string) {
	m.t.Helper()
	for _, file := range files {
		if info, err := os.Stat(filepath.Join(m.dir, file)); err != nil || info.Size() == 0 {
			m.t.Errorf("%s: %v", file, err)
		}
	}
}

func readExample(t *testing.T, name string, documents ...any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "examples", name))
	if err != nil {
		t.Fatal(err)
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	for _, doc := range documents {
		if err := d.Decode(doc); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExampleGitHubActions(t *testing.T) {
	type step struct {
		Name string
		Run  string
		Env  map[string]string
	}
	var workflow struct {
		Jobs struct {
			Test struct {
				Strategy struct {
					Matrix struct{ Shard []string }
				}
				Steps []step
			}
			Report struct{ Steps []step }
		}
	}
	readExample(t, "github-actions.yml", &workflow)
	named := func(steps []step, name string) step {
		i := slices.IndexFunc(steps, func(s step) bool { return s.Name == name })
		if i < 0 {
			t.Fatalf("there is no step %q", name)
		}
		return steps[i]
	}
	m := newCIMachine(t)
	test := named(workflow.Jobs.Test.Steps, "Test the policy")
	for _, shard := range workflow.Jobs.Test.Strategy.Matrix.Shard {
		env := []string{"GITHUB_ACTIONS=true"}
		for name, value := range test.Env {
			if name != "API_URL" && name != "API_TOKEN" {
				env = append(env, name+"="+strings.ReplaceAll(value, "${{ matrix.shard }}", shard))
			}
		}
		if out := m.run(test.Run, env...); strings.Contains(out, "::error") {
			t.Errorf("shard %s: %s", shard, out)
		}
	}
	m.run(named(workflow.Jobs.Report.Steps, "Merge the reports").Run, "GITHUB_STEP_SUMMARY="+filepath.Join(m.dir, "summary.md"))
	m.exists("summary.md", "cors.xml")
	m.merged("report-*.jsonl")
}

func TestExampleGitLabCI(t *testing.T) {
	type job struct {
		Parallel int
		Script   []string
	}
	var pipeline struct {
		Cors   job `yaml:"cors"`
		Report job `yaml:"cors-report"`
	}
	readExample(t, "gitlab-ci.yml", &pipeline)
	m := newCIMachine(t)
	for i := 1; i <= pipeline.Cors.Parallel; i++ {
		m.run(strings.Join(pipeline.Cors.Script, "\n"), fmt.Sprintf("CI_NODE_INDEX=%d", i), fmt.Sprintf("CI_NODE_TOTAL=%d", pipeline.Cors.Parallel))
	}
	m.run(strings.Join(pipeline.Report.Script, "\n"))
	m.exists("cors.xml", "gl-code-quality-report.json")
	m.merged("report-*.jsonl")
}

func TestExampleKubernetesJob(t *testing.T) {
	type manifest struct {
		Spec struct {
			Completions int
			Template    struct {
				Spec struct {
					Containers []struct {
						Command, Args []string
						Env           []struct{ Name, Value string }
					}
				}
			}
		}
	}
	var test, merge manifest
	readExample(t, "kubernetes-job.yaml", &test, &merge)
	m := newCIMachine(t)
	if err := os.Mkdir(filepath.Join(m.dir, "reports"), 0o700); err != nil {
		t.Fatal(err)
	}
	// The volumes are directories here.
	m.env = append(m.env, "POLICY="+m.dir, "REPORTS="+filepath.Join(m.dir, "reports"))
	container := test.Spec.Template.Spec.Containers[0]
	if !slices.Equal(container.Command, []string{"sh", "-c"}) {
		t.Fatalf("the command is %q", container.Command)
	}
	for i := range test.Spec.Completions {
		env := []string{fmt.Sprintf("JOB_COMPLETION_INDEX=%d", i)}
		for _, e := range container.Env {
			if e.Name == "JOB_COMPLETIONS" {
				env = append(env, e.Name+"="+e.Value)
			}
		}
		m.run(container.Args[0], env...)
	}
	m.run(merge.Spec.Template.Spec.Containers[0].Args[0])
	m.exists("reports/cors.html")
	m.merged("reports/report-*.jsonl")
}
