package fix

import "github.com/corscheck/corscheck/probe/finding"

var gcs = Stack{
	Key: "gcs", Name: "Google Cloud Storage", Aliases: []string{"google-cloud-storage"}, Kind: Platform, comment: "//",
	Marks: []Mark{
		header("x-guploader-uploadid", "", finding.High),
		header("server", "uploadserver", finding.High),
		header("x-goog-generation", "", finding.High),
		header("x-goog-stored-content-length", "", finding.Medium),
	},
	note: "gcloud storage buckets update gs://BUCKET --cors-file=cors.json (without these comments). Cloud Storage adds Vary: Origin itself and never sends Access-Control-Allow-Credentials.",
	changes: everything(
		`cors.json; responseHeader is for what the page sends and for what it reads:`, `
[
  {
    "origin": [{{json .Origin}}],
    "method": [{{json .Method}}],
    "responseHeader": [{{jsonList .HeadersAndExposed}}]
{{- if .MaxAge}},
    "maxAgeSeconds": {{.MaxAge}}{{end}}
  }
]`),
}

// HeadersAndExposed are both lists, for a stack that knows only one.
func (v *view) HeadersAndExposed() []string {
	return append(append([]string{}, v.Headers...), v.Expose...)
}
