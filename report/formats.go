package report

import (
	"fmt"
	"io"
	"strings"
)

// MaxHeld is the number of checks up to which the formats that hold a whole run
// accept one.
const MaxHeld = 100_000

// A Format is one entry of the registry of formats.
type Format struct {
	Name string
	// About is one line for help and completion.
	About string
	// Holds says that the format needs the whole run in memory.
	Holds bool
	// NeedsSource says that results without a place in a file have none in the
	// format either.
	NeedsSource bool

	make func(io.Writer, *Options) Renderer
}

// formats is the registry, in the order in which help lists them.
var formats = []Format{
	{Name: "text", About: "for a person to read (default)", make: newText},
	{Name: "table", About: "a matrix of origins by methods", Holds: true, make: newTable},
	{Name: "json", About: "one JSON document", Holds: true, make: newJSON},
	{Name: "jsonl", About: "JSON Lines, one check a line, as they end", make: newJSONL},
	{Name: "junit", About: "JUnit XML, one test case a check", Holds: true, make: newJUnit},
	{Name: "sarif", About: "SARIF 2.1.0, for code scanning", Holds: true, NeedsSource: true, make: newSARIF},
	{Name: "github", About: "annotations and job summary of GitHub Actions", make: newGitHub},
	{Name: "gitlab", About: "Code Quality report of GitLab", Holds: true, NeedsSource: true, make: newGitLab},
	{Name: "tap", About: "Test Anything Protocol, one test a check", make: newTAP},
	{Name: "markdown", About: "for issues, wikis and job summaries", make: newMarkdown},
	{Name: "html", About: "one page that stands alone, to attach to a ticket", Holds: true, make: newHTML},
}

// Formats returns all formats, the default first.
func Formats() []Format {
	return append([]Format(nil), formats...)
}

// FormatNames returns the names of all formats, the default first.
func FormatNames() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.Name
	}
	return names
}

// New returns the renderer of the named format. An unknown name is an
// *UnknownFormatError.
func New(name string, w io.Writer, o Options) (Renderer, error) {
	for _, f := range formats {
		if f.Name != name {
			continue
		}
		r := f.make(w, &o)
		if f.Holds {
			r = &limited{Renderer: r, format: name, limit: MaxHeld}
		}
		return r, nil
	}
	return nil, &UnknownFormatError{Name: name}
}

// UnknownFormatError says that there is no such format.
type UnknownFormatError struct{ Name string }

func (e *UnknownFormatError) Error() string {
	list := "one of " + strings.Join(FormatNames(), ", ")
	if near := Nearest(e.Name, FormatNames()); near != "" {
		return fmt.Sprintf("unknown format %q: did you mean %s? The formats: %s", Visible(e.Name), near, strings.TrimPrefix(list, "one of "))
	}
	return fmt.Sprintf("unknown format %q: write %s", Visible(e.Name), list)
}

// ParseOutput splits the value of --output, FORMAT:FILE.
func ParseOutput(value string) (format, file string, err error) {
	format, file, found := strings.Cut(value, ":")
	if !found || format == "" || file == "" {
		return "", "", fmt.Errorf("output %q is not FORMAT:FILE: write for example json:report.json", Visible(value))
	}
	for _, f := range formats {
		if f.Name == format {
			return format, file, nil
		}
	}
	return "", "", &UnknownFormatError{Name: format}
}

// TooManyError says that a run is too long for a format that holds it.
type TooManyError struct {
	Format string
	Total  int // -1 where it is not known
}

func (e *TooManyError) Error() string {
	what := "more than 100,000 checks"
	if e.Total > 0 {
		what = grouped(e.Total) + " checks"
	}
	return fmt.Sprintf("format %s holds the whole run in memory and takes at most 100,000 checks, this run has %s: write --format jsonl, which streams, and turn parts of it into %[1]s with corscheck render", e.Format, what)
}

// TooMany is a *TooManyError where a run of total checks is too long for the
// format; a negative total is not known, and then the renderer finds out.
func TooMany(format string, total int) error {
	for _, f := range formats {
		if f.Name == format && f.Holds && total > MaxHeld {
			return &TooManyError{Format: format, Total: total}
		}
	}
	return nil
}

// limited refuses runs that are too long to hold: before the first check where
// the length is known, else at the check that is one too many.
type limited struct {
	Renderer
	format       string
	limit, count int
}

func (l *limited) Begin(h Header) error {
	if h.Total > l.limit {
		return &TooManyError{Format: l.format, Total: h.Total}
	}
	return l.Renderer.Begin(h)
}

func (l *limited) Check(c *Check) error {
	if l.count++; l.count > l.limit {
		return &TooManyError{Format: l.format, Total: -1}
	}
	return l.Renderer.Check(c)
}

// Nearest returns the candidate that name is most likely a misspelling of, or
// "" where none is close: at most two edits away and less than half the word.
func Nearest(name string, candidates []string) string {
	best, at := "", 3
	for _, c := range candidates {
		d := edits(strings.ToLower(name), c)
		if strings.HasPrefix(c, strings.ToLower(name)) && len(name) >= 2 {
			d = min(d, 1)
		}
		if d < at && 2*d < max(len(c), 3) {
			best, at = c, d
		}
	}
	return best
}

// edits is the Levenshtein distance between a and b, with a swap of neighbours
// counted as one edit.
func edits(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// grouped writes n with commas: 100,000.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
