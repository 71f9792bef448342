package fetch

import (
	"encoding/base64"
	"testing"
)

func TestDataResponse(t *testing.T) {
	tests := []struct {
		url, kind, body string
		ok              bool
	}{
		{"data:,x", "text/plain", "x", true},
		{"data:,", "text/plain", "", true},
		{"data:x", "", "", false},
		{"data:text/html,<p>%20", "text/html", "<p> ", true},
		{"data:;charset=x,1", "text/plain;charset=x", "1", true},
		{"data:image/gif;base64,MTs=", "image/gif", "1;", true},
		{"data:image/gif ; BASE64 ,M T s", "image/gif ", "1;", true},
		{"data:a/b;base64,MT%73%3D", "a/b", "1;", true},
		{"data:;base64,!", "", "", false},
		{"data:;base64,M", "", "", false},
		{"data:a/b;xbase64,M", "a/b;xbase64", "M", true},
		{"data:a/b,1?2,3#4", "a/b", "1?2,3", true},
	}
	for _, tt := range tests {
		u, err := ParseURL(tt.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, ok := dataResponse(u)
		if ok != tt.ok {
			t.Errorf("%s: has a body: %v", tt.url, ok)
		}
		if !ok || !tt.ok {
			continue
		}
		if kind, _ := resp.Get("Content-Type"); kind != tt.kind || string(resp.Body) != tt.body {
			t.Errorf("%s: %q of type %q, want %q of %q", tt.url, resp.Body, kind, tt.body, tt.kind)
		}
	}
}

// FuzzDataURL: what is written in base64 is what it stands for.
func FuzzDataURL(f *testing.F) {
	f.Add([]byte("GIF89a"), "image/gif")
	f.Add([]byte{0, 255, '%', '#'}, "")
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		u, err := ParseURL("data:"+percentEncode(kind, func(c byte) bool { return c == ',' || c == '#' || c < ' ' })+";base64,"+base64.StdEncoding.EncodeToString(body), nil)
		if err != nil {
			t.Skip()
		}
		resp, ok := dataResponse(u)
		if !ok || string(resp.Body) != string(body) {
			t.Fatalf("%s became %v, %v", u, resp, ok)
		}
	})
}
