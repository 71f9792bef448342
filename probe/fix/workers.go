package fix

import "github.com/corscheck/corscheck/probe/finding"

var workers = Stack{
	Key: "cloudflare-workers", Name: "Cloudflare Workers", Aliases: []string{"cloudflare", "workers"}, Kind: Edge, comment: "//",
	Marks: []Mark{
		header("cf-ray", "", finding.High),
		header("server", "=cloudflare", finding.High),
		header("cf-mitigated", "", finding.High),
	},
	changes: everything(
		`In the Worker on the route of {{.Path}}: the existing handler becomes handle, the entry point is this one.`, `
const allowed = {{js .Origin}};

export default {
  async fetch(request, env, ctx) {
    const origin = request.headers.get('Origin');
    const preflight = request.method === 'OPTIONS' && request.headers.has('Access-Control-Request-Method');
    let answer;
    try {
      answer = preflight ? new Response(null, { status: 204 }) : await handle(request, env, ctx);
    } catch (error) {
      answer = new Response('Internal Server Error', { status: 500 });
    }
    answer = new Response(answer.body, answer); // the headers of a fetched answer cannot be changed
    answer.headers.delete('Access-Control-Allow-Origin');
    answer.headers.append('Vary', 'Origin');
    if (origin === allowed) {
      answer.headers.set('Access-Control-Allow-Origin', allowed);
{{- if .Credentials}}
      answer.headers.set('Access-Control-Allow-Credentials', 'true');{{end}}
{{- if .Expose}}
      answer.headers.set('Access-Control-Expose-Headers', {{js (join .Expose ", ")}});{{end}}
{{- if not .Simple}}
      answer.headers.set('Access-Control-Allow-Methods', {{js .Method}});{{end}}
{{- if .Headers}}
      answer.headers.set('Access-Control-Allow-Headers', {{js (join .Headers ", ")}});{{end}}
{{- if .MaxAge}}
      answer.headers.set('Access-Control-Max-Age', '{{.MaxAge}}');{{end}}
    }
    return answer;
  },
};`),
}
