package fetch

import (
	"slices"
	"strings"
)

// api is what refuses a request that it cannot make.
func (i Initiator) api() string {
	switch i {
	case InitiatorXHR, InitiatorXHRUpload:
		return "XMLHttpRequest"
	}
	return "fetch()"
}

// settleHeaders is what becomes of script's headers before the request is made:
// fetch() may leave repeated lines apart, XMLHttpRequest has combined them.
func (f *Fetch) settleHeaders(req *Request) {
	switch req.Initiator {
	case InitiatorXHR, InitiatorXHRUpload:
		f.setCharset()
		f.typed = slices.Clone(f.headers)
	default:
		f.p.combineRepeated(f)
	}
}

// setCharset: a body that is a string is sent as UTF-8, and a Content-Type that
// says otherwise is corrected.
// https://xhr.spec.whatwg.org/#the-send()-method, step 4
func (f *Fetch) setCharset() {
	h := f.scriptHeader("content-type")
	if h == nil || f.body == nil {
		return
	}
	kind, parameters, _ := strings.Cut(h.Value, ";")
	if mimeEssence(kind) == "" && !f.p.KeepsTypeAsTyped || strings.HasPrefix(strings.ToLower(kind), "charset") {
		return
	}
	params := strings.Split(parameters, ";")
	at := slices.IndexFunc(params, func(p string) bool {
		name, _, ok := strings.Cut(p, "=")
		return ok && strings.EqualFold(strings.TrimSpace(name), "charset")
	})
	if at < 0 {
		return
	}
	_, value, _ := strings.Cut(params[at], "=")
	value = strings.Trim(strings.TrimSpace(value), `"`)
	if strings.EqualFold(value, "utf-8") || value == "" && f.p.KeepsTypeAsTyped {
		return
	}
	if f.p.KeepsTypeAsTyped {
		head, _, _ := strings.Cut(params[at], "=")
		params[at] = head + "=UTF-8"
		h.Value = kind + ";" + strings.Join(params, ";")
		return
	}
	for i := range params {
		params[i] = strings.TrimSpace(params[i])
	}
	params[at] = "charset=UTF-8"
	h.Value = mimeEssence(kind) + ";" + strings.Join(params, ";")
}

// forced reports whether listeners for upload progress call for a preflight.
// https://xhr.spec.whatwg.org/#the-send()-method, step 5
func (f *Fetch) forced() bool {
	return f.req.ForcePreflight || initiators[f.req.Initiator].forcesPreflight && !(f.p.UploadNeedsBody && f.req.Body == nil)
}
