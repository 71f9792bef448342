package fix

import "github.com/corscheck/corscheck/probe/finding"

var netHTTP = Stack{
	Key: "go", Name: "Go net/http with hand-written headers", Aliases: []string{"net/http", "nethttp", "golang"}, Kind: Framework, Run: true, runtime: true, comment: "//",
	Marks: []Mark{
		shape("an error in the form of Go's net/http", finding.Medium, func(a answer) bool {
			return a.is("x-content-type-options", "nosniff") && a.is("content-type", "text/plain; charset=utf-8") &&
				(a.text == "404 page not found\n" || a.text == "Method Not Allowed\n")
		}),
		shape("http.Error of Go's net/http", finding.Low, func(a answer) bool {
			return a.Status >= 400 && a.is("x-content-type-options", "nosniff") && a.is("content-type", "text/plain; charset=utf-8")
		}),
	},
	changes: everything(
		`Beside main (import "net/http"):`, `
func allowOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin")
		if r.Header.Get("Origin") == {{go .Origin}} {
			w.Header().Set("Access-Control-Allow-Origin", {{go .Origin}})
{{- if .Credentials}}
			w.Header().Set("Access-Control-Allow-Credentials", "true"){{end}}
{{- if .Expose}}
			w.Header().Set("Access-Control-Expose-Headers", {{go (join .Expose ", ")}}){{end}}
{{- if .Preflighted}}
			if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
{{- if not .Simple}}
				w.Header().Set("Access-Control-Allow-Methods", {{go .Method}}){{end}}
{{- if .Headers}}
				w.Header().Set("Access-Control-Allow-Headers", {{go (join .Headers ", ")}}){{end}}
{{- if .MaxAge}}
				w.Header().Set("Access-Control-Max-Age", "{{.MaxAge}}"){{end}}
				w.WriteHeader(http.StatusNoContent)
				return
			}{{end}}
		}
		next.ServeHTTP(w, r)
	})
}`,
		`Around the outermost handler, where the server gets it; no other handler sets these headers any more:`,
		`handler = allowOrigin(handler)`),
}
