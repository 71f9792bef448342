package fix

import "github.com/corscheck/corscheck/probe/finding"

var hapi = Stack{
	Key: "hapi", Name: "hapi", Kind: Framework, Run: true, comment: "//",
	Marks: []Mark{
		body("CORS error: ", finding.High),
		shape("the default request headers of hapi", finding.High, func(a answer) bool {
			return a.is("access-control-allow-headers", "Accept,Authorization,Content-Type,If-None-Match")
		}),
		shape("the default exposed headers of hapi", finding.High, func(a answer) bool {
			return a.is("access-control-expose-headers", "WWW-Authenticate,Server-Authorization")
		}),
		shape("Cache-Control: no-cache and Accept-Ranges: bytes from Node.js", finding.Medium, func(a answer) bool {
			return a.is("cache-control", "no-cache") && a.is("accept-ranges", "bytes") && a.has("keep-alive")
		}),
		shape("an error in hapi's form", finding.Medium, func(a answer) bool {
			return a.Status >= 400 && a.is("cache-control", "no-cache") && a.has("keep-alive") && matches(a.text, `^{"statusCode":`)
		}),
	},
	changes: everything(
		`In the options of Hapi.server({ }), instead of other cors settings there and in routes; hapi allows the methods that {{.Path}} has routes for:`, `
routes: {
  cors: {
    origin: [{{js .Origin}}],
    headers: [{{jsList .Headers}}],
{{- if .Expose}}
    exposedHeaders: [{{jsList .Expose}}],{{end}}
{{- if .Credentials}}
    credentials: true,{{end}}
{{- if .MaxAge}}
    maxAge: {{.MaxAge}},{{end}}
  },
},`),
}
