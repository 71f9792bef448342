package fetch

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// parseHost is the host parser of the URL Standard: IPv6 in brackets, IPv4 in
// all its spellings, domains to lower-case punycode.
// https://url.spec.whatwg.org/#host-parsing
func (p urlParser) parseHost(s string, special bool) (string, error) {
	if strings.HasPrefix(s, "[") {
		return parseIPv6(s)
	}
	if !special {
		if strings.ContainsAny(s, "\x00\t\n\r #/:<>?@[\\]^|") {
			return "", errURL
		}
		return percentEncode(s, inC0Set), nil
	}
	s = percentDecode(s)
	if p.escapesSpace && strings.Contains(s, " ") {
		rest, err := p.parseHost(strings.ReplaceAll(s, " ", "x"), special)
		if err != nil || len(rest) != len(s) {
			return "", errURL
		}
		return strings.ReplaceAll(strings.ToLower(s), " ", "%20"), nil
	}
	domain, err := p.domainToASCII(s)
	if err != nil || domain == "" || hasForbiddenDomainByte(domain) || p.refusesQuote && strings.Contains(domain, `"`) {
		return "", errURL
	}
	if endsInNumber(domain) {
		if p.refusesBareHex && hasBareHex(domain) {
			return "", errURL
		}
		return parseIPv4(domain)
	}
	return domain, nil
}

// parseIPv6: https://url.spec.whatwg.org/#concept-ipv6-parser
func parseIPv6(s string) (string, error) {
	if !strings.HasSuffix(s, "]") || strings.Contains(s, "%") {
		return "", errURL
	}
	addr, err := netip.ParseAddr(s[1 : len(s)-1])
	if err != nil || !addr.Is6() {
		return "", errURL
	}
	return "[" + serializeIPv6(addr.As16()) + "]", nil
}

// serializeIPv6 never uses the dotted form for an embedded IPv4 address, which
// is why netip's own String does not serve.
// https://url.spec.whatwg.org/#concept-ipv6-serializer
func serializeIPv6(a [16]byte) string {
	var piece [8]uint16
	for i := range piece {
		piece[i] = uint16(a[2*i])<<8 | uint16(a[2*i+1])
	}
	start, length := longestZeroRun(piece)
	var b strings.Builder
	for i := 0; i < 8; i++ {
		if i == start {
			b.WriteString("::")
			i += length - 1
			continue
		}
		if i > 0 && (start < 0 || i != start+length) {
			b.WriteByte(':')
		}
		b.WriteString(strconv.FormatUint(uint64(piece[i]), 16))
	}
	return b.String()
}

// longestZeroRun finds the pieces that "::" stands for: the first longest run of zeros,
// of two or more; start is -1 where there is none.
func longestZeroRun(piece [8]uint16) (start, length int) {
	start = -1
	for i := 0; i < 8; {
		j := i
		for j < 8 && piece[j] == 0 {
			j++
		}
		if n := j - i; n > 1 && n > length {
			start, length = i, n
		}
		if j == i {
			j++
		}
		i = j
	}
	return start, length
}

// idnaProfile is "domain to ASCII" with beStrict false.
// https://url.spec.whatwg.org/#concept-domain-to-ascii
var idnaProfile = idna.New(
	idna.MapForLookup(),
	idna.Transitional(false),
	idna.StrictDomainName(false),
	idna.CheckHyphens(false),
	idna.BidiRule(),
	idna.CheckJoiners(true),
)

// domainToASCII: https://url.spec.whatwg.org/#concept-domain-to-ascii
func (p urlParser) domainToASCII(s string) (string, error) {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			plain = false
		}
	}
	if plain {
		lower := strings.ToLower(s)
		if p.trustsPunycode || !strings.Contains(lower, "xn--") {
			return lower, nil
		}
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError) {
		return "", errURL
	}
	ascii, err := idnaProfile.ToASCII(s)
	if err != nil {
		return "", err
	}
	// What it maps to has to be a domain in its own right.
	return idnaProfile.ToASCII(ascii)
}

// hasForbiddenDomainByte looks for a forbidden domain code point. The characters
// " ` { } are none, though few hosts have them; of the browsers only Firefox refuses
// one of these, the quotation mark: see urlParser.refusesQuote.
// https://url.spec.whatwg.org/#forbidden-domain-code-point
func hasForbiddenDomainByte(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`#%/:<>?@[\]^|`, c) >= 0 {
			return true
		}
	}
	return false
}

// endsInNumber: https://url.spec.whatwg.org/#ends-in-a-number-checker
func endsInNumber(s string) bool {
	s = strings.TrimSuffix(s, ".")
	last := s[strings.LastIndexByte(s, '.')+1:]
	if last == "" || !isDigit(last[0]) {
		return false
	}
	allDigits := true
	for i := 0; i < len(last); i++ {
		allDigits = allDigits && isDigit(last[i])
	}
	if allDigits {
		return true
	}
	_, ok := parseIPv4Number(last)
	return ok
}

// hasBareHex reports whether the last label is "0x": see urlParser.refusesBareHex.
func hasBareHex(domain string) bool {
	domain = strings.TrimSuffix(domain, ".")
	return domain[strings.LastIndexByte(domain, '.')+1:] == "0x"
}

// parseIPv4: https://url.spec.whatwg.org/#concept-ipv4-parser
func parseIPv4(s string) (string, error) {
	parts := strings.Split(strings.TrimSuffix(s, "."), ".")
	if len(parts) > 4 {
		return "", errURL
	}
	var ip uint64
	for i, p := range parts {
		n, ok := parseIPv4Number(p)
		if !ok {
			return "", errURL
		}
		if i == len(parts)-1 {
			if n >= 1<<(8*(5-uint(len(parts)))) {
				return "", errURL
			}
			ip += n
			break
		}
		if n > 255 {
			return "", errURL
		}
		ip += n << (8 * (3 - uint(i)))
	}
	return netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)}).String(), nil
}

// parseIPv4Number reads decimal, 0-octal and 0x-hexadecimal.
// https://url.spec.whatwg.org/#ipv4-number-parser
func parseIPv4Number(s string) (uint64, bool) {
	base := 10
	switch {
	case s == "":
		return 0, false
	case len(s) >= 2 && (s[:2] == "0x" || s[:2] == "0X"):
		s, base = s[2:], 16
	case len(s) >= 2 && s[0] == '0':
		s, base = s[1:], 8
	}
	if s == "" {
		return 0, true
	}
	if s[0] == '+' || s[0] == '-' || strings.Contains(s, "_") {
		return 0, false
	}
	n, err := strconv.ParseUint(s, base, 64)
	if err != nil && strings.Trim(s, "0123456789abcdefABCDEF") != "" {
		return 0, false
	}
	if err != nil {
		return 1 << 40, err.(*strconv.NumError).Err == strconv.ErrRange
	}
	return n, true
}

// percentDecode: https://url.spec.whatwg.org/#string-percent-decode
func percentDecode(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return string(out)
}
