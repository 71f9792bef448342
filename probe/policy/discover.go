package policy

import (
	"fmt"
	"os"
	"path/filepath"
)

// FileNames are the names under which Find looks for a policy, in this order.
var FileNames = []string{"corscheck.yaml", "corscheck.yml", ".corscheck.yaml"}

// repositoryMarks are what the root of a repository has.
var repositoryMarks = []string{".git", ".hg", ".jj", ".svn"}

// Find looks for a policy in a directory, then in those above it up to the root
// of the repository. Outside a repository it looks no further than the
// directory itself, as what lies above may be anybody's. The result is relative
// to dir where that is shorter, as positions are read by people.
func Find(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	root := repositoryRoot(abs)
	for at := abs; ; at = filepath.Dir(at) {
		for _, name := range FileNames {
			file := filepath.Join(at, name)
			if info, err := os.Stat(file); err == nil && !info.IsDir() {
				return shortest(abs, file), nil
			}
		}
		if at == root {
			break
		}
	}
	where := "here"
	if root != abs {
		where = "here or above, up to " + root
	}
	return "", fmt.Errorf("there is no %s %s", FileNames[0], where)
}

// repositoryRoot is the nearest directory upwards that is the root of a
// repository, or dir itself where there is none.
func repositoryRoot(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		for _, mark := range repositoryMarks {
			if _, err := os.Lstat(filepath.Join(at, mark)); err == nil {
				return at
			}
		}
		if at == filepath.Dir(at) {
			return dir
		}
	}
}

func shortest(dir, file string) string {
	if rel, err := filepath.Rel(dir, file); err == nil && len(rel) < len(file) {
		return rel
	}
	return file
}
