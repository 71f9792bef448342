package policy

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/corscheck/corscheck/probe/fetch"
)

// The keys of a policy. The JSON Schema names the same ones; a test compares.
var (
	topKeys      = []string{"version", "defaults", "targets"}
	defaultsKeys = []string{"browser", "credentials", "redirect", "timeout", "headers", "methods", "preflight-only", "page-address", "expect"}
	targetKeys   = []string{"url", "methods", "headers", "requests", "credentials", "redirect", "browser", "preflight-only", "page-address", "allow", "deny", "expect"}
	requestKeys  = []string{"method", "headers", "body"}
	expectKeys   = []string{"expose", "max-age", "vary", "preflight"}
	fileKeys     = []string{"file"}

	credentialsWords = []string{"omit", "same-origin", "include"}
	redirectWords    = []string{"follow", "error", "manual"}
	addressWords     = []string{"public", "local", "loopback"}
)

// A loader reads one policy and collects its mistakes.
type loader struct {
	file    string // as given, for positions
	dir     string // where included files are looked up
	opts    Options
	anchors map[string]ast.Node
	errs    Errors

	policy   *Policy
	defaults target
	// defaultMethods and defaultHeaders are what targets have without their own.
	defaultMethods []request
	defaultHeaders []fetch.Header
	// seen has a key for each request that is checked, for duplicates.
	seen  map[string]string
	files map[string]*List
}

func parse(name, dir string, src []byte, opts Options) (*Policy, error) {
	if opts.LookupEnv == nil {
		opts.LookupEnv = os.LookupEnv
	}
	l := &loader{
		file: name, dir: dir, opts: opts,
		anchors: map[string]ast.Node{}, seen: map[string]string{}, files: map[string]*List{},
		policy:   &Policy{File: name, sendUnsafe: opts.SendUnsafe},
		defaults: target{browsers: []*fetch.Profile{fetch.Chrome}},
	}
	if root := l.document(src); root != nil {
		l.collectAnchors(root)
		l.top(root)
	}
	if err := l.errs.sorted(name).err(); err != nil {
		return nil, err
	}
	return l.policy, nil
}

// document parses the YAML and returns the root of its only document.
func (l *loader) document(src []byte) ast.Node {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if i := invalidUTF8(src); i >= 0 {
		line := bytes.LastIndexByte(src[:i], '\n') + 1
		l.errs = append(l.errs, &Error{l.file, 1 + bytes.Count(src[:i], []byte("\n")), 1 + utf8.RuneCount(src[line:i]), "the policy is not UTF-8: save it as UTF-8"})
		return nil
	}
	file, err := parseYAML(src)
	if err != nil {
		l.errs = append(l.errs, l.syntaxError(err))
		return nil
	}
	var root ast.Node
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil || doc.Body.Type() == ast.DirectiveType: // %YAML 1.2
		case root != nil:
			l.errorf(doc.Body, "a policy is one document: remove what follows ---")
			return nil
		default:
			root = doc.Body
		}
	}
	if root == nil {
		l.errs = append(l.errs, &Error{l.file, 1, 1, "the policy is empty: it needs version: 1 and targets"})
	}
	return root
}

// invalidUTF8 is the index of the first byte that is no UTF-8, or -1.
func invalidUTF8(src []byte) int {
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// parseYAML turns a panic of the YAML parser on unforeseen input into an error:
// a broken file is the user's mistake, not a crash of ours.
func parseYAML(src []byte) (file *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML parser gave up: %v", r)
		}
	}()
	return parser.ParseBytes(src, 0, parser.AllowDuplicateMapKey())
}

func (l *loader) syntaxError(err error) *Error {
	e := &Error{l.file, 1, 1, "this is not YAML: " + printable(firstLine(err.Error()))}
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) {
		e.Message = "this is not YAML: " + syntaxProblem(syntax)
		if t := syntax.Token; t != nil && t.Position != nil {
			e.Line, e.Column = max(1, t.Position.Line), max(1, t.Position.Column)
		}
	}
	return e
}

