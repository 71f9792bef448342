package fix

import "github.com/corscheck/corscheck/probe/finding"

var ingressNginx = Stack{
	Key: "ingress-nginx", Name: "ingress-nginx", Aliases: []string{"kubernetes-ingress"}, Kind: Proxy, comment: "#", unquotable: "$,",
	Marks: []Mark{
		body("default backend - 404", finding.High),
		shape("the default methods of ingress-nginx", finding.High, func(a answer) bool {
			return a.is("access-control-allow-methods", "GET, PUT, POST, DELETE, PATCH, OPTIONS")
		}),
		shape("the default request headers of ingress-nginx", finding.High, func(a answer) bool {
			v := a.values("access-control-allow-headers")
			return len(v) == 1 && matches(v[0], "^DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since")
		}),
	},
	note: "The application behind it must send none of these headers itself: there would be two.",
	changes: everything(
		`In metadata.annotations of the Ingress of {{.Path}}:`, `
nginx.ingress.kubernetes.io/enable-cors: "true"
nginx.ingress.kubernetes.io/cors-allow-origin: {{yaml .Origin}}
nginx.ingress.kubernetes.io/cors-allow-methods: {{yaml (join .Methods ", ")}}
nginx.ingress.kubernetes.io/cors-allow-headers: {{yaml (join .Listed ", ")}}
{{- if .Expose}}
nginx.ingress.kubernetes.io/cors-expose-headers: {{yaml (join .Expose ", ")}}{{end}}
nginx.ingress.kubernetes.io/cors-allow-credentials: "{{.Credentials}}"
{{- if .MaxAge}}
nginx.ingress.kubernetes.io/cors-max-age: "{{.MaxAge}}"{{end}}`),
}
