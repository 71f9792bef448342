package cmd

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"
)

// env is every ambient input of a command. Commands take it instead of reaching
// for the process, so that a test runs them whole with buffers.
type env struct {
	args           []string // the command line as typed, for corrected commands
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	lookupEnv      func(string) (string, bool)
	now            func() time.Time

	stdinRead bool // a flag has read all of it
	// stdinTTY, stdoutTTY and stderrTTY say whether a person sits at the stream.
	stdinTTY, stdoutTTY, stderrTTY bool
	// width is the number of columns of stdout, 0 where it is no terminal.
	width int

	// interruptible returns a context that ends at the first Ctrl-C. The second
	// one ends the process, as its default action is then restored.
	interruptible func(context.Context) (context.Context, context.CancelFunc)
}

// newEnv is the env of this process around the three streams.
func newEnv(args []string, stdin io.Reader, stdout, stderr io.Writer) *env {
	e := &env{
		args: args, stdin: stdin, stdout: stdout, stderr: stderr,
		getenv: os.Getenv, lookupEnv: os.LookupEnv, now: time.Now, interruptible: untilSignal,
	}
	_, e.stdinTTY = terminal(stdin)
	_, e.stderrTTY = terminal(stderr)
	if fd, ok := terminal(stdout); ok {
		e.stdoutTTY = true
		e.width, _, _ = term.GetSize(fd)
	}
	return e
}

// terminal reports whether a stream is a file that is a terminal.
func terminal(stream any) (fd int, ok bool) {
	f, isFile := stream.(*os.File)
	if !isFile {
		return 0, false
	}
	fd = int(f.Fd())
	return fd, term.IsTerminal(fd)
}

func untilSignal(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM)
	// Without this a second Ctrl-C would be swallowed as well.
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
