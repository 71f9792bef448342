package fix

import "github.com/corscheck/corscheck/probe/finding"

var aiohttp = Stack{
	Key: "aiohttp", Name: "aiohttp", Kind: Framework, Run: true, comment: "#",
	Marks: []Mark{
		header("server", "aiohttp", finding.High),
		body("=404: Not Found", finding.Medium),
		body("=405: Method Not Allowed", finding.Medium),
	},
	// The signal also runs for errors; aiohttp_cors stands behind middlewares,
	// so that an authentication among them would answer the preflight.
	changes: everything(
		`Below app = web.Application(...) and every middleware, instead of aiohttp_cors:`, `
{{- if .Preflighted}}
@web.middleware
async def answer_preflight(request, handler):
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        return web.Response(status=204)
    return await handler(request)


{{end -}}
async def allow_origin(request, response):
    vary = response.headers.get("Vary", "")
    if "origin" not in vary.lower():
        response.headers["Vary"] = f"{vary}, Origin" if vary else "Origin"
    if request.headers.get("Origin") != {{py .Origin}}:
        return
    response.headers["Access-Control-Allow-Origin"] = {{py .Origin}}
{{- if .Credentials}}
    response.headers["Access-Control-Allow-Credentials"] = "true"{{end}}
{{- if .Expose}}
    response.headers["Access-Control-Expose-Headers"] = {{py (join .Expose ", ")}}{{end}}
{{- if .Preflighted}}
{{- if not .Simple}}
    response.headers["Access-Control-Allow-Methods"] = {{py .Method}}{{end}}
{{- if .Headers}}
    response.headers["Access-Control-Allow-Headers"] = {{py (join .Headers ", ")}}{{end}}
{{- if .MaxAge}}
    response.headers["Access-Control-Max-Age"] = "{{.MaxAge}}"{{end}}{{end}}

{{if .Preflighted}}
app.middlewares.insert(0, answer_preflight){{end}}
app.on_response_prepare.append(allow_origin)`),
}
