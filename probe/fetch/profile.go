package fetch

// A Profile is a browser as data: where it departs from the standard, what it
// sends, and what it prints.
type Profile struct {
	// Name is what --browser takes: "chrome", "firefox" or "safari".
	Name string
}
