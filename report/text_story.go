package report

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// story tells one check from the verdict to what to do next.
func (t *text) story(c *Check) {
	t.verdictLine(c)
	t.summaryLine(c)
	t.messageLine(c)
	t.expectations(c)
	t.circumstances(c)
	t.exchanges(c)
	t.console(c)
	t.findings(c)
	t.assumptions(c)
	t.next(c)
}

// verdictLine is the verdict in one line.
func (t *text) verdictLine(c *Check) {
	request := t.clean(c.Method + " " + c.URL)
	if c.SameOrigin() {
		t.line(t.mark(c), " ", t.palette.strong.Sprint("Nothing tested"), ": ", request, " has the page's own origin, so CORS does not apply")
		return
	}
	where := ""
	if c.Browser != "" {
		where = " in " + browserName(t.clean(c.Browser))
	}
	t.line(t.mark(c), " ", t.colored(c, capital(c.Outcome())+where), ": ", request, " from ", t.clean(c.Origin), t.originNote(c))
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
		return "The promise resolves with an opaque response: the page sees status 0, no headers and no body."
	case fetch.TypeOpaqueRedirect:
		return "The promise resolves with an opaque redirect: the page sees that there was one, not where it leads."
	}
	status := 0
	if c.Status != nil {
		status = *c.Status
	}
	text := fmt.Sprintf("The page reads status %d, the body and ", status)
	switch len(c.ExposedHeaders) {
	case 0:
		return text + "no response header."
	case 1:
		return text + "the header " + c.ExposedHeaders[0] + "."
	}
	return text + "the headers " + some(c.ExposedHeaders, 8) + "."
}

