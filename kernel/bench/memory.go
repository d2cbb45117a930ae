package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// memory runs many distinct cells in one session of the first kernel: what each
// costs in resident memory, and whether the last are slower than the first.
func memory(ctx context.Context, o options, kernels []kernel) error {
	k := kernels[0]
	fmt.Printf("### Memory and turnaround over %d distinct cells of one session (%s)\n\n", o.memoryCells, k.name)
	var rows [][]string
	for _, kind := range kinds[:2] {
		progress("memory: %d cells of kind %s …", o.memoryCells, kind.name)
		row, err := manyCells(ctx, k, kind, o.memoryCells)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	printTable([]string{"cells", "RSS before, MB", "after 100 cells, KB a cell", "after all, KB a cell", "first hundred, ms", "last hundred, ms", "ratio"}, rows)
	return nil
}

// settle gives what is garbage back, so that the reading is of what stays.
const settle = "import \"runtime/debug\"\n%%\ndebug.FreeOSMemory()"

func manyCells(ctx context.Context, k kernel, kind kind, n int) ([]string, error) {
	running, err := k.start(ctx)
	if err != nil {
		return nil, err
	}
	defer running.Close()
	reading := func() (int64, error) {
		if _, _, err := execute(ctx, running, settle); err != nil {
			return 0, err
		}
		return largestChild(running.Pid())
	}
	if _, _, err := execute(ctx, running, kind.cell(-1)); err != nil {
		return nil, err
	}
	before, err := reading()
	if err != nil {
		return nil, err
	}
	hundred := min(100, n)
	var atHundred int64
	var times []time.Duration
	for i := range n {
		_, waited, err := execute(ctx, running, kind.cell(i))
		if err != nil {
			return nil, err
		}
		times = append(times, waited)
		if i == hundred-1 {
			if atHundred, err = reading(); err != nil {
				return nil, err
			}
		}
	}
	after, err := reading()
	if err != nil {
		return nil, err
	}
	first, last := quantile(times[:hundred], 0.5), quantile(times[n-hundred:], 0.5)
	return []string{
		kind.name, fmt.Sprintf("%.0f", float64(before)/1e6),
		fmt.Sprintf("%.0f", float64(atHundred-before)/1e3/float64(hundred)),
		fmt.Sprintf("%.0f", float64(after-before)/1e3/float64(n)),
		milliseconds(first), milliseconds(last), ratio(last, first),
	}, nil
}

// largestChild is the resident memory, in bytes, of the largest process that the
// kernel with this id has started: its worker.
func largestChild(kernel int) (int64, error) {
	statuses, err := filepath.Glob("/proc/[0-9]*/status")
	if err != nil || len(statuses) == 0 {
		return 0, fmt.Errorf("read resident memory: this needs Linux's /proc")
	}
	var sizes []int64
	for _, path := range statuses {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended since
		}
		if field(string(text), "PPid:") == int64(kernel) {
			sizes = append(sizes, field(string(text), "VmRSS:")*1024)
		}
	}
	if len(sizes) == 0 {
		return 0, fmt.Errorf("read resident memory: process %d has no worker", kernel)
	}
	return slices.Max(sizes), nil
}

// field is a number of a /proc status file, 0 when it is not there.
func field(status, name string) int64 {
	_, rest, _ := strings.Cut(status, "\n"+name)
	words := strings.Fields(rest)
	if len(words) == 0 {
		return 0
	}
	n, _ := strconv.ParseInt(words[0], 10, 64)
	return n
}
