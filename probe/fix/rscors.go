package fix

import "github.com/corscheck/corscheck/probe/finding"

var rsCORS = Stack{
	Key: "rs-cors", Name: "Go net/http with rs/cors", Aliases: []string{"rs/cors", "go-rs-cors"}, Kind: Framework, Run: true, comment: "//",
	Marks: []Mark{
		shape("the Vary of rs/cors", finding.High, func(a answer) bool {
			return a.preflight() && a.is("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
		}),
	},
	changes: everything(
		`With the other imports (go get github.com/rs/cors):`,
		`import "github.com/rs/cors"`,
		`Around the outermost handler, where the server gets it, instead of other uses of cors:`, `
handler = cors.New(cors.Options{
	AllowedOrigins: []string{ {{- go .Origin -}} },
	AllowedMethods: []string{ {{- goList .Methods -}} },
	AllowedHeaders: []string{ {{- goList .Listed -}} },
{{- if .Expose}}
	ExposedHeaders: []string{ {{- goList .Expose -}} },{{end}}
{{- if .Credentials}}
	AllowCredentials: true,{{end}}
{{- if .MaxAge}}
	MaxAge: {{.MaxAge}},{{end}}
}).Handler(handler)`),
}
