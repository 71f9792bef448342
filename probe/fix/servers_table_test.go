package fix_test

import (
	"fmt"
	"strings"

	"github.com/corscheck/corscheck/probe/fix"
)

// tablePath is the page that the harness keeps.
const tablePath = "../../docs/fixes.md"

const tableHead = `# Fixes, proven on the real servers

Each cell is a real server with that failure. corscheck had to find the **c**ause and recognise the **s**tack; the change that it printed was **a**pplied as it stands; and then corscheck and a real **b**rowser (Chromium) had to pass, with a foreign origin still refused and the headers kept on error pages. A letter stands for what held.

Written by ` + "`go test ./probe/fix -run TestFixesOnRealServers -update-table`" + `; the servers are in ` + "`testdata/servers`" + `.

`

// table is the page: a row per stack and a column per failure.
func (p *proof) table(servers []*serverFile) string {
	var b strings.Builder
	b.WriteString(tableHead + "| stack |")
	for _, name := range columns {
		b.WriteString(" " + failures[name].title + " |")
	}
	b.WriteString("\n|" + strings.Repeat(" --- |", len(columns)+1) + "\n")
	var notes []string
	for _, stack := range fix.Stacks() {
		for _, s := range servers {
			if s.stack != stack.Key {
				continue
			}
			b.WriteString("| " + stack.Name + " |")
			for _, name := range columns {
				text, note := p.cell(s, name)
				if note != "" {
					text += fmt.Sprintf(" [%d]", noted(&notes, note))
				}
				b.WriteString(" " + text + " |")
			}
			b.WriteString("\n")
		}
	}
	b.WriteString("\n")
	for i, note := range notes {
		fmt.Fprintf(&b, "[%d] %s\n\n", i+1, note)
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// noted is the number of a note.
func noted(notes *[]string, note string) int {
	for i, n := range *notes {
		if n == note {
			return i + 1
		}
	}
	*notes = append(*notes, note)
	return len(*notes)
}

func (p *proof) cell(s *serverFile, name string) (text, note string) {
	if reason := s.not[name]; reason != "" {
		return "n/a", reason
	}
	c := p.cells[s.stack][name]
	if c == nil {
		return "not run", ""
	}
	for _, held := range []struct {
		letter string
		ok     bool
	}{{"c", c.cause}, {"s", c.stack || s.also[c.seenAs] != ""}, {"a", c.applied}, {"b", c.browser}} {
		if held.ok {
			text += held.letter
		} else {
			text += "-"
		}
	}
	if !c.stack {
		note = s.also[c.seenAs]
	}
	return text, note
}
