package diagnose_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

func put1(name, value string) []fetch.Header { return []fetch.Header{{Name: name, Value: value}} }

var token = put1("Authorization", "Bearer secret")
var jsonType = put1("Content-Type", "application/json")

func perform1(t *testing.T, list []scenario) {
	t.Helper()
	for _, sc := range list {
		t.Run(sc.name, func(t *testing.T) { check(t, sc, perform(t, sc)) })
	}
}

func TestSoundServersAreNotAccused(t *testing.T) {
	errors := sound.wrap(answer(404, "no such thing"))
	perform1(t, []scenario{
		{name: "allow-list", server: sound.wrap(data)},
		{name: "allow-list with a preflight", server: sound.wrap(data), request: fetch.Request{Headers: token}},
		{name: "allow-list with credentials", server: sound.wrap(data), request: fetch.Request{Credentials: fetch.CredentialsInclude}},
		{name: "an error page with headers", server: errors},
		{name: "wildcard", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: *", "Access-Control-Allow-Methods: *", "Access-Control-Max-Age: 600")
		}, request: fetch.Request{Headers: put1("X-Trace", "1"), Method: "GET"}},
		{name: "one constant origin without Vary", server: answer(200, "x", "Access-Control-Allow-Origin: "+app)},
		{name: "a PUT that is not sent", server: sound.wrap(data), request: fetch.Request{Method: "PUT", Headers: jsonType}},
		{name: "a redirect that passes", server: func(w http.ResponseWriter, r *http.Request) {
			sound.wrap(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/a" {
					http.Redirect(w, r, "/b", http.StatusFound)
				}
			})(w, r)
		}, request: fetch.Request{URL: "/a"}},
		{name: "never stored, so no Vary needed", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Cache-Control: no-store")
			if r.Header.Get("Origin") == app {
				put(w, "Access-Control-Allow-Origin: "+app)
			}
		}},
		{name: "same origin", server: data, request: fetch.Request{Origin: ""}},
	}[:9])
}

func TestAuthentication(t *testing.T) {
	perform1(t, []scenario{
		{name: "401 with a challenge", server: bearer(401, sound.wrap(data)), request: fetch.Request{Headers: token}, want: finding.PreflightNeedsAuth},
		{name: "403 as JSON", server: bearer(403, sound.wrap(data)), request: fetch.Request{Headers: token}, want: finding.PreflightNeedsAuth},
		{name: "401 bare, with CORS headers on it", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Access-Control-Allow-Origin: "+app, "Vary: Origin", "Access-Control-Allow-Headers: authorization")
			if r.Header.Get("Authorization") == "" {
				w.WriteHeader(401)
			}
		}, request: fetch.Request{Headers: token}, want: finding.PreflightNeedsAuth},
		{name: "only writes need a login", server: func(w http.ResponseWriter, r *http.Request) {
			if r.Method != "GET" && r.Header.Get("Authorization") == "" {
				http.Error(w, `{"detail":"Authentication credentials were not provided."}`, 403)
				return
			}
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Method: "PUT", Headers: token}, want: finding.PreflightNeedsAuth, doubt: true},
		{name: "407", server: bearer(407, sound.wrap(data)), request: fetch.Request{Headers: token}, want: finding.PreflightNeedsAuth},
		{name: "a session cookie is asked for", server: func(w http.ResponseWriter, r *http.Request) {
			if _, err := r.Cookie("session"); err != nil {
				http.Error(w, "not logged in", 401)
				return
			}
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Method: "DELETE", Credentials: fetch.CredentialsInclude}, want: finding.PreflightNeedsAuth},
		{name: "near miss: OPTIONS is exempt", server: sound.wrap(bearer(401, data)), request: fetch.Request{Headers: token}},
		{name: "near miss: a firewall refuses OPTIONS", server: func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "OPTIONS" {
				w.WriteHeader(403)
				return
			}
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Headers: token}, want: finding.PreflightStatus},
	})
}

