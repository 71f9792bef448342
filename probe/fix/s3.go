package fix

import "github.com/corscheck/corscheck/probe/finding"

var s3 = Stack{
	Key: "s3", Name: "Amazon S3", Aliases: []string{"aws-s3", "r2", "minio"}, Kind: Platform, comment: "//",
	Marks: []Mark{
		header("server", "=amazons3", finding.High),
		header("x-amz-id-2", "", finding.High),
		body("CORSResponse: ", finding.High),
		header("x-amz-bucket-region", "", finding.High),
		header("server", "^minio", finding.High),
	},
	note: "aws s3api put-bucket-cors --bucket BUCKET --cors-configuration file://cors.json (without these comments). S3 adds Access-Control-Allow-Credentials and Vary: Origin itself.",
	changes: everything(
		`cors.json:`, `
{
  "CORSRules": [
    {
      "AllowedOrigins": [{{json .Origin}}],
      "AllowedMethods": [{{json .Method}}],
      "AllowedHeaders": [{{jsonList .Headers}}],
      "ExposeHeaders": [{{if .Expose}}{{jsonList .Expose}}{{else}}{{end}}]
{{- if .MaxAge}},
      "MaxAgeSeconds": {{.MaxAge}}{{end}}
    }
  ]
}`),
}
