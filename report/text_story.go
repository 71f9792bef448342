package report

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// story tells one check from the verdict to what to do next.
func (t *text) story(c *Check) {
	if t.terminal {
		verdict, request, rest := t.verdict(c)
		t.opening([]string{verdict}, request, rest)
	} else {
		t.verdictLine(c) // scripts read it
	}
	t.summaryLine(c)
	t.messageLine(c)
	t.expectations(c, "")
	t.circumstances(c)
	t.exchanges(c)
	t.console(c, "Console")
	t.inBrowser(c)
	alone := []*Check{c}
	views := []view{{Check: c, checks: alone, all: true}}
	t.findings(views, alone)
	t.assumptions(alone)
	t.next(views, alone)
}

// verdictLine is the verdict in one line, whatever its length.
func (t *text) verdictLine(c *Check) {
	verdict, request, rest := t.verdict(c)
	t.line(verdict, ": ", request, " ", rest)
}

// verdict is what became of a check, of which request, and the rest of the line.
func (t *text) verdict(c *Check) (verdict, request, rest string) {
	if c.SameOrigin() && c.Fine() {
		return t.mark(c) + " " + t.palette.strong.Sprint("Nothing tested"), t.request(c), "has the page's own origin, so CORS does not apply"
	}
	where := ""
	if c.Browser != "" {
		where = " in " + browserName(t.clean(c.Browser))
	}
	return t.mark(c) + " " + t.colored(c, capital(c.Outcome())+where), t.request(c), t.from(c)
}

func (t *text) request(c *Check) string { return t.clean(c.Method + " " + c.URL) }

func (t *text) from(c *Check) string { return "from " + t.clean(c.Origin) + t.originNote(c) }

// opening is the first line. Where it is too long for the medium it is broken
// before the request, then behind it, and last between the verdicts.
func (t *text) opening(verdicts []string, request, rest string) {
	line := strings.Join(verdicts, "  ") + ":"
	both := request + " " + rest
	if width(line)+1+width(both) <= t.width {
		t.line(line, " ", both)
		return
	}
	if width(line) > t.width {
		line = strings.Join(verdicts, "\n") + ":"
	}
	t.line(line)
	if 2+width(both) <= t.width {
		t.line("  ", both)
		return
	}
	t.line("  ", request)
	for _, l := range wrap(rest, t.width-2) {
		t.line("  ", l)
	}
}

// messageLine says what became of the fault in the message that explain read.
func (t *text) messageLine(c *Check) {
	if c.Message == nil {
		return
	}
	said := "The fault of the message"
	if c.Message.Code != "" {
		said += " (" + c.Message.Code + ")"
	}
	switch c.Message.Fault {
	case "there":
		said += " is still there."
	case "gone":
		said += " is gone."
	case "changed":
		said += " is gone, and another one is there"
		if c.Reason != nil {
			said += ": " + c.Reason.Code
		}
		said += "."
	default:
		said = "Whether the fault of the message is still there is not known: the check came to no verdict."
	}
	t.prose("  ", t.clean(said))
}

func (t *text) originNote(c *Check) string {
	if t.o.DefaultOrigin == "" || c.Origin != t.o.DefaultOrigin {
		return ""
	}
	return t.palette.dim.Sprint(" (no --origin given)")
}

// summaryLine says in one sentence what script gets, or why it gets nothing.
func (t *text) summaryLine(c *Check) {
	switch {
	case c.SameOrigin():
		t.prose("  ", t.clean("A page on "+c.Origin+" may read it whatever headers the server sends. To test CORS, name the origin of another page with --origin."))
	case c.Verdict == string(fetch.Allowed):
		t.prose("  ", t.clean(c.reads()))
	case c.Verdict == string(fetch.Undecided):
		t.prose("  ", t.clean(c.undecided()))
	case c.Reason != nil && c.Headline() == nil:
		t.prose("  ", t.clean(sentence(c.Reason.Explanation)))
	}
	if m := c.deliveredUnsafe(); m != "" {
		t.prose("  ", t.clean("The "+m+" reached the server all the same: the browser hides the answer from the page, it does not undo the request."))
	}
}

