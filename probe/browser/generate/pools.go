package generate

import "strings"

type pool struct {
	name   string
	values []string
}

var plainMethods = []string{"GET", "GET", "POST", "POST", "PUT", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}

var oddMethods = []string{
	"get", "post", "put", "delete", "patch", "head", "options", "Get", "PuT", "Patch", "QUERY", "query", "Custom",
	"PROPFIND", "PURGE", "M-SEARCH", "GETT", "POSTT", "*", "!", "x", "foo_bar", "a.b", "1", "UNLOCK", "LINK",
	"TRACE", "connect", "Track", "PUT ", "G T",
}

var bodies = []string{"hello", "hello", "", "{}", "a=b", "\u00e9\u2713", strings.Repeat("x", 3000)}

// sensitive are request headers whose value decides whether they are safelisted.
var sensitive = []pool{
	{"Content-Type", []string{
		"application/json", "application/json", "text/plain", "text/plain;charset=utf-8", "TEXT/PLAIN", "text/plain;", "text/plain; a=\"b\"",
		"text/plain, text/plain", "text/plain,", ",text/plain", "text/plain;charset=(utf-8)", "text/plain;garbage", " text/plain ", "text /plain",
		"multipart/form-data; boundary=x", "multipart/form-data", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded;charset=x",
		"text/xml", "application/xml", "", "x", "text/", "/plain", "text/plain\x0b", "text/plain\x7f", "text/plain;x=\xe9", "text/plain;\tx",
		"text/html", "application/csp-report", "message/ad-auction-trusted-signals-request", "text/plain;a={b}", "text/plain/x", "text/pl\xe9in",
		"application/graphql", "application/x-protobuf", "text/plain; charset=utf-8; charset=x", "text/plain;charset=\"utf-8\"", "text/plain;charset=x", "application/json; charset = iso-8859-1",
		"text/html;CHARSET=\"a\\\"b\";A=b;a=c", "text/plain;charset=;charset=x", "a charset=x", "text/plain;a=\"b;charset=x\"", "text/xml;charset=\"\";b=(c)", "text/plain; charset=x, text/html",
	}},
	{"Accept", []string{
		"*/*", "application/json", "x:y", "a\"b", "text/html;q=(0.9)", "", "text/html, */*;q=0.8", "a b", "{}", "a\tb", "\x01", "a@b", "<x>", "\xe9", "[x]", "x\\y", "a,b;c=d",
		"text/event-stream", "image/*", "a\x7f",
	}},
	{"Accept-Language", []string{"en", "en-US,en;q=0.9", "en_US", "en@x", "", "de, *;q=0.5", "en\tus", "en;q=0,5", "\xe9", "en/us", "EN", "1.2.3", "a+b", "(en)"}},
	{"Content-Language", []string{"de", "de-DE, en", "d{e}", "", "d_e", "d\"e", "DE;x=1", "*", "\x80", "a/b"}},
	{"Range", []string{
		"bytes=0-10", "bytes=0-", "bytes=-5", "bytes= 0-1", "bytes=0 -1", "bytes=5-1", "Bytes=0-1", "BYTES=0-1", "bytes=0-1,3-4", "bytes 0-1", "bytes=a-b", "", "bytes=",
		"bytes=00-01", "bytes=+0-1", "bytes=0-1 ", "items=0-1", "bytes=0-18446744073709551616", "bytes=-", "bytes=0-0", "bytes=9-9", "bytes=0--1", "bytes=-0",
	}},
	{"Save-Data", []string{"on", "off", "", "ON"}},
	{"DPR", []string{"2", "1.5", "x", "", "-1"}},
	{"Device-Memory", []string{"8", "0.5", "x"}},
	{"Width", []string{"10", "1.5", "x", "0"}},
	{"Viewport-Width", []string{"320", "x", ""}},
	{"RTT", []string{"50", "x"}},
	{"Downlink", []string{"1", "1.7", "x"}},
	{"ECT", []string{"4g", "3g", "5g", ""}},
}

