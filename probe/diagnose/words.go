package diagnose

import "regexp"

// What a body says about why a request was refused. The words are those of
// frameworks, gateways and libraries; each supports what a question has shown,
// or makes it worth asking.
var (
	saysOrigin = regexp.MustCompile(`(?i)invalid cors request|disallowed cors origin|not allowed by cors|blocked by cors|` +
		`origin[^.]{0,60}(not allowed|not permitted|disallowed|denied|forbidden|invalid|rejected|refused|blocked|unknown|not whitelisted|not in)|` +
		`(disallowed|invalid|unknown|forbidden|bad|unauthori[sz]ed) origin|cors[^.]{0,40}(denied|rejected|refused|forbidden|not allowed|error|fail)`)
	saysMethod = regexp.MustCompile(`(?i)disallowed cors method`)
	saysHeader = regexp.MustCompile(`(?i)disallowed cors headers`)
	// saysAuth asks who the caller is; saysDenied may be a firewall's word, too.
	saysAuth = regexp.MustCompile(`(?i)unauthori[sz]ed|unauthenticated|authenticat|authori[sz]ation|log ?in\b|sign[- ]?in\b|logged in|` +
		`(access|bearer|auth|id|security|invalid|missing|no|expired|api)[-_ ]?token|token (is )?(missing|invalid|required|expired|not)|credentials?\b|api[-_ ]?key|subscription key|rbac|\bjwt\b|no session|session (is )?(expired|invalid|required|not)`)
	saysDenied = regexp.MustCompile(`(?i)permission|access denied|token|session`)
	loginForm  = regexp.MustCompile(`(?i)<input[^>]+type\s*=\s*["']?password`)
	saysTLS    = regexp.MustCompile(`(?i)http request (was sent )?to (an )?https (server|port)|plain http to an ssl|requires tls|ssl-enabled server port`)
	saysCSRF   = regexp.MustCompile(`(?i)csrf|xsrf|forgery`)
	// saysNoOptions refuses the method OPTIONS itself, whatever the status.
	saysNoOptions = regexp.MustCompile(`(?i)(method|verb|operation)\b[^.]{0,30}\boptions\b[^.]{0,30}(not |un)(supported|allowed|implemented|permitted)|` +
		`\boptions\b[^.]{0,30}\b(is |are )?(not |un)(supported|allowed|implemented|permitted)|` +
		`(unsupported|invalid|unknown|unrecogni[sz]ed|disallowed|illegal|bad)( http| request)* (method|verb)\b|` +
		`(method|verb) (is )?not (supported|allowed|implemented|permitted)|no (route|handler)[^.]{0,30}\boptions\b|cannot options\b|` +
		`not configured to allow the http request method`)
	// saysFirewall is a filter's page: it minds the request, not who makes it.
	saysFirewall = regexp.MustCompile(`(?i)request (was |has been |is )?(blocked|rejected)|url was rejected|support id|incident id|mod_?security|` +
		`error code: 10\d\d|attention required|web application firewall|reference (#|&#35;)|akamai|imperva|incapsula|sucuri|request forbidden by administrative rules`)
)
