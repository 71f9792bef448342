package fix

import "github.com/corscheck/corscheck/probe/finding"

var supabase = Stack{
	Key: "supabase", Name: "Supabase Edge Functions", Aliases: []string{"supabase-functions"}, Kind: Platform, comment: "//",
	Marks: []Mark{
		header("sb-gateway-version", "", finding.High),
		header("sb-request-id", "", finding.High),
		header("x-sb-error-code", "", finding.High),
		header("sb-project-ref", "", finding.High),
	},
	note: "A function that checks its callers itself, or is public, needs verify_jwt = false in supabase/config.toml: the gateway's own 401 has no CORS headers.",
	changes: everything(
		`In supabase/functions/NAME/index.ts, around the function's own handler, here called handle:`, `
const allowed = {{js .Origin}};

Deno.serve(async (request) => {
  const headers = new Headers({ Vary: 'Origin' });
  if (request.headers.get('Origin') === allowed) {
    headers.set('Access-Control-Allow-Origin', allowed);
{{- if .Credentials}}
    headers.set('Access-Control-Allow-Credentials', 'true');{{end}}
{{- if .Expose}}
    headers.set('Access-Control-Expose-Headers', {{js (join .Expose ", ")}});{{end}}
{{- if not .Simple}}
    headers.set('Access-Control-Allow-Methods', {{js .Method}});{{end}}
{{- if .Headers}}
    headers.set('Access-Control-Allow-Headers', {{js (join .Headers ", ")}});{{end}}
{{- if .MaxAge}}
    headers.set('Access-Control-Max-Age', '{{.MaxAge}}');{{end}}
  }
  if (request.method === 'OPTIONS') {
    return new Response(null, { status: 204, headers });
  }
  let answer: Response;
  try {
    answer = await handle(request);
  } catch (error) {
    console.error(error);
    answer = new Response('Internal Server Error', { status: 500 });
  }
  answer = new Response(answer.body, answer);
  headers.forEach((value, name) => answer.headers.set(name, value));
  return answer;
});`),
}
