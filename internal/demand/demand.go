// Package demand is for tests that need what the project does not bring along:
// real browsers, servers and checkers of other people. Only tests import it.
package demand

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Variable names, separated by commas, what must be there: a test that needs it
// and does not find it fails instead of being skipped.
const Variable = "CORSCHECK_REQUIRE"

// Named reports whether Variable names it.
func Named(name string) bool {
	return slices.Contains(strings.Split(os.Getenv(Variable), ","), name)
}

// Here skips the test where something is missing, with the reason, or fails it
// where Variable names it. With -short the test is skipped in any case, unless it
// is named.
func Here(t testing.TB, name string, missing error) {
	t.Helper()
	switch {
	case missing != nil && Named(name):
		t.Fatalf("%s names %s: %v", Variable, name, missing)
	case missing != nil:
		t.Skipf("%s is not installed (.ci/install installs it): %v", name, missing)
	case testing.Short() && !Named(name):
		t.Skipf("needs %s, which -short leaves out", name)
	}
}

// Program is the path of a program that the test needs; see Here.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	Here(t, name, err)
	return path
}