func TestRouting(t *testing.T) {
	only := func(status int, methods ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if !slices.Contains(methods, r.Method) {
				http.Error(w, http.StatusText(status), status)
				return
			}
			data(w, r)
		}
	}
	perform1(t, []scenario{
		{name: "405", server: only(405, "GET", "PUT"), request: fetch.Request{Method: "PUT"}, want: finding.PreflightNotRouted},
		{name: "404, GET exists", server: only(404, "GET", "PUT"), request: fetch.Request{Method: "PUT"}, want: finding.PreflightNotRouted},
		{name: "501", server: only(501, "GET"), request: fetch.Request{Headers: jsonType}, want: finding.PreflightNotRouted},
		{name: "404, only POST exists", server: only(404, "POST"), request: fetch.Request{Method: "POST", Headers: jsonType, Body: []byte("{}")}, want: finding.PreflightNotRouted, doubt: true},
		{name: "405 with CORS headers", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Access-Control-Allow-Origin: "+app)
			only(405, "GET", "PUT")(w, r)
		}, request: fetch.Request{Method: "PUT"}, want: finding.PreflightNotRouted},
		{name: "middleware runs only on matched routes", server: func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "OPTIONS" {
				http.NotFound(w, r)
				return
			}
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Headers: token}, want: finding.PreflightNotRouted},
		{name: "API Gateway has no OPTIONS method", server: answer(403, `{"message":"Missing Authentication Token"}`, "x-amzn-ErrorType: MissingAuthenticationTokenException", "x-amz-apigw-id: a="), request: fetch.Request{Headers: token}, want: finding.PreflightNotRouted},
		{name: "near miss: the URL is wrong", server: http.NotFound, request: fetch.Request{Headers: token}, want: finding.ErrorHidesBehindCORS, doubt: true},
		{name: "near miss: preflights are routed by method", server: func(w http.ResponseWriter, r *http.Request) {
			if isPreflight(r) && r.Header.Get("Access-Control-Request-Method") != "POST" {
				http.NotFound(w, r)
				return
			}
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Method: "PUT"}, want: finding.MethodNotAllowed},
		{name: "near miss: another error", server: func(w http.ResponseWriter, r *http.Request) {
			if isPreflight(r) {
				http.Error(w, "missing parameter id", 400)
				return
			}
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Headers: token}, want: finding.PreflightStatus},
		{name: "status 304", server: cors{origins: []string{app}, methods: "PUT", status: 304}.wrap(data), request: fetch.Request{Method: "PUT"}, want: finding.PreflightStatus},
		{name: "the server is down", server: answer(503, "<html><body><h1>503 Service Unavailable</h1></body></html>"), request: fetch.Request{Method: "PUT"}, want: finding.ErrorHidesBehindCORS, says: "503"},
		{name: "a rate limit", server: answer(429, "slow down"), request: fetch.Request{Method: "PUT"}, want: finding.ErrorHidesBehindCORS, says: "429"},
	})
}

