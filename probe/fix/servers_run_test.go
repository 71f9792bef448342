package fix_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// needs are what each "requires" of a server file takes to run: programs, and
// what says that their packages are there.
var needs = map[string]func() error{
	"nginx":    program("nginx"),
	"apache":   program("apache2"),
	"haproxy":  program("haproxy"),
	"lighttpd": program("lighttpd"),
	"caddy":    program(caddy()),
	"php":      program("php"),
	"ruby": func() error {
		if err := program("puma")(); err != nil {
			return err
		}
		return exec.Command("ruby", "-e", "require 'rack/cors'; require 'action_controller/railtie'").Run()
	},
	"python": func() error {
		if python() == "" {
			return errors.New("no python3 with flask, flask_cors, fastapi, uvicorn, django, corsheaders, aiohttp and tornado")
		}
		return nil
	},
	"node": func() error {
		if err := program("node")(); err != nil {
			return err
		}
		_, err := os.Stat(filepath.Join(serversDir, "node", "node_modules"))
		return err
	},
	"go-servers": func() error { // their modules have to be here already
		list := exec.Command("go", "list", "-deps", "./...")
		list.Dir = filepath.Join(serversDir, "go")
		list.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=readonly")
		return list.Run()
	},
}

func program(name string) func() error {
	return func() error {
		_, err := exec.LookPath(name)
		return err
	}
}

// python is the interpreter that has the distribution's packages, which need
// not be the first one of the path.
var python = sync.OnceValue(func() string {
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import flask, flask_cors, fastapi, uvicorn, django, corsheaders, aiohttp, tornado").Run() == nil {
			return name
		}
	}
	return ""
})

// caddy is the one that .ci/install-servers builds, else that of the path.
func caddy() string {
	cache := os.Getenv("CORSCHECK_CACHE")
	if cache == "" {
		if base, err := os.UserCacheDir(); err == nil {
			cache = filepath.Join(base, "corscheck")
		}
	}
	built, _ := filepath.Glob(filepath.Join(cache, "bin", "caddy-v*"))
	if len(built) == 0 {
		return "caddy"
	}
	return built[len(built)-1]
}

// ports are given out below the range that clients get theirs from.
var ports atomic.Int64

func freePort() int {
	ports.CompareAndSwap(0, 20000+int64(os.Getpid())%10000)
	for {
		port := int(ports.Add(1))
		if l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port)); err == nil {
			l.Close()
			return port
		}
	}
}

// A running server.
type running struct {
	base string
	log  *strings.Builder
	stop func()
}

// start runs a server with the given regions and waits until it answers.
func (f *serverFile) start(t *testing.T, regions map[string]string, upstream string) (*running, error) {
	dir, err := os.MkdirTemp("", "corscheck-"+f.stack+"-")
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // servers drop their privileges
		return nil, err
	}
	port := strconv.Itoa(freePort())
	vars := map[string]string{"Port": port, "Dir": dir, "Python": python(), "Caddy": caddy(), "Upstream": upstream}
	if err := f.write(dir, regions, vars); err != nil {
		return nil, err
	}
	if err := f.prepare(dir); err != nil {
		return nil, err
	}
	argv := strings.Fields(expand(f.run, vars))
	r := &running{base: "http://127.0.0.1:" + port, log: &strings.Builder{}}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PORT="+port, "RACK_ENV=production", "RAILS_ENV=production", "NODE_ENV=production", "PYTHONDONTWRITEBYTECODE=1")
	cmd.Stdout, cmd.Stderr = r.log, r.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	r.stop = func() { cancel(); <-ended }
	if err := r.await(ended); err != nil {
		r.stop()
		return nil, fmt.Errorf("%w\n%s", err, r.log)
	}
	return r, nil
}

// prepare gives a Node.js server its modules, and builds a Go server.
func (f *serverFile) prepare(dir string) error {
	switch f.requires {
	case "node":
		modules, err := filepath.Abs(filepath.Join(serversDir, "node", "node_modules"))
		if err != nil {
			return err
		}
		return os.Symlink(modules, filepath.Join(dir, "node_modules"))
	case "go-servers":
		for _, name := range []string{"go.mod", "go.sum"} {
			data, err := os.ReadFile(filepath.Join(serversDir, "go", name))
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
				return err
			}
		}
		build := exec.Command("go", "build", "-o", "server", ".")
		build.Dir = dir
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("go build: %w\n%s", err, out)
		}
	}
	return nil
}

func (r *running) await(ended <-chan struct{}) error {
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for begin := time.Now(); time.Since(begin) < time.Minute; time.Sleep(20 * time.Millisecond) {
		select {
		case <-ended:
			return errors.New("the server ended")
		default:
		}
		if res, err := client.Get(r.base + "/"); err == nil {
			res.Body.Close()
			return nil
		}
	}
	return errors.New("the server does not answer")
}

// upstream is the application behind those servers that are proxies. It knows
// nothing of CORS, except below /cors.
func upstream(t *testing.T) string {
	answer := func(w http.ResponseWriter, status int, text string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintln(w, text)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, own := strings.CutPrefix(r.URL.Path, "/cors")
		if own {
			w.Header().Set("Access-Control-Allow-Origin", app)
		}
		switch {
		case path == "/boom":
			panic(http.ErrAbortHandler) // the proxy gets no answer, and makes its own
		case path != "/" && path != "/data":
			answer(w, http.StatusNotFound, `{"error": "no such page"}`)
		case r.Method != http.MethodGet && r.Method != http.MethodPut:
			answer(w, http.StatusMethodNotAllowed, `{"error": "no such method"}`)
		default:
			answer(w, http.StatusOK, `{"ok": true}`)
		}
	}))
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://127.0.0.1:")
}
