package paste

// Codes of messages that are not of the CORS protocol: Chrome's net errors where
// it has one, else the words of the contract.
const (
	codeMixedContent = "mixed-content"
	codeCSP          = "net::ERR_BLOCKED_BY_CSP"
	codeCORP         = "net::ERR_BLOCKED_BY_RESPONSE"
	codeORB          = "net::ERR_BLOCKED_BY_ORB"
	codeClient       = "net::ERR_BLOCKED_BY_CLIENT"
	codeCertificate  = "net::ERR_CERT_INVALID"
	codeStatus       = "http-status" // an answer of 400 or more, which the browser took
)

// otherMessages look like CORS to the person who meets them, and are not.
var otherMessages = []pattern{
	{role: roleWhole, browser: "chrome", code: codeMixedContent, text: "Mixed Content: The page at '{page}' was loaded over HTTPS, but requested an insecure {kind} endpoint '{at}'. This request has been blocked"},
	{role: roleWhole, browser: "chrome", code: codeMixedContent, text: "was loaded over HTTPS, but requested an insecure {kind} endpoint '{at}'. This request has been blocked"},
	{role: roleWhole, browser: "chrome", code: codeMixedContent, text: "Mixed Content: The page at '{page}' was loaded over HTTPS, but requested an insecure {kind} '{at}'. This request has been blocked"},
	{role: roleWhole, browser: "chrome", code: codeMixedContent, text: "was loaded over HTTPS, but requested an insecure {kind} '{at}'. This request has been blocked"},
	{role: roleWhole, browser: "chrome", code: codeMixedContent, text: "was loaded over HTTPS, but requested an insecure {kind} '{at}'. This content should also be served over HTTPS"},
	{role: roleWhole, browser: "chrome", code: codeMixedContent, text: "was loaded over HTTPS, but attempted to connect to the insecure WebSocket endpoint '{at}'."},
	{role: roleWhole, browser: "firefox", code: codeMixedContent, text: `Blocked loading mixed active content "{quoted}`},
	{role: roleWhole, browser: "firefox", code: codeMixedContent, text: `Blocked loading mixed display content "{quoted}`},
	{role: roleWhole, browser: "chrome", code: codeMixedContent, text: "(blocked:mixed-content)"},
	{role: roleWhole, browser: "safari", code: codeMixedContent, text: "[blocked] The page at {page} requested insecure content from {url}. "},
	{role: roleWhole, browser: "safari", code: codeMixedContent, text: "[blocked] The page at {page} was not allowed to run insecure content from {url}.\n"},
	{role: roleWhole, browser: "safari", code: codeMixedContent, text: "[blocked] The page at {page} was not allowed to display insecure content from {url}.\n"},

	{role: roleWhole, browser: "chrome", code: codeCSP, text: "Refused to connect to '{at}' because it violates the following Content Security Policy directive:"},
	{role: roleWhole, browser: "chrome", code: codeCSP, text: "Refused to load the {kind} '{at}' because it violates the following Content Security Policy directive:"},
	{role: roleWhole, browser: "chrome", code: codeCSP, text: "Refused to connect because it violates the following Content Security Policy directive:"},
	{role: roleWhole, browser: "chrome", code: codeCSP, text: "Refused to connect because it violates the document's Content Security Policy"},
	{role: roleWhole, browser: "chrome", code: codeCSP, text: "Fetch API cannot load {url}. Refused to connect because it violates the document's Content Security Policy"},
	{role: roleWhole, browser: "chrome", code: codeCSP, text: "Refused to connect to '{at}' because it violates the document's Content Security Policy"},
	{role: roleWhole, browser: "chrome", code: codeCSP, text: "Framing '{at}' violates the following Content Security Policy directive:"},
	{role: roleWhole, browser: "chrome", code: codeCSP, text: "(blocked:csp)"},
	{role: roleWhole, browser: "chrome", code: codeClient, text: "(blocked:other)"},
	{role: roleWhole, browser: "chrome", code: codeCSP, text: "Connecting to '{at}' violates the following Content Security Policy directive:"},
	{role: roleWhole, browser: "chrome", code: codeCSP, text: "Loading the {kind} '{at}' violates the following Content Security Policy directive:"},
	{role: roleWhole, browser: "chrome", code: codeCSP, text: "because it violates the following Content Security Policy directive:"},
	{role: roleWhole, browser: "safari", code: codeCSP, text: "Refused to connect to {url} because it does not appear in the connect-src directive of the Content Security Policy"},
	{role: roleWhole, browser: "safari", code: codeCSP, text: "Refused to load {url} because it does not appear in the {any} directive of the Content Security Policy"},
	{role: roleWhole, browser: "firefox", code: codeCSP, text: "settings blocked the loading of a resource at {url} ("},
	{role: roleWhole, browser: "firefox", code: codeCSP, text: "settings blocked the loading of a resource ({any}) at {url} because it violates the following directive"},

	{role: roleWhole, browser: "firefox", code: codeCORP, text: `The resource at "{url}" was blocked due to its Cross-Origin-Resource-Policy header`},
	{role: roleWhole, browser: "safari", code: codeCORP, text: "Cross-origin redirection to {at} denied by Cross-Origin Resource Sharing policy: Cancelled load to {url} because it violates the resource's Cross-Origin-Resource-Policy response header"},
	{role: roleWhole, browser: "safari", code: codeCORP, text: "Cancelled load to {url} because it violates the resource's Cross-Origin-Resource-Policy response header"},
	{role: roleWhole, browser: "chrome", code: codeCORP, text: "Specify a Cross-Origin Resource Policy to prevent a resource from being blocked"},
	{role: roleWhole, browser: "chrome", code: codeORB, text: "Cross-Origin Read Blocking (CORB) blocked cross-origin response {url} with MIME type"},
	{role: roleWhole, browser: "chrome", code: codeORB, text: "Response was blocked by CORB (Cross-Origin Read Blocking)"},
	{role: roleWhole, browser: "firefox", code: codeORB, text: `A resource is blocked by OpaqueResponseBlocking, please check browser console for details`},
	{role: roleWhole, browser: "firefox", code: codeORB, text: `The resource at "{url}" was blocked by OpaqueResponseBlocking`},

	{role: roleWhole, browser: "chrome", code: "mime-type", text: "Failed to decode downloaded font: {last}"},
	{role: roleWhole, browser: "firefox", code: "mime-type", text: `Loading script from "{quoted}" was blocked because of a disallowed MIME type`},
	{role: roleWhole, browser: "safari", code: "mime-type", text: "Refused to execute {url} as script because"},
	{role: roleWhole, browser: "safari", code: "mime-type", text: "TypeError: '{value}' is not a valid JavaScript MIME type"},
	{role: roleWhole, code: "mime-type", text: "EventSource's response has a MIME type ('{value}') that is not 'text/event-stream'. Aborting the connection"},

	{role: roleWhole, browser: "safari", code: codeCertificate, text: "The certificate for this server is invalid"},
	{role: roleWhole, browser: "firefox", code: codeCertificate, text: "SEC_ERROR_UNKNOWN_ISSUER"},
	{role: roleWhole, browser: "firefox", code: codeCertificate, text: "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT"},
	{role: roleWhole, browser: "firefox", code: codeCertificate, text: "SSL_ERROR_BAD_CERT_DOMAIN"},
	{role: roleWhole, browser: "firefox", code: codeCertificate, text: "SEC_ERROR_EXPIRED_CERTIFICATE"},

	{role: roleWhole, browser: "chrome", code: "frame-access", text: `Blocked a frame with origin "{origin}" from accessing a cross-origin frame`},
	{role: roleWhole, browser: "chrome", code: "frame-access", text: `Blocked a frame with origin "{origin}" from accessing a frame with origin`},
	{role: roleWhole, browser: "chrome", code: "frame-options", text: `Refused to display '{at}' in a frame because it set 'X-Frame-Options' to`},
	{role: roleWhole, browser: "firefox", code: "frame-options", text: `The loading of "{url}" in a frame is denied by "X-Frame-Options" directive set to`},
	{role: roleWhole, browser: "chrome", code: "local-file", text: "Not allowed to load local resource: {url}\n"},
	{role: roleWhole, browser: "chrome", code: "local-file", text: "Not allowed to load local resource:"},
	{role: roleWhole, code: "websocket", text: "WebSocket connection to '{at}' failed:"},
	{role: roleWhole, browser: "firefox", code: "websocket", text: "can't establish a connection to the server at {url}.\n"},
	{role: roleWhole, browser: "firefox", code: "websocket", text: "The connection to {url} was interrupted while the page was loading"},
	{role: roleWhole, code: "tainted-canvas", text: "Tainted canvases may not be exported"},
	{role: roleWhole, code: "tainted-canvas", text: "The canvas has been tainted by cross-origin data"},
	{role: roleWhole, browser: "chrome", code: "stylesheet-access", text: "Failed to read the 'cssRules' property from 'CSSStyleSheet'"},
	{role: roleWhole, code: "stylesheet-access", text: "Not allowed to access cross-origin stylesheet"},
	{role: roleWhole, code: "post-message", text: "The target origin provided ('{any}') does not match the recipient window's origin ('{origin}')"},
	{role: roleWhole, browser: "chrome", code: "worker-origin", text: "Script at '{at}' cannot be accessed from origin '{site}"},
	{role: roleWhole, browser: "firefox", code: "worker-origin", text: "Security Error: Content at {page} may not load data from {url}.\n"},

	{role: roleWhole, browser: "chrome", code: "service-worker", text: `The FetchEvent for "{at}" resulted in a network error response: `},
	{role: roleWhole, browser: "firefox", code: "service-worker", text: "A ServiceWorker passed an opaque Response to FetchEvent.respondWith() while handling a"},
	{role: roleWhole, browser: "firefox", code: "service-worker", text: "Failed to load '{at}'. A ServiceWorker intercepted the request and encountered an unexpected error"},
	{role: roleWhole, browser: "safari", code: "service-worker", text: "FetchEvent.respondWith received an error"},
	{role: roleWhole, code: "service-worker", text: "Failed to register a ServiceWorker"},

	{role: roleWhole, browser: "chrome", code: "preload-mismatch", text: "A preload for '{at}' is found, but is not used because"},
	{role: roleWhole, browser: "chrome", code: "preload-unused", text: "The resource {url} was preloaded using link preload but not used within a few seconds"},
	{role: roleWhole, browser: "firefox", code: "preload-unused", text: "The resource at '{at}' preloaded with link preload was not used within a few seconds"},
	{role: roleWhole, browser: "chrome", code: "integrity-without-cors", text: "The resource '{at}' has an integrity attribute, but the resource requires the request to be CORS enabled to check the integrity, and it is not"},
	{role: roleWhole, browser: "firefox", code: "integrity-without-cors", text: `"{quoted}" is not eligible for integrity checks since it's neither CORS-enabled nor same-origin`},
	{role: roleWhole, browser: "chrome", code: "integrity-mismatch", text: "Failed to find a valid digest in the 'integrity' attribute for resource '{at}' with"},
	{role: roleWhole, browser: "firefox", code: "integrity-mismatch", text: "hashes in the integrity attribute match the content of the subresource"},
	{role: roleWhole, browser: "safari", code: "integrity-mismatch", text: "Cannot load {any} {url}. Failed integrity metadata check"},

	{role: roleWhole, browser: "chrome", code: "mime-type", text: "Failed to load module script: Expected a JavaScript"},
	{role: roleWhole, browser: "chrome", code: "mime-type", text: "Refused to execute script from '{at}' because its MIME type"},
	{role: roleWhole, browser: "chrome", code: "mime-type", text: "Refused to apply style from '{at}' because its MIME type"},
	{role: roleWhole, browser: "firefox", code: "mime-type", text: `Loading module from "{quoted}" was blocked because of a disallowed MIME type`},
	{role: roleWhole, browser: "firefox", code: "mime-type", text: `The resource from "{quoted}" was blocked due to MIME type`},

	{role: roleWhole, browser: "chrome", code: "cookie-same-site", text: "A cookie associated with a {any} at {url} was set {any}SameSite"},
	{role: roleWhole, browser: "chrome", code: "cookie-same-site", text: "This attempt to set a cookie via a Set-Cookie header was blocked because it had the 'SameSite="},
	{role: roleWhole, browser: "chrome", code: "cookie-same-site", text: "This Set-Cookie header didn't specify a 'SameSite' attribute"},
	{role: roleWhole, browser: "firefox", code: "cookie-same-site", text: "has been rejected because it is in a cross-site context and its 'SameSite' is"},
	{role: roleWhole, browser: "firefox", code: "cookie-same-site", text: "does not have a proper 'SameSite' attribute value"},
	{role: roleWhole, browser: "firefox", code: "cookie-same-site", text: "Some cookies are misusing the recommended 'SameSite"},
	{role: roleWhole, browser: "chrome", code: "header-not-exposed", text: `Refused to get unsafe header "{name}`},
	{role: roleWhole, code: "forbidden-header", text: `Refused to set unsafe header "{name}`},
}

