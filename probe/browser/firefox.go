package browser

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/corscheck/corscheck/probe/browser/scenario"
	"github.com/corscheck/corscheck/probe/fetch"
)

// firefox is driven through Marionette; a listener on its console service
// hears the categories that no protocol reports.
type firefox struct {
	path    string
	product string
	process *process
	m       *marionette
	reports map[string]report
}

func findFirefox() (driver, error) {
	for _, name := range []string{"firefox-esr", "firefox"} {
		if path, err := exec.LookPath(name); err == nil {
			return &firefox{path: path, reports: map[string]report{}}, nil
		}
	}
	return nil, errors.New("no Firefox is installed (tried firefox-esr, firefox)")
}

// firefoxPrefs keep the browser from calling home, and from asking anything.
var firefoxPrefs = map[string]string{
	"marionette.port":                                       "0",
	"app.normandy.enabled":                                  "false",
	"app.update.disabledForTesting":                         "true",
	"browser.aboutwelcome.enabled":                          "false",
	"browser.safebrowsing.downloads.enabled":                "false",
	"browser.safebrowsing.malware.enabled":                  "false",
	"browser.safebrowsing.phishing.enabled":                 "false",
	"browser.safebrowsing.update.enabled":                   "false",
	"browser.search.update":                                 "false",
	"browser.shell.checkDefaultBrowser":                     "false",
	"browser.startup.homepage_override.mstone":              `"ignore"`,
	"browser.tabs.warnOnClose":                              "false",
	"captivedetect.canonicalURL":                            `""`,
	"datareporting.healthreport.uploadEnabled":              "false",
	"datareporting.policy.dataSubmissionEnabled":            "false",
	"dom.ipc.processHangMonitor":                            "false",
	"extensions.getAddons.cache.enabled":                    "false",
	"extensions.systemAddon.update.enabled":                 "false",
	"extensions.update.enabled":                             "false",
	"geo.enabled":                                           "false",
	"network.captive-portal-service.enabled":                "false",
	"network.connectivity-service.enabled":                  "false",
	"network.proxy.type":                                    "0",
	"services.settings.server":                              `"data:,#remote-settings-dummy/v1"`,
	"toolkit.telemetry.enabled":                             "false",
	"toolkit.telemetry.server":                              `""`,
	"browser.newtabpage.activity-stream.feeds.topsites":     "false",
	"browser.region.network.url":                            `""`,
	"browser.topsites.contile.enabled":                      "false",
	"security.OCSP.enabled":                                 "0",
	"signon.autofillForms":                                  "false",
	"browser.discovery.enabled":                             "false",
	"messaging-system.rsexperimentloader.enabled":           "false",
	"browser.newtabpage.activity-stream.asrouter.providers": `""`,
}

// firefoxPlaces are the preferences that bring the names of the places to
// loopback, and let no question about the local network be asked: it is refused.
func firefoxPlaces(places scenario.Places) map[string]string {
	list := func(values []string) string { return `"` + strings.Join(values, ",") + `"` }
	return map[string]string{
		"network.dns.localDomains":                    list(places.Names()),
		"network.lna.address_space.public.override":   list(places.Overrides(fetch.SpacePublic)),
		"network.lna.address_space.private.override":  list(places.Overrides(fetch.SpaceLocal)),
		"permissions.default.loopback-network":        "2",
		"permissions.default.local-network":           "2",
		"dom.security.https_first":                    "false",
		"network.stricttransportsecurity.preloadlist": "false",
	}
}

func (f *firefox) forget(context.Context) error {
	return f.m.script("Services.cookies.removeAll(); return null;", nil)
}

func (f *firefox) start(ctx context.Context, page string, set setting) error {
	dir, err := os.MkdirTemp("", "corscheck-firefox-")
	if err != nil {
		return err
	}
	var prefs strings.Builder
	all := maps.Clone(firefoxPrefs)
	maps.Copy(all, firefoxPlaces(set.places))
	for name, value := range all {
		fmt.Fprintf(&prefs, "user_pref(%q, %s);\n", name, value)
	}
	if err := os.WriteFile(filepath.Join(dir, "user.js"), []byte(prefs.String()), 0o600); err != nil {
		return err
	}
	f.process = &process{dir: dir}
	cmd := exec.Command(f.path, "--headless", "--no-remote", "--profile", dir, "--marionette", "--remote-allow-system-access", "about:blank")
	cmd.Env = append(os.Environ(), "HOME="+dir, "MOZ_CRASHREPORTER_DISABLE=1", "MOZ_DISABLE_AUTO_SAFE_MODE=1")
	if err := f.process.start(ctx, cmd); err != nil {
		return err
	}
	if err := f.connect(ctx, filepath.Join(dir, "MarionetteActivePort")); err != nil {
		return err
	}
	return f.open(page)
}

