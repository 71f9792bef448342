package policy

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/corscheck/corscheck/probe"
)

// maxAlias bounds how far one alias may lead to the next.
const maxAlias = 8

// A field is one key of a mapping with its value.
type field struct {
	name       string
	key, value ast.Node
}

// resolve follows aliases and steps into anchors and !!str tags.
func (l *loader) resolve(n ast.Node) ast.Node {
	for range maxAlias {
		switch t := n.(type) {
		case *ast.AnchorNode:
			n = t.Value
		case *ast.TagNode:
			n = t.Value
		case *ast.AliasNode:
			target, ok := l.anchors[t.Value.GetToken().Value]
			if !ok {
				return n
			}
			n = target
		default:
			return n
		}
	}
	return n
}

// collectAnchors remembers what each alias of the document stands for.
func (l *loader) collectAnchors(root ast.Node) {
	ast.Walk(visitor(func(n ast.Node) {
		if a, ok := n.(*ast.AnchorNode); ok && a.Name != nil && a.Value != nil {
			l.anchors[a.Name.GetToken().Value] = a.Value
		}
	}), root)
}

type visitor func(ast.Node)

// Visit implements ast.Visitor.
func (v visitor) Visit(n ast.Node) ast.Visitor {
	v(n)
	return v
}

// start is the token where a node begins: a mapping's own token is its first
// colon, which is not where a reader looks.
func start(n ast.Node) *token.Token {
	switch t := n.(type) {
	case *ast.MappingNode:
		if !t.IsFlowStyle && len(t.Values) > 0 {
			return start(t.Values[0])
		}
	case *ast.MappingValueNode:
		return start(t.Key)
	case *ast.LiteralNode:
		if t.Start != nil {
			return t.Start
		}
	}
	return n.GetToken()
}

func (l *loader) source(n ast.Node) probe.Source {
	s := probe.Source{File: l.file, Line: 1, Column: 1}
	if t := start(n); t != nil && t.Position != nil {
		s.Line, s.Column = max(1, t.Position.Line), max(1, t.Position.Column)
	}
	return s
}

func (l *loader) errorf(n ast.Node, format string, args ...any) {
	s := l.source(n)
	l.errs = append(l.errs, &Error{s.File, s.Line, s.Column, fmt.Sprintf(format, args...)})
}

// kindOf names what a node is, for messages about wrong types.
func kindOf(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.NullNode:
		return "empty"
	case *ast.BoolNode:
		return "true or false"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	case *ast.AliasNode:
		return "an alias"
	}
	return "a string"
}

// fields gives the keys of a mapping in their order. Keys that are given twice,
// are no strings, or are not known are reported.
func (l *loader) fields(n ast.Node, what string, known []string) ([]field, bool) {
	all, ok := l.mapping(n, what)
	if !ok {
		return nil, false
	}
	kept := all[:0]
	for _, f := range all {
		if !contains(known, f.name) {
			l.errorf(f.key, "unknown key %s in %s%s", quote(f.name), what, l.misplaced(f.name, what, known))
			continue
		}
		kept = append(kept, f)
	}
	return kept, true
}

// mapping gives the keys of a mapping whose keys are free.
func (l *loader) mapping(n ast.Node, what string) ([]field, bool) {
	node := l.resolve(n)
	m, ok := node.(ast.MapNode)
	if !ok {
		l.errorf(n, "%s must be a mapping of keys to values, this is %s", what, kindOf(node))
		return nil, false
	}
	var own, merged []field
	seen := map[string]bool{}
	for it := m.MapRange(); it.Next(); {
		if _, merge := it.Key().(*ast.MergeKeyNode); merge {
			if more, ok := l.merged(it.Value(), what); ok {
				merged = append(merged, more...)
			}
			continue
		}
		name, ok := keyName(it.Key())
		if !ok {
			l.errorf(it.Key(), "a key of %s must be a plain word", what)
			continue
		}
		if seen[name] {
			l.errorf(it.Key(), "key %s is given twice in %s", quote(name), what)
			continue
		}
		seen[name] = true
		own = append(own, field{name, it.Key(), it.Value()})
	}
	for _, f := range merged {
		if !seen[f.name] {
			seen[f.name] = true
			own = append(own, f)
		}
	}
	return own, true
}

