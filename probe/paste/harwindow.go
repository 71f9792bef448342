package paste

import (
	"slices"
	"strings"
	"time"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
)

// harWindowSize is how many fetches are held, so that a preflight finds its
// request, and a redirect its next hop: browsers sort entries by time, and some
// put the preflight behind its request.
const harWindowSize = 1000

// nearby is how far apart in time a preflight and its request may be.
const nearby = time.Minute

// A harWindow holds the fetches that are not judged yet, in the order of the
// file.
type harWindow struct {
	har     *HAR
	yield   func(probe.Check) bool
	stopped bool

	held  []*exchange
	first int                    // in held; what is before was judged
	byURL map[string][]*exchange // of those held
}

func newHARWindow(h *HAR, yield func(probe.Check) bool) *harWindow {
	return &harWindow{har: h, yield: yield, byURL: map[string][]*exchange{}}
}

// add takes an entry in and judges the oldest where there are too many. It
// returns false when nobody wants more.
func (w *harWindow) add(e *harEntry, line int) bool {
	x := w.har.exchangeOf(e, line)
	if x == nil {
		w.har.stats.Unreadable++
		return !w.stopped
	}
	if e.ServiceWorker { // its own request to the server is another entry
		w.har.stats.ServiceWorker++
		return !w.stopped
	}
	if !x.isFetch(e.ResourceType) {
		w.har.stats.NoCORS++
		return !w.stopped
	}
	w.held = append(w.held, x)
	key := x.url.String()
	w.byURL[key] = append(w.byURL[key], x)
	if len(w.held)-w.first > harWindowSize {
		w.judgeOldest()
	}
	return !w.stopped
}

// flush judges what is left.
func (w *harWindow) flush() {
	for !w.stopped && w.first < len(w.held) {
		w.judgeOldest()
	}
}

func (w *harWindow) judgeOldest() {
	x := w.held[w.first]
	w.held[w.first] = nil
	if w.first++; w.first > harWindowSize {
		w.held = append(w.held[:0], w.held[w.first:]...)
		w.first = 0
	}
	if !x.used {
		w.judge(x)
	}
	w.forget(x)
}

func (w *harWindow) forget(x *exchange) {
	key := x.url.String()
	left := slices.DeleteFunc(w.byURL[key], func(y *exchange) bool { return y == x })
	if len(left) == 0 {
		delete(w.byURL, key)
	} else {
		w.byURL[key] = left
	}
}

// judge makes a check of x and of what belongs to it.
func (w *harWindow) judge(x *exchange) {
	if x.isPreflight {
		if request := w.requestOf(x); request != nil {
			request.preflight = x // and the request makes the check, in its turn
			x.used = true
			return
		}
		w.emit(&harFetch{har: w.har, alone: x})
		return
	}
	if x.get("Origin") == fetch.NullOrigin { // at the first hop it is the page's own
		x.origin, x.page = fetch.NullOrigin, ""
	}
	f := &harFetch{har: w.har, hops: w.chain(x)}
	if !f.crossOrigin() {
		w.har.stats.SameOrigin++
		return
	}
	f.cookieTaken = w.cookieTaken(f)
	w.emit(f)
}

func (w *harWindow) emit(f *harFetch) {
	c := f.check()
	if c.Validate() != nil { // nothing that a script could have asked for
		w.har.stats.Unreadable++
		return
	}
	w.har.stats.Checks++
	if !w.yield(c) {
		w.stopped = true
	}
}

// chain is a request and the hops that its redirects led to, each with its
// preflight where the file has one.
func (w *harWindow) chain(x *exchange) []*exchange {
	hops := []*exchange{x}
	for len(hops) <= 21 {
		last := hops[len(hops)-1]
		last.used = true
		if last.preflight == nil {
			last.preflight = w.preflightOf(last, hops[0].origin)
		}
		to := last.location()
		if to == nil {
			break
		}
		next := w.nextHop(last, to)
		if next == nil {
			next = w.onlyPreflight(last, to)
		}
		if next == nil {
			break
		}
		hops = append(hops, next)
	}
	return hops
}

