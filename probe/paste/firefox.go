package paste

// firefoxMessages are the wordings of Firefox. Codes are today's categories of
// its console (nsIScriptError.category), also for wordings of older versions.
var firefoxMessages = []pattern{
	{role: rolePrefix, text: "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at '{url}'. (Reason: "},
	{role: rolePrefix, text: "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at '{url}'. "},
	{role: rolePrefix, text: "Cross-Origin Request Warning: The Same Origin Policy will disallow reading the remote resource at {url} soon. (Reason: "},

	{role: roleReason, code: "CORSDisabled", text: "CORS disabled)"},
	{role: roleReason, code: "CORSDidNotSucceed2", text: "CORS request did not succeed"},
	{role: roleReason, code: "CORSDidNotSucceed2", text: "CORS request failed"},
	{role: roleReason, code: "CORSOriginHeaderNotAdded", text: "CORS header 'Origin' cannot be added"},
	{role: roleReason, code: "CORSExternalRedirectNotAllowed", text: "CORS request external redirect not allowed"},
	{role: roleReason, code: "CORSRequestNotHttp", text: "CORS request not http"},
	{role: roleReason, code: "CORSRequestNotHttp", text: "CORS request not HTTP"},
	{role: roleReason, code: "CORSMissingAllowOrigin2", text: "CORS header 'Access-Control-Allow-Origin' missing"},
	{role: roleReason, code: "CORSMultipleAllowOriginNotAllowed", text: "Multiple CORS header 'Access-Control-Allow-Origin' not allowed"},
	{role: roleReason, code: "CORSAllowOriginNotMatchingOrigin", text: "CORS header 'Access-Control-Allow-Origin' does not match '{value}')"},
	{role: roleReason, code: "CORSNotSupportingCredentials", text: "Credential is not supported if the CORS header 'Access-Control-Allow-Origin' is '*'"},
	{role: roleReason, code: "CORSMethodNotFound", text: "Did not find method in CORS header 'Access-Control-Allow-Methods'"},
	{role: roleReason, code: "CORSMissingAllowCredentials", text: "expected 'true' in CORS header 'Access-Control-Allow-Credentials'"},
	{role: roleReason, code: "CORSPreflightDidNotSucceed3", text: "CORS preflight response did not succeed"},
	{role: roleReason, code: "CORSPreflightDidNotSucceed3", text: "CORS preflight channel did not succeed"},
	{role: roleReason, code: "CORSInvalidAllowMethod", text: "invalid token '{value}' in CORS header 'Access-Control-Allow-Methods'"},
	{role: roleReason, code: "CORSInvalidAllowHeader", text: "invalid token '{value}' in CORS header 'Access-Control-Allow-Headers'"},
	{role: roleReason, code: "CORSMissingAllowHeaderFromPreflight2", text: "header '{header}' is not allowed according to header 'Access-Control-Allow-Headers' from CORS preflight response"},
	{role: roleReason, code: "CORSMissingAllowHeaderFromPreflight2", text: "missing token '{header}' in CORS header 'Access-Control-Allow-Headers' from CORS preflight channel"},
	{role: roleReason, code: "CORSMissingAllowHeaderFromPreflight2", text: "missing token '{header}' in CORS header 'Access-Control-Allow-Headers'"},
	{role: roleReason, code: "CORSAllowHeaderFromPreflightDeprecation", text: "When the 'Access-Control-Allow-Headers' is '*', the 'Authorization' header is not covered"},

	{role: roleTail, text: "). Status code: {status}"},
}