// syntaxProblem is the parser's message, or what to do where that is plain.
func syntaxProblem(e *yaml.SyntaxError) string {
	if strings.Contains(printable(e.Message), `'\t'`) {
		return "a tab cannot indent: write spaces"
	}
	for t, n := e.Token, 0; t != nil && n < 2; t, n = t.Prev, n+1 {
		if t.Type == token.AliasType || t.Type == token.AnchorType {
			return "a text that begins with * or & needs quotes, else it names another part of the file"
		}
	}
	return printable(firstLine(e.Message))
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func (l *loader) top(root ast.Node) {
	fields, ok := l.fields(root, "the policy", topKeys)
	if !ok {
		return
	}
	given := map[string]ast.Node{}
	for _, f := range fields {
		given[f.name] = f.value
	}
	l.version(root, given["version"])
	if n := given["defaults"]; n != nil {
		l.readDefaults(n)
	}
	n := given["targets"]
	if n == nil {
		l.errorf(root, "the policy has no targets: add targets with a url and the origins to allow or deny")
		return
	}
	items, _ := l.list(n, "targets")
	for _, item := range items {
		l.readTarget(item)
	}
}

func (l *loader) version(root, n ast.Node) {
	if n == nil {
		l.errorf(root, "the policy has no version: add version: %d", Version)
		return
	}
	i, ok := l.resolve(n).(*ast.IntegerNode)
	if !ok || i.GetToken().Value != fmt.Sprint(Version) {
		l.errorf(n, "version must be %d, the only one there is", Version)
	}
}

func (l *loader) readDefaults(n ast.Node) {
	fields, _ := l.fields(n, "defaults", defaultsKeys)
	for _, f := range fields {
		switch f.name {
		case "timeout":
			l.timeout(f.value)
		case "headers":
			l.defaultHeaders = l.headers(f.value)
		case "methods":
			l.defaultMethods = l.methods(f.value)
		default:
			l.common(&l.defaults, f)
		}
	}
}

// common reads a key that defaults and targets share.
func (l *loader) common(t *target, f field) {
	switch f.name {
	case "browser":
		t.browsers = l.browsers(f.value)
	case "credentials":
		if s, ok := l.choice(f.value, "credentials", credentialsWords); ok {
			t.credentials = fetch.CredentialsMode(s)
		}
	case "redirect":
		if s, ok := l.choice(f.value, "redirect", redirectWords); ok {
			t.redirect = fetch.RedirectMode(s)
		}
	case "page-address":
		if s, ok := l.choice(f.value, "page-address", addressWords); ok {
			t.pageAddress = fetch.AddressSpace(s)
		}
	case "preflight-only":
		t.preflightOnly, _ = l.boolean(f.value, "preflight-only")
	case "expect":
		l.expect(f.value, &t.expect)
	}
}

func (l *loader) timeout(n ast.Node) {
	t, ok := l.scalar(n, "timeout")
	if !ok {
		return
	}
	d, err := time.ParseDuration(t.value)
	if err != nil || d <= 0 {
		l.errorf(n, "timeout must be a duration such as 10s or 500ms, not %s%s", t.shown(), t.hidden())
		return
	}
	l.policy.Timeout = d
}

var profiles = []*fetch.Profile{fetch.Chrome, fetch.Firefox, fetch.Safari}

// browsers reads one browser, a list of them, or all.
func (l *loader) browsers(n ast.Node) []*fetch.Profile {
	words := []string{"all"}
	for _, p := range profiles {
		words = append(words, p.Name)
	}
	items := []ast.Node{n}
	if _, isList := l.resolve(n).(*ast.SequenceNode); isList {
		items, _ = l.list(n, "browser")
		words = words[1:]
	}
	var picked []*fetch.Profile
	seen := map[string]bool{}
	for _, item := range items {
		word, ok := l.choice(item, "browser", words)
		switch {
		case !ok:
		case word == "all":
			return profiles
		case seen[word]:
			l.errorf(item, "browser %s is listed twice", word)
		default:
			seen[word] = true
			for _, p := range profiles {
				if p.Name == word {
					picked = append(picked, p)
				}
			}
		}
	}
	return picked
}
