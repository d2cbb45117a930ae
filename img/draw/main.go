// Command draw draws the pictures of the lessons into img: diagrams, and charts of
// what was measured. It is run by `go generate ./img`, and draws the same
// bytes each time.
//
//	go run ./img/draw             # from img/measurements.json
//	go run ./img/draw -measure    # measures first, on a quiet machine: some two minutes
//
// A set of measurements that differ by more than what the picture would show is refused, and nothing is written then. With -rows
// below ten million the measurement is a trial: its figures are printed, and nothing is written.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"locuslab/kernel/lab"
)

// drawing is a picture that is done.
type drawing interface{ SVG() string }

// pictures are all pictures by the name of their file.
func pictures(m measurements) map[string]drawing {
	return map[string]drawing{
		"large-dataset.svg":       largeDataset(m),
		"single-vs-parallel.svg":  singleOrParallel(),
		"multiprocessing.svg":     multiprocessing(),
		"dataframe-calls.svg":     dataFrameCalls(m),
		"frame-vs-partitions.svg": frameOrPartitions(),
		"architecture.svg":        architecture(),
		"run-sequential.svg":      runSequential(m),
		"run-parallel.svg":        runParallel(m),
		"threads-analogy.svg":     threadsAnalogy(),
		"processes-analogy.svg":   processesAnalogy(),
		"thread-diagram.svg":      threadDiagram(),
	}
}

func main() {
	anew := flag.Bool("measure", false, "measure on this machine first")
	rows := flag.Int("rows", largestRows, "with -measure: rows of the largest table; with fewer nothing is written")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *anew, *rows); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, anew bool, rows int) error {
	checkout, err := lab.Checkout(".")
	if err != nil {
		return err
	}
	dir := filepath.Join(checkout, "img")
	if anew {
		m, err := measure(ctx, checkout, rows)
		if err != nil {
			return err
		}
		if rows < largestRows {
			fmt.Fprintf(os.Stderr, "settled; a trial with %d rows, so nothing is written\n", rows)
			return nil
		}
		if err := m.write(dir); err != nil {
			return err
		}
	}
	m, err := readMeasurements(dir)
	if err != nil {
		return err
	}
	for name, d := range pictures(m) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(d.SVG()), 0o644); err != nil {
			return err
		}
	}
	return nil
}
