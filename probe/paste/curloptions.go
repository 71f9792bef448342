package paste

// A curlOption is what corscheck makes of an option of curl.
type curlOption int

const (
	curlIgnored curlOption = iota // of no consequence to what a browser does
	curlURL
	curlMethod
	curlHeader
	curlData
	curlDataRaw
	curlDataURL // --data-urlencode
	curlJSON
	curlForm
	curlGet
	curlHead
	curlCookie
	curlUser
	curlBearer
	curlAgent
	curlReferer
	curlUpload
	curlRange
	curlURLQuery
	curlInsecure
	curlResolve
	curlProxy
	curlCACert
	curlCert
	curlKey
	curlIPv4
	curlIPv6
	curlMaxTime
	curlRefused // would change the request in a way that is not read here
	curlNext
)

// A curlSpec is one option of curl: whether it takes a value, and what it means.
type curlSpec struct {
	takes bool
	means curlOption
}

// curlShort are the one-letter options.
var curlShort = map[byte]string{
	'0': "http1.0", '1': "tlsv1", '2': "sslv2", '3': "sslv3", '4': "ipv4", '6': "ipv6", '#': "progress-bar",
	'a': "append", 'A': "user-agent", 'b': "cookie", 'B': "use-ascii", 'c': "cookie-jar", 'C': "continue-at",
	'd': "data", 'D': "dump-header", 'e': "referer", 'E': "cert", 'f': "fail", 'F': "form", 'g': "globoff",
	'G': "get", 'h': "help", 'H': "header", 'i': "include", 'I': "head", 'j': "junk-session-cookies",
	'J': "remote-header-name", 'k': "insecure", 'K': "config", 'l': "list-only", 'L': "location",
	'm': "max-time", 'M': "manual", 'n': "netrc", 'N': "no-buffer", 'o': "output", 'O': "remote-name",
	'p': "proxytunnel", 'P': "ftp-port", 'q': "disable", 'Q': "quote", 'r': "range", 'R': "remote-time",
	's': "silent", 'S': "show-error", 't': "telnet-option", 'T': "upload-file", 'u': "user", 'U': "proxy-user",
	'v': "verbose", 'V': "version", 'w': "write-out", 'x': "proxy", 'X': "request", 'y': "speed-time",
	'Y': "speed-limit", 'z': "time-cond", 'Z': "parallel", ':': "next",
}

// curlLong are the long options that mean something here, and all that take a
// value: without them a value would be taken for a URL.
var curlLong = func() map[string]curlSpec {
	m := map[string]curlSpec{
		"url": {true, curlURL}, "request": {true, curlMethod}, "header": {true, curlHeader},
		"data": {true, curlData}, "data-ascii": {true, curlData}, "data-binary": {true, curlData},
		"data-raw": {true, curlDataRaw}, "data-urlencode": {true, curlDataURL}, "json": {true, curlJSON},
		"form": {true, curlForm}, "form-string": {true, curlForm}, "get": {false, curlGet}, "head": {false, curlHead},
		"cookie": {true, curlCookie}, "user": {true, curlUser}, "oauth2-bearer": {true, curlBearer},
		"user-agent": {true, curlAgent}, "referer": {true, curlReferer}, "upload-file": {true, curlUpload},
		"range": {true, curlRange}, "url-query": {true, curlURLQuery}, "insecure": {false, curlInsecure},
		"resolve": {true, curlResolve}, "proxy": {true, curlProxy}, "cacert": {true, curlCACert},
		"cert": {true, curlCert}, "key": {true, curlKey}, "ipv4": {false, curlIPv4}, "ipv6": {false, curlIPv6},
		"max-time": {true, curlMaxTime}, "next": {false, curlNext},
		"config": {true, curlRefused}, "variable": {true, curlRefused}, "expand-url": {true, curlRefused},
		"expand-header": {true, curlRefused}, "expand-data": {true, curlRefused}, "aws-sigv4": {true, curlIgnored},
	}
	for _, name := range []string{
		"abstract-unix-socket", "alt-svc", "capath", "cert-type", "ciphers", "connect-timeout", "connect-to",
		"continue-at", "cookie-jar", "create-file-mode", "crlfile", "curves", "delegation", "dns-interface",
		"dns-ipv4-addr", "dns-ipv6-addr", "dns-servers", "doh-url", "dump-ca-embed", "dump-header", "ech", "egd-file", "engine",
		"etag-compare", "etag-save", "expect100-timeout", "ftp-account", "ftp-alternative-to-user", "ftp-method",
		"ftp-port", "ftp-ssl-ccc-mode", "happy-eyeballs-timeout-ms", "haproxy-clientip", "hostpubmd5",
		"hostpubsha256", "hsts", "interface", "ip-tos", "ipfs-gateway", "keepalive-cnt", "keepalive-time", "key-type", "krb",
		"libcurl", "limit-rate", "local-port", "login-options", "mail-auth", "mail-from", "mail-rcpt",
		"max-filesize", "max-redirs", "netrc-file", "noproxy", "output", "output-dir", "parallel-max", "pass",
		"pinnedpubkey", "preproxy", "proto", "proto-default", "proto-redir", "proxy-cacert", "proxy-capath",
		"proxy-cert", "proxy-cert-type", "proxy-ciphers", "proxy-crlfile", "proxy-header", "proxy-key",
		"proxy-key-type", "proxy-pass", "proxy-pinnedpubkey", "proxy-service-name", "proxy-tls13-ciphers",
		"proxy-tlsauthtype", "proxy-tlspassword", "proxy-tlsuser", "proxy-user", "proxy1.0", "pubkey", "quote",
		"random-file", "rate", "request-target", "retry", "retry-delay", "retry-max-time", "sasl-authzid",
		"service-name", "sigalgs", "socks4", "socks4a", "socks5", "socks5-gssapi-service", "socks5-hostname", "speed-limit",
		"speed-time", "stderr", "telnet-option", "tftp-blksize", "time-cond", "tls-max", "tls13-ciphers",
		"tlsauthtype", "tlspassword", "tlsuser", "trace", "trace-ascii", "trace-config", "unix-socket", "vlan-priority", "write-out",
	} {
		m[name] = curlSpec{true, curlIgnored}
	}
	return m
}()
