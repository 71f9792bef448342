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
		t.Run(sc.name, func(t *testing.T) {
			// The cause does not depend on which fault a browser looks at first.
			for _, sc.browser = range browsers {
				if sc.only == nil || sc.only == sc.browser {
					check(t, sc, perform(t, sc))
				}
			}
		})
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
				http.Error(w, `{"detail":"Authentication credentials were not provided."}`, http.StatusForbidden)
				return
			}
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Method: "PUT", Headers: token}, want: finding.PreflightNeedsAuth, doubt: true},
		{name: "407", server: bearer(407, sound.wrap(data)), request: fetch.Request{Headers: token}, want: finding.PreflightNeedsAuth},
		{name: "a session cookie is asked for", server: func(w http.ResponseWriter, r *http.Request) {
			if _, err := r.Cookie("session"); err != nil {
				http.Error(w, "not logged in", http.StatusUnauthorized)
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
		{name: "OPTIONS is dropped", server: func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "OPTIONS" {
				panic(http.ErrAbortHandler)
			}
			data(w, r)
		}, request: fetch.Request{Method: "PUT"}, want: finding.UnreachableReset, says: "drops OPTIONS"},
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
		{name: "near miss: a path that had auth in it before", server: to(302, "/v2/auth/users"), request: fetch.Request{URL: "/auth/users"}, want: finding.RedirectWithoutCORS},
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
		{name: "user name in the target", server: allowed(to(302, "https://user:secret@files.invalid/f")), want: finding.RedirectWithUserinfo},
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
		{name: "407", only: fetch.Chrome, server: answer(407, "", "Access-Control-Allow-Origin: *"), request: report, want: finding.ErrorHidesBehindCORS, says: "407"},
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
		{name: "an error for everybody else, also without an Origin", server: func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Origin") != "https://www.app.example.com" {
				http.Error(w, "Internal Server Error", 500)
				return
			}
			varied(w, r, false)
			put(w, "Access-Control-Allow-Origin: https://www.app.example.com")
		}, request: simple, want: finding.OriginMismatch, says: "https://www.app.example.com"},
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
				http.Error(w, "Invalid CORS request", http.StatusForbidden)
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
		{name: "near miss: a POST is refused for its token", server: func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "POST" {
				http.Error(w, "CSRF token missing", http.StatusForbidden)
			}
		}, request: fetch.Request{Method: "POST", Body: []byte("x")}, unsafe: true, want: finding.ErrorHidesBehindCORS, doubt: true},
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
		{name: "an HTML page", server: answer(200, "<!doctype html><html><title>Shop</title></html>"), want: finding.NoCORSHeaders, says: "HTML page"},
		{name: "this path is not covered", server: func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/users" {
				data(w, r)
				return
			}
			sound.wrap(http.NotFound)(w, r)
		}, request: fetch.Request{URL: "/users"}, want: finding.NoCORSHeaders, says: "does not cover"},
		{name: "HEAD", server: func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "HEAD" {
				return
			}
			sound.wrap(data)(w, r)
		}, request: fetch.Request{Method: "HEAD"}, want: finding.NoCORSHeaders, says: "HEAD"},
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
		{name: "loopback, other port on the list", server: only("http://localhost:5173"), request: fetch.Request{Origin: local}, want: finding.LoopbackMismatch},
		{name: "a port too much", server: only(app), request: fetch.Request{Origin: app + ":8443"}, want: finding.OriginMismatch, says: "port"},
		{name: "near miss: localhost against a real site", server: only(app), request: fetch.Request{Origin: local}, want: finding.OriginMismatch, doubt: true},
		{name: "near miss: loopback allowed", server: only(local), request: fetch.Request{Origin: local}},
		{name: "null refused by a list", server: only(app), request: fetch.Request{Origin: "null"}, want: finding.NullOrigin, doubt: true},
		{name: "null refused by a constant", server: fixed(app), request: fetch.Request{Origin: "null"}, want: finding.NullOrigin},
		{name: "near miss: null and no CORS", server: data, request: fetch.Request{Origin: "null"}, want: finding.NoCORSHeaders},
		{name: "near miss: null allowed", server: fixed("null"), request: fetch.Request{Origin: "null"}, also: []finding.ID{finding.NullOrigin}},
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
		t.Run(sc.name, func(t *testing.T) { check(t, sc, performAt(t, sc, "", 0)) })
	}
	plain := newServer(t, data)
	sc := scenario{request: fetch.Request{URL: strings.Replace(plain, "http:", "https:", 1)}, want: finding.UnreachableTLS, says: "plain HTTP"}
	t.Run("TLS to a plain port", func(t *testing.T) { check(t, sc, performAt(t, sc, "", 0)) })
}

func TestSameOriginIsNoTest(t *testing.T) {
	base := newServer(t, data)
	sc := scenario{request: fetch.Request{URL: base + "/", Origin: base}, also: []finding.ID{finding.SameOrigin}}
	check(t, sc, performAt(t, sc, base, 0))
}

func TestNothingWithoutAsking(t *testing.T) {
	// A diagnosis that may not ask still names a cause.
	sc := scenario{server: bearer(401, sound.wrap(data)), request: fetch.Request{Headers: token}, want: finding.PreflightNeedsAuth}
	old := budget
	budget = 0
	defer func() { budget = old }()
	check(t, sc, perform(t, sc))
}
