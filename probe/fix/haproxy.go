package fix

import (
	"strings"

	"github.com/corscheck/corscheck/probe/finding"
)

var haproxy = Stack{
	Key: "haproxy", Name: "HAProxy", Kind: Proxy, Run: true, comment: "#",
	Marks: []Mark{
		header("server", "^haproxy", finding.High),
		body("^<html><body><h1>503 Service Unavailable</h1>\nNo server is available", finding.High),
		body("^<html><body><h1>401 Unauthorized</h1>\nYou need a valid user and password", finding.High),
		body("^<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules", finding.High),
		body("^<html><body><h1>502 Bad Gateway</h1>\nThe server returned an invalid or incomplete response", finding.High),
		shape("header names in lower case over HTTP/1.1, as HAProxy and few others write them", finding.Low, passedByHAProxy),
		body("^<html><body><h1>504 Gateway Time-out</h1>\nThe server didn't respond in time", finding.High),
	},
	// http-after-response also runs for the answers that HAProxy itself makes.
	changes: everything(
		`In the frontend of {{.Path}}, above its http-request auth and deny lines, instead of other lines about CORS:`, `
acl cors_origin req.hdr(origin) -m str {{haproxy .Origin}}
http-request set-var(txn.cors) req.hdr(origin) if cors_origin
{{- if .Preflighted}}
http-request return status 204
{{- if not .Simple}} hdr Access-Control-Allow-Methods {{haproxy .Method}}{{end}}
{{- if .Headers}} hdr Access-Control-Allow-Headers {{haproxy (join .Headers ", ")}}{{end}}
{{- if .MaxAge}} hdr Access-Control-Max-Age {{.MaxAge}}{{end}} if METH_OPTIONS cors_origin { req.hdr(access-control-request-method) -m found }{{end}}
http-after-response del-header Access-Control-Allow-Origin
http-after-response set-header Access-Control-Allow-Origin %[var(txn.cors)] if { var(txn.cors) -m found }
{{- if .Credentials}}
http-after-response set-header Access-Control-Allow-Credentials true if { var(txn.cors) -m found }{{end}}
{{- if .Expose}}
http-after-response set-header Access-Control-Expose-Headers {{haproxy (join .Expose ", ")}} if { var(txn.cors) -m found }{{end}}
http-after-response add-header Vary Origin`),
}

// passedByHAProxy reports whether an answer of an unnamed server has all its
// header names in lower case, as HAProxy passes them on. Servers in Rust write
// them so too, with Date at the end, and those of Python's ASGI with Date first.
func passedByHAProxy(a answer) bool {
	if !strings.HasPrefix(a.Proto, "HTTP/1") || a.has("server") || len(a.Headers) < 3 {
		return false
	}
	for i, h := range a.Headers {
		atEnd := i == 0 || i == len(a.Headers)-1
		if h.Name != strings.ToLower(h.Name) || h.Name == "date" && atEnd {
			return false
		}
	}
	return a.has("date")
}
