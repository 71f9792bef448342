// Package paste reads what a developer has on the clipboard or on disk: console
// messages of browsers, requests copied as fetch(), cURL or PowerShell, finding
// IDs and reason codes, and HAR files. It turns them into checks. Its parsers
// are pure: nothing that was pasted is executed or expanded, and the only I/O is
// reading the io.Reader that was passed in.
package paste

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/corscheck/corscheck/probe/fetch"
)

// Kind is what an item of a paste is.
type Kind string

// The kinds of an item.
const (
	Console    Kind = "console"    // a message of a browser's console
	Curl       Kind = "curl"       // a curl command line
	Fetch      Kind = "fetch"      // fetch("...", {...})
	PowerShell Kind = "powershell" // Invoke-WebRequest, Invoke-RestMethod
	FindingID  Kind = "finding"    // the ID of a finding of corscheck
	Code       Kind = "code"       // a browser's reason code
)

// Class says what a console message is evidence of.
type Class string

// The classes of a message.
const (
	ClassCORS    Class = "cors"    // the CORS protocol
	ClassNetwork Class = "network" // no usable answer: DNS, TCP, TLS
	ClassOther   Class = "other"   // looks like CORS, and is something else
	ClassSymptom Class = "symptom" // what script sees of any of these; says nothing by itself
)

// An Item is one thing that was recognised in a paste.
type Item struct {
	Kind  Kind
	Class Class
	// Browser is "chrome", "firefox" or "safari"; empty where it cannot be told.
	Browser string
	// Code is the browser's reason code, or the finding's ID.
	Code string

	// URL and the rest are as the text has them, empty where it does not say.
	URL            string
	RedirectedFrom string
	Origin         string
	Method         string
	Header         string
	// Value is the value of a header that the message quotes.
	Value string
	// Status is the status that the message names; 0 where it names none.
	Status int
	// Initiator is the API or element that made the request, where the text says.
	Initiator fetch.Initiator

	// Request is the request of a pasted command; nil for other kinds.
	Request *fetch.Request
	// Transport is how a pasted command wants to be connected.
	Transport Transport
	// Secrets are values of the paste that no output may show.
	Secrets []string
	// Notes say what was left out or assumed while reading, one sentence each.
	Notes []string
	// Line is the line of the text on which the item starts, from 1.
	Line int
}

// MaxText is the longest text that Parse reads.
const MaxText = 1 << 20

// Errors of Parse that say what to paste instead.
var (
	ErrTooLong = fmt.Errorf("the text is longer than %d MiB: paste the message or the request, not the whole log", MaxText>>20)
	ErrBinary  = errors.New("this is not text: paste the console message or the copied request")
	ErrHAR     = errors.New("this is a HAR file: save it and run corscheck har FILE")
	ErrEmpty   = errors.New("nothing was pasted: pass the message as an argument or on standard input")
	ErrOnlyURL = errors.New("this is a URL, and no message: corscheck URL checks it, with -o and the origin of the page")
	ErrCut     = errors.New("the message is cut off: paste it whole, with its URL and its reason")
	ErrNothing = errors.New("no console message, request, reason code or finding ID was recognised: paste the whole red message with its URL, or the request as cURL")
)

// Read reads a text of at most MaxText bytes and checks that it is text.
func Read(r io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxText+1))
	if err != nil {
		return "", err
	}
	if isBinary(b) {
		return "", ErrBinary
	}
	if len(b) > MaxText {
		return "", ErrTooLong
	}
	return decodeText(b), nil
}

// Parse recognises everything in the text that r holds, in its order.
func Parse(r io.Reader) ([]Item, error) {
	text, err := Read(r)
	if err != nil {
		return nil, err
	}
	return ParseString(text)
}

// ParseString is Parse for a text that is already in memory.
func ParseString(text string) ([]Item, error) {
	if len(text) > MaxText {
		return nil, ErrTooLong
	}
	if isBinary([]byte(text)) {
		return nil, ErrBinary
	}
	trimmed := strings.TrimSpace(text)
	switch {
	case trimmed == "":
		return nil, ErrEmpty
	case looksLikeHAR(trimmed):
		return nil, ErrHAR
	}
	requests, rest, err := parseRequests(text)
	items := mergeByLine(requests, parseConsole(rest))
	switch {
	case len(items) > 0:
		return items, nil
	case err != nil: // something that looked like a request, and nothing else
		return nil, err
	}
	if items = parseWords(trimmed); len(items) == 0 || items[0].Kind == FindingID {
		items = append(unknownWording(text), items...)
	}
	switch {
	case len(items) > 0:
		return items, nil
	case isURL(trimmed):
		return nil, ErrOnlyURL
	case cutMessage.MatchString(trimmed):
		return nil, ErrCut
	}
	return nil, ErrNothing
}

// cutMessage is the start of a message of which nothing is left to say more by.
var cutMessage = regexp.MustCompile(`Access to [A-Za-z ]{1,40} at |Cross-Origin Request Blocked|blocked by CORS|due to access control`)

// isURL reports a text that is a URL and nothing else.
func isURL(text string) bool {
	u, err := fetch.ParseURL(text, nil)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") && !strings.ContainsAny(text, " \t\n")
}

// isBinary reports whether b has bytes that no text has. UTF-16, which Windows
// consoles write, is text.
func isBinary(b []byte) bool {
	if isUTF16(b) {
		return false
	}
	head := b[:min(len(b), 8<<10)]
	odd := 0
	for _, c := range head {
		if c == 0 {
			return true
		}
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != 0x1b && c != '\f' {
			odd++
		}
	}
	return odd > len(head)/20 || strings.IndexByte(string(b), 0) >= 0 || !mostlyUTF8(head)
}

func mostlyUTF8(b []byte) bool {
	bad := 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			bad++
		}
		i += max(n, 1)
	}
	return bad <= len(b)/10
}

func looksLikeHAR(text string) bool {
	if !strings.HasPrefix(text, "{") {
		return false
	}
	head := text[:min(len(text), 4096)]
	return strings.Contains(head, `"log"`) && (strings.Contains(head, `"entries"`) || strings.Contains(head, `"creator"`))
}

// mergeByLine puts two lists of items into the order of their lines.
func mergeByLine(a, b []Item) []Item {
	out := make([]Item, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].Line <= b[0].Line {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}
