package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/corscheck/corscheck/probe/browser"
	"github.com/corscheck/corscheck/probe/browser/generate"
	"github.com/corscheck/corscheck/probe/browser/scenario"
)

// A source is where scenarios come from: a seed, or a file.
type source struct {
	browsers, seed, file string
	initiators           bool
	mixed, hosts         bool
	crossed              string
	n                    int
	from                 uint64
}

func (s *source) flags(f *flag.FlagSet) {
	f.StringVar(&s.browsers, "browser", "chromium,firefox,webkit", "the browsers, separated by commas")
	f.StringVar(&s.seed, "seed", "1", "the seed: a number, or any text such as a commit")
	f.IntVar(&s.n, "n", 2000, "how many scenarios to generate")
	f.Uint64Var(&s.from, "from", 0, "the number of the first scenario of the seed")
	f.BoolVar(&s.initiators, "initiators", false, "take every initiator and mode in every situation instead")
	f.BoolVar(&s.mixed, "mixed", false, "generate only scenarios of other ways to ask than fetch() with the mode cors")
	f.BoolVar(&s.hosts, "hosts", false, "generate scenarios over several host names and schemes, with cookies, instead")
	f.StringVar(&s.crossed, "crossed", "", "cross the scenarios of these recorded sets with each other instead: a pattern such as 'testdata/verdicts/*.gz'")
	f.StringVar(&s.file, "in", "", "take the scenarios of this file instead: recorded ones, or bare scenarios, one a line")
}

func (s *source) scenarios() ([]*scenario.Scenario, error) {
	switch seed := parseSeed(s.seed); {
	case s.initiators:
		return generate.Initiators(), nil
	case s.file != "":
		return s.inFile()
	case s.mixed:
		return generate.Mixed(seed, s.from, s.n), nil
	case s.hosts:
		return generate.Hosts(seed, s.from, s.n), nil
	case s.crossed != "":
		records, err := scenario.ReadFiles(s.crossed)
		if err != nil {
			return nil, err
		}
		return generate.NewPool(scenario.Scenarios(records)).Crossed(seed, s.from, s.n), nil
	default:
		return generate.Scenarios(seed, s.from, s.n), nil
	}
}

// inFile reads the scenarios of a recorded set, or bare ones.
func (s *source) inFile() ([]*scenario.Scenario, error) {
	records, err := scenario.ReadFile(s.file)
	if err != nil {
		return nil, err
	}
	out := scenario.Scenarios(records)
	if len(out) > 0 && out[0].Server == nil && out[0].ID == "" {
		return bare(s.file)
	}
	return out, nil
}

// bare reads scenarios as a disagreement prints them to be replayed.
func bare(name string) ([]*scenario.Scenario, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var out []*scenario.Scenario
	for d := json.NewDecoder(bytes.NewReader(b)); ; {
		sc := new(scenario.Scenario)
		if err := d.Decode(sc); err == io.EOF {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, sc)
	}
}

// batch is how many scenarios are recorded before they are compared.
const batch = 1000

func run(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	var src source
	src.flags(flags)
	shrink := flags.Int("shrink", 20, "shrink one disagreement of each of so many classes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	list, err := src.scenarios()
	if err != nil {
		return err
	}
	disagree := false
	for _, name := range splitList(src.browsers) {
		t := tally{out: out, shrink: *shrink, classes: map[string][]*browser.Disagreement{}}
		if err := t.run(ctx, name, list); err != nil {
			return err
		}
		disagree = disagree || t.disagreements > 0
	}
	if disagree {
		return errDisagree
	}
	return nil
}

// A tally is one browser's run.
type tally struct {
	out           io.Writer
	shrink        int
	disagreements int
	classes       map[string][]*browser.Disagreement
}

func (t *tally) run(ctx context.Context, name string, list []*scenario.Scenario) error {
	b, err := browser.Open(ctx, name)
	if err != nil {
		return err
	}
	defer b.Close()
	start := time.Now()
	for part := range slices.Chunk(list, batch) {
		found, err := b.Conform(ctx, part)
		if err != nil {
			return err
		}
		t.disagreements += len(found)
		for _, d := range found {
			t.classes[d.Class()] = append(t.classes[d.Class()], d)
		}
	}
	took := time.Since(start)
	fmt.Fprintf(t.out, "%s: %d scenarios, %d disagreements in %d classes, %d once and not again, %s, %.0f a second\n",
		b.Version(), len(list), t.disagreements, len(t.classes), b.Unsteady, took.Round(time.Second), float64(len(list))/took.Seconds())
	return t.report(ctx, b)
}

// report prints one disagreement of each class in its smallest form, the most
// frequent classes first.
func (t *tally) report(ctx context.Context, b *browser.Browser) error {
	classes := slices.SortedFunc(maps.Keys(t.classes), func(x, y string) int {
		if d := len(t.classes[y]) - len(t.classes[x]); d != 0 {
			return d
		}
		return bytes.Compare([]byte(x), []byte(y))
	})
	for i, class := range classes {
		found := t.classes[class]
		fmt.Fprintf(t.out, "\n%d x %s\n", len(found), class)
		if i >= t.shrink {
			continue
		}
		d, err := b.Shrink(ctx, found[0])
		if err != nil {
			return err
		}
		d.Write(t.out)
	}
	return nil
}
