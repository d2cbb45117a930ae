package magic

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"locuslab/kernel/benchstat"
	"locuslab/kernel/display"
)

var benchCell = command{"%%bench [-n runs] [-t time]", "run the cell's Benchmark functions, each several times, 6 of 250ms unless told, and compare them with the first", runBench}

func runBench(ctx context.Context, h Host, c Call, out display.Output) error {
	args, err := words(c.Args)
	if err != nil {
		return err
	}
	options := flag.NewFlagSet("%%bench", flag.ContinueOnError)
	options.SetOutput(io.Discard)
	runs := options.Int("n", 6, "")
	each := options.Duration("t", 250*time.Millisecond, "")
	if err := options.Parse(args); err != nil || options.NArg() > 0 || *runs < 1 || *each <= 0 {
		return usage("%%%%bench takes -n, how often each benchmark runs, and -t, how long a run takes, such as -n 10 -t 1s; not %s", c.Args)
	}
	none := usage("%%%%bench found no function BenchmarkXxx(b *testing.B) in its cell")
	if !strings.Contains(c.Body, "func Benchmark") {
		return none
	}
	shown := &progress{Output: out}
	// With -v a result has a line of its own, whatever the benchmark prints.
	passed, err := h.Into(shown).RunTests(ctx, c.Body, []string{"-test.v", "-test.run=^$", "-test.bench=.", "-test.benchmem", fmt.Sprint("-test.count=", *runs), fmt.Sprint("-test.benchtime=", *each)})
	shown.end()
	if err != nil {
		return err
	}
	if !passed {
		return usage("a benchmark has failed")
	}
	table, err := benchstat.Read(shown.results.String())
	if err != nil {
		return err
	}
	if table.Rows() == 0 {
		return none
	}
	out.Display(display.Bundle{Data: map[string]any{"text/plain": table.String(), "text/html": table.HTML()}})
	return nil
}

// progress shows the results of benchmarks as they come, until it ends; what else the cell prints
// stays.
type progress struct {
	display.Output
	line    strings.Builder // that has no end yet
	results strings.Builder
	others  []func() // show again what stays
}

func (p *progress) Write(stream display.Stream, text string) {
	if stream != display.Stdout {
		p.keep(func() { p.Output.Write(stream, text) })
		return
	}
	for line := range strings.Lines(text) {
		p.line.WriteString(line)
		if strings.HasSuffix(line, "\n") {
			p.endLine()
		}
	}
}

func (p *progress) endLine() {
	other, result := benchstat.Cut(p.line.String())
	p.line.Reset()
	if other != "" {
		p.keep(func() { p.Output.Write(display.Stdout, other) })
	}
	if result != "" {
		p.results.WriteString(result)
		p.Output.Write(display.Stdout, result)
	}
}

func (p *progress) Display(b display.Bundle) { p.keep(func() { p.Output.Display(b) }) }

func (p *progress) keep(show func()) {
	p.others = append(p.others, show)
	show()
}

// end takes the results away.
func (p *progress) end() {
	p.endLine()
	p.Output.Clear(true)
	for _, show := range p.others {
		show()
	}
}
