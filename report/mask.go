package report

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// Masked stands for a secret.
const Masked = "***"

// A masker replaces what the user gave as a secret wherever it reappears, and
// the values of cookies that the server sets.
type masker struct {
	secrets  []string
	replacer *strings.Replacer // nil where nothing is secret
}

// newMasker collects the secrets of a result: the values of credential headers,
// cookies, the userinfo and token-like query values of its URLs, the data, and
// the values of Set-Cookie.
func newMasker(r *probe.Result) *masker {
	m := &masker{}
	m.request(&r.Check.Request)
	for _, secret := range r.Check.Secrets {
		m.add(secret)
	}
	if r.Fetch != nil {
		m.request(&r.Fetch.Request)
	}
	for i := range r.Exchanges {
		e := &r.Exchanges[i]
		for _, h := range e.Message.Headers {
			m.header(h)
		}
		if e.Response == nil {
			continue
		}
		for _, h := range e.Response.Headers {
			if isSetCookie(h.Name) {
				m.cookie(h.Value)
			}
		}
	}
	m.build()
	return m
}

func (m *masker) request(r *fetch.Request) {
	m.url(r.URL)
	m.url(r.Page)
	for _, h := range r.Headers {
		m.header(h)
	}
	for _, c := range r.Cookies {
		m.cookie(c)
	}
	m.data(r.Body)
}

func (m *masker) header(h fetch.Header) {
	if !SecretHeader(h.Name) && !secretValue(h.Value) {
		return
	}
	value := strings.TrimSpace(h.Value)
	if isCookie(h.Name) {
		for pair := range strings.SplitSeq(value, ";") {
			m.cookie(pair)
		}
		return
	}
	m.add(value)
	scheme, credentials, found := strings.Cut(value, " ")
	if !found {
		return
	}
	m.add(credentials)
	m.add(strings.TrimRight(credentials, "="))
	if strings.EqualFold(scheme, "Basic") {
		if text, err := base64.StdEncoding.DecodeString(strings.TrimSpace(credentials)); err == nil {
			_, password, _ := strings.Cut(string(text), ":")
			m.add(password)
		}
	}
}

// cookie takes "name=value" and whatever attributes follow.
func (m *masker) cookie(line string) {
	pair, _, _ := strings.Cut(line, ";")
	if _, value, found := strings.Cut(pair, "="); found {
		m.add(strings.Trim(strings.TrimSpace(value), `"`))
	}
}

func (m *masker) url(raw string) {
	if raw == "" {
		return
	}
	if _, after, found := strings.Cut(raw, "://"); found {
		authority, _, _ := strings.Cut(after, "/")
		if at := strings.LastIndexByte(authority, '@'); at >= 0 {
			_, password, _ := strings.Cut(authority[:at], ":")
			m.add(authority[:at])
			m.add(password)
		}
	}
	raw, fragment, _ := strings.Cut(raw, "#")
	_, query, _ := strings.Cut(raw, "?")
	for pair := range strings.SplitSeq(query+"&"+fragment, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if secretQuery(name, value) {
			m.add(value)
		}
	}
}

// data takes a body as a whole and the values in it that are long enough to be
// recognised elsewhere.
func (m *masker) data(body []byte) {
	text := strings.TrimSpace(string(body))
	if len(text) < 4 {
		return
	}
	m.add(text)
	var v any
	if json.Unmarshal(body, &v) == nil {
		m.leaves("", v)
		return
	}
	for pair := range strings.SplitSeq(text, "&") {
		if name, value, found := strings.Cut(pair, "="); found {
			m.leaves(name, value)
		}
	}
}

// leaves takes the values of data that can be recognised elsewhere: long ones,
// and those whose name says that they are secret.
func (m *masker) leaves(name string, v any) {
	switch v := v.(type) {
	case string:
		if len(v) >= 8 || secretWords.MatchString(strings.ToLower(name)) {
			m.add(v)
		}
	case []any:
		for _, e := range v {
			m.leaves(name, e)
		}
	case map[string]any:
		for name, e := range v {
			m.leaves(name, e)
		}
	}
}

// add remembers a secret. What is shorter than four bytes would mask ordinary
// words; it is masked only where it stands, not where it reappears.
func (m *masker) add(secret string) {
	if len(secret) < 4 || secret == Masked {
		return
	}
	m.secrets = append(m.secrets, secret)
	if plain, err := url.QueryUnescape(secret); err == nil && plain != secret && len(plain) >= 4 {
		m.secrets = append(m.secrets, plain)
	}
	if escaped := url.QueryEscape(secret); escaped != secret {
		m.secrets = append(m.secrets, escaped)
	}
}

