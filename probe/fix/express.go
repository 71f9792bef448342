package fix

import "github.com/corscheck/corscheck/probe/finding"

var express = Stack{
	Key: "express", Name: "Express", Aliases: []string{"expressjs", "nestjs"}, Kind: Framework, Run: true, comment: "//",
	Marks: []Mark{
		header("x-powered-by", "^express", finding.High),
		body("<pre>Cannot ", finding.High),
		shape("the default methods of the cors package", finding.Medium, func(a answer) bool {
			return a.is("access-control-allow-methods", "GET,HEAD,PUT,PATCH,POST,DELETE") && a.has("vary")
		}),
	},
	changes: everything(
		`With the other require lines (npm install cors; in an ES module: import cors from 'cors'):`,
		`const cors = require('cors');`,
		`Above every other app.use() and every route, instead of other uses of cors():`, `
app.use(cors({
  origin: [{{js .Origin}}],
  methods: [{{jsList .Methods}}],
  allowedHeaders: [{{jsList .Headers}}],
{{- if .Expose}}
  exposedHeaders: [{{jsList .Expose}}],{{end}}
{{- if .Credentials}}
  credentials: true,{{end}}
{{- if .MaxAge}}
  maxAge: {{.MaxAge}},{{end}}
}));`),
}
