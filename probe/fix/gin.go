package fix

import "github.com/corscheck/corscheck/probe/finding"

var gin = Stack{
	Key: "gin", Name: "Gin", Aliases: []string{"gin-gonic"}, Kind: Framework, Run: true, comment: "//",
	Marks: []Mark{
		shape("Gin's answer to an unknown route", finding.High, func(a answer) bool {
			return a.text == "404 page not found" && a.is("content-type", "text/plain") && !a.has("x-content-type-options")
		}),
		body("=405 method not allowed", finding.High),
		shape("the default request headers of gin-contrib/cors", finding.High, func(a answer) bool {
			return a.is("access-control-allow-headers", "Origin,Content-Length,Content-Type")
		}),
	},
	// gin-contrib/cors sends no Vary where it refuses an origin, nor where there is none.
	changes: []change{
		{ids: ids("preflight-redirected", "redirect-taints-origin"), parts: parts(
			`Below gin.New() or gin.Default(); then {{.Path}} needs a route of exactly that spelling:`,
			`r.RedirectTrailingSlash = false`)},
		{parts: parts(
			`With the other imports (go get github.com/gin-contrib/cors):`,
			`import "github.com/gin-contrib/cors"`,
			`Below gin.New() or gin.Default(), above every other r.Use and every route, instead of other uses of cors:`, `
r.Use(func(c *gin.Context) { c.Header("Vary", "Origin") }, cors.New(cors.Config{
	AllowOrigins: []string{ {{- go .Origin -}} },
{{- if .CustomScheme}}
	CustomSchemas: []string{ {{- go .CustomScheme -}} },{{end}}
	AllowMethods: []string{ {{- goList .Methods -}} },
	AllowHeaders: []string{ {{- goList .Headers -}} },
{{- if .Expose}}
	ExposeHeaders: []string{ {{- goList .Expose -}} },{{end}}
{{- if .Credentials}}
	AllowCredentials: true,{{end}}
{{- if .MaxAge}}
	MaxAge: {{.MaxAge}} * time.Second, // import "time"{{end}}
}))`)},
	},
}
