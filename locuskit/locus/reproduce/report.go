package reproduce

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"locuslab/locuskit/chart"
	"locuslab/locuskit/internal/sheet"
)

// Report is all that was measured.
type Report struct {
	Date    time.Time
	Machine string
	Speed   float64 // of the service; the tutorial's was 1
	Workers int
	Python  bool // its columns are there
	Cluster bool // so is its column
	Rows    []Row
}

// Row is one step. A time of 0 is of a form that there is not.
type Row struct {
	Step, Found                string
	Fetch                      bool // its times are the service's
	Tutorial, TutorialParallel time.Duration
	Python, PythonParallel     time.Duration
	Ours, OursParallel         time.Duration
	Cluster                    time.Duration
}

// best returns the shorter of two forms, 0 if there is none.
func best(sequential, parallel time.Duration) time.Duration {
	if parallel > 0 && (parallel < sequential || sequential == 0) {
		return parallel
	}
	return sequential
}

// ratio returns how many times as long a takes as b; 0 when one is missing.
func ratio(a, b time.Duration) float64 {
	if a <= 0 || b <= 0 {
		return 0
	}
	return a.Seconds() / b.Seconds()
}

// gain is sequential against parallel.
func (r Row) gain() float64 { return ratio(r.Ours, r.OursParallel) }

// overPython and overTutorial compare the best form here with the best one there,
// at the same pace of the service.
func (r Row) overPython() float64 {
	return ratio(best(r.Python, r.PythonParallel), best(r.Ours, r.OursParallel))
}

func (r Row) overTutorial(speed float64) float64 {
	return ratio(r.there(speed), best(r.Ours, r.OursParallel))
}

// there returns the tutorial's best time, as it would be with a service of this speed.
func (r Row) there(speed float64) time.Duration {
	there := best(r.Tutorial, r.TutorialParallel)
	if r.Fetch {
		there = time.Duration(float64(there) / speed)
	}
	return there
}

// table returns the header and the rows as texts.
func (r Report) table() [][]string {
	python := func(cells ...string) []string {
		if r.Python {
			return cells
		}
		return nil
	}
	cluster := func(cell string) []string {
		if r.Cluster {
			return []string{cell}
		}
		return nil
	}
	var table [][]string
	add := func(step, found string, tutorial, python, ours []string, last string) {
		row := append([]string{step, found}, tutorial...)
		row = append(append(row, python...), ours...)
		table = append(table, append(row, last))
	}
	add("step", "found", []string{"tutorial", "parallel"}, python("Python", "parallel"), append([]string{"Go", "parallel", "gain"}, cluster("Spark")...), "× tutorial")
	if r.Python {
		table[0] = append(table[0], "× Python")
	}
	for _, row := range r.Rows {
		add(row.Step, row.Found, []string{Took(row.Tutorial), Took(row.TutorialParallel)},
			python(Took(row.Python), Took(row.PythonParallel)),
			append([]string{Took(row.Ours), Took(row.OursParallel), times(row.gain())}, cluster(Took(row.Cluster))...), times(row.overTutorial(r.Speed)))
		if r.Python {
			table[len(table)-1] = append(table[len(table)-1], times(row.overPython()))
		}
	}
	return table
}

// texts is how many columns from the left are words, not numbers.
const texts = 2

// Heading says when, where and how it was measured.
func (r Report) Heading() string {
	return fmt.Sprintf("%s, %s; service at speed %s, %d at a time",
		r.Date.Format("2 January 2006"), r.Machine, strconv.FormatFloat(r.Speed, 'g', 4, 64), r.Workers)
}

// Notes say how to read the table.
func (r Report) Notes() []string {
	notes := []string{
		"parallel: with threads or goroutines. gain: one goroutine against several. × tutorial" + map[bool]string{true: " and × Python", false: ""}[r.Python] + ": the best form there against the best one here.",
		fmt.Sprintf("Steps without requests: the median of %d runs. Every form found the same.", repeats),
	}
	if r.Cluster {
		notes = append(notes, fmt.Sprintf("Spark: the same query on a cluster, %d times, the table sent along; what it takes to begin is most of it.", clusterRepeats))
	}
	if r.Speed != 1 {
		notes = append(notes, fmt.Sprintf("The service answers %s times as fast as the tutorial's; × tutorial allows for that. For its own pace: --full.",
			strconv.FormatFloat(r.Speed, 'g', 4, 64)))
	}
	return notes
}

// Text returns the report for a terminal.
func (r Report) Text() string {
	table := r.table()
	head, rows, _ := strings.Cut(sheet.Align(table, func(column int) bool { return column >= texts }), "\n")
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n%s\n%s\n", r.Heading(), head, strings.Repeat("─", utf8.RuneCountInString(head)), rows)
	fmt.Fprintf(&b, "\n%s\n", strings.Join(r.Notes(), "\n"))
	return b.String()
}

// Chart shows the times side by side.
func (r Report) Chart() chart.Bars {
	b := chart.Bars{Title: "The tutorial's steps, here and there", Unit: "ms", Log: true}
	series := []struct {
		name  string
		there bool
		time  func(Row) time.Duration
	}{
		{"tutorial, at this pace", true, func(row Row) time.Duration { return row.there(r.Speed) }},
		{"Python", r.Python, func(r Row) time.Duration { return best(r.Python, r.PythonParallel) }},
		{"Go, one goroutine", true, func(r Row) time.Duration { return r.Ours }},
		{"Go, goroutines", true, func(r Row) time.Duration { return r.OursParallel }},
		{"Spark", r.Cluster, func(r Row) time.Duration { return r.Cluster }},
	}
	for _, row := range r.Rows {
		b.Labels = append(b.Labels, row.Step)
	}
	for _, s := range series {
		if !s.there {
			continue
		}
		values := make([]float64, len(r.Rows))
		for i, row := range r.Rows {
			values[i] = milliseconds(s.time(row))
		}
		b.Series = append(b.Series, chart.Series{Name: s.name, Values: values})
	}
	return b
}

// Took writes a time with three digits; "–" for a form that there is not.
func Took(d time.Duration) string {
	switch {
	case d <= 0:
		return "–"
	case d < time.Millisecond:
		return digits(d.Seconds()*1e6) + " µs"
	case d < time.Second:
		return digits(d.Seconds()*1e3) + " ms"
	}
	return digits(d.Seconds()) + " s"
}

func times(ratio float64) string {
	if ratio == 0 {
		return "–"
	}
	return digits(ratio) + "×"
}

// digits writes three significant digits, without an exponent.
func digits(x float64) string {
	decimals := 0
	for y := x; y < 100 && decimals < 3; y *= 10 {
		decimals++
	}
	if decimals == 3 {
		decimals = 2
	}
	return strconv.FormatFloat(x, 'f', decimals, 64)
}
