package cmd

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/wire"
)

// flags parses a command line into the options of a check, and runs nothing.
func flags(t *testing.T, stdin string, args ...string) (*env, *checkOptions, error) {
	t.Helper()
	e := newEnv(args, strings.NewReader(stdin), nil, nil)
	o := &checkOptions{}
	c := &cobra.Command{Use: "corscheck", SilenceErrors: true, SilenceUsage: true, RunE: func(c *cobra.Command, args []string) error {
		o.urls = args
		return o.validate(c)
	}}
	o.register(c)
	c.SetFlagErrorFunc(flagError)
	c.SetArgs(args)
	return e, o, c.Execute()
}

func checksOf(t *testing.T, stdin string, args ...string) []probe.Check {
	t.Helper()
	e, o, err := flags(t, stdin, args...)
	if err != nil {
		t.Fatal(err)
	}
	b, err := o.request.batch(e, o.urls)
	if err != nil {
		t.Fatal(err)
	}
	checks := slices.Collect(b.checks)
	if len(checks) != b.total {
		t.Errorf("%d checks, and %d were announced", len(checks), b.total)
	}
	return checks
}

const exampleURL = "https://api.example.com/users"

func TestFlagsToRequest(t *testing.T) {
	dir := t.TempDir()
	body := filepath.Join(dir, "body")
	if err := os.WriteFile(body, []byte("from a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		want fetch.Request
	}{
		{nil, fetch.Request{Origin: "https://corscheck.example", Method: "GET", Initiator: "fetch"}},
		{[]string{"-o", "null", "-X", "patch"}, fetch.Request{Origin: "null", Method: "patch", Initiator: "fetch"}},
		{[]string{"-o", "HTTPS://App.Example:443"}, fetch.Request{Origin: "https://app.example", Method: "GET", Initiator: "fetch"}},
		{[]string{"-d", ""}, fetch.Request{Origin: "https://corscheck.example", Method: "POST", Initiator: "fetch", Body: []byte{}}},
		{[]string{"-d", "@" + body, "-X", "PUT"}, fetch.Request{Origin: "https://corscheck.example", Method: "PUT", Initiator: "fetch", Body: []byte("from a file")}},
		{[]string{"-d", "@-"}, fetch.Request{Origin: "https://corscheck.example", Method: "POST", Initiator: "fetch", Body: []byte("from stdin")}},
		{[]string{"-H", "X-A:  1 ", "-H", "X-Empty:", "-H", "X-A: 2"}, fetch.Request{
			Origin: "https://corscheck.example", Method: "GET", Initiator: "fetch",
			Headers: []fetch.Header{{Name: "X-A", Value: "1"}, {Name: "X-Empty"}, {Name: "X-A", Value: "2"}},
		}},
		{[]string{"--credentials", "include", "--redirect", "follow", "--initiator", "xhr", "--mode", "cors", "--page-address", "public",
			"--cookie", "a=b; Secure", "--user-agent", "me/1", "--preflight-only"}, fetch.Request{
			Origin: "https://corscheck.example", Method: "GET", Initiator: "xhr", Credentials: "include", Redirect: "follow", Mode: "cors",
			PageAddress: "public", Cookies: []string{"a=b; Secure"}, UserAgent: "me/1", PreflightOnly: true,
		}},
	} {
		checks := checksOf(t, "from stdin", append([]string{exampleURL}, test.args...)...)
		test.want.URL = exampleURL
		if len(checks) != 1 || !reflect.DeepEqual(checks[0].Request, test.want) {
			t.Errorf("%q\n got %+v\nwant %+v", test.args, checks[0].Request, test.want)
		}
	}
}

func TestEveryCombinationIsOneCheck(t *testing.T) {
	checks := checksOf(t, "", exampleURL, "https://b.example/", "-o", "https://1.example", "-o", "null", "-X", "GET", "-X", "PUT", "-d", "x", "--browser", "all")
	if len(checks) != 2*2*2*3 {
		t.Fatalf("%d checks", len(checks))
	}
	// In the order URL, origin, method, browser; a body only where it may be.
	for i, c := range checks {
		url := []string{exampleURL, "https://b.example/"}[i/12]
		origin := []string{"https://1.example", "null"}[i/6%2]
		method := []string{"GET", "PUT"}[i/3%2]
		browser := []*fetch.Profile{fetch.Chrome, fetch.Firefox, fetch.Safari}[i%3]
		r := c.Request
		if r.URL != url || r.Origin != origin || r.Method != method || c.Browser != browser || (r.Body != nil) != (method == "PUT") {
			t.Errorf("check %d is %s %s from %s in %s with %q", i, r.Method, r.URL, r.Origin, c.Browser.Name, r.Body)
		}
	}
}

// What is given twice, as a browser sees it, is checked once.
func TestRepeatedValuesAreCheckedOnce(t *testing.T) {
	f := requestFlags{
		origins:     []string{"https://a.example", "HTTPS://A.example:443", "https://b.example"},
		originsFile: "-",
		methods:     []string{"get", "GET", "patch", "PATCH"},
	}
	e := &env{stdin: strings.NewReader("https://c.example\nhttps://a.example\nhttps://c.example:443\n")}
	b, err := f.batch(e, []string{"https://api.example.com", "https://API.example.com:443/", "https://api.example.com/a/../"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for c := range b.checks {
		got = append(got, c.Request.Method+" "+c.Request.Origin)
	}
	want := []string{
		"get https://a.example", "patch https://a.example", "PATCH https://a.example",
		"get https://b.example", "patch https://b.example", "PATCH https://b.example",
		"get https://c.example", "patch https://c.example", "PATCH https://c.example",
	}
	if !slices.Equal(got, want) || b.total != len(want) {
		t.Errorf("%d checks: %q, want %q", b.total, got, want)
	}
}

func TestDefaultOriginFollowsTheTarget(t *testing.T) {
	for target, want := range map[string]string{
		"https://api.example.com/":  "https://corscheck.example",
		"http://api.example.com/":   "http://corscheck.example",
		"http://localhost:8080/":    "http://localhost:3000",
		"https://127.0.0.1:8443/":   "http://localhost:3000",
		"http://[::1]/":             "http://localhost:3000",
		"http://dev.localhost:8080": "http://localhost:3000",
	} {
		if got := checksOf(t, "", target)[0]; got.Request.Origin != want || len(got.Notes) == 0 {
			t.Errorf("%s: from %s, notes %q; want %s", target, got.Request.Origin, got.Notes, want)
		}
	}
}

func TestOriginsFromStdin(t *testing.T) {
	checks := checksOf(t, "# ours\r\nhttps://a.example\r\n\r\n  null  # files\nhttps://b.example", exampleURL, "https://b.example/x", "--origins", "-")
	var got []string
	for _, c := range checks {
		got = append(got, c.Request.Origin)
	}
	want := []string{"https://a.example", "null", "https://b.example"}
	if !slices.Equal(got, append(want, want...)) {
		t.Errorf("got %q", got)
	}
}

func TestFlagsToOptions(t *testing.T) {
	_, o, err := flags(t, "", exampleURL, "--rate", "30/m", "--concurrency", "3", "--timeout", "2s", "--retries", "4", "--fail-fast",
		"--resolve", "api.example.com:443:[::1]", "--proxy", "http://p:1", "--insecure", "--cacert", "ca", "--cert", "c", "--key", "k", "-6",
		"--deep", "--stack", "nginx", "--ignore", "null-origin")
	if err != nil {
		t.Fatal(err)
	}
	got := o.run.options(o.report.ignore)
	want := probe.Options{
		Wire: wire.Options{
			Resolve: []string{"api.example.com:443:[::1]"}, Proxy: "http://p:1", Insecure: true, CACert: "ca", Cert: "c", Key: "k",
			Family: 6, MaxConnsPerHost: 3,
		},
		Timeout: 2 * time.Second, Concurrency: 3, Rate: 0.5, Retries: 4, FailFast: true, Deep: true, Stack: "nginx",
	}
	want.Ignore = o.report.ignore
	if len(got.Ignore) != 1 || !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
}

// Every flag of the contract exists, with its shorthand.
func TestEveryFlagOfTheContractExists(t *testing.T) {
	root := newRootCmd(newEnv(nil, nil, nil, nil))
	for _, flag := range strings.Fields(`o/origin origins X/method H/header d/data credentials redirect browser send-unsafe
		preflight-only expect f/format O/output concurrency rate timeout retries resolve proxy insecure cacert cert key 4/ipv4 6/ipv6
		user-agent page-address no-diagnose fail-on ignore exit-zero color q/quiet v/verbose mode initiator cookie stack deep`) {
		short, name, both := strings.Cut(flag, "/")
		if !both {
			short, name = "", flag
		}
		if f := root.Flags().Lookup(name); f == nil || f.Shorthand != short {
			t.Errorf("there is no --%s with the shorthand %q", name, short)
		}
	}
}

func TestCompletionKnowsTheValues(t *testing.T) {
	for flag, want := range map[string]string{
		"--browser": "chrome firefox safari all", "--credentials": "omit same-origin include", "--redirect": "follow error manual",
		"--mode": "cors no-cors same-origin", "--initiator": "fetch xhr", "--format": "text table json jsonl", "-f": "jsonl",
		"--fail-on": "error warning info none", "--color": "auto always never", "--expect": "allow deny",
		"--page-address": "public local loopback", "--stack": "nginx express", "--ignore": "no-cors-headers",
		"-X": "GET PUT PATCH", "-O": "json: html:",
	} {
		got := try(t, "", "__complete", flag, "")
		for value := range strings.FieldsSeq(want) {
			if !slices.Contains(strings.Fields(got.stdout), value) {
				t.Errorf("%s does not complete to %s:\n%s", flag, value, got.stdout)
			}
		}
	}
	for _, flag := range []string{"--origin", "--header", "--rate", "--resolve"} {
		if got := try(t, "", "__complete", flag, ""); got.stdout != ":4\n" { // no files
			t.Errorf("%s completes to %q", flag, got.stdout)
		}
	}
	if got := try(t, "", "__complete", "--b"); !strings.Contains(got.stdout, "--browser\tbrowser to judge as") {
		t.Errorf("flags are described so:\n%s", got.stdout)
	}
	if got := try(t, "", "__complete", "demo", "pre"); !strings.Contains(got.stdout, "preflight-status") {
		t.Errorf("demo does not complete routes:\n%s", got.stdout)
	}
}

func TestCurlTakesTheRest(t *testing.T) {
	root := newRootCmd(newEnv(nil, nil, nil, nil))
	for _, test := range []struct{ in, want string }{
		{"curl https://a.example -X PUT", "curl -- https://a.example -X PUT"},
		{"--browser firefox -v curl -H x:y --data z URL", "curl --browser firefox -v -- -H x:y --data z URL"},
		{"-vf json curl URL", "curl -vf json -- URL"},
		{"--browser=safari curl URL", "curl --browser=safari -- URL"},
		{"--browser curl URL", "--browser curl URL"}, // the value of a flag
		{"https://a.example curl", "https://a.example curl"},
		{"-- curl URL", "-- curl URL"},
		{"curl --help", "curl --help"},
		{"demo", "demo"},
	} {
		if got := strings.Join(curlLast(root, strings.Fields(test.in)), " "); got != test.want {
			t.Errorf("%q becomes %q, want %q", test.in, got, test.want)
		}
	}
}

func TestSecondReadOfOriginsIsTheSame(t *testing.T) {
	// A pipe cannot be read twice; two targets need it twice.
	checks := checksOf(t, "https://a.example\nhttps://b.example\n", exampleURL, "https://b.example/", "--origins", "-")
	if len(checks) != 4 || checks[0].Request.Origin != checks[2].Request.Origin || checks[1].Request.Origin != checks[3].Request.Origin {
		t.Errorf("%d checks", len(checks))
	}
}

// Every flag stands under a heading of help, and no line is too long.
func TestHelpListsEveryFlag(t *testing.T) {
	e := newEnv(nil, nil, nil, nil)
	root := newRootCmd(e)
	for _, c := range append(root.Commands(), root) {
		if c.Hidden || strings.HasPrefix(c.Name(), "__") {
			continue
		}
		var b strings.Builder
		c.SetOut(&b)
		e.help(c, nil)
		help := b.String()
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && !strings.Contains(help, "--"+f.Name) {
				t.Errorf("the help of %s lacks --%s", c.Name(), f.Name)
			}
		})
		_, flags, _ := strings.Cut(help, "\nUsage:")
		for line := range strings.SplitSeq(flags, "\n") {
			if len(line) > 100 {
				t.Errorf("the help of %s has a line of %d columns: %s", c.Name(), len(line), line)
			}
		}
		if c != root && c.GroupID == "" {
			t.Errorf("%s is in no group of commands", c.Name())
		}
	}
}
