package main

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/corscheck/corscheck"

// rooms are the packages of the house and the packages of the house that each
// may import, directly or not. Imports only point down.
var rooms = map[string]string{
	"":               "cmd",
	"cmd":            "*", // composes the others; nothing but main imports it
	"report":         "probe probe/fetch probe/finding probe/fix probe/diagnose probe/wire",
	"probe/policy":   "probe probe/fetch probe/finding probe/fix probe/diagnose probe/wire",
	"probe/paste":    "probe probe/fetch probe/finding probe/fix probe/diagnose probe/wire",
	"probe/lab":      "probe probe/fetch probe/finding probe/fix probe/diagnose probe/wire",
	"probe/browser":  "probe probe/fetch probe/finding probe/fix probe/diagnose probe/wire",
	"probe/audit":    "probe probe/fetch probe/finding probe/fix probe/diagnose probe/wire",
	"probe":          "probe/fetch probe/finding probe/fix probe/diagnose probe/wire",
	"probe/diagnose": "probe/fetch probe/finding probe/fix probe/wire",
	"probe/fix":      "probe/fetch probe/finding",
	"probe/finding":  "",
	"probe/wire":     "probe/fetch",
	"probe/fetch":    "",
}

// unimported are packages that the files of a room must not import. Packages of
// the standard library that are pure reach os themselves, so only a room's own
// imports count.
var unimported = map[string][]string{
	// The machine is pure: no network, no clock, no files, no chance.
	"probe/fetch": {"net", "net/http", "net/url", "os", "time", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "context"},
}

// unreached are packages that a room must not reach, directly or not.
var unreached = map[string][]string{
	"probe/fetch": {"net", "net/http", "os/exec", "log", "log/slog", "crypto/tls"},
	// The library carries nothing of the command line.
	"probe": {"github.com/spf13/cobra", "github.com/fatih/color", "github.com/olekukonko/tablewriter", "github.com/goccy/go-yaml", "github.com/chromedp/chromedp"},
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

func TestRoomsReachNothingFromOutside(t *testing.T) {
	for list, format := range map[*map[string][]string]string{&unimported: "Imports", &unreached: "Deps"} {
		for room, forbidden := range *list {
			for dep := range strings.FieldsSeq(goList(t, "-f", "{{join ."+format+" \" \"}}", "./"+room)) {
				for _, path := range forbidden {
					if dep == path || strings.Contains(path, ".") && strings.HasPrefix(dep, path+"/") {
						t.Errorf("%s must not reach %s", room, dep)
					}
				}
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
