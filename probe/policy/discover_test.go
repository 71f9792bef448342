package policy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	for _, test := range []struct {
		name  string
		tree  []string // directories end in a slash
		from  string
		want  string
		error string
	}{
		{"here", []string{"corscheck.yaml"}, ".", "corscheck.yaml", ""},
		{"the names in their order", []string{".corscheck.yaml", "corscheck.yml"}, ".", "corscheck.yml", ""},
		{"hidden", []string{".corscheck.yaml"}, ".", ".corscheck.yaml", ""},
		{"above", []string{".git/", "corscheck.yaml", "web/src/"}, "web/src", "../../corscheck.yaml", ""},
		{"nearest", []string{".git/", "corscheck.yaml", "web/corscheck.yml", "web/src/"}, "web/src", "../corscheck.yml", ""},
		{"not above the repository", []string{"corscheck.yaml", "repo/.git/", "repo/src/"}, "repo/src", "", "there is no corscheck.yaml here or above, up to "},
		{"a worktree's .git is a file", []string{"corscheck.yaml", "repo/.git", "repo/src/"}, "repo/src", "", "there is no corscheck.yaml here or above"},
		{"not above without a repository", []string{"corscheck.yaml", "src/"}, "src", "", "there is no corscheck.yaml here"},
		{"a directory of that name", []string{"corscheck.yaml/"}, ".", "", "there is no corscheck.yaml here"},
	} {
		t.Run(test.name, func(t *testing.T) {
			root := t.TempDir()
			for _, path := range test.tree {
				full := filepath.Join(root, path)
				if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
					t.Fatal(err)
				}
				err := error(nil)
				if strings.HasSuffix(path, "/") {
					err = os.MkdirAll(full, 0o700)
				} else {
					err = os.WriteFile(full, nil, 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			got, err := Find(filepath.Join(root, test.from))
			if filepath.ToSlash(got) != test.want || (err == nil) != (test.error == "") || err != nil && !strings.Contains(err.Error(), test.error) {
				t.Errorf("got %q, %v; want %q, %q", got, err, test.want, test.error)
			}
		})
	}
}
