package policy

import _ "embed"

// Schema is the JSON Schema of a policy, for editors. It knows less than Load:
// a policy that it accepts may still be refused, never the other way round.
//
//go:embed schema.json
var Schema []byte