// nextHop is the request that a redirect led to: the next one to its URL.
func (w *harWindow) nextHop(from *exchange, to *fetch.URL) *exchange {
	for _, y := range w.byURL[to.String()] {
		if !y.used && !y.isPreflight && !y.start.Before(from.start) && y.start.Sub(from.start) < nearby {
			return y
		}
	}
	return nil
}

// onlyPreflight is a hop that never left, as its preflight failed: a request of
// which the file has nothing else.
func (w *harWindow) onlyPreflight(from *exchange, to *fetch.URL) *exchange {
	for _, y := range w.byURL[to.String()] {
		if !y.used && y.isPreflight && !y.start.Before(from.start) && y.start.Sub(from.start) < nearby {
			y.used = true
			return &exchange{url: to, preflight: y, line: y.line, start: y.start, method: y.get("Access-Control-Request-Method")}
		}
	}
	return nil
}

// preflightOf is the preflight of a request: to its URL, for its method and
// headers, nearest in time. A preflight that failed made its request fail.
func (w *harWindow) preflightOf(x *exchange, page string) *exchange {
	var best *exchange
	for _, y := range w.byURL[x.url.String()] {
		if y.used || !y.isPreflight || !belongs(y, x) || page != "" && y.origin != "" && y.get("Origin") != fetch.NullOrigin && y.origin != page {
			continue
		}
		if best == nil || distance(x, y) < distance(x, best) {
			best = y
		}
	}
	if best != nil {
		best.used = true
	}
	return best
}

// requestOf is the request of a preflight.
func (w *harWindow) requestOf(p *exchange) *exchange {
	var best *exchange
	for _, y := range w.byURL[p.url.String()] {
		if y.used || y.preflight != nil || y.isPreflight || !belongs(p, y) || y.origin != "" && p.get("Origin") != fetch.NullOrigin && y.origin != p.origin {
			continue
		}
		if best == nil || distance(p, y) < distance(p, best) {
			best = y
		}
	}
	return best
}

func distance(a, b *exchange) time.Duration { return a.start.Sub(b.start).Abs() }

// belongs reports whether preflight p asks for request x.
func belongs(p, x *exchange) bool {
	if distance(p, x) > nearby || !sameMethod(p.get("Access-Control-Request-Method"), x.method) {
		return false
	}
	// A request that never left has only part of its headers in the file.
	if x.response == nil || x.failed {
		return true
	}
	for name := range strings.SplitSeq(p.get("Access-Control-Request-Headers"), ",") {
		name = strings.TrimSpace(name)
		if name != "" && !x.has(name) && !mayBeMissing(name, x) {
			return false
		}
	}
	return true
}

// mayBeMissing: exports leave credentials out, and WebKit asks for the type of a
// body that a redirect has dropped.
func mayBeMissing(name string, x *exchange) bool {
	return strings.EqualFold(name, "authorization") || strings.EqualFold(name, "content-type") && x.body == nil
}

// sameMethod: browsers write the method of a request as it went out.
func sameMethod(a, b string) bool { return a == b || strings.EqualFold(a, b) }

// cookieTaken reports whether a cookie that an answer of f set went out with a
// later request to the same host: then f was made with credentials.
func (w *harWindow) cookieTaken(f *harFetch) bool {
	for _, hop := range f.hops {
		if len(hop.setCookies) == 0 || !hop.crossOrigin() {
			continue
		}
		for _, later := range w.held[w.first:] {
			if later.url.Host != hop.url.Host || later.start.Before(hop.start) {
				continue
			}
			for _, name := range hop.setCookies {
				if strings.Contains("; "+later.get("Cookie"), "; "+name+"=") {
					return true
				}
			}
		}
	}
	return false
}
