package fix

import "github.com/corscheck/corscheck/probe/finding"

var envoy = Stack{
	Key: "envoy", Name: "Envoy", Aliases: []string{"istio"}, Kind: Proxy, comment: "#",
	Marks: []Mark{
		header("server", "=envoy", finding.High),
		header("server", "=istio-envoy", finding.High),
		header("x-envoy-upstream-service-time", "", finding.High),
		body("upstream connect error or disconnect/reset before headers", finding.High),
		body("=no healthy upstream", finding.High),
		body("=RBAC: access denied", finding.High),
	},
	// The filter refuses and allows by the policy of the route; what Envoy says
	// by itself, such as "no healthy upstream", has none of these headers.
	note: "With Istio the same values go into corsPolicy of the VirtualService.",
	changes: everything(
		`First in http_filters, before jwt_authn, ext_authz and rbac:`, `
http_filters:
  - name: envoy.filters.http.cors
    typed_config:
      "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors`,
		`On the virtual host or the route of {{.Path}}:`, `
typed_per_filter_config:
  envoy.filters.http.cors:
    "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy
    allow_origin_string_match:
      - exact: {{yaml .Origin}}
{{- if .Preflighted}}
{{- if not .Simple}}
    allow_methods: {{yaml .Method}}{{end}}
{{- if .Headers}}
    allow_headers: {{yaml (join .Headers ", ")}}{{end}}
{{- if .MaxAge}}
    max_age: {{yaml (print .MaxAge)}}{{end}}{{end}}
{{- if .Credentials}}
    allow_credentials: true{{end}}
{{- if .Expose}}
    expose_headers: {{yaml (join .Expose ", ")}}{{end}}
response_headers_to_add:
  - header: { key: vary, value: Origin }
    append_action: APPEND_IF_EXISTS_OR_ADD`),
}
