// Package fetch is the CORS protocol of the Fetch Standard as a pure machine
// that is stepped from outside: it says which message a browser would send
// next, hears the answer, and in the end knows the verdict and every step that
// led to it. It performs no I/O, reads no clock and prints nothing, so the same
// code judges live traffic, a HAR file, recorded answers and a fuzzer.
//
// Section names in this package are fragments of https://fetch.spec.whatwg.org/.
package fetch
