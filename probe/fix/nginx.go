package fix

import "github.com/corscheck/corscheck/probe/finding"

var nginx = Stack{
	Key: "nginx", Name: "nginx", Aliases: []string{"openresty"}, Kind: Server, Run: true, comment: "#", unquotable: "$",
	Marks: []Mark{
		header("server", "^nginx", finding.High),
		header("server", "^openresty", finding.High),
		body("<center>nginx", finding.High),
		body("<center>openresty", finding.High),
	},
	// add_header is inherited all or nothing: the if below has none of its own,
	// and so gets those of the location. It runs before auth_basic and
	// auth_request ask for anything.
	changes: everything(
		`In http { }, outside every server { }:`, `
map $http_origin $cors_origin {
    default "";
    {{nginx .Origin}} $http_origin;
}`,
		`In the location { } that answers {{.Path}}, instead of its add_header lines about CORS:`, `
proxy_hide_header Access-Control-Allow-Origin;
{{- if .Credentials}}
proxy_hide_header Access-Control-Allow-Credentials;{{end}}
add_header Access-Control-Allow-Origin $cors_origin always;
{{- if .Credentials}}
add_header Access-Control-Allow-Credentials true always;{{end}}
{{- if .Expose}}
add_header Access-Control-Expose-Headers {{nginx (join .Expose ", ")}} always;{{end}}
{{- if .Preflighted}}
{{- if not .Simple}}
add_header Access-Control-Allow-Methods {{nginx .Method}} always;{{end}}
{{- if .Headers}}
add_header Access-Control-Allow-Headers {{nginx (join .Headers ", ")}} always;{{end}}
{{- if .MaxAge}}
add_header Access-Control-Max-Age {{.MaxAge}} always;{{end}}{{end}}
add_header Vary Origin always;
{{- if .Preflighted}}
if ($request_method = OPTIONS) {
    return 204;
}{{end}}`),
}
