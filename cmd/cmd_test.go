package cmd

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corscheck/corscheck/report"
)

// tried is what one command line did.
type tried struct {
	code           int
	stdout, stderr string
}

// try runs a command line as main does, with no terminal and no environment.
func try(t *testing.T, stdin string, args ...string) tried {
	t.Helper()
	var out, errs bytes.Buffer
	e := newEnv(args, strings.NewReader(stdin), &out, &errs)
	e.getenv = func(string) string { return "" }
	code := run(e)
	return tried{code, out.String(), errs.String()}
}

func TestBadInputIsOneSentence(t *testing.T) {
	dir := t.TempDir()
	origins := filepath.Join(dir, "origins.txt")
	if err := os.WriteFile(origins, []byte("# staging\nhttps://a.example\n\nhttps://b.example/x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const u = "https://api.example.com/users"
	for _, test := range []struct {
		args []string
		want string // the whole of stderr
	}{
		{nil, "corscheck: no URL given\n  hint: corscheck https://api.example.com/users --origin https://app.example.com, or corscheck demo\n"},
		{[]string{"api.example.com/users", "-X", "PUT"}, "corscheck: \"api.example.com/users\" has no scheme\n  hint: corscheck https://api.example.com/users -X PUT\n"},
		{[]string{"localhost:8080/users"}, "corscheck: \"localhost:8080/users\" has no scheme\n  hint: corscheck http://localhost:8080/users\n"},
		{[]string{"//api.example.com/users"}, "corscheck: \"//api.example.com/users\" has no scheme\n  hint: corscheck https://api.example.com/users\n"},
		{[]string{"/users?q=a b"}, "corscheck: \"/users?...\" has no scheme and no host\n  hint: corscheck 'https://HOST/users?q=a b'\n"},
		{[]string{"https:///users"}, "corscheck: \"https:///users\" has no host\n  hint: write https://HOST/PATH\n"},
		{[]string{"https://me:hunter2@api.example.com/"}, "corscheck: fetch() itself throws a TypeError: \"https://***@api.example.com/\" has a user name or password in it\n  hint: corscheck https://api.example.com/\n"},
		{[]string{"ftp://api.example.com/"}, "corscheck: \"ftp://api.example.com/\" is not an http or https URL, and CORS concerns only those\n  hint: give the http:// or https:// URL that the page fetches\n"},
		{[]string{"api.example.com", "-H", "Authorization: Bearer s3cret"}, "corscheck: \"api.example.com\" has no scheme\n  hint: corscheck https://api.example.com -H 'Authorization: Bearer ***'\n"},
		{[]string{"-o", "https://app.example.com", "api.example.com?token=s3cret&q=1", "-HX-Api-Key: s3cret", "-H", "Content-Type: application/json", "--data=s3cret", "-vd", "s3cret", "--proxy", "me:s3cret@127.0.0.1:1", "--cookie", "sid=s3cret; Secure"},
			"corscheck: \"api.example.com?...\" has no scheme\n  hint: corscheck -o https://app.example.com 'https://api.example.com?token=***&q=1' '-HX-Api-Key: ***' -H 'Content-Type: application/json' '--data=***' -vd '***' --proxy '***@127.0.0.1:1' --cookie 'sid=***; Secure'\n"},
		{[]string{"tset"}, "corscheck: \"tset\" is neither a URL nor a command\n  hint: did you mean corscheck test?\n"},
		{[]string{"-v", "check", u}, "corscheck: \"check\" is neither a URL nor a command\n  hint: corscheck -v " + u + "\n"},
		{[]string{"localhost", "-X", "PUT"}, "corscheck: \"localhost\" has no scheme\n  hint: corscheck http://localhost -X PUT\n"},
		{[]string{"fix", "api.example.com"}, "corscheck: \"api.example.com\" has no scheme\n  hint: corscheck fix https://api.example.com\n"},
		{[]string{u, "-H", "@-", "-d", "@-"}, "corscheck: -d: stdin is read by another flag already\n"},
		{[]string{u, "-H", "@-", "--origins", "-"}, "corscheck: --origins: stdin is read by another flag already\n"},
		{[]string{u, "-H", "@"}, "corscheck: -H: @ names no file\n"},
		{[]string{u, "-H", ""}, "corscheck: -H: the header is empty\n  hint: write 'Name: value'\n"},
		{[]string{u, "-o", "https://app.example.com/"}, "corscheck: -o: \"https://app.example.com/\" is no origin: an origin has no trailing slash\n  hint: write https://app.example.com\n"},
		{[]string{u, "-o", "https://app.example.com/login"}, "corscheck: -o: \"https://app.example.com/login\" is no origin: an origin has no path\n  hint: write https://app.example.com\n"},
		{[]string{u, "-o", "App.example.com"}, "corscheck: -o: \"App.example.com\" is no origin: an origin needs a scheme\n  hint: write https://app.example.com\n"},
		{[]string{u, "-o", "localhost:3000"}, "corscheck: -o: \"localhost:3000\" is no origin: an origin needs a scheme\n  hint: write http://localhost:3000\n"},
		{[]string{u, "-o", "*"}, "corscheck: -o: \"*\" is no origin: a page has exactly one\n  hint: name the page's origin, as https://app.example.com\n"},
		{[]string{u, "--origins", origins}, origins + ":4:1: \"https://b.example/x\" is no origin: an origin has no path: write https://b.example\n"},
		{[]string{u, "--origins", filepath.Join(dir, "none")}, "corscheck: --origins: " + filepath.Join(dir, "none") + ": there is no such file\n"},
		{[]string{u, "-X", "GET IT"}, "corscheck: -X: fetch() itself throws a TypeError: \"GET IT\" is not a method, it may hold only letters, digits and !#$%&'*+-.^_`|~\n"},
		{[]string{u, "--initiator", "font", "-X", "HEAD"}, "corscheck: --initiator: a request by font is a GET, not a HEAD; only fetch and xhr choose the method\n"},
		{[]string{u, "--initiator", "img", "-H", "X-A: 1"}, "corscheck: --initiator: a request by img takes no headers, so not X-A; only fetch and xhr set some\n"},
		{[]string{u, "--initiator", "xhr", "--mode", "no-cors"}, "corscheck: --initiator: a request by xhr has the mode cors, not no-cors\n"},
		{[]string{u, "--initiator", "script", "--credentials", "omit"}, "corscheck: --initiator: a request by script in the mode no-cors has the credentials mode include, not omit\n"},
		{[]string{u, "--initiator", "eventsource", "--redirect", "manual"}, "corscheck: --redirect: a request by eventsource has the redirect mode follow, not manual\n"},
		{[]string{u, "-X", "trace"}, "corscheck: -X: fetch() itself throws a TypeError: the method trace is forbidden to scripts\n"},
		{[]string{u, "-X", "PUT", "--mode", "no-cors"}, "corscheck: fetch() itself throws a TypeError for the method PUT in mode no-cors, which permits only GET, HEAD and POST\n"},
		{[]string{u, "-X", "GET", "-d", "x"}, "corscheck: -d: fetch() itself throws a TypeError, as a GET request cannot have a body\n  hint: leave out -d, or choose a method that can have one, as -X POST\n"},
		{[]string{u, "-H", "Authorization Bearer s3cret"}, "corscheck: -H: the header \"Authorization\" has no colon\n  hint: write 'Authorization: value'\n"},
		{[]string{u, "-H", "X-A: 1\r\nX-B: 2"}, "corscheck: -H: the header \"X-A\" has a line break in it, and fetch() throws a TypeError\n"},
		{[]string{u, "-d", "@" + filepath.Join(dir, "none")}, "corscheck: -d: cannot read " + filepath.Join(dir, "none") + ": no such file or directory\n"},
		{[]string{u, "-f", "jsn"}, "corscheck: -f/--format: \"jsn\" is not one of " + strings.Join(report.FormatNames(), ", ") + "\n  hint: did you mean json?\n"},
		{[]string{u, "--browser", "chorme"}, "corscheck: --browser: \"chorme\" is not one of chrome, firefox, safari, all\n  hint: did you mean chrome?\n"},
		{[]string{u, "--timeout", "10"}, "corscheck: --timeout: \"10\" is not a duration such as 10s, 500ms or 2m\n"},
		{[]string{u, "--orign", "x"}, "corscheck: unknown flag --orign\n  hint: did you mean --origin?\n"},
		{[]string{u, "-4", "-6"}, "corscheck: -4 and -6 exclude each other\n  hint: give neither to use both address families\n"},
		{[]string{u, "--resolve", "a:443"}, "corscheck: --resolve: \"a:443\" is not host:port:addr\n  hint: write --resolve api.example.com:443:127.0.0.1\n"},
		{[]string{u, "--cookie", ""}, "corscheck: --cookie: the cookie is empty\n  hint: write 'name=value' or 'name=value; SameSite=None; Secure'\n"},
		{[]string{u, "--cookie", "s3cret"}, "corscheck: --cookie: the cookie has no = between its name and its value\n  hint: write 'name=value' or 'name=value; SameSite=None; Secure'\n"},
		{[]string{u, "--user-agent", ""}, "corscheck: --user-agent: the value is empty, and no browser sends an empty one\n  hint: leave --user-agent out to send the browser's own\n"},
		{[]string{u, "-o", "https://app.example:99999"}, "corscheck: -o: \"https://app.example:99999\" is no origin: its port 99999 is larger than 65535\n"},
		{[]string{u, "-H", "X-Foo;"}, "corscheck: -H: the header \"X-Foo;\" has no colon\n  hint: write 'X-Foo:'\n"},
		{[]string{u, "-H", "{a}"}, "corscheck: -H: the header \"{a}\" has no colon\n  hint: write 'Name: value'\n"},
		{[]string{"."}, "corscheck: \".\" has no scheme and no host\n"},
		{[]string{"./users.json"}, "corscheck: \"./users.json\" has no scheme and no host\n"},
		{[]string{"mailto:a@b.example"}, "corscheck: \"mailto:a@b.example\" is not an http or https URL, and CORS concerns only those\n  hint: give the http:// or https:// URL that the page fetches\n"},
		{[]string{"me:hunter2@b.example"}, "corscheck: \"***@b.example\" has no scheme\n  hint: corscheck https://b.example\n"},
		{[]string{u, "--resolve", "api.example.com:443:nothost"}, "corscheck: --resolve: \"api.example.com:443:nothost\": \"nothost\" is no IP address; it must read host:port:address, such as \"api.example.com:443:127.0.0.1\"\n"},
		{[]string{u, "--proxy", "ftp://proxy.example"}, "corscheck: --proxy: the proxy's scheme \"ftp\" is none of http, https, socks5 and socks5h\n"},
		{[]string{u, "--cacert", filepath.Join(dir, "none")}, "corscheck: --cacert: cannot read " + filepath.Join(dir, "none") + ": no such file or directory\n"},
		{[]string{u, "--cert", filepath.Join(dir, "none")}, "corscheck: --cert: cannot read " + filepath.Join(dir, "none") + ": no such file or directory\n"},
		{[]string{u, "--cert", origins}, "corscheck: --cert: cannot use " + origins + ", which holds the key too where no file of the key is given: failed to find any PEM data in certificate input\n"},
		{[]string{u, "--cert", origins, "--key", filepath.Join(dir, "none")}, "corscheck: --key: cannot read " + filepath.Join(dir, "none") + ": no such file or directory\n"},
		{[]string{u, "--cert", origins, "--key", origins}, "corscheck: --cert: cannot use the certificate " + origins + " with the key " + origins + ": failed to find any PEM data in certificate input\n"},
		{[]string{"help", "nosuch"}, "corscheck: there is no command \"nosuch\"\n  hint: corscheck --help lists all of them\n"},
		{[]string{"help", "tset"}, "corscheck: there is no command \"tset\"\n  hint: did you mean test?\n"},
		{[]string{"help", "completion", "bahs"}, "corscheck: there is no command \"bahs\"\n  hint: did you mean bash?\n"},
		{[]string{"completion", "nosuch"}, "corscheck: there is no shell \"nosuch\"\n  hint: corscheck completion --help lists all of them\n"},
		{[]string{u, "--rate", "fast"}, "corscheck: --rate: \"fast\" is not a rate\n  hint: write 10/s, 100/m or 1000/h\n"},
	} {
		got := try(t, "", test.args...)
		if got.code != ExitUsage || got.stdout != "" || got.stderr != test.want {
			t.Errorf("corscheck %q\n got %d %q %q\nwant 2 %q", test.args, got.code, got.stdout, got.stderr, test.want)
		}
	}
}
