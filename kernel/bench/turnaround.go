package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// turnaround times distinct cells of each kind on each kernel.
func turnaround(ctx context.Context, o options, kernels []kernel) error {
	results := map[string]map[string][]time.Duration{}
	for _, k := range kernels {
		results[k.name] = map[string][]time.Duration{}
		for _, kind := range kinds {
			progress("turnaround: %s, %s …", k.name, kind.name)
			times, err := timeKind(ctx, k, kind, o.cells)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", k.name, kind.name, err)
			}
			results[k.name][kind.name] = times
		}
	}
	fmt.Printf("### Turnaround of a cell, %d distinct cells of each kind, ms\n\n", o.cells)
	header := []string{"cells"}
	for _, k := range kernels {
		header = append(header, k.name+" median", "p95")
	}
	for _, k := range kernels[1:] {
		header = append(header, k.name+" / "+kernels[0].name)
	}
	var rows [][]string
	for _, kind := range kinds {
		row := []string{kind.name}
		for _, k := range kernels {
			times := results[k.name][kind.name]
			row = append(row, milliseconds(quantile(times, 0.5)), milliseconds(quantile(times, 0.95)))
		}
		own := quantile(results[kernels[0].name][kind.name], 0.5)
		for _, k := range kernels[1:] {
			row = append(row, ratio(quantile(results[k.name][kind.name], 0.5), own))
		}
		rows = append(rows, row)
	}
	printTable(header, rows)
	return nil
}

// timeKind runs the cells of one kind in a session of their own, after one that is
// not counted: it fetches modules and fills caches.
func timeKind(ctx context.Context, k kernel, kind kind, n int) ([]time.Duration, error) {
	running, err := k.start(ctx)
	if err != nil {
		return nil, err
	}
	defer running.Close()
	setup, cell := kind.setup(), kind.cell
	switch k.name {
	case "python3":
		setup, cell = kind.pySetup(), kind.pyCell
	case "gonb":
		// Its sessions have a module of their own; a fixed version spares it the search
		// for the newest one.
		setup = append(kind.modules.gonbSetup(), setup...)
	}
	for _, code := range append(setup, cell(1000)) {
		if _, _, err := execute(ctx, running, code); err != nil {
			return nil, err
		}
	}
	var times []time.Duration
	for i := range n {
		out, waited, err := execute(ctx, running, cell(i))
		if err != nil {
			return nil, err
		}
		if !strings.Contains(out, kind.expected(i)) {
			return nil, fmt.Errorf("cell %d printed %q, which lacks %q", i, out, kind.expected(i))
		}
		times = append(times, waited)
	}
	return times, nil
}
