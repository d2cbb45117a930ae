package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// weighed tells whether a query's memory is measured: that of groups and of readers.
func weighed(query string) bool {
	groups := []string{"group sum", "by zone", "by user", "medians", "distinct by word"}
	return slices.Contains(groups, query) || slices.Contains(h2oQueries, query) || strings.Contains(query, "CSV") || strings.Contains(query, "Parquet")
}

// weigh finds the memory of each query: the most that a process has resident which has read the
// tables of that query and nothing else, and runs it once. In a process that has done something
// before, what the allocator kept for later would count.
func (b *bench) weigh(ctx context.Context, c *comparison, dir string) error {
	for i, col := range c.columns {
		for k, m := range col.results {
			c.columns[i].results[k].Peak = 0
			if !weighed(m.Query) || strings.HasPrefix(col.engine, "Modin") || col.engine == "gota" { // several processes; a tenth of the rows
				continue
			}
			one := bench{log: io.Discard, queries: m.Query, patience: b.patience}
			var results []measurement
			if form, ok := strings.CutPrefix(col.engine, "locuskit "); ok {
				var err error
				if results, err = one.ownProcess(ctx, dir, form); err != nil {
					return fmt.Errorf("memory of %s: %w", m.Query, err)
				}
			} else {
				results = one.python(ctx, col.engine, dir).results
			}
			if len(results) == 1 {
				c.columns[i].results[k].Peak = results[0].Peak
				fmt.Fprintf(b.log, "  %-20s %-22s %6d MB\n", col.engine, m.Query, results[0].Peak>>20)
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownProcess runs the bench's queries on locuskit in a process of their own.
func (b *bench) ownProcess(ctx context.Context, dir, form string) ([]measurement, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, "-inside", dir, "-form", form, "-queries", b.queries, "-repeat", strconv.Itoa(b.repeat))
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	var results []measurement
	return results, json.Unmarshal(text, &results)
}

// inside is what [bench.ownProcess] runs: it writes the measurements to out.
func (b *bench) inside(ctx context.Context, dir, form string, out io.Writer) error {
	forms, err := b.ours(ctx, dir)
	if err != nil {
		return err
	}
	queries := forms[0]
	if form == "parallel" {
		queries = forms[1]
	}
	results, err := b.measure(ctx, queries)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(results)
}
