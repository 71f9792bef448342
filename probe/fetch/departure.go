package fetch

import "reflect"

// A Departure is one way in which a browser differs from the Fetch Standard: a
// field of its profile, in words.
type Departure struct {
	// Theme is what the field's part of the profile is about.
	Theme string
	// Field is the name of the profile's field.
	Field string
	// What says what the browser does instead of the standard.
	What string
	// In are the names of the browsers that do it.
	In []string
	// Proof names a recorded scenario that shows it, by browser; nil where no
	// recording could, in which case the browsers' sources are the authority.
	Proof map[string]string
}

// Departures lists every way in which a browser departs from the standard, theme
// by theme. The list of browsers is read off the profiles.
func Departures() []Departure {
	var out []Departure
	for _, t := range themes {
		for _, row := range t.departures {
			d := Departure{Theme: t.title, Field: row.field, What: row.what, Proof: row.proof}
			for _, p := range Profiles() {
				// Two functions are never equal, so a field that holds some departs
				// unless it is the standard's own.
				if !reflect.DeepEqual(d.in(p).Interface(), d.in(Standard).Interface()) {
					d.In = append(d.In, p.Name)
				}
			}
			out = append(out, d)
		}
	}
	return out
}

// in is the field in a profile.
func (d Departure) in(p *Profile) reflect.Value {
	return reflect.ValueOf(p).Elem().FieldByName(d.Field)
}

// Without returns a copy of the profile that follows the standard in one field.
func (d Departure) Without(p *Profile) *Profile {
	changed := *p
	d.in(&changed).Set(d.in(Standard))
	return &changed
}

// A departure is a field, what it stands for, and the recordings that prove it.
type departure struct {
	field, what string
	proof       proof
}

type proof = map[string]string

var themes = []struct {
	title      string
	departures []departure
}{
	{"What script asks for", requestDepartures},
	{"URLs and ports", urlDepartures},
	{"What is sent", sendingDepartures},
	{"Preflights", preflightDepartures},
	{"The preflight cache", preflightCacheDepartures},
	{"The CORS check, and what script may read", responseDepartures},
	{"Redirects", redirectDepartures},
	{"The HTTP cache within a chain of redirects", httpCacheDepartures},
	{"Elements, and the mode no-cors", elementDepartures},
	{"Mixed content and Local Network Access", securityDepartures},
	{"Cookies", cookieDepartures},
	{"The console", consoleDepartures},
}
