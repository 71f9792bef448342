package paste

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

// Transport is how a pasted command wants to be connected; none of it changes
// what a browser decides.
type Transport struct {
	Insecure          bool
	Resolve           []string // host:port:addr
	Proxy             string
	CACert, Cert, Key string
	IPv4, IPv6        bool
	Timeout           time.Duration
}

// ParseCurl reads the words of a curl command that a shell has split already,
// without the word curl itself.
func ParseCurl(args []string) ([]Item, error) {
	words := make([]shellWord, len(args))
	for i, a := range args {
		words[i] = shellWord{text: a}
	}
	if typographic(words) {
		return nil, fmt.Errorf("the command has typographic quotation marks, which a shell does not know: write ' or \" instead")
	}
	return readCurl(words)
}

// parseCurlText reads a curl command from text, which starts with the word
// curl, and says where it ended.
func parseCurlText(text string) (items []Item, end int, err error) {
	split := shellWords
	if isCmdExe(text) {
		split = cmdWords
	}
	words, end, err := split(text)
	if err != nil {
		return nil, end, err
	}
	if len(words) == 0 {
		return nil, end, errNoCurlURL
	}
	if typographic(words) {
		if words, end, err = split(straight.Replace(text)); err != nil {
			return nil, end, err
		}
		end = lengthBefore(text, end)
	}
	items, err = readCurl(words[1:])
	return items, end, err
}

// straight replaces the quotation marks that word processors and blogs make of
// a shell's.
var straight = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "‘", "'", "’", "'")

// typographic reports whether the words of a command start with such marks.
func typographic(words []shellWord) bool {
	for _, w := range words {
		for _, mark := range []string{"“", "”", "„", "‘", "’"} {
			if strings.HasPrefix(w.text, mark) {
				return true
			}
		}
	}
	return false
}

// lengthBefore is the length of the part of text that straight makes n bytes of.
func lengthBefore(text string, n int) int {
	for i, r := range text {
		if n <= 0 {
			return i
		}
		n -= len(straight.Replace(string(r)))
	}
	return len(text)
}

var errNoCurlURL = fmt.Errorf("the curl command has no URL: copy it whole, with Copy as cURL of the Network tab")

// A curlCommand collects what the options say.
type curlCommand struct {
	urls    []shellWord
	method  string
	headers []fetch.Header
	data    []string
	hasData bool
	json    bool
	form    []string
	get     bool
	head    bool
	upload  bool
	query   []string

	transport Transport
	notes     []string
	secrets   []string
}

func readCurl(words []shellWord) ([]Item, error) {
	c := &curlCommand{}
	for i := 0; i < len(words); i++ {
		w := words[i]
		var used int
		var err error
		switch {
		case w.text == "--" || w.text == "":
			continue
		case strings.HasPrefix(w.text, "--"):
			used, err = c.long(words[i:])
		case strings.HasPrefix(w.text, "-") && w.text != "-":
			used, err = c.short(words[i:])
		default:
			c.urls = append(c.urls, w)
			continue
		}
		if err != nil {
			return nil, err
		}
		i += used
	}
	return c.items()
}

// long reads a long option and returns how many further words it used. curl
// takes any unambiguous beginning of a name; browsers and people write it out.
func (c *curlCommand) long(words []shellWord) (int, error) {
	name, value, attached := strings.Cut(words[0].text[2:], "=")
	spec, known := curlLong[name]
	if bare, isNo := strings.CutPrefix(name, "no-"); isNo && !known {
		if _, switchable := curlLong[bare]; switchable || bare != "" {
			return 0, nil // --no-NAME turns something off that is off here
		}
	}
	if !spec.takes {
		return 0, c.apply(spec.means, name, shellWord{})
	}
	if attached {
		// curl itself does not take --name=value, people type it all the same.
		return 0, c.apply(spec.means, name, shellWord{value, words[0].live})
	}
	if len(words) < 2 {
		return 0, fmt.Errorf("the curl command is cut off: --%s has no value", name)
	}
	return 1, c.apply(spec.means, name, words[1])
}

// IsCurlOption reports whether curl has a long option of that name, without its
// hyphens, that takes a value or means something to corscheck.
func IsCurlOption(name string) bool {
	_, known := curlLong[name]
	return known
}

// short reads a word of one-letter options: "-sS", "-XPOST", "-H" "...".
func (c *curlCommand) short(words []shellWord) (int, error) {
	letters := words[0].text[1:]
	for i := range len(letters) {
		name, known := curlShort[letters[i]]
		if !known {
			return 0, fmt.Errorf("curl has no option -%s", printableByte(letters[i]))
		}
		spec := curlLong[name]
		if !spec.takes {
			if err := c.apply(spec.means, name, shellWord{}); err != nil {
				return 0, err
			}
			continue
		}
		if rest := letters[i+1:]; rest != "" {
			return 0, c.apply(spec.means, name, shellWord{rest, words[0].live})
		}
		if len(words) < 2 {
			return 0, fmt.Errorf("the curl command is cut off: -%c has no value", letters[i])
		}
		return 1, c.apply(spec.means, name, words[1])
	}
	return 0, nil
}

