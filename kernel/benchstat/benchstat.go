// Package benchstat reads what Go benchmarks print, several runs of each, and compares them:
// medians with their spread, and how far each benchmark is from the first. The statistics are
// those of the command of the same name, package golang.org/x/perf/benchmath. It does not know
// where the benchmarks come from.
package benchstat

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
	"golang.org/x/perf/benchunit"

	"locuslab/kernel/worker/show"
)

// A Table has a row for each benchmark, in the order in which they ran.
type Table struct {
	units []string
	rows  []row
}

type row struct {
	name    string
	samples map[string][]float64 // by unit
}

// Rows returns the number of benchmarks.
func (t *Table) Rows() int { return len(t.rows) }

// Cut splits a line into what is shown around results and results: a benchmark that prints without
// an end of line has its result behind that.
func Cut(line string) (other, result string) {
	if around.MatchString(line) {
		return "", line
	}
	if at := resultOf.FindStringIndex(line); at != nil {
		return line[:at[0]], line[at[0]:]
	}
	return line, ""
}

var (
	resultOf = regexp.MustCompile(`Benchmark\S* *\t *\d+\t.*\d \S`) // as package testing prints them
	around   = regexp.MustCompile(`^(Benchmark\S*|=== RUN +Benchmark.*|goos: .*|goarch: .*|pkg: .*|cpu: .*|PASS)\s*$`)
	procs    = regexp.MustCompile(`-\d+$`) // GOMAXPROCS, where it is not 1
)

// Read returns the results in a text; lines that are none are left out.
func Read(text string) (*Table, error) {
	t := &Table{}
	for in := benchfmt.NewReader(strings.NewReader(text), "the benchmarks' output"); in.Scan(); {
		switch result := in.Result().(type) {
		case *benchfmt.SyntaxError:
			return nil, fmt.Errorf("read the results of benchmarks: %w", result)
		case *benchfmt.Result:
			t.add(procs.ReplaceAllString(result.Name.String(), ""), result.Values)
		}
	}
	return t, nil
}

func (t *Table) add(name string, values []benchfmt.Value) {
	i := slices.IndexFunc(t.rows, func(r row) bool { return r.name == name })
	if i < 0 {
		i = len(t.rows)
		t.rows = append(t.rows, row{name, map[string][]float64{}})
	}
	for _, v := range values {
		if !slices.Contains(t.units, v.Unit) {
			t.units = append(t.units, v.Unit)
		}
		t.rows[i].samples[v.Unit] = append(t.rows[i].samples[v.Unit], v.Value)
	}
}

// cells returns the table's head and rows as texts.
func (t *Table) cells() [][]string {
	head := []string{"benchmark"}
	for _, u := range t.units {
		head = append(head, strings.Replace(u, "sec/op", "time/op", 1))
	}
	list := [][]string{head}
	for _, r := range t.rows {
		line := []string{r.name}
		for _, u := range t.units {
			line = append(line, figure(r.samples[u], u))
		}
		list = append(list, line)
	}
	if len(t.rows) < 2 || len(t.units) == 0 {
		return list
	}
	first := t.rows[0]
	list[0] = append(list[0], "against "+first.name)
	for i, r := range t.rows {
		said := ""
		if i > 0 {
			said = against(first.samples[t.units[0]], r.samples[t.units[0]])
		}
		list[i+1] = append(list[i+1], said)
	}
	return list
}

const confidence = 0.95

func sample(values []float64) *benchmath.Sample {
	return benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds)
}

// figure is a median, with how far the runs are apart where they are.
func figure(values []float64, unit string) string {
	if len(values) == 0 {
		return ""
	}
	s := benchmath.AssumeNothing.Summary(sample(values), confidence)
	text := benchunit.Scale(s.Center, benchunit.ClassOf(unit))
	if s.Center == math.Trunc(s.Center) && math.Abs(s.Center) < 1000 {
		text = fmt.Sprint(s.Center)
	}
	switch {
	case strings.HasPrefix(unit, "sec"):
		text += "s"
	case strings.HasPrefix(unit, "B"):
		text += "B"
	}
	// With less than six runs nothing can be said of how far they may be apart.
	if spread := s.PctRangeString(); slices.Min(values) != slices.Max(values) && spread != "∞" {
		text += " ± " + spread
	}
	return text
}

// against is how far the second of two samples is from the first, ~ where that may be chance.
func against(first, second []float64) string {
	if len(first) == 0 || len(second) == 0 {
		return ""
	}
	a, b := sample(first), sample(second)
	c := benchmath.AssumeNothing.Compare(a, b)
	from := benchmath.AssumeNothing.Summary(a, confidence).Center
	to := benchmath.AssumeNothing.Summary(b, confidence).Center
	delta := c.FormatDelta(from, to)
	if factor := to / from; delta != "~" && (factor >= 2 || factor <= 0.5) {
		delta = fmt.Sprintf("%.3g ×", factor)
	}
	return fmt.Sprintf("%s (%v)", delta, c)
}

// String returns the table with aligned columns.
func (t *Table) String() string {
	return show.Align(t.cells(), func(column int) bool { return column > 0 })
}
