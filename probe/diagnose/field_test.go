package diagnose_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/probe/diagnose"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// onlyOptions answers OPTIONS in one way and is sound otherwise.
func onlyOptions(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "OPTIONS" {
			h(w, r)
			return
		}
		sound.wrap(data)(w, r)
	}
}

// Filters answer OPTIONS with statuses of their own choice; the body tells what
// they mind.
func TestBodiesTellTheCause(t *testing.T) {
	put, secret := fetch.Request{Method: "PUT", Headers: jsonType}, fetch.Request{Headers: token}
	keyed := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "" {
				answer(status, body)(w, r)
				return
			}
			sound.wrap(data)(w, r)
		}
	}
	perform1(t, []scenario{
		{name: "400, no key", server: keyed(400, `{"message":"No API key found in request"}`), request: secret, want: finding.PreflightNeedsAuth},
		{name: "400, no key, on OPTIONS alone", server: onlyOptions(answer(400, "Missing Authorization header")), request: put, want: finding.PreflightNeedsAuth, doubt: true},
		{name: "near miss: 400 for another parameter", server: onlyOptions(answer(400, "missing parameter id")), request: put, want: finding.PreflightStatus},
		{name: "near miss: Apache denies OPTIONS", server: onlyOptions(answer(403, "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head><title>403 Forbidden</title></head><body><p>You don't have permission to access this resource.</p></body></html>")),
			request: put, want: finding.PreflightStatus},
		{name: "near miss: a firewall denies OPTIONS", server: onlyOptions(answer(403, "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY>Reference #18.5</BODY></HTML>")), request: put, want: finding.PreflightStatus},
		{name: "near miss: a CSRF filter", server: onlyOptions(answer(403, "CSRF token missing or incorrect.")), request: put, want: finding.PreflightStatus, says: "OPTIONS must be exempt"},
		{name: "Spring, the exception handler says 500", server: onlyOptions(answer(500, `{"code":500,"msg":"Request method 'OPTIONS' is not supported"}`)), request: put, want: finding.PreflightNotRouted},
		{name: "400, unsupported method", server: onlyOptions(answer(400, `{"error":"Unsupported method: OPTIONS"}`)), request: put, want: finding.PreflightNotRouted},
		{name: "403, method not allowed", server: onlyOptions(answer(403, `{"error":"Method OPTIONS not allowed"}`)), request: put, want: finding.PreflightNotRouted},
		{name: "http.sys", server: onlyOptions(answer(400, "<h2>Bad Request - Invalid Verb</h2>")), request: secret, want: finding.PreflightNotRouted},
		{name: "a CDN that takes no OPTIONS", server: onlyOptions(answer(403, "<HTML><H1>403 ERROR</H1>This distribution is not configured to allow the HTTP request method that was used for this request.</HTML>")), request: put, want: finding.PreflightNotRouted},
		{name: "a firewall refuses everything", server: answer(403, "<html>The requested URL was rejected. Your support ID is: 18</html>"), request: secret, want: finding.ErrorHidesBehindCORS, says: "to everything"},
		{name: "a tunnel's own page", server: answer(200, "<!doctype html>You are about to visit", "ngrok-error-code: ERR_NGROK_6024"), request: secret, want: finding.PlatformAuth},
		{name: "near miss: the method of the request is not allowed", server: onlyOptions(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Access-Control-Request-Method") == "PUT" {
				answer(403, "Method PUT not allowed")(w, r)
				return
			}
			sound.wrap(data)(w, r)
		}), request: put, want: finding.MethodNotAllowed},
	})
}