// merged gives the keys of a mapping named by <<, one level deep: a policy has
// no use for more, and a cycle must end.
func (l *loader) merged(n ast.Node, what string) ([]field, bool) {
	m, ok := l.resolve(n).(ast.MapNode)
	if !ok {
		l.errorf(n, "<< in %s must name a mapping", what)
		return nil, false
	}
	var all []field
	for it := m.MapRange(); it.Next(); {
		if name, ok := keyName(it.Key()); ok {
			all = append(all, field{name, it.Key(), it.Value()})
		}
	}
	return all, true
}

func keyName(k ast.MapKeyNode) (string, bool) {
	switch t := k.(type) {
	case *ast.StringNode:
		return t.Value, true
	case *ast.MergeKeyNode, *ast.MappingKeyNode:
		return "", false
	case ast.ScalarNode:
		return t.GetToken().Value, true
	}
	return "", false
}

// list gives the items of a list that must not be empty.
func (l *loader) list(n ast.Node, what string) ([]ast.Node, bool) {
	node := l.resolve(n)
	seq, ok := node.(*ast.SequenceNode)
	switch {
	case !ok:
		l.errorf(n, "%s must be a list, this is %s%s", what, kindOf(node), asList(node))
		return nil, false
	case len(seq.Values) == 0:
		l.errorf(n, "%s is an empty list: name at least one, or drop the key", what)
		return nil, false
	}
	return seq.Values, true
}

// asList shows how a lone scalar is written as a list.
func asList(n ast.Node) string {
	s, ok := n.(*ast.StringNode)
	if !ok || s.Value == "" || strings.ContainsAny(s.Value, "\n,[]{}#") {
		return ""
	}
	return ": write [" + strings.Trim(quote(s.Value), `"`) + "]"
}

// str gives a string with its variables expanded.
func (l *loader) str(n ast.Node, what string) (text, bool) {
	switch t := l.resolve(n).(type) {
	case *ast.StringNode:
		return l.expand(n, t.Value)
	case *ast.LiteralNode:
		return l.expand(n, t.Value.Value)
	default:
		l.errorf(n, "%s must be a string, this is %s", what, kindOf(t))
		return text{}, false
	}
}

// scalar is str for places where a number or a truth value is clear enough
// without quotes; it is taken as it was written.
func (l *loader) scalar(n ast.Node, what string) (text, bool) {
	switch t := l.resolve(n).(type) {
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		v := t.GetToken().Value
		return text{value: v, raw: v}, true
	}
	return l.str(n, what)
}

func (l *loader) expand(n ast.Node, raw string) (text, bool) {
	return expand(raw, l.opts.LookupEnv, func(message string) { l.errorf(n, "%s", message) })
}

func (l *loader) boolean(n ast.Node, what string) (bool, bool) {
	node := l.resolve(n)
	b, ok := node.(*ast.BoolNode)
	if !ok {
		l.errorf(n, "%s must be true or false, this is %s", what, kindOf(node))
		return false, false
	}
	return b.Value, true
}

// choice gives one of a few words.
func (l *loader) choice(n ast.Node, what string, words []string) (string, bool) {
	t, ok := l.str(n, what)
	if ok && !contains(words, t.value) {
		l.errorf(n, "%s must be %s, not %s%s", what, oneOf(words, "or"), t.shown(), t.hidden())
		return "", false
	}
	return t.value, ok
}

// misplaced ends the message about an unknown key: where it belongs, or which
// key was probably meant.
func (l *loader) misplaced(name, what string, known []string) string {
	switch {
	case what == "a target" && name == "method":
		return "; write methods: [PUT]"
	case what == "a target" && contains(requestKeys, name):
		return "; it belongs into an entry of requests: write requests: [{method: PUT, " + name + ": ...}]"
	case what == "a target" && name == "timeout":
		return "; it belongs into defaults, for the whole run"
	case what == "a target" && (name == "origin" || name == "origins"):
		return "; list origins under allow or deny"
	case what == "the policy" && contains(targetKeys, name):
		return "; it belongs into an entry of targets"
	case contains(expectKeys, name) && what != "expect":
		return "; it belongs into expect"
	}
	return suggest(name, known)
}
