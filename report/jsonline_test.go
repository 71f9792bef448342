package report

import (
	"math/rand"
	"reflect"
	"testing"
)

// TestLineIsWhatMarshalMakes fills checks with every kind of value, by
// reflection, so that a field added to a report cannot be forgotten.
func TestLineIsWhatMarshalMakes(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 3000 {
		var c Check
		fill(r, reflect.ValueOf(&c).Elem(), 0)
		want, err := marshal(c.with(SchemaVersion), "", "")
		if err != nil {
			t.Fatal(err)
		}
		if got := appendLine(nil, &c, SchemaVersion); string(got) != string(want)+"\n" {
			t.Fatalf("\n got %s\nwant %s", got, want)
		}
	}
}

var someTexts = []string{"", "x", "https://app.example", `"quoted" \ back`, "a\nb\t\r\b\f\x00\x1b[31m", "é日本", "\u2028\u202e\u200b", "##[error]", "# #", "<script>&", "\xff\xfe", "\x7f\u0085", "😀"}

func fill(r *rand.Rand, v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(someTexts[r.Intn(len(someTexts))])
	case reflect.Bool:
		v.SetBool(r.Intn(2) == 0)
	case reflect.Int:
		v.SetInt(int64(r.Intn(2000) - 100))
	case reflect.Float64:
		v.SetFloat([]float64{0, 1, 0.001, 12.345, 1e-7, 1e21, 123456789.125, -3.5}[r.Intn(8)])
	case reflect.Pointer:
		if r.Intn(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(r, v.Elem(), depth+1)
		}
	case reflect.Slice:
		n := r.Intn(4) - 1
		if n < 0 {
			return // nil
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(r, v.Index(i), depth+1)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(r, v.Index(i), depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(r, v.Field(i), depth+1)
		}
	}
}
