package paste

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// HAROptions say how a HAR file is read.
type HAROptions struct {
	// File is the file's name for messages and sources.
	File string
	// Browser judges the entries; nil is the browser that wrote the file, or
	// that the requests name.
	Browser *fetch.Profile
	// Credentials is the mode of every request; empty follows from the file.
	Credentials fetch.CredentialsMode
}

// A HAR reads the CORS traffic of a HAR file as checks that answer themselves
// from the file. It holds a bounded number of entries at any time, however long
// the file is.
//
// Formats: http://www.softwareishard.com/blog/har-12-spec/, and what Chromium
// and Firefox add to it.
type HAR struct {
	opts HAROptions
	in   *lineReader
	json *json.Decoder
	err  error
	line int // on which the entry that is read starts

	creator, browser harName
	pages            map[string]string
	stats            HARStats
	// sanitized says that headers were removed from the file, as a preflight
	// asks for authorization and its request has none.
	sanitized bool
}

// HARStats count what a file holds.
type HARStats struct {
	Entries    int // all entries
	Checks     int // of CORS traffic
	SameOrigin int // fetches that stayed within the page's origin
	NoCORS     int // navigations, images, scripts and the like, to which CORS does not apply
	Unreadable int // entries that are no HTTP request
	// ServiceWorker counts answers that a service worker of the page made.
	ServiceWorker int
}

type harName struct{ Name, Version string }

// ErrNotHAR says that a file is no HAR.
var ErrNotHAR = errors.New("this is not a HAR file: it has no log with entries")

// NewHAR prepares to read a HAR file, which may be compressed with gzip.
func NewHAR(r io.Reader, o HAROptions) (*HAR, error) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("the file is compressed, and damaged: %w", err)
		}
		buffered = bufio.NewReaderSize(unzipped, 64<<10)
	}
	if mark, _ := buffered.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = buffered.Discard(3)
	}
	start, err := buffered.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if isUTF16(start) {
		return nil, errors.New("the file is UTF-16 text: save it as UTF-8")
	}
	switch text := bytes.TrimLeft(start, " \t\r\n"); {
	case len(text) == 0:
		return nil, errors.New("the file is empty")
	case text[0] != '{':
		return nil, ErrNotHAR
	}
	h := &HAR{opts: o, in: &lineReader{r: buffered, line: 1}, pages: map[string]string{}}
	h.json = json.NewDecoder(h.in)
	return h, nil
}

// Err is what kept Checks from reading the file to its end.
func (h *HAR) Err() error { return h.err }

// Stats count what Checks has read so far.
func (h *HAR) Stats() HARStats { return h.stats }

// Checks yields a check for each fetch that crossed origins, in the order of
// the file. It can be ranged over once.
func (h *HAR) Checks() iter.Seq[probe.Check] {
	return func(yield func(probe.Check) bool) {
		w := newHARWindow(h, yield)
		err := h.log(w)
		if err != nil && !w.stopped {
			h.err = h.located(err)
		}
		w.flush()
	}
}

// located says where in the file an error is.
func (h *HAR) located(err error) error {
	if errors.Is(err, ErrNotHAR) {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return fmt.Errorf("the file is cut off in entry %d: export it again", h.stats.Entries+1)
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		if _, readErr := io.Copy(io.Discard, h.in); readErr == nil && h.in.last != '}' {
			return h.located(io.ErrUnexpectedEOF) // a line break behind the cut
		}
		return fmt.Errorf("entry %d, which starts on line %d, is not valid JSON", h.stats.Entries+1, h.line)
	}
	return fmt.Errorf("entry %d cannot be read: %w", h.stats.Entries+1, err)
}

// log reads {"log": {...}}.
func (h *HAR) log(w *harWindow) error {
	found := false
	err := h.object(func(name string) error {
		if name != "log" {
			return h.skip()
		}
		return h.object(func(name string) error {
			switch name {
			case "creator":
				return h.json.Decode(&h.creator)
			case "browser":
				return h.json.Decode(&h.browser)
			case "pages":
				return h.readPages()
			case "entries":
				found = true
				return h.entries(w)
			}
			return h.skip()
		})
	})
	if err == nil && !found {
		return ErrNotHAR
	}
	return err
}

