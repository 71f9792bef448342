package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/policy"
)

// The exit codes. Scripts rely on them; they never change.
const (
	// ExitOK: every check is allowed, or as expected, and no finding reaches
	// --fail-on.
	ExitOK = 0
	// ExitBlocked: a check is blocked or not as expected, or a finding reaches
	// --fail-on.
	ExitBlocked = 1
	// ExitUsage: the command line, the policy or the input is wrong.
	ExitUsage = 2
	// ExitNoVerdict: a check has no verdict, as it failed or is undecided.
	ExitNoVerdict = 3
	// ExitInterrupted: the run was interrupted; what was known is reported.
	ExitInterrupted = 130
)

// strongest picks the exit code that wins where several apply: 2, 130, 1, 3, 0.
func strongest(codes ...int) int {
	for _, code := range []int{ExitUsage, ExitInterrupted, ExitBlocked, ExitNoVerdict} {
		for _, c := range codes {
			if c == code {
				return code
			}
		}
	}
	return ExitOK
}

// An exitStatus ends a command that has said all it had to say.
type exitStatus struct{ code int }

func (e *exitStatus) Error() string { return fmt.Sprintf("exit status %d", e.code) }

// exitWith is nil for ExitOK, so that a command may end in `return exitWith(code)`.
func exitWith(code int) error {
	if code == ExitOK {
		return nil
	}
	return &exitStatus{code}
}

// A usageError is something wrong with what the user typed or gave: one
// sentence, and at most one hint that says what to write instead.
type usageError struct {
	message string
	hint    string
	cause   error
}

func (e *usageError) Error() string { return e.message }
func (e *usageError) Unwrap() error { return e.cause }

// usagef makes a usageError without a hint.
func usagef(format string, args ...any) *usageError {
	err := fmt.Errorf(format, args...)
	return &usageError{message: err.Error(), cause: errors.Unwrap(err)}
}

// withHint adds what to write instead.
func (e *usageError) withHint(format string, args ...any) *usageError {
	e.hint = fmt.Sprintf(format, args...)
	return e
}

// finish is the one place where an error becomes a message and an exit code.
func finish(err error, stderr io.Writer) int {
	var status *exitStatus
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &status):
		return status.code
	case errors.Is(err, context.Canceled):
		complain(stderr, "interrupted", "")
		return ExitInterrupted
	}
	var mistakes policy.Errors
	if errors.As(err, &mistakes) {
		// As compilers print them: editors and CI make links of these.
		for _, m := range mistakes {
			fmt.Fprintln(stderr, printable(m.Error()))
		}
		return ExitUsage
	}
	complain(stderr, err.Error(), hintOf(err))
	return ExitUsage
}

func hintOf(err error) string {
	var usage *usageError
	if errors.As(err, &usage) && usage.hint != "" {
		return usage.hint
	}
	var input *probe.InputError
	if errors.As(err, &input) {
		return input.Hint
	}
	return ""
}

// complain writes an error as all of corscheck's errors are written: to stderr,
// prefixed, lower case, and the hint on a line of its own. An error that is
// several errors (a policy's) has a line for each.
func complain(stderr io.Writer, message, hint string) {
	for line := range strings.SplitSeq(message, "\n") {
		fmt.Fprintln(stderr, "corscheck: "+printable(line))
	}
	if hint != "" {
		fmt.Fprintln(stderr, "  hint: "+printable(hint))
	}
}

// printable makes control and bidi characters visible: what the user typed, or
// a file held, is quoted in messages and must not act on the terminal.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0):
			fmt.Fprintf(&b, `\x%02x`, r)
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x061c:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
