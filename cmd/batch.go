package cmd

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// A batch is the checks of one command line: every combination of URL, origin,
// method and browser. It is built lazily, as a file of origins may name a
// million.
type batch struct {
	checks iter.Seq[probe.Check]
	total  int
	// defaultOrigin is the origin that was assumed, empty where one was given.
	defaultOrigin string

	origins *originList
}

// err is what kept the checks from coming to their end.
func (b *batch) err() error { return b.origins.err }

// A target is one URL of a batch and where it was written down.
type target struct {
	url    string
	source *probe.Source
}

// batch turns the flags of a request into checks. Everything that can be wrong
// with them is found here, before anything is sent.
func (f *requestFlags) batch(e *env, urls []string) (*batch, error) {
	targets, err := f.targets(e, urls)
	if err != nil {
		return nil, err
	}
	template, methods, err := f.template(e)
	if err != nil {
		return nil, err
	}
	origins, notes, err := f.originList(e)
	if err != nil {
		return nil, err
	}
	browsers := f.profiles()
	b := &batch{origins: origins, total: len(targets) * max(origins.count, 1) * len(methods) * len(browsers)}
	if origins.count == 0 {
		b.defaultOrigin = probe.DefaultOrigin(targets[0].url)
	}
	b.checks = func(yield func(probe.Check) bool) {
		for _, target := range targets {
			for o := range origins.forTarget(target.url) {
				for _, method := range methods {
					for _, browser := range browsers {
						if !yield(template.check(target, o, method, browser, notes)) {
							return
						}
					}
				}
			}
		}
	}
	return b, validate(template, targets, origins, methods, browsers)
}

// validate finds what makes fetch() itself throw. That depends on anything but
// the origin, which has been parsed, so one of them stands for all.
func validate(t *checkTemplate, targets []target, origins *originList, methods []string, browsers []*fetch.Profile) error {
	for _, target := range targets {
		for o := range origins.forTarget(target.url) {
			for _, method := range methods {
				for _, browser := range browsers {
					c := t.check(target, o, method, browser, nil)
					if err := c.Validate(); err != nil {
						return refusal(err)
					}
				}
			}
			break
		}
	}
	return nil
}

// A checkTemplate is what all checks of a batch have in common.
type checkTemplate struct {
	request    fetch.Request
	sendUnsafe bool
	expect     *probe.Expectation
	notes      []string
}

func (t *checkTemplate) check(target target, o origin, method string, browser *fetch.Profile, notes []string) probe.Check {
	r := t.request
	r.URL, r.Origin, r.Method = target.url, o.value, method
	notes = slices.Concat(t.notes, notes)
	if r.Body != nil && !mayHaveBody(method) {
		r.Body = nil
		notes = append(notes, bodyLeftOut(method))
	}
	if o.note != "" {
		notes = append(notes, o.note)
	}
	source := o.source
	if source == nil {
		source = target.source
	}
	return probe.Check{
		Request: r, Browser: browser, SendUnsafe: t.sendUnsafe,
		Expect: t.expect, Source: source, Notes: notes,
	}
}

// template reads the flags that all checks share.
func (f *requestFlags) template(e *env) (t *checkTemplate, methods []string, err error) {
	t = &checkTemplate{sendUnsafe: f.sendUnsafe, request: fetch.Request{
		Credentials:   fetch.CredentialsMode(f.credentials.value),
		Redirect:      fetch.RedirectMode(f.redirect.value),
		Mode:          fetch.Mode(f.mode.value),
		Initiator:     fetch.Initiator(f.initiator.value),
		PageAddress:   fetch.AddressSpace(f.pageAddress.value),
		Cookies:       f.cookies,
		ThirdParty:    fetch.ThirdParty(f.thirdParty.value),
		UserAgent:     f.userAgent,
		PreflightOnly: f.preflightOnly,
	}}
	if f.expect.value != "" {
		t.expect = &probe.Expectation{Allow: f.expect.value == "allow"}
	}
	if t.request.Headers, err = readHeaders(e, f.headers); err != nil {
		return nil, nil, err
	}
	if strings.ContainsAny(f.userAgent, "\r\n\x00") {
		return nil, nil, usagef("--user-agent: the value has a line break in it")
	}
	if t.notes, err = f.cookieNotes(); err != nil {
		return nil, nil, err
	}
	if f.hasData {
		if t.request.Body, err = readData(e, f.data); err != nil {
			return nil, nil, err
		}
	}
	methods, err = f.methodList()
	return t, methods, err
}

// cookieNotes checks the cookies.
func (f *requestFlags) cookieNotes() (notes []string, err error) {
	for _, cookie := range f.cookies {
		note, err := probe.ParseCookie(cookie)
		if err != nil {
			return nil, flagged("--cookie", err)
		}
		if note != "" {
			notes = append(notes, note)
		}
	}
	return notes, nil
}

