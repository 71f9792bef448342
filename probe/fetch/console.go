package fetch

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Text is what a browser reports where a rule fails: its code, and the text of
// its console with {placeholders} for what was seen.
type Text struct {
	// Code is the browser's own name, PreflightCode the one it has where the
	// answer to a preflight failed; empty where it is the same.
	Code, PreflightCode string
	// RedirectedCode is the code where a redirect led to what was refused; empty
	// where it is the same.
	RedirectedCode string
	// Param is the template of what the browser reports beside the code.
	Param string
	// Console is the template of the line; empty where the browser prints none.
	// Preflight and Redirect take its place where the answer to a preflight, or
	// a redirect, failed.
	Console, Preflight, Redirect string
	// Redirected takes the place of Console where a redirect led to what was
	// refused.
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
	reason := &Reason{Code: text.Code, Param: r.param(text.Param), Explanation: r.explanation()}
	template := text.Console
	redirected := r.redirects > 0 || r.redirect
	if redirected && text.RedirectedCode != "" {
		reason.Code = text.RedirectedCode
	}
	if redirected && text.RedirectedCode != "" {
		// DevTools has no failure of an EventSource that a redirect ends.
		reason.Code = text.RedirectedCode
		if r.Request.Initiator == InitiatorEventSource {
			reason.Code = ""
		}
	}
	if redirected && text.Redirected != "" {
		template = text.Redirected
	}
	switch {
	case r.failedAtPreflight():
		if text.PreflightCode != "" {
			reason.Code = text.PreflightCode
		}
		if text.Preflight != "" {
			template = text.Preflight
		}
	case r.redirect && text.Redirect != "":
		template = text.Redirect
	}
	reason.Code = strings.Replace(reason.Code, "{WANT}", strings.ToUpper(strings.ReplaceAll(r.Failing.Want, "-", "_")), 1)
	if code := r.Browser.UnsafeRedirects[strings.TrimSuffix(r.Failing.Seen, ":")]; code != "" && r.Failing.Rule == RuleRedirectUnsafe {
		reason.Code = code
	}
	if x := r.lastExchange(); x != nil && x.Failure != nil && x.Failure.Code != "" && r.Browser.NetErrorCodes {
		reason.Code = x.Failure.Code
	}
	if reason.Code == "net::ERR_ABORTED" && r.Request.Initiator == InitiatorEventSource {
		reason.Code = "" // it is closed before DevTools could report that
	}
	reason.Console = r.Browser.limited(r.expand(template))
	if r.Browser.MixedNotes != nil {
		reason.Console = r.Browser.MixedNotes(r, reason.Console)
	}
	return reason
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
	switch name {
	case "kind":
		return initiators[r.Request.Initiator].console, true
	case "url":
		return r.failingURL(), true
	case "written":
		return r.lastExchange().Message.URL.withoutUserinfo(), true
	case "redirected":
		return r.redirectedFrom(), true
	case "unmixed":
		return r.unmixed(), true
	case "insecure":
		return r.insecure(), true
	case "resource":
		return r.first.Display(), true
	case "first":
		return r.first.withoutUserinfo(), true
	case "origin":
		return r.Request.Origin, true
	case "requestorigin":
		return r.requestOrigin(), true
	case "seen":
		return r.consoleValue(r.Failing.Seen), true
	case "mustbe":
		return r.mustBeSecure(), true
	case "blocked":
		return r.blocked, true
	case "have":
		return whenInitiator(r, InitiatorFetch, " Have the server send the header with a valid value."), true
	case "withcredentials":
		return whenInitiator(r, InitiatorXHR, " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute.") +
			whenInitiator(r, InitiatorXHRUpload, " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute."), true
	case "cannot":
		return r.cannotLoad(), true
	case "page":
		return r.page(), true
	case "kindof":
		return r.takenFor(), true
	case "refusedtype":
		return r.refusedType(), true
	case "nothttp":
		return r.notHTTP(), true
	case "decoder":
		return strings.TrimPrefix(r.undecoded, "brotli: "), true
	case "undecoded":
		return whenInitiator(r, InitiatorFont, "Failed to decode downloaded font: "+r.first.withoutUserinfo()), true
	case "networkerror":
		return r.networkError(), true
	case "want":
		return r.consoleValue(r.Failing.Want), true
	case "status":
		return r.failingStatus(), true
	case "location":
		return r.locationWithoutUserinfo(), true
	case "unloaded":
		return r.unloaded(), true
	case "fulllocation":
		return r.location, true
	case "ownlocation":
		return r.ownLocation, true
	case "header":
		return r.headerAsTyped(r.Failing.Want), true
	}
	return "", false
}

// whenInitiator is a text that the console has for one initiator only.
func whenInitiator(r *Result, i Initiator, text string) string {
	if r.Request.Initiator != i {
		return ""
	}
	return text
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

func (r *Result) page() string {
	if r.Request.Page != "" {
		return r.Request.Page
	}
	return r.Request.Origin + "/"
}

func (r *Result) consoleValue(s string) string {
	if r.Browser.ConsoleValue == nil {
		return s
	}
	return r.Browser.ConsoleValue(s)
}

func (r *Result) failedAtPreflight() bool {
	x := r.lastExchange()
	return x != nil && x.Message.Kind == Preflight
}

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