// Servers refuse an origin with whatever status they like.
func TestOriginRefusedWithAnyStatus(t *testing.T) {
	refuse := func(h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if o := r.Header.Get("Origin"); o != "" && o != "https://admin.example.com" {
				h(w, r)
				return
			}
			data(w, r)
		}
	}
	simple, secret := fetch.Request{URL: "/x"}, fetch.Request{URL: "/x", Headers: token}
	var list []scenario
	for _, a := range []struct {
		name string
		h    http.HandlerFunc
	}{
		{"401 with a word", answer(401, `{"message":"Origin not allowed"}`)}, {"401", answer(401, "")}, {"404", http.NotFound}, {"421", answer(421, "")},
	} {
		list = append(list, scenario{name: a.name + ", simple", server: refuse(a.h), request: simple, want: finding.OriginMismatch},
			scenario{name: a.name + ", preflighted", server: refuse(a.h), request: secret, want: finding.OriginMismatch})
	}
	stranger := cors{origins: []string{"https://admin.example.com"}}
	list = append(list,
		scenario{name: "the preflight alone, and GET does CORS for others", server: func(w http.ResponseWriter, r *http.Request) {
			if isPreflight(r) && r.Header.Get("Origin") != "https://admin.example.com" {
				w.WriteHeader(403)
				return
			}
			stranger.wrap(data)(w, r)
		}, request: secret, want: finding.OriginMismatch, doubt: true},
		scenario{name: "near miss: 401 for everybody", server: answer(401, ""), request: secret, want: finding.PreflightNeedsAuth},
		scenario{name: "near miss: 404 for everybody", server: http.NotFound, request: secret, want: finding.ErrorHidesBehindCORS, doubt: true},
	)
	perform1(t, list)
}

// The origins that are tried are those that people put on a list in place of
// the right one.
func TestOriginsThatAreTriedFirst(t *testing.T) {
	var list []scenario
	for _, pair := range [][2]string{
		{"https://example.com", app}, {"https://www.app.example.com", app}, {"http://app.example.com", app}, {app, app + ":8443"}, {app, "https://www.app.example.com"},
		{"http://localhost:3000", "http://192.168.1.20:3000"}, {"http://localhost:3000", "http://127.0.0.1:3000"}, {"http://localhost:3000", "http://localhost:5173"},
	} {
		id := finding.OriginMismatch
		if strings.Contains(pair[0], "localhost") && !strings.Contains(pair[1], "192.") {
			id = finding.LoopbackMismatch
		}
		server := cors{origins: []string{pair[0]}, headers: "authorization"}.wrap(data)
		list = append(list, scenario{name: pair[1] + " for " + pair[0], server: server, request: fetch.Request{Origin: pair[1]}, want: id, says: "accepts " + pair[0]},
			scenario{name: pair[1] + " for " + pair[0] + ", preflighted", server: server, request: fetch.Request{Origin: pair[1], Headers: token}, want: id, says: "accepts " + pair[0]})
	}
	perform1(t, list)
}

func TestCORSOnlyWithACookie(t *testing.T) {
	server := func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("corscheck"); err == nil {
			sound.wrap(data)(w, r)
			return
		}
		data(w, r)
	}
	perform1(t, []scenario{
		{name: "with credentials", server: server, request: fetch.Request{Credentials: fetch.CredentialsInclude}, want: finding.NoCORSHeaders, says: "once a cookie is there"},
		{name: "without credentials nobody asks", server: server, want: finding.NoCORSHeaders, says: "Neither"},
	})
}

func TestMisspelledHeaders(t *testing.T) {
	include := fetch.Request{Credentials: fetch.CredentialsInclude}
	perform1(t, []scenario{
		{name: "a letter too many", server: answer(200, "x", "Access-Control-Allow-Origins: *"), want: finding.NoCORSHeaders, says: "must be spelled Access-Control-Allow-Origin"},
		{name: "a letter too few", server: answer(200, "x", "Access-Control-Allow-Orgin: "+app), request: fetch.Request{Headers: token}, want: finding.NoCORSHeaders, says: "Orgin"},
		{name: "underscores", server: answer(200, "x", "Access_Control_Allow_Origin: *"), want: finding.NoCORSHeaders, says: "must be spelled"},
		{name: "half of it", server: answer(200, "x", "Allow-Origin: *"), want: finding.NoCORSHeaders, says: "must be spelled"},
		{name: "credentials", server: answer(200, "x", "Access-Control-Allow-Origin: "+app, "Access-Control-Allow-Credential: true"), request: include, want: finding.CredentialsNotAllowed, says: "must be spelled"},
		{name: "near miss: Timing-Allow-Origin", server: answer(200, "x", "Timing-Allow-Origin: *"), want: finding.NoCORSHeaders, says: "Neither"},
	})
}

