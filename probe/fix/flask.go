package fix

import "github.com/corscheck/corscheck/probe/finding"

var flask = Stack{
	Key: "flask", Name: "Flask", Aliases: []string{"werkzeug"}, Kind: Framework, Run: true, comment: "#", unquotable: `*\]?$^`,
	Marks: []Mark{
		header("server", "werkzeug", finding.High),
		body("^<!doctype html>\n<html lang=en>\n<title>", finding.High),
		shape("the default methods of flask-cors", finding.High, func(a answer) bool {
			return a.is("access-control-allow-methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")
		}),
	},
	// flask-cors takes what has an unquotable character for a regular expression.
	// It adds no Vary for a single origin, and an abort in a
	// before_request function would answer the preflight too.
	changes: []change{
		{ids: ids("preflight-redirected", "redirect-taints-origin"), parts: parts(
			`Below app = Flask(...) and above the first route: {{.Path}} is answered with and without a slash at its end.`,
			`app.url_map.strict_slashes = False`)},
		{parts: parts(
			`With the other imports (pip install flask-cors):`, `
{{- if .Preflighted}}
from flask import request{{end}}
from flask_cors import CORS`,
			`Below app = Flask(...), above every other before_request, instead of other uses of CORS():`, `
CORS(app, origins=[{{py .Origin}}], methods=[{{pyList .Methods}}], allow_headers=[{{pyList .Listed}}]
{{- if .Expose}}, expose_headers=[{{pyList .Expose}}]{{end}}
{{- if .Credentials}}, supports_credentials=True{{end}}
{{- if .MaxAge}}, max_age={{.MaxAge}}{{end}})
{{- if .Preflighted}}


@app.before_request
def answer_preflight():
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        return "", 204{{end}}


@app.after_request
def vary_by_origin(response):
    response.vary.add("Origin")
    return response`)},
	},
}
