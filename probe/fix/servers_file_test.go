package fix_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// serversDir holds the real servers: a file per stack, and the modules of Go
// and Node.js that they are built from.
const serversDir = "../../testdata/servers"

// A serverFile is a real server with its broken configurations, read from
// testdata/servers/stacks. Its files have regions, lines such as <<late>>:
//
//   - a failure fills regions with its broken configuration;
//   - the region scene stays what the failure makes it, because the fix has to
//     work with it: a login, for example;
//   - a printed fix fills the regions that are its places, and empties all
//     others: it is told to stand instead of what was there.
type serverFile struct {
	stack    string
	requires string
	run      string
	proxies  bool
	// places are the regions of a fix, with how the comment above each part of
	// the printed change starts.
	places []place
	// also are other stacks that it may be taken for, and why that does no harm.
	also map[string]string
	// not are the failures that make no sense on this stack, and why.
	not      map[string]string
	files    map[string]string            // name to text with regions
	failures map[string]map[string]string // failure to region to text
}

type place struct{ region, starts string }

// readServers reads all stacks that are run for real.
func readServers(t *testing.T) []*serverFile {
	paths, err := filepath.Glob(filepath.Join(serversDir, "stacks", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no servers in %s: %v", serversDir, err)
	}
	var list []*serverFile
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parseServer(strings.TrimSuffix(filepath.Base(path), ".txtar"), data)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		list = append(list, f)
	}
	return list
}

func parseServer(stack string, data []byte) (*serverFile, error) {
	archive := txtar.Parse(data)
	f := &serverFile{stack: stack, also: map[string]string{}, not: map[string]string{}, files: map[string]string{}, failures: map[string]map[string]string{}}
	for line := range strings.Lines(string(archive.Comment)) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		key, value, ok := strings.Cut(line, ": ")
		if !ok {
			return nil, fmt.Errorf("%q is no setting", line)
		}
		word, name, _ := strings.Cut(key, " ")
		switch word {
		case "requires":
			f.requires = value
		case "run":
			f.run = value
		case "proxies":
			f.proxies = value == "yes"
		case "place":
			f.places = append(f.places, place{name, value})
		case "also":
			f.also[name] = value
		case "not":
			f.not[name] = value
		default:
			return nil, fmt.Errorf("%q is no setting", line)
		}
	}
	for _, file := range archive.Files {
		failure, region, ok := strings.Cut(file.Name, "/")
		if _, known := failures[failure]; ok && (known || failure == "default") {
			if f.failures[failure] == nil {
				f.failures[failure] = map[string]string{}
			}
			f.failures[failure][region] = string(file.Data)
			continue
		}
		f.files[file.Name] = string(file.Data)
	}
	return f, nil
}

// broken are the regions of a failure.
func (f *serverFile) broken(failure string) map[string]string {
	regions := map[string]string{}
	for _, from := range []string{"default", failure} {
		for region, text := range f.failures[from] {
			regions[region] = text
		}
	}
	return regions
}

// fixed are the regions after the printed change was applied as it stands.
func (f *serverFile) fixed(failure, snippet string) (map[string]string, error) {
	regions := map[string]string{}
	for region, text := range f.failures["default"] {
		regions[region] = text
	}
	if scene, ok := f.failures[failure]["scene"]; ok {
		regions["scene"] = scene
	}
	current, used := "", 0
	fresh := map[string]string{}
	for line := range strings.Lines(snippet) {
		for _, p := range f.places {
			if commentStarts(line, p.starts) {
				current = p.region
				used++
			}
		}
		if current != "" {
			fresh[current] += line
		}
	}
	if used == 0 {
		return nil, fmt.Errorf("the printed change names none of the places of %s:\n%s", f.stack, snippet)
	}
	for region, text := range fresh {
		regions[region] = text
	}
	return regions, nil
}

func commentStarts(line, starts string) bool {
	for _, mark := range []string{"# ", "// "} {
		if rest, ok := strings.CutPrefix(line, mark); ok && strings.HasPrefix(rest, starts) {
			return true
		}
	}
	return false
}

var regionLine = regexp.MustCompile(`(?m)^[ \t]*<<([a-z]+)>>[ \t]*\n`)

// write puts the server's files into a directory, with the regions filled in
// and the variables of this run.
func (f *serverFile) write(dir string, regions, vars map[string]string) error {
	for name, text := range f.files {
		text = regionLine.ReplaceAllStringFunc(text, func(line string) string {
			return regions[regionLine.FindStringSubmatch(line)[1]]
		})
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(expand(text, vars)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func expand(text string, vars map[string]string) string {
	for name, value := range vars {
		text = strings.ReplaceAll(text, "{{."+name+"}}", value)
	}
	return text
}
