package fix

import "github.com/corscheck/corscheck/probe/finding"

const rackCORS = `
  allow do
{{- if .CustomScheme}}
    origins { |source, _env| source == {{rb .Origin}} }
{{- else}}
    origins {{rb .Origin}}{{end}}
    resource '*',
      headers: [{{rbList .Headers}}],
      methods: [{{range $i, $m := .Methods}}{{if $i}}, {{end}}{{rb (lower $m)}}{{end}}]
{{- if .Expose}},
      expose: [{{rbList .Expose}}]{{end}}
{{- if .Credentials}},
      credentials: true{{end}}
{{- if .MaxAge}},
      max_age: {{.MaxAge}}{{end}}
  end
end`

var rails = Stack{
	Key: "rails", Name: "Ruby on Rails with rack-cors", Aliases: []string{"ruby-on-rails", "rack-cors"}, Kind: Framework, Run: true, comment: "#",
	Marks: []Mark{
		header("x-runtime", "", finding.High),
		header("x-rack-cors", "", finding.Medium),
		shape("X-Request-Id with Rails' default headers", finding.High, func(a answer) bool {
			return a.has("x-request-id") && a.is("x-permitted-cross-domain-policies", "none") && a.is("x-download-options", "noopen")
		}),
	},
	changes: everything(
		`In config/initializers/cors.rb (gem 'rack-cors'), instead of what is there:`,
		`Rails.application.config.middleware.insert_before 0, Rack::Cors do`+rackCORS),
}
