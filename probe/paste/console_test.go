package paste

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestTmp(t *testing.T) {
	f, err := os.Open("/work/shared/browser-verdicts/recorded.jsonl.gz")
	if err != nil {
		t.Skip()
	}
	z, _ := gzip.NewReader(f)
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<22)
	n, bad := 0, 0
	for s.Scan() {
		var r struct {
			Scenario struct {
				ID     string
				Target struct{ Host, Path string }
			}
			Browsers map[string]struct {
				Code, Param, Console string
				Wire                 []struct{ Host, Path string }
			}
		}
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		for b, x := range r.Browsers {
			if x.Console == "" {
				continue
			}
			n++
			c := strings.NewReplacer("{same}", "http://127.0.0.1:4001", "{other}", "http://127.0.0.1:4002", "{third}", "http://127.0.0.1:4003", "{samehost}", "127.0.0.1:4001", "{otherhost}", "127.0.0.1:4002", "{thirdhost}", "127.0.0.1:4003").Replace(x.Console)
			items := parseConsole(c)
			if len(items) != 1 || items[0].Browser != b || b != "safari" && items[0].Code != x.Code || items[0].URL == "" {
				bad++
				if bad < 20 {
					t.Errorf("%s %s %q -> %+v", r.Scenario.ID, x.Code, c, items)
				}
			}
		}
	}
	t.Log(n, bad)
}
