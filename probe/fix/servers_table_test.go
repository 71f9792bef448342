package fix_test

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/corscheck/corscheck/probe/fix"
)

// tablePath is the page that the harness keeps.
const tablePath = "../../docs/fixes.md"

const tableHead = `# Fixes, proven on the real servers

Each cell is a real server with that failure. corscheck had to find the **c**ause and recognise the **s**tack; the change that it printed was **a**pplied as it stands; and then corscheck and a real **b**rowser (Chromium) had to pass, with a foreign origin still refused and the headers kept on error pages. A letter stands for what held.

Written by ` + "`go test ./probe/fix -run TestFixesOnRealServers -update-table`" + `; the servers are in ` + "`testdata/servers`" + `.

`

// table is the page: a row per stack and a column per failure. The rows of
// servers that were not run this time are kept from the page before.
func (p *proof) table(servers []*serverFile, before string) string {
	var b strings.Builder
	b.WriteString(tableHead + "| stack |")
	for _, name := range columns {
		b.WriteString(" " + failures[name].title + " |")
	}
	b.WriteString("\n|" + strings.Repeat(" --- |", len(columns)+1) + "\n")
	var notes []string
	kept := keptRows(before)
	for _, stack := range fix.Stacks() {
		for _, s := range servers {
			if s.stack != stack.Key {
				continue
			}
			b.WriteString("| " + stack.Name + " |")
			for i, name := range columns {
				c := p.cell(s, name)
				if old := kept[stack.Name]; p.cells[s.stack] == nil && i < len(old) {
					c = old[i]
				}
				if c[1] != "" {
					c[0] += fmt.Sprintf(" [%d]", noted(&notes, c[1]))
				}
				b.WriteString(" " + c[0] + " |")
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

var notedCell = regexp.MustCompile(`^(.*) (\[[0-9]+\])$`)

// keptRows reads a page again: stack to cells, each with its text and note.
func keptRows(page string) map[string][][2]string {
	rows, notes := map[string][][2]string{}, map[string]string{}
	for line := range strings.Lines(page) {
		if number, note, ok := strings.Cut(strings.TrimSpace(line), "] "); ok && strings.HasPrefix(number, "[") {
			notes[number+"]"] = note
		}
	}
	for line := range strings.Lines(page) {
		columns := strings.Split(strings.TrimSpace(line), " | ")
		if !strings.HasPrefix(line, "| ") || len(columns) < 2 {
			continue
		}
		name := strings.TrimPrefix(columns[0], "| ")
		for _, text := range columns[1:] {
			text = strings.TrimSuffix(text, " |")
			if m := notedCell.FindStringSubmatch(text); m != nil {
				rows[name] = append(rows[name], [2]string{m[1], notes[m[2]]})
			} else {
				rows[name] = append(rows[name], [2]string{text, ""})
			}
		}
	}
	return rows
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

// cell is the text of a cell, and a note or nothing.
func (p *proof) cell(s *serverFile, name string) [2]string {
	if reason := s.not[name]; reason != "" {
		return [2]string{"n/a", reason}
	}
	c := p.cells[s.stack][name]
	if c == nil {
		return [2]string{"not run", ""}
	}
	text, note := "", ""
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
	return [2]string{text, note}
}
