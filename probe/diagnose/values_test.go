package diagnose_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

func TestCredentials(t *testing.T) {
	include := fetch.Request{Credentials: fetch.CredentialsInclude}
	reflect := func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cookie") == "" {
			put(w, "Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: true")
			return
		}
		put(w, "Access-Control-Allow-Origin: "+r.Header.Get("Origin"), "Access-Control-Allow-Credentials: true", "Vary: Origin")
	}
	no := sound
	no.credentials = false
	perform1(t, []scenario{
		{name: "*", server: answer(200, "", "Access-Control-Allow-Origin: *"), request: include, want: finding.WildcardWithCredentials},
		{name: "* and true", server: answer(200, "", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: true"), request: include, want: finding.WildcardWithCredentials},
		{name: "* on the preflight", server: answer(200, "", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: authorization"), request: fetch.Request{Headers: token, Credentials: fetch.CredentialsInclude}, want: finding.WildcardWithCredentials},
		{name: "reflects when a cookie is there", server: reflect, request: include, want: finding.WildcardWithCredentials, says: "cookie"},
		{name: "near miss: * without credentials", server: answer(200, "", "Access-Control-Allow-Origin: *")},
		{name: "* and true without credentials is advice", server: answer(200, "", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: true"), also: []finding.ID{finding.WildcardWithCredentials}},
		{name: "no permission", server: no.wrap(data), request: include, want: finding.CredentialsNotAllowed},
		{name: "no permission, preflighted", server: no.wrap(data), request: fetch.Request{Headers: token, Credentials: fetch.CredentialsInclude}, want: finding.CredentialsNotAllowed},
		{name: "True", server: answer(200, "", "Access-Control-Allow-Origin: "+app, "Access-Control-Allow-Credentials: True"), request: include, want: finding.CredentialsNotAllowed, says: "True"},
		{name: "near miss: without credentials", server: no.wrap(data)},
	})
}

func TestListsMethodsHeaders(t *testing.T) {
	with := func(methods, headers string) http.HandlerFunc {
		c := sound
		c.methods, c.headers = methods, headers
		return c.wrap(data)
	}
	two := []fetch.Header{{Name: "X-Api-Key", Value: "1"}, {Name: "X-Odd", Value: "2"}}
	allEmpty := func(bad func(*http.Request) bool) http.HandlerFunc { // rs/cors refuses like this
		return func(w http.ResponseWriter, r *http.Request) {
			if isPreflight(r) && bad(r) {
				put(w, "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
				w.WriteHeader(204)
				return
			}
			with("GET", r.Header.Get("Access-Control-Request-Headers"))(w, r)
		}
	}
	acrh := func(r *http.Request) string { return r.Header.Get("Access-Control-Request-Headers") }
	lower := func(r *http.Request) string { return strings.ToLower(acrh(r)) }
	perform1(t, []scenario{
		{name: "methods by spaces", server: with("GET PUT", ""), request: fetch.Request{Method: "PUT"}, want: finding.MalformedAllowList, says: "GET, PUT"},
		{name: "headers by semicolons", server: with("GET", "content-type; authorization"), request: fetch.Request{Headers: token}, want: finding.MalformedAllowList},
		{name: "a malformed list nobody needed", server: with("GET PUT", "authorization"), request: fetch.Request{Headers: token}, want: finding.MalformedAllowList},
		{name: "method missing", server: with("GET, POST", ""), request: fetch.Request{Method: "PUT"}, want: finding.MethodNotAllowed, says: "GET, POST"},
		{name: "no list of methods", server: with("", ""), request: fetch.Request{Method: "DELETE"}, want: finding.MethodNotAllowed},
		{name: "method in lower case", server: with("get, put", ""), request: fetch.Request{Method: "PUT"}, want: finding.MethodNotAllowed, says: "letter case"},
		{name: "patch in lower case", server: with("PATCH", ""), request: fetch.Request{Method: "patch"}, want: finding.MethodNotAllowed, says: "Write PATCH"},
		{name: "* with credentials", server: with("*", "*"), request: fetch.Request{Method: "PUT", Credentials: fetch.CredentialsInclude}, want: finding.MethodNotAllowed, says: "credentials"},
		{name: "method refused all-empty", server: allEmpty(func(r *http.Request) bool { return r.Header.Get("Access-Control-Request-Method") == "PUT" }), request: fetch.Request{Method: "PUT", Headers: jsonType}, want: finding.MethodNotAllowed},
		{name: "near miss: the method is there", server: with("PUT", ""), request: fetch.Request{Method: "PUT"}},
		{name: "near miss: POST needs no list", server: with("GET", ""), request: fetch.Request{Method: "POST"}},
		{name: "one header missing", server: with("GET", "x-api-key"), request: fetch.Request{Headers: two}, want: finding.HeaderNotAllowed, says: "does not name x-odd"},
		{name: "no list of headers", server: with("GET", ""), request: fetch.Request{Headers: two}, want: finding.HeaderNotAllowed, says: "x-api-key, x-odd"},
		{name: "header refused all-empty", server: allEmpty(func(r *http.Request) bool { return strings.Contains(lower(r), "x-odd") }), request: fetch.Request{Headers: two}, want: finding.HeaderNotAllowed, says: "does not allow x-odd"},
		{name: "header * with credentials", server: with("*", "*"), request: fetch.Request{Headers: token, Credentials: fetch.CredentialsInclude}, want: finding.HeaderNotAllowed, says: "credentials"},
		{name: "compares the case", server: allEmpty(func(r *http.Request) bool { return acrh(r) != "" && acrh(r) != "X-Api-Key" }), request: fetch.Request{Headers: put1("x-api-key", "1")}, want: finding.HeaderNotAllowed, says: "byte by byte"},
		{name: "compares the order", server: allEmpty(func(r *http.Request) bool { return strings.Contains(acrh(r), ",") && acrh(r) != "X-Odd, X-Api-Key" }),
			request: fetch.Request{Headers: []fetch.Header{two[1], two[0]}}, want: finding.HeaderNotAllowed, says: "byte by byte"},
		{name: "content-type on a GET", server: with("GET", "x-api-key"), request: fetch.Request{Headers: jsonType}, want: finding.HeaderNotAllowed, says: "leave Content-Type out"},
		{name: "method and header", server: with("GET", "x-api-key"), request: fetch.Request{Method: "PUT", Headers: two}, want: finding.MethodNotAllowed, also: []finding.ID{finding.HeaderNotAllowed}},
		{name: "a response header", server: with("GET", "content-type"), request: fetch.Request{Headers: put1("Access-Control-Allow-Origin", "*")}, want: finding.ResponseHeaderInRequest, never: []finding.ID{finding.HeaderNotAllowed}},
		{name: "a response header and another", server: with("GET", "content-type"), request: fetch.Request{Headers: append(put1("Access-Control-Allow-Origin", "*"), two...)}, want: finding.ResponseHeaderInRequest, also: []finding.ID{finding.HeaderNotAllowed}},
		{name: "near miss: content-type", server: with("GET", "content-type"), request: fetch.Request{Method: "POST", Headers: jsonType, Body: []byte("{}")}},
		{name: "depends on the order", server: allEmpty(func(r *http.Request) bool { return acrh(r) != "" && !slices.IsSorted(strings.Split(acrh(r), ",")) }), request: fetch.Request{Headers: two}, also: []finding.ID{finding.HeaderListOrder}},
	})
}

func TestCaches(t *testing.T) {
	poisoned := func(hint ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery == "" && r.Method == "GET" {
				put(w, hint...)
				data(w, r)
				return
			}
			if r.Header.Get("Origin") == app {
				put(w, "Access-Control-Allow-Origin: "+app)
			}
		}
	}
	foreign := func(w http.ResponseWriter, r *http.Request) { // holds another origin's answer
		if r.URL.RawQuery == "" {
			put(w, "Access-Control-Allow-Origin: https://other.example", "X-Cache: HIT")
			return
		}
		put(w, "Access-Control-Allow-Origin: "+r.Header.Get("Origin"))
	}
	stored := map[string]http.Header{}
	storing := func(w http.ResponseWriter, r *http.Request) { // a cache that ignores Origin
		key := r.URL.String()
		if h, ok := stored[key]; ok {
			for name := range h {
				w.Header()[name] = h[name]
			}
			put(w, "Age: 1")
			return
		}
		if r.Header.Get("Origin") != "" {
			put(w, "Access-Control-Allow-Origin: "+app)
		}
		put(w, "Cache-Control: max-age=60")
		stored[key] = w.Header().Clone()
	}
	perform1(t, []scenario{
		{name: "stored without CORS, X-Cache", server: poisoned("X-Cache: Hit from cloudfront"), want: finding.CachedWithoutCORS},
		{name: "stored without CORS, Age", server: poisoned("Age: 120"), want: finding.CachedWithoutCORS},
		{name: "stored without CORS, no hint", server: poisoned(), want: finding.CachedWithoutCORS},
		{name: "stored in front of a bucket", server: poisoned("Server: AmazonS3", "X-Cache: Hit from cloudfront"), want: finding.CachedWithoutCORS},
		{name: "stored for another origin", server: foreign, want: finding.CachedWithoutCORS},
		{name: "near miss: a hit without CORS anywhere", server: answer(200, "", "X-Cache: HIT", "Age: 3"), want: finding.NoCORSHeaders},
		{name: "Vary missing", server: func(w http.ResponseWriter, r *http.Request) {
			if o := r.Header.Get("Origin"); o == app || o == "https://b.example" {
				put(w, "Access-Control-Allow-Origin: "+o)
			}
		}, want: finding.VaryOriginMissing},
		{name: "Vary missing on the answer without an Origin", server: func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Origin") != "" {
				sound.wrap(data)(w, r)
			}
		}, want: finding.VaryOriginMissing},
		{name: "reflects without Vary", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Access-Control-Allow-Origin: "+r.Header.Get("Origin"))
		}, want: finding.VaryOriginMissing, also: []finding.ID{finding.ReflectsAnyOrigin}},
		{name: "a cache that ignores Vary", server: storing, want: finding.VaryOriginMissing},
		{name: "near miss: Vary on all", server: sound.wrap(data), never: []finding.ID{finding.VaryOriginMissing, finding.ReflectsAnyOrigin}},
	})
}

func TestBucketsAndPlatforms(t *testing.T) {
	xml := func(code, message string) string {
		return "<?xml version=\"1.0\"?>\n<Error><Code>" + code + "</Code><Message>" + message + "</Message><RequestId>1</RequestId></Error>"
	}
	put := fetch.Request{Method: "PUT", Headers: put1("Content-Type", "image/png")}
	refuse := fetch.Request{Headers: token}
	perform1(t, []scenario{
		{name: "S3 preflight", server: answer(403, xml("AccessForbidden", "CORSResponse: This CORS request is not allowed."), "Server: AmazonS3"), request: put, want: finding.BucketRuleMissing},
		{name: "S3 GET", server: answer(200, "bytes", "Server: AmazonS3", "x-amz-request-id: 1"), want: finding.BucketRuleMissing},
		{name: "S3 wrong signature", server: answer(403, xml("SignatureDoesNotMatch", "x"), "Server: AmazonS3"), want: finding.BucketRuleMissing, says: "SignatureDoesNotMatch"},
		{name: "GCS", server: answer(200, "bytes", "x-goog-hash: crc32c=1", "x-guploader-uploadid: 2"), want: finding.BucketRuleMissing},
		{name: "Azure", server: answer(403, xml("CorsPreflightFailure", "CORS not enabled or no matching rule found"), "x-ms-version: 2020-10-02"), request: put, want: finding.BucketRuleMissing},
		{name: "MinIO", server: answer(200, "", "Server: MinIO"), want: finding.BucketRuleMissing},
		{name: "R2", server: answer(403, xml("AccessDenied", "x"), "Server: cloudflare"), want: finding.BucketRuleMissing},
		{name: "near miss: the rule is there", server: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Server", "AmazonS3")
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Method: "PUT", Headers: jsonType}},
		{name: "Cloud Run", server: answer(403, "<html><title>403 Forbidden</title>Your client does not have permission to get URL <code>/x</code> from this server.</html>"), request: refuse, want: finding.PlatformAuth},
		{name: "API Gateway authorizer", server: answer(401, `{"message":"Unauthorized"}`, "x-amzn-ErrorType: UnauthorizedException", "x-amz-apigw-id: 1"), request: refuse, want: finding.PlatformAuth},
		{name: "HTTP API", server: answer(401, `{"message":"Unauthorized"}`, "apigw-requestid: 1"), request: refuse, want: finding.PlatformAuth},
		{name: "Lambda URL", server: answer(403, `{"Message":"Forbidden"}`, "x-amzn-RequestId: 1"), request: refuse, want: finding.PlatformAuth},
		{name: "Vercel", server: answer(401, "<html>Authentication Required</html>", "Server: Vercel", "x-vercel-id: 1"), request: refuse, want: finding.PlatformAuth},
		{name: "Supabase", server: answer(401, `{"code":401,"message":"Missing authorization header"}`, "sb-request-id: 1"), request: refuse, want: finding.PlatformAuth},
		{name: "EasyAuth", server: answer(401, "", "x-ms-middleware-request-id: 1"), request: refuse, want: finding.PlatformAuth},
		{name: "Cloudflare challenge on GET", server: answer(403, "<html>Just a moment...</html>", "cf-mitigated: challenge", "Server: cloudflare"), want: finding.PlatformAuth},
		{name: "R2 by its body", server: answer(403, xml("AccessDenied", "x"), "Server: cloudflare"), want: finding.BucketRuleMissing},
		{name: "near miss: an application on Cloud Run", server: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Server", "Google Frontend")
			bearer(401, data)(w, r)
		}, request: refuse, want: finding.PreflightNeedsAuth},
		{name: "near miss: an application on Vercel", server: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Server", "Vercel")
			bearer(401, data)(w, r)
		}, request: refuse, want: finding.PreflightNeedsAuth},
		{name: "near miss: a 401 of the application", server: bearer(401, data), request: refuse, want: finding.PreflightNeedsAuth},
	})
}

