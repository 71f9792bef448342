// Package fetch is the CORS protocol of the Fetch Standard as a pure machine
// that is stepped from outside: it says which message a browser would send
// next, hears the answer, and in the end knows the verdict and every step that
// led to it. It performs no I/O, reads no clock and prints nothing, so the same
// code judges live traffic, a HAR file, recorded answers and a fuzzer.
//
// What comes out of a fetch follows from its request and the answers alone. All
// fetches share one thing that changes, the table of the registrable domains that were
// looked up before (sites, in origin.go). It does not make the machine impure: a domain
// follows from its host alone, so that a hit, a miss and a slot that another host has
// taken all give the same result, and only the time differs. Its slots are atomic, so
// that fetches may run beside each other.
//
// The section of a rule is a fragment of https://fetch.spec.whatwg.org/, or where the
// rule is in another standard (HTML, MIME Sniffing, Local Network Access), its URL.
package fetch