func TestRedirects(t *testing.T) {
	slash := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, "/") {
				w.Header().Set("Location", r.URL.Path+"/")
				w.WriteHeader(308)
				return
			}
			next(w, r)
		}
	}
	to := func(status int, location string) http.HandlerFunc { return answer(status, "", "Location: "+location) }
	allowed := func(h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			put(w, "Access-Control-Allow-Origin: "+app, "Vary: Origin", "Access-Control-Allow-Headers: authorization")
			h(w, r)
		}
	}
	perform1(t, []scenario{
		{name: "slash, preflight", server: slash(sound.wrap(data)), request: fetch.Request{URL: "/users", Headers: token}, want: finding.PreflightRedirected, says: "Use this URL"},
		{name: "slash, preflight with CORS headers on it", server: allowed(slash(data)), request: fetch.Request{URL: "/users", Headers: token}, want: finding.PreflightRedirected, says: "slash"},
		{name: "https, preflight", server: to(301, "https://api.invalid/users"), request: fetch.Request{URL: "/users", Method: "PUT"}, want: finding.PreflightRedirected},
		{name: "slash, GET", server: slash(sound.wrap(data)), request: fetch.Request{URL: "/users"}, want: finding.RedirectWithoutCORS, says: "Use this URL"},
		{name: "elsewhere, GET", server: to(302, "/v2/users"), request: fetch.Request{URL: "/users"}, want: finding.RedirectWithoutCORS},
		{name: "near miss: the slash is there", server: slash(sound.wrap(data)), request: fetch.Request{URL: "/users/"}},
		{name: "login, preflight", server: to(302, "/login?next=/users"), request: fetch.Request{URL: "/users", Headers: token}, want: finding.LoginRedirect},
		{name: "login, GET", server: to(302, "/accounts/sign_in"), request: fetch.Request{URL: "/users"}, want: finding.LoginRedirect},
		{name: "login at an identity provider", server: to(303, "https://idp.invalid/connect?client_id=1&redirect_uri=x"), request: fetch.Request{URL: "/users"}, want: finding.LoginRedirect},
		{name: "login behind an allowed redirect", server: func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/login" {
				answer(200, "<html><form></form></html>", "Content-Type: text/html")(w, r)
				return
			}
			allowed(to(302, "/login"))(w, r)
		}, request: fetch.Request{URL: "/orders"}, want: finding.LoginRedirect},
		{name: "near miss: a page about logging in", server: to(302, "/blog/how-to-login-better"), request: fetch.Request{URL: "/users"}, want: finding.RedirectWithoutCORS},
		{name: "Cloudflare Access", server: to(302, "https://team.cloudflareaccess.com/cdn-cgi/access/login/x"), request: fetch.Request{URL: "/users", Headers: token}, want: finding.PlatformAuth},
		{name: "user name in the target", server: allowed(to(302, "http://user:secret@files.invalid/f")), want: finding.RedirectWithUserinfo},
		{name: "another scheme", server: allowed(to(302, "myapp://open")), want: finding.RedirectNotHTTP},
		{name: "no URL", server: allowed(to(302, "http://")), want: finding.RedirectLocation},
		{name: "a loop", server: allowed(to(302, "/a")), request: fetch.Request{URL: "/a"}, want: finding.RedirectLoop},
		{name: "redirect mode error", server: allowed(to(302, "/b")), request: fetch.Request{Redirect: fetch.RedirectError}, want: finding.RedirectMode},
		{name: "near miss: redirect mode manual", server: allowed(to(302, "/b")), request: fetch.Request{Redirect: fetch.RedirectManual}},
	})
}

func TestTaintedOrigin(t *testing.T) {
	final := func(h http.HandlerFunc) scenario {
		second := newServer(t, h)
		return scenario{server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Access-Control-Allow-Origin: "+app, "Vary: Origin", "Location: "+second+"/file")
			w.WriteHeader(302)
		}}
	}
	list := final(sound.wrap(data))
	list.name, list.want, list.says = "allow-list at the target", finding.RedirectTaintsOrigin, "use the URL"
	fixed := final(answer(200, "", "Access-Control-Allow-Origin: "+app))
	fixed.name, fixed.want = "constant origin at the target", finding.RedirectTaintsOrigin
	open := final(answer(200, "", "Access-Control-Allow-Origin: *"))
	open.name = "near miss: * at the target"
	none := final(data)
	none.name, none.want = "near miss: no CORS at the target", finding.NoCORSHeaders
	perform1(t, []scenario{list, fixed, open, none})
}

func TestErrorPages(t *testing.T) {
	good := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/report" && !isPreflight(r) {
				http.Error(w, body, status)
				return
			}
			sound.wrap(data)(w, r)
		}
	}
	report := fetch.Request{URL: "/report"}
	perform1(t, []scenario{
		{name: "500, CORS elsewhere", server: good(500, "panic: nil map"), request: report, want: finding.ErrorHidesBehindCORS, says: "panic: nil map"},
		{name: "502 after a preflight", server: good(502, "<html><h1>502 Bad Gateway</h1><hr>nginx</html>"), request: fetch.Request{URL: "/report", Headers: token}, want: finding.ErrorHidesBehindCORS, says: "502 Bad Gateway"},
		{name: "404 after a preflight", server: good(404, "not found"), request: fetch.Request{URL: "/report", Headers: token}, want: finding.ErrorHidesBehindCORS, says: "404"},
		{name: "401 after a preflight", server: good(401, "expired"), request: fetch.Request{URL: "/report", Headers: token}, want: finding.ErrorHidesBehindCORS},
		{name: "503, CORS nowhere", server: answer(503, "down"), request: report, want: finding.ErrorHidesBehindCORS, doubt: true},
		{name: "413", server: good(413, "too large"), request: fetch.Request{URL: "/report", Method: "POST", Body: []byte("x")}, unsafe: true, want: finding.ErrorHidesBehindCORS},
		{name: "near miss: the error page has headers", server: sound.wrap(answer(500, "oops"))},
	})
}

