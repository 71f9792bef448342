package fetch

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Text is what a browser reports where a rule fails: its code, and the text of
// its console with {placeholders} for what was seen.
type Text struct {
	// Code is the browser's own name.
	Code string
	// PreflightCode is the code where the answer to a preflight failed; empty where it
	// is the same.
	PreflightCode string
	// RedirectedCode is the code where a redirect led to what was refused; empty
	// where it is the same.
	RedirectedCode string
	// Param is the template of what the browser reports beside the code.
	Param string
	// Console is the template of the line; empty where the browser prints none.
	Console string
	// Preflight takes the place of Console where the answer to a preflight failed.
	Preflight string
	// Redirect takes its place where it is a redirect that failed.
	Redirect string
	// Redirected takes its place where a redirect led to what was refused.
	Redirected string
	// CrossOriginOnly: code and line exist only where CORS applied.
	CrossOriginOnly bool
	// NamesStart: the line that says what cannot be loaded names the URL where the
	// load began, not the one whose answer failed.
	NamesStart bool
	// CORSOnly: code and line do not exist where the mode is no-cors.
	CORSOnly bool
}

// Reason says why the request did not succeed; nil where no step failed.
func (r *Result) Reason() *Reason {
	if r.Failing == nil {
		return nil
	}
	text := r.Browser.Texts[r.Failing.Rule]
	if text.CrossOriginOnly && !r.CrossOrigin || text.CORSOnly && r.Request.Mode == ModeNoCORS {
		text = Text{}
	}
	console := r.Browser.limited(r.expand(r.template(&text)))
	if r.Browser.MixedNotes != nil {
		console = r.Browser.MixedNotes(r, console)
	}
	return &Reason{Code: r.code(&text), Param: r.param(text.Param), Console: console, Explanation: r.explanation()}
}

// wasRedirected reports whether a redirect led to what failed, or is what failed.
func (r *Result) wasRedirected() bool { return r.redirects > 0 || r.redirect }

// code is the browser's name for the failure; what is more special goes before what
// is less.
func (r *Result) code(text *Text) string {
	code := text.Code
	if r.wasRedirected() && text.RedirectedCode != "" {
		code = text.RedirectedCode
	}
	if r.failedAtPreflight() && text.PreflightCode != "" {
		code = text.PreflightCode
	}
	code = strings.Replace(code, "{WANT}", strings.ToUpper(strings.ReplaceAll(r.Failing.Want, "-", "_")), 1)
	if own := r.Browser.UnsafeRedirects[strings.TrimSuffix(r.Failing.Seen, ":")]; own != "" && r.Failing.Rule == RuleRedirectUnsafe {
		code = own
	}
	if x := r.lastExchange(); x != nil && x.Failure != nil && x.Failure.Code != "" && r.Browser.NetError != nil {
		code = r.Browser.NetError(x.Failure.Code)
	}
	if code == "net::ERR_ABORTED" && r.Request.Initiator == InitiatorEventSource {
		return "" // it is closed before DevTools could report that
	}
	return code
}

// template is the console's line for the failure.
func (r *Result) template(text *Text) string {
	switch {
	case r.failedAtPreflight() && text.Preflight != "":
		return text.Preflight
	case r.redirect && text.Redirect != "" && !r.failedAtPreflight():
		return text.Redirect
	case r.wasRedirected() && text.Redirected != "":
		return text.Redirected
	}
	return text.Console
}

// limited is as much of a message as the console keeps.
func (p *Profile) limited(s string) string {
	if p.ConsoleLimit == 0 || len(s) <= p.ConsoleLimit {
		return s
	}
	units := 0
	for i, r := range s {
		if units++; r > 0xffff {
			units++
		}
		if units > p.ConsoleLimit {
			return s[:i]
		}
	}
	return s
}

// param fills in what stands beside the code; DevTools gives it only where it is
// valid UTF-8.
func (r *Result) param(template string) string {
	param := fill(template, func(name string) (string, bool) {
		switch name {
		case "seen":
			return r.Failing.Seen, true
		case "want":
			return r.Failing.Want, true
		}
		return "", false
	})
	if !utf8.ValidString(param) {
		return ""
	}
	return param
}

// expand fills a template in.
func (r *Result) expand(template string) string { return fill(template, r.placeholder) }

// placeholder is the value of one {name} of a console text.
func (r *Result) placeholder(name string) (value string, known bool) {
	if name == "refusedtype" { // a text that has placeholders itself, and so not in their table
		return r.refusedType(), true
	}
	if of := placeholders[name]; of != nil {
		return of(r), true
	}
	return "", false
}

