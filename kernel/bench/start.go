package main

import (
	"context"
	"fmt"
	"time"
)

// starts times the start of each kernel with warm caches: until it answers, and
// until its first cell has run.
func starts(ctx context.Context, o options, kernels []kernel) error {
	var rows [][]string
	for _, k := range kernels {
		progress("start: %s …", k.name)
		var answers, firstCells []time.Duration
		for round := range o.rounds + 1 {
			answered, first, err := timeStart(ctx, k)
			if err != nil {
				return fmt.Errorf("%s: %w", k.name, err)
			}
			if round > 0 { // the first one has filled the caches
				answers, firstCells = append(answers, answered), append(firstCells, first)
			}
		}
		rows = append(rows, []string{k.name, milliseconds(quantile(answers, 0.5)), milliseconds(quantile(firstCells, 0.5)), milliseconds(quantile(firstCells, 0.95))})
	}
	fmt.Printf("### Start of a kernel with warm caches, median of %d, ms\n\n", o.rounds)
	printTable([]string{"kernel", "until it answers", "until the first cell has run", "p95"}, rows)
	return nil
}

func timeStart(ctx context.Context, k kernel) (answered, firstCell time.Duration, err error) {
	began := time.Now()
	running, err := k.start(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer running.Close()
	answered = time.Since(began)
	cell := kinds[0].cell
	if !k.isGo() {
		cell = kinds[0].pyCell
	}
	if _, _, err := execute(ctx, running, cell(0)); err != nil {
		return 0, 0, err
	}
	return answered, time.Since(began), nil
}
