// Command corscheck says whether a browser would let a page read a response,
// and if not, why and what to change.
package main

import (
	"os"

	"github.com/corscheck/corscheck/cmd"
)

func main() {
	os.Exit(cmd.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
