package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What was too short is not repeated.
func TestWithMore(t *testing.T) {
	for _, test := range []struct{ repeated, more, want string }{
		{"-4", "--send-unsafe", "-4 --send-unsafe"},
		{"-4 --timeout 4s", "--send-unsafe", "-4 --timeout 4s --send-unsafe"},
		{"-4", "--timeout 1m", "-4 --timeout 1m"},
		{"-4 --timeout 4s --stack nginx", "--send-unsafe --timeout 1m", "-4 --stack nginx --send-unsafe --timeout 1m"},
		{"--timeout 1m", "--timeout 1m", "--timeout 4m"},
	} {
		got := strings.Join(withMore(strings.Fields(test.repeated), strings.Fields(test.more)), " ")
		if got != test.want {
			t.Errorf("%s, %s: %s, want %s", test.repeated, test.more, got, test.want)
		}
	}
}

// TestNextCommandAsksTheSameServer: what a report says to run next has the flags
// without which it would ask another server, and no secret.
func TestNextCommandAsksTheSameServer(t *testing.T) {
	body := filepath.Join(t.TempDir(), "body.json")
	if err := os.WriteFile(body, []byte(`{"password":"hunter2hunter2"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	const url = "http://api.example.com:2/users"
	for _, test := range []struct {
		args []string
		want string
	}{
		{
			[]string{"--resolve", "api.example.com:2:127.0.0.1", "-X", "PUT", "-d", `{"password":"hunter2hunter2"}`, "--cookie", "sid=hunter2hunter2; Secure", "--user-agent", "me 1", "-4", "--timeout", "2m"},
			" -X PUT -d '***' --cookie 'sid=***; Secure' --user-agent 'me 1' --resolve api.example.com:2:127.0.0.1 -4 --timeout 2m",
		},
		{[]string{"--proxy", "http://me:hunter2hunter2@127.0.0.1:2", "-d", "@" + body, "-X", "PUT"}, " -X PUT -d @" + body + " --proxy 'http://***@127.0.0.1:2'"},
		{[]string{"--resolve", "api.example.com:2:127.0.0.1", "--browser", "all", "--page-address", "local"}, " --browser all --page-address local --resolve api.example.com:2:127.0.0.1"},
	} {
		got := try(t, "", append([]string{url, "-o", "http://app.example.com", "--no-diagnose"}, test.args...)...)
		_, next, _ := strings.Cut(got.stdout, "# check again\n  ")
		line, _, _ := strings.Cut(next, "\n")
		if want := "corscheck " + url + " -o http://app.example.com" + test.want; line != want {
			t.Errorf("%q\n got %s\nwant %s\n%s%s", test.args, line, want, got.stdout, got.stderr)
		}
		if strings.Contains(got.stdout+got.stderr, "hunter2") {
			t.Errorf("%q shows a secret:\n%s", test.args, got.stdout)
		}
	}
}
