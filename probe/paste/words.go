package paste

import (
	"regexp"
	"strings"
	"sync"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// word is a candidate for a finding ID or a reason code. Long runs of other
// characters are no words of ours.
var word = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_:.-]{2,79}`)

// maxWords is how many words parseWords looks at: an ID or a code is pasted by
// itself, not in a novel.
const maxWords = 200

// parseWords finds the IDs of findings and the reason codes in a text that holds
// nothing else.
func parseWords(text string) []Item {
	var items []Item
	seen := map[string]bool{}
	for _, w := range word.FindAllString(text, maxWords) {
		w = strings.TrimRight(w, ".:-")
		item, ok := wordItem(w)
		if !ok || seen[item.Code] {
			continue
		}
		seen[item.Code] = true
		item.Line = 1
		items = append(items, item)
	}
	return items
}

var (
	// aboutCORS tells a message of the browsers in a language that is not known:
	// they leave the names untranslated.
	aboutCORS = regexp.MustCompile(`\bCORS\b|Access-Control-Allow-|(?i:\bcross-origin\b|\bsame origin\b)`)
	urlInText = regexp.MustCompile(`https?://[^\s'"<>()‘’“”„»«]+`)
)

// unknownWording is a message about CORS of which no wording is known, as in
// another language, with the first URL on its line or after it.
func unknownWording(original string) []Item {
	t := newText(original)
	about := aboutCORS.FindStringIndex(t.flat)
	if about == nil {
		return nil
	}
	start := strings.LastIndexByte(t.s[:about[0]], '\n') + 1
	url := urlInText.FindString(t.s[start:min(len(t.s), about[0]+window)])
	url = strings.TrimRight(url, ".,;:。，")
	if url == "" {
		return nil
	}
	return []Item{{Kind: Console, Class: ClassCORS, URL: url, Line: t.line(about[0])}}
}

func wordItem(w string) (Item, bool) {
	if _, ok := finding.Lookup(finding.ID(strings.ToLower(w))); ok {
		return Item{Kind: FindingID, Code: strings.ToLower(w)}, true
	}
	if i := strings.LastIndexByte(w, ':'); i >= 0 && codes()[strings.ToLower(w)].code == "" {
		if c := codes()[strings.ToLower(w[i+1:])]; c.code != "" { // "net::", or a prefix that is not ours
			return Item{Kind: Code, Browser: c.browser, Code: c.code, Class: c.class}, true
		}
	}
	c := codes()[strings.ToLower(w)]
	return Item{Kind: Code, Browser: c.browser, Code: c.code, Class: c.class}, c.code != ""
}

// A knownCode is a reason code, the browser that has it and its class.
type knownCode struct {
	code, browser string
	class         Class
}

// codes are all reason codes by their lower-case names.
var codes = sync.OnceValue(func() map[string]knownCode {
	messages() // which says whose the wordings are
	known := map[string]knownCode{}
	add := func(code, browser string, class Class) {
		if key := strings.ToLower(code); code != "" && !strings.Contains(code, "{") && known[key].code == "" {
			known[key] = knownCode{code, browser, class}
		}
	}
	for _, p := range fetch.Profiles() {
		for _, text := range p.Texts {
			class := ClassCORS
			if strings.Contains(text.Code, "net::") || strings.HasSuffix(text.Code, codeMixedContent) {
				class = ClassOther
			}
			add(text.Code, p.Name, class)
			add(text.PreflightCode, p.Name, class)
		}
	}
	for _, list := range [][]pattern{chromeMessages, firefoxMessages, safariMessages} {
		for _, p := range list {
			add(p.code, p.browser, p.class)
			add(p.preflighted, p.browser, p.class)
		}
	}
	for _, old := range []string{"CORSDidNotSucceed", "CORSMissingAllowOrigin", "CORSPreflightDidNotSucceed", "CORSPreflightDidNotSucceed2", "CORSMissingAllowHeaderFromPreflight"} {
		known[strings.ToLower(old)] = knownCode{currentCategory(old), "firefox", ClassCORS}
	}
	for name := range networkCodes {
		add("net::"+name, "chrome", ClassNetwork)
		known[strings.ToLower(name)] = knownCode{"net::" + name, "chrome", ClassNetwork}
	}
	for name := range otherNetCodes {
		known[strings.ToLower(name)] = knownCode{"net::" + name, "chrome", ClassOther}
		known["net::"+strings.ToLower(name)] = knownCode{"net::" + name, "chrome", ClassOther}
	}
	return known
})
