package report

import _ "embed"

//go:embed schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of the JSON document and of a
// line of JSON Lines.
func Schema() []byte { return append([]byte(nil), schema...) }
