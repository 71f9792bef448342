package cmd

import (
	"io"
	"strings"
	"testing"
)

// BenchmarkStart is what every run does before its own work.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		if code := Main([]string{"--version"}, strings.NewReader(""), io.Discard, io.Discard); code != ExitOK {
			b.Fatal(code)
		}
	}
}
