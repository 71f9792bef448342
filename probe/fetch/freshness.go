package fetch

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// This file is for how long a redirect is fresh.
// https://httpwg.org/specs/rfc9111.html#calculating.freshness.lifetime

// dateAndAge are when an answer was made, and how many seconds ago. Of several lines
// the first counts. There is no clock here: see Request.Now.
func (f *Fetch) dateAndAge(resp *Response) (date time.Time, age int) {
	now := f.req.Now
	date, ok := parseDate(firstLine(resp, "date"))
	if !ok {
		date = now
	}
	if date.Before(now) {
		age = int(now.Sub(date) / time.Second)
	}
	said, _, _ := strings.Cut(firstLine(resp, "age"), ",")
	if n, err := strconv.Atoi(trimOWS(said)); err == nil {
		age = max(age, n)
	}
	return date, age
}

func firstLine(resp *Response, name string) string {
	if values := lines(resp.Headers, name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// neverFresh reports whether headers other than Cache-Control forbid to use an answer
// again.
func neverFresh(resp *Response) bool {
	pragma, _ := resp.Get("Pragma")
	vary, _ := resp.Get("Vary")
	return hasDirective(pragma, "no-cache") || hasDirective(vary, "*")
}

// chromeFreshRedirect: a permanent redirect is fresh for ever where it does not
// say otherwise; stale-while-revalidate counts like max-age.
func chromeFreshRedirect(f *Fetch, resp *Response) bool {
	control, _ := resp.Get("Cache-Control")
	if neverFresh(resp) || hasDirective(control, "no-store") || hasDirective(control, "no-cache") {
		return false
	}
	date, age := f.dateAndAge(resp)
	seconds, stated := firstSeconds(control, "max-age")
	if !stated {
		value := firstLine(resp, "expires")
		var expires time.Time
		if expires, stated = parseDate(value); stated {
			seconds = secondsUntil(date, expires)
		}
		stated = stated || value == "0"
	}
	if stale, ok := firstSeconds(control, "stale-while-revalidate"); ok && !hasDirective(control, "must-revalidate") {
		seconds, stated = seconds+stale, true
	}
	if !stated {
		return isPermanent(resp.Status)
	}
	return seconds > age
}

// firefoxFreshRedirect: a redirect that is permanent, or says who may store it, is
// fresh for a tenth of the time since its Last-Modified.
func firefoxFreshRedirect(f *Fetch, resp *Response) bool {
	control, _ := resp.Get("Cache-Control")
	words, seconds, stated := firefoxCacheControl(control)
	if words["no-store"] || words["no-cache"] || neverFresh(resp) {
		return false
	}
	date, age := f.dateAndAge(resp)
	if strings.HasPrefix(firstLine(resp, "age"), "-") {
		age = math.MaxUint32 // read as a number without a sign
	}
	if !stated {
		var value string
		if value, stated = resp.Get("Expires"); stated {
			expires, _ := parseDate(value)
			seconds = secondsUntil(date, expires)
		}
	}
	if !stated && (isPermanent(resp.Status) || words["public"] || words["private"]) {
		if modified, ok := parseDate(firstLine(resp, "last-modified")); ok {
			seconds = secondsUntil(modified, date) / 10
		}
	}
	return seconds > age
}

// isPermanent: https://httpwg.org/specs/rfc9110.html#status.3xx
func isPermanent(status int) bool { return status == 301 || status == 308 }

// secondsUntil is 0 where the first time is the later, or nobody has said when that is.
func secondsUntil(from, to time.Time) int {
	if from.IsZero() {
		return 0
	}
	return int(max(to.Unix()-from.Unix(), 0))
}

// hasDirective reports whether a list names a directive, in any letter case.
func hasDirective(list, directive string) bool { return listAllows(list, directive, true, false) }

// firstSeconds is the number of seconds in the first directive like "max-age=60".
func firstSeconds(list, directive string) (seconds int, ok bool) {
	for d := range strings.SplitSeq(list, ",") {
		name, value, _ := strings.Cut(trimOWS(d), "=")
		value = strings.Trim(value, " ")
		if n, err := strconv.Atoi(value); err == nil && allDigits(value) && equalFold(name, directive) {
			return n, true
		}
	}
	return 0, false
}

// firefoxCacheControl reads Cache-Control word by word: what stands behind a word does
// not matter, the last max-age counts, and what follows the digits of one ends all.
func firefoxCacheControl(list string) (words map[string]bool, seconds int, stated bool) {
	words = map[string]bool{}
	for d := range strings.SplitSeq(list, ",") {
		word, rest := cutAt(trimOWS(d), " \t=;")
		word = strings.ToLower(word)
		words[word] = true
		if word != "max-age" {
			continue
		}
		_, value, _ := strings.Cut(rest, "=")
		value = trimOWS(value)
		digits := len(value) - len(strings.TrimLeft(value, "0123456789"))
		n, err := strconv.ParseUint(value[:digits], 10, 32)
		if seconds, stated = int(n), err == nil; !stated {
			seconds = 0
			continue
		}
		if digits < len(value) {
			break
		}
	}
	return words, seconds, stated
}