func TestRefusedOriginWithAnError(t *testing.T) {
	refuse := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if origin := r.Header.Get("Origin"); origin != "" && origin != "https://www.app.example.com" {
				http.Error(w, body, status)
				return
			}
			sound.wrap(data)(w, r)
		}
	}
	simple, preflighted := fetch.Request{URL: "/x"}, fetch.Request{URL: "/x", Headers: token}
	perform1(t, []scenario{
		{name: "Express, GET", server: refuse(500, "Error: Not allowed by CORS<br> &nbsp; at origin (/app.js:10)"), request: simple, want: finding.OriginMismatch},
		{name: "Express, preflight", server: refuse(500, "Error: Not allowed by CORS"), request: preflighted, want: finding.OriginMismatch},
		{name: "Express with a message of its own", server: refuse(500, "Error: go away"), request: simple, want: finding.OriginMismatch},
		{name: "gin, GET", server: refuse(403, ""), request: simple, want: finding.OriginMismatch},
		{name: "gin, preflight", server: refuse(403, ""), request: preflighted, want: finding.OriginMismatch},
		{name: "Spring, preflight", server: refuse(403, "Invalid CORS request"), request: preflighted, want: finding.OriginMismatch},
		{name: "Starlette, preflight", server: func(w http.ResponseWriter, r *http.Request) {
			if isPreflight(r) {
				http.Error(w, "Disallowed CORS origin", 400)
				return
			}
			data(w, r)
		}, request: preflighted, want: finding.OriginMismatch},
		{name: "400 with a plain text", server: refuse(400, "Bad Request"), request: preflighted, want: finding.OriginMismatch},
		{name: "near miss: Spring refuses the method", server: func(w http.ResponseWriter, r *http.Request) {
			if isPreflight(r) && r.Header.Get("Access-Control-Request-Method") == "PUT" {
				http.Error(w, "Invalid CORS request", 403)
				return
			}
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Method: "PUT"}, want: finding.MethodNotAllowed},
		{name: "near miss: Starlette refuses the headers", server: func(w http.ResponseWriter, r *http.Request) {
			if isPreflight(r) && strings.Contains(r.Header.Get("Access-Control-Request-Headers"), "x-odd") {
				put(w, "Access-Control-Allow-Origin: "+app, "Vary: Origin", "Access-Control-Allow-Headers: Accept, Content-Type")
				http.Error(w, "Disallowed CORS headers", 400)
				return
			}
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Headers: put1("X-Odd", "1")}, want: finding.HeaderNotAllowed},
		{name: "near miss: everything is an error", server: answer(500, "boom"), request: simple, want: finding.ErrorHidesBehindCORS, doubt: true},
	})
}

func TestOneSided(t *testing.T) {
	preflightOnly := func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "OPTIONS" {
			sound.wrap(data)(w, r)
			return
		}
		data(w, r)
	}
	perform1(t, []scenario{
		{name: "only OPTIONS, preflighted", server: preflightOnly, request: fetch.Request{Headers: token}, want: finding.OnlyPreflightConfigured},
		{name: "only OPTIONS, simple", server: preflightOnly, want: finding.OnlyPreflightConfigured},
		{name: "only OPTIONS, a PUT was sent", server: preflightOnly, request: fetch.Request{Method: "PUT", Body: []byte("x")}, unsafe: true, want: finding.OnlyPreflightConfigured, says: "carried out"},
		{name: "nginx inheritance", server: func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "OPTIONS" {
				answer(204, "", "Access-Control-Allow-Methods: GET, PUT", "Access-Control-Allow-Headers: authorization")(w, r)
				return
			}
			answer(200, "x", "Access-Control-Allow-Origin: "+app, "Vary: Origin")(w, r)
		}, request: fetch.Request{Headers: token}, want: finding.OnlyResponseConfigured},
		{name: "the server answers OPTIONS by itself", server: func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "OPTIONS" {
				answer(200, "", "Allow: GET, HEAD")(w, r)
				return
			}
			answer(200, "x", "Access-Control-Allow-Origin: *")(w, r)
		}, request: fetch.Request{Headers: token}, want: finding.OnlyResponseConfigured},
		{name: "with credentials", server: func(w http.ResponseWriter, r *http.Request) {
			if r.Method != "OPTIONS" {
				put(w, "Access-Control-Allow-Origin: "+app, "Access-Control-Allow-Credentials: true")
			}
		}, request: fetch.Request{Headers: token, Credentials: fetch.CredentialsInclude}, want: finding.OnlyResponseConfigured},
		{name: "near miss: both", server: sound.wrap(data), request: fetch.Request{Headers: token}},
	})
}

