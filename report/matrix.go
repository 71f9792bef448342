package report

import (
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// requestKey identifies the request of a check, whatever the browser.
func (c *Check) requestKey() string {
	return strings.Join([]string{c.URL, c.Origin, c.columnKey(), c.Redirect, c.Mode, c.Initiator}, "\x00")
}

// columnKey is what tells requests of one page to one URL apart.
func (c *Check) columnKey() string {
	key := []string{c.Method, c.Credentials}
	for _, h := range c.Headers {
		key = append(key, h[0]+":"+h[1])
	}
	return strings.Join(key, "\x00")
}

// A matrix arranges checks as a table: URLs and origins down, methods and
// browsers across. What is the same everywhere stands in no cell.
type matrix struct {
	rows, columns []string // keys in the order of the run
	rowChecks     map[string]*Check
	columnChecks  map[string]*Check
	cells         map[[2]string]*Check

	varying
	sameMethodTwice bool
}

// varying says in what the checks of a run differ.
type varying struct {
	first                                            *Check
	manyURLs, manyOrigins, manyMethods, manyBrowsers bool
}

func (v *varying) add(c *Check) {
	if v.first == nil {
		v.first = c
	}
	v.manyURLs = v.manyURLs || c.URL != v.first.URL
	v.manyOrigins = v.manyOrigins || c.Origin != v.first.Origin
	v.manyMethods = v.manyMethods || c.Method != v.first.Method
	v.manyBrowsers = v.manyBrowsers || c.Browser != v.first.Browser
}

// name names a check by what sets it apart from the others of its run.
func (v *varying) name(c *Check) string {
	var parts []string
	if v.manyMethods || !v.manyURLs && !v.manyOrigins && !v.manyBrowsers {
		parts = append(parts, c.Method)
	}
	if v.manyURLs {
		parts = append(parts, c.URL)
	}
	if v.manyOrigins {
		parts = append(parts, "from "+c.Origin)
	}
	if v.manyBrowsers {
		parts = append(parts, "in "+browserName(c.Browser))
	}
	return strings.Join(parts, " ")
}

func newMatrix(checks []*Check) *matrix {
	m := &matrix{rowChecks: map[string]*Check{}, columnChecks: map[string]*Check{}, cells: map[[2]string]*Check{}}
	methods := map[string]string{}
	for _, c := range checks {
		m.varying.add(c)
		if key, seen := methods[c.Method]; seen && key != c.columnKey() {
			m.sameMethodTwice = true
		}
		methods[c.Method] = c.columnKey()
		m.place(c)
	}
	return m
}

// place puts a check into its cell; a cell that is taken moves it to a column of
// its own, so that nothing hides behind anything.
func (m *matrix) place(c *Check) {
	row := c.URL + "\x00" + c.Origin
	column := c.columnKey() + "\x00" + c.Browser
	for m.cells[[2]string{row, column}] != nil {
		column += "\x00again"
	}
	if m.rowChecks[row] == nil {
		m.rowChecks[row] = c
		m.rows = append(m.rows, row)
	}
	if m.columnChecks[column] == nil {
		m.columnChecks[column] = c
		m.columns = append(m.columns, column)
	}
	m.cells[[2]string{row, column}] = c
}

// head is the titles of the columns, those of the rows first.
func (m *matrix) head() []string {
	var head []string
	if m.manyURLs {
		head = append(head, "URL")
	}
	if m.manyOrigins || !m.manyURLs {
		head = append(head, "origin")
	}
	for _, key := range m.columns {
		c := m.columnChecks[key]
		var parts []string
		if m.manyMethods || !m.manyBrowsers {
			parts = append(parts, c.Method)
		}
		if m.sameMethodTwice {
			if names := c.scriptHeaders(); len(names) > 0 {
				parts = append(parts, "+ "+strings.Join(names, ", "))
			}
			if c.Credentials == string(fetch.CredentialsInclude) {
				parts = append(parts, "(credentials)")
			}
		}
		if m.manyBrowsers {
			parts = append(parts, browserName(c.Browser))
		}
		head = append(head, strings.Join(parts, " "))
	}
	return head
}

// titles is what stands in front of row i; a URL that repeats the row above is
// left out where the origin tells the rows apart.
func (m *matrix) titles(i int) []string {
	c := m.rowChecks[m.rows[i]]
	var titles []string
	if m.manyURLs {
		u := c.URL
		if i > 0 && m.manyOrigins && m.rowChecks[m.rows[i-1]].URL == u {
			u = ""
		}
		titles = append(titles, u)
	}
	if m.manyOrigins || !m.manyURLs {
		titles = append(titles, c.Origin)
	}
	return titles
}

// row is the checks of row i in the order of the columns; nil where there is
// none.
func (m *matrix) row(i int) []*Check {
	row := make([]*Check, len(m.columns))
	for j, key := range m.columns {
		row[j] = m.cells[[2]string{m.rows[i], key}]
	}
	return row
}

// constant says what is the same for all checks: the table's caption.
func (m *matrix) constant(c *Check) string {
	var parts []string
	if !m.manyMethods && m.manyBrowsers {
		parts = append(parts, c.Method)
	}
	if !m.manyURLs {
		parts = append(parts, c.URL)
	}
	if !m.manyOrigins && m.manyURLs {
		parts = append(parts, "from "+c.Origin)
	}
	if !m.manyBrowsers {
		parts = append(parts, "in "+browserName(c.Browser))
	}
	return strings.Join(parts, " ")
}