// object reads an object and calls member for each name, to read its value.
func (h *HAR) object(member func(name string) error) error {
	if err := h.delimiter('{'); err != nil {
		return err
	}
	for h.json.More() {
		token, err := h.json.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		if err := member(name); err != nil {
			return err
		}
	}
	return h.delimiter('}')
}

func (h *HAR) delimiter(want json.Delim) error {
	token, err := h.json.Token()
	if err != nil {
		return err
	}
	if token != want {
		return ErrNotHAR
	}
	return nil
}

// skip reads over a value, token by token, so that it is never held as a whole.
func (h *HAR) skip() error {
	depth := 0
	for {
		token, err := h.json.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// maxPages bounds what is remembered of pages.
const maxPages = 10_000

func (h *HAR) readPages() error {
	if err := h.delimiter('['); err != nil {
		return err
	}
	for h.json.More() {
		var page struct{ ID, Title string }
		if err := h.json.Decode(&page); err != nil {
			return err
		}
		if len(h.pages) < maxPages {
			h.pages[page.ID] = page.Title
		}
	}
	return h.delimiter(']')
}

func (h *HAR) entries(w *harWindow) error {
	if err := h.delimiter('['); err != nil {
		return err
	}
	for h.json.More() {
		h.in.forget(h.json.InputOffset())
		h.line = h.in.lineOf(h.json.InputOffset()) + h.breaksBefore()
		var e harEntry
		if err := h.json.Decode(&e); err != nil {
			var wrong *json.UnmarshalTypeError
			if !errors.As(err, &wrong) {
				return err
			}
			// A field of another type than the format's; the rest is there.
		}
		h.stats.Entries++
		if !w.add(&e, h.line) {
			return nil
		}
	}
	return h.delimiter(']')
}

// breaksBefore counts the line breaks between the decoder's position and the
// value that follows it.
func (h *HAR) breaksBefore() int {
	var ahead [256]byte
	n, _ := io.ReadFull(h.json.Buffered(), ahead[:])
	breaks := 0
	for _, c := range ahead[:n] {
		switch c {
		case '\n':
			breaks++
		case ' ', '\t', '\r', ',':
		default:
			return breaks
		}
	}
	return breaks
}

// browserOf is the browser that judges an entry: the one of the options, the
// one that wrote the file, or the one that the request names.
func (h *HAR) browserOf(agent string) *fetch.Profile {
	if h.opts.Browser != nil {
		return h.opts.Browser
	}
	creator := strings.ToLower(h.browser.Name + " " + h.creator.Name)
	name := ""
	switch {
	case strings.Contains(creator, "firefox"):
		name = "firefox"
	case strings.Contains(creator, "webkit"), strings.Contains(creator, "safari"):
		name = "safari" // "WebKit Web Inspector"; Chrome's is "WebInspector"
	case strings.Contains(creator, "webinspector"), strings.Contains(creator, "chrom"), strings.Contains(creator, "edge"):
		name = "chrome"
	default:
		name = browserOf(agent)
	}
	if p, ok := fetch.ProfileByName(name); ok {
		return p
	}
	return fetch.Chrome
}

// A lineReader knows on which line a position of what it reads is, for the
// positions that were not forgotten.
type lineReader struct {
	r      io.Reader
	offset int64   // of the next byte
	line   int     // of the first byte after what was forgotten
	breaks []int64 // offsets of line breaks behind that
	last   byte    // the last byte that is not white space
}

func (l *lineReader) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i := 0; i < n; {
		next := bytes.IndexByte(p[i:n], '\n')
		if next < 0 {
			break
		}
		l.breaks = append(l.breaks, l.offset+int64(i+next))
		i += next + 1
	}
	if text := bytes.TrimRight(p[:n], " \t\r\n"); len(text) > 0 {
		l.last = text[len(text)-1]
	}
	l.offset += int64(n)
	return n, err
}

// forget drops the line breaks before offset.
func (l *lineReader) forget(offset int64) {
	n := 0
	for n < len(l.breaks) && l.breaks[n] < offset {
		n++
	}
	l.line += n
	l.breaks = l.breaks[:copy(l.breaks, l.breaks[n:])]
}

func (l *lineReader) lineOf(offset int64) int {
	line := l.line
	for _, at := range l.breaks {
		if at >= offset {
			break
		}
		line++
	}
	return line
}
