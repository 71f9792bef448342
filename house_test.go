package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const module = "github.com/corscheck/corscheck"

// rooms are the packages of the house and the packages of the house that each
// may import, directly or not. Imports only point down.
var rooms = map[string]string{
	"":                "cmd",
	"cmd":             "*", // composes the others; nothing but main imports it
	"report":          "probe probe/fetch probe/finding probe/fix probe/diagnose probe/wire",
	"probe/policy":    "probe probe/fetch probe/finding probe/fix probe/diagnose probe/wire",
	"probe/paste":     "probe probe/fetch probe/finding probe/fix probe/diagnose probe/wire",
	"probe/lab":       "probe probe/fetch probe/finding probe/fix probe/diagnose probe/wire",
	"probe/browser":   "probe probe/fetch probe/finding probe/fix probe/diagnose probe/wire",
	"probe/audit":     "probe probe/fetch probe/finding probe/fix probe/diagnose probe/wire",
	"probe":           "probe/fetch probe/finding probe/fix probe/diagnose probe/wire",
	"probe/diagnose":  "probe/fetch probe/finding probe/fix probe/wire",
	"probe/fix":       "probe/fetch probe/finding",
	"probe/finding":   "",
	"probe/wire":      "probe/fetch",
	"probe/fetch":     "",
	"internal/demand": "", // of tests alone
}

// pure are the only packages that the machine's files may import: nothing that
// reaches a network, a file or chance, and nothing of time but its values. (publicsuffix reaches net/http
// for a type of its own; the machine only looks names up in its table.)
var pure = map[string]bool{
	"bytes": true, "cmp": true, "encoding/base64": true, "encoding/json": true, "encoding/xml": true, "errors": true, "fmt": true, "io": true, "iter": true, "maps": true,
	"math": true, "math/bits": true, "net/netip": true, "reflect": true, "slices": true, "sort": true, "strconv": true, "strings": true,
	"sync": true, "sync/atomic": true, "time": true, "unicode": true, "unicode/utf8": true,
	"golang.org/x/net/idna": true, "golang.org/x/net/publicsuffix": true,
}

// unreached are modules that the library must not reach, directly or not.
var unreached = []string{
	"github.com/spf13/", "github.com/fatih/color", "github.com/olekukonko/", "github.com/goccy/go-yaml",
	"go.yaml.in/", "gopkg.in/yaml", "github.com/chromedp/", "github.com/yuin/goldmark",
}

func TestImportsPointDown(t *testing.T) {
	for _, line := range strings.Split(goList(t, "-f", "{{.ImportPath}} {{join .Deps \" \"}}", "./..."), "\n") {
		pkg, deps, _ := strings.Cut(line, " ")
		room := roomOf(pkg)
		allowed, known := rooms[room]
		if !known {
			t.Errorf("%s is no room of the house: add it to rooms", room)
			continue
		}
		for dep := range strings.FieldsSeq(deps) {
			target := roomOf(dep)
			if !strings.HasPrefix(dep, module) || target == room || allowed == "*" && target != "" {
				continue
			}
			// main reaches everything through cmd.
			if room != "" && !contains(allowed, target) {
				t.Errorf("%s imports %s, which is not below it", pkg, dep)
			}
		}
	}
}

func TestMainImportsOnlyCmd(t *testing.T) {
	for dep := range strings.FieldsSeq(goList(t, "-f", "{{join .Imports \" \"}}", ".")) {
		if dep != "os" && dep != module+"/cmd" {
			t.Errorf("main imports %s", dep)
		}
	}
}

func TestMachineIsPure(t *testing.T) {
	for dep := range strings.FieldsSeq(goList(t, "-f", "{{join .Imports \" \"}}", "./probe/fetch")) {
		if !pure[dep] {
			t.Errorf("probe/fetch must not import %s", dep)
		}
	}
	files, err := filepath.Glob("probe/fetch/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no files of probe/fetch", err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		if printing.Match(source) {
			t.Errorf("%s prints", file)
		}
		if clock.Match(source) {
			t.Errorf("%s reads a clock", file)
		}
	}
}

// printing is what writes to the process's streams. Fprint needs a stream, and
// no file of the machine can name one, as none imports os.
var printing = regexp.MustCompile(`\bfmt\.Print|\bprint(ln)?\(`)

// clock is what of package time is more than a value: the machine may read dates
// in headers, not the time of day.
var clock = regexp.MustCompile(`\btime\.(Now|Since|Until|After|AfterFunc|Tick|NewTicker|NewTimer|Sleep)\b`)

func TestLibraryIsLean(t *testing.T) {
	for dep := range strings.FieldsSeq(goList(t, "-f", "{{join .Deps \" \"}}", "./probe")) {
		for _, path := range unreached {
			if strings.HasPrefix(dep, path) {
				t.Errorf("probe must not reach %s", dep)
			}
		}
	}
}

// roomOf names the room of a package: sub-packages belong to the nearest room.
func roomOf(pkg string) string {
	room := strings.TrimPrefix(strings.TrimPrefix(pkg, module), "/")
	for room != "" {
		if _, known := rooms[room]; known {
			return room
		}
		i := strings.LastIndexByte(room, '/')
		if i < 0 {
			return strings.TrimPrefix(strings.TrimPrefix(pkg, module), "/")
		}
		room = room[:i]
	}
	return ""
}

func contains(list, room string) bool {
	for f := range strings.FieldsSeq(list) {
		if f == room {
			return true
		}
	}
	return false
}

func goList(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list"}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}
