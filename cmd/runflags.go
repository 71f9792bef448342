package cmd

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe"
	"github.com/corscheck/corscheck/probe/finding"
	"github.com/corscheck/corscheck/probe/fix"
	"github.com/corscheck/corscheck/probe/wire"
)

// runFlags are the flags that say how the checks of a run are made.
type runFlags struct {
	concurrency int
	rate        string
	timeout     time.Duration
	retries     int
	failFast    bool

	resolve    []string
	proxy      string
	insecure   bool
	cacert     string
	cert, key  string
	ipv4, ipv6 bool
	noDiagnose bool
	deep       bool
	stack      string

	perSecond float64 // of rate; 0 is unlimited
}

func (f *runFlags) register(c *cobra.Command) {
	defer section(c, "The run")()
	fs := c.Flags()
	fs.IntVar(&f.concurrency, "concurrency", 64, "`number` of checks under way at once")
	fs.StringVar(&f.rate, "rate", "", "most requests a host gets, a `rate` such as 10/s or 100/m (default unlimited)")
	fs.DurationVar(&f.timeout, "timeout", 10*time.Second, "`time` for one check")
	fs.IntVar(&f.retries, "retries", 0, "`number` of tries more after connection errors, 429 and 503 of safe requests")
	fs.BoolVar(&f.failFast, "fail-fast", false, "stop at the first check that is blocked or not as expected")
	fs.StringArrayVar(&f.resolve, "resolve", nil, "`address` to use instead of DNS, as host:port:addr; repeatable")
	fs.StringVar(&f.proxy, "proxy", "", "proxy `URL` (default from HTTPS_PROXY, HTTP_PROXY, NO_PROXY)")
	fs.BoolVar(&f.insecure, "insecure", false, "accept any TLS certificate; a browser would not")
	fs.StringVar(&f.cacert, "cacert", "", "PEM `file` of further authorities to trust")
	fs.StringVar(&f.cert, "cert", "", "PEM `file` of a client certificate")
	fs.StringVar(&f.key, "key", "", "PEM `file` of its key (default the file of --cert)")
	fs.BoolVarP(&f.ipv4, "ipv4", "4", false, "connect by IPv4 only")
	fs.BoolVarP(&f.ipv6, "ipv6", "6", false, "connect by IPv6 only")
	fs.BoolVar(&f.noDiagnose, "no-diagnose", false, "send not one request more than the browser would")
	fs.BoolVar(&f.deep, "deep", false, "let a diagnosis ask more than 6 extra requests")
	fs.StringVar(&f.stack, "stack", "", "print the change for this `stack` instead of the one recognised")
	complete(c, "stack", stackKeys()...)
	completeNothing(c, "concurrency", "rate", "timeout", "retries", "resolve", "proxy")
}

// validate finds what pflag cannot: values out of range and flags that
// contradict each other.
func (f *runFlags) validate() error {
	var err error
	if f.perSecond, err = parseRate(f.rate); err != nil {
		return err
	}
	switch {
	case f.concurrency < 1:
		return usagef("--concurrency: %d is less than 1", f.concurrency)
	case f.timeout <= 0:
		return usagef("--timeout: %s is not a positive duration", f.timeout)
	case f.retries < 0:
		return usagef("--retries: %d is negative", f.retries)
	case f.ipv4 && f.ipv6:
		return usagef("-4 and -6 exclude each other").withHint("give neither to use both address families")
	case f.key != "" && f.cert == "":
		return usagef("--key needs --cert")
	case f.noDiagnose && f.deep:
		return usagef("--no-diagnose and --deep exclude each other")
	}
	if _, known := fix.Lookup(f.stack); f.stack != "" && !known {
		err := usagef("--stack: there is no stack %q", f.stack).withHint("corscheck rules lists all of them")
		if near := fix.Suggest(f.stack); near != "" {
			return err.withHint("did you mean %s?", near)
		}
		return err
	}
	for _, r := range f.resolve {
		if err := validResolve(r); err != nil {
			return err
		}
	}
	return nil
}

// options are the flags as the engine takes them.
func (f *runFlags) options(ignore []finding.ID) probe.Options {
	o := probe.Options{
		Wire: wire.Options{
			Resolve: f.resolve, Proxy: f.proxy, Insecure: f.insecure,
			CACert: f.cacert, Cert: f.cert, Key: f.key, MaxConnsPerHost: f.concurrency + f.concurrency/8, // diagnoses do not wait for checks
		},
		Timeout: f.timeout, Concurrency: f.concurrency, Rate: f.perSecond,
		Retries: f.retries, FailFast: f.failFast,
		NoDiagnose: f.noDiagnose, Deep: f.deep, Stack: f.stack, Ignore: ignore,
	}
	switch {
	case f.ipv4:
		o.Wire.Family = 4
	case f.ipv6:
		o.Wire.Family = 6
	}
	return o
}

// wrongOption names the flag that an error of probe.New is about.
func wrongOption(err error) error {
	wrong, ok := errors.AsType[*wire.OptionError](err)
	if !ok {
		return usagef("%w", err)
	}
	flag := map[string]string{"Resolve": "--resolve", "Proxy": "--proxy", "CACert": "--cacert", "Cert": "--cert", "Key": "--key"}[wrong.Option]
	return flagged(flag, wrong.Err)
}

// parseRate reads "10", "10/s", "100/m" or "1000/h" as requests a second.
func parseRate(s string) (float64, error) {
	if s == "" {
		return 0, nil
	}
	count, unit, _ := strings.Cut(s, "/")
	seconds, known := map[string]float64{"": 1, "s": 1, "m": 60, "h": 3600}[unit]
	n, err := strconv.ParseFloat(count, 64)
	// The comparison is false for NaN too, and the bound keeps infinity out.
	if err != nil || !known || !(n > 0 && n <= 1e9) {
		return 0, usagef("--rate: %q is not a rate", s).withHint("write 10/s, 100/m or 1000/h")
	}
	return n / seconds, nil
}

// validResolve checks the shape host:port:addr, with an IPv6 address in
// brackets or bare as curl has it.
func validResolve(s string) error {
	host, rest, ok := strings.Cut(s, ":")
	port, addr, ok2 := strings.Cut(rest, ":")
	n, err := strconv.Atoi(port)
	if !ok || !ok2 || host == "" || addr == "" || err != nil || n < 1 || n > 65535 {
		return usagef("--resolve: %q is not host:port:addr", s).withHint("write --resolve api.example.com:443:127.0.0.1")
	}
	return nil
}

func stackKeys() []string {
	var keys []string
	for _, s := range fix.Stacks() {
		keys = append(keys, s.Key)
	}
	return keys
}
