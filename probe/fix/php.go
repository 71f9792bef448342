package fix

import "github.com/corscheck/corscheck/probe/finding"

var php = Stack{
	Key: "php", Name: "plain PHP", Kind: Framework, Run: true, runtime: true, comment: "//",
	Marks: []Mark{
		header("x-powered-by", "^php", finding.High),
		header("set-cookie", "phpsessid=", finding.High),
	},
	changes: everything(
		`First in the script that answers {{.Path}}, below <?php, instead of other header() lines about CORS:`, `
header('Vary: Origin', false);
if (($_SERVER['HTTP_ORIGIN'] ?? '') === {{php .Origin}}) {
    header({{php (print "Access-Control-Allow-Origin: " .Origin)}});
{{- if .Credentials}}
    header('Access-Control-Allow-Credentials: true');{{end}}
{{- if .Expose}}
    header({{php (print "Access-Control-Expose-Headers: " (join .Expose ", "))}});{{end}}
{{- if .Preflighted}}
    if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS' && isset($_SERVER['HTTP_ACCESS_CONTROL_REQUEST_METHOD'])) {
{{- if not .Simple}}
        header({{php (print "Access-Control-Allow-Methods: " .Method)}});{{end}}
{{- if .Headers}}
        header({{php (print "Access-Control-Allow-Headers: " (join .Headers ", "))}});{{end}}
{{- if .MaxAge}}
        header('Access-Control-Max-Age: {{.MaxAge}}');{{end}}
        http_response_code(204);
        exit;
    }{{end}}
}`),
}
