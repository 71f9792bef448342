package fix_test

import (
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/fix"
)

// exchange is an answer: its status, header lines and body.
func exchange(kind fetch.Kind, status int, text string, lines ...string) fetch.Exchange {
	r := &fetch.Response{Status: status, Body: []byte(text)}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		r.Headers = append(r.Headers, fetch.Header{Name: name, Value: value})
	}
	return fetch.Exchange{Message: fetch.Message{Kind: kind}, Response: r}
}

func TestRecognise(t *testing.T) {
	const json = "Content-Type: application/json; charset=utf-8"
	for name, test := range map[string]struct {
		exchange fetch.Exchange
		want     string // layers as stack/confidence
	}{
		"nothing":          {exchange(fetch.Actual, 200, "{}", json), ""},
		"nginx":            {exchange(fetch.Actual, 200, "", "Server: nginx/1.22.1"), "nginx/high"},
		"nginx, unnamed":   {exchange(fetch.Preflight, 405, "<html>\r\n<head><title>405 Not Allowed</title></head>\r\n<hr><center>nginx</center>"), "nginx/high"},
		"three layers":     {exchange(fetch.Actual, 200, "{}", "CF-Ray: 8", "Server: cloudflare", "Via: 1.1 Caddy", "X-Powered-By: Express"), "cloudflare-workers/high caddy/high express/high"},
		"haproxy":          {exchange(fetch.Actual, 503, "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n"), "haproxy/high"},
		"express 404":      {exchange(fetch.Actual, 404, "<pre>Cannot GET /x</pre>", "X-Powered-By: Express"), "express/high"},
		"fiber 404":        {exchange(fetch.Actual, 404, "Cannot GET /x", "Content-Type: text/plain; charset=utf-8"), "fiber/high"},
		"gin 404":          {exchange(fetch.Actual, 404, "404 page not found", "Content-Type: text/plain"), "gin/high"},
		"net/http 404":     {exchange(fetch.Actual, 404, "404 page not found\n", "Content-Type: text/plain; charset=utf-8", "X-Content-Type-Options: nosniff"), "go/medium"},
		"echo 404":         {exchange(fetch.Actual, 404, "{\"message\":\"Not Found\"}\n", "Content-Type: application/json"), "echo/high"},
		"hono on node":     {exchange(fetch.Actual, 404, "404 Not Found", "Content-Type: text/plain; charset=UTF-8", "Keep-Alive: timeout=5"), "hono/medium node/medium"},
		"koa on node":      {exchange(fetch.Actual, 404, "Not Found", "Content-Type: text/plain; charset=utf-8", "Keep-Alive: timeout=5"), "koa/medium node/medium"},
		"fastify":          {exchange(fetch.Actual, 404, `{"message":"Route GET:/x not found","error":"Not Found","statusCode":404}`, json, "Keep-Alive: timeout=72"), "fastify/high"},
		"flask":            {exchange(fetch.Actual, 200, "{}", "Server: Werkzeug/2.2.2 Python/3.11.2"), "flask/high"},
		"starlette":        {exchange(fetch.Preflight, 400, "Disallowed CORS origin", "Server: uvicorn"), "fastapi/high"},
		"django rest, 403": {exchange(fetch.Actual, 403, `{"detail":"Authentication credentials were not provided."}`, json), "django/high fastapi/medium"},
		"django rest, 405": {exchange(fetch.Preflight, 405, `{"detail":"Method \"OPTIONS\" not allowed."}`, json), "django/high fastapi/medium"},
		"fastapi, 405":     {exchange(fetch.Preflight, 405, `{"detail":"Method Not Allowed"}`, json), "fastapi/medium"},
		"rs/cors":          {exchange(fetch.Preflight, 204, "", "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers"), "rs-cors/high"},
		"spring":           {exchange(fetch.Preflight, 403, "Invalid CORS request"), "spring/high"},
		"api gateway":      {exchange(fetch.Actual, 403, `{"message":"Missing Authentication Token"}`, "X-Amz-Apigw-Id: x", "X-Amzn-Requestid: y"), "api-gateway/high"},
		"s3 behind a CDN":  {exchange(fetch.Actual, 200, "", "Via: 1.1 abc.cloudfront.net (CloudFront)", "Server: AmazonS3", "X-Amz-Id-2: z"), "cloudfront/high s3/high"},
		"kong":             {exchange(fetch.Actual, 404, `{"message":"no Route matched with those values"}`, "Server: kong/3.4"), "kong/high"},
		"envoy before gin": {exchange(fetch.Actual, 404, "404 page not found", "Content-Type: text/plain", "Server: istio-envoy", "X-Envoy-Upstream-Service-Time: 3"), "envoy/high gin/high"},
		"laravel on php":   {exchange(fetch.Actual, 200, "{}", "X-Powered-By: PHP/8.2", "Set-Cookie: XSRF-TOKEN=1", "Set-Cookie: laravel_session=2"), "laravel/high php/high"},
		"a weak mark only": {exchange(fetch.Actual, 200, "", "Set-Cookie: JSESSIONID=1"), "spring/low"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, l := range fix.Recognise(fix.Observation{Exchanges: []fetch.Exchange{test.exchange}}) {
				got = append(got, l.Stack+"/"+string(l.Confidence))
				if l.Why == "" {
					t.Errorf("%s was recognised by nothing", l.Stack)
				}
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("recognised %q, want %q", strings.Join(got, " "), test.want)
			}
		})
	}
}

// The decoded text goes before the bytes of the wire, and what got no answer
// says nothing.
func TestRecogniseReadsDecodedTexts(t *testing.T) {
	compressed := exchange(fetch.Actual, 404, "\x1f\x8b...")
	layers := fix.Recognise(fix.Observation{
		Exchanges: []fetch.Exchange{{Failure: &fetch.Failure{Kind: fetch.FailReset}}, compressed},
		Texts:     []string{"", `{"detail":"Not Found"}`},
	})
	if len(layers) != 1 || layers[0].Stack != "fastapi" {
		t.Errorf("recognised %+v", layers)
	}
}

func TestOwner(t *testing.T) {
	high := func(stacks ...string) []fix.Layer {
		var layers []fix.Layer
		for _, s := range stacks {
			layers = append(layers, fix.Layer{Stack: s, Confidence: finding.High})
		}
		return layers
	}
	weak := append(high("nginx"), fix.Layer{Stack: "spring", Confidence: finding.Low})
	for name, test := range map[string]struct {
		id     finding.ID
		layers []fix.Layer
		want   string
	}{
		"the application":                 {"no-cors-headers", high("nginx", "express"), "express"},
		"the proxy settles duplicates":    {"duplicate-allow-origin", high("nginx", "express"), "nginx"},
		"a weak guess moves nothing":      {"no-cors-headers", weak, "nginx"},
		"nobody":                          {"no-cors-headers", nil, ""},
		"the edge, where it stands alone": {"no-cors-headers", high("cloudfront"), "cloudfront"},
	} {
		if owner, _ := fix.Owner(test.id, test.layers); owner.Stack != test.want {
			t.Errorf("%s: %q, want %q", name, owner.Stack, test.want)
		}
	}
}
