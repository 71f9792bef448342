package diagnose

import (
	"context"
	"slices"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/fix"
)

// attachFixes adds to each finding the change that mends it on the server that
// was recognised, or on the one that the user named.
func (s *subject) attachFixes(ctx context.Context, found []finding.Finding) {
	if len(found) == 0 || s.at == nil {
		return
	}
	want := s.want()
	layers := s.recognised()
	if s.Stack == "" && found[0].Severity != finding.Info && !s.wantsTLS() && mendable(found[0].ID, want) && !fix.Sure(layers) {
		unknown := s.askUnknownPage(ctx)
		if unknown != nil {
			layers = s.recognisedByAll()
		}
		s.elsewhere(found, unknown)
	}
	for i := range found {
		f := &found[i]
		want := want
		key, id := s.Stack, f.ID
		switch {
		case i == 0 && s.wantsTLS():
			key, id = "", finding.MixedContent // the page is to change, whatever the server is
		case key == "":
			if layer, ok := fix.Owner(f.ID, layers); ok {
				key, want.Confidence, want.Why = layer.Stack, layer.Confidence, layer.Why
			}
		default:
			want.Confidence, want.Why = finding.High, "--stack"
		}
		if change, ok := fix.For(id, key, want); ok && strings.TrimSpace(change.Snippet) != "" {
			f.Fix = &change
		}
	}
}

// mendable reports whether a change of the server mends the finding, so that it
// is worth a request to know the server better.
func mendable(id finding.ID, want fix.Want) bool {
	change, ok := fix.For(id, "", want)
	return ok && change.Stack != "page"
}

// want is what the server has to permit: what this check asks for.
func (s *subject) want() fix.Want {
	req := s.res.Request
	w := fix.Want{
		URL: s.here(), Origin: req.Origin, Method: req.Method, Headers: s.unsafeNames(),
		Credentials: req.Credentials == fetch.CredentialsInclude, Preflight: s.res.PreflightNeeded,
	}
	w.Headers = slices.DeleteFunc(slices.Clone(w.Headers), responseOnly)
	if to, ok := s.location(); ok {
		w.Target = to
	} else if s.at.Message.Hop > 0 {
		w.Target = s.here()
	}
	if s.passedCORS() {
		for _, h := range s.at.Response.Headers {
			w.Expose = append(w.Expose, h.Name)
		}
		w.Expose = slices.DeleteFunc(w.Expose, func(name string) bool { return !s.isHidden(name) })
	}
	return w
}

// recognised are the stacks that the answers look like: those of the exchange
// that decided first, and, where that says nothing, all of them.
func (s *subject) recognised() []fix.Layer {
	if s.answered() {
		one := fix.Observation{Exchanges: []fetch.Exchange{*s.at}, Texts: []string{s.text()}}
		if layers := fix.Recognise(one); len(layers) > 0 {
			return layers
		}
	}
	return s.recognisedByAll()
}

// askUnknownPage asks for a page that does not exist, because nothing tells
// servers apart as well as their answer to that.
func (s *subject) askUnknownPage(ctx context.Context) *fetch.Result {
	if !s.answered() {
		return nil
	}
	page := *s.here()
	page.Path, page.Query, page.Fragment = "/corscheck-no-such-page", "", ""
	req := s.plainGET()
	req.URL, req.Cookies = page.Display(), nil
	return s.tryIt(ctx, req, "what its answer to an unknown page looks like, to recognise the server by")
}

// recognisedByAll looks at every answer.
func (s *subject) recognisedByAll() []fix.Layer {
	var all fix.Observation
	for _, x := range append(slices.Clone(s.res.Exchanges), s.asked...) {
		text := ""
		if x.Response != nil {
			text = s.textOf(x.Response)
		}
		all.Exchanges, all.Texts = append(all.Exchanges, x), append(all.Texts, text)
	}
	return fix.Recognise(all)
}

// layers are the names of what the answer that decided passed through.
func (s *subject) layers() []string {
	var out []string
	for _, layer := range fix.Recognise(fix.Observation{Exchanges: []fetch.Exchange{*s.at}, Texts: []string{s.text()}}) {
		if layer.Confidence == finding.Low {
			continue
		}
		if stack, ok := fix.Lookup(layer.Stack); ok {
			out = append(out, stack.Name)
		}
	}
	return out
}
