package fix

import "github.com/corscheck/corscheck/probe/finding"

var apiGateway = Stack{
	Key: "api-gateway", Name: "Amazon API Gateway", Aliases: []string{"apigateway", "aws-api-gateway"}, Kind: Platform, comment: "#",
	Marks: []Mark{
		header("x-amz-apigw-id", "", finding.High),
		header("apigw-requestid", "", finding.High),
		body(`{"message":"Missing Authentication Token"}`, finding.High),
		header("x-amzn-errortype", "", finding.Medium),
	},
	// A REST API answers errors of its own (no token, throttled, a crash) from
	// gateway responses, which are configured apart from the methods.
	changes: everything(
		`HTTP API, in the AWS SAM or CloudFormation template; the gateway then answers preflights and replaces what the function sends:`, `
CorsConfiguration:
  AllowOrigins: [{{yaml .Origin}}]
  AllowMethods: [{{yamlList .Methods}}]
{{- if .Headers}}
  AllowHeaders: [{{yamlList .Headers}}]{{end}}
{{- if .Expose}}
  ExposeHeaders: [{{yamlList .Expose}}]{{end}}
{{- if .Credentials}}
  AllowCredentials: true{{end}}
{{- if .MaxAge}}
  MaxAge: {{.MaxAge}}{{end}}`,
		`REST API instead: preflights without authorizer, and the gateway's own errors; the function itself sends Access-Control-Allow-Origin{{if .Credentials}} and -Credentials{{end}} with every answer.`, `
Cors:
  AllowOrigin: {{yaml (print "'" .Origin "'")}}
  AllowMethods: {{yaml (print "'" (join .Methods ",") "'")}}
{{- if .Headers}}
  AllowHeaders: {{yaml (print "'" (join .Headers ",") "'")}}{{end}}
{{- if .Credentials}}
  AllowCredentials: true{{end}}
Auth:
  AddDefaultAuthorizerToCorsPreflight: false
GatewayResponses:
{{- range $kind := .GatewayErrors}}
  {{$kind}}:
    ResponseParameters:
      Headers:
        Access-Control-Allow-Origin: {{yaml (print "'" $.Origin "'")}}
{{- if $.Credentials}}
        Access-Control-Allow-Credentials: {{yaml "'true'"}}{{end}}
        Vary: {{yaml "'Origin'"}}{{end}}`),
}

// GatewayErrors are the answers that a REST API of API Gateway makes itself.
func (v *view) GatewayErrors() []string { return []string{"DEFAULT_4XX", "DEFAULT_5XX"} }
