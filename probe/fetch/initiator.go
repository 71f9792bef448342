package fetch

// An initiatorTraits says what an API or element passes to fetch.
type initiatorTraits struct {
	mode            Mode
	credentials     CredentialsMode
	destination     string // https://fetch.spec.whatwg.org/#concept-request-destination
	console         string // how Chrome's console calls it: "Access to <console> at"
	forcesPreflight bool   // https://fetch.spec.whatwg.org/#use-cors-preflight-flag
}

// initiators: https://html.spec.whatwg.org/#cors-settings-attributes and
// https://xhr.spec.whatwg.org/#the-send()-method
var initiators = map[Initiator]initiatorTraits{
	InitiatorFetch:       {ModeCORS, CredentialsSameOrigin, "empty", "fetch", false},
	InitiatorXHR:         {ModeCORS, CredentialsSameOrigin, "empty", "XMLHttpRequest", false},
	InitiatorXHRUpload:   {ModeCORS, CredentialsSameOrigin, "empty", "XMLHttpRequest", true},
	InitiatorEventSource: {ModeCORS, CredentialsSameOrigin, "empty", "resource", false},
	InitiatorScript:      {ModeNoCORS, CredentialsInclude, "script", "script", false},
	InitiatorModule:      {ModeCORS, CredentialsSameOrigin, "script", "script", false},
	InitiatorImage:       {ModeNoCORS, CredentialsInclude, "image", "image", false},
	InitiatorFont:        {ModeCORS, CredentialsSameOrigin, "font", "font", false},
}
