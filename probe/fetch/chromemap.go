package fetch

import (
	"math/bits"
	"slices"
	"strings"
)

// Chrome keeps a request's headers in a hash map. Its iteration order is the
// order on the wire, and decides which of several headers that are not allowed
// is reported; so it has to be known. The hash is rapidhash over the
// case-folded name in UTF-16, the table has a power-of-two size, at most half
// full, with quadratic probing; script's headers go in first, sorted by name,
// then the client hints and User-Agent.

// chromeOrder returns the names in the order of the map.
func chromeOrder(names []string) []string {
	var few [16]uint32
	table := chromeTable{names: names, hashes: few[:0], slots: make([]int32, 8)}
	for i := range names {
		table.hashes = append(table.hashes, foldedHash(names[i]))
		table.insert(i)
	}
	out := make([]string, 0, table.used)
	for _, s := range table.slots {
		if s > 0 {
			out = append(out, names[s-1])
		}
	}
	return out
}

type chromeTable struct {
	names  []string
	hashes []uint32 // of the names
	slots  []int32  // of names, counted from 1; 0 is free
	used   int
}

func (t *chromeTable) insert(name int) {
	if !t.place(t.slots, name) {
		return
	}
	if t.used++; t.used*2 < len(t.slots) {
		return
	}
	grown := make([]int32, 2*len(t.slots))
	for _, s := range t.slots {
		if s > 0 {
			t.place(grown, int(s-1))
		}
	}
	t.slots = grown
}

// place reports false where the name is in the table already.
func (t *chromeTable) place(slots []int32, name int) bool {
	mask := uint32(len(slots) - 1)
	i := t.hashes[name] & mask
	for probe := uint32(0); slots[i] > 0; i = (i + probe) & mask {
		if equalFold(t.names[slots[i]-1], t.names[name]) {
			return false
		}
		probe++
	}
	slots[i] = int32(name + 1)
	return true
}

const (
	rapidSeed    = 0xbdd89aa982704029
	rapidSecret0 = 0x2d358dccaa6c78a5
	rapidSecret1 = 0x8bb84b93962eacc9
	rapidSecret2 = 0x4b33a62ed433d4a3
)

// foldedHash is rapidhash of the name in lower case and UTF-16, cut to 24 bits.
func foldedHash(name string) uint32 {
	r := foldedReader(name)
	n := uint64(2 * len(name)) // bytes of UTF-16
	seed := uint64(rapidSeed)
	seed ^= rapidMix(seed^rapidSecret0, rapidSecret1) ^ n
	var a, b uint64
	switch {
	case n >= 4 && n <= 16:
		last := len(name) - 2
		delta := int((n & 24) >> (n >> 3) / 2)
		a = r.read32(0)<<32 | r.read32(last)
		b = r.read32(delta)<<32 | r.read32(last-delta)
	case n > 16:
		seed, a, b = r.long(seed)
	case n > 0:
		a = r.at(0)
	}
	a ^= rapidSecret1
	b ^= seed
	b, a = bits.Mul64(a, b)
	h := uint32(rapidMix(a^rapidSecret0^n, b^rapidSecret1)) & 0xffffff
	if h == 0 {
		return 0x800000
	}
	return h
}

func rapidMix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// A foldedReader reads a name as if it were lower-case UTF-16; its offsets count
// characters.
type foldedReader string

func (r foldedReader) at(i int) uint64 {
	return uint64(lowerByte(r[i]))
}

func (r foldedReader) read32(i int) uint64 { return r.at(i) | r.at(i+1)<<16 }
func (r foldedReader) read64(i int) uint64 { return r.read32(i) | r.read32(i+2)<<32 }

// long hashes names of more than eight characters, 24 (48 bytes) at a time.
func (r foldedReader) long(seed uint64) (newSeed, a, b uint64) {
	p, left := 0, len(r)
	if left > 24 {
		see1, see2 := seed, seed
		for ; left >= 24; p, left = p+24, left-24 {
			seed = rapidMix(r.read64(p)^rapidSecret0, r.read64(p+4)^seed)
			see1 = rapidMix(r.read64(p+8)^rapidSecret1, r.read64(p+12)^see1)
			see2 = rapidMix(r.read64(p+16)^rapidSecret2, r.read64(p+20)^see2)
		}
		seed ^= see1 ^ see2
	}
	if left > 8 {
		seed = rapidMix(r.read64(p)^rapidSecret2, r.read64(p+4)^seed^rapidSecret1)
		if left > 16 {
			seed = rapidMix(r.read64(p+8)^rapidSecret2, r.read64(p+12)^seed)
		}
	}
	end := p + left
	return seed, r.read64(end - 8), r.read64(end - 4)
}

// chromeMapOrder is the order of script's headers and of those that the
// renderer adds to the map. It is made once: what a redirect removes leaves the
// order of the rest as it was.
func (f *Fetch) chromeMapOrder() []string {
	if len(f.scripted) == 0 && f.trustedFirst && !f.isElement() && !f.noCache() {
		return plainMapOrder
	}
	var few [16]string
	names := few[:0]
	for _, h := range f.scripted {
		names = append(names, h.Name)
	}
	if f.isXHR() { // kept in a map of its own until then, as script set them
		names = chromeOrder(names)
	} else {
		slices.SortFunc(names, func(a, b string) int { return strings.Compare(lowerName(a), lowerName(b)) })
	}
	if f.mapsOrigin() {
		names = append(names, "Origin")
	}
	if f.noCache() {
		names = append(names, "Accept")
	}
	if f.trustedFirst {
		names = append(names, clientHints...)
	}
	return chromeOrder(append(names, "User-Agent"))
}

// mapsOrigin: the renderer itself adds Origin to the requests of elements with
// crossorigin, and of modules and fonts.
func (f *Fetch) mapsOrigin() bool {
	return f.isElement() && f.fetchMode() == ModeCORS && originValue(f) != ""
}

var clientHints = []string{"sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform"}

// plainMapOrder is the order of a fetch() to which script added no header, as
// most of a long run are. Nobody may change it.
var plainMapOrder = chromeOrder(append(slices.Clone(clientHints), "User-Agent"))

// chromeCheckOrder is the order in which Chrome holds request headers against
// Access-Control-Allow-Headers: as in the map, those that only the sum of all
// values makes unsafe last.
func chromeCheckOrder(f *Fetch) []string {
	if len(f.unsafe) < 2 {
		return f.unsafe
	}
	out := make([]string, 0, len(f.unsafe))
	for _, pass := range []bool{false, true} {
		for _, name := range f.chromeMapOrder() {
			h := f.scriptHeader(name)
			if h != nil && f.p.isSafelistedRequestHeader(h.Name, h.Value) == pass && slices.Contains(f.unsafe, lowerName(name)) {
				out = append(out, lowerName(name))
			}
		}
	}
	return out
}
