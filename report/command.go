package report

import (
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// Quote quotes s for a POSIX shell where that is needed. Characters that act on
// a terminal are written in the $'...' form.
func Quote(s string) string {
	if s == "" {
		return "''"
	}
	if strings.IndexFunc(s, func(r rune) bool { return !shellSafe(r) }) < 0 {
		return s
	}
	if Visible(s) == s {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	s = strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s)
	return "$'" + Visible(s) + "'"
}

func shellSafe(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	}
	return strings.ContainsRune("-_./:@%+=,", r)
}

// command is the command line that repeats the check, with more arguments.
func (o *Options) command(c *Check, more ...string) string {
	if o.Command != nil {
		return o.Command(c, more...)
	}
	return Command(c, more...)
}

// again is the command line that makes a check once more or, where it came to no
// verdict, decides it. Where the request was made in every browser, so it is
// again; run are the checks among which that is looked for, more are further flags.
func (o *Options) again(c *Check, run []*Check, more ...string) string {
	one, request := *c, c.requestKey()
	asked := map[string]bool{}
	send := c.sentUnsafe() != "" || c.Verdict == string(fetch.Undecided) && c.unsafe()
	for _, other := range run {
		if other.URL != c.URL || other.Origin != c.Origin || other.requestKey() != request {
			continue
		}
		asked[other.Browser] = true
		send = send || other.sentUnsafe() != ""
	}
	if len(asked) == len(browsers) {
		one.Browser = "all"
	}
	if send {
		more = append([]string{"--send-unsafe"}, more...)
	}
	return o.command(&one, more...)
}

// fixCommand is the command line that prints the change of a check for a stack.
func (o *Options) fixCommand(c *Check, stack string) string {
	one := *c
	one.HasBody = false // what is in it changes nothing
	if one.Browser == "all" {
		one.Browser = "" // fix takes one
	}
	return strings.Replace(o.command(&one, "--stack", stack), "corscheck ", "corscheck fix ", 1)
}

// Command returns the corscheck command line that repeats a check: its secrets
// are masked, so where there are some it says what to fill in.
func Command(c *Check, more ...string) string {
	args := []string{"corscheck", Quote(c.URL), "-o", Quote(c.Origin)}
	if c.Method != "GET" {
		args = append(args, "-X", Quote(c.Method))
	}
	for _, h := range c.Headers {
		args = append(args, "-H", Quote(h[0]+": "+h[1]))
	}
	if c.HasBody && !slices.Contains(more, "-d") {
		args = append(args, "-d", Quote(Masked))
	}
	if c.Credentials != "" && c.Credentials != string(fetch.CredentialsSameOrigin) {
		args = append(args, "--credentials", c.Credentials)
	}
	if c.Redirect != "" && c.Redirect != string(fetch.RedirectFollow) {
		args = append(args, "--redirect", c.Redirect)
	}
	if c.Mode != "" && c.Mode != string(fetch.ModeCORS) {
		args = append(args, "--mode", c.Mode)
	}
	if c.Initiator != "" && c.Initiator != string(fetch.InitiatorFetch) {
		args = append(args, "--initiator", c.Initiator)
	}
	if c.Browser != "" && c.Browser != "chrome" {
		args = append(args, "--browser", c.Browser)
	}
	return strings.Join(append(args, more...), " ")
}

// curlLine is an exchange as a curl command: what was sent, secrets masked.
func curlLine(r *Request) string {
	args := []string{"curl", "-i"}
	switch r.Method {
	case "GET":
	case "HEAD":
		args[1] = "-I"
	default:
		args = append(args, "-X", Quote(r.Method))
	}
	args = append(args, Quote(r.URL))
	for _, h := range r.Headers {
		value := h[0] + ": " + h[1]
		if h[1] == "" {
			value = h[0] + ";"
		}
		args = append(args, "-H", Quote(value))
	}
	return strings.Join(args, " ")
}
