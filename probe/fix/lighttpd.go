package fix

import "github.com/corscheck/corscheck/probe/finding"

var lighttpd = Stack{
	Key: "lighttpd", Name: "lighttpd", Kind: Server, Run: true, comment: "#", unquotable: `"\`,
	Marks: []Mark{
		header("server", "^lighttpd", finding.High),
	},
	// An empty value takes a header away. mod_redirect answers the preflight
	// without asking an application; what is conditional on the origin comes last.
	changes: everything(
		`At the end of lighttpd.conf, with mod_setenv and mod_redirect before mod_auth and all others in server.modules, instead of other setenv lines about CORS:`, `
setenv.add-response-header = ("Vary" => "Origin")
$REQUEST_HEADER["Origin"] == {{lighttpd .Origin}} {
    setenv.set-response-header = (
        "Access-Control-Allow-Origin" => {{lighttpd .Origin}},
{{- if .Credentials}}
        "Access-Control-Allow-Credentials" => "true",{{end}}
{{- if .Expose}}
        "Access-Control-Expose-Headers" => {{lighttpd (join .Expose ", ")}},{{end}}
{{- if .Preflighted}}
{{- if not .Simple}}
        "Access-Control-Allow-Methods" => {{lighttpd .Method}},{{end}}
{{- if .Headers}}
        "Access-Control-Allow-Headers" => {{lighttpd (join .Headers ", ")}},{{end}}
{{- if .MaxAge}}
        "Access-Control-Max-Age" => "{{.MaxAge}}",{{end}}{{end}}
    )
{{- if .Preflighted}}
    $HTTP["request-method"] == "OPTIONS" {
        url.redirect-code = 204
        url.redirect = ("" => "/")
        setenv.set-response-header += ("Location" => "")
    }{{end}}
}`),
}
