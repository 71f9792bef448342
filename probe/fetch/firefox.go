package fetch

// Firefox is Firefox ESR 153.
var Firefox = &Profile{Name: "firefox"}
