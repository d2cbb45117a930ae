// Command fetchbench measures fetches: the tutorial's two loops, a sweep over the number
// of workers, the same requests by Python's HTTP clients, and two million connections.
//
//	go run ./locuskit/fetchbench                     # everything; ten minutes
//	go run ./locuskit/fetchbench -parts sweep        # of tutorial, sweep, python, many
//	go run ./locuskit/fetchbench -out img            # writes fetch-sweep.svg there
//
// The embedded service, each of our measurements and each of Python's run in processes of their own,
// one at a time, so that CPU time and memory are those of the fetch alone. Python gets an environment of
// its own under the user's cache folder. The result is Markdown on standard output.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == childArgument {
		exit(child(os.Args[2]))
	}
	parts := flag.String("parts", "tutorial,sweep,python,many", "what to measure, comma-separated")
	out := flag.String("out", ".", "folder for fetch-sweep.svg")
	rounds := flag.Int("rounds", 3, "runs of each parallel fetch beside Python; the shortest counts")
	whitelabels := flag.Int("whitelabels", 100_000, "of the part many")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b := bench{log: os.Stderr, report: os.Stdout, rounds: *rounds, whitelabels: *whitelabels, chart: filepath.Join(*out, "fetch-sweep.svg")}
	exit(b.run(ctx, strings.Split(*parts, ",")))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "fetchbench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

type bench struct {
	log, report io.Writer
	rounds      int
	whitelabels int
	chart       string
}

func (b *bench) run(ctx context.Context, parts []string) error {
	known := map[string]func(context.Context) error{"tutorial": b.tutorial, "sweep": b.sweep, "python": b.python, "many": b.many}
	for _, p := range parts {
		if known[p] == nil {
			return fmt.Errorf("-parts %s: there are tutorial, sweep, python and many", p)
		}
	}
	fmt.Fprintf(b.report, "%d cores, %s.\n\n", runtime.NumCPU(), runtime.Version())
	for _, p := range parts {
		if err := known[p](ctx); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", p, err), ctx.Err())
		}
	}
	return nil
}

// tutorial is its two loops at its service's pace.
func (b *bench) tutorial(ctx context.Context) error {
	s, err := startService(ctx, serviceTask{Speed: 1})
	if err != nil {
		return err
	}
	defer s.close()
	fmt.Fprint(b.report, "The tutorial's fetch, 120 whitelabels at speed 1:\n\n"+
		"| | tutorial, wall | ours, wall | ratio | tutorial, CPU | ours, CPU | ratio |\n|---|---:|---:|---:|---:|---:|---:|\n")
	for _, c := range []struct {
		name      string
		workers   int
		wall, cpu float64
	}{{"one after another", 1, 37.8, 2.51}, {"8 workers", 8, 5.92, 2.64}} {
		fmt.Fprintf(b.log, "tutorial, %s\n", c.name)
		m, err := s.fetch(ctx, fetchTask{Workers: c.workers})
		if err != nil {
			return err
		}
		fmt.Fprintf(b.report, "| %s | %.2f s | %.2f s | %.3f | %.2f s | %.3f s | %.1f %% |\n", c.name, c.wall, m.Wall, m.Wall/c.wall, c.cpu, m.CPU, 100*m.CPU/c.cpu)
	}
	fmt.Fprintln(b.report)
	return nil
}

// many is more than fits the patience of a list: a loop over the iterator.
func (b *bench) many(ctx context.Context) error {
	s, err := startService(ctx, serviceTask{Speed: 10, Whitelabels: b.whitelabels, Latency: "none"})
	if err != nil {
		return err
	}
	defer s.close()
	fmt.Fprintf(b.report, "%d whitelabels by the iterator, from a service without latency on the same cores:\n\n"+
		"| workers | connections | wall | connections a second | CPU | live heap on the way, most | peak memory | goroutines left | descriptors left |\n"+
		"|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n", b.whitelabels)
	for _, workers := range []int{8, 64} {
		fmt.Fprintf(b.log, "many, %d workers\n", workers)
		m, err := s.fetch(ctx, fetchTask{Workers: workers, Iterate: true})
		if err != nil {
			return err
		}
		fmt.Fprintf(b.report, "| %d | %d | %.1f s | %.0f | %.1f s | %.1f MB | %.1f MB | %d | %d |\n", workers, m.Rows, m.Wall, float64(m.Rows)/m.Wall, m.CPU, m.LiveMB, m.PeakMB, m.Goroutines, m.Descriptors)
	}
	fmt.Fprintln(b.report)
	return nil
}
