package fix

import "github.com/corscheck/corscheck/probe/finding"

var tornado = Stack{
	Key: "tornado", Name: "Tornado", Kind: Framework, Run: true, comment: "#",
	Marks: []Mark{
		header("server", "^tornadoserver", finding.High),
		shape("an error page in Tornado's form", finding.High, func(a answer) bool {
			return a.Status >= 400 && matches(a.text, "^<html><title>") && matches(a.text, "</title><body>")
		}),
	},
	// set_default_headers also runs before an error page; prepare comes before
	// any method, and so before any login.
	changes: everything(
		`Above the handlers (import tornado.web):`, `
class CORS:
    def set_default_headers(self):
        super().set_default_headers()
        self.set_header("Vary", "Origin")
        if self.request.headers.get("Origin") != {{py .Origin}}:
            return
        self.set_header("Access-Control-Allow-Origin", {{py .Origin}})
{{- if .Credentials}}
        self.set_header("Access-Control-Allow-Credentials", "true"){{end}}
{{- if .Expose}}
        self.set_header("Access-Control-Expose-Headers", {{py (join .Expose ", ")}}){{end}}
{{- if .Preflighted}}
{{- if not .Simple}}
        self.set_header("Access-Control-Allow-Methods", {{py .Method}}){{end}}
{{- if .Headers}}
        self.set_header("Access-Control-Allow-Headers", {{py (join .Headers ", ")}}){{end}}
{{- if .MaxAge}}
        self.set_header("Access-Control-Max-Age", "{{.MaxAge}}"){{end}}{{end}}

    def prepare(self):
        if self.request.method == "OPTIONS" and "Access-Control-Request-Method" in self.request.headers:
            self.set_status(204)
            self.finish()
            return None
        return super().prepare()


class CORSNotFound(CORS, tornado.web.RequestHandler):
    def prepare(self):
        super().prepare()
        if not self._finished:
            raise tornado.web.HTTPError(404)`,
		`Below the handlers and above the Application: put CORS in front of the handler of {{.Path}}, and of its errors.`, `
def with_cors(handler):
    return type(handler.__name__, (CORS, handler), {})`,
		`In the Application(...): each route's handler becomes with_cors(handler), and after the list of routes:`, `
default_handler_class=CORSNotFound,`),
}