// connect waits for the file in which the browser names its port.
func (f *firefox) connect(ctx context.Context, portFile string) error {
	err := poll(ctx, time.Minute, func() bool {
		port, err := os.ReadFile(portFile)
		if err != nil {
			return false
		}
		f.m, err = dialMarionette("127.0.0.1:" + strings.TrimSpace(string(port)))
		return err == nil
	})
	if err != nil {
		return err
	}
	if f.m == nil {
		return errors.New("the remote protocol Marionette did not answer within a minute")
	}
	return nil
}

func (f *firefox) open(page string) error {
	var session struct {
		Capabilities struct{ BrowserVersion string }
	}
	capabilities := map[string]any{"pageLoadStrategy": "none"}
	if err := f.m.call("WebDriver:NewSession", map[string]any{"capabilities": map[string]any{"alwaysMatch": capabilities}}, &session); err != nil {
		return err
	}
	f.product = session.Capabilities.BrowserVersion
	if err := f.m.call("Marionette:SetContext", map[string]any{"value": "chrome"}, nil); err != nil {
		return err
	}
	if err := f.m.script(trust, nil); err != nil {
		return err
	}
	if err := f.m.script(listen, nil); err != nil {
		return err
	}
	if err := f.m.call("Marionette:SetContext", map[string]any{"value": "content"}, nil); err != nil {
		return err
	}
	if err := f.m.call("WebDriver:Navigate", map[string]any{"url": page}, nil); err != nil {
		return err
	}
	return f.m.call("Marionette:SetContext", map[string]any{"value": "chrome"}, nil)
}

// trust takes the harness's certificate, which nobody has signed, for good.
const trust = `
Cc["@mozilla.org/security/certoverride;1"].getService(Ci.nsICertOverrideService)
  .setDisableAllSecurityChecksAndLetAttackersInterceptMyData(true);
return null;`

// listen keeps what the console is told: its own buffer holds 250 messages.
const listen = `
const g = Cu.getGlobalForObject(Services);
g.corscheckHeard = [];
g.corscheckListener = {
  QueryInterface: ChromeUtils.generateQI(["nsIConsoleListener"]),
  observe(m) {
    if (m instanceof Ci.nsIScriptError && !(m.flags & Ci.nsIScriptError.warningFlag) && (m.category.startsWith("CORS") || m.category === "Mixed Content Blocker")) {
      g.corscheckHeard.push([m.category, m.errorMessage]);
    }
  },
};
Services.console.registerListener(g.corscheckListener);
return null;`

const drain = `
const g = Cu.getGlobalForObject(Services);
const heard = g.corscheckHeard;
g.corscheckHeard = [];
return heard;`

func (f *firefox) version() string { return "Firefox " + f.product }

func (f *firefox) style() style { return style{parallel: 8} }

func (f *firefox) settle(ctx context.Context, blocked []string) (map[string]report, error) {
	// Not every failure prints something: wait until nothing more comes.
	quietSince := time.Now()
	for missing := len(blocked); missing > 0 && time.Since(quietSince) < 300*time.Millisecond; {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		n, err := f.hear()
		if err != nil {
			return nil, err
		}
		if n > 0 {
			quietSince = time.Now()
		}
		missing = 0
		for _, p := range blocked {
			if _, ok := f.reports[p]; !ok {
				missing++
			}
		}
		if missing > 0 && n == 0 {
			time.Sleep(20 * time.Millisecond)
		}
	}
	out := map[string]report{}
	for _, p := range blocked {
		out[p] = f.reports[p]
	}
	clear(f.reports)
	return out, nil
}

func (f *firefox) hear() (int, error) {
	var heard [][2]string
	if err := f.m.script(drain, &heard); err != nil {
		return 0, err
	}
	for _, h := range heard {
		p := scenario.Prefix(h[1])
		if _, ok := f.reports[p]; ok || p == "" {
			continue // the first counts; one that names no scenario cannot be told
		}
		f.reports[p] = report{code: h[0], console: h[1]}
	}
	return len(heard), nil
}

func (f *firefox) stop() {
	if f.m != nil {
		f.m.conn.Close()
	}
	if f.process != nil {
		f.process.stop()
	}
}