// methodList is what -X says, or the default. A body goes only with methods
// that can have one.
func (f *requestFlags) methodList() (methods []string, err error) {
	if len(f.methods) == 0 {
		if f.hasData {
			return []string{"POST"}, nil
		}
		return []string{"GET"}, nil
	}
	bodied := false
	for _, typed := range f.methods {
		method, err := probe.ParseMethod(typed)
		if err != nil {
			return nil, flagged("-X", err)
		}
		if !slices.ContainsFunc(methods, func(m string) bool { return fetch.NormalizeMethod(m) == fetch.NormalizeMethod(method) }) {
			methods = append(methods, method)
		}
		bodied = bodied || mayHaveBody(method)
	}
	if f.hasData && !bodied {
		return nil, usagef("-d: fetch() itself throws a TypeError, as a %s request cannot have a body", strings.ToUpper(methods[0])).
			withHint("leave out -d, or choose a method that can have one, as -X POST")
	}
	return methods, nil
}

// mayHaveBody: GET and HEAD make the Request constructor throw with a body.
func mayHaveBody(method string) bool {
	return !strings.EqualFold(method, "GET") && !strings.EqualFold(method, "HEAD")
}

func bodyLeftOut(method string) string {
	return "the body is left out: a " + strings.ToUpper(method) + " request cannot have one"
}

// targets are the URLs of the command line, then those of --urls, each once.
func (f *requestFlags) targets(e *env, urls []string) ([]target, error) {
	if f.urlsFile == "-" && f.originsFile == "-" {
		return nil, usagef("--origins and --urls cannot both be stdin")
	}
	targets := make([]target, 0, len(urls))
	seen := map[string]bool{}
	add := func(t target) {
		if key := normalURL(t.url); !seen[key] {
			seen[key] = true
			targets = append(targets, t)
		}
	}
	for _, typed := range urls {
		url, err := probe.ParseTarget(typed)
		if err != nil {
			if input, ok := err.(*probe.InputError); ok {
				return nil, &targetError{typed, input}
			}
			return nil, err
		}
		add(target{url: url})
	}
	if f.urlsFile == "" {
		return targets, nil
	}
	list, err := e.openList("--urls", f.urlsFile, probe.ParseTarget)
	if err != nil {
		return nil, err
	}
	defer list.Close()
	for item, err := range list.All() {
		if err != nil {
			return nil, err
		}
		add(target{item.Value, sourceOf(list, item)})
	}
	return targets, nil
}

// normalURL is the URL as a browser writes it, so that one that was given twice
// is recognised.
func normalURL(typed string) string {
	u, err := fetch.ParseURL(typed, nil)
	if err != nil {
		return typed
	}
	return u.String()
}

// readHeaders reads the values of -H: a header line each, or @file of them.
func readHeaders(e *env, values []string) ([]fetch.Header, error) {
	var headers []fetch.Header
	for _, value := range values {
		file, isFile := strings.CutPrefix(value, "@")
		if !isFile {
			h, err := probe.ParseHeader(value)
			if err != nil {
				return nil, flagged("-H", err)
			}
			headers = append(headers, h)
			continue
		}
		text, err := readInput(e, file)
		if err != nil {
			return nil, usagef("-H: %w", err)
		}
		for i, line := range strings.Split(strings.TrimRight(string(text), "\r\n"), "\n") {
			line = strings.TrimSuffix(line, "\r")
			if trimmed := strings.TrimSpace(line); trimmed == "" || strings.HasPrefix(trimmed, "#") {
				continue
			}
			h, err := probe.ParseHeader(line)
			if err != nil {
				return nil, flagged(fmt.Sprintf("%s:%d", nameOfInput(file), i+1), err)
			}
			headers = append(headers, h)
		}
	}
	return headers, nil
}

// readData reads the value of -d: text, or @file.
func readData(e *env, value string) ([]byte, error) {
	file, isFile := strings.CutPrefix(value, "@")
	if !isFile {
		return []byte(value), nil // an empty body is not no body
	}
	data, err := readInput(e, file)
	if err != nil {
		return nil, usagef("-d: %w", err)
	}
	return append([]byte{}, data...), nil
}

// maxInput is more than any header file or request body that makes sense here.
const maxInput = 64 << 20

// readInput reads a file, or stdin for "-".
func readInput(e *env, name string) ([]byte, error) {
	if name == "" {
		return nil, fmt.Errorf("@ names no file")
	}
	r := e.stdin
	if name == "-" {
		if e.stdinRead {
			return nil, fmt.Errorf("stdin is read by another flag already")
		}
		e.stdinRead = true
	} else {
		f, err := os.Open(name)
		if err != nil {
			return nil, unreadable(err)
		}
		defer f.Close()
		r = f
	}
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(r, maxInput+1))
	if err != nil {
		return nil, unreadable(err)
	}
	if n > maxInput {
		return nil, fmt.Errorf("%s is larger than %d MiB", nameOfInput(name), maxInput>>20)
	}
	return b.Bytes(), nil
}

// unreadable says which file cannot be read and why, in the order a person
// reads it.
func unreadable(err error) error {
	if path, ok := err.(*os.PathError); ok {
		return fmt.Errorf("cannot read %s: %w", nameOfInput(path.Path), path.Err)
	}
	return err
}

func nameOfInput(name string) string {
	if name == "-" {
		return "stdin"
	}
	return name
}

// flagged says which flag, or which line of a file, an error is about.
func flagged(where string, err error) error {
	return &usageError{message: where + ": " + err.Error(), hint: hintOf(err), cause: err}
}
