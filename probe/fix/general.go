package fix

// page is for findings that are mended in the page, whatever the server is.
var page = Stack{
	Key: "page", Name: "the page", comment: "//",
	changes: []change{
		{ids: ids("preflight-redirected", "redirect-without-cors", "redirect-taints-origin", "redirect-with-userinfo", "redirect-not-http"), parts: parts(
			`{{if .Target}}In the page: ask for the URL that the server redirects to.{{end}}`,
			`{{if .Target}}fetch({{js .Target.Display}}){{end}}`)},
		{ids: ids("mixed-content"), parts: parts(
			`In the page: ask for https.`,
			`{{if .URL}}fetch({{js .Secure}}){{end}}`)},
	},
}

// Secure is the URL with the scheme https.
func (v *view) Secure() string {
	u := *v.URL
	u.Scheme = "https"
	return u.Display()
}

// general is for a server that was not recognised, and for findings that no
// stack has a change of its own for: it names the headers to send.
var general = Stack{
	Key: "any", Name: "any server", comment: "#",
	changes: []change{
		{ids: nil, parts: parts(
			`{{if .Preflighted}}On the answer to the preflight, OPTIONS {{.Path}}, with status 204 and before anything asks for a login:{{end}}`,
			`{{if .Preflighted}}Access-Control-Allow-Origin: {{.Origin}}
{{- if .Credentials}}
Access-Control-Allow-Credentials: true{{end}}
{{- if not .Simple}}
Access-Control-Allow-Methods: {{.Method}}{{end}}
{{- if .Headers}}
Access-Control-Allow-Headers: {{join .Headers ", "}}{{end}}
{{- if .MaxAge}}
Access-Control-Max-Age: {{.MaxAge}}{{end}}
Vary: Origin{{end}}`,
			`On every answer to {{.Method}} {{.Path}} when the Origin header of the request is {{.Origin}}, error pages included, and only once:`,
			`Access-Control-Allow-Origin: {{.Origin}}
{{- if .Credentials}}
Access-Control-Allow-Credentials: true{{end}}
{{- if .Expose}}
Access-Control-Expose-Headers: {{join .Expose ", "}}{{end}}`,
			`On every answer, whatever the Origin:`,
			`Vary: Origin`,
		)},
		{ids: ids("cross-origin-resource-policy"), parts: parts(
			`On every answer that pages of other sites may embed:`,
			`Cross-Origin-Resource-Policy: cross-origin`)},
		{ids: ids("login-redirect"), parts: parts(
			``,
			`# Let {{.Path}} answer 401 instead of a redirect to a login page; the page then goes to the login itself:
HTTP/1.1 401 Unauthorized
Access-Control-Allow-Origin: {{.Origin}}
{{- if .Credentials}}
Access-Control-Allow-Credentials: true{{end}}
Vary: Origin`,
		)},
	},
}
