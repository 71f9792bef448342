package paste

// chromeMessages are the wordings of Chrome and the browsers built on Chromium.
// Codes are names of Network.CorsError of the DevTools Protocol. Today's wording
// comes first; the others are older, back to 2014.
var chromeMessages = []pattern{
	{role: rolePrefix, text: "Access to {kind} at '{at}' (redirected from '{from}') from origin '{origin}' has been blocked by CORS policy:"},
	{role: rolePrefix, text: "Access to {kind} at '{at}' from origin '{origin}' has been blocked by CORS policy:"},
	{role: rolePrefix, text: "Access to {kind} at '{at}' from origin has been blocked by CORS policy:"},
	{role: rolePrefix, text: "from origin '{origin}' has been blocked by CORS policy:"},
	{role: rolePrefix, text: "'{web}' has been blocked by CORS policy:"},
	{role: rolePrefix, text: "has been blocked by CORS policy:"},
	{role: rolePrefix, text: "Redirect from '{from}' to '{at}' has been blocked by CORS policy:"},
	{role: rolePrefix, text: "Redirect at '{at}' from origin '{origin}' has been blocked by CORS policy:"},
	{role: rolePrefix, text: "{kind} from origin '{at}' has been blocked from loading by Cross-Origin Resource Sharing policy:"},
	{role: rolePrefix, text: "Failed to load {url}: "},
	{role: rolePrefix, text: "XMLHttpRequest cannot load {url}. "},
	{role: rolePrefix, text: "Fetch API cannot load {url}. "},
	{role: rolePrefix, text: "EventSource cannot load {url}. "},

	{role: rolePreflight, text: "Response to preflight request doesn't pass access control check:"},

	{role: roleReason, code: "MissingAllowOriginHeader", preflighted: "PreflightMissingAllowOriginHeader", text: "No 'Access-Control-Allow-Origin' header is present"},
	{role: roleReason, code: "MissingAllowOriginHeader", preflighted: "PreflightMissingAllowOriginHeader", text: "Origin '{origin}' is not allowed by Access-Control-Allow-Origin"},
	{role: roleReason, code: "WildcardOriginNotAllowed", preflighted: "PreflightWildcardOriginNotAllowed", text: "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard"},
	{role: roleReason, code: "WildcardOriginNotAllowed", preflighted: "PreflightWildcardOriginNotAllowed", text: "A wildcard '*' cannot be used in the 'Access-Control-Allow-Origin' header when the credentials flag is true"},
	{role: roleReason, code: "MultipleAllowOriginValues", preflighted: "PreflightMultipleAllowOriginValues", text: "The 'Access-Control-Allow-Origin' header contains multiple values '{value}', but only one is allowed."},
	{role: roleReason, code: "InvalidAllowOriginValue", preflighted: "PreflightInvalidAllowOriginValue", text: "The 'Access-Control-Allow-Origin' header contains the invalid value '{value}'. Have the server send the header with a valid value"},
	{role: roleReason, code: "InvalidAllowOriginValue", preflighted: "PreflightInvalidAllowOriginValue", text: "The 'Access-Control-Allow-Origin' header contains the invalid value '{value}'. Origin"},
	{role: roleReason, code: "InvalidAllowOriginValue", preflighted: "PreflightInvalidAllowOriginValue", text: "The 'Access-Control-Allow-Origin' header contains the invalid value '{value}'."},
	{role: roleReason, code: "AllowOriginMismatch", preflighted: "PreflightAllowOriginMismatch", text: "The 'Access-Control-Allow-Origin' header has a value '{value}' that is not equal to the supplied origin"},
	{role: roleReason, code: "InvalidAllowCredentials", preflighted: "PreflightInvalidAllowCredentials", text: "The value of the 'Access-Control-Allow-Credentials' header in the response is '{value}' which must be 'true' when the request's credentials mode is 'include'"},
	{role: roleReason, code: "InvalidAllowCredentials", preflighted: "PreflightInvalidAllowCredentials", text: "Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is '{value}'. It must be 'true' to allow credentials"},

	{role: roleReason, code: "PreflightInvalidStatus", text: "It does not have HTTP ok status"},
	{role: roleReason, code: "PreflightInvalidStatus", text: "Response for preflight does not have HTTP ok status"},
	{role: roleReason, code: "PreflightInvalidStatus", text: "Response for preflight has invalid HTTP status code {status}"},
	{role: roleReason, code: "PreflightDisallowedRedirect", text: "Redirect is not allowed for a preflight request"},
	{role: roleReason, code: "PreflightDisallowedRedirect", text: "Response for preflight is invalid (redirect)"},
	{role: roleReason, code: "PreflightDisallowedRedirect", text: "The request was redirected to '{value}', which is disallowed for cross-origin requests that require preflight"},
	{role: roleReason, code: "InvalidAllowMethodsPreflightResponse", text: "Cannot parse Access-Control-Allow-Methods response header field in preflight response"},
	{role: roleReason, code: "InvalidAllowHeadersPreflightResponse", text: "Cannot parse Access-Control-Allow-Headers response header field in preflight response"},
	{role: roleReason, code: "MethodDisallowedByPreflightResponse", text: "Method {method} is not allowed by Access-Control-Allow-Methods in preflight response"},
	{role: roleReason, code: "HeaderDisallowedByPreflightResponse", text: "Request header field {header} is not allowed by Access-Control-Allow-Headers in preflight response"},
	{role: roleReason, code: "HeaderDisallowedByPreflightResponse", text: "Request header field {header} is not allowed by Access-Control-Allow-Headers itself in preflight response"},

	{role: roleReason, code: "RedirectContainsCredentials", text: "Redirect location '{value}' contains a username and password, which is disallowed for cross-origin requests"},
	{role: roleReason, code: "RedirectContainsCredentials", text: "The request was redirected to a URL ('{value}') containing userinfo, which is disallowed for cross-origin requests"},
	{role: roleReason, code: "CorsDisabledScheme", text: "Cross origin requests are only supported for protocol schemes:"},
	{role: roleReason, code: "CorsDisabledScheme", text: "Cross origin requests are only supported for HTTP"},
	{role: roleReason, code: "DisallowedByMode", text: "Cross origin requests are not allowed by request mode"},
	{role: roleReason, code: "InvalidResponse", text: "The response is invalid."},
	{role: roleReason, code: "InvalidResponse", text: "Invalid response. Origin"},

	{role: roleWhole, code: "DisallowedByMode", text: `Fetch API cannot load {url}. Request mode is "same-origin" but the URL's origin is not same as the request origin {origin}.` + "\n"},
	{role: roleWhole, code: "DisallowedByMode", text: "Unsafe attempt to load URL {url} from frame with URL {page}. Domains, protocols and ports must match"},
	{role: roleWhole, code: "CorsDisabledScheme", text: `Fetch API cannot load {url}. URL scheme "{value}" is not supported`},
	{role: roleWhole, code: "CorsDisabledScheme", text: `Fetch API cannot load {url}. URL scheme must be "http" or "https" for CORS request`},
	{role: roleWhole, code: "NoCorsRedirectModeNotFollow", text: `Fetch API cannot load {url}. Request mode is "no-cors" but the redirect mode is not "follow"`},

	// Local Network Access, and Private Network Access before it (until Chrome 137).
	{role: roleReason, class: ClassOther, code: "LocalNetworkAccessPermissionDenied", text: "Permission was denied for this request to access the '{space}' address space"},
	{role: roleReason, class: ClassOther, code: "InsecureLocalNetwork", text: "The request client is not a secure context and the resource is in more-private address space '{space}'"},
	{role: roleReason, class: ClassOther, code: "InvalidLocalNetworkAccess", text: "Request had a target IP address space of '{any}' yet the resource is in address space '{space}'"},
	{role: roleReason, class: ClassOther, code: "UnexpectedPrivateNetworkAccess", text: "Request had no target IP address space, yet the resource is in address space '{space}'"},
	{role: roleReason, class: ClassOther, code: "PreflightMissingAllowPrivateNetwork", text: "No 'Access-Control-Allow-Private-Network' header was present in the preflight response for this private network request targeting the '{space}' address space"},
	{role: roleReason, class: ClassOther, code: "PreflightInvalidAllowPrivateNetwork", text: "The 'Access-Control-Allow-Private-Network' header in the preflight response for this private network request targeting the '{space}' address space had"},
	{role: roleReason, class: ClassOther, code: "PreflightMissingPrivateNetworkAccessId", text: "No 'Private-Network-Access-Id' header was present in the preflight response for this private network request targeting the '{space}' address space"},
	{role: roleReason, class: ClassOther, code: "PreflightMissingPrivateNetworkAccessName", text: "No 'Private-Network-Access-Name' header was present in the preflight response for this private network request targeting the '{space}' address space"},
	{role: roleReason, class: ClassOther, code: "PrivateNetworkAccessPermissionUnavailable", text: "Unable to ask for permission to access the '{space}' IP address space"},
	{role: roleReason, class: ClassOther, code: "InsecureLocalNetwork", text: "The request client is not a secure context and may not access"},

	{role: roleTail, text: "Origin '{origin}' is therefore not allowed access."},
	{role: roleTail, text: "The response had HTTP status code {status}"},
	{role: roleTail, text: "If an opaque response serves your needs"},
	{role: roleTail, text: "The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute"},
}

// chromeKinds are the words with which Chrome names who made the request.
var chromeKinds = map[string]string{
	"fetch": "fetch", "xmlhttprequest": "xhr", "script": "script", "image": "img", "font": "font",
	"eventsource": "eventsource", "css stylesheet": "style", "stylesheet": "style",
}
