package paste

// safariMessages are the wordings of WebKit. Safari names no codes: these are
// Chrome's names of the same step with "webkit:" before them. One wording can
// stand for several steps; then it has the name of the most common one.
var safariMessages = []pattern{
	{role: roleReason, code: "webkit:MissingAllowOriginHeader", text: "Origin {origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}"},
	{role: roleReason, code: "webkit:MissingAllowOriginHeader", text: "Origin {origin} is not allowed by Access-Control-Allow-Origin."},
	{role: roleReason, code: "webkit:MultipleAllowOriginValues", text: "Access-Control-Allow-Origin cannot contain more than one origin"},
	{role: roleReason, code: "webkit:WildcardOriginNotAllowed", text: "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true"},
	{role: roleReason, code: "webkit:InvalidAllowCredentials", text: `Credentials flag is true, but Access-Control-Allow-Credentials is not "true"`},
	{role: roleReason, code: "webkit:PreflightInvalidStatus", text: "Preflight response is not successful. Status code: {status}"},
	{role: roleReason, code: "webkit:PreflightInvalidStatus", text: "Preflight response is not successful"},
	{role: roleReason, code: "webkit:InvalidAllowMethodsPreflightResponse", text: "Header Access-Control-Allow-Methods has an invalid value: {line}"},
	{role: roleReason, code: "webkit:InvalidAllowHeadersPreflightResponse", text: "Header Access-Control-Allow-Headers has an invalid value: {line}"},
	{role: roleReason, code: "webkit:MethodDisallowedByPreflightResponse", text: "Method {method} is not allowed by Access-Control-Allow-Methods."},
	{role: roleReason, code: "webkit:HeaderDisallowedByPreflightResponse", text: "Request header field {header} is not allowed by Access-Control-Allow-Headers."},

	{role: rolePrefix, text: "Cross-origin redirection to {at} denied by Cross-Origin Resource Sharing policy:"},
	{role: roleReason, code: "webkit:RedirectContainsCredentials", text: "redirection URL {any} has credentials"},
	{role: roleReason, code: "webkit:CorsDisabledScheme", text: "not allowed to follow a cross-origin CORS redirection with non CORS scheme"},
	{role: roleReason, code: "webkit:net::ERR_FAILED", text: "Not allowed to follow a redirection while loading {url}\n"},
	{role: roleReason, code: "webkit:net::ERR_FAILED", text: "Not allowed to follow a redirection while loading "},
	{role: roleReason, code: "webkit:net::ERR_TOO_MANY_REDIRECTS", text: "Load cannot follow more than 20 redirections"},

	{role: roleReason, code: "webkit:DisallowedByMode", text: "Unsafe attempt to load URL {any} from origin {origin}. Domains, protocols and ports must match."},
	{role: roleReason, code: "webkit:NoCorsRedirectModeNotFollow", text: "No-Cors mode requires follow redirect mode Not allowed to request resource"},
	{role: roleReason, code: "webkit:CorsDisabledScheme", text: "Redirection to URL with a scheme that is not HTTP(S)."},
	{role: roleSecond, text: "Cannot load image {url} due to access control checks"},

	{role: roleWhole, code: "webkit:net::ERR_UNSAFE_REDIRECT", text: "Not allowed to load local resource: {at} Fetch API cannot load {from} due to access control checks"},
	{role: roleWhole, code: "webkit:net::ERR_UNSAFE_PORT", text: "Not allowed to use restricted network port {any}: {last}"},

	{role: roleReason, echo: true, code: "webkit:MissingAllowOriginHeader", text: "Cross-origin {kind} load denied by Cross-Origin Resource Sharing policy"},
	{role: roleReason, echo: true, code: "webkit:MissingAllowOriginHeader", text: "Cross-origin redirection denied by Cross-Origin Resource Sharing policy"},
	{role: roleWhole, class: ClassNetwork, code: "webkit:net::ERR_CONNECTION_REFUSED", text: "Failed to load resource: Could not connect to the server"},
	{role: roleWhole, class: ClassNetwork, code: "webkit:net::ERR_NAME_NOT_RESOLVED", text: "Failed to load resource: A server with the specified hostname could not be found"},
	{role: roleWhole, class: ClassNetwork, code: "webkit:net::ERR_CONNECTION_CLOSED", text: "Failed to load resource: The network connection was lost"},
	{role: roleWhole, class: ClassNetwork, code: "webkit:net::ERR_TIMED_OUT", text: "Failed to load resource: The request timed out"},
	{role: roleWhole, class: ClassNetwork, code: "webkit:net::ERR_INTERNET_DISCONNECTED", text: "Failed to load resource: The Internet connection appears to be offline"},
	{role: roleWhole, class: ClassNetwork, code: "webkit:net::ERR_SSL_PROTOCOL_ERROR", text: "An SSL error has occurred and a secure connection to the server cannot be made"},

	{role: roleSecond, text: "Fetch API cannot load {url} due to access control checks"},
	{role: roleSecond, text: "XMLHttpRequest cannot load {url} due to access control checks"},
	{role: roleSecond, text: "EventSource cannot load {url} due to access control checks"},
	{role: roleEcho, text: "Failed to load resource: Origin {origin} is not allowed by Access-Control-Allow-Origin"},
	{role: roleEcho, text: "Failed to load resource: Preflight response is not successful"},
	{role: roleEcho, text: "Failed to load resource: Access-Control-Allow-Origin cannot contain more than one origin"},
	{role: roleEcho, text: "Failed to load resource: Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true"},
	{role: roleEcho, text: "Failed to load resource: Request header field {header} is not allowed by Access-Control-Allow-Headers"},
	{role: roleEcho, text: "Failed to load resource: Method {method} is not allowed by Access-Control-Allow-Methods"},
	{role: roleEcho, text: "Failed to load resource: Credentials flag is true, but Access-Control-Allow-Credentials is not"},
}
