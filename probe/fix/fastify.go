package fix

import (
	"strings"

	"github.com/corscheck/corscheck/probe/finding"
)

var fastify = Stack{
	Key: "fastify", Name: "Fastify", Kind: Framework, Run: true, comment: "//",
	Marks: []Mark{
		body(`^{"message":"Route `, finding.High),
		header("keep-alive", "=timeout=72", finding.Medium),
		body("Invalid Preflight Request", finding.High),
		shape("an error in Fastify's form", finding.Medium, func(a answer) bool {
			return strings.HasPrefix(a.text, `{"statusCode":`) && strings.Contains(a.text, `"error":"`) &&
				a.is("content-type", "application/json; charset=utf-8") && !a.is("cache-control", "no-cache") // of hapi
		}),
		shape("the default methods of @fastify/cors", finding.Low, func(a answer) bool {
			return a.preflight() && a.is("access-control-allow-methods", "GET,HEAD,POST")
		}),
	},
	changes: everything(
		`With the other imports (npm install @fastify/cors; in CommonJS: const cors = require('@fastify/cors')):`,
		`import cors from '@fastify/cors';`,
		`Above every other hook, plugin and route, instead of other uses of @fastify/cors; await keeps that order:`, `
await fastify.register(cors, {
  origin: [{{js .Origin}}],
  methods: [{{jsList .Methods}}],
  allowedHeaders: [{{jsList .Headers}}],
{{- if .Expose}}
  exposedHeaders: [{{jsList .Expose}}],{{end}}
{{- if .Credentials}}
  credentials: true,{{end}}
{{- if .MaxAge}}
  maxAge: {{.MaxAge}},{{end}}
});`),
}
