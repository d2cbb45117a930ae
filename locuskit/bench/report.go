package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// report writes bench.md and, of the last size, bench.svg.
func report(all []comparison, wrong []error, out string) error {
	var b strings.Builder
	for _, c := range all {
		c.markdown(&b)
	}
	if len(wrong) == 0 {
		b.WriteString("All engines that answered gave the same answers.\n")
	}
	for _, err := range wrong {
		fmt.Fprintf(&b, "- **Disagreement**: %v\n", err)
	}
	if err := os.WriteFile(filepath.Join(out, "bench.md"), []byte(b.String()), 0o644); err != nil {
		return err
	}
	return all[len(all)-1].chart(filepath.Join(out, "bench.svg"))
}

// queries is all questions, in the order of the first engine that has most.
func (c comparison) queries() []string {
	var names []string
	for _, col := range c.columns {
		if len(col.results) > len(names) {
			names = nil
			for _, m := range col.results {
				names = append(names, m.Query)
			}
		}
	}
	return names
}

func (c comparison) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "### %s rows\n\nMilliseconds, best of several runs; %s, %s, %d cores, %s.", thousands(c.rows), time.Now().Format("2 January 2006"), processor(), runtime.NumCPU(), runtime.Version())
	c.plainLoops(b)
	b.WriteString("\n\n")
	c.table(b, "fastest other", func(m measurement) float64 { return 1000 * best(m.Seconds) })
	b.WriteString("Milliseconds of processor time, all cores together (of this process alone, where an engine has several):\n\n")
	c.table(b, "least other", func(m measurement) float64 { return 1000 * best(m.Processor) })
	b.WriteString("Most memory that a process has resident which has read that query's tables and runs it once, in MB:\n\n")
	c.table(b, "least other", func(m measurement) float64 {
		if m.Peak == 0 {
			return math.NaN()
		}
		return float64(m.Peak) / 1e6
	})
	for _, col := range c.columns {
		if col.note != "" {
			fmt.Fprintf(b, "%s: %s\n\n", col.engine, col.note)
		}
	}
}

// table compares one figure of the engines, NaN where it is not known.
func (c comparison) table(b *strings.Builder, other string, figure func(measurement) float64) {
	b.WriteString("| query |")
	for _, col := range c.columns {
		fmt.Fprintf(b, " %s |", col.engine)
	}
	fmt.Fprintf(b, " %s ÷ locuskit parallel |\n|---|%s\n", other, strings.Repeat("---:|", len(c.columns)+1))
	for _, q := range c.queries() {
		mine, least, known := math.NaN(), math.Inf(1), false
		line := fmt.Sprintf("| %s |", q)
		for _, col := range c.columns {
			v := math.NaN()
			if m, ok := col.find(q); ok {
				v = figure(m)
			}
			line += " " + short(v) + " |"
			if math.IsNaN(v) {
				continue
			}
			known = true
			if col.engine == "locuskit parallel" {
				mine = v
			} else if !strings.HasPrefix(col.engine, "locuskit") {
				least = min(least, v)
			}
		}
		ratio := least / mine
		if math.IsInf(ratio, 0) {
			ratio = math.NaN()
		}
		if known {
			fmt.Fprintf(b, "%s %s |\n", line, short(ratio))
		}
	}
	b.WriteByte('\n')
}

// short is a figure in three digits or so, a dash for none.
func short(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

// plainLoops compares the forms' gain with that of a loop that only adds.
func (c comparison) plainLoops(b *strings.Builder) {
	if len(c.columns) < 2 || c.columns[0].engine != "locuskit sequential" {
		return
	}
	gain := c.bandwidth.sequential / c.bandwidth.parallel
	fmt.Fprintf(b, " A plain sum over the bytes that the group sum reads takes %s sequential and %s parallel, a gain of %.2f. Parallel over sequential gains here:",
		short(1000*c.bandwidth.sequential), short(1000*c.bandwidth.parallel), gain)
	separator := " "
	for _, q := range []string{"group sum", "quantile", "filter", "CSV read", "Parquet read", "sort"} {
		one, ok := c.columns[0].find(q)
		many, ok2 := c.columns[1].find(q)
		if ok && ok2 {
			fmt.Fprintf(b, "%s%s %.2f", separator, q, best(one.Seconds)/best(many.Seconds))
			separator = ", "
		}
	}
	b.WriteByte('.')
}

// processor is the processor's name, where the system tells it.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		for line := range strings.Lines(string(info)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	return runtime.GOARCH
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
