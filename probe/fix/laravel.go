package fix

import (
	"strings"

	"github.com/corscheck/corscheck/probe/finding"
)

var laravel = Stack{
	Key: "laravel", Name: "Laravel", Aliases: []string{"lumen"}, Kind: Framework, comment: "//",
	Marks: []Mark{
		header("set-cookie", "laravel_session=", finding.High),
		header("set-cookie", "xsrf-token=", finding.Medium),
		body(`"message":"Unauthenticated."`, finding.Medium),
		body(`"message": "The route `, finding.High),
		body(`"message":"The route `, finding.High),
		body("<title>Page Expired</title>", finding.High),
	},
	// HandleCors is global and answers preflights before any route's
	// authentication, for the paths that it is told of. With one origin it sends
	// that to everybody, which needs no Vary.
	note: "php artisan config:publish cors writes the file where it is missing; php artisan config:clear makes a change take effect.",
	changes: everything(
		`config/cors.php, below <?php; a * at the end of a path covers all below it:`, `
return [
    'paths' => [{{php .LaravelPath}}],
    'allowed_origins' => [{{php .Origin}}],
    'allowed_methods' => [{{range $i, $m := .Methods}}{{if $i}}, {{end}}{{php $m}}{{end}}],
{{- if .Headers}}
    'allowed_headers' => [{{range $i, $h := .Headers}}{{if $i}}, {{end}}{{php $h}}{{end}}],{{end}}
{{- if .Expose}}
    'exposed_headers' => [{{range $i, $h := .Expose}}{{if $i}}, {{end}}{{php $h}}{{end}}],{{end}}
{{- if .MaxAge}}
    'max_age' => {{.MaxAge}},{{end}}
{{- if .Credentials}}
    'supports_credentials' => true,{{end}}
];`),
}

// LaravelPath is the path as Laravel writes it, without the slash in front.
func (v *view) LaravelPath() string {
	if path := strings.Trim(v.Path(), "/"); path != "" {
		return path
	}
	return "/"
}
