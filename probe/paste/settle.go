package paste

import (
	"regexp"
	"strings"
)

// A requestLine is a line of the console that names a request and what became
// of it: "POST https://api.example/users net::ERR_FAILED 200 (OK)".
type requestLine struct {
	line   int
	method string
	url    string
	code   string // Chrome's net error without "net::", or empty
}

var (
	netError      = regexp.MustCompile(`\b(ERR_[A-Z0-9_]{3,60})(\.[A-Za-z]{1,60})?`)
	methodWithURL = regexp.MustCompile(`(?:^|[^A-Za-z])(?:XHR\s?)?(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s?((?:https?|file|blob|wss?)://[^\s'"<>]+)`)
	lineSuffix    = regexp.MustCompile(`:\d{1,7}(?::\d{1,7})?$`)
	bareURL       = regexp.MustCompile(`(?:https?|file|wss?)://[^\s'"<>()]+`)
)

// requestLines finds the lines that name a method and URL, or a net error.
func requestLines(t *text) []requestLine {
	var lines []requestLine
	for start := 0; start <= len(t.s); {
		end := strings.IndexByte(t.s[start:], '\n')
		if end < 0 {
			end = len(t.s) - start
		}
		line := t.s[start : start+end]
		if r, ok := requestLineOf(line[:min(len(line), window)]); ok {
			r.line = t.line(start)
			lines = append(lines, r)
		}
		start += end + 1
	}
	return lines
}

func requestLineOf(line string) (requestLine, bool) {
	var r requestLine
	if m := netError.FindStringSubmatch(line); m != nil {
		r.code = m[1]
		if m[2] != "" {
			r.code += m[2]
		}
	}
	if m := methodWithURL.FindStringSubmatch(line); m != nil {
		r.method, r.url = m[1], strings.TrimRight(m[2], ",;")
	} else if r.code != "" {
		r.url = strings.TrimRight(bareURL.FindString(line), ".,;")
		if r.url == "" {
			r.url = resourceURL(line)
		}
	}
	return r, r.code != "" || r.method != ""
}

// resourceURL is the resource around "Failed to load resource", which Chrome
// prints as "host/path:line" without its scheme.
func resourceURL(line string) string {
	before, after, ok := strings.Cut(line, "Failed to load resource")
	if !ok {
		return ""
	}
	fields := strings.Fields(before)
	if len(fields) > 0 {
		before = fields[len(fields)-1]
	} else if fields = strings.Fields(after); len(fields) > 0 {
		before = fields[len(fields)-1]
	}
	before = strings.Trim(lineSuffix.ReplaceAllString(before, ""), "`'\"")
	if !strings.ContainsAny(before, "/.") || strings.Contains(before, "ERR_") {
		return ""
	}
	return before
}

// settle completes the items with what other lines say of their requests, and
// drops those that only echo another.
func settle(items []Item, lines []requestLine) []Item {
	methods := map[string]string{}
	for _, l := range lines {
		if key := resource(l.url); l.method != "" && methods[key] == "" {
			methods[key] = l.method
		}
	}
	for i, item := range items {
		first := item.RedirectedFrom
		if first == "" {
			first = item.URL
		}
		if item.Method == "" && first != "" {
			items[i].Method = methods[resource(first)]
		}
	}
	items = dropEchoes(items)
	items = mergeByLine(items, netItems(items, lines))
	return dropSymptoms(items)
}

// resource is what consoles agree on in a URL: some print it without scheme.
func resource(s string) string {
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s = rest
	}
	s, _, _ = strings.Cut(s, "#")
	return strings.TrimSuffix(s, "/")
}

// dropEchoes removes the second line that Firefox prints after a preflight that
// failed: "CORS request did not succeed", status (null), for the same URL.
func dropEchoes(items []Item) []Item {
	out := items[:0]
	blamed := map[string]bool{}
	for _, item := range items {
		if item.Browser == "firefox" && item.Code == "CORSDidNotSucceed2" && blamed[item.URL] {
			continue
		}
		if item.Browser == "firefox" && item.Class == ClassCORS && item.URL != "" {
			blamed[item.URL] = true
		}
		out = append(out, item)
	}
	return out
}

// netItems are the net errors that no item explains.
func netItems(items []Item, lines []requestLine) []Item {
	explained := map[string]bool{} // resources and codes that a message is about
	messages := false
	for _, item := range items {
		if item.Class != ClassSymptom {
			messages = true
			explained[resource(item.URL)], explained[resource(item.RedirectedFrom)] = true, true
			explained[item.Code] = true
		}
	}
	delete(explained, "")
	var out []Item
	for _, l := range lines {
		name, detail, _ := strings.Cut(l.code, ".")
		class, known := classOf(name)
		code := "net::" + name
		relative := !strings.Contains(l.url, "://")
		if !known || explained[resource(l.url)] || explained[code] && l.url == "" || messages && relative && class == ClassSymptom {
			continue
		}
		explained[resource(l.url)] = l.url != ""
		explained[code] = true
		out = append(out, Item{
			Kind: Console, Class: class, Browser: "chrome", Code: code,
			URL: l.url, Method: l.method, Value: detail, Line: l.line,
		})
	}
	return out
}

func classOf(name string) (Class, bool) {
	switch {
	case networkCodes[name] != "", strings.HasPrefix(name, "ERR_CERT_"):
		return ClassNetwork, true
	case otherNetCodes[name] != "":
		return ClassOther, true
	case name == "ERR_FAILED", name == "ERR_INVALID_REDIRECT", name == "ERR_TOO_MANY_REDIRECTS", name == "ERR_UNSAFE_REDIRECT":
		return ClassSymptom, true
	}
	return "", false
}

// dropSymptoms removes what script saw where a message says why, and repeated
// symptoms.
func dropSymptoms(items []Item) []Item {
	explained := false
	for _, item := range items {
		explained = explained || item.Class != ClassSymptom
	}
	out := items[:0]
	had := false
	for _, item := range items {
		had = had || item.Class == ClassSymptom && item.URL != ""
	}
	for _, item := range items {
		if item.Class == ClassSymptom && item.URL == "" {
			if explained || had {
				continue
			}
			had = true
		}
		out = append(out, item)
	}
	return out
}
