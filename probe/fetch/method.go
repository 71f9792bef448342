package fetch

import "strings"

// IsToken reports whether s is a token of HTTP, as methods and header names are.
// https://httpwg.org/specs/rfc9110.html#tokens
func IsToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if !tokenBytes[s[i]] {
			return false
		}
	}
	return s != ""
}

var tokenBytes = bytesThat(func(c byte) bool {
	return isAlphaNumeric(c) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
})

// bytesThat is a set of bytes.
func bytesThat(belong func(byte) bool) *[256]bool {
	var set [256]bool
	for c := range set {
		set[c] = belong(byte(c))
	}
	return &set
}

// IsForbiddenMethod reports whether fetch() throws for the method.
// https://fetch.spec.whatwg.org/#forbidden-method
func IsForbiddenMethod(method string) bool {
	switch strings.ToUpper(method) {
	case "CONNECT", "TRACE", "TRACK":
		return true
	}
	return false
}

// NormalizeMethod upper-cases the six methods that fetch() normalizes and
// leaves every other as it is: "patch" stays "patch".
// https://fetch.spec.whatwg.org/#concept-method-normalize
func NormalizeMethod(method string) string {
	switch upper := strings.ToUpper(method); upper {
	case "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT":
		return upper
	}
	return method
}

// IsSafelistedMethod reports whether the method needs no preflight.
// https://fetch.spec.whatwg.org/#cors-safelisted-method
func IsSafelistedMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "POST"
}

// IsSafeMethod reports whether a request with the method asks for no change on
// the server, so that corscheck may send it unasked.
func IsSafeMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "OPTIONS"
}
