package fix

import "github.com/corscheck/corscheck/probe/finding"

var traefik = Stack{
	Key: "traefik", Name: "Traefik", Kind: Proxy, comment: "#",
	Marks: []Mark{
		shape("a 502 that says Bad Gateway and no more", finding.Low, func(a answer) bool {
			return a.Status == 502 && a.text == "Bad Gateway" && !a.has("server")
		}),
		shape("a 504 that says Gateway Timeout and no more", finding.Low, func(a answer) bool {
			return a.Status == 504 && a.text == "Gateway Timeout" && !a.has("server")
		}),
	},
	// The middleware answers preflights itself and replaces what the application
	// sends; it does not send Vary unless told to.
	changes: everything(
		`In the dynamic configuration; then cors comes first among the middlewares of the router of {{.Path}}, before forwardAuth and basicAuth:`, `
http:
  middlewares:
    cors:
      headers:
        accessControlAllowOriginList: [{{yaml .Origin}}]
{{- if .Preflighted}}
{{- if not .Simple}}
        accessControlAllowMethods: [{{yaml .Method}}]{{end}}
{{- if .Headers}}
        accessControlAllowHeaders: [{{yamlList .Headers}}]{{end}}
{{- if .MaxAge}}
        accessControlMaxAge: {{.MaxAge}}{{end}}{{end}}
{{- if .Credentials}}
        accessControlAllowCredentials: true{{end}}
{{- if .Expose}}
        accessControlExposeHeaders: [{{yamlList .Expose}}]{{end}}
        addVaryHeader: true`),
}