// reads says what script gets from an allowed request.
func (c *Check) reads() string {
	switch fetch.ResponseType(c.ResponseType) {
	case "":
		return "The preflight passes, so the browser sends the request. Whether the page may read the answer, the answer decides."
	case fetch.TypeOpaque:
		if c.Initiator != "" && c.Initiator != string(fetch.InitiatorFetch) {
			return "The page may use the response, and script reads nothing of it."
		}
		return "The promise resolves with an opaque response: the page sees status 0, no headers and no body."
	case fetch.TypeOpaqueRedirect:
		return "The promise resolves with an opaque redirect: the page sees that there was one, not where it leads."
	}
	status := 0
	if c.Status != nil {
		status = *c.Status
	}
	headers := "the headers " + some(c.ExposedHeaders, 8)
	switch len(c.ExposedHeaders) {
	case 0:
		headers = "no response header"
	case 1:
		headers = "the header " + c.ExposedHeaders[0]
	}
	if c.Method == "HEAD" || isNullBodyStatus(status) {
		return fmt.Sprintf("The page reads status %d and %s; there is no body.", status, headers)
	}
	if c.BodyFault != "" {
		return fmt.Sprintf("The page reads status %d and %s, and fails to read the body: %s.", status, headers, c.BodyFault)
	}
	return fmt.Sprintf("The page reads status %d, the body and %s.", status, headers)
}

// isNullBodyStatus: https://fetch.spec.whatwg.org/#null-body-status
func isNullBodyStatus(status int) bool {
	switch status {
	case 101, 103, 204, 205, 304:
		return true
	}
	return false
}

// undecided says what would decide.
func (c *Check) undecided() string {
	text := "The preflight passes"
	if !c.Preflight.Needed {
		text = "No preflight is needed"
	}
	text += "; the answer to the " + c.Method + " itself decides, and "
	if c.Recorded {
		return text + "the file does not have it."
	}
	return text + "corscheck has not sent it."
}

// unsafe reports whether the method is one that corscheck sends only when told
// to.
func (c *Check) unsafe() bool {
	return c.Method != "GET" && c.Method != "HEAD" && c.Method != "OPTIONS"
}

// deliveredUnsafe is the method of a request that was blocked although it
// reached the server and may have changed something there.
func (c *Check) deliveredUnsafe() string {
	if c.Verdict != string(fetch.Blocked) {
		return ""
	}
	return c.sentUnsafe()
}

// sentUnsafe is the method of a request that reached the server and may have
// changed something there.
func (c *Check) sentUnsafe() string {
	for _, e := range c.Exchanges {
		switch e.Request.Method {
		case "GET", "HEAD", "OPTIONS":
			continue
		}
		if e.Kind == string(fetch.Actual) && e.Delivered {
			return e.Request.Method
		}
	}
	return ""
}

// expectations lists what a policy asked for and did not get; whom says in which
// browsers.
func (t *text) expectations(c *Check, whom string) {
	if c.AsExpected == nil || len(c.Failures) == 0 {
		return
	}
	t.heading("Expected otherwise"+t.clean(whom), t.place(c))
	for _, f := range c.Failures {
		t.prose("  "+t.palette.bad.Sprint(t.symbols.fail)+" ", t.clean(failureText(f.Expectation, f.Want, f.Got)))
	}
}

// place is where the check was written down.
func (t *text) place(c *Check) string {
	if c.Source == nil {
		return ""
	}
	return t.palette.dim.Sprintf("  %s:%d", t.clean(c.Source.File), c.Source.Line)
}

// A fact is what holds before the first message, under its name.
type fact struct{ name, text string }

