// Command bench measures what a user waits for, on this project's kernel and, where
// they are present, on stock gonb and on Python's ipykernel, in one run on one
// machine: the turnaround of a cell, the memory that a cell costs, the speed of the
// user's own loops, the start of a kernel, the first import of a package, and what is asked
// while one types, beside gopls. It prints Markdown tables.
//
//	go run ./kernel/bench
//	go run ./kernel/bench -parts turnaround -kernels locuslab,gonb -cells 30
//
// It speaks the Jupyter protocol to every kernel alike and knows nothing of their
// insides; a time is taken from sending an execute_request to the idle status.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
)

// options are the command's flags.
type options struct {
	parts, kernels string
	python         string
	cells          int
	memoryCells    int
	rounds         int
}

func main() {
	var o options
	flag.StringVar(&o.parts, "parts", "turnaround,memory,loops,start,imports,completion", "what to measure")
	flag.StringVar(&o.kernels, "kernels", "locuslab,gonb,python3", "kernels to measure; those not present are left out, with a line that says so")
	flag.StringVar(&o.python, "python", "", "a Python that has ipykernel; the private one of the lab, which is made where it is missing, when none is named")
	flag.IntVar(&o.cells, "cells", 30, "distinct cells of each kind (turnaround)")
	flag.IntVar(&o.memoryCells, "memory-cells", 1000, "distinct cells of one session (memory)")
	flag.IntVar(&o.rounds, "rounds", 9, "runs of each loop, and starts of each kernel")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := bench(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func bench(ctx context.Context, o options) error {
	kernels, cleanup, err := findKernels(ctx, strings.Split(o.kernels, ","), o.python)
	if err != nil {
		return err
	}
	defer cleanup()
	printMachine()
	measures := map[string]func(context.Context, options, []kernel) error{
		"turnaround": turnaround, "memory": memory, "loops": loops, "start": starts, "imports": imports, "completion": completion,
	}
	for part := range strings.SplitSeq(o.parts, ",") {
		measure, known := measures[part]
		if !known {
			return fmt.Errorf("part %q is unknown: use turnaround, memory, loops, start, imports, completion", part)
		}
		if err := measure(ctx, o, kernels); err != nil {
			return fmt.Errorf("measure %s: %w", part, err)
		}
	}
	return nil
}

// progress tells on standard error what goes on.
func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}
