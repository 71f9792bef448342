package paste

import (
	"fmt"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// Explanation says in a sentence or two what the item means, and no more than
// its text proves.
func (i *Item) Explanation() string {
	name := strings.TrimPrefix(strings.TrimPrefix(i.Code, "webkit:"), "net::")
	switch {
	case strings.HasPrefix(name, "ERR_CERT_"):
		return "The browser does not accept the server's certificate, and script is told only that the request failed. Open the URL in a tab of its own to see why."
	case i.Class == ClassNetwork && networkCodes[name] != "":
		return "No answer came: " + networkCodes[name] + ". This is before CORS."
	case otherExplanations[i.Code] != "":
		return otherExplanations[i.Code]
	case otherNetCodes[name] != "":
		return "This is not CORS: " + otherNetCodes[name] + "."
	case i.Code == codeStatus:
		return fmt.Sprintf("The server answered with status %d, and this line says no more. It is not CORS, unless the console has a line about CORS beside it.", i.Status)
	case i.Class == ClassSymptom && i.Status != 0:
		return fmt.Sprintf("The server answered with status %d and the browser kept the answer from the page, which is nearly always CORS. The console says why: one line above or below, in red.", i.Status)
	case i.Class == ClassSymptom:
		return "A request failed and script is told no more than that, so that pages cannot probe other sites. The console says why: one line above or below, in red."
	case i.fromDisk():
		return "The page was opened from disk, and a browser lets such a page read no other file. Serve its folder over http (npx serve, python3 -m http.server) and open it from there."
	case i.notHTTP():
		return "CORS works with http and https only, and this URL is neither."
	case i.Kind == FindingID:
		return ""
	case i.Class == ClassCORS && i.Code == "":
		return "A CORS message whose reason is cut off or of a wording that corscheck does not know."
	case i.Class == ClassOther && strings.HasPrefix(i.Code, "net::"):
		return "This is not CORS: the browser ended the request with " + name + "."
	}
	return i.ruleExplanation()
}

// scheme is the scheme of the item's URL, "" where there is none.
func (i *Item) scheme() string {
	scheme, _, ok := strings.Cut(i.URL, "://")
	if !ok {
		return ""
	}
	return strings.ToLower(scheme)
}

// fromDisk reports whether the message is about a page that was opened from disk
// and asks for a file.
func (i *Item) fromDisk() bool { return i.notHTTP() && i.scheme() == "file" }

// notHTTP reports whether the message is about a URL that no request of HTTP
// was made for.
func (i *Item) notHTTP() bool {
	if i.RedirectedFrom != "" || i.Class != ClassCORS {
		return false
	}
	scheme := i.scheme()
	return scheme != "" && scheme != "http" && scheme != "https"
}

// ruleExplanation says what the failure of a rule means.
func (i *Item) ruleExplanation() string {
	rule := i.Rule()
	switch {
	case rule == fetch.RuleAllowOriginPresent && i.Preflight():
		return "The answer to the preflight (OPTIONS) has no Access-Control-Allow-Origin header. Either the server does no CORS here, or something before it answers OPTIONS: a login, the router, a proxy."
	case (rule == fetch.RuleAllowOriginPresent || rule == fetch.RuleAllowOriginMatches) && i.Browser == "safari":
		return "Access-Control-Allow-Origin is missing from the answer, or names another origin than the page's: Safari has one sentence for both."
	case rule == fetch.RulePreflightStatus && i.Status != 0:
		return fmt.Sprintf("The preflight (OPTIONS) was answered with status %d, and it has to be 200 to 299.", i.Status)
	case rule == fetch.RuleHeaderAllowed && strings.HasPrefix(strings.ToLower(i.Header), "access-control-"):
		return "The script sends a header that only answers have. Take it out of the script: the server sends it."
	case rule != nil && ruleExplanations[rule] != "":
		return ruleExplanations[rule]
	}
	if id, ok := i.findingID(); ok {
		return whatHappened(id)
	}
	return ""
}

// ruleExplanations say what a message proves about an answer, and where it most
// often comes from.
var ruleExplanations = map[*fetch.Rule]string{
	fetch.RuleAllowOriginPresent:     "The answer has no Access-Control-Allow-Origin header. Either the server sends none for this page, or another answer came than was meant: an error page, a login page, a cached copy.",
	fetch.RuleAllowOriginSingle:      "Access-Control-Allow-Origin has more than one value, and may have one only. Often two layers add it, as a framework and the proxy before it.",
	fetch.RuleAllowOriginValid:       "Access-Control-Allow-Origin has a value that is no origin: it is * or scheme, host and port of the page, letter by letter.",
	fetch.RuleAllowOriginMatches:     "Access-Control-Allow-Origin names another origin than the page's. Scheme, host and port have to be the same, letter by letter, without a slash at the end.",
	fetch.RuleNoWildcardWithCreds:    "The request was made with credentials (cookies), and then * does not count: the server has to name the page's origin, or the script to leave the credentials out.",
	fetch.RuleAllowCredentials:       "The request was made with credentials (cookies), and the answer lacks Access-Control-Allow-Credentials: true.",
	fetch.RulePreflightNotRedirected: "The preflight (OPTIONS) was answered with a redirect, which browsers do not follow. Most often the URL says http instead of https, lacks a slash at the end, or needs a login.",
	fetch.RulePreflightStatus:        "The preflight (OPTIONS) was not answered with a status of 200 to 299: something on the way does not know OPTIONS, or wants a login for it.",
	fetch.RuleMethodAllowed:          "Access-Control-Allow-Methods of the preflight's answer does not name the method. It is compared letter by letter: patch is not PATCH.",
	fetch.RuleHeaderAllowed:          "Access-Control-Allow-Headers of the preflight's answer does not name this request header.",
}

// otherExplanations say what looks like CORS and is not.
var otherExplanations = map[string]string{
	codeMixedContent:         "This is not CORS: an https page may not fetch a plain http URL, and no response header changes that. Serve the target over https.",
	codeCSP:                  "This is not CORS: the page's own Content-Security-Policy does not list the target. Add its origin to connect-src of the page, not of the target.",
	codeCORP:                 "This is not CORS: the page asks for isolation (Cross-Origin-Embedder-Policy) or the target forbids embedding (Cross-Origin-Resource-Policy). Request it with CORS (the crossorigin attribute), or have the target send Cross-Origin-Resource-Policy: cross-origin.",
	codeORB:                  "This is not CORS: a request without CORS (a script or img element, or mode no-cors) got an answer of a type that it may not see. Use fetch() in mode cors, and have the target allow it.",
	codeClient:               "This is not CORS: an extension, often an ad blocker, or the developer tools blocked the request. Try a private window without extensions.",
	codeCertificate:          "This is not CORS: the browser does not accept the server's certificate. Open the URL in a tab of its own to see why.",
	"frame-access":           "This is not CORS: a page reached into a frame of another origin. Use postMessage between the two.",
	"frame-options":          "This is not CORS: the target forbids being shown in a frame (X-Frame-Options or frame-ancestors).",
	"local-file":             "This is not CORS: a web page may not load a file from disk. Serve it over http.",
	"websocket":              "This is not CORS: WebSocket has none. The server decides by the Origin header itself, and answers 403 or closes the connection.",
	"stylesheet-access":      "The style sheet was loaded without CORS, so script may not read its rules. Load it with the crossorigin attribute, and have its server send Access-Control-Allow-Origin.",
	"post-message":           "This is not CORS: postMessage() was given another origin than the receiving window has; often that window has not loaded yet, or has gone elsewhere.",
	"worker-origin":          "This is not CORS: a worker's script has to be of the page's own origin, and no header of another server changes that. Serve it from the page's origin.",
	"service-worker":         "This is not the server's answer: the page's service worker took the request and failed, often as it passed on an opaque response. Unregister it in the developer tools to see what the server says.",
	"preload-mismatch":       "Nothing was blocked: the preload was made without CORS, or with other credentials, and the request that wanted it was not. Give both the same crossorigin attribute; fonts always need it.",
	"preload-unused":         "Nothing was blocked: the page asked for this early and did not use it soon. Where the request that wants it is made with CORS, as for fonts, the preload needs the crossorigin attribute.",
	"integrity-without-cors": "An integrity attribute works only on a request with CORS. Add crossorigin=\"anonymous\" to the element; its server has to send Access-Control-Allow-Origin.",
	"integrity-mismatch":     "This is not CORS: the file is not the one that its integrity attribute describes. Update the hash, or the file.",
	"mime-type":              "This is not CORS: the answer has the wrong Content-Type, often as it is the HTML of an error or a login page. Open the URL in a tab of its own to see it.",
	"cookie-same-site":       "This is not CORS: the cookie does not travel to another site without SameSite=None and Secure. Where a page and its API are of one site, it does.",
	"header-not-exposed":     "The request passed and nothing was blocked: script may read this header of the answer only if the server names it in Access-Control-Expose-Headers.",
	"tainted-canvas":         "An image without CORS was drawn on the canvas. Load it with the crossorigin attribute, and have its server send Access-Control-Allow-Origin.",
	"forbidden-header":       "This is not CORS: browsers set this header themselves, and drop what script says. Leave it out.",

	"LocalNetworkAccessPermissionDenied":  "This is not CORS: Chrome asks the user before a public page reaches a local or loopback address, and the answer was no, or nobody could be asked.",
	"InsecureLocalNetwork":                "This is not CORS: only a secure page (https) may reach a more private address. Serve the page over https.",
	"PreflightMissingAllowPrivateNetwork": "Private Network Access, of Chrome 104 to 136, wanted Access-Control-Allow-Private-Network. Chrome has since dropped it for a permission prompt (Local Network Access).",
	"PreflightInvalidAllowPrivateNetwork": "Private Network Access, of Chrome 104 to 136, wanted Access-Control-Allow-Private-Network: true. Chrome has since dropped it for a permission prompt (Local Network Access).",

	"PreflightMissingPrivateNetworkAccessId":    "Private Network Access, of Chrome 104 to 136, wanted an ID from a device before it asked the user. Chrome has since dropped it for a permission prompt (Local Network Access).",
	"PreflightMissingPrivateNetworkAccessName":  "Private Network Access, of Chrome 104 to 136, wanted a name from a device before it asked the user. Chrome has since dropped it for a permission prompt (Local Network Access).",
	"PrivateNetworkAccessPermissionUnavailable": "This is not CORS: the page is at a public address and the target at a more private one, and this context cannot ask the user for permission. Ask from a page that is not in a frame or a worker.",

	"UnexpectedPrivateNetworkAccess": "The request was found to go to a private address that was not announced. Local Network Access of today decides by a permission prompt.",
	"InvalidLocalNetworkAccess":      "The targetAddressSpace that fetch() was given is not the one the target has.",
	"CORSDidNotSucceed2":             "Firefox got no answer at all: DNS, connection, certificate, a blocker or mixed content. It is not proof of a CORS fault.",
}
