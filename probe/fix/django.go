package fix

import (
	"regexp"

	"github.com/corscheck/corscheck/probe/finding"
)

var django = Stack{
	Key: "django", Name: "Django", Aliases: []string{"django-cors-headers", "drf"}, Kind: Framework, Run: true, comment: "#",
	Marks: []Mark{
		header("server", "^wsgiserver", finding.High),
		body("<h1>Not Found</h1><p>The requested resource was not found on this server.</p>", finding.High),
		body("<title>Not Found</title>", finding.Low),
		body("<title>Server Error (500)</title>", finding.Medium),
		header("set-cookie", "csrftoken=", finding.High),
		shape("an error in the words of Django REST framework", finding.High, func(a answer) bool {
			return matches(a.text, `^{"detail":`) && restFramework.MatchString(a.text)
		}),
		shape("the default request headers of django-cors-headers", finding.High, func(a answer) bool {
			v := a.values("access-control-allow-headers")
			return a.preflight() && len(v) == 1 && matches(v[0], "x-csrftoken") && matches(v[0], "dnt")
		}),
		shape("the headers of Django's SecurityMiddleware", finding.Medium, func(a answer) bool {
			return a.is("x-frame-options", "DENY") && a.is("referrer-policy", "same-origin") && a.is("cross-origin-opener-policy", "same-origin")
		}),
	},
	changes: []change{
		{ids: ids("preflight-redirected", "redirect-taints-origin"), parts: parts(
			`At the end of settings.py; then {{.Path}} needs its own route in urls.py:`,
			`APPEND_SLASH = False`)},
		{parts: parts(
			`At the end of settings.py (pip install django-cors-headers), instead of other CORS_ settings:`, `
if "corsheaders" not in INSTALLED_APPS:
    INSTALLED_APPS = [*INSTALLED_APPS, "corsheaders"]
CORS_MIDDLEWARE = "corsheaders.middleware.CorsMiddleware"
MIDDLEWARE = [CORS_MIDDLEWARE, *(m for m in MIDDLEWARE if m != CORS_MIDDLEWARE)]
CORS_ALLOWED_ORIGINS = [{{py .Origin}}]
CORS_ALLOW_METHODS = [{{pyList .Methods}}]
CORS_ALLOW_HEADERS = [{{pyList .Headers}}]
{{- if .Expose}}
CORS_EXPOSE_HEADERS = [{{pyList .Expose}}]{{end}}
{{- if .Credentials}}
CORS_ALLOW_CREDENTIALS = True{{end}}
{{- if .MaxAge}}
CORS_PREFLIGHT_MAX_AGE = {{.MaxAge}}{{end}}`)},
	},
}

// restFramework are the messages of Django REST framework, whose form FastAPI
// shares.
var restFramework = regexp.MustCompile(`"(Authentication credentials were not provided\.|Incorrect authentication credentials\.|Invalid token|Not found\.|No .+ matches the given query\.|Method \\"[A-Z]+\\" not allowed\.|You do not have permission to perform this action\.|CSRF Failed: |Given token not valid)`)
