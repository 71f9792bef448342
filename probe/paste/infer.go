package paste

import (
	"fmt"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// Infer makes the request that a console message is about, with what the
// message does not tell filled in; notes say what that was. It is false where a
// server has nothing to do with the message, or the item is no message. The URL
// and origin are empty where the text has none.
func (i *Item) Infer() (r fetch.Request, notes []string, ok bool) {
	switch {
	case i.Kind != Console, i.Class == ClassOther && i.Code != codeMixedContent, i.notHTTP():
		return r, nil, false
	}
	r = fetch.Request{URL: i.URL, Origin: i.Origin, Method: i.Method, Mode: fetch.ModeCORS, Initiator: i.inferInitiator()}
	if i.RedirectedFrom != "" {
		r.URL = i.RedirectedFrom
		if i.Origin == fetch.NullOrigin && originOf(i.URL) != originOf(i.RedirectedFrom) {
			r.Origin = "" // null is what the redirect made of it
		}
	}
	if i.Header != "" {
		r.Headers = []fetch.Header{{Name: i.Header, Value: UnsafeValue(i.Header)}}
	}
	switch i.Rule() {
	case fetch.RuleNoWildcardWithCreds, fetch.RuleAllowCredentials:
		r.Credentials = fetch.CredentialsInclude
		notes = append(notes, "credentials mode include: the message says so")
	}
	notes = append(notes, i.inferMethod(&r)...)
	if i.Preflight() && !fetch.IsSafeMethod(r.Method) {
		r.PreflightOnly = true
		notes = append(notes, fmt.Sprintf("the message is about the preflight, and only that is checked; corscheck URL -X %s --send-unsafe sends the request too", r.Method))
	}
	return r, notes, true
}

// inferMethod fills in the method, and the header that calls for a preflight
// where the message is about one and names none.
func (i *Item) inferMethod(r *fetch.Request) []string {
	json := fetch.Header{Name: "Content-Type", Value: "application/json"}
	switch {
	case r.Method != "" && (!i.Preflight() || !fetch.IsSafelistedMethod(fetch.NormalizeMethod(r.Method)) || len(r.Headers) > 0):
		return nil
	case r.Method != "":
		r.Headers = append(r.Headers, json)
		return []string{"a " + r.Method + " request with a preflight: Content-Type: application/json is assumed; add -H with the headers of yours"}
	case strings.EqualFold(i.Header, "content-type"):
		r.Method = "POST"
		return []string{"the message does not tell the method: POST is assumed; add -X with yours"}
	case len(r.Headers) > 0 || !i.Preflight():
		r.Method = "GET"
		return []string{"the message does not tell the method: GET is assumed; add -X with yours, and -H with the headers that the script sets"}
	}
	r.Method, r.Headers = "POST", append(r.Headers, json)
	return []string{"the message does not tell what called for the preflight: POST with Content-Type: application/json is assumed; add -X and -H with yours"}
}

// inferInitiator is who made the request: Chrome prints such messages of scripts
// and images only where they are loaded with CORS.
func (i *Item) inferInitiator() fetch.Initiator {
	switch i.Initiator {
	case fetch.InitiatorScript:
		return fetch.InitiatorModule
	case fetch.InitiatorXHR, fetch.InitiatorImage, fetch.InitiatorFont, fetch.InitiatorEventSource, fetch.InitiatorModule:
		return i.Initiator
	}
	return fetch.InitiatorFetch
}
