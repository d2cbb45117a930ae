// Command bench compares locuskit's table operations with gota, pandas, Modin on
// Ray, Polars and DuckDB: the same questions about the same files on the same
// machine in one run, answers checked against each other.
//
//	go run ./locuskit/bench                     # 1 and 10 million rows
//	go run ./locuskit/bench -rows 100000000     # 100 million; 20 GB of memory
//
// It makes the data and a Python environment with the other engines by itself,
// under the user's cache folder, and writes a table (Markdown) and a chart.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"locuslab/kernel/lab/python"
)

//go:embed engines.py
var enginesScript string

const allEngines = "locuskit,gota,DuckDB,Polars,pyarrow,pandas,Modin on Ray"

func main() {
	rows := flag.String("rows", "1000000,10000000", "numbers of rows, comma-separated")
	engines := flag.String("engines", allEngines, "engines to run, comma-separated")
	queries := flag.String("queries", "", "queries to run, comma-separated; default all")
	repeat := flag.Int("repeat", 5, "runs of each query after the first, the shortest of which counts")
	out := flag.String("out", ".", "folder for bench.md and bench.svg")
	patience := flag.Duration("patience", 20*time.Minute, "the longest that one Python engine may take for one size")
	memory := flag.Bool("memory", true, "also run reads and group-bys once each in a process of its own, for its memory")
	inside := flag.String("inside", "", "for the bench's own use: the folder of the data of a process that runs queries on locuskit alone")
	form := flag.String("form", "parallel", "for the bench's own use: the form of those queries")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b := bench{log: os.Stderr, repeat: *repeat, patience: *patience, engines: strings.Split(*engines, ","), queries: *queries, memory: *memory}
	if *inside != "" {
		b.log = io.Discard
		if err := b.inside(ctx, *inside, *form, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	for _, n := range strings.Split(*rows, ",") {
		size, err := strconv.Atoi(n)
		if err != nil || size < codes {
			fmt.Fprintf(os.Stderr, "bench: -rows %s: want whole numbers of at least %d, comma-separated\n", n, codes)
			os.Exit(2)
		}
		b.sizes = append(b.sizes, size)
	}
	for _, e := range b.engines {
		if !slices.Contains(strings.Split(allEngines, ","), e) {
			fmt.Fprintf(os.Stderr, "bench: -engines: no engine %q: use some of %s\n", e, allEngines)
			os.Exit(2)
		}
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		fmt.Fprintf(os.Stderr, "bench: make the folder for the results: %v\n", err)
		os.Exit(1)
	}
	if err := b.run(ctx, *out); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type bench struct {
	log      io.Writer
	sizes    []int
	engines  []string
	queries  string // comma-separated; "": all
	repeat   int
	patience time.Duration
	memory   bool
}

// column is what one engine measured at one size.
type column struct {
	engine  string
	results []measurement
	note    string // why results are missing
}

// comparison is one size.
type comparison struct {
	rows      int
	columns   []column
	bandwidth bandwidth
}

func (b *bench) run(ctx context.Context, out string) error {
	var all []comparison
	var wrong []error
	for _, rows := range b.sizes {
		c, err := b.compare(ctx, rows)
		if err != nil {
			return err
		}
		all = append(all, c)
		wrong = append(wrong, c.disagreements()...)
		if err := report(all, wrong, out); err != nil {
			return err
		}
	}
	fmt.Fprintf(b.log, "written: %s and %s\n", filepath.Join(out, "bench.md"), filepath.Join(out, "bench.svg"))
	return errors.Join(wrong...)
}

func (b *bench) compare(ctx context.Context, rows int) (comparison, error) {
	c := comparison{rows: rows}
	cache, err := os.UserCacheDir()
	if err != nil {
		return c, err
	}
	dir := filepath.Join(cache, "locuslab", "bench", strconv.Itoa(rows))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return c, err
	}
	if err := makeData(ctx, b.log, dir, rows); err != nil {
		return c, err
	}
	for _, engine := range b.engines {
		switch engine {
		case "locuskit":
			fmt.Fprintf(b.log, "locuskit, %d rows\n", rows)
			queries, err := b.ours(ctx, dir)
			if err != nil {
				return c, err
			}
			bandwidth, columns, err := b.measureOurs(ctx, queries, rows)
			if err != nil {
				return c, err
			}
			c.bandwidth = bandwidth
			c.columns = append(c.columns, columns...)
		case "gota":
			if rows > 1_000_000 {
				continue // minutes a query
			}
			fmt.Fprintf(b.log, "gota, %d rows\n", rows)
			queries, err := gota(ctx, dir)
			if err != nil {
				return c, err
			}
			results, err := b.measure(ctx, queries)
			if err != nil {
				return c, err
			}
			c.columns = append(c.columns, column{engine: "gota", results: results})
		default:
			c.columns = append(c.columns, b.python(ctx, engine, dir))
			if err := ctx.Err(); err != nil {
				return c, err
			}
		}
	}
	if b.memory {
		fmt.Fprintln(b.log, "memory, each query in a process of its own")
		return c, b.weigh(ctx, &c, dir)
	}
	return c, nil
}

// python runs a Python engine. One that fails or takes too long leaves a note
// and the results that it got to.
func (b *bench) python(ctx context.Context, engine, dir string) column {
	c := column{engine: engine}
	interpreter, err := python.Environment(ctx, b.log, python.Engines...)
	if err != nil {
		c.note = err.Error()
		return c
	}
	fmt.Fprintf(b.log, "%s\n", engine)
	ctx, cancel := context.WithTimeout(ctx, b.patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, interpreter, "-W", "ignore", "-c", enginesScript, engine, dir, strconv.Itoa(b.repeat), b.queries)
	// Ray starts processes of its own: all of them end with the group.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Env = append(os.Environ(), "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO=0")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		c.note = err.Error()
		return c
	}
	lines := json.NewDecoder(stdout)
	for {
		var m measurement
		if err := lines.Decode(&m); errors.Is(err, io.EOF) {
			break // the end of its output; Wait says whether it was a good one
		} else if err != nil {
			c.note = fmt.Sprintf("stopped after %d queries: its answer cannot be read: %v", len(c.results), err)
			break
		}
		b.tell(m)
		c.results = append(c.results, m)
	}
	io.Copy(io.Discard, stdout)
	if err := cmd.Wait(); err != nil {
		c.note = fmt.Sprintf("stopped after %d queries: %v: %s", len(c.results), err, lastLine(stderr.String()))
		fmt.Fprintf(b.log, "  %s\n", c.note)
	}
	return c
}

// tell logs a measurement.
func (b *bench) tell(m measurement) {
	fmt.Fprintf(b.log, "  %-22s %8.2f ms, %8.2f ms of processor time\n", m.Query, 1000*best(m.Seconds), 1000*best(m.Processor))
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}

// wants tells whether a query is to be run.
func (b *bench) wants(query string) bool {
	return b.queries == "" || slices.Contains(strings.Split(b.queries, ","), query)
}

func (c column) find(query string) (measurement, bool) {
	i := slices.IndexFunc(c.results, func(m measurement) bool { return m.Query == query })
	if i < 0 {
		return measurement{}, false
	}
	return c.results[i], true
}

// disagreements compares all answers with those of the first engine that has
// them.
func (c comparison) disagreements() []error {
	var out []error
	want := make(map[string]measurement)
	from := make(map[string]string)
	for _, col := range c.columns {
		for _, m := range col.results {
			w, ok := want[m.Query]
			if !ok {
				want[m.Query], from[m.Query] = m, col.engine
				continue
			}
			if !slices.EqualFunc(m.Answer, w.Answer, near) {
				out = append(out, fmt.Errorf("%s, %d rows: %s answers %v, %s %v", m.Query, c.rows, col.engine, m.Answer, from[m.Query], w.Answer))
			}
		}
	}
	return out
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b)) }

// best is the shortest time: what else the machine does can only add to it.
func best(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	return slices.Min(v)
}
