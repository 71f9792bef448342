package fix

import "github.com/corscheck/corscheck/probe/finding"

var fastapi = Stack{
	Key: "fastapi", Name: "FastAPI or Starlette", Aliases: []string{"starlette"}, Kind: Framework, Run: true, comment: "#",
	Marks: []Mark{
		header("server", "^uvicorn", finding.Medium),
		header("server", "^hypercorn", finding.Medium),
		body(`^{"detail":"`, finding.Medium),
		body("^Disallowed CORS ", finding.High),
	},
	// CORSMiddleware inside the application leaves out unhandled errors, and it
	// sends no Vary where it refuses or where no Origin was sent.
	changes: []change{
		{ids: ids("preflight-redirected", "redirect-taints-origin"), parts: parts(
			`Where the application is made: {{.Path}} no longer redirects to the spelling with or without a slash at its end.`,
			`app = FastAPI(redirect_slashes=False)`)},
		{parts: parts(
			`With the other imports:`, `
from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware`,
			`At the end of the file that makes app, instead of app.add_middleware(CORSMiddleware, ...): outermost, so that unhandled errors keep the headers.`, `
class VaryByOrigin:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def vary(message):
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "origin" not in headers.get("vary", "").lower():
                    headers.add_vary_header("Origin")
            await send(message)

        await self.app(scope, receive, vary)


app = VaryByOrigin(CORSMiddleware(
    app,
    allow_origins=[{{py .Origin}}],
    allow_methods=[{{pyList .Methods}}],
    allow_headers=[{{pyList .Headers}}],
{{- if .Expose}}
    expose_headers=[{{pyList .Expose}}],{{end}}
{{- if .Credentials}}
    allow_credentials=True,{{end}}
{{- if .MaxAge}}
    max_age={{.MaxAge}},{{end}}
))`)},
	},
}