func TestDuplicates(t *testing.T) {
	perform1(t, []scenario{
		{name: "twice the same", server: answer(200, "", "Access-Control-Allow-Origin: "+app, "Access-Control-Allow-Origin: "+app), want: finding.DuplicateAllowOrigin},
		{name: "* and the origin", server: answer(200, "", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin: "+app), want: finding.DuplicateAllowOrigin},
		{name: "a list", server: answer(200, "", "Access-Control-Allow-Origin: https://a.example, "+app), want: finding.DuplicateAllowOrigin, says: "list"},
		{name: "a list by spaces", server: answer(200, "", "Access-Control-Allow-Origin: https://a.example "+app), want: finding.DuplicateAllowOrigin, says: "list"},
		{name: "on the preflight", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Access-Control-Allow-Origin: "+app)
			sound.wrap(data)(w, r)
			_ = r
		}, request: fetch.Request{Headers: token}}, // Set replaces: a near miss
		{name: "through a proxy, preflighted", server: func(w http.ResponseWriter, r *http.Request) {
			rec := &adding{ResponseWriter: w, line: "Access-Control-Allow-Origin: " + app}
			sound.wrap(data)(rec, r)
		}, request: fetch.Request{Headers: token}, want: finding.DuplicateAllowOrigin},
	})
}

func TestMissing(t *testing.T) {
	perform1(t, []scenario{
		{name: "nothing, simple", server: data, want: finding.NoCORSHeaders},
		{name: "nothing, preflighted: 200 and Allow", server: func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "OPTIONS" {
				put(w, "Allow: GET, HEAD, OPTIONS")
			}
			data(w, r)
		}, request: fetch.Request{Headers: token}, want: finding.NoCORSHeaders},
		{name: "nothing, 204", server: answer(204, ""), request: fetch.Request{Method: "PUT"}, want: finding.NoCORSHeaders},
		{name: "near miss: another origin is on the list", server: cors{origins: []string{"https://other.example"}}.wrap(data), want: finding.OriginMismatch, doubt: true},
	})
}

