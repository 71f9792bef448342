package fetch

import (
	"strconv"
	"strings"
	"time"
)

// A writtenDate is a date as it was found in a text.
type writtenDate struct {
	day, year, hour, minute, second int
	month                           time.Month
	zone                            time.Duration // east of GMT
	clock                           bool          // it has a time of day
}

// readDate reads a date in whatever form and order it is written, as all browsers
// do: a day, the name of a month, a year, a time and how far that is from GMT.
func readDate(value string) (d writtenDate, ok bool) {
	for _, word := range strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' || r == '-' || r == '\t' }) {
		n, err := strconv.Atoi(word)
		switch {
		case strings.HasPrefix(word, "+") && len(word) == 5 && err == nil:
			d.zone = time.Duration(n/100)*time.Hour + time.Duration(n%100)*time.Minute
		case strings.Contains(word, ":"):
			d.readClock(word)
		case err != nil && d.month == 0:
			d.month = monthNamed(word)
		case err == nil && d.day == 0 && n > 0 && n <= 31:
			d.day = n
		case err == nil && d.year == 0 && len(word) <= 4:
			d.year = fullYear(n)
		}
	}
	return d, d.day != 0 && d.month != 0 && d.year != 0
}

func (d *writtenDate) readClock(word string) {
	parts := strings.SplitN(word, ":", 3)
	for i, at := range []*int{&d.hour, &d.minute, &d.second} {
		if i < len(parts) {
			*at, _ = strconv.Atoi(parts[i])
		}
	}
	d.clock = len(parts) == 3
}

// time is the moment that is meant; what is no date of the calendar runs over into
// the next month, or the next day.
func (d *writtenDate) time() time.Time {
	return time.Date(d.year, d.month, d.day, d.hour, d.minute, d.second, 0, time.UTC).Add(-d.zone)
}

// exists reports whether the date has a time of day and is one of the calendar.
func (d *writtenDate) exists() bool {
	return d.clock && d.hour < 24 && d.minute < 60 && d.second < 60 && time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC).Day() == d.day
}

// parseDate is the date of a header; false where it is none.
// https://httpwg.org/specs/rfc9110.html#http.date
func parseDate(value string) (time.Time, bool) {
	d, ok := readDate(value)
	if !ok {
		return time.Time{}, false
	}
	return d.time(), true
}

// cookieDate is the date of Expires in a cookie; false where it is none.
// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.1.1
func (p *Profile) cookieDate(value string) (time.Time, bool) {
	d, ok := readDate(value)
	if !ok || !p.TakesAnyCookieDate && !d.exists() {
		return time.Time{}, false
	}
	return d.time(), true
}

func monthNamed(word string) time.Month {
	for m := time.January; m <= time.December; m++ {
		if len(word) >= 3 && strings.EqualFold(word[:3], m.String()[:3]) {
			return m
		}
	}
	return 0
}

// fullYear: two digits are a year between 1970 and 2069.
func fullYear(n int) int {
	switch {
	case n < 70:
		return n + 2000
	case n < 100:
		return n + 1900
	}
	return n
}