func TestAdvice(t *testing.T) {
	perform1(t, []scenario{
		{name: "exposure", server: func(w http.ResponseWriter, r *http.Request) { put(w, "X-Total-Count: 4"); sound.wrap(data)(w, r) }, also: []finding.ID{finding.HeaderNotExposed}},
		{name: "near miss: exposed", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "X-Total-Count: 4")
			c := sound
			c.expose = "X-Total-Count"
			c.wrap(data)(w, r)
		}, never: []finding.ID{finding.HeaderNotExposed}},
		{name: "malformed exposure", server: func(w http.ResponseWriter, r *http.Request) {
			c := sound
			c.expose = "X-A X-B"
			c.wrap(data)(w, r)
		}, want: finding.MalformedAllowList},
		{name: "preflight not cached", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: x-a")
		}, request: fetch.Request{Headers: put1("X-A", "1")}, also: []finding.ID{finding.PreflightNotCached}},
		{name: "near miss: preflight cached", server: sound.wrap(data), request: fetch.Request{Headers: token}, never: []finding.ID{finding.PreflightNotCached}},
		{name: "* and Authorization", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: *", "Access-Control-Max-Age: 60")
		}, request: fetch.Request{Headers: token}, want: finding.SpecStricterThanBrowsers},
		{name: "near miss: Authorization named", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: *, Authorization", "Access-Control-Max-Age: 60")
		}, request: fetch.Request{Headers: token}},
		{name: "a cookie without SameSite", only: fetch.Chrome, server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Set-Cookie: session=secret; Path=/; HttpOnly")
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Credentials: fetch.CredentialsInclude}, want: finding.CookieNotSent},
		{name: "SameSite=None without Secure", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Set-Cookie: session=secret; SameSite=None")
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Credentials: fetch.CredentialsInclude}, want: finding.CookieNotSent},
		{name: "near miss: SameSite=None; Secure", only: fetch.Chrome, server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Set-Cookie: session=secret; SameSite=None; Secure")
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Credentials: fetch.CredentialsInclude}},
		{name: "near miss: no credentials", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Set-Cookie: session=secret")
			sound.wrap(data)(w, r)
		}},
		{name: "a public page and this machine", server: sound.wrap(data), also: []finding.ID{finding.LocalNetworkAccess}},
		{name: "near miss: a local page", server: answer(200, "", "Access-Control-Allow-Origin: *"), request: fetch.Request{Origin: "http://localhost:3000"}, never: []finding.ID{finding.LocalNetworkAccess}},
		{name: "reflection", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Vary: Origin", "Access-Control-Allow-Origin: "+r.Header.Get("Origin"))
		}, also: []finding.ID{finding.ReflectsAnyOrigin}},
	})
}
