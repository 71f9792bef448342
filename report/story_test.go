package report

import (
	"slices"
	"testing"
)

// Nobody is told to read a body that cannot be there.
func TestWhatThePageReads(t *testing.T) {
	for _, test := range []struct {
		method  string
		status  int
		exposed []string
		fault   string
		want    string
	}{
		{"GET", 200, nil, "it ends without its last chunk", "The page reads status 200 and no response header, and fails to read the body: it ends without its last chunk."},
		{"GET", 200, nil, "", "The page reads status 200, the body and no response header."},
		{"GET", 404, []string{"content-type"}, "", "The page reads status 404, the body and the header content-type."},
		{"GET", 204, nil, "", "The page reads status 204 and no response header; there is no body."},
		{"POST", 205, []string{"content-type", "etag"}, "", "The page reads status 205 and the headers content-type and etag; there is no body."},
		{"GET", 304, []string{"expires"}, "", "The page reads status 304 and the header expires; there is no body."},
		{"HEAD", 200, []string{"content-type"}, "", "The page reads status 200 and the header content-type; there is no body."},
	} {
		c := &Check{Method: test.method, Status: &test.status, ResponseType: "cors", ExposedHeaders: test.exposed, BodyFault: test.fault}
		if got := c.reads(); got != test.want {
			t.Errorf("%s, status %d: %q, want %q", test.method, test.status, got, test.want)
		}
	}
}

// Headers that are dropped for one reason share a line.
func TestDroppedHeaders(t *testing.T) {
	c := &Check{DroppedHeaders: []string{"Cookie", "X-Foo", "Host"}, DroppedBecause: []string{"no script may", "no-cors", "no script may"}}
	if got, want := c.dropped(), []string{"Cookie and Host: no script may", "X-Foo: no-cors"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
