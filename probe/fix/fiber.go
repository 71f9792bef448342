package fix

import "github.com/corscheck/corscheck/probe/finding"

var fiber = Stack{
	Key: "fiber", Name: "Fiber", Aliases: []string{"gofiber"}, Kind: Framework, Run: true, comment: "//",
	Marks: []Mark{
		body("^Cannot GET /", finding.High),
		body("^Cannot OPTIONS /", finding.High),
		body("^Cannot PUT /", finding.High),
		shape("a 405 in Fiber's form", finding.Medium, func(a answer) bool {
			return a.text == "Method Not Allowed" && a.is("content-type", "text/plain; charset=utf-8") && a.has("allow") && !a.has("keep-alive")
		}),
	},
	// Fiber v3 takes lists of strings where v2 takes one string with commas.
	changes: everything(
		`With the other imports:`,
		`import "github.com/gofiber/fiber/v2/middleware/cors"`,
		`Below fiber.New(), above every other app.Use and every route, instead of other uses of cors (Fiber v3: []string{...} for each list):`, `
app.Use(cors.New(cors.Config{
{{- if .CustomScheme}}
	AllowOriginsFunc: func(origin string) bool { return origin == {{go .Origin}} },
{{- else}}
	AllowOrigins: {{go .Origin}},{{end}}
	AllowMethods: {{go (join .Methods ",")}},
	AllowHeaders: {{go (join .Listed ",")}},
{{- if .Expose}}
	ExposeHeaders: {{go (join .Expose ",")}},{{end}}
{{- if .Credentials}}
	AllowCredentials: true,{{end}}
{{- if .MaxAge}}
	MaxAge: {{.MaxAge}},{{end}}
}))`),
}