func (m *masker) build() {
	if len(m.secrets) == 0 {
		return
	}
	// Longest first: a secret may contain another one.
	slices.SortFunc(m.secrets, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	m.secrets = slices.Compact(m.secrets)
	pairs := make([]string, 0, 2*len(m.secrets))
	for _, s := range m.secrets {
		pairs = append(pairs, s, Masked)
	}
	m.replacer = strings.NewReplacer(pairs...)
}

// text masks the secrets in s and makes it valid UTF-8.
func (m *masker) text(s string) string {
	if m.replacer != nil {
		s = m.replacer.Replace(s)
	}
	return ValidText(s)
}

// urlText masks a URL's userinfo and token-like query values.
func (m *masker) urlText(raw string) string { return m.text(MaskURL(raw)) }

// MaskSetCookie masks the cookie's value and keeps its name and attributes.
func MaskSetCookie(value string) string {
	pair, attributes, found := strings.Cut(value, ";")
	pair = maskPair(pair)
	if found {
		pair += ";" + attributes
	}
	return pair
}

// MaskHeader masks the value of a request header that carries a secret: what
// follows the scheme of Authorization, the values of cookies, else all of it.
func MaskHeader(name, value string) string {
	switch {
	case isCookie(name):
		parts := strings.Split(value, ";")
		for i, p := range parts {
			parts[i] = maskPair(p)
		}
		return strings.Join(parts, ";")
	case strings.EqualFold(name, "Referer"):
		return MaskURL(value)
	case value == "" || !SecretHeader(name) && !secretValue(value):
		return value
	}
	if scheme, _, found := strings.Cut(strings.TrimSpace(value), " "); found && authScheme.MatchString(scheme) {
		return scheme + " " + Masked
	}
	return Masked
}

var authScheme = regexp.MustCompile(`^(?i:basic|bearer|digest|negotiate|token|apikey|aws4-hmac-sha256|dpop|hawk|ntlm)$`)

func maskPair(pair string) string {
	name, value, found := strings.Cut(pair, "=")
	if !found || strings.TrimSpace(value) == "" {
		return pair
	}
	return name + "=" + Masked
}

// MaskURL masks the userinfo and the token-like query values of a URL.
func MaskURL(raw string) string {
	if strings.Contains(raw, "://") {
		raw = MaskUserinfo(raw)
	}
	// A fragment may hold pairs, too: tokens are handed over in it.
	raw, fragment, hasFragment := strings.Cut(raw, "#")
	if before, query, found := strings.Cut(raw, "?"); found {
		raw = before + "?" + maskPairs(query)
	}
	if hasFragment {
		raw += "#" + maskPairs(fragment)
	}
	return raw
}

func maskPairs(query string) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		if name, value, _ := strings.Cut(pair, "="); secretQuery(name, value) {
			pairs[i] = name + "=" + Masked
		}
	}
	return strings.Join(pairs, "&")
}

// MaskUserinfo masks the userinfo of a URL, or of one without its scheme.
func MaskUserinfo(raw string) string {
	head, rest, found := strings.Cut(raw, "://")
	if !found {
		head, rest = "", raw
	} else {
		head += "://"
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	if at := strings.LastIndexByte(rest[:end], '@'); at >= 0 {
		return head + Masked + rest[at:]
	}
	return raw
}

func isCookie(name string) bool    { return strings.EqualFold(name, "Cookie") }
func isSetCookie(name string) bool { return strings.EqualFold(name, "Set-Cookie") }

// secretWords are parts of names whose values are secrets.
var secretWords = regexp.MustCompile(`(?i)(^|[-_.])(auth|authorization|authentication|token|jwt|secret|passw(or)?d|pwd|api[-_]?key|access[-_]?key|private[-_]?key|subscription[-_]?key|credentials?|signature|sig|session([-_]?id)?|sid|csrf|xsrf|otp|assertion|code[-_]verifier)($|[-_.])|(token|secret|apikey|password)$`)

// secretHeaders remembers the answers for names that were asked about: a run
// asks about the same few again and again.
var (
	secretHeaders  sync.Map // of name to bool
	secretHeadersN atomic.Int64
)

// SecretHeader reports whether a request header of this name carries a secret.
func SecretHeader(name string) bool {
	if strings.HasPrefix(name, "Sec-") { // half of what a browser sends
		return false
	}
	if secret, known := secretHeaders.Load(name); known {
		return secret.(bool)
	}
	secret := isSecretHeader(name)
	// The names come from the user and the browsers; the bound is for a library's
	// caller who makes them up.
	if secretHeadersN.Load() < 1000 {
		secretHeadersN.Add(1)
		secretHeaders.Store(name, secret)
	}
	return secret
}

func isSecretHeader(name string) bool {
	if isCookie(name) {
		return true
	}
	lower := strings.ToLower(name)
	if strings.HasPrefix(lower, "access-control-") || strings.HasPrefix(lower, "sec-") {
		return false
	}
	return secretWords.MatchString(lower)
}

var (
	uuid      = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	knownKind = regexp.MustCompile(`^(eyJ[\w-]+\.[\w.-]+|gh[pousr]_\w{20,}|sk[-_]\w[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[A-Z0-9]{16})$`)
	tokenLike = regexp.MustCompile(`^[\w+/=.~%-]{32,}$`)
	hasDigit  = regexp.MustCompile(`[0-9]`)
	hasLetter = regexp.MustCompile(`[A-Za-z]`)
)

// secretValue reports whether the value of a header is a secret by its looks,
// whatever the header is called.
func secretValue(value string) bool {
	if len(value) < 20 { // shorter than any of them; most values are
		return false
	}
	// Every header of every check is looked at, so the patterns are the last resort.
	if scheme, credentials, found := strings.Cut(value, " "); found {
		credentials = strings.TrimSpace(credentials)
		return beginsLikeToken(credentials) && authScheme.MatchString(scheme) && knownKind.MatchString(credentials)
	}
	return beginsLikeToken(value) && knownKind.MatchString(value)
}

// beginsLikeToken reports whether knownKind may match.
func beginsLikeToken(value string) bool {
	for _, prefix := range []string{"eyJ", "gh", "sk", "xox", "AKIA"} {
		if strings.HasPrefix(value, prefix) {
			return true
		}
	}
	return false
}

// secretQuery reports whether a query value is a secret, by its name or by its
// looks.
func secretQuery(name, value string) bool {
	if value == "" {
		return false
	}
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	lower := strings.ToLower(name)
	if lower == "key" || lower == "code" || secretWords.MatchString(lower) {
		return true
	}
	return knownKind.MatchString(value) || tokenLike.MatchString(value) && !uuid.MatchString(value) &&
		hasDigit.MatchString(value) && hasLetter.MatchString(value)
}
