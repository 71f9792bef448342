package fix

import "github.com/corscheck/corscheck/probe/finding"

var echo = Stack{
	Key: "echo", Name: "Echo", Aliases: []string{"labstack-echo"}, Kind: Framework, Run: true, comment: "//",
	Marks: []Mark{
		shape("an error in Echo's form", finding.High, func(a answer) bool {
			return a.Status >= 400 && matches(a.text, `^{"message":"`) && matches(a.text, "\"}\n") && !a.has("keep-alive")
		}),
	},
	changes: everything(
		`With the other imports:`,
		`import "github.com/labstack/echo/v4/middleware"`,
		`Below echo.New(), above every other e.Use and every route, instead of other uses of middleware.CORS:`, `
e.Use(middleware.CORSWithConfig(middleware.CORSConfig{
	AllowOrigins: []string{ {{- go .Origin -}} },
	AllowMethods: []string{ {{- goList .Methods -}} },
	AllowHeaders: []string{ {{- goList .Listed -}} },
{{- if .Expose}}
	ExposeHeaders: []string{ {{- goList .Expose -}} },{{end}}
{{- if .Credentials}}
	AllowCredentials: true,{{end}}
{{- if .MaxAge}}
	MaxAge: {{.MaxAge}},{{end}}
}))`),
}