var otherRequestHeaders = [][2]string{
	{"X-Foo", "1"}, {"X-Foo", "1"}, {"x-foo", "2"}, {"X-Bar", "b"}, {"X-Empty", ""}, {"x_under", "1"}, {"X-Requested-With", "XMLHttpRequest"},
	{"Authorization", "Bearer t"}, {"Authorization", "Basic eDp5"}, {"authorization", ""}, {"Authorization", "x"},
	{"Cookie", "a=b"}, {"Origin", "http://evil.test"}, {"Referer", "http://evil.test/"}, {"Host", "evil.test"}, {"Date", "x"}, {"DNT", "1"},
	{"Te", "trailers"}, {"Expect", "x"}, {"Keep-Alive", "1"}, {"Connection", "close"}, {"Upgrade", "h2c"}, {"Via", "x"}, {"Trailer", "x"},
	{"Sec-Foo", "1"}, {"Sec-Fetch-Mode", "navigate"}, {"Proxy-Foo", "1"}, {"Proxy-Authorization", "x"}, {"Set-Cookie", "a=b"},
	{"Accept-Charset", "utf-8"}, {"Accept-Encoding", "gzip"}, {"Access-Control-Request-Method", "PUT"}, {"Access-Control-Request-Private-Network", "true"},
	{"Content-Length", "3"}, {"Transfer-Encoding", "chunked"}, {"User-Agent", "x"}, {"user-agent", "corscheck"},
	{"X-HTTP-Method-Override", "PUT"}, {"X-HTTP-Method-Override", "TRACE"}, {"X-HTTP-Method", "get,trace"}, {"X-Method-Override", "connect"}, {"X-Method-Override", "GET, PUT"},
	{"If-None-Match", "\"x\""}, {"If-Modified-Since", "Wed, 21 Oct 2015 07:28:00 GMT"}, {"If-Match", "*"}, {"If-Range", "\"x\""}, {"If-Unmodified-Since", "x"},
	{"Cache-Control", "no-cache"}, {"Cache-Control", "max-age=0"}, {"Pragma", "no-cache"}, {"Cache-Control", ""}, {"Priority", ""}, {"Available-Dictionary", "x"}, {"Content-Encoding", "gzip"}, {"Content-Location", "/x"}, {"Content-MD5", "x"},
	{"Last-Event-ID", "7"}, {"Priority", "u=1"}, {"Purpose", "prefetch"}, {"traceparent", "00-1-2-01"}, {"tracestate", "a=b"}, {"baggage", "a=b"},
	{"Upgrade-Insecure-Requests", "1"}, {"X-Big", strings.Repeat("a", 1100)}, {"a", "1"}, {"~", "1"}, {"X-CSRF-Token", "t"}, {"api-key", "k"},
	{"X-Latin", "\xe9"}, {"X-Space", " a  b "}, {"X-Tab", "a\tb"}, {"X-Control", "a\x01b"}, {"X Bad", "1"}, {"X-Nul", "a\x00b"}, {"", "1"}, {"X-\xe9", "1"},
	{"Content-Disposition", "x"}, {"From", "a@b"}, {"Forwarded", "for=1"}, {"X-Forwarded-For", "1.2.3.4"}, {"Origin-Agent-Cluster", "?1"}, {"Idempotency-Key", "1"},
	{"Ping-To", "x"}, {"Ping-From", "x"}, {"Service-Worker", "script"}, {"Early-Data", "1"}, {"Link", "<x>"}, {"Accept-Datetime", "x"}, {"Accept-Post", "x"}, {"Accept-Patch", "x"},
	{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Expose-Headers", "*"}, {"X-Permitted", "1"}, {"Server", "x"}, {"WWW-Authenticate", "x"}, {"Clear-Site-Data", "x"}, {"Report-To", "x"},
}

var goodStatuses = []int{200, 200, 200, 200, 204, 204, 201, 202, 206}

var redirectStatuses = []int{301, 302, 303, 307, 308}

var statuses = []int{
	200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 250, 299, 300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 399,
	400, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 422, 425, 426, 428, 429, 431, 451, 499,
	401, 500, 501, 502, 503, 504, 505, 511, 520, 599,
}

// origins are values of Access-Control-Allow-Origin that have been seen where
// an origin should be.
var origins = []string{
	"", "*", "null", "NULL", "Null", "{origin}/", "{origin}/path", "{origin}?", "{origin}#", "{origin};", "{origin},", ",{origin}", "{origin}, {origin}", "{origin},{origin}",
	"{origin} {other}", "{origin}, {third}", "{third}, {origin}", "{other}", "{third}", "{same}", "{other}, {third}", "*, *", "*,{origin}", "{origin}, *", "* {origin}", "null, {origin}",
	"'*'", "\"*\"", "\"{origin}\"", "'{origin}'", "<{origin}>", "[{origin}]", "({origin})", "[\"{origin}\"]", "**", "*.example.com", "*.*", "http://*", "https://*.example.com", "*:*", "http://127.0.0.1:*",
	"{samehost}", "//{samehost}", "https://{samehost}", "HTTP://{samehost}", "Http://{samehost}", "http:{samehost}", "http:/{samehost}", "http:\\\\{samehost}", "ws://{samehost}",
	"http://127.0.0.1", "http://127.0.0.1:80", "http://localhost:{sameport}", "http://LOCALHOST:{sameport}", "http://127.1:{sameport}", "http://2130706433:{sameport}", "http://0x7f.1:{sameport}", "http://[::1]:{sameport}", "http://[::ffff:127.0.0.1]:{sameport}",
	"http://127.0.0.1:0{sameport}", "http://" + strings.Repeat("a", 1500) + ".test", "http://127.0.0.1.:{sameport}", "http://user@{samehost}", "http://user:pw@{samehost}", "http://@{samehost}", "http://evil.test", "https://example.com", "http://example.com:8080",
	"true", "false", "none", "undefined", "all", "any", "None", "self", "'self'", "0", "1", "@", "%", "%2A", "$http_origin", "${ORIGIN}", "%{HTTP_ORIGIN}e", "{{origin}}", "~^https?://", "^.*$", ".*", "regexp:.*", "\\*",
	"http://", "https://", "http:", "://", ":", "/", "//", ".", "..", "?", "#", "file://", "file:///", "data:", "about:blank", "blob:{origin}", "chrome-extension://x", "chrome://256.0.0.1", "mailto:x", "javascript:0", "urn:x",
	"{origin} ", " {origin}", "\t{origin}\t", "{origin}\x0b", "\x0b{origin}", "{origin}\x0c", "{origin}\x7f", "{origin}\x01", "{origin}\x80", "\xa0{origin}", "{origin}\xa0", "\xef\xbb\xbf{origin}", "\xe2\x80\x8b*", "*\x0b", "*;", "*/", "* *", "*\t*",
	"http://m\xc3\xbcnchen.example", "http://m\xfcnchen.example", "http://xn--mnchen-3ya.example", "http://exa mple.com", "http://exam_ple.com", "http://-x.test", "http://x..test", "http://256.1.1.1", "http://1.2.3", "http://[::1", "http://a:b:c", "http://a:99999", "http://a:", "http://a:-1", "http://a:0",
	"{reflect}, {reflect}", "{reflect}/", "{origin}|{other}", "{origin}\\,{other}", "{origin} or {other}", "{origin}  {other}", "{origin}&{other}", "{origin}\t{other}", "allow-from {origin}", "Origin: {origin}", "http://127.0.0.1:{sameport}:{sameport}",
}

var credentials = []string{
	"", "false", "True", "TRUE", "tRuE", "true, true", "true,true", "t rue", "\"true\"", "'true'", "true;", "true,", ",true", "1", "0", "yes", "on", "tru", "truee", "true true", " true", "true ", "\ttrue",
	"true\x0b", "true\x0c", "\x0btrue", "true\xa0", "true\x80", "true\x7f", "true\x01", "null", "include", "*", "{origin}", "true;q=1", "true/", "(true)", "[true]", "?1", "TRUE, true", "false, true", "true, false", "true=true", "%74rue",
}

// lists are forms of a comma-separated list around a token T: some are valid.
var lists = []string{
	"T", "T,", ",T", ",,T", "T,,T", "T,T", " T ", "\tT\t", "T , T", "T;", "T;q=1", "\"T\"", "'T'", "(T)", "[T]", "<T>", "{T}", "T T", "T\tT", "T/", "T@", "T:", "T=1", "T,@", "@,T", "T, (x)", "x y, T", "T, x y",
	"T\x0b", "\x0bT", "T\x0c", "T\x7f", "T\x80", "T\xe9", "T,\xe9", "T,\x01", "T, \"", "T,\\", "T|GET", "T&GET", "T GET", "T.", "T-", "T_", "T*", "*T", "T, *", "*, T", "*,*", "*", "**", "* ", "\"*\"", "'*'", "*;", "",
	" ", ",", ", ,", ";", "-", "all", "ALL", "any", "none", "null", "true", "T,?", "T,{x}", "T, [x]", "T, a/b", "T,a=b", "T, a:b", "T, a;b", "xT", "Tx", "GET", "get, T", "GET, POST", "T\xa0", "\xa0T", "T,\xa0", "T,\x0b", "T \x0b",
}

var methodLists = []string{
	"GET", "POST", "GET, POST", "get", "put", "PUT", "Put", "patch", "PATCH", "DELETE", "OPTIONS", "HEAD", "GET,PUT,POST,DELETE", "GET PUT", "GET;PUT", "GET|PUT", "*", "'*'", "", "GET, POST, PUT, DELETE, PATCH, OPTIONS, HEAD, QUERY, Custom, patch",
	"CORS", "All", "[GET, PUT]", "GET,\tPUT", "\"GET\",\"PUT\"", "(GET)", "GET,", "%s", "{reflect_method}, {reflect_method}", "{reflect_method};", "x{reflect_method}", "{reflect_method} ", "null",
}

var headerLists = []string{
	"*", "'*'", "**", "*, authorization", "*,Authorization", "authorization", "Authorization", "content-type", "Content-Type", "CONTENT-TYPE", "x-foo", "X-FOO", "x-foo, x-bar", "x-foo x-bar", "x-foo;x-bar", "accept", "range", "", "{reflect_headers},@", "{reflect_headers};",
	"{reflect_headers}, {reflect_headers}", "x-other", "Origin, X-Requested-With, Content-Type, Accept", "content-type,", "(x)", "x-foo\x0b", "Content_Type", "content type", "Accept: */*", "x-*", "X-Foo: 1", "access-control-allow-origin", "null", "true",
}

var exposeValues = []string{
	"*", "X-Secret", "x-secret, ETag", "X-SECRET,X-PUBLIC", "Set-Cookie, X-Secret", "x-secret;", "x-secret x-public", "\"x-secret\"", "", "*, x-secret", "x-secret,,etag", ",x-secret", "@", "x-secret,@", "Authorization, *", "content-length, date", "x-secret\x0b", "\tx-secret ", "accept", "link", "location",
	"Content-Type", "'x-secret'", "x-secret\xe9", "X-Public , ETag\t,", "set-cookie2", "*;", "**", "vary,server,x-secret",
}

var ages = []string{"0", "1", "5", "60", "86400", "99999999999999999999", "-1", "+60", "abc", "1.5", "", " 60 ", "60, 60", "0x10", "1e3", "60s"}

var responseHeaders = [][2]string{
	{"X-Secret", "1"}, {"X-Secret", "1"}, {"X-Public", "2"}, {"ETag", "\"e\""}, {"Content-Type", "application/json"}, {"Content-Type", "text/html"}, {"Content-Type", ""}, {"content-type", "x"}, {"Content-Language", "de"},
	{"Cache-Control", "no-store"}, {"Cache-Control", "max-age=60"}, {"Cache-Control", "max-age=60, max-age=0"}, {"Expires", "Wed, 21 Oct 2099 07:28:00 GMT"}, {"Expires", "0"}, {"Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT"}, {"Pragma", "no-cache"}, {"Vary", "Origin"}, {"Vary", "*"}, {"Server", "x"}, {"Date", "Wed, 21 Oct 2015 07:28:00 GMT"},
	{"Set-Cookie", "a=b; Max-Age=0"}, {"Set-Cookie2", "a=b"}, {"Accept", "x"}, {"Accept-Ranges", "bytes"}, {"Link", "<x>"}, {"Timing-Allow-Origin", "*"}, {"Cross-Origin-Resource-Policy", "same-origin"}, {"Cross-Origin-Embedder-Policy", "require-corp"},
	{"X-Content-Type-Options", "nosniff"}, {"X-Frame-Options", "DENY"}, {"Content-Security-Policy", "default-src 'none'"}, {"Strict-Transport-Security", "max-age=1"}, {"WWW-Authenticate", "Negotiate"}, {"Retry-After", "1"}, {"Allow", "GET"}, {"Age", "1"},
	{"Access-Control-Allow-Private-Network", "true"}, {"Access-Control-Allow-External", "true"}, {"Access-Control-Allow-Methods", "@"}, {"Access-Control-Allow-Headers", "@"}, {"Access-Control-Max-Age", "60"}, {"Authorization", "x"}, {"X-Latin", "\xe9"}, {"X-Empty", ""},
	{"Content-Disposition", "attachment"}, {"Location", "/p2"}, {"Refresh", "1"}, {"x-lower", "1"}, {"X-Repeat", "1"}, {"X-Repeat", "2"}, {"Priority", "u=1"}, {"Service-Worker-Allowed", "/"}, {"SourceMap", "/x"}, {"Trailer", "x"}, {"Upgrade", "h2c"}, {"Via", "1.1 x"}, {"Warning", "x"},
}

// locations are values of Location that lead nowhere good, or somewhere odd.
var locations = []string{
	"/p2", "/p1", "p2", "./p2", "x/../p2", "?q", "#f", "", " ", "{same}/p2", "{other}/p2", "{third}/p2", "{third}/p1", "{other}/p1", "{same}/p1", "{third}/p2#f", "{third}/p2?q=1#f", "{third}", "{third}?q", "//{thirdhost}/p2", "///{thirdhost}/p2", "\\\\{thirdhost}\\p2", "/\\{thirdhost}/p2", "\\p2",
	"http://u@{otherhost}/p2", "http://u:p@{thirdhost}/p2", "http://:p@{thirdhost}/p2", "http://@{thirdhost}/p2", "http://:@{thirdhost}/p2", "http://u@{samehost}/p2", "//u:p@{thirdhost}/p2", "http://u%40x@{otherhost}/p2",
	"HTTP://{thirdhost}/p2", "hTTp:{thirdhost}/p2", "http:/{thirdhost}/p2", "http:\\\\{thirdhost}\\p2", "http:p2", "http:/p2", "http:///{thirdhost}/p2", "http://{thirdhost}//p2", "http://{thirdhost}/./x/../p2", "http://{thirdhost}/%2570", "http://{thirdhost}/p 2", "http://{thirdhost}/\xc3\xa9", "http://{thirdhost}/\xe9", "http://{thirdhost}/p2|\"<>^`{}",
	"http://localhost:{thirdport}/p2", "http://LOCALHOST:{thirdport}/p2", "http://127.1:{thirdport}/p2", "http://2130706433:{thirdport}/p2", "http://0x7f000001:{thirdport}/p2", "http://127.0x.0.1:{thirdport}/p2", "http://[::ffff:127.0.0.1]:{thirdport}/p2", "http://0177.0.0.1:{thirdport}/p2", "http://127.0.0.1.:{thirdport}/p2", "http://[::1]:{thirdport}/p2", "http://127.0.0.1:00{thirdport}/p2",
	"data:text/plain,hi", "data:,", "mailto:x", "javascript:0", "about:blank", "blob:{other}/x", "file:///x", "ftp://127.0.0.1/x", "ws://{otherhost}/p2", "chrome://version", "tel:1", "urn:x", "x:y", "custom+scheme://h/p", "x:///p?'", "x:/a|b", "ftps://127.0.0.1/x", "chrome:x", "chrome-error://x/", "http://a%20b.test/", "/p2#", "{third}/p%32?%7e=%c3%a9", "filesystem:{other}/x", "intent://x", "chrome-extension://abc/x", "resource://gre/x", "DATA:text/plain,hi",
	"//", "///", "http://", "http:", "http://:80", "http://[", "http://[::1", "http://127.0.0.1:99999/", "http://127.0.0.1:x/", "http://256.256.256.256/", "http://%/", "http://a%00b/", "http://exa<mple/", "http://1.2.3.4.5/", "http://0x100000000/", "http://?", "http://#", "http://@/", "http://u@/", "https://", "://x", ":",
	"http://127.0.0.1:1/", "http://127.0.0.1:22/x", "http://127.0.0.1:6667/", "http://127.0.0.1:0/", "http://127.0.0.1:10080/", "http://127.0.0.1:5061/", "http://127.0.0.1:4190/", "http://127.0.0.1:6679/",
	"*", "null", "undefined", "\"{third}/p2\"", "<{third}/p2>", "{third}/p2, {third}/p3", "{third}/p2\x0b", "\xa0{third}/p2", "\xef\xbb\xbf{third}/p2", "{third}/\tp2", "{third}/p2\t", "URL={third}/p2",
}

var noises = []string{" ", "\t", "  ", "\x0b", "\x0c", "\x01", "\x1f", "\x7f", "\x80", "\xa0", "\xff", "\xe9", "\xef\xbb\xbf", "\xe2\x80\x8b", ",", ";", "\"", "'", "\\", "@", "/", "*", "=", "\x1b", "\x08"}
