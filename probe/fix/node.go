package fix

import "github.com/corscheck/corscheck/probe/finding"

var node = Stack{
	Key: "node", Name: "Node.js with hand-written headers", Aliases: []string{"nodejs", "node.js"}, Kind: Framework, Run: true, runtime: true, comment: "//",
	Marks: []Mark{
		header("keep-alive", "=timeout=5", finding.Medium),
	},
	changes: everything(
		`First in the listener of http.createServer((req, res) => { }), instead of other lines about CORS:`, `
res.setHeader('Vary', 'Origin');
if (req.headers.origin === {{js .Origin}}) {
  res.setHeader('Access-Control-Allow-Origin', {{js .Origin}});
{{- if .Credentials}}
  res.setHeader('Access-Control-Allow-Credentials', 'true');{{end}}
{{- if .Expose}}
  res.setHeader('Access-Control-Expose-Headers', {{js (join .Expose ", ")}});{{end}}
{{- if .Preflighted}}
  if (req.method === 'OPTIONS' && req.headers['access-control-request-method']) {
{{- if not .Simple}}
    res.setHeader('Access-Control-Allow-Methods', {{js .Method}});{{end}}
{{- if .Headers}}
    res.setHeader('Access-Control-Allow-Headers', {{js (join .Headers ", ")}});{{end}}
{{- if .MaxAge}}
    res.setHeader('Access-Control-Max-Age', '{{.MaxAge}}');{{end}}
    res.writeHead(204).end();
    return;
  }{{end}}
}`),
}
