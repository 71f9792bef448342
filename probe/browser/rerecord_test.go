package browser

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/corscheck/corscheck/probe/browser/scenario"
)

func TestRerecord(t *testing.T) {
	recs, err := scenario.ReadFile("/work/shared/browser-verdicts/recorded.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	for _, name := range strings.Split(os.Getenv("B"), ",") {
		b, err := Open(ctx, name)
		if err != nil {
			t.Error(err)
			continue
		}
		var scs []*scenario.Scenario
		for _, r := range recs {
			scs = append(scs, &r.Scenario)
		}
		start := time.Now()
		out, err := b.Record(ctx, scs)
		if err != nil {
			t.Error(err)
			b.Close()
			continue
		}
		t.Logf("%s %s: %d in %s", name, b.Version(), len(scs), time.Since(start))
		b.Close()
		bad := 0
		fields := map[string]int{}
		for i, r := range recs {
			want := r.Browsers[Profiles[name]]
			diffs := scenario.Compare(&r.Scenario, &want, &out[i])
			if len(diffs) > 0 {
				bad++
				if bad < 12 {
					t.Errorf("%s %s: %v", name, r.Scenario.ID, diffs)
				}
			}
			for _, d := range diffs {
				fields[d.Field]++
			}
		}
		t.Logf("%s: %d differ: %v", name, bad, fields)
	}
}
