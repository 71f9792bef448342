package policy

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// keep takes every value but those that begin with "bad".
func keep(s string) (string, error) {
	if strings.HasPrefix(s, "bad") {
		return "", fmt.Errorf("%s is bad", quote(s))
	}
	return strings.ToLower(s), nil
}

func TestListValuesAndPositions(t *testing.T) {
	const src = "\ufeffONE\r\n\n  # comment\n\ttwo # comment\nthree#no-comment\n  é four\t#x\nlast"
	l, err := OpenList("-", strings.NewReader(src), keep)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for item, err := range l.All() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%d:%d:%s", item.Line, item.Column, item.Value))
	}
	const want = "1:1:one 4:2:two 5:1:three#no-comment 6:3:é four 7:1:last"
	if s := strings.Join(got, " "); s != want || l.Len() != 5 {
		t.Errorf("got %s (%d), want %s", s, l.Len(), want)
	}
}

func TestListMistakes(t *testing.T) {
	many := strings.Repeat("bad\n", maxListErrors+20)
	for _, test := range []struct{ src, want string }{
		{"", "-:1:1: the list is empty: write one value a line"},
		{"# nothing\n", "-:1:1: the list is empty: write one value a line"},
		{"good\n bad1\ngood\nbad2", "-:2:2: \"bad1\" is bad\n-:4:1: \"bad2\" is bad"},
		{"good\n" + strings.Repeat("x", maxLine), "-:2:1: a line has at most 64 KiB"},
		{many, "-: and 20 more lines like these"},
	} {
		_, err := OpenList("-", strings.NewReader(test.src), keep)
		if err == nil || !strings.HasSuffix(err.Error(), test.want) {
			t.Errorf("%.20q: got %v, want %s", test.src, err, test.want)
		}
	}
}

// TestLongListsAreNotHeld walks a list of 400,000 values, once as a file and
// once as a stream, in little memory.
func TestLongListsAreNotHeld(t *testing.T) {
	const n = 400_000
	var src bytes.Buffer
	for i := range n {
		fmt.Fprintf(&src, "https://o%d.example\n", i)
	}
	file := filepath.Join(t.TempDir(), "origins.txt")
	if err := os.WriteFile(file, src.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, in := range []struct {
		name, path string
		stdin      io.Reader
	}{{"file", file, nil}, {"stream", "-", &src}} {
		t.Run(in.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			l, err := OpenList(in.path, in.stdin, keep)
			if err != nil {
				t.Fatal(err)
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > maxHeld+1<<20 {
				t.Errorf("the open list holds %d KiB", grown>>10)
			}
			count, last := 0, Item{}
			for item, err := range l.All() {
				if err != nil {
					t.Fatal(err)
				}
				count, last = count+1, item
			}
			if count != n || l.Len() != n || last.Line != n || last.Value != fmt.Sprintf("https://o%d.example", n-1) {
				t.Errorf("%d values, the last is %+v", count, last)
			}
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "corscheck-list-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestChangedListEndsTheRun: a long list that is rewritten after it was
// validated must not silently end the run early.
func TestChangedListEndsTheRun(t *testing.T) {
	dir := t.TempDir()
	origins := filepath.Join(dir, "origins.txt")
	if err := os.WriteFile(origins, []byte(strings.Repeat("https://a.example\n", maxHeld/10)), 0o600); err != nil {
		t.Fatal(err)
	}
	src := "version: 1\ntargets: [{url: https://api.example, allow: {file: origins.txt}}]"
	p, err := Parse(filepath.Join(dir, "corscheck.yaml"), []byte(src), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := os.WriteFile(origins, []byte("https://a.example\nno-origin\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	n := 0
	for range p.Checks() {
		n++
	}
	if p.Err() == nil || !strings.Contains(p.Err().Error(), "origins.txt:2:1:") {
		t.Errorf("after %d checks: %v", n, p.Err())
	}
}

// FuzzList: the values of a list have no white space around them, their
// positions grow, and both walks see the same.
func FuzzList(f *testing.F) {
	f.Add([]byte("\ufeffone\r\n # two\n\tthree #"))
	f.Add([]byte("bad\n\x00\xff#\n \u2028x"))
	f.Fuzz(func(t *testing.T, src []byte) {
		l, err := OpenList("-", bytes.NewReader(src), keep)
		if err != nil {
			return
		}
		n, line := 0, 0
		for item, err := range l.All() {
			if err != nil || item.Value == "" || item.Line <= line || item.Column < 1 || strings.Trim(item.Value, " \t\r") != item.Value {
				t.Fatalf("%+v %v", item, err)
			}
			n, line = n+1, item.Line
		}
		if n != l.Len() {
			t.Fatalf("%d values, Len says %d", n, l.Len())
		}
	})
}

// endless is a stream that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	return copy(p, strings.Repeat("https://app.example.com\n", 1+len(p)/24)), nil
}

// TestEndlessListsAreGivenUp: what never ends must not fill the disk.
func TestEndlessListsAreGivenUp(t *testing.T) {
	l := &List{Name: "-", parse: keep, maxSpool: 2 * maxHeld}
	defer l.Close()
	err := l.hold(endless{})
	if err == nil || !strings.Contains(err.Error(), "at most 8 MiB") {
		t.Errorf("%v", err)
	}
	if info, err := l.file.Stat(); err != nil || info.Size() > l.maxSpool+1 {
		t.Errorf("%v, %v", info, err)
	}
}
