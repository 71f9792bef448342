package fix

import "github.com/corscheck/corscheck/probe/finding"

// caddySite sets the origin twice: at once, for Caddy's own error pages, and
// deferred, which replaces what an application sends.
const caddySite = `
@cors header Origin {{raw .Origin}}
header @cors Access-Control-Allow-Origin {{raw .Origin}}
header @cors >Access-Control-Allow-Origin {{raw .Origin}}
{{- if .Credentials}}
header @cors Access-Control-Allow-Credentials true
header @cors >Access-Control-Allow-Credentials true{{end}}
{{- if .Expose}}
header @cors Access-Control-Expose-Headers {{caddy (join .Expose ", ")}}{{end}}
header +Vary Origin
{{- if .Preflighted}}
@preflight {
	method OPTIONS
	header Origin {{raw .Origin}}
	header Access-Control-Request-Method *
}
handle @preflight {
{{- if not .Simple}}
	header Access-Control-Allow-Methods {{caddy .Method}}{{end}}
{{- if .Headers}}
	header Access-Control-Allow-Headers {{caddy (join .Headers ", ")}}{{end}}
{{- if .MaxAge}}
	header Access-Control-Max-Age {{.MaxAge}}{{end}}
	respond 204
}{{end}}`

var caddy = Stack{
	Key: "caddy", Name: "Caddy", Kind: Server, Run: true, comment: "#", unquotable: "`",
	Marks: []Mark{
		header("server", "^caddy", finding.High),
		header("via", "caddy", finding.High),
	},
	changes: []change{
		{ids: ids("preflight-needs-auth"), parts: parts(
			`In the site of {{.Path}}, instead of other lines about CORS:`, caddySite,
			`In the same site: only what is not a preflight is asked to log in.`, `
@not_preflight not {
	method OPTIONS
	header Access-Control-Request-Method *
}`,
			`The first line of the site's own basic_auth (or forward_auth) gets that matcher:`,
			`basic_auth @not_preflight {`)},
		{parts: parts(`In the site of {{.Path}}, instead of other lines about CORS:`, caddySite)},
	},
}
