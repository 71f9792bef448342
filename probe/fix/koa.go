package fix

import "github.com/corscheck/corscheck/probe/finding"

var koa = Stack{
	Key: "koa", Name: "Koa", Kind: Framework, Run: true, comment: "//",
	Marks: []Mark{
		shape("the default methods of @koa/cors", finding.High, func(a answer) bool {
			return a.is("access-control-allow-methods", "GET,HEAD,PUT,POST,DELETE,PATCH")
		}),
		shape("an error in Koa's form", finding.Medium, func(a answer) bool {
			return a.Status >= 400 && a.is("content-type", "text/plain; charset=utf-8") && a.has("keep-alive") && koaTexts[a.text]
		}),
		shape("an empty Access-Control-Allow-Origin", finding.Medium, func(a answer) bool {
			return a.is("access-control-allow-origin", "") && a.has("keep-alive")
		}),
	},
	// Koa throws away the headers of an error; @koa/cors keeps its own, but no
	// Vary where it refuses an origin.
	changes: everything(
		`With the other require lines (npm install @koa/cors; in an ES module: import cors from '@koa/cors'):`,
		`const cors = require('@koa/cors');`,
		`Above every other app.use(), instead of other uses of cors():`, `
app.use((ctx, next) => next().catch((error) => {
  error.headers = { vary: 'Origin', ...error.headers };
  throw error;
}));
app.use(cors({
  origin: (ctx) => (ctx.get('Origin') === {{js .Origin}} ? {{js .Origin}} : ''),
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

// koaTexts are bodies that Koa answers by itself: the reason phrase alone.
var koaTexts = map[string]bool{
	"Not Found": true, "Unauthorized": true, "Forbidden": true, "Internal Server Error": true,
	"Method Not Allowed": true, "Not Implemented": true, "Bad Request": true,
}
