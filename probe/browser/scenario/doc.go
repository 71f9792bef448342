// Package scenario holds what the conformance tests are made of: a scenario is
// one request that a page makes together with what the servers answer, an
// outcome is what a browser then did. The package reads and writes recorded
// sets, serves a scenario on loopback sockets byte for byte, replays it through
// the machine of package fetch without any socket, and compares outcomes.
//
// It drives no browser and imports no browser driver, so any test of the
// project may use it.
package scenario
