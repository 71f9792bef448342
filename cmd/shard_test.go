package cmd

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestShardAuto(t *testing.T) {
	for _, test := range []struct {
		env  string
		want string // "i/n", or what the error says
	}{
		{"CORSCHECK_SHARD_INDEX=0 CORSCHECK_SHARD_TOTAL=4", "1/4"},
		{"CI_NODE_INDEX=2 CI_NODE_TOTAL=4", "2/4"},
		{"CI_NODE_INDEX=2 CI_NODE_TOTAL=4 HEROKU_TEST_RUN_ID=x", "3/4"},
		{"CI_NODE_TOTAL=1", "1/1"},
		{"CIRCLE_NODE_INDEX=3 CIRCLE_NODE_TOTAL=4", "4/4"},
		{"BUILDKITE_PARALLEL_JOB=0 BUILDKITE_PARALLEL_JOB_COUNT=2", "1/2"},
		{"BITBUCKET_PARALLEL_STEP=1 BITBUCKET_PARALLEL_STEP_COUNT=2", "2/2"},
		{"SYSTEM_JOBPOSITIONINPHASE=1 SYSTEM_TOTALJOBSINPHASE=3", "1/3"},
		{"SEMAPHORE_JOB_INDEX=3 SEMAPHORE_JOB_COUNT=3", "3/3"},
		{"CLOUD_RUN_TASK_INDEX=9 CLOUD_RUN_TASK_COUNT=10", "10/10"},
		{"AWS_BATCH_JOB_ARRAY_INDEX=1 AWS_BATCH_JOB_ARRAY_SIZE=2", "2/2"},
		{"JOB_COMPLETION_INDEX=0 JOB_COMPLETIONS=5", "1/5"},

		{"JOB_COMPLETION_INDEX=4 CORSCHECK_SHARD_TOTAL=5", "5/5"},

		{"GITHUB_ACTIONS=true", "GitHub Actions tells a job of a matrix neither"},
		{"", "no variable of a CI says which part this is"},
		{"JOB_COMPLETION_INDEX=0", "JOB_COMPLETION_INDEX is set, but JOB_COMPLETIONS is not"},
		{"CI_NODE_INDEX=0 CI_NODE_TOTAL=4", "CI_NODE_INDEX=0 and CI_NODE_TOTAL=4 name no part of a run"},
		{"CIRCLE_NODE_INDEX=4 CIRCLE_NODE_TOTAL=4", "name no part of a run"},
		{"CIRCLE_NODE_INDEX=one CIRCLE_NODE_TOTAL=4", "name no part of a run"},
	} {
		env := map[string]string{}
		for pair := range strings.FieldsSeq(test.env) {
			name, value, _ := strings.Cut(pair, "=")
			env[name] = value
		}
		var stderr bytes.Buffer
		e := newEnv(nil, strings.NewReader(""), &stderr, &stderr)
		e.getenv = func(name string) string { return env[name] }
		s, err := (&shardFlag{"auto"}).parse(e, &reportFlags{})
		if err != nil {
			if !strings.Contains(err.Error(), test.want) || strings.Contains(test.want, "/") {
				t.Errorf("%s: %v, want %s", test.env, err, test.want)
			}
			continue
		}
		if got := fmt.Sprintf("%d/%d", s.index, s.total); got != test.want {
			t.Errorf("%s: %s, want %s", test.env, got, test.want)
		}
		if said := stderr.String(); !strings.Contains(said, "shard "+test.want+", from ") {
			t.Errorf("%s: stderr says %q", test.env, said)
		}
	}
}

// TestShardsAreTheWhole: every part of every split, in order, is the whole.
func TestShardsAreTheWhole(t *testing.T) {
	for n := range 40 {
		for total := 1; total <= 12; total++ {
			at := 0
			for index := 1; index <= total; index++ {
				from, to := (shard{index, total}).part(n)
				if from != at || to < from || to-from > n/total+1 {
					t.Fatalf("part %d/%d of %d is %d to %d, and the last one ended at %d", index, total, n, from, to, at)
				}
				at = to
			}
			if at != n {
				t.Fatalf("%d parts of %d end at %d", total, n, at)
			}
		}
	}
}
