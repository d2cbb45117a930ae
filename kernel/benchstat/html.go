package benchstat

import (
	"html/template"
	"strings"
)

var page = template.Must(template.New("").Parse(`<table><thead><tr>{{range index . 0}}<th>{{.}}</th>{{end}}</tr></thead><tbody>` +
	`{{range slice . 1}}<tr>{{range .}}<td style="white-space:nowrap">{{.}}</td>{{end}}</tr>{{end}}</tbody></table>`))

// HTML returns the table as an HTML table.
func (t *Table) HTML() string {
	var b strings.Builder
	if err := page.Execute(&b, t.cells()); err != nil {
		return "" // a builder takes everything
	}
	return b.String()
}