// symptomMessages are what script sees of a blocked request. The same words
// stand for a dozen causes.
var symptomMessages = []pattern{
	{role: roleSymptom, browser: "chrome", text: "Failed to fetch"},
	{role: roleSymptom, browser: "firefox", text: "NetworkError when attempting to fetch resource"},
	{role: roleSymptom, browser: "safari", text: "Load failed"},
	{role: roleSymptom, text: "Network Error"},
	{role: roleSymptom, text: "ERR_NETWORK"},
	{role: roleSymptom, browser: "safari", text: "Fetch request failed due to access control"},
	{role: roleSymptom, text: "Network request failed"},
	{role: roleSymptom, browser: "chrome", text: "(failed)net::ERR_FAILED"},
	{role: roleSymptom, browser: "firefox", text: "downloadable font: download failed ({any}): bad URI or cross-site access not allowed source: {last}"},
}

// networkCodes are Chrome's net errors for which no HTTP answer came, and what
// happened; certificates are told by the prefix ERR_CERT_.
var networkCodes = map[string]string{
	"ERR_NAME_NOT_RESOLVED":                             "the host name has no address",
	"ERR_CONNECTION_REFUSED":                            "nothing listens at that host and port",
	"ERR_CONNECTION_RESET":                              "the connection was reset before an answer came",
	"ERR_CONNECTION_CLOSED":                             "the connection was closed before an answer came",
	"ERR_CONNECTION_TIMED_OUT":                          "the host did not answer in time",
	"ERR_CONNECTION_ABORTED":                            "the connection was aborted",
	"ERR_CONNECTION_FAILED":                             "no connection could be made",
	"ERR_TIMED_OUT":                                     "no answer came in time",
	"ERR_EMPTY_RESPONSE":                                "the server closed the connection without an answer",
	"ERR_ADDRESS_UNREACHABLE":                           "there is no route to the host",
	"ERR_ADDRESS_INVALID":                               "the address is invalid",
	"ERR_INTERNET_DISCONNECTED":                         "the computer was offline",
	"ERR_NETWORK_CHANGED":                               "the network changed while loading",
	"ERR_SSL_PROTOCOL_ERROR":                            "the TLS handshake failed; the port may speak plain HTTP",
	"ERR_SSL_VERSION_OR_CIPHER_MISMATCH":                "server and browser have no TLS version or cipher in common",
	"ERR_HTTP2_PROTOCOL_ERROR":                          "the HTTP/2 connection broke",
	"ERR_QUIC_PROTOCOL_ERROR":                           "the HTTP/3 connection broke",
	"ERR_PROXY_CONNECTION_FAILED":                       "the proxy could not be reached",
	"ERR_TUNNEL_CONNECTION_FAILED":                      "the proxy refused to connect to the host",
	"ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION":            "the answer has several Location headers",
	"ERR_RESPONSE_HEADERS_MULTIPLE_CONTENT_LENGTH":      "the answer has several Content-Length headers",
	"ERR_RESPONSE_HEADERS_MULTIPLE_CONTENT_DISPOSITION": "the answer has several Content-Disposition headers",
	"ERR_RESPONSE_HEADERS_TRUNCATED":                    "the headers of the answer ended too early",
	"ERR_RESPONSE_HEADERS_TOO_BIG":                      "the headers of the answer are too long",
	"ERR_INVALID_HTTP_RESPONSE":                         "the answer was not HTTP",
	"ERR_CONTENT_LENGTH_MISMATCH":                       "the answer ended too early",
	"ERR_INCOMPLETE_CHUNKED_ENCODING":                   "the answer ended too early",
}

// otherNetCodes are Chrome's net errors that are a refusal of the browser
// outside CORS.
var otherNetCodes = map[string]string{
	"ERR_BLOCKED_BY_CLIENT":                        "an extension (often an ad blocker) or the developer tools blocked the request",
	"ERR_BLOCKED_BY_ADMINISTRATOR":                 "a policy of the organisation blocked the request",
	"ERR_BLOCKED_BY_RESPONSE":                      "Cross-Origin-Resource-Policy or Cross-Origin-Embedder-Policy blocked the answer",
	"ERR_BLOCKED_BY_CSP":                           "the page's own Content Security Policy blocked the request",
	"ERR_BLOCKED_BY_ORB":                           "Opaque Response Blocking withheld an answer to a request without CORS",
	"ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS":   "Local Network Access blocked the request",
	"ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS": "Private Network Access blocked the request",
	"ERR_UNSAFE_PORT":                              "browsers refuse the port",
	"ERR_ABORTED":                                  "the page cancelled the request, by navigation or abort()",
	"ERR_FILE_NOT_FOUND":                           "the page was opened from disk and asks for a file that is not there",
	"ERR_UNKNOWN_URL_SCHEME":                       "the browser does not know the URL's scheme",
}
