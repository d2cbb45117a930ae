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
	b.WriteString("\n\n| query |")
	for _, col := range c.columns {
		fmt.Fprintf(b, " %s |", col.engine)
	}
	b.WriteString(" fastest other ÷ locuskit parallel |\n|---|" + strings.Repeat("---:|", len(c.columns)+1) + "\n")
	for _, q := range c.queries() {
		fmt.Fprintf(b, "| %s |", q)
		mine, other := math.NaN(), math.Inf(1)
		for _, col := range c.columns {
			m, ok := col.find(q)
			if !ok {
				b.WriteString(" – |")
				continue
			}
			t := best(m.Seconds)
			fmt.Fprintf(b, " %s |", ms(t))
			if col.engine == "locuskit parallel" {
				mine = t
			} else if !strings.HasPrefix(col.engine, "locuskit") {
				other = min(other, t)
			}
		}
		if math.IsNaN(mine) || math.IsInf(other, 1) {
			b.WriteString(" – |\n")
			continue
		}
		fmt.Fprintf(b, " %.2f |\n", other/mine)
	}
	b.WriteByte('\n')
	for _, col := range c.columns {
		if col.note != "" {
			fmt.Fprintf(b, "%s: %s\n\n", col.engine, col.note)
		}
	}
}

// plainLoops compares the forms' gain with that of a loop that only adds.
func (c comparison) plainLoops(b *strings.Builder) {
	if len(c.columns) < 2 || c.columns[0].engine != "locuskit sequential" {
		return
	}
	gain := c.bandwidth.sequential / c.bandwidth.parallel
	fmt.Fprintf(b, " A plain sum over the bytes that the group sum reads takes %s sequential and %s parallel, a gain of %.2f. Parallel over sequential gains here:",
		ms(c.bandwidth.sequential), ms(c.bandwidth.parallel), gain)
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

func ms(seconds float64) string {
	if v := 1000 * seconds; v < 10 {
		return fmt.Sprintf("%.2f", v)
	} else if v < 100 {
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", 1000*seconds)
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
