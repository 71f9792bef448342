package policy

import (
	"hash/maphash"
	"iter"
	"path/filepath"

	"github.com/goccy/go-yaml/ast"

	"github.com/corscheck/corscheck/probe"
)

// An origin is one origin of a list and where it was written down.
type origin struct {
	value  string
	source probe.Source
}

// origins are a list of origins; parts of it may stand in files.
type origins struct {
	parts []originPart
}

type originPart struct {
	origin       // where file is nil
	file   *List // shared by all lists that name the same file
}

func (o *origins) len() int {
	n := 0
	for _, p := range o.parts {
		if p.file != nil {
			n += p.file.Len()
		} else {
			n++
		}
	}
	return n
}

func (o *origins) all() iter.Seq2[origin, error] {
	return func(yield func(origin, error) bool) {
		for _, p := range o.parts {
			if p.file == nil {
				if !yield(p.origin, nil) {
					return
				}
				continue
			}
			for item, err := range p.file.All() {
				if !yield(origin{item.Value, p.file.Source(item)}, err) || err != nil {
					return
				}
			}
		}
	}
}

// origins reads a list of origins, {file: NAME}, or a list that mixes both.
func (l *loader) origins(n ast.Node, key string) origins {
	if _, isMap := l.resolve(n).(ast.MapNode); isMap {
		return origins{l.originFile(n)}
	}
	var list origins
	items, _ := l.list(n, key)
	seen := map[string]bool{}
	for _, item := range items {
		if _, isMap := l.resolve(item).(ast.MapNode); isMap {
			list.parts = append(list.parts, l.originFile(item)...)
			continue
		}
		value, ok := l.origin(item)
		switch {
		case !ok:
		case seen[value.value]:
			l.errorf(item, "origin %s is listed twice under %s", value.shown(), key)
		default:
			seen[value.value] = true
			list.parts = append(list.parts, originPart{origin: origin{value.value, l.source(item)}})
		}
	}
	return list
}

func (l *loader) origin(n ast.Node) (text, bool) {
	if _, null := l.resolve(n).(*ast.NullNode); null {
		l.errorf(n, `an unquoted null is no value in YAML: write "null" for the origin of sandboxed frames and file: pages`)
		return text{}, false
	}
	t, ok := l.str(n, "an origin")
	if !ok {
		return text{}, false
	}
	value, err := probe.ParseOrigin(t.value)
	if err != nil {
		l.refuse(n, t, "an origin", "https://app.example.com", err)
		return text{}, false
	}
	t.value = value
	return t, true
}

// originFile reads {file: NAME} and opens the file; one file is opened once.
func (l *loader) originFile(n ast.Node) []originPart {
	before := len(l.errs)
	fields, _ := l.fields(n, "a file of origins", fileKeys)
	if len(l.errs) > before {
		return nil
	}
	if len(fields) == 0 {
		l.errorf(n, "a file of origins needs its name: write {file: origins.txt}")
		return nil
	}
	name, ok := l.str(fields[0].value, "file")
	if !ok {
		return nil
	}
	path := name.value
	if path == "" || path == "-" {
		l.errorf(fields[0].value, "file must name a file beside the policy%s", name.hidden())
		return nil
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(l.dir, path)
	}
	list, known := l.files[path]
	if !known {
		list = l.openOrigins(fields[0].value, name, path)
		l.files[path] = list
	}
	if list == nil {
		return nil
	}
	return []originPart{{file: list}}
}

func (l *loader) openOrigins(n ast.Node, name text, path string) *List {
	list, err := OpenList(path, nil, probe.ParseOrigin)
	switch err := err.(type) {
	case nil:
		l.policy.lists = append(l.policy.lists, list)
		return list
	case Errors:
		for _, e := range err {
			if name.expanded() {
				e.File = name.raw
			}
		}
		l.errs = append(l.errs, err...)
	case *Error:
		if err.Line > 0 {
			l.errs = append(l.errs, err)
		} else {
			l.errorf(n, "file %s: %s", name.shown(), err.Message)
		}
	default:
		l.errorf(n, "file %s: %s", name.shown(), err)
	}
	return nil
}

// contradictions reports origins that a target both allows and denies. It keeps
// a hash of each rather than the origin, as lists may have a million of them.
func (l *loader) contradictions(t *target) {
	if t.allow.len() == 0 || t.deny.len() == 0 {
		return
	}
	seed := maphash.MakeSeed()
	allowed := make(map[uint64]struct{}, t.allow.len())
	for o, err := range t.allow.all() {
		if err != nil {
			break
		}
		allowed[maphash.String(seed, o.value)] = struct{}{}
	}
	for o, err := range t.deny.all() {
		if err != nil {
			break
		}
		if _, both := allowed[maphash.String(seed, o.value)]; both {
			s := o.source
			l.errs = append(l.errs, &Error{s.File, s.Line, s.Column, "this origin is also under allow: a target can only allow it or deny it"})
		}
	}
}
