package cmd

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe"
)

// shardFlag spreads a run over machines: each makes its part of the checks.
type shardFlag struct{ value string }

func (f *shardFlag) register(c *cobra.Command) {
	defer section(c, "The run")()
	c.Flags().StringVar(&f.value, "shard", "", "make only part `i/n` of the checks, or auto: as the CI says; corscheck render merges the reports")
}

// A shard is one of several parts of a run, counted from 1.
type shard struct{ index, total int }

// apply leaves the shard's part in a judgement. The parts are consecutive and
// of equal size but for one check, so that the reports of all shards, merged in
// their order, have the order of the whole.
func (f *shardFlag) apply(e *env, j *judgement) error {
	if f.value == "" {
		return nil
	}
	s, err := f.parse(e, j.report)
	if err != nil {
		return err
	}
	// Units may have several checks: see unitsOf. They are counted by listing
	// them once, which sends nothing.
	units := 0
	for range unitsOf(j.checks) {
		units++
	}
	from, to := s.part(units)
	all := j.checks
	j.checks = func(yield func(probe.Check) bool) {
		at := -1
		for first, c := range marked(all) {
			if first {
				at++
			}
			if at >= to || at >= from && !yield(c) {
				return
			}
		}
	}
	j.total = 0
	for range j.checks {
		j.total++
	}
	if j.total == 0 {
		e.remark(j.report, fmt.Sprintf("shard %d/%d has nothing to check: there are fewer checks than shards", s.index, s.total))
	}
	return nil
}

// part is the range of n things that belongs to the shard.
func (s shard) part(n int) (from, to int) {
	return n * (s.index - 1) / s.total, n * s.index / s.total
}

func (f *shardFlag) parse(e *env, report *reportFlags) (shard, error) {
	if f.value == "auto" {
		return autoShard(e, report)
	}
	index, total, ok := strings.Cut(f.value, "/")
	i, err := strconv.Atoi(index)
	n, err2 := strconv.Atoi(total)
	if !ok || err != nil || err2 != nil || n < 1 || i < 1 || i > n {
		return shard{}, usagef("--shard: %q is no part of a run", f.value).withHint("write 1/4 to 4/4, or auto")
	}
	return shard{i, n}, nil
}

// A ciSystem is a CI that runs a job several times and tells each its number.
type ciSystem struct {
	name         string
	index, total string // the variables
	first        int    // the number of the first job
	only         string // a variable that must be set too, where names are shared
}

// ciSystems are asked in this order.
var ciSystems = []ciSystem{
	{"corscheck", "CORSCHECK_SHARD_INDEX", "CORSCHECK_SHARD_TOTAL", 0, ""},
	{"Heroku CI", "CI_NODE_INDEX", "CI_NODE_TOTAL", 0, "HEROKU_TEST_RUN_ID"},
	{"GitLab CI", "CI_NODE_INDEX", "CI_NODE_TOTAL", 1, ""},
	{"CircleCI", "CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0, ""},
	{"Buildkite", "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0, ""},
	{"Bitbucket Pipelines", "BITBUCKET_PARALLEL_STEP", "BITBUCKET_PARALLEL_STEP_COUNT", 0, ""},
	{"Azure Pipelines", "SYSTEM_JOBPOSITIONINPHASE", "SYSTEM_TOTALJOBSINPHASE", 1, ""},
	{"Semaphore", "SEMAPHORE_JOB_INDEX", "SEMAPHORE_JOB_COUNT", 1, ""},
	{"Cloud Run jobs", "CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_COUNT", 0, ""},
	{"AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE", 0, ""},
	// An indexed Job knows its index only; the manifest sets the total.
	{"Kubernetes", "JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", 0, ""},
}

// autoShard reads which part of the run this machine has from the variables of
// its CI, and says so.
func autoShard(e *env, report *reportFlags) (shard, error) {
	for _, ci := range ciSystems {
		index, total := e.getenv(ci.index), e.getenv(ci.total)
		if index == "" || ci.only != "" && e.getenv(ci.only) == "" {
			continue
		}
		if total == "" { // some tell an index only
			totalOf := ciSystems[0].total
			if total = e.getenv(totalOf); total != "" {
				ci.total = totalOf
			}
		}
		if total == "" {
			return shard{}, usagef("--shard auto: %s is set, but %s is not", ci.index, ci.total).
				withHint("set %s to the number of shards", ci.total)
		}
		i, err := strconv.Atoi(index)
		n, err2 := strconv.Atoi(total)
		s := shard{i - ci.first + 1, n}
		if err != nil || err2 != nil || s.index < 1 || s.index > s.total {
			return shard{}, usagef("--shard auto: %s=%s and %s=%s name no part of a run", ci.index, index, ci.total, total).
				withHint("%s counts from %d", ci.index, ci.first)
		}
		e.remark(report, fmt.Sprintf("shard %d/%d, from %s and %s of %s", s.index, s.total, ci.index, ci.total, ci.name))
		return s, nil
	}
	if e.getenv("CI_NODE_TOTAL") == "1" {
		// A GitLab job that is not parallel has no index.
		e.remark(report, "shard 1/1, from CI_NODE_TOTAL of GitLab CI")
		return shard{1, 1}, nil
	}
	if e.getenv("GITHUB_ACTIONS") != "" {
		return shard{}, usagef("--shard auto: GitHub Actions tells a job of a matrix neither its number nor how many there are").
			withHint("write --shard ${{ matrix.shard }}/4, or set CORSCHECK_SHARD_INDEX: ${{ strategy.job-index }} and CORSCHECK_SHARD_TOTAL: ${{ strategy.job-total }}")
	}
	return shard{}, usagef("--shard auto: no variable of a CI says which part this is").
		withHint("write --shard 1/4, or set CORSCHECK_SHARD_INDEX (from 0) and CORSCHECK_SHARD_TOTAL")
}
