package fix

import "github.com/corscheck/corscheck/probe/finding"

var chi = Stack{
	Key: "chi", Name: "chi with go-chi/cors", Aliases: []string{"go-chi"}, Kind: Framework, Run: true, comment: "//",
	unquotable: "!#$%&'*+^`|~", // go-chi/cors leaves these out of a name that a preflight asks for
	Marks: []Mark{
		shape("the three Vary lines of go-chi/cors", finding.High, func(a answer) bool {
			return a.preflight() && a.Status == 200 && len(a.values("vary")) == 3
		}),
		shape("a 405 without a body, as chi sends it", finding.Medium, func(a answer) bool {
			return a.Status == 405 && a.text == "" && a.is("content-length", "0") && !a.has("server") && !a.has("keep-alive") && !a.has("content-type")
		}),
	},
	changes: everything(
		`With the other imports (go get github.com/go-chi/cors):`,
		`import "github.com/go-chi/cors"`,
		`Below chi.NewRouter(), above every other r.Use and not inside a Group or Route, instead of other uses of cors:`, `
r.Use(cors.Handler(cors.Options{
	AllowedOrigins: []string{ {{- go .Origin -}} },
	AllowedMethods: []string{ {{- goList .Methods -}} },
	AllowedHeaders: []string{ {{- goList .Listed -}} },
{{- if .Expose}}
	ExposedHeaders: []string{ {{- goList .Expose -}} },{{end}}
{{- if .Credentials}}
	AllowCredentials: true,{{end}}
{{- if .MaxAge}}
	MaxAge: {{.MaxAge}},{{end}}
}))`),
}
