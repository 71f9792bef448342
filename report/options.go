package report

import "strings"

// Options are what a renderer may know about the medium and the run.
type Options struct {
	// Color permits colour; see ColorEnabled. Only text and table use it.
	Color bool
	// Width is the width of the terminal in columns; 0 means 80, and that a
	// program may read what is written.
	Width int
	// ASCII restricts what corscheck itself writes to ASCII; see Unicode.
	ASCII bool
	// Verbose counts -v: each exchange as a curl line, and the extra requests.
	Verbose int
	// Quiet asks for verdicts only.
	Quiet bool
	// DefaultOrigin is the origin that was assumed because none was given;
	// empty where one was.
	DefaultOrigin string
	// Command returns the command line that repeats a check with more
	// arguments. Nil: it is made from the check.
	Command func(c *Check, more ...string) string
	// Getenv reads the environment; nil reads nothing. The github format takes
	// the path of the job summary from it.
	Getenv func(string) string
	// Rules describes finding IDs for formats that carry a catalogue of rules;
	// nil leaves them with what the run's findings say.
	Rules func(id string) (RuleInfo, bool)
}

// RuleInfo is what the catalogue says about a finding.
type RuleInfo struct {
	Title    string
	Markdown string
}

func (o *Options) getenv(name string) string {
	if o.Getenv == nil {
		return ""
	}
	return o.Getenv(name)
}

// ColorMode is the value of --color.
type ColorMode string

// The values of --color.
const (
	ColorAuto   ColorMode = "auto"
	ColorAlways ColorMode = "always"
	ColorNever  ColorMode = "never"
)

// ColorEnabled decides whether a stream gets colour. The flag is stronger than
// NO_COLOR, that than FORCE_COLOR and CLICOLOR_FORCE, those than CLICOLOR, and
// all of them than what the stream is. A terminal that calls itself dumb gets
// colour only where it is asked for.
func ColorEnabled(mode ColorMode, getenv func(string) string, terminal bool) bool {
	switch mode {
	case ColorAlways:
		return true
	case ColorNever:
		return false
	}
	on := func(name string) bool {
		v := getenv(name)
		return v != "" && v != "0" && !strings.EqualFold(v, "false")
	}
	switch {
	case getenv("NO_COLOR") != "":
		return false
	case on("FORCE_COLOR"), on("CLICOLOR_FORCE"):
		return true
	case getenv("FORCE_COLOR") != "", getenv("CLICOLOR") == "0":
		return false
	}
	return terminal && getenv("TERM") != "dumb"
}

// UnicodeLocale reports whether the locale's encoding is UTF-8. Where no locale
// is set at all, as in most containers, the terminal behind it nearly always is
// UTF-8, so that counts as yes; so does Windows, which has no such variables.
func UnicodeLocale(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(getenv(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return true
}
