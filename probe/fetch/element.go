package fetch

import (
	"strconv"
	"strings"
)

// An elementCheck is one thing that an API or element demands of a response
// beyond the right to have it; it records its steps and reports whether the
// response is still of use.
type elementCheck func(f *Fetch, resp *Response) bool

// checkElement is what the initiator makes of a response that it may have, in the
// browser's order.
func (f *Fetch) checkElement(resp *Response) bool {
	for _, check := range f.p.ElementChecks[f.req.Initiator] {
		if !check(f, resp) {
			return false
		}
	}
	if what, ok := undecoded[f.req.Initiator]; ok {
		f.result.Assumptions = append(f.result.Assumptions, what)
	}
	return true
}

// checkEarly is what of it the browser looks at before the CORS check.
func (f *Fetch) checkEarly(resp *Response) bool {
	for _, check := range f.p.EarlyChecks[f.req.Initiator] {
		if !check(f, resp) {
			return false
		}
	}
	return true
}

// undecoded is what a response is taken for, as corscheck does not decode it.
var undecoded = map[Initiator]string{
	InitiatorScript: "the body is a script; whether it runs was not judged",
	InitiatorModule: "the body is a module script, and so are those it imports; whether they run was not judged",
	InitiatorImage:  "the body is an image that the browser can decode; it was not decoded",
	InitiatorFont:   "the body is a font that the browser can decode; it was not decoded",
}

// checkOKStatus: https://html.spec.whatwg.org/#fetch-a-classic-script, "response's
// status is not an ok status"
func checkOKStatus(f *Fetch, resp *Response) bool {
	return f.held(RuleElementStatus, isOKStatus(resp.Status), strconv.Itoa(resp.Status), "200-299")
}

// isOKStatus: https://fetch.spec.whatwg.org/#ok-status
func isOKStatus(status int) bool { return status >= 200 && status <= 299 }

// checkErrorStatus: everything below 400 will do.
func checkErrorStatus(f *Fetch, resp *Response) bool {
	return f.held(RuleElementError, resp.Status < 400, strconv.Itoa(resp.Status), "below 400")
}

// checkEventStatus: https://html.spec.whatwg.org/#dom-eventsource, "res's status is
// not 200"
func checkEventStatus(f *Fetch, resp *Response) bool {
	return f.held(RuleElementStatus, resp.Status == 200, strconv.Itoa(resp.Status), "200")
}

// checkEventType: the type must be text/event-stream; parameters are ignored.
func checkEventType(f *Fetch, resp *Response) bool {
	kind := f.p.responseType(resp)
	return f.held(RuleEventStream, kind == "text/event-stream", kind, "text/event-stream")
}

// checkScriptType refuses the types that are surely no script's.
// https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?
func checkScriptType(f *Fetch, resp *Response) bool {
	kind := f.p.responseType(resp)
	return f.held(RuleScriptType, !isRefusedScript(kind), kind, "a type of scripts")
}

// isRefusedScript: https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?
func isRefusedScript(kind string) bool {
	family, _, _ := strings.Cut(kind, "/")
	return family == "image" || family == "audio" || family == "video" || kind == "text/csv"
}

// checkNosniff refuses, where nosniff is given, every type but those of scripts.
// https://fetch.spec.whatwg.org/#x-content-type-options-header
func checkNosniff(f *Fetch, resp *Response) bool {
	kind := f.p.responseType(resp)
	return f.held(RuleNosniff, !nosniff(resp) || isScriptType(kind), kind, "a type of scripts")
}

// checkModuleType: https://html.spec.whatwg.org/#fetch-a-single-module-script,
// "mimeType is a JavaScript MIME type"
func checkModuleType(f *Fetch, resp *Response) bool {
	kind := f.p.responseType(resp)
	return f.held(RuleModuleType, isScriptType(kind), kind, "text/javascript")
}

// held records a rule of an element and ends the fetch where it is broken.
func (f *Fetch) held(r *Rule, holds bool, seen, want string) bool {
	if !holds {
		f.fail(r, seen, want)
		return false
	}
	f.pass(r, seen, want)
	return true
}

// responseType is the essence of a response's MIME type; empty where it has none
// that parses. https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
func (p *Profile) responseType(resp *Response) string {
	essence := ""
	for _, v := range lines(resp.Headers, "content-type") {
		if e := mimeEssence(v); e != "" && e != "*/*" {
			essence = e
		}
	}
	if essence == "" && p.TypeEnds != "" {
		return networkType(resp, p.TypeEnds)
	}
	return essence
}

// nosniff: https://fetch.spec.whatwg.org/#determine-nosniff
func nosniff(resp *Response) bool {
	value, _ := resp.Get("X-Content-Type-Options")
	first, _, _ := strings.Cut(value, ",")
	return strings.EqualFold(trimOWS(first), "nosniff")
}

// isScriptType: https://mimesniff.spec.whatwg.org/#javascript-mime-type
func isScriptType(essence string) bool {
	switch essence {
	case "application/ecmascript", "application/javascript", "application/x-ecmascript",
		"application/x-javascript", "text/ecmascript", "text/javascript", "text/javascript1.0",
		"text/javascript1.1", "text/javascript1.2", "text/javascript1.3", "text/javascript1.4",
		"text/javascript1.5", "text/jscript", "text/livescript", "text/x-ecmascript", "text/x-javascript":
		return true
	}
	return false
}
