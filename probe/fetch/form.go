package fetch

import (
	"bytes"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// This file is for whether a body begins as what it is used for.

// checkContent: a status that has no body leaves nothing to decode, and so does an
// empty body, or one that does not begin as an image or a font does.
func checkContent(f *Fetch, resp *Response) bool {
	empty := resp.Body != nil && len(resp.Body) == 0 || !f.p.readsBody(resp.Status)
	if !f.held(RuleContent, !empty, strconv.Itoa(resp.Status), "") || resp.Body == nil {
		return !empty
	}
	content, _, _ := f.content(resp)
	kind := f.p.responseType(resp)
	if f.req.Initiator == InitiatorFont {
		return f.held(RuleForm, isFont(content), orNone(kind), "a font")
	}
	return f.held(RuleForm, f.isImage(resp, kind, content), orNone(kind), "an image")
}

// isImage reports whether a body begins as an image does. Only the type tells that one
// is SVG, whose bytes are no image by any other.
func (f *Fetch) isImage(resp *Response, kind string, content []byte) bool {
	raw, _ := resp.Get("Content-Type")
	switch {
	case kind == "application/pdf" && f.p.NoPictureIsPDF:
		return false
	case kind != "image/svg+xml" || f.p.ExactSVGType && !strings.Contains(raw, kind):
		return isPicture(content)
	}
	shown := !f.p.SVGNeedsOKStatus || isOKStatus(resp.Status)
	return shown && isSVG(content) || f.p.LooksIntoSVG && isPicture(content)
}

// shortest is a length that no picture and no font keeps below.
const shortest = 20

func isPicture(content []byte) bool {
	if len(content) < shortest {
		return false
	}
	return isMedia(content) || bytes.HasPrefix(content, []byte("\xff\x0a")) || bytes.HasPrefix(content, []byte("\x00\x00\x00\x0cJXL ")) ||
		string(content[4:8]) == "ftyp" && isAVIF(content[8:min(len(content), 64)])
}

// isAVIF reports whether the brands of a file have one of AVIF among them.
func isAVIF(brands []byte) bool {
	return bytes.Contains(brands, []byte("avif")) || bytes.Contains(brands, []byte("avis"))
}

// isSVG reports whether the first element of a document is svg. What only a whole
// parser of XML knows, such as an entity for the namespace, is taken for granted.
func isSVG(content []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(content))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		token, err := d.Token()
		if err != nil {
			return false
		}
		if t, ok := token.(xml.StartElement); ok {
			return t.Name.Local == "svg" && (t.Name.Space == svgNamespace || strings.HasPrefix(t.Name.Space, "&"))
		}
	}
}

const svgNamespace = "http://www.w3.org/2000/svg"

// isFont: https://mimesniff.spec.whatwg.org/#matching-a-font-type-pattern
func isFont(content []byte) bool {
	if len(content) < shortest {
		return false
	}
	switch string(content[:4]) {
	case "wOFF", "wOF2", "OTTO", "true", "ttcf", "\x00\x01\x00\x00":
		return true
	}
	return false
}
