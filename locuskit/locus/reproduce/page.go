package reproduce

import (
	"html/template"
	"io"
	"math"
	"time"
)

// page is the report with its chart, in one file without script.
var page = template.Must(template.New("report").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>The tutorial, reproduced</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 84rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { padding: .3rem .5rem; text-align: right; border-bottom: 1px solid #8884; white-space: nowrap; }
th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left; }
figure { margin: 2rem 0; }
</style>
</head>
<body>
<h1>The tutorial, reproduced</h1>
<p>{{.Heading}}</p>
<table>
<thead><tr>{{range .Header}}<th>{{.}}</th>{{end}}</tr></thead>
<tbody>
{{range .Body}}<tr>{{range .}}<td>{{.}}</td>{{end}}</tr>
{{end}}</tbody>
</table>
{{range .Notes}}<p>{{.}}</p>
{{end}}<figure>{{.Chart}}</figure>
</body>
</html>
`))

// HTML writes the report as a page.
func (r Report) HTML(w io.Writer) error {
	table := r.table()
	return page.Execute(w, struct {
		Heading string
		Header  []string
		Body    [][]string
		Notes   []string
		Chart   template.HTML
	}{r.Heading(), table[0], table[1:], r.Notes(), template.HTML(r.Chart().HTML())})
}

// milliseconds is NaN for a form that there is not.
func milliseconds(d time.Duration) float64 {
	if d <= 0 {
		return math.NaN()
	}
	return d.Seconds() * 1e3
}