// circumstances are the facts of a check and the rules before its first message.
func (t *text) circumstances(c *Check) {
	t.beforehand(c.facts(), c.setup())
}

func (t *text) beforehand(facts []fact, setup []Step) {
	if len(facts)+len(setup) == 0 {
		return
	}
	t.blank()
	for _, f := range facts {
		t.prose("  "+pad(f.name, 14), t.clean(f.text))
	}
	for _, s := range setup {
		t.step(s, "  ")
	}
}

// facts: is it cross-origin, is a preflight needed and because of what.
func (c *Check) facts() []fact {
	if c.SameOrigin() {
		return nil
	}
	why := "not needed"
	if c.Preflight.Needed {
		why = "needed"
		if len(c.Preflight.Because) > 0 {
			why += " because of " + c.Preflight.causes()
		}
	}
	facts := []fact{{"cross-origin", c.crossOriginText()}, {"preflight", why}}
	if c.Credentials == string(fetch.CredentialsInclude) && c.Mode != string(fetch.ModeNoCORS) {
		facts = append(facts, fact{"credentials", "include: wildcards (*) do not count"})
	}
	for _, line := range c.dropped() {
		facts = append(facts, fact{"dropped", line})
	}
	return facts
}

// setup are the rules before the first message, where they matter.
func (c *Check) setup() []Step {
	if c.SameOrigin() {
		return nil
	}
	return c.Setup
}

// causes joins what a preflight is due to: "method PUT and headers a and b".
func (p *Preflight) causes() string {
	var others, headers []string
	for _, b := range p.Because {
		if name, found := strings.CutPrefix(b, "header "); found {
			headers = append(headers, name)
		} else {
			others = append(others, b)
		}
	}
	switch len(headers) {
	case 0:
	case 1:
		others = append(others, "header "+headers[0])
	default:
		others = append(others, "headers "+strings.Join(headers, ", "))
	}
	return and(others)
}

// dropped has a line for each reason for which headers are never sent.
func (c *Check) dropped() []string {
	var order []string
	names := map[string][]string{}
	for i, name := range c.DroppedHeaders {
		why := ""
		if i < len(c.DroppedBecause) { // an older report has none
			why = c.DroppedBecause[i]
		}
		if names[why] == nil {
			order = append(order, why)
		}
		names[why] = append(names[why], name)
	}
	var out []string
	for _, why := range order {
		line := and(names[why])
		if why != "" {
			line += ": " + why
		}
		out = append(out, line)
	}
	return out
}

// crossOriginText says in which part the two origins differ.
func (c *Check) crossOriginText() string {
	if c.Origin == "null" {
		return "yes, an opaque origin (null) equals no other"
	}
	a, errA := url.Parse(c.Origin)
	b, errB := url.Parse(c.URL)
	if errA != nil || errB != nil {
		return "yes"
	}
	var parts []string
	if a.Scheme != b.Scheme {
		parts = append(parts, fmt.Sprintf("the scheme differs (%s, %s)", a.Scheme, b.Scheme))
	}
	if !strings.EqualFold(a.Hostname(), b.Hostname()) {
		parts = append(parts, fmt.Sprintf("the host differs (%s, %s)", a.Hostname(), b.Hostname()))
	}
	if pa, pb := portOf(a), portOf(b); pa != pb && a.Scheme == b.Scheme {
		parts = append(parts, fmt.Sprintf("the port differs (%s, %s)", pa, pb))
	}
	switch {
	case len(parts) > 0:
		return "yes, " + and(parts)
	case c.CrossOrigin:
		return "yes, after a redirect"
	}
	return "no, the page and the target share an origin"
}

func portOf(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}

// capital starts a sentence, unless its first word is a value: a URL, a header.
func capital(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if s == "" || strings.ContainsAny(first, ":/.-_=*") {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// sentence ends a text with a full stop.
func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return capital(s)
	}
	return capital(s) + "."
}
