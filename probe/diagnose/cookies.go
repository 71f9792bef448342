package diagnose

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// setsCookies: a request with credentials was answered with cookies, at any hop.
func (s *subject) setsCookies() bool {
	return s.res.CrossOrigin && s.res.Request.Credentials == fetch.CredentialsInclude &&
		slices.ContainsFunc(s.res.Exchanges, func(x fetch.Exchange) bool { return len(x.Cookies) > 0 })
}

// lostCookies are cookies of one host that share their fate and its cure.
type lostCookies struct {
	names []string
	fate  fetch.CookieFate
	cure  string
	from  *fetch.URL
}

// cookieAdvice is about cookies that would not come back, as the browser's jar has
// it. Values are never read.
func cookieAdvice(_ context.Context, s *subject) []finding.Finding {
	var lost []lostCookies
	for i := range s.res.Exchanges {
		x := &s.res.Exchanges[i]
		for _, fate := range x.Cookies {
			if !fate.Sent {
				lost = together(lost, lostCookies{names: []string{cookieName(fate)}, fate: fate, from: x.Message.URL, cure: s.cookieCure(x, fate.Name)})
			}
		}
	}
	if len(lost) == 0 {
		return nil
	}
	var details []string
	for i, l := range lost {
		if i > 0 && l.fate.Kept == lost[i-1].fate.Kept && l.from.Origin() == lost[i-1].from.Origin() {
			details = append(details, fmt.Sprintf("Nor %s: %s. %s", l.what(), l.fate.Why, l.cure))
			continue
		}
		details = append(details, s.lossOf(l))
	}
	return s.conclude(finding.CookieNotSent, true, strings.Join(details, " "))
}

// together adds one cookie to those of its kind.
func together(lost []lostCookies, one lostCookies) []lostCookies {
	for i := range lost {
		l := &lost[i]
		if l.fate.Kept == one.fate.Kept && l.fate.Why == one.fate.Why && l.cure == one.cure && l.from.Origin() == one.from.Origin() {
			if !slices.Contains(l.names, one.names[0]) {
				l.names = append(l.names, one.names[0])
			}
			return lost
		}
	}
	return append(lost, one)
}

func cookieName(fate fetch.CookieFate) string {
	if fate.Name == "" {
		return "without a name"
	}
	return fate.Name
}

func (l *lostCookies) what() string {
	if len(l.names) > 1 {
		return "the cookies " + strings.Join(l.names, ", ")
	}
	return "the cookie " + l.names[0]
}

func (s *subject) lossOf(l lostCookies) string {
	page := "pages of " + s.res.Request.Origin
	if s.res.Request.Origin == fetch.NullOrigin {
		page = "pages of the origin null"
	}
	loss := fmt.Sprintf("does not store %s of %s for %s", l.what(), l.from.Origin(), page)
	if l.fate.Kept {
		loss = fmt.Sprintf("stores %s of %s, and sends nothing of it with requests from %s", l.what(), l.from.Origin(), page)
	}
	return fmt.Sprintf("%s %s: %s. %s", upperFirst(s.res.Browser.Name), loss, l.fate.Why, l.cure)
}

// A cookieChange is one that a server can make to a cookie.
type cookieChange struct {
	text string
	drop []string // attributes, lower-case
	add  string
	tls  bool // the server is asked over https
}

// cookieChanges are in the order in which they are tried, from the smallest.
var cookieChanges = []cookieChange{
	{text: "Leave Domain out.", drop: []string{"domain"}},
	{text: "Write SameSite=None; Secure.", drop: []string{"samesite", "secure"}, add: "; SameSite=None; Secure"},
	{text: "Use https.", tls: true},
	{text: "Write SameSite=Lax instead of None.", drop: []string{"samesite"}, add: "; SameSite=Lax"},
	{text: "Write Secure and Path=/, and leave Domain out.", drop: []string{"domain", "path", "secure"}, add: "; Secure; Path=/"},
	{text: "Write SameSite=None; Secure, and leave Domain out.", drop: []string{"domain", "samesite", "secure"}, add: "; SameSite=None; Secure"},
	{text: "Use https, and write SameSite=None; Secure.", drop: []string{"samesite", "secure"}, add: "; SameSite=None; Secure", tls: true},
	{text: "Write SameSite=None; Secure; Partitioned.", drop: []string{"samesite", "secure"}, add: "; SameSite=None; Secure; Partitioned"},
	{text: "Use https, and write SameSite=None; Secure; Partitioned.", drop: []string{"samesite", "secure"}, add: "; SameSite=None; Secure; Partitioned", tls: true},
}

// cookieCure is the smallest change with which the browser would send the cookie.
func (s *subject) cookieCure(x *fetch.Exchange, name string) string {
	for _, line := range x.Response.Lines("Set-Cookie") {
		if fetch.CookieName(line) != name {
			continue
		}
		for _, change := range cookieChanges {
			if s.wouldSend(change, x.Message.URL, line) {
				return change.text
			}
		}
	}
	return "No attribute changes that: page and server must be one site, as app.example.com and api.example.com are."
}

// wouldSend puts a changed cookie to the machine.
func (s *subject) wouldSend(change cookieChange, from *fetch.URL, line string) bool {
	u := *from
	if change.tls {
		u.Scheme = "https"
	}
	was := &s.res.Request
	res := judge(s.res.Browser, fetch.Request{
		URL: u.String(), Origin: was.Origin, Page: was.Page, Credentials: fetch.CredentialsInclude, ThirdParty: was.ThirdParty,
	}, &fetch.Response{Status: 200, Headers: []fetch.Header{{Name: "Set-Cookie", Value: change.apply(line)}}})
	return res != nil && len(res.Exchanges) == 1 && len(res.Exchanges[0].Cookies) == 1 && res.Exchanges[0].Cookies[0].Sent
}

// apply changes the attributes of a Set-Cookie line.
func (c *cookieChange) apply(line string) string {
	parts := strings.Split(line, ";")
	kept := parts[:1:1]
	for _, part := range parts[1:] {
		key, _, _ := strings.Cut(part, "=")
		if !slices.Contains(c.drop, strings.ToLower(strings.TrimSpace(key))) {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ";") + c.add
}
