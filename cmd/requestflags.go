package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe/fetch"
)

// requestFlags are the flags that say which request is checked, from which
// page and in which browser.
type requestFlags struct {
	origins     []string
	originsFile string
	urlsFile    string
	methods     []string
	headers     []string
	data        string
	hasData     bool
	cookies     []string
	userAgent   string

	credentials, redirect, mode, initiator enum
	browser, pageAddress, expect           enum
	thirdParty                             enum

	sendUnsafe, preflightOnly bool
}

func (f *requestFlags) register(c *cobra.Command) {
	defer section(c, "The request")()
	fs := c.Flags()
	fs.StringArrayVarP(&f.origins, "origin", "o", nil, "origin of the `page`, or null; repeatable")
	fs.StringVar(&f.originsFile, "origins", "", "`file` of origins, one a line, # comments; - is stdin")
	fs.StringVar(&f.urlsFile, "urls", "", "`file` of URLs to check too, one a line, # comments; - is stdin")
	fs.StringArrayVarP(&f.methods, "method", "X", nil, "`method` as a script passes it to fetch(); repeatable")
	fs.StringArrayVarP(&f.headers, "header", "H", nil, "`header` line 'Name: value', or @file of them; repeatable")
	fs.StringVarP(&f.data, "data", "d", "", "`body` of the request, or @file; makes the method POST")
	fs.StringArrayVar(&f.cookies, "cookie", nil, "`cookie` in the browser's jar for the target: 'name=value; SameSite=None; Secure'; repeatable")
	fs.StringVar(&f.userAgent, "user-agent", "", "`agent` to send as User-Agent instead of the browser's own")
	fs.BoolVar(&f.sendUnsafe, "send-unsafe", false, "really send methods other than GET, HEAD and OPTIONS, once a check")
	fs.BoolVar(&f.preflightOnly, "preflight-only", false, "send and judge only the preflight")

	complete(c, "method", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
	completeNothing(c, "origin", "header", "data", "cookie", "user-agent")

	f.credentials = enum{valid: names(fetch.CredentialsOmit, fetch.CredentialsSameOrigin, fetch.CredentialsInclude)}
	enumFlag(c, &f.credentials, "credentials", "", "credentials `mode` (default of the initiator: same-origin for fetch)")
	f.redirect = enum{valid: names(fetch.RedirectFollow, fetch.RedirectError, fetch.RedirectManual)}
	enumFlag(c, &f.redirect, "redirect", "", "redirect `mode` (default follow)")
	f.mode = enum{valid: names(fetch.ModeCORS, fetch.ModeNoCORS, fetch.ModeSameOrigin)}
	enumFlag(c, &f.mode, "mode", "", "request `mode` (default of the initiator: cors for fetch)")
	f.initiator = enum{value: string(fetch.InitiatorFetch), valid: names(
		fetch.InitiatorFetch, fetch.InitiatorXHR, fetch.InitiatorXHRUpload, fetch.InitiatorEventSource,
		fetch.InitiatorScript, fetch.InitiatorModule, fetch.InitiatorImage, fetch.InitiatorFont)}
	enumFlag(c, &f.initiator, "initiator", "", "`API` or element that makes the request")
	f.browser = enum{value: "chrome", valid: []string{"chrome", "firefox", "safari", "all"}}
	enumFlag(c, &f.browser, "browser", "", "`browser` to judge as")
	f.pageAddress = enum{valid: names(fetch.SpacePublic, fetch.SpaceLocal, fetch.SpaceLoopback)}
	enumFlag(c, &f.pageAddress, "page-address", "", "judge Local Network Access for a page from this address `space`")
	f.thirdParty = enum{valid: names(fetch.ThirdPartyAllow, fetch.ThirdPartyBlock)}
	enumFlag(c, &f.thirdParty, "third-party-cookies", "", "`setting` of Chrome and Safari (default: Chrome allows them, Safari blocks them; Firefox partitions them in any case)")
	f.expect = enum{valid: []string{"allow", "deny"}}
	enumFlag(c, &f.expect, "expect", "", "`verdict` to expect of every check")
}

// given notes which flags stand on the command line, for those whose empty value
// is not the same as none.
func (f *requestFlags) given(c *cobra.Command) error {
	f.hasData = c.Flags().Changed("data")
	if c.Flags().Changed("user-agent") && f.userAgent == "" {
		return usagef("--user-agent: the value is empty, and no browser sends an empty one").
			withHint("leave --user-agent out to send the browser's own")
	}
	return nil
}

// files are those that the flags name to be read.
func (f *requestFlags) files() []string {
	files := []string{f.originsFile, f.urlsFile}
	for _, value := range append([]string{f.data}, f.headers...) {
		if file, isFile := strings.CutPrefix(value, "@"); isFile {
			files = append(files, file)
		}
	}
	return slices.DeleteFunc(files, func(name string) bool { return name == "" || name == "-" })
}

// names are the values of a closed type as the strings that flags take.
func names[T ~string](values ...T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// profiles are the browsers that --browser names.
func (f *requestFlags) profiles() []*fetch.Profile {
	switch f.browser.value {
	case "firefox":
		return []*fetch.Profile{fetch.Firefox}
	case "safari":
		return []*fetch.Profile{fetch.Safari}
	case "all":
		return []*fetch.Profile{fetch.Chrome, fetch.Firefox, fetch.Safari}
	}
	return []*fetch.Profile{fetch.Chrome}
}
