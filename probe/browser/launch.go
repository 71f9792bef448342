package browser

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// LaunchOptions say how a browser is started for Tabs.
type LaunchOptions struct {
	// Path is the executable; empty is what FindChromium finds.
	Path string
	// Resolve are host:port:addr to use instead of DNS.
	Resolve []string
	// Proxy is the URL of a proxy; empty leaves it to the browser, which reads
	// the settings of the system.
	Proxy string
	// Insecure accepts any certificate.
	Insecure bool
	// LocalNetworkAccess keeps Local Network Access checks on. A page counts as
	// one from a public address then, as corscheck itself serves it.
	LocalNetworkAccess bool
	// Timeout is how long one request may take; 0 is 10 seconds.
	Timeout time.Duration
}

// Tabs is a running Chrome, Chromium or Edge in which every request gets a tab
// and an empty profile of its own.
type Tabs struct {
	root    context.Context
	cancel  []context.CancelFunc
	product string
	timeout time.Duration
}

// away are features that would change or refuse what is asked for: http is what
// it says, and where the page came from is corscheck's assumption.
var away = []string{"HttpsUpgrades", "HttpsFirstBalancedMode", "HttpsFirstBalancedModeAutoEnable", "HttpsFirstModeV2"}

// startTimeout is how long a browser may take to start, on a busy machine, too.
const startTimeout = 45 * time.Second

// Launch starts a browser. The context bounds its life.
func Launch(ctx context.Context, o LaunchOptions) (*Tabs, error) {
	path := o.Path
	if path == "" {
		var err error
		if path, err = FindChromium(); err != nil {
			return nil, err
		}
	}
	t := &Tabs{timeout: o.Timeout}
	if t.timeout <= 0 {
		t.timeout = 10 * time.Second
	}
	allocator, cancel := chromedp.NewExecAllocator(ctx, o.flags(path)...)
	t.cancel = append(t.cancel, cancel)
	// What chromedp would print, it also returns.
	silent := chromedp.WithErrorf(func(string, ...any) {})
	t.root, cancel = chromedp.NewContext(allocator, silent)
	t.cancel = append(t.cancel, cancel)
	late := time.AfterFunc(startTimeout, t.Close)
	got, err := chromedp.CallBrowser(t.root, cdpbrowser.GetVersion, cdp.Empty{})
	inTime := late.Stop()
	if err != nil {
		t.Close()
		why := whyNotStarted(err)
		if !inTime {
			why = fmt.Sprintf("it does not answer as a Chrome, Chromium or Edge does within %s", startTimeout)
		}
		return nil, fmt.Errorf("cannot start %s: %s", path, why)
	}
	t.product = got.Product
	return t, nil
}

// whyNotStarted is the line of a failed start that says most: the first that the
// program printed, else what the system said of it.
func whyNotStarted(err error) string {
	var system *fs.PathError
	if errors.As(err, &system) {
		return system.Err.Error()
	}
	said, printed, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
	if printed == "" {
		return said
	}
	first, _, _ := strings.Cut(strings.TrimSpace(printed), "\n")
	return "it is no Chrome, Chromium or Edge, or ends at once: " + first
}

// flags of the command line. The sandbox stays on but for root, for whom the
// browser does not start with it; chromedp sees to that.
func (o *LaunchOptions) flags(path string) []chromedp.ExecAllocatorOption {
	off := away
	if !o.LocalNetworkAccess {
		off = append(off[:len(off):len(off)], "LocalNetworkAccessChecks")
	}
	flags := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck}
	set := func(name string, value any) { flags = append(flags, chromedp.Flag(name, value)) }
	set("headless", "new")
	set("password-store", "basic")
	set("disable-features", strings.Join(off, ","))
	for _, name := range []string{
		"disable-gpu", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync",
		"disable-default-apps", "disable-extensions", "disable-dev-shm-usage", "use-mock-keychain", "metrics-recording-only",
	} {
		set(name, true)
	}
	if o.Proxy != "" {
		set("proxy-server", o.Proxy)
	}
	if o.Insecure {
		set("ignore-certificate-errors", true)
	}
	if len(o.Resolve) > 0 {
		set("host-resolver-rules", resolverRules(o.Resolve))
	}
	return flags
}

// resolverRules are host:port:addr in the words of --host-resolver-rules.
func resolverRules(resolve []string) string {
	rules := make([]string, 0, len(resolve))
	for _, r := range resolve {
		host, rest, _ := strings.Cut(r, ":")
		port, addr, _ := strings.Cut(rest, ":")
		rules = append(rules, fmt.Sprintf("MAP %s:%s %s", host, port, net.JoinHostPort(strings.Trim(addr, "[]"), port)))
	}
	return strings.Join(rules, ",")
}

// Version is the browser's own, like "Chrome 156.0.8078.79".
func (t *Tabs) Version() string {
	name, number, _ := strings.Cut(t.product, "/")
	name = strings.TrimPrefix(name, "Headless")
	if name == "Edg" {
		name = "Edge"
	}
	return name + " " + number
}

// Close ends the browser and removes its profile.
func (t *Tabs) Close() {
	for i := len(t.cancel) - 1; i >= 0; i-- {
		t.cancel[i]()
	}
}
