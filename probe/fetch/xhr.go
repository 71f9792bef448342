package fetch

import "slices"

// throws is how a request is refused that script cannot make.
func (i Initiator) throws() string {
	switch i {
	case InitiatorXHR, InitiatorXHRUpload:
		return "XMLHttpRequest throws"
	}
	return "fetch() itself throws a TypeError"
}

// settleHeaders is what becomes of script's headers before the request is made:
// fetch() may leave repeated lines apart, XMLHttpRequest has combined them.
func (f *Fetch) settleHeaders() {
	switch f.req.Initiator {
	case InitiatorXHR, InitiatorXHRUpload:
		f.typed = slices.Clone(f.headers)
		if !f.p.CharsetOfFirst {
			f.setCharset()
		}
	default:
		if len(f.typed) > len(f.headers) {
			f.p.combineRepeated(f)
		}
	}
}

// settleFirst is what the first request alone has, and a redirect takes back.
func (f *Fetch) settleFirst() {
	f.p.firstContentType(f)
	if f.isXHR() && f.p.CharsetOfFirst {
		f.headers = slices.Clone(f.headers)
		f.setCharset()
	}
}

// setCharset: a body that is a string is sent as UTF-8, and a Content-Type that
// says otherwise is corrected.
// https://xhr.spec.whatwg.org/#the-send()-method, step 4
func (f *Fetch) setCharset() {
	if h := f.scriptHeader("content-type"); h != nil && f.body != nil {
		correct := charsetUTF8
		if f.p.CharsetUTF8 != nil {
			correct = f.p.CharsetUTF8
		}
		h.Value = correct(h.Value)
	}
}

// forced reports whether listeners for upload progress call for a preflight.
// https://xhr.spec.whatwg.org/#the-send()-method, step 5
func (f *Fetch) forced() bool {
	return f.req.ForcePreflight || f.traits.forcesPreflight && !(f.p.UploadNeedsBody && f.req.Body == nil)
}
