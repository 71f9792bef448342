package fix_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/corscheck/corscheck/internal/demand"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/fix"
)

var updateTable = flag.Bool("update-table", false, "write the table of TestFixesOnRealServers into the project")

// A proof is one run of the harness.
type proof struct {
	binary   string
	upstream string
	chromium *chromium // nil where none is installed and none demanded

	mu    sync.Mutex
	cells map[string]map[string]*cell // stack to failure
}

// A cell says what held of one failure on one stack.
type cell struct {
	cause, stack, applied, browser bool
	seenAs                         string // the stack, where it was taken for another
}

// TestFixesOnRealServers is the proof that the printed changes work: each real
// server is started with each failure; corscheck has to find the cause, see the
// stack and print the change; the change is applied as it stands; then
// corscheck and a real Chromium must pass, a foreign origin must still be
// refused, and error pages must keep their headers.
func TestFixesOnRealServers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real servers")
	}
	p := &proof{upstream: upstream(t), binary: buildCorscheck(t), cells: map[string]map[string]*cell{}}
	var err error
	if p.chromium, err = openChromium(t); err != nil {
		if demand.Named("chromium") {
			t.Fatalf("%s names chromium: %v", demand.Variable, err)
		}
		t.Logf("without a real browser: %v", err)
	}
	servers := readServers(t)
	t.Run("servers", func(t *testing.T) {
		for _, s := range servers {
			t.Run(s.stack, func(t *testing.T) {
				demand.Here(t, s.requires, needs[s.requires]())
				t.Parallel()
				p.server(t, s)
			})
		}
	})
	if *updateTable {
		before, _ := os.ReadFile(tablePath) // none yet is no error
		if err := os.WriteFile(tablePath, []byte(p.table(servers, string(before))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func buildCorscheck(t *testing.T) string {
	binary := filepath.Join(t.TempDir(), "corscheck")
	if out, err := exec.Command("go", "build", "-o", binary, "../..").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

func (p *proof) server(t *testing.T, s *serverFile) {
	for _, name := range columns {
		if _, ok := s.failures[name]; !ok {
			if s.not[name] == "" {
				t.Errorf("%s neither has the failure %q nor says why not", s.stack, name)
			}
			continue
		}
		t.Run(name, func(t *testing.T) {
			if name != "auth" && !demand.Named(s.requires) && !*updateTable {
				t.Skipf("one failure stands for all unless CORSCHECK_REQUIRE names %s", s.requires)
			}
			c := &cell{}
			p.mu.Lock()
			if p.cells[s.stack] == nil {
				p.cells[s.stack] = map[string]*cell{}
			}
			p.cells[s.stack][name] = c
			p.mu.Unlock()
			snippet := p.broken(t, s, name, c)
			if snippet != "" {
				p.mended(t, s, name, snippet, c)
			}
		})
	}
}

// broken starts the server with its failure and returns the printed change.
func (p *proof) broken(t *testing.T, s *serverFile, name string, c *cell) string {
	f := failures[name]
	server, err := s.start(t, s.broken(name), p.upstream)
	if err != nil {
		t.Fatalf("the broken server: %v", err)
	}
	defer server.stop()
	url := server.base + f.path
	if p.chromium != nil {
		status, passes, err := p.chromium.fetch(app, url, f)
		if err != nil || passes != f.passes {
			t.Errorf("Chromium on the broken server: status %d, passes %v, %v", status, passes, err)
		}
	}
	before, err := p.corscheck(url, f.flags(app)...)
	if err != nil {
		t.Fatal(err)
	}
	if (before.Verdict == "allowed") != f.passes {
		t.Errorf("corscheck on the broken server: %s", before.Verdict)
	}
	c.cause = p.findsCause(t, f, before)
	c.stack, c.seenAs = s.recognised(f, before)
	args := append([]string{"fix", url}, f.flags(app)...)
	if !c.stack && s.also[c.seenAs] == "" {
		args = append(args, "--stack", s.stack)
		t.Logf("taken for %q, so --stack %s", c.seenAs, s.stack)
	}
	out, err := p.command(args...)
	if err != nil || len(out) == 0 {
		t.Fatalf("corscheck fix: %v\n%s", err, out)
	}
	return string(out)
}

func (p *proof) findsCause(t *testing.T, f failure, v *verdict) bool {
	if f.passes { // a warning stands beside the verdict
		for _, found := range v.Findings {
			if slices.Contains(f.causes, found.ID) {
				return true
			}
		}
	} else if len(v.Findings) > 0 && slices.Contains(f.causes, v.Findings[0].ID) {
		return true
	}
	t.Errorf("the cause should be %s, found %s", f.causes, named(v.Findings))
	return false
}

func named(found []finding.Finding) []string {
	var list []string
	for _, f := range found {
		list = append(list, fmt.Sprintf("%s (%s)", f.ID, f.Detail))
	}
	return list
}

// recognised looks at whose change was printed.
func (s *serverFile) recognised(f failure, v *verdict) (bool, string) {
	for _, found := range v.Findings {
		if slices.Contains(f.causes, found.ID) && found.Fix != nil {
			return found.Fix.Stack == s.stack, found.Fix.Stack
		}
	}
	return false, ""
}

// mended applies the printed change as it stands, and holds everything against
// the server that comes of it.
func (p *proof) mended(t *testing.T, s *serverFile, name, snippet string, c *cell) {
	f := failures[name]
	regions, err := s.fixed(name, snippet)
	if err != nil {
		t.Fatal(err)
	}
	server, err := s.start(t, regions, p.upstream)
	if err != nil {
		t.Fatalf("the mended server: %v\n%s", err, snippet)
	}
	defer server.stop()
	errs := []error{p.passesNow(server.base+f.path, f), f.headersHold(server.base)}
	if !s.proxies || name != "duplicate" {
		errs = append(errs, f.errorsHold(server.base))
	}
	if err := errors.Join(errs...); err != nil {
		t.Errorf("the mended server: %v\n%s", err, snippet)
	} else {
		c.applied = true
	}
	if p.chromium == nil {
		return
	}
	status, passes, err := p.chromium.fetch(app, server.base+f.path, f)
	if err != nil || !passes {
		t.Errorf("Chromium on the mended server: status %d, passes %v, %v\n%s", status, passes, err, snippet)
	}
	stranger, leaks, err := p.chromium.fetch(foreign, server.base+f.path, f)
	if err != nil || leaks {
		t.Errorf("Chromium, for a foreign origin: status %d, passes %v, %v\n%s", stranger, leaks, err, snippet)
	}
	c.browser = passes && !leaks
}

// passesNow asks corscheck for this origin and for a foreign one.
func (p *proof) passesNow(url string, f failure) error {
	after, err := p.corscheck(url, f.flags(app)...)
	if err != nil {
		return err
	}
	var errs []error
	if after.Verdict != "allowed" {
		errs = append(errs, fmt.Errorf("corscheck: %s %v", after.Verdict, named(after.Findings)))
	}
	for _, found := range after.Findings {
		if found.Severity != finding.Info {
			errs = append(errs, fmt.Errorf("corscheck still says %s: %s", found.ID, found.Detail))
		}
	}
	stranger, err := p.corscheck(url, append(f.flags(foreign), "--no-diagnose")...)
	if err != nil {
		return err
	}
	if stranger.Verdict != "blocked" {
		errs = append(errs, fmt.Errorf("corscheck, from a foreign origin: %s", stranger.Verdict))
	}
	return errors.Join(errs...)
}

// Every stack that claims to be run has a server here, and no other has.
func TestRunStacksHaveServers(t *testing.T) {
	have := map[string]bool{}
	for _, s := range readServers(t) {
		have[s.stack] = true
	}
	for _, s := range fix.Stacks() {
		if s.Run != have[s.Key] {
			t.Errorf("%s: Run is %v, and a server in %s/stacks is %v", s.Key, s.Run, serversDir, have[s.Key])
		}
	}
}
