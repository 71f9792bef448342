package browser

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// webkit is WebKitGTK's MiniBrowser, which prints its console to stdout. The
// first line of a CORS error names no URL, so the page marks where each
// scenario begins and ends and runs one at a time.
type webkit struct {
	path    string
	product string
	process *process

	mu      sync.Mutex
	current string
	reports map[string][]string
}

func findWebKit() (driver, error) {
	for _, tool := range []string{"xvfb-run", "dbus-run-session", "stdbuf"} {
		if _, err := exec.LookPath(tool); err != nil {
			return nil, fmt.Errorf("%s is not installed, and WebKitGTK's MiniBrowser needs it", tool)
		}
	}
	for _, pattern := range []string{
		"/usr/lib/*/webkit2gtk-4.1/MiniBrowser", "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
		"/usr/lib/*/webkitgtk-6.0/MiniBrowser", "/usr/lib/*/webkit2gtk-4.0/MiniBrowser",
	} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return &webkit{path: found[0], reports: map[string][]string{}}, nil
		}
	}
	return nil, errors.New("WebKitGTK's MiniBrowser is not installed (package webkit2gtk-driver or libwebkit2gtk)")
}

func (w *webkit) start(ctx context.Context, page string, set setting) error {
	dir, err := os.MkdirTemp("", "corscheck-webkit-")
	if err != nil {
		return err
	}
	w.process = &process{dir: dir}
	if out, err := exec.CommandContext(ctx, "xvfb-run", "-a", w.path, "--version").Output(); err == nil {
		w.product = strings.TrimSpace(string(out)) // "WebKitGTK 2.50.6"
	}
	args := append(w.namespace(dir, set.places), "xvfb-run", "-a", "stdbuf", "-oL", "dbus-run-session", "--",
		w.path, "--enable-write-console-messages-to-stdout=true", "--ignore-tls-errors")
	if set.thirdParty == "block" {
		args = append(args, "--enable-itp") // as Safari comes
	}
	args = append(args, page)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_CACHE_HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_DATA_HOME="+dir,
		"LANG=C.UTF-8", "LC_ALL=C.UTF-8", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1", "NO_AT_BRIDGE=1", "GIO_USE_PROXY_RESOLVER=dummy")
	// Where the console goes, stdout or stderr, differs between versions.
	r, out, err := os.Pipe()
	if err != nil {
		return err
	}
	cmd.Stdout, cmd.Stderr = out, out
	err = w.process.start(ctx, cmd)
	out.Close()
	if err != nil {
		r.Close()
		return err
	}
	go w.hear(r)
	return nil
}

// namespace is a command before the command that gives it a file of host names of
// its own: this engine asks the machine's resolver, and a proxy that knew the names
// would keep it from HTTP/2. Where the machine permits no namespace the command
// runs as it is, without the names.
func (w *webkit) namespace(dir string, places scenario.Places) []string {
	names := places.Names()
	own, err := os.ReadFile("/etc/hosts")
	if err != nil || len(names) == 0 {
		return nil
	}
	file := filepath.Join(dir, "hosts")
	all := append(own, "\n127.0.0.1 "+strings.Join(names, " ")+"\n"...)
	if os.WriteFile(file, all, 0o644) != nil {
		return nil
	}
	for _, how := range [][]string{{"unshare", "--mount"}, {"unshare", "--mount", "--map-root-user"}} {
		args := append(how, "sh", "-c", `mount --bind "$0" /etc/hosts && exec "$@"`, file)
		if exec.Command(args[0], append(args[1:], "true")...).Run() == nil {
			return args
		}
	}
	return nil
}

var (
	// consoleLine is "CONSOLE SECURITY ERROR text" or "CONSOLE LOG text", with the
	// place in a script before it where there is one.
	consoleLine = regexp.MustCompile(`^(?:\S+ )?CONSOLE (?:[A-Z ]+ )??(?:LOG|INFO|WARN|ERROR|DEBUG) (.*)$`)
	markLine    = regexp.MustCompile(`^(begin|end) (/~[0-9]+~)$`)
)

// hear reads the console. A message may itself contain newlines.
func (w *webkit) hear(r io.ReadCloser) {
	defer r.Close()
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		w.line(strings.TrimSuffix(line, "\n"))
	}
}

func (w *webkit) line(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := consoleLine.FindStringSubmatch(line)
	if m == nil {
		if own := w.reports[w.current]; w.current != "" && len(own) > 0 {
			own[len(own)-1] += "\n" + line
		}
		return
	}
	if mark := markLine.FindStringSubmatch(m[1]); mark != nil {
		w.current = ""
		if mark[1] == "begin" {
			w.current = mark[2]
		} else {
			w.reports[mark[2]] = append(w.reports[mark[2]], "")
		}
		return
	}
	// That script may not set a header is no reason of a failure.
	if w.current != "" && !strings.HasPrefix(m[1], "Refused to set unsafe header ") {
		w.reports[w.current] = append(w.reports[w.current], m[1])
	}
}

// forget does nothing: this engine limits the cookies of no site, and those of a
// scenario are confined to its paths.
func (w *webkit) forget(context.Context) error { return nil }

func (w *webkit) version() string { return w.product }

func (w *webkit) style() style { return style{parallel: 1, mark: true} }

func (w *webkit) settle(ctx context.Context, blocked []string) (map[string]report, error) {
	err := poll(ctx, 2*time.Second, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, p := range blocked {
			if n := len(w.reports[p]); n == 0 || w.reports[p][n-1] != "" {
				return false
			}
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[string]report{}
	for _, p := range blocked {
		lines := w.reports[p]
		if n := len(lines); n > 0 && lines[n-1] == "" {
			lines = lines[:n-1]
		}
		out[p] = report{console: strings.Join(lines, "\n")}
	}
	clear(w.reports)
	return out, nil
}

func (w *webkit) stop() {
	if w.process != nil {
		w.process.stop()
	}
}