func TestLoginPages(t *testing.T) {
	var list []scenario
	for _, location := range []string{
		"/login;jsessionid=1F", "/portal/logon.do", "/LoginPage.aspx", "/sessions/new", "/#/login", "/welcome?return_to=%2Fusers",
		"/j_spring_security_check", "https://keycloak.invalid/x", "https://idp.invalid/start?SAMLRequest=x",
	} {
		list = append(list, scenario{name: location, server: answer(302, "", "Location: "+location), request: fetch.Request{URL: "/users"}, want: finding.LoginRedirect})
	}
	for _, location := range []string{"/maintenance", "/v2/users?next=2", "/catalog/logins", "/users#login", "/sessions/new-arrivals", "/en/users"} {
		list = append(list, scenario{name: "near miss: " + location, server: answer(302, "", "Location: "+location), request: fetch.Request{URL: "/users"}, want: finding.RedirectWithoutCORS})
	}
	list = append(list, scenario{name: "a preflight's redirect to no URL", server: answer(301, "", "Location: http://www.127.0.0.1/"), request: fetch.Request{Headers: token}, want: finding.PreflightRedirected},
		scenario{name: "Azure sends to its identity provider", server: answer(302, "", "Location: https://login.windows.net/x/oauth2/authorize?client_id=1", "x-ms-middleware-request-id: 1"),
			request: fetch.Request{Headers: token}, want: finding.PlatformAuth})
	perform1(t, list)
}

// A server that has enough of the questions is not asked more, and its 429 is
// no evidence.
func TestRateLimitIsNoEvidence(t *testing.T) {
	limited := func(after int, h http.HandlerFunc) http.HandlerFunc {
		n := 0
		return func(w http.ResponseWriter, r *http.Request) {
			if n++; n > after {
				answer(429, "too many")(w, r)
				return
			}
			h(w, r)
		}
	}
	for after := 1; after <= 4; after++ {
		for _, sc := range []scenario{
			{server: limited(after, data), want: finding.NoCORSHeaders, doubt: after < 3},
			{server: limited(after, answer(401, "")), request: fetch.Request{Headers: token}, want: finding.PreflightNeedsAuth, doubt: after < 2},
			{server: limited(after, sound.wrap(data))},
		} {
			got := perform(t, sc)
			check(t, sc, got)
			if len(got.asked) > after {
				t.Errorf("%d more questions after the limit of %d", len(got.asked), after)
			}
		}
	}
}

func TestCachesAndUnsteadyServers(t *testing.T) {
	unlessFresh := func(h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "OPTIONS" && r.URL.RawQuery == "" {
				h(w, r)
				return
			}
			sound.wrap(data)(w, r)
		}
	}
	alternating := func(a, b http.HandlerFunc) http.HandlerFunc {
		n := 0
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "OPTIONS" {
				data(w, r)
				return
			}
			if n++; n%2 == 1 {
				a(w, r)
				return
			}
			b(w, r)
		}
	}
	for _, browser := range browsers { // each needs a server that was not asked yet
		for _, sc := range []scenario{
			{name: "a cached preflight for another origin", server: unlessFresh(answer(200, "", "Access-Control-Allow-Origin: https://b.example", "Age: 40")), request: fetch.Request{Headers: token}, want: finding.CachedWithoutCORS, says: "OPTIONS"},
			{name: "a cached preflight for no origin", server: unlessFresh(answer(200, "", "X-Cache: Hit from cloudfront")), request: fetch.Request{Headers: token}, want: finding.CachedWithoutCORS},
			{name: "one of several servers", server: alternating(data, sound.wrap(data)), want: finding.NoCORSHeaders, says: "differ from one request to the next", doubt: true},
			{name: "one of several servers allows another origin", server: alternating(answer(200, "", "Access-Control-Allow-Origin: https://b.example"), sound.wrap(data)), want: finding.OriginMismatch, says: "differ", doubt: true},
		} {
			sc.browser = browser
			t.Run(sc.name, func(t *testing.T) { check(t, sc, perform(t, sc)) })
		}
	}
}

