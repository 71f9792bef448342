package browser

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"golang.org/x/net/publicsuffix"

	"github.com/corscheck/corscheck/probe/fetch"
)

// blocks are the net errors with which Chrome refuses a request that the network
// could have gone on with.
var blocks = []string{
	"net::ERR_UNSAFE_PORT", "net::ERR_FAILED", "net::ERR_INVALID_REDIRECT", "net::ERR_UNSAFE_REDIRECT",
	"net::ERR_TOO_MANY_REDIRECTS", "net::ERR_UNEXPECTED_PROXY_AUTH",
	"net::ERR_UNKNOWN_URL_SCHEME", "net::ERR_ABORTED", "net::ERR_CONTENT_DECODING_FAILED",
}

// sight reads what the protocol says about a failure.
func (t *tab) sight() *Sight {
	s := &Sight{Verdict: fetch.Failed, Code: t.failed.ErrorText, Console: t.console}
	switch {
	case t.failed.CorsErrorStatus != nil:
		s.Code, s.Param = string(t.failed.CorsErrorStatus.CorsError), t.failed.CorsErrorStatus.FailedParameter
		s.Verdict, s.cors = fetch.Blocked, true
	case t.failed.BlockedReason == network.BlockedReasonMixedContent:
		s.Code, s.Verdict = "mixed-content", fetch.Blocked
	case slices.Contains(blocks, s.Code) || strings.HasPrefix(s.Code, "net::ERR_BLOCKED_BY_"):
		s.Verdict = fetch.Blocked
	}
	return s
}

func sorted(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// A Difference is one thing in which the browser and the machine are not of one
// opinion.
type Difference struct {
	What               string // verdict, response type, status, exposed headers, code, console
	Browser, Corscheck string
}

// Differences holds what a browser made of a request against what the machine
// says about it.
func (s *Sight) Differences(r *fetch.Result) []Difference {
	var out []Difference
	held := func(what, browser, ours string) {
		if browser != ours {
			out = append(out, Difference{what, browser, ours})
		}
	}
	held("verdict", string(s.Verdict), string(r.Verdict))
	if len(out) > 0 || s.TimedOut {
		return out
	}
	if s.Verdict == fetch.Allowed {
		if s.Type != "" {
			held("response type", string(s.Type), string(r.Type))
		}
		held("status", fmt.Sprint(s.Status), fmt.Sprint(r.Status))
		held("exposed headers", strings.Join(s.Exposed, ", "), strings.Join(r.Exposed, ", "))
		return out
	}
	why := r.Reason()
	if why == nil {
		why = &fetch.Reason{}
	}
	// How a network fails is seen at another moment by each of the two; that it
	// does is the verdict.
	if s.Verdict == fetch.Blocked {
		held("code", s.Code, why.Code)
	}
	// Of what consoles print, corscheck has the messages about CORS.
	if s.cors {
		held("console", s.Console, why.Console)
	}
	return out
}

// cookieParams are the cookies of a request as the browser's jar takes them.
func cookieParams(q *fetch.Request) ([]*network.CookieParam, error) {
	var out []*network.CookieParam
	for i, line := range q.Cookies {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			// The value is a secret, so it is not quoted.
			return nil, &Unsupported{fmt.Sprintf("cookie %d is no name=value with attributes behind it", i+1)}
		}
		p := &network.CookieParam{
			Name: c.Name, Value: c.Value, URL: q.URL, Domain: c.Domain, Path: c.Path,
			Secure: c.Secure, HTTPOnly: c.HttpOnly,
		}
		switch c.SameSite {
		case http.SameSiteLaxMode:
			p.SameSite = network.CookieSameSiteLax
		case http.SameSiteStrictMode:
			p.SameSite = network.CookieSameSiteStrict
		case http.SameSiteNoneMode:
			p.SameSite = network.CookieSameSiteNone
		}
		if !c.Expires.IsZero() {
			p.Expires = cdp.TimeSinceEpoch(c.Expires.Unix())
		}
		if c.Partitioned {
			p.PartitionKey = &network.CookiePartitionKey{TopLevelSite: siteOf(q.Origin)}
		}
		out = append(out, p)
	}
	return out, nil
}

// siteOf is the site of an origin. https://html.spec.whatwg.org/#obtain-a-site
func siteOf(origin string) string {
	u, err := fetch.ParseURL(origin, nil)
	if err != nil {
		return origin
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(u.Host); err == nil {
		return u.Scheme + "://" + domain
	}
	return u.Scheme + "://" + u.Host
}
