//go:build race

package cmd

// underRace: the race detector takes several times the memory.
const underRace = true
