package fetch

// Safari is WebKitGTK 2.50; the engine is shared, Safari itself was not run.
var Safari = &Profile{Name: "safari"}
