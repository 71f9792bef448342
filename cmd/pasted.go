package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/paste"
	"github.com/corscheck/corscheck/report"
)

// A pasted request is one that was recognised in a paste, as a request and what
// was assumed to make it one.
type pasted struct {
	item    *paste.Item
	request fetch.Request
	notes   []string
}

// pastedChecks are the checks of requests that were pasted. What a flag says
// wins over what the paste says.
func (o *checkOptions) pastedChecks(c *cobra.Command, e *env, requests []pasted) (checks []probe.Check, of []*paste.Item, defaultOrigin string, err error) {
	template, methods, err := o.request.template(e)
	if err != nil {
		return nil, nil, "", err
	}
	origins, notes, err := o.request.originList(e)
	if err != nil {
		return nil, nil, "", err
	}
	for i := range requests {
		p := &requests[i]
		r := overlay(c, p.request, &template.request)
		list := []string{r.Origin}
		switch {
		case origins.count > 0:
			list = nil
			for one := range origins.forTarget(r.URL) {
				list = append(list, one.value)
			}
		case r.Origin == "":
			defaultOrigin = probe.DefaultOrigin(r.URL)
			list[0] = defaultOrigin
		}
		names := []string{r.Method}
		if c.Flags().Changed("method") {
			names = methods
		}
		for _, origin := range list {
			for _, method := range names {
				for _, browser := range o.pastedBrowsers(c, p.item) {
					check := probe.Check{
						Request: r, Browser: browser, SendUnsafe: template.sendUnsafe, Expect: template.expect,
						PreflightInferred: p.item.Kind == paste.Console && !template.request.PreflightOnly,
						Notes:             slices.Concat(p.notes, template.notes, notes),
					}
					check.Request.Origin, check.Request.Method = origin, method
					if r.Body != nil && !mayHaveBody(method) {
						check.Request.Body = nil
						check.Notes = append(check.Notes, bodyLeftOut(method))
					}
					if origin != p.request.Origin {
						check.Request.Page = ""
					}
					if err := check.Validate(); err != nil {
						return nil, nil, "", refusal(err)
					}
					checks = append(checks, check)
					of = append(of, p.item)
				}
			}
		}
	}
	return checks, of, defaultOrigin, nil
}

// pastedBrowsers are those of --browser, else the one that the paste names.
func (o *checkOptions) pastedBrowsers(c *cobra.Command, item *paste.Item) []*fetch.Profile {
	if p, ok := fetch.ProfileByName(item.Browser); ok && !c.Flags().Changed("browser") {
		return []*fetch.Profile{p}
	}
	return o.request.profiles()
}

// overlay puts what flags say over a request.
func overlay(c *cobra.Command, r fetch.Request, flags *fetch.Request) fetch.Request {
	given := c.Flags().Changed
	if given("credentials") {
		r.Credentials = flags.Credentials
	}
	if given("redirect") {
		r.Redirect = flags.Redirect
	}
	if given("mode") {
		r.Mode = flags.Mode
	}
	if given("initiator") {
		r.Initiator = flags.Initiator
	}
	if given("user-agent") {
		r.UserAgent = flags.UserAgent
	}
	if given("data") {
		r.Body = flags.Body
		if !given("method") && !mayHaveBody(r.Method) {
			r.Method = "POST"
		}
	}
	r.PageAddress = flags.PageAddress
	r.ThirdParty = flags.ThirdParty
	r.PreflightOnly = r.PreflightOnly || flags.PreflightOnly
	r.Cookies = append(r.Cookies[:len(r.Cookies):len(r.Cookies)], flags.Cookies...)
	kept := make([]fetch.Header, 0, len(r.Headers)+len(flags.Headers))
	for _, h := range r.Headers {
		if !hasHeader(flags.Headers, h.Name) {
			kept = append(kept, h)
		}
	}
	r.Headers = append(kept, flags.Headers...)
	return r
}

func hasHeader(headers []fetch.Header, name string) bool {
	for _, h := range headers {
		if strings.EqualFold(h.Name, name) {
			return true
		}
	}
	return false
}

// useTransport lets a pasted command say how to connect, where no flag does.
func (o *checkOptions) useTransport(c *cobra.Command, t *paste.Transport) {
	given, run := c.Flags().Changed, &o.run
	if !given("insecure") {
		run.insecure = t.Insecure
	}
	if !given("resolve") {
		run.resolve = t.Resolve
	}
	for _, f := range []struct {
		flag, pasted string
		to           *string
	}{{"proxy", t.Proxy, &run.proxy}, {"cacert", t.CACert, &run.cacert}, {"cert", t.Cert, &run.cert}, {"key", t.Key, &run.key}} {
		if !given(f.flag) && f.pasted != "" {
			*f.to = f.pasted
		}
	}
	if !given("ipv4") && !given("ipv6") {
		run.ipv4, run.ipv6 = t.IPv4, t.IPv6 && !t.IPv4
	}
	if !given("timeout") && t.Timeout > 0 {
		run.timeout = t.Timeout
	}
}

// parsedOf is what a report says about what was recognised, secrets masked.
func parsedOf(items []paste.Item) []report.Parsed {
	out := make([]report.Parsed, 0, len(items))
	for i := range items {
		item := &items[i]
		explanation := item.Explanation()
		if len(item.Notes) > 0 && item.Request == nil {
			explanation = strings.TrimSpace(explanation + " " + strings.Join(item.Notes, " "))
		}
		out = append(out, report.Parsed{
			Kind: string(item.Kind), Browser: item.Browser, Code: item.Code,
			URL: maskedURL(item, item.URL), RedirectedFrom: maskedURL(item, item.RedirectedFrom),
			Origin: item.Origin, Method: item.Method, Header: item.Header, Explanation: explanation,
		})
	}
	return out
}

func maskedURL(item *paste.Item, url string) string {
	url = report.MaskURL(url)
	for _, secret := range item.Secrets {
		if len(secret) > 3 {
			url = strings.ReplaceAll(url, secret, report.Masked)
		}
	}
	return url
}
