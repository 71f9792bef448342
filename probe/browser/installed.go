package browser

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// commands are the names under which a browser of Chromium's family stands in
// PATH, the most common first.
var commands = []string{
	"google-chrome", "google-chrome-stable", "chrome", "chromium", "chromium-browser",
	"microsoft-edge", "microsoft-edge-stable", "msedge",
}

// FindChromium returns the executable of an installed Chrome, Chromium or Edge:
// from PATH, else from where the system's installers put them.
func FindChromium() (string, error) {
	for _, name := range commands {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	for _, path := range places(runtime.GOOS, os.Getenv) {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path, nil
		}
	}
	return "", errors.New("no Chrome, Chromium or Edge was found")
}

// places are where installers put a browser that is not in PATH.
func places(system string, getenv func(string) string) []string {
	var out []string
	switch system {
	case "darwin":
		for _, folder := range []string{"/Applications", filepath.Join(getenv("HOME"), "Applications")} {
			for _, name := range []string{"Google Chrome", "Chromium", "Microsoft Edge"} {
				out = append(out, filepath.Join(folder, name+".app", "Contents", "MacOS", name))
			}
		}
	case "windows":
		for _, variable := range []string{"ProgramFiles", "ProgramFiles(x86)", "LocalAppData"} {
			folder := getenv(variable)
			if folder == "" {
				continue
			}
			out = append(out,
				filepath.Join(folder, "Google", "Chrome", "Application", "chrome.exe"),
				filepath.Join(folder, "Chromium", "Application", "chrome.exe"),
				filepath.Join(folder, "Microsoft", "Edge", "Application", "msedge.exe"))
		}
	default:
		out = append(out, "/snap/bin/chromium", "/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge", "/usr/lib/chromium/chromium")
	}
	return out
}
