// Package policy reads corscheck.yaml, in which a team writes down which
// origins may read which endpoints, and turns it into checks with expectations.
//
// Reading is strict: a policy with any mistake yields no check at all, and every
// mistake is reported at once with its position, before any request is made.
// Variables are expanded after the file has been parsed, so that their values
// can change no structure, and no message ever shows one.
package policy

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// Version is the version of the policy format.
const Version = 1

// maxSize bounds a policy; long lists of origins belong in files of their own.
const maxSize = 4 << 20

// Options are what surrounds a policy.
type Options struct {
	// LookupEnv gives the variables of ${NAME}; nil: the process environment.
	LookupEnv func(name string) (value string, set bool)
	// Browsers replaces the browsers that the policy names; nil keeps them.
	Browsers []*fetch.Profile
	// SendUnsafe permits methods other than GET, HEAD and OPTIONS to be sent.
	SendUnsafe bool
	// Stdin is what the file name "-" means; nil: "-" is refused.
	Stdin io.Reader
}

// A Policy is a policy without mistakes.
type Policy struct {
	// File is the policy's name as it was given.
	File string
	// Timeout is the longest a check may take; 0 where the policy has none.
	Timeout time.Duration

	targets    []target
	secrets    []string // of variables in headers and bodies
	sendUnsafe bool
	lists      []*List
	err        error // met while the checks were listed
}

// A target is one entry under targets, completed from the defaults.
type target struct {
	source        probe.Source
	url           string
	requests      []request
	credentials   fetch.CredentialsMode
	redirect      fetch.RedirectMode
	pageAddress   fetch.AddressSpace
	browsers      []*fetch.Profile
	preflightOnly bool
	allow, deny   origins
	expect        expectations
}

// A request is one method with its headers.
type request struct {
	source  probe.Source
	method  string
	headers []fetch.Header
	body    []byte
}

// Load reads the policy in a file. Mistakes in the policy are Errors.
func Load(file string, opts Options) (*Policy, error) {
	src, dir, err := read(file, opts.Stdin)
	if err != nil {
		return nil, err
	}
	return parse(file, dir, src, opts)
}

// Parse reads a policy from memory; name is its file's name, and files that it
// includes are looked up beside it.
func Parse(name string, src []byte, opts Options) (*Policy, error) {
	return parse(name, filepath.Dir(name), src, opts)
}

func read(file string, stdin io.Reader) (src []byte, dir string, err error) {
	in := stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, "", &Error{File: file, Message: cannotRead(err)}
		}
		defer f.Close()
		in, dir = f, filepath.Dir(file)
	} else if in == nil {
		return nil, "", &Error{File: file, Message: "there is no standard input to read the policy from"}
	}
	src, err = io.ReadAll(io.LimitReader(in, maxSize+1))
	switch {
	case err != nil:
		return nil, "", &Error{File: file, Message: cannotRead(err)}
	case len(src) > maxSize:
		return nil, "", &Error{File: file, Message: fmt.Sprintf("a policy has at most %d MiB: move long lists of origins to a file and name it with {file: origins.txt}", maxSize>>20)}
	}
	return src, dir, nil
}

// Len is the number of checks.
func (p *Policy) Len() int {
	n := 0
	for _, t := range p.targets {
		n += (t.allow.len() + t.deny.len()) * len(t.requests) * len(t.browsers)
	}
	return n
}

// Checks lists the checks: target by target, then origin by origin, those to
// allow first, then request by request and browser by browser. Origins in files
// are read while the list is walked; see Err.
func (p *Policy) Checks() iter.Seq[probe.Check] {
	return func(yield func(probe.Check) bool) {
		for i := range p.targets {
			if !p.targets[i].each(p, yield) {
				return
			}
		}
	}
}

// Files are the files that the policy was read from: its own and those of
// origins. Those of origins are read again while the checks run.
func (p *Policy) Files() []string {
	files := []string{p.File}
	for _, l := range p.lists {
		files = append(files, l.Name)
	}
	return files
}

// Err is what kept Checks from coming to its end: a file of origins that was
// changed or removed since it was validated.
func (p *Policy) Err() error { return p.err }

// Close releases the files of origins.
func (p *Policy) Close() error {
	var errs []error
	for _, l := range p.lists {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}

func (t *target) each(p *Policy, yield func(probe.Check) bool) bool {
	allow := &probe.Expectation{Allow: true, PreflightSuffices: true, Verify: t.expect.verifier()}
	deny := &probe.Expectation{Allow: false, PreflightSuffices: true}
	for _, list := range []struct {
		origins *origins
		expect  *probe.Expectation
	}{{&t.allow, allow}, {&t.deny, deny}} {
		for o, err := range list.origins.all() {
			if err != nil {
				p.err = err
				return false
			}
			if !t.checksOf(o, list.expect, p, yield) {
				return false
			}
		}
	}
	return true
}

func (t *target) checksOf(o origin, expect *probe.Expectation, p *Policy, yield func(probe.Check) bool) bool {
	source := o.source
	for _, r := range t.requests {
		for _, b := range t.browsers {
			c := probe.Check{
				Request: fetch.Request{
					URL: t.url, Origin: o.value, Method: r.method, Headers: r.headers, Body: r.body,
					Credentials: t.credentials, Redirect: t.redirect, PageAddress: t.pageAddress,
					PreflightOnly: t.preflightOnly,
				},
				Browser: b, SendUnsafe: p.sendUnsafe, Expect: expect, Source: &source, Secrets: p.secrets,
			}
			if !yield(c) {
				return false
			}
		}
	}
	return true
}
