package fix

import "github.com/corscheck/corscheck/probe/finding"

var cloudFront = Stack{
	Key: "cloudfront", Name: "Amazon CloudFront", Aliases: []string{"aws-cloudfront"}, Kind: Edge, comment: "#",
	Marks: []Mark{
		header("x-amz-cf-id", "", finding.High),
		header("via", "cloudfront", finding.High),
		header("server", "=cloudfront", finding.High),
	},
	changes: everything(
		`A response headers policy (AWS::CloudFront::ResponseHeadersPolicy), set on the behaviour of {{.Path}}; it also covers cached answers and errors:`, `
ResponseHeadersPolicyConfig:
  Name: cors
  CorsConfig:
    OriginOverride: true
    AccessControlAllowOrigins: { Items: [{{yaml .Origin}}] }
    AccessControlAllowMethods: { Items: [{{yamlList .Methods}}] }
    AccessControlAllowHeaders: { Items: [{{yamlList .Listed}}] }
{{- if .Expose}}
    AccessControlExposeHeaders: { Items: [{{yamlList .Expose}}] }{{end}}
    AccessControlAllowCredentials: {{.Credentials}}
{{- if .MaxAge}}
    AccessControlMaxAgeSec: {{.MaxAge}}{{end}}
  CustomHeadersConfig:
    Items:
      - { Header: Vary, Value: Origin, Override: false }`,
		`On the same behaviour: OPTIONS has to reach it, and the origin server has to see the Origin header.`, `
AllowedMethods: [GET, HEAD, OPTIONS{{if or (not .Simple) (eq .Method "POST")}}, PUT, PATCH, POST, DELETE{{end}}]
OriginRequestPolicyId: 88a5eaf4-2fd4-4709-b370-b4c650ea3fcf  # Managed-CORS-S3Origin`),
}
