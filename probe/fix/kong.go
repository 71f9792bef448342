package fix

import "github.com/corscheck/corscheck/probe/finding"

var kong = Stack{
	Key: "kong", Name: "Kong", Kind: Proxy, comment: "#",
	Marks: []Mark{
		header("server", "^kong/", finding.High),
		header("via", "kong/", finding.High),
		header("x-kong-request-id", "", finding.High),
		header("x-kong-proxy-latency", "", finding.High),
		header("x-kong-response-latency", "", finding.High),
		body("no Route matched with those values", finding.High),
	},
	// The plugin runs before those of authentication, and its headers replace
	// those of the application.
	note: "A route that has a list of methods must have OPTIONS in it.",
	changes: everything(
		`In the declarative configuration, in the plugins of the service or route of {{.Path}}:`, `
plugins:
  - name: cors
    config:
      origins: [{{yaml .Origin}}]
      methods: [{{yamlList .Methods}}]
      headers: [{{yamlList .Listed}}]
      credentials: {{.Credentials}}
{{- if .Expose}}
      exposed_headers: [{{yamlList .Expose}}]{{end}}
{{- if .MaxAge}}
      max_age: {{.MaxAge}}{{end}}
      preflight_continue: false`),
}
