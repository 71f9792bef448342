package fix

import "github.com/corscheck/corscheck/probe/finding"

var lambdaURL = Stack{
	Key: "lambda-url", Name: "AWS Lambda function URL", Aliases: []string{"lambda"}, Kind: Platform, comment: "#",
	Marks: []Mark{
		body(`{"Message":"Forbidden`, finding.Medium),
		shape("X-Amzn-RequestId without an API gateway", finding.Medium, func(a answer) bool {
			return a.has("x-amzn-requestid") && !a.has("x-amz-apigw-id") && !a.has("apigw-requestid")
		}),
	},
	changes: everything(
		`In the AWS::Lambda::Url (or FunctionUrlConfig of SAM); the function itself then sends none of these headers:`, `
Cors:
  AllowOrigins: [{{yaml .Origin}}]
  AllowMethods: [{{yamlList .Methods}}]
{{- if .Headers}}
  AllowHeaders: [{{yamlList .Headers}}]{{end}}
{{- if .Expose}}
  ExposeHeaders: [{{yamlList .Expose}}]{{end}}
{{- if .Credentials}}
  AllowCredentials: true{{end}}
{{- if .MaxAge}}
  MaxAge: {{.MaxAge}}{{end}}`),
}
