package fetch

// A Profile is a browser as data: where it departs from the standard, what it
// sends, and what it prints. An algorithm never asks which browser it runs for;
// it reads a field that says what is different and for which recorded scenario.
type Profile struct {
	// Name is what --browser takes: "chrome", "firefox" or "safari".
	Name string
	// Version is the browser whose behaviour was recorded.
	Version string

	RequestProfile
	URLProfile
	SendingProfile
	PreflightProfile
	PreflightCacheProfile
	ResponseProfile
	RedirectProfile
	HTTPCacheProfile
	ElementProfile
	SecurityProfile
	CookieProfile
	ConsoleProfile
}

// Profiles are the browsers, in the order in which they are shown.
func Profiles() []*Profile { return []*Profile{Chrome, Firefox, Safari} }

// ProfileByName returns the profile that --browser names.
func ProfileByName(name string) (*Profile, bool) {
	for _, p := range Profiles() {
		if p.Name == name {
			return p, true
		}
	}
	return nil, false
}

// checkOrder is the order in which headers are held against Access-Control-Allow-Headers.
func (p *Profile) checkOrder(f *Fetch) []string {
	if p.HeaderOrder != nil {
		return p.HeaderOrder(f)
	}
	return f.unsafe
}
