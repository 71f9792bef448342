package paste

import (
	"regexp"
	"strings"
)

// requestStart finds where a copied request may start: curl and fetch() behind
// any prompt or word, as in a sentence or a script; plausible tells them from
// prose. PowerShell has more common names, and starts a line.
var requestStart = regexp.MustCompile("(?m)" +
	"(?P<curl>\\bcurl(?:\\.exe)?[ \\t]+[^\\s])" +
	"|^[ \\t>$%#`]*(?:PS [^>\\n]{0,200}> ?)?(?P<ps>(?i:\\$session\\s*=|invoke-webrequest\\s|invoke-restmethod\\s|iwr\\s|irm\\s))" +
	"|(?P<fetch>\\bfetch\\(\\s*[\"'`A-Za-z_$(])")

var (
	startCurl  = requestStart.SubexpIndex("curl")
	startPS    = requestStart.SubexpIndex("ps")
	startFetch = requestStart.SubexpIndex("fetch")
)

// maxRequests is how many requests of one paste are read, and maxMisread how
// often something looks like one and is none before the rest is left alone.
const (
	maxRequests = 100
	maxMisread  = 20
)

// parseRequests reads the copied requests of a text. rest is the text with blanks in
// their place, so that lines keep their numbers. err is the first thing that
// looked like a request and could not be read.
func parseRequests(text string) (items []Item, rest string, err error) {
	var b strings.Builder
	done, line, misread := 0, 1, 0
	for n := 0; n < maxRequests && misread < maxMisread && done < len(text); n++ {
		m := requestStart.FindStringSubmatchIndex(text[done:])
		if m == nil {
			break
		}
		start, read := m[2*startFetch], parseFetchAt
		switch {
		case m[2*startCurl] >= 0:
			start, read = m[2*startCurl], parseCurlText
		case m[2*startPS] >= 0:
			start, read = m[2*startPS], parsePowerShellText
		}
		start += done
		found, length, failed := read(upToBacktick(text, start))
		if failed != nil || !plausible(found) {
			if err == nil && meant(text, start) {
				err = failed
			}
			misread++
			// Go on behind the word that misled.
			found, length = nil, min(len("fetch("), len(text)-start)
		}
		line += strings.Count(text[done:start], "\n")
		for _, item := range found {
			item.Line = line
			items = append(items, item)
		}
		b.WriteString(text[done:start])
		if failed != nil || found == nil {
			b.WriteString(text[start : start+length])
		} else {
			b.WriteString(strings.Repeat("\n", strings.Count(text[start:start+length], "\n")))
		}
		line += strings.Count(text[start:start+length], "\n")
		done = start + length
	}
	b.WriteString(text[done:])
	return items, b.String(), err
}

// upToBacktick is the text from start on, up to the end of the code span of
// Markdown that it starts.
func upToBacktick(text string, start int) string {
	rest := text[start:]
	if start > 0 && text[start-1] == '`' {
		if end := strings.IndexByte(rest, '`'); end >= 0 {
			return rest[:end]
		}
	}
	return rest
}

// meant reports whether what starts there is a request, and no word of a
// sentence: it starts its line, or has a URL on it.
func meant(text string, start int) bool {
	line := text[strings.LastIndexByte(text[:start], '\n')+1:]
	line, _, _ = strings.Cut(line, "\n")
	return strings.Contains(line, "://") || strings.Trim(text[:start][strings.LastIndexByte(text[:start], '\n')+1:], " \t>$%#`") == ""
}

// parseFetchAt reads a call from its name on.
func parseFetchAt(text string) ([]Item, int, error) {
	open := strings.IndexByte(text, '(') + 1
	items, end, err := parseFetchText(text[open:])
	return items, open + end, err
}

// plausibleHost is a host as people write one for curl, with its scheme or not.
var plausibleHost = regexp.MustCompile(`^(?i:https?://)?(localhost|\[[0-9a-f:.]+\]|[\pL\pN_-]+(\.[\pL\pN_-]+)+)(:\d{1,5})?([/?#].*)?$`)

// plausible tells a command from a sentence that starts with its name: "curl
// works, the browser does not".
func plausible(items []Item) bool {
	for _, item := range items {
		if !plausibleHost.MatchString(item.Request.URL) && item.Request.Origin == "" {
			return false
		}
	}
	return len(items) > 0
}
