package fetch

import "strings"

// checkDecoded: XMLHttpRequest and elements wait for the whole body, and decode it.
// https://fetch.spec.whatwg.org/#handle-content-codings
func checkDecoded(f *Fetch, resp *Response) bool {
	codings, encoded := resp.Get("Content-Encoding")
	if !encoded {
		return true
	}
	_, broken, err := f.content(resp)
	if err != nil {
		f.result.undecoded = err.Error()
	}
	return f.held(RuleDecoded, err == nil, broken, codings)
}

// checkRedirectDecoded: a redirect's body is decoded, though nobody reads it.
func checkRedirectDecoded(f *Fetch, resp *Response, _ *URL) bool {
	return checkDecoded(f, resp)
}

// checkComplete: whoever waits for the whole body gets none that breaks off.
// https://fetch.spec.whatwg.org/#http-network-fetch, "if ever aborted"
func checkComplete(f *Fetch, resp *Response) bool {
	if !f.breaksOff(resp) {
		return true
	}
	return f.held(RuleComplete, false, endTexts[resp.Ends], endCodes[resp.Ends])
}

func (f *Fetch) breaksOff(resp *Response) bool {
	return resp.Ends != "" && f.hasBody(resp) && !f.p.TakesCutBodies && !(f.p.OnlyOKComplete && !isOKStatus(resp.Status))
}

// bodyFault is why script that has the response cannot read its body to the end: a
// promise of fetch() resolves before that. Empty where it can.
func (f *Fetch) bodyFault(resp *Response) string {
	if !f.hasBody(resp) {
		return ""
	}
	if _, broken, err := f.content(resp); err != nil {
		return "it is not in " + broken + ", as Content-Encoding says it is"
	}
	if f.breaksOff(resp) {
		return "it ends " + endTexts[resp.Ends]
	}
	return ""
}

// endTexts say how a body ended, endCodes are Chrome's net errors for that.
var (
	endTexts = map[BodyEnd]string{
		EndsShort: "before as much as Content-Length says has come", EndsOpen: "without its last chunk", EndsMalformed: "with what is no chunk",
	}
	endCodes = map[BodyEnd]string{
		EndsShort: "content-length-mismatch", EndsOpen: "incomplete-chunked-encoding", EndsMalformed: "invalid-chunked-encoding",
	}
)

// checkFraming: see ResponseProfile.RefusesBrokenFraming.
func (f *Fetch) checkFraming(resp *Response) bool {
	if !f.p.RefusesBrokenFraming || !f.hasBody(resp) || resp.Ends != EndsMalformed && (resp.Ends != EndsShort || len(resp.Body) > 0) {
		return true
	}
	f.fail(RuleFraming, endTexts[resp.Ends], "")
	return false
}

// hasBody reports whether the last answer has a body that somebody reads.
func (f *Fetch) hasBody(resp *Response) bool {
	return f.p.readsBody(resp.Status) && f.last().Message.Method != "HEAD"
}

// content is the beginning of a body with its content codings undone. The error is
// not nil where it turns out not to be in the coding that is named.
func (f *Fetch) content(resp *Response) (content []byte, broken string, err error) {
	if !f.p.readsBody(resp.Status) {
		return nil, "", nil
	}
	value, encoded := resp.Get("Content-Encoding")
	if !encoded || resp.Undo == nil {
		return resp.Body, "", nil
	}
	content = resp.Body
	codings := f.p.codings(value)
	for i := len(codings) - 1; i >= 0; i-- {
		undone, err := resp.Undo(codings[i], content)
		_, forgiven := f.p.ForgivenCodings[codings[i]]
		switch {
		case err != nil && !forgiven:
			return nil, codings[i], err
		case err == nil:
			content = undone
		}
	}
	return content, "", nil
}

// readsBody reports whether the status of a response lets it have a body.
// https://fetch.spec.whatwg.org/#null-body-status
func (p *Profile) readsBody(status int) bool {
	switch status {
	case 204, 304:
		return false
	case 205:
		return p.ReadsBodyOf205
	}
	return true
}

// codings are those that a browser undoes: none, where it does not know them all.
func (p *Profile) codings(value string) (known []string) {
	for coding := range strings.SplitSeq(value, ",") {
		if coding = trimOWS(coding); !p.ExactCodings {
			coding = strings.ToLower(coding)
		}
		switch {
		case isCoding(coding) && !(p.KnowsNoZstd && coding == "zstd"):
			known = append(known, coding)
		case !p.SkipsUnknownCodings:
			return nil
		}
	}
	return known
}

func isCoding(name string) bool {
	switch name {
	case "gzip", "x-gzip", "deflate", "br", "zstd":
		return true
	}
	return false
}