// Content delivery networks store one answer for all origins, whatever Vary says.
func TestCacheThatIgnoresVary(t *testing.T) {
	cached := func(marker string) http.HandlerFunc {
		stored := map[string]http.Header{}
		return func(w http.ResponseWriter, r *http.Request) {
			if known, ok := stored[r.URL.String()]; ok {
				for name, values := range known {
					w.Header()[name] = values
				}
				put(w, marker+": HIT")
				return
			}
			put(w, marker+": MISS")
			sound.wrap(data)(w, r)
			stored[r.URL.String()] = w.Header().Clone()
		}
	}
	for _, browser := range browsers {
		for _, sc := range []scenario{
			{name: "says that it is there", server: cached("X-Cache"), want: finding.CachedWithoutCORS, says: "Origin must be part of its key"},
			{name: "near miss: keeps to Vary", server: func(w http.ResponseWriter, r *http.Request) {
				put(w, "X-Cache: MISS")
				sound.wrap(data)(w, r)
			}},
		} {
			sc.browser = browser
			t.Run(sc.name, func(t *testing.T) { check(t, sc, perform(t, sc)) })
		}
	}
}

// What was not asked is not claimed.
func TestBesidesClaimsOnlyWhatTheAnswerShows(t *testing.T) {
	sc := scenario{server: answer(200, "{}", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: content-type"),
		request: fetch.Request{Method: "PUT", Headers: jsonType, Credentials: fetch.CredentialsInclude},
		want:    finding.WildcardWithCredentials, also: []finding.ID{finding.MethodNotAllowed}}
	got := perform(t, sc)
	check(t, sc, got)
	for _, f := range got.findings {
		if f.ID == finding.MethodNotAllowed && !strings.Contains(f.Detail, "has no Access-Control-Allow-Methods") {
			t.Errorf("%s: %s", f.ID, f.Detail)
		}
	}
}

func TestPlainHTTPToATLSPort(t *testing.T) {
	var list []scenario
	for name, body := range map[string]string{
		"Go": "Client sent an HTTP request to an HTTPS server.\n", "nginx": "<html><center>The plain HTTP request was sent to HTTPS port</center></html>",
		"Apache": "<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.</p>",
	} {
		list = append(list, scenario{name: name, server: answer(400, body), want: finding.ErrorHidesBehindCORS, says: "Use this URL: https://"},
			scenario{name: name + ", preflighted", server: answer(400, body), request: fetch.Request{Headers: token}, want: finding.ErrorHidesBehindCORS, says: "Use this URL: https://"})
	}
	perform1(t, append(list, scenario{name: "near miss: another 400", server: answer(400, "bad request"), want: finding.ErrorHidesBehindCORS, says: "real answer", doubt: true}))
	got := perform(t, scenario{server: answer(400, "Client sent an HTTP request to an HTTPS server.")})
	if change := got.findings[0].Fix; change == nil || change.Stack != "page" || !strings.Contains(change.Snippet, "https://") || len(got.asked) > 0 {
		t.Errorf("the change is %+v, after %d questions", change, len(got.asked))
	}
}

func TestPreflightInTimeIsNotAnswered(t *testing.T) {
	u, err := fetch.New(fetch.Chrome, fetch.Request{URL: "https://api.example.com/", Origin: app, Method: "PUT"})
	if err != nil {
		t.Fatal(err)
	}
	u.Next()
	u.Fail(&fetch.Failure{Kind: fetch.FailTimeout, Detail: "no answer in time"})
	found := diagnose.Run(t.Context(), diagnose.Case{Result: u.Result()}, nil)
	if len(found) == 0 || found[0].ID != finding.UnreachableTimeout || !strings.Contains(found[0].Detail, "drops OPTIONS") {
		t.Errorf("found %v", found)
	}
}

func TestLoginPageInsteadOfAnAnswer(t *testing.T) {
	form := answer(200, `<!doctype html><title>Sign in</title><form><input name=user><input type="password" name=pw></form>`)
	perform1(t, []scenario{
		{name: "to a preflight", server: form, request: fetch.Request{Method: "PUT"}, want: finding.PreflightNeedsAuth},
		{name: "to a GET", server: form, want: finding.NoCORSHeaders, says: "login page"},
		{name: "near miss: a page without one", server: answer(200, "<!doctype html><title>Shop</title>"), request: fetch.Request{Method: "PUT"}, want: finding.NoCORSHeaders, says: "URL of the API"},
	})
}
