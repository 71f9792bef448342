package paste

import (
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/corscheck/corscheck/probe/fetch"
)

// messages are all wordings by anchor, made when a text is first read.
var messages = sync.OnceValue(func() patterns {
	setBrowser(chromeMessages, "chrome", ClassCORS)
	setBrowser(firefoxMessages, "firefox", ClassCORS)
	setBrowser(safariMessages, "safari", ClassCORS)
	setBrowser(otherMessages, "", ClassOther)
	setBrowser(symptomMessages, "", ClassSymptom)
	return compilePatterns(chromeMessages, firefoxMessages, safariMessages, otherMessages, symptomMessages, translated())
})

func setBrowser(list []pattern, browser string, class Class) {
	for i := range list {
		if list[i].browser == "" {
			list[i].browser = browser
		}
		if list[i].class == "" {
			list[i].class = class
		}
	}
}

// parseConsole recognises the console messages of a text. Where it reads better
// with the breaks of a terminal undone, they are.
func parseConsole(original string) []Item {
	items := readConsole(newText(original))
	if width := wrapWidth(original); width > 0 {
		if unwrapped := readConsole(newTextOfWidth(original, width)); detail(unwrapped) > detail(items) {
			return unwrapped
		}
	}
	return items
}

// detail measures how much items say: one that says all counts for more than
// two that say half of it each.
func detail(items []Item) int {
	sum := 0
	for _, i := range items {
		n := 0
		for _, field := range []string{i.Code, i.URL, i.RedirectedFrom, i.Origin, i.Method, i.Header} {
			if field != "" {
				n++
			}
		}
		sum += n * n
	}
	return sum
}

func readConsole(t *text) []Item {
	marks := messages().find(t, nil)
	sort.SliceStable(marks, func(i, j int) bool {
		if marks[i].start != marks[j].start {
			return marks[i].start < marks[j].start
		}
		return marks[i].end > marks[j].end
	})
	a := assembly{text: t}
	end := -1
	for _, m := range marks {
		if m.start < end && m.end <= end || m.start < end-2 {
			continue // part of a longer one
		}
		end = max(end, m.end)
		a.add(m)
	}
	a.flush()
	lines := requestLines(t)
	return settle(a.items, lines)
}

// gap is how many bytes may lie between two pieces of one message: a line
// prefix such as "app.js:12 [Error]", but no other message.
const gap = 160

// An assembly joins the pieces of messages in the order of the text.
type assembly struct {
	text  *text
	items []Item

	prefix    *mark // names a request, still without a reason
	preflight int   // where the words of rolePreflight ended, 0 without
	last      int   // where the last piece of the last item ended
	open      bool  // the last item is a Safari reason that has no URL yet
}

func (a *assembly) add(m mark) {
	switch m.role {
	case rolePrefix:
		a.flush()
		if m.values["url"] == "resource" { // "Failed to load resource:" names nothing
			return
		}
		a.prefix = &m
	case rolePreflight:
		a.preflight = m.end
	case roleReason:
		a.reason(m)
	case roleTail:
		a.tail(m)
	case roleSecond:
		a.second(m)
	case roleWhole, roleSymptom:
		a.flush()
		a.push(Item{Class: m.class, Browser: m.browser, Code: m.code}, m)
	case roleEcho:
		a.last = m.end
	}
}

// flush turns a prefix that got no reason into an item of its own: the reason
// was cut off, or is of a wording that is not known.
func (a *assembly) flush() {
	p := a.prefix
	a.prefix, a.open = nil, false
	if p == nil || (strings.HasSuffix(p.text, "} ") || strings.HasSuffix(p.text, "}: ") || strings.HasSuffix(p.text, "}. ")) && p.browser == "chrome" {
		return // "Failed to load U: " and its like need a reason to mean CORS
	}
	a.push(Item{Class: ClassCORS, Browser: p.browser}, *p)
}

func (a *assembly) reason(m mark) {
	if m.echo && len(a.items) > 0 && m.start-a.last <= gap && a.items[len(a.items)-1].Browser == m.browser {
		a.last = m.end
		return
	}
	item := Item{Class: m.class, Browser: m.browser, Code: m.code}
	if m.preflighted != "" && a.preflight > 0 && m.start-a.preflight <= gap {
		item.Code = m.preflighted
	}
	a.preflight = 0
	if p := a.prefix; p != nil && m.start-p.end <= gap {
		if p.browser != m.browser && !(m.browser == "safari" && loads(p)) {
			item.Browser, item.Code = p.browser, translate(item.Code, p.browser)
		}
		a.prefix = nil
		a.push(item, *p, m)
		a.open = p.browser == "safari" || item.Browser == "safari" && !loads(p)
		return
	}
	a.flush()
	a.push(item, m)
	a.open = m.browser == "safari"
}

