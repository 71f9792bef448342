package paste

import (
	"regexp"
	"strconv"
	"strings"
)

// A requestLine is a line of the console that names a request and what became
// of it: "POST https://api.example/users net::ERR_FAILED 200 (OK)".
type requestLine struct {
	line   int
	method string
	url    string
	code   string // Chrome's net error without "net::", or empty
	net    bool   // it has "net::", so that it is no error of another program
	status int    // of the answer, 0 where the line has none
}

var (
	netError      = regexp.MustCompile(`(net::)?\b(ERR_[A-Z0-9_]{3,60})(\.[A-Za-z]{1,60})?`)
	methodWithURL = regexp.MustCompile(`(?:^|[^A-Za-z])(?:XHR\s?)?(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s?((?:https?|file|blob|wss?)://[^\s'"<>]+)`)
	// lineStatus is how Chrome, Safari and Firefox write the status of an answer.
	lineStatus = regexp.MustCompile(`\s([1-5]\d\d) \([^()]{0,60}\)|responded with a status of (\d{3})|\[HTTP/[\d.]{1,5} (\d{3})`)
	lineSuffix = regexp.MustCompile(`:\d{1,7}(?::\d{1,7})?$`)
	bareURL    = regexp.MustCompile(`(?:https?|file|wss?)://[^\s'"<>()]+`)
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
		r.code, r.net = m[2]+m[3], m[1] != ""
	}
	if m := lineStatus.FindStringSubmatch(line); m != nil {
		r.status, _ = strconv.Atoi(m[1] + m[2] + m[3])
	}
	if m := methodWithURL.FindStringSubmatch(line); m != nil {
		r.method, r.url = m[1], strings.TrimRight(m[2], ",;")
	} else if r.code != "" || r.status >= 400 {
		r.url = strings.TrimRight(bareURL.FindString(line), ".,;")
		if r.url == "" {
			r.url = resourceURL(line)
		}
	}
	return r, r.code != "" || r.method != "" || r.status >= 400 && strings.Contains(line, "Failed to load resource")
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
	complete(items, lines)
	items = dropEchoes(items)
	items = mergeByLine(items, netItems(items, lines))
	return dropSymptoms(items)
}

// complete fills in the method and the status of the requests that items are
// about from the lines that name them.
func complete(items []Item, lines []requestLine) {
	requests, preflights := map[string]requestLine{}, map[string]requestLine{}
	for _, l := range lines {
		of := requests
		if l.method == "OPTIONS" { // the preflight, and not what the script asked for
			of = preflights
		}
		key := resource(l.url)
		first := of[key]
		if first.method == "" {
			first.method = l.method
		}
		if first.status == 0 {
			first.status = l.status
		}
		of[key] = first
	}
	for i := range items {
		item := &items[i]
		if item.URL == "" {
			continue
		}
		first := item.RedirectedFrom
		if first == "" {
			first = item.URL
		}
		if item.Method == "" {
			item.Method = requests[resource(first)].method
		}
		if item.Status != 0 || item.RedirectedFrom != "" {
			continue
		}
		item.Status = requests[resource(first)].status
		if item.Preflight() {
			item.Status = preflights[resource(first)].status
		}
	}
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
		item, ok := l.item()
		relative := !strings.Contains(l.url, "://")
		if !ok || explained[resource(l.url)] || explained[item.Code] && l.url == "" || messages && (relative && item.Class == ClassSymptom || item.Code == codeStatus) {
			continue
		}
		explained[resource(l.url)] = l.url != ""
		explained[item.Code] = true
		out = append(out, item)
	}
	return out
}

// item is what a line says by itself; false where that is nothing.
func (l *requestLine) item() (Item, bool) {
	name, detail, _ := strings.Cut(l.code, ".")
	item := Item{Kind: Console, Browser: "chrome", URL: l.url, Method: l.method, Status: l.status, Value: detail, Line: l.line}
	class, known := classOf(name)
	switch {
	case known || l.net:
		item.Class, item.Code = class, "net::"+name
	case l.status < 400:
		return item, false
	case l.method == "OPTIONS": // Chrome showed preflights until 2019
		item.Class, item.Code = ClassCORS, "PreflightInvalidStatus"
	default:
		item.Class, item.Code, item.Browser = ClassOther, codeStatus, ""
	}
	if l.method == "OPTIONS" {
		item.Method = ""
	}
	return item, true
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
	return ClassOther, false
}

// dropSymptoms removes what script saw where a message says why, and repeated
// symptoms.
func dropSymptoms(items []Item) []Item {
	explained := false
	for _, item := range items {
		explained = explained || item.Class != ClassSymptom && item.Code != codeStatus
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
