package fix

import "github.com/corscheck/corscheck/probe/finding"

var lighttpd = Stack{
	Key: "lighttpd", Name: "lighttpd", Kind: Server, Run: true, comment: "#",
	Marks: []Mark{
		header("server", "^lighttpd", finding.High),
	},
	changes: everything(
		`In lighttpd.conf, with mod_setenv above mod_auth and the mod_ of a proxy or FastCGI in server.modules:`, `
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
}`),
}
