// Conformance holds the machine of package fetch against real browsers.
//
//	conformance run     generated scenarios in the browsers, compared at once
//	conformance record  scenarios in the browsers, written to a file
//	conformance compare a recorded file with the machine, without browsers
//	conformance show   a recorded scenario, and what the browsers did
//	conformance agreement the page that shows how far they agree
//
// Each says more with -h.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(command(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

const usage = `conformance holds corscheck's machine against real browsers.

  conformance run     -browser chromium,firefox,webkit -n 20000 -seed 1
  conformance record  -browser chromium,firefox,webkit -n 2000 -seed 1 -o FILE
  conformance record  -in FILE -o FILE
  conformance compare FILE...
  conformance show    's399'
  conformance agreement [-record]
`

// errDisagree is the exit code 1: the command worked, and the two disagree.
var errDisagree = errors.New("the machine and the browsers disagree")

func command(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
	commands := map[string]func(context.Context, *flag.FlagSet, []string, io.Writer) error{
		"run": run, "record": record, "compare": compare, "show": show, "agreement": agreement,
	}
	do, ok := commands[args[0]]
	if !ok {
		fmt.Fprintf(stderr, "no command is called %q\n\n%s", args[0], usage)
		return 2
	}
	flags := flag.NewFlagSet("conformance "+args[0], flag.ContinueOnError)
	flags.SetOutput(stderr)
	switch err := do(ctx, flags, args[1:], stdout); {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errDisagree):
		return 1
	default:
		fmt.Fprintln(stderr, "conformance:", err)
		return 2
	}
}

// parseSeed takes a number, or a text such as a commit, which is hashed.
func parseSeed(s string) uint64 {
	if n, err := strconv.ParseUint(s, 10, 64); err == nil {
		return n
	}
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

func splitList(s string) []string {
	var out []string
	for name := range strings.SplitSeq(s, ",") {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}
