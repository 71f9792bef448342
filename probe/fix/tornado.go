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
	// any method, and so before any login. Every request passes the delegate,
	// that for an unknown page included.
	changes: everything(
		`Above the Application:`, `
import functools
import tornado.web


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
        self.set_header("Access-Control-Max-Age", "{{.MaxAge}}"){{end}}

    def prepare(self):
        if self.request.method == "OPTIONS" and "Access-Control-Request-Method" in self.request.headers:
            self.set_status(204)
            self.finish()
            return None
        return super().prepare(){{end}}


@functools.cache
def with_cors(handler):
    return type(handler.__name__, (CORS, handler), {})


class CORSApplication(tornado.web.Application):
    def get_handler_delegate(self, request, target_class, *args, **kwargs):
        return super().get_handler_delegate(request, with_cors(target_class), *args, **kwargs)`,
		`The application becomes one of that class, in place of tornado.web.Application([:`,
		`app = CORSApplication([`),
}
