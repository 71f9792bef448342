package fix

import "github.com/corscheck/corscheck/probe/finding"

var apache = Stack{
	Key: "apache", Name: "Apache", Aliases: []string{"apache2", "httpd"}, Kind: Server, Run: true, comment: "#",
	Marks: []Mark{
		header("server", "^apache", finding.High),
		body("<address>Apache", finding.High),
		body(`^<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">`, finding.Medium),
	},
	note: "Needs mod_headers and mod_rewrite: a2enmod headers rewrite",
	// Apache keeps two tables of headers. The lines of an application are in the
	// one that "always" does not touch, hence unset and set; error pages get
	// those of "always" only. Rewriting in <VirtualHost> happens before
	// authentication, in <Directory> and .htaccess after it.
	changes: everything(
		`In <VirtualHost>, not in <Directory> or .htaccess, instead of other lines about CORS for {{.Path}}:`, `
Header unset Access-Control-Allow-Origin
Header always set Access-Control-Allow-Origin {{apache .Origin}} "expr=%{HTTP:Origin} == '{{raw .Origin}}'"
{{- if .Credentials}}
Header unset Access-Control-Allow-Credentials
Header always set Access-Control-Allow-Credentials true "expr=%{HTTP:Origin} == '{{raw .Origin}}'"{{end}}
{{- if .Expose}}
Header always set Access-Control-Expose-Headers {{apache (join .Expose ", ")}}{{end}}
Header always merge Vary Origin
{{- if .Preflighted}}
{{- if not .Simple}}
Header always set Access-Control-Allow-Methods {{apache .Method}}{{end}}
{{- if .Headers}}
Header always set Access-Control-Allow-Headers {{apache (join .Headers ", ")}}{{end}}
{{- if .MaxAge}}
Header always set Access-Control-Max-Age {{.MaxAge}}{{end}}
RewriteEngine On
RewriteCond %{REQUEST_METHOD} =OPTIONS
RewriteCond %{HTTP:Access-Control-Request-Method} !=""
RewriteRule ^ - [R=204,L]{{end}}`),
}