// undecided says what would decide.
func (c *Check) undecided() string {
	text := "The preflight passes"
	if !c.Preflight.Needed {
		text = "No preflight is needed"
	}
	return text + "; the answer to the " + c.Method + " itself decides, and corscheck has not sent it."
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

// expectations lists what a policy asked for and did not get.
func (t *text) expectations(c *Check) {
	if c.AsExpected == nil || len(c.Failures) == 0 {
		return
	}
	t.heading("Expected otherwise", t.place(c))
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

// circumstances: is it cross-origin, is a preflight needed and because of what.
func (t *text) circumstances(c *Check) {
	if c.SameOrigin() {
		return
	}
	t.blank()
	t.prose("  "+pad("cross-origin", 14), t.clean(c.crossOriginText()))
	why := "not needed"
	if c.Preflight.Needed {
		why = "needed"
		if len(c.Preflight.Because) > 0 {
			why += " because of " + c.Preflight.causes()
		}
	}
	t.prose("  "+pad("preflight", 14), t.clean(why))
	if c.Credentials == string(fetch.CredentialsInclude) {
		t.line("  ", pad("credentials", 14), "include: wildcards (*) do not count")
	}
	if len(c.DroppedHeaders) > 0 {
		t.prose("  "+pad("dropped", 14), t.clean(and(c.DroppedHeaders)+": a script may not set "+itOrThem(len(c.DroppedHeaders))))
	}
	for _, s := range c.Setup {
		if !s.Passed {
			t.step(s, "  ")
		}
	}
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

func itOrThem(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// crossOriginText says in which part the two origins differ.
func (c *Check) crossOriginText() string {
	if !c.CrossOrigin {
		if c.Verdict == string(fetch.Allowed) {
			return "no, the page and the target share an origin"
		}
		return "no CORS applied before it ended"
	}
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
	if len(parts) == 0 {
		return "yes, after a redirect"
	}
	return "yes, " + and(parts)
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

// exchanges shows every message with its status and the rules it met.
func (t *text) exchanges(c *Check) {
	var own []*Exchange
	for i := range c.Exchanges {
		if e := &c.Exchanges[i]; e.Kind != "extra" {
			own = append(own, e)
		}
	}
	for i, e := range own {
		if i == 0 {
			t.blank()
		}
		// Twenty redirects in full hide the one that matters: the last.
		if hidden := len(own) - 6; hidden > 1 && t.o.Verbose == 0 && i >= 3 && i < 3+hidden {
			if i == 3 {
				t.line("  ", t.palette.dim.Sprint(pad("", 10)+count(hidden, "further message")+", shown with -v"))
			}
			continue
		}
		t.exchange(c, e)
	}
	if e := c.stoppedAtPreflight(); e != nil {
		t.line("  ", t.palette.strong.Sprint(pad("request", 10)), t.clean(c.Method+" "+c.shorten(e.Request.URL)), " ", t.symbols.arrow, " ",
			"not sent: the preflight did not pass")
	}
	t.extras(c)
}

// stoppedAtPreflight is the preflight that ended the check, or nil.
func (c *Check) stoppedAtPreflight() *Exchange {
	if c.Verdict != string(fetch.Blocked) {
		return nil
	}
	var last *Exchange
	for i := range c.Exchanges {
		if c.Exchanges[i].Kind != "extra" {
			last = &c.Exchanges[i]
		}
	}
	if last == nil || last.Kind != string(fetch.Preflight) {
		return nil
	}
	return last
}

// extras are the requests of the diagnosis: shown with -v, else counted.
func (t *text) extras(c *Check) {
	n := 0
	for i := range c.Exchanges {
		e := &c.Exchanges[i]
		if e.Kind != "extra" {
			continue
		}
		n++
		if t.o.Verbose == 0 {
			continue
		}
		if n == 1 {
			t.heading("Further requests", t.palette.dim.Sprint("  no browser sends these"))
		}
		t.exchange(c, e)
	}
	if n > 0 && t.o.Verbose == 0 {
		t.line("  ", t.palette.dim.Sprint(pad("", 10)+count(n, "further request")+" of the diagnosis, shown with -v"))
	}
}

func (t *text) exchange(c *Check, e *Exchange) {
	kind := map[string]string{"preflight": "preflight", "actual": "request", "extra": "extra"}[e.Kind]
	t.line("  ", t.palette.strong.Sprint(pad(kind, 10)), t.clean(e.Request.Method+" "+c.shorten(e.Request.URL)), " ",
		t.symbols.arrow, " ", t.answerOf(c, e))
	t.steps(e)
	if t.o.Verbose > 0 && !e.NotSent {
		t.wireDetails(e)
	}
}

// answerOf is what came back for a message, on the message's line.
func (t *text) answerOf(c *Check, e *Exchange) string {
	took := ""
	if e.DurationMs > 0 {
		took = t.palette.dim.Sprint("  " + duration(e.DurationMs))
	}
	switch {
	case e.NotSent:
		return t.palette.open.Sprint("not sent") + ": " + t.whyNotSent(c)
	case e.Response != nil:
		status := t.palette.strong.Sprint(strconv.Itoa(e.Response.Status))
		if where := headerOf(e.Response, "Location"); where != "" && e.Response.Status/100 == 3 {
			status += " to " + t.clean(where)
		}
		return status + took
	case e.Error != "":
		return t.palette.broken.Sprint("no answer") + ": " + t.clean(networkError(e.Error)) + took
	}
	return "no answer" + took
}

func (t *text) whyNotSent(c *Check) string {
	if c.unsafe() {
		return "corscheck sends no " + t.clean(c.Method) + " unless told to"
	}
	return "only the preflight was asked for"
}

// networkError drops the kind in front of a failure, which is for machines.
func networkError(s string) string {
	if kind, detail, found := strings.Cut(s, ": "); found && !strings.Contains(kind, " ") && detail != "" {
		return detail
	}
	return s
}

func headerOf(r *Response, name string) string {
	for _, h := range r.Headers {
		if strings.EqualFold(h[0], name) {
			return h[1]
		}
	}
	return ""
}

// shorten leaves out the target's own origin from a URL.
func (c *Check) shorten(raw string) string {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" {
		return raw
	}
	if rest, found := strings.CutPrefix(raw, u.Scheme+"://"+u.Host); found && strings.HasPrefix(rest, "/") {
		return rest
	}
	return raw
}

// steps shows the rules an answer was put through: those about one header that
// all passed share a line, which shows the value; what failed has its own.
func (t *text) steps(e *Exchange) {
	for i, s := range e.Steps {
		if !s.Passed {
			t.step(s, strings.Repeat(" ", 12))
			continue
		}
		if e.Kind == "extra" || trivial(s) || coveredByNext(e.Steps, i) {
			continue
		}
		// The value itself says more than that it was found in order.
		if h := headerOfRule(s.Name); h != "" && e.Response != nil && headerOf(e.Response, h) != "" {
			s.Detail = headerOf(e.Response, h)
		}
		t.step(s, strings.Repeat(" ", 12))
	}
}

// trivial reports whether a passed rule tells a reader nothing beyond the line
// of the message itself, which shows the status and where a redirect leads.
func trivial(s Step) bool {
	switch s.Name {
	case fetch.RuleNetwork.Name, fetch.RuleUnusableStatus.Name, fetch.RulePreflightNotRedirected.Name, fetch.RulePreflightStatus.Name:
		return true
	}
	return strings.HasPrefix(s.Section, "#concept-http-redirect") || strings.Contains(s.Section, "location-url") || s.Name == fetch.RuleRedirectMode.Name
}

// coveredByNext reports whether the passed step i is followed by another one
// about the same header.
func coveredByNext(steps []Step, i int) bool {
	header := headerOfRule(steps[i].Name)
	if header == "" {
		return false
	}
	for _, s := range steps[i+1:] {
		if headerOfRule(s.Name) == header {
			return true
		}
	}
	return false
}

// headerOfRule is the response header that a rule is about, by its name.
func headerOfRule(name string) string {
	first, _, _ := strings.Cut(name, " ")
	if strings.HasPrefix(first, "Access-Control-") {
		return first
	}
	return ""
}

func (t *text) step(s Step, indent string) {
	mark, detail := t.palette.good.Sprint(t.symbols.pass), t.clean(s.Detail)
	name := t.clean(s.Name)
	if h := headerOfRule(s.Name); h != "" {
		name = h
	}
	if s.Passed {
		t.prose(indent+mark+" ", name+": "+detail)
		return
	}
	mark = t.palette.bad.Sprint(t.symbols.fail)
	t.prose(indent+mark+" ", t.palette.strong.Sprint(name)+": "+detail)
}

// wireDetails is what -v adds to an exchange: the curl line that repeats it and
// the headers of the answer.
func (t *text) wireDetails(e *Exchange) {
	indent := strings.Repeat(" ", 12)
	t.line(indent, t.palette.dim.Sprint("$ "), t.clean(curlLine(&e.Request)))
	if e.Response == nil {
		return
	}
	for _, h := range e.Response.Headers {
		t.line(indent, t.palette.dim.Sprint("< "), t.clean(h[0]), ": ", t.clean(h[1]))
	}
	if n := e.Network; n != nil {
		var facts []string
		if n.Remote != "" {
			facts = append(facts, n.Remote)
		}
		if n.Proto != "" {
			facts = append(facts, n.Proto)
		}
		if n.TLS != nil {
			facts = append(facts, n.TLS.Version)
		}
		if n.Reused {
			facts = append(facts, "connection reused")
		}
		t.line(indent, t.palette.dim.Sprint(t.clean(strings.Join(facts, ", "))))
	}
}

func duration(ms float64) string {
	switch {
	case ms >= 1000:
		return strconv.FormatFloat(ms/1000, 'f', 1, 64) + " s"
	case ms >= 10:
		return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
	}
	return strconv.FormatFloat(ms, 'f', 1, 64) + " ms"
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
