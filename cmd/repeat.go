package cmd

import (
	"slices"
	"strings"
	"time"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/report"
)

// repeated are the flags that a command to run next has to repeat, beside those
// that a report knows of its checks: without --resolve or --cacert it would ask
// another server, or none. Secrets are masked, but for the name of a file that
// holds the data.
func (o *checkOptions) repeated() []string {
	var out []string
	value := func(flag, value string) {
		if value != "" {
			out = append(out, flag, report.Quote(value))
		}
	}
	given := func(flag string, is bool) {
		if is {
			out = append(out, flag)
		}
	}
	r, n := &o.request, &o.run
	if strings.HasPrefix(r.data, "@") && r.data != "@-" {
		value("-d", r.data)
	}
	for _, c := range r.cookies {
		value("--cookie", report.MaskSetCookie(c))
	}
	value("--user-agent", r.userAgent)
	value("--page-address", r.pageAddress.value)
	value("--third-party-cookies", r.thirdParty.value)
	given("--preflight-only", r.preflightOnly)
	for _, address := range n.resolve {
		value("--resolve", address)
	}
	value("--proxy", report.MaskUserinfo(n.proxy))
	given("--insecure", n.insecure)
	value("--cacert", n.cacert)
	value("--cert", n.cert)
	value("--key", n.key)
	given("-4", n.ipv4)
	given("-6", n.ipv6)
	if n.timeout != probe.DefaultTimeout && n.timeout > 0 {
		value("--timeout", shortDuration(n.timeout))
	}
	value("--stack", n.stack)
	return out
}

// withMore puts more flags behind the repeated ones. A --timeout among them takes
// the place of the one that was too short, and is longer than it.
func withMore(repeated, more []string) []string {
	const flag = "--timeout"
	own, other := slices.Index(repeated, flag), slices.Index(more, flag)
	if own < 0 || other < 0 {
		return slices.Concat(repeated, more)
	}
	out := slices.Concat(repeated[:own], repeated[own+2:], more)
	short, _ := time.ParseDuration(repeated[own+1])
	if long, _ := time.ParseDuration(more[other+1]); long <= short {
		out[len(out)-len(more)+other+1] = shortDuration(4 * short)
	}
	return out
}

// shortDuration writes 2m instead of 2m0s.
func shortDuration(d time.Duration) string {
	s := d.String()
	if short, found := strings.CutSuffix(s, "m0s"); found {
		s = short + "m"
	}
	if short, found := strings.CutSuffix(s, "h0m"); found {
		s = short + "h"
	}
	return s
}