func TestOrigins(t *testing.T) {
	only := func(origin string) http.HandlerFunc {
		return cors{origins: []string{origin}, headers: "authorization"}.wrap(data)
	}
	silent := func(origin string) http.HandlerFunc { // no Vary, nothing for others
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Origin") == origin {
				put(w, "Access-Control-Allow-Origin: "+origin)
			}
		}
	}
	fixed := func(value string) http.HandlerFunc {
		return answer(200, "x", "Access-Control-Allow-Origin: "+value, "Access-Control-Allow-Headers: authorization")
	}
	local := "http://localhost:3000"
	perform1(t, []scenario{
		{name: "another origin, constant", server: fixed("https://www.example.com"), want: finding.OriginMismatch, says: "https://www.example.com"},
		{name: "another origin, preflighted", server: fixed("https://www.example.com"), request: fetch.Request{Headers: token}, want: finding.OriginMismatch},
		{name: "slash", server: fixed(app + "/"), want: finding.OriginMismatch, says: "slash"},
		{name: "no scheme", server: fixed("app.example.com"), want: finding.OriginMismatch, says: "scheme"},
		{name: "upper case", server: fixed("HTTPS://APP.example.com"), want: finding.OriginMismatch, says: "lower case"},
		{name: "pattern", server: fixed("https://*.example.com"), want: finding.OriginMismatch, says: "pattern"},
		{name: "empty", server: fixed(""), want: finding.OriginMismatch, doubt: true},
		{name: "quoted", server: fixed(`"` + app + `"`), want: finding.OriginMismatch, says: "quotes"},
		{name: "default port", server: fixed(app + ":443"), want: finding.OriginMismatch, says: "default port"},
		{name: "null", server: fixed("null"), want: finding.OriginMismatch},
		{name: "http is on the list", server: only("http://app.example.com"), want: finding.OriginMismatch, says: "http://app.example.com"},
		{name: "www is on the list", server: silent("https://www.app.example.com"), want: finding.OriginMismatch, says: "www"},
		{name: "http is on the list, preflighted", server: only("http://app.example.com"), request: fetch.Request{Headers: token}, want: finding.OriginMismatch, says: "http://app.example.com"},
		{name: "loopback, constant", server: fixed(local), request: fetch.Request{Origin: "http://127.0.0.1:3000"}, want: finding.LoopbackMismatch},
		{name: "loopback, allow-list", server: only(local), request: fetch.Request{Origin: "http://127.0.0.1:3000"}, want: finding.LoopbackMismatch},
		{name: "loopback, preflighted", server: only("http://127.0.0.1:3000"), request: fetch.Request{Origin: local, Headers: token}, want: finding.LoopbackMismatch},
		{name: "loopback, other port", server: fixed("http://localhost:5173"), request: fetch.Request{Origin: local}, want: finding.LoopbackMismatch},
		{name: "near miss: localhost against a real site", server: only(app), request: fetch.Request{Origin: local}, want: finding.OriginMismatch, doubt: true},
		{name: "near miss: loopback allowed", server: only(local), request: fetch.Request{Origin: local}},
		{name: "null refused by a list", server: only(app), request: fetch.Request{Origin: "null"}, want: finding.NullOrigin, doubt: true},
		{name: "null refused by a constant", server: fixed(app), request: fetch.Request{Origin: "null"}, want: finding.NullOrigin},
		{name: "near miss: null and no CORS", server: data, request: fetch.Request{Origin: "null"}, want: finding.NoCORSHeaders},
		{name: "near miss: null allowed", server: fixed("null"), request: fetch.Request{Origin: "null"}, also: []finding.ID{finding.NullOrigin}},
	})
}

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
		{name: "a cookie without SameSite", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Set-Cookie: session=secret; Path=/; HttpOnly")
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Credentials: fetch.CredentialsInclude}, want: finding.CookieNotSent},
		{name: "SameSite=None without Secure", server: func(w http.ResponseWriter, r *http.Request) {
			put(w, "Set-Cookie: session=secret; SameSite=None")
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Credentials: fetch.CredentialsInclude}, want: finding.CookieNotSent},
		{name: "near miss: SameSite=None; Secure", server: func(w http.ResponseWriter, r *http.Request) {
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

func TestUnsent(t *testing.T) {
	for _, sc := range []scenario{
		{name: "bad port", request: fetch.Request{URL: "http://api.example.com:6000/"}, want: finding.BadPort},
		{name: "mixed content", request: fetch.Request{URL: "http://127.0.0.1.nip.invalid/"}, want: finding.MixedContent},
		{name: "mode same-origin", request: fetch.Request{URL: "https://api.invalid/", Mode: fetch.ModeSameOrigin}, want: finding.RequestMode},
		{name: "no such host", request: fetch.Request{URL: "https://api.invalid/"}, want: finding.UnreachableDNS},
		{name: "nobody listens", request: fetch.Request{URL: "http://127.0.0.1:2/", Origin: "http://localhost:3000"}, want: finding.UnreachableRefused},
	} {
		t.Run(sc.name, func(t *testing.T) { check(t, sc, performAt(t, sc, "", "")) })
	}
	plain := newServer(t, data)
	sc := scenario{request: fetch.Request{URL: strings.Replace(plain, "http:", "https:", 1)}, want: finding.UnreachableTLS, says: "plain HTTP"}
	t.Run("TLS to a plain port", func(t *testing.T) { check(t, sc, performAt(t, sc, "", "")) })
}

func TestSameOriginIsNoTest(t *testing.T) {
	base := newServer(t, data)
	sc := scenario{request: fetch.Request{URL: base + "/", Origin: base}, also: []finding.ID{finding.SameOrigin}}
	check(t, sc, performAt(t, sc, base, ""))
}

func TestNothingWithoutAsking(t *testing.T) {
	// A diagnosis that may not ask still names a cause.
	sc := scenario{server: bearer(401, sound.wrap(data)), request: fetch.Request{Headers: token}, want: finding.PreflightNeedsAuth}
	old := budget
	budget = 0
	defer func() { budget = old }()
	check(t, sc, perform(t, sc))
}