var placeholders = map[string]func(*Result) string{
	"kind":            func(r *Result) string { return initiators[r.Request.Initiator].console },
	"url":             (*Result).failingURL,
	"written":         func(r *Result) string { return r.lastExchange().Message.URL.withoutUserinfo() },
	"redirected":      (*Result).redirectedFrom,
	"unmixed":         (*Result).unmixed,
	"insecure":        (*Result).insecure,
	"resource":        func(r *Result) string { return r.first.Display() },
	"first":           func(r *Result) string { return r.first.withoutUserinfo() },
	"origin":          func(r *Result) string { return r.Request.Origin },
	"requestorigin":   (*Result).requestOrigin,
	"seen":            func(r *Result) string { return r.consoleValue(r.Failing.Seen) },
	"want":            func(r *Result) string { return r.consoleValue(r.Failing.Want) },
	"header":          func(r *Result) string { return r.headerAsTyped(r.Failing.Want) },
	"mustbe":          (*Result).mustBeSecure,
	"blocked":         func(r *Result) string { return r.blocked },
	"have":            (*Result).have,
	"withcredentials": (*Result).withCredentials,
	"cannot":          (*Result).cannotLoad,
	"page":            (*Result).page,
	"kindof":          (*Result).takenFor,
	"nothttp":         (*Result).notHTTP,
	"decoder":         func(r *Result) string { return strings.TrimPrefix(r.undecoded, "brotli: ") },
	"undecoded":       (*Result).undecodedFont,
	"networkerror":    (*Result).networkError,
	"status":          (*Result).failingStatus,
	"location":        (*Result).locationWithoutUserinfo,
	"fulllocation":    func(r *Result) string { return r.location },
	"ownlocation":     func(r *Result) string { return r.ownLocation },
	"unloaded":        (*Result).unloaded,
}

// have is what Chrome advises only where fetch() asked.
func (r *Result) have() string {
	if r.Request.Initiator != InitiatorFetch {
		return ""
	}
	return " Have the server send the header with a valid value."
}

// withCredentials is Chrome's note on where the credentials mode comes from.
func (r *Result) withCredentials() string {
	switch r.Request.Initiator {
	case InitiatorXHR, InitiatorXHRUpload:
		return " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute."
	}
	return ""
}

// undecodedFont is what Chrome says of a font that is none.
func (r *Result) undecodedFont() string {
	if r.Request.Initiator != InitiatorFont {
		return ""
	}
	return "Failed to decode downloaded font: " + r.first.withoutUserinfo()
}

// insecure is what Chrome calls the mixed content that it blocks.
func (r *Result) insecure() string {
	switch r.Request.Initiator {
	case InitiatorXHR, InitiatorXHRUpload:
		return "XMLHttpRequest endpoint"
	case InitiatorEventSource:
		return "EventSource endpoint"
	case InitiatorScript, InitiatorModule:
		return "script"
	case InitiatorFont:
		return "font"
	}
	return "resource"
}

// refusedType is what the console says of the type of a script that failed for its
// status: the type is looked at all the same.
func (r *Result) refusedType() string {
	x := r.lastExchange()
	if r.Request.Initiator != InitiatorScript || x == nil || x.Response == nil {
		return ""
	}
	rule, kind := RuleScriptType, r.Browser.responseType(x.Response)
	switch {
	case nosniff(x.Response) && !isScriptType(kind):
		rule = RuleNosniff
	case !isRefusedScript(kind):
		return ""
	}
	return fill(r.Browser.Texts[rule].Console, func(name string) (string, bool) {
		if name == "seen" || name == "kindof" {
			return kind, true
		}
		return r.placeholder(name)
	})
}

// page is the URL of the page, as the console names it.
func (r *Result) page() string {
	if r.Request.Page != "" {
		return r.Request.Page
	}
	return r.Request.Origin + "/"
}

// consoleValue: see ConsoleProfile.ConsoleValue.
func (r *Result) consoleValue(s string) string {
	if r.Browser.ConsoleValue == nil {
		return s
	}
	return r.Browser.ConsoleValue(s)
}

// failedAtPreflight reports whether what failed is a preflight, or the answer to one.
func (r *Result) failedAtPreflight() bool {
	x := r.lastExchange()
	return x != nil && x.Message.Kind == Preflight
}

// lastExchange is the one that failed, as a rule the last; nil where nothing was sent.
func (r *Result) lastExchange() *Exchange {
	if r.failing != nil {
		return r.failing
	}
	if len(r.Exchanges) == 0 {
		return nil
	}
	return &r.Exchanges[len(r.Exchanges)-1]
}

func (r *Result) failingStatus() string {
	if x := r.lastExchange(); x != nil && x.Response != nil {
		return strconv.Itoa(x.Response.Status)
	}
	return ""
}

// failingURL is the URL of the message whose answer failed.
func (r *Result) failingURL() string {
	switch x := r.lastExchange(); {
	case x != nil && x.Message.asked != nil:
		return x.Message.asked.withoutUserinfo()
	case x != nil:
		return x.Message.URL.withoutUserinfo()
	}
	return r.first.withoutUserinfo()
}

// redirectedFrom is Chrome's note on a request that was redirected.
func (r *Result) redirectedFrom() string {
	if x := r.lastExchange(); x != nil && x.Message.Hop > 0 && x.Message.URL.withoutUserinfo() != r.first.withoutUserinfo() {
		return "(redirected from '" + r.first.withoutUserinfo() + "') "
	}
	return ""
}

func (r *Result) requestOrigin() string {
	if r.tainted {
		return NullOrigin
	}
	return r.Request.Origin
}

// locationWithoutUserinfo is where a redirect leads, as it stands where that is no URL.
func (r *Result) locationWithoutUserinfo() string {
	if u, err := ParseURL(r.location, r.first); err == nil {
		return u.withoutUserinfo()
	}
	return r.location
}

// headerAsTyped is the name as the console spells it.
func (r *Result) headerAsTyped(lower string) string {
	if name, known := r.Browser.HeaderNames[lower]; known {
		return name
	}
	for _, h := range r.Request.Headers {
		if equalFold(h.Name, lower) {
			return h.Name
		}
	}
	return lower
}

func (u *URL) withoutUserinfo() string { return u.Display() + u.Fragment }