// loads reports whether a prefix is one that Chrome and Safari had in common.
func loads(p *mark) bool {
	return strings.HasPrefix(p.text, "XMLHttpRequest cannot load") || strings.HasPrefix(p.text, "Fetch API cannot load") || strings.HasPrefix(p.text, "EventSource cannot load")
}

// translate renames a code for a browser that shares the wording of another.
func translate(code, browser string) string {
	plain := strings.TrimPrefix(code, "webkit:")
	switch {
	case browser == "safari" && !strings.HasPrefix(code, "webkit:"):
		return "webkit:" + plain
	case browser == "chrome":
		return plain
	}
	return code
}

func (a *assembly) tail(m mark) {
	if len(a.items) == 0 || m.start-a.last > gap {
		return
	}
	item := &a.items[len(a.items)-1]
	fill(item, m)
	switch {
	case strings.HasPrefix(m.text, "If an opaque"):
		item.Initiator = fetch.InitiatorFetch
	case strings.HasPrefix(m.text, "The credentials mode of requests initiated by the XML"):
		item.Initiator = fetch.InitiatorXHR
	}
	a.last = m.end
}

// second handles Safari's second line, which names the URL of the reason in the
// line before.
func (a *assembly) second(m mark) {
	if a.open && len(a.items) > 0 && m.start-a.last <= gap {
		item := &a.items[len(a.items)-1]
		if item.URL != "" && item.URL != m.values["url"] {
			item.RedirectedFrom = m.values["url"] // the redirect that was denied is this URL's
		} else {
			fill(item, m)
		}
		a.open, a.last = false, m.end
		return
	}
	for _, item := range a.items[max(0, len(a.items)-20):] {
		if item.URL == m.values["url"] && item.Browser == "safari" {
			a.open, a.last = false, m.end
			return // said already
		}
	}
	a.flush()
	a.push(Item{Class: ClassSymptom, Browser: "safari", Code: "webkit:net::ERR_FAILED", Notes: []string{
		"Safari prints this line for every failure of a fetch, also where the network failed: the line before it would say which.",
	}}, m)
}

// push appends an item that consists of the marks.
func (a *assembly) push(item Item, marks ...mark) {
	item.Kind = Console
	item.Line = a.text.line(marks[0].start)
	for _, m := range marks {
		fill(&item, m)
	}
	a.items = append(a.items, item)
	a.last = marks[len(marks)-1].end
}

// fill copies the values of a mark into the fields of an item that are empty.
func fill(item *Item, m mark) {
	set := func(field *string, name string) {
		if v := cleanValue(m.values[name]); *field == "" && v != "" {
			*field = v
		}
	}
	set(&item.URL, "url")
	set(&item.RedirectedFrom, "from")
	set(&item.Origin, "origin")
	set(&item.Method, "method")
	set(&item.Header, "header")
	if m.values["value"] != "" && item.Value == "" {
		item.Value = m.values["value"]
	}
	if status, err := strconv.Atoi(m.values["status"]); err == nil {
		item.Status = status
	}
	if page := m.values["page"]; page != "" && item.Origin == "" {
		item.Origin = originOf(page)
	}
	if kind := m.values["kind"]; kind != "" && item.Initiator == "" {
		item.Initiator = initiatorOf(kind)
	}
	if item.Initiator == "" && strings.HasPrefix(m.text, "XMLHttpRequest cannot load") {
		item.Initiator = fetch.InitiatorXHR
	}
	if strings.HasPrefix(m.text, "Method {method}") && item.Method == "" {
		item.Method = m.values["method"]
	}
}

// cleanValue drops what Markdown and angle brackets add around a URL or origin,
// and the line breaks in it.
func cleanValue(s string) string {
	s = strings.Trim(strings.ReplaceAll(s, "\n", ""), "*<>")
	return strings.TrimSpace(s)
}

func initiatorOf(kind string) fetch.Initiator {
	words := strings.ToLower(strings.TrimSpace(kind))
	words = strings.TrimSuffix(words, " endpoint")
	if name, ok := chromeKinds[words]; ok {
		return fetch.Initiator(name)
	}
	return ""
}

// originOf is the serialized origin of a page's URL, or "" where it has none.
func originOf(page string) string {
	u, err := fetch.ParseURL(page, nil)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.Origin()
}
