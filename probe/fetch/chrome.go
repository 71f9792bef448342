package fetch

// Chrome is Chromium 156.
var Chrome = &Profile{Name: "chrome"}