func printableByte(b byte) string {
	if b > ' ' && b < 0x7f {
		return string(b)
	}
	return fmt.Sprintf(`\x%02x`, b)
}

// apply gives an option its effect.
func (c *curlCommand) apply(means curlOption, name string, value shellWord) error {
	switch means {
	case curlIgnored:
	case curlURL:
		c.urls = append(c.urls, value)
	case curlRefused:
		return fmt.Errorf("corscheck does not read curl's --%s: write what it stands for on the command line", name)
	case curlNext:
		return fmt.Errorf("the curl command has several requests in it (--next): paste one at a time")
	case curlData, curlDataRaw, curlDataURL, curlJSON, curlForm, curlUpload:
		c.body(means, value.text)
	case curlGet:
		c.get = true
	case curlHead:
		c.head = true
	case curlMethod:
		c.method = value.text
	case curlURLQuery:
		c.query = append(c.query, strings.TrimPrefix(value.text, "+"))
	case curlHeader, curlCookie, curlUser, curlBearer, curlAgent, curlReferer, curlRange:
		c.headerOption(means, value.text)
	default:
		return c.transportOption(means, value.text)
	}
	if value.live != "" && means != curlURL && means != curlIgnored {
		c.note("%s is not expanded: it stands in the request as it was typed", value.live)
	}
	return nil
}

func (c *curlCommand) note(format string, args ...any) {
	n := fmt.Sprintf(format, args...)
	for _, have := range c.notes {
		if have == n {
			return
		}
	}
	c.notes = append(c.notes, n)
}

func (c *curlCommand) headerOption(means curlOption, value string) {
	switch means {
	case curlHeader:
		if h, ok := headerLine(value); ok {
			c.headers = append(c.headers, h)
		}
	case curlCookie:
		if strings.Contains(value, "=") {
			c.headers = append(c.headers, fetch.Header{Name: "Cookie", Value: value})
		} else {
			c.note("the cookie file %s is not read: the request is checked without its cookies", value)
		}
	case curlUser:
		if !strings.Contains(value, ":") {
			value += ":"
		}
		c.headers = append(c.headers, fetch.Header{Name: "Authorization", Value: "Basic " + base64.StdEncoding.EncodeToString([]byte(value))})
		c.secrets = append(c.secrets, value)
	case curlBearer:
		c.headers = append(c.headers, fetch.Header{Name: "Authorization", Value: "Bearer " + value})
		c.secrets = append(c.secrets, value)
	case curlAgent:
		c.headers = append(c.headers, fetch.Header{Name: "User-Agent", Value: value})
	case curlReferer:
		c.headers = append(c.headers, fetch.Header{Name: "Referer", Value: strings.TrimSuffix(value, ";auto")})
	case curlRange:
		c.headers = append(c.headers, fetch.Header{Name: "Range", Value: "bytes=" + value})
	}
}

// headerLine reads the value of -H: "Name: value", "Name;" for an empty value,
// and "Name:", which makes curl leave a header of its own out.
func headerLine(line string) (fetch.Header, bool) {
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		name, ok = strings.CutSuffix(strings.TrimSpace(line), ";")
		return fetch.Header{Name: strings.TrimSpace(name)}, ok
	}
	value = strings.TrimSpace(value)
	name = strings.TrimSpace(name)
	return fetch.Header{Name: name, Value: value}, value != "" && name != ""
}

func (c *curlCommand) transportOption(means curlOption, value string) error {
	t := &c.transport
	switch means {
	case curlInsecure:
		t.Insecure = true
	case curlResolve:
		t.Resolve = append(t.Resolve, strings.TrimPrefix(value, "+"))
	case curlProxy:
		t.Proxy = value
	case curlCACert:
		t.CACert = value
	case curlCert:
		t.Cert, _, _ = strings.Cut(value, ":")
	case curlKey:
		t.Key = value
	case curlIPv4:
		t.IPv4 = true
	case curlIPv6:
		t.IPv6 = true
	case curlMaxTime:
		d, err := time.ParseDuration(value + "s")
		if err != nil || d <= 0 {
			return fmt.Errorf("the value of curl's --max-time is not a number of seconds")
		}
		t.Timeout = d
	}
	return nil
}

// items makes an item of each URL.
func (c *curlCommand) items() ([]Item, error) {
	if len(c.urls) == 0 {
		return nil, errNoCurlURL
	}
	var items []Item
	for _, w := range c.urls {
		if w.live != "" {
			return nil, fmt.Errorf("the URL has %s in it, which corscheck does not expand: write the value instead", w.live)
		}
		request := rawRequest{
			kind: Curl, url: curlURLOf(w.text), method: c.method, headers: c.headers,
			notes: c.notes, secrets: c.secrets, transport: c.transport,
		}
		c.addBody(&request)
		item, err := request.item()
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// curlURLOf adds the scheme that curl guesses.
func curlURLOf(s string) string {
	s = strings.TrimSpace(s)
	if strings.Contains(s, "://") {
		return s
	}
	return "http://" + s
}
