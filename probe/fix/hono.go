package fix

import (
	"strings"

	"github.com/corscheck/corscheck/probe/finding"
)

var hono = Stack{
	Key: "hono", Name: "Hono", Kind: Framework, Run: true, comment: "//",
	Marks: []Mark{
		body("=404 Not Found", finding.Medium),
		shape("the default methods of hono/cors", finding.High, func(a answer) bool {
			v := a.values("access-control-allow-methods")
			return a.preflight() && len(v) == 1 && strings.HasPrefix(v[0], "GET,HEAD,PUT,POST,DELETE,PATCH,QUERY")
		}),
		shape("a plain-text answer in Hono's form", finding.Low, func(a answer) bool {
			return a.is("content-type", "text/plain;charset=UTF-8") || a.is("content-type", "text/plain; charset=UTF-8") && a.has("keep-alive")
		}),
	},
	changes: everything(
		`With the other imports:`,
		`import { cors } from 'hono/cors';`,
		`Above every other app.use() and every route, instead of other uses of cors():`, `
app.use('*', cors({
  origin: [{{js .Origin}}],
  allowMethods: [{{jsList .Methods}}],
  allowHeaders: [{{jsList .Listed}}],
{{- if .Expose}}
  exposeHeaders: [{{jsList .Expose}}],{{end}}
{{- if .Credentials}}
  credentials: true,{{end}}
{{- if .MaxAge}}
  maxAge: {{.MaxAge}},{{end}}
}));`),
}
