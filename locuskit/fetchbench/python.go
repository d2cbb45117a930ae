package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os/exec"

	"locuslab/kernel/lab/python"
)

//go:embed requests.py
var requestsScript string

// clients is what the Python environment holds, pinned.
var clients = []string{"requests==2.34.2", "httpx==0.28.1"}

const pythonWhitelabels = 1200

// rival is one way to send the 1,200 requests.
type rival struct {
	name   string
	script string // form for the script, or empty for ours
	task   fetchTask
	rounds int
}

// python sends the same requests to the same service by Python's clients and by ours.
func (b *bench) python(ctx context.Context) error {
	interpreter, err := python.Environment(ctx, b.log, clients...)
	if err != nil {
		return err
	}
	s, err := startService(ctx, serviceTask{Speed: 10, Whitelabels: pythonWhitelabels})
	if err != nil {
		return err
	}
	defer s.close()
	fmt.Fprintf(b.report, "%d requests to the same service at speed 10, in one run; the best of %d runs of each parallel form:\n\n"+
		"| client | requests at a time | wall | CPU | peak memory |\n|---|---:|---:|---:|---:|\n", pythonWhitelabels, b.rounds)
	rows := 0
	for _, r := range []rival{
		{"Python, `requests`", "sequential", fetchTask{Workers: 1}, 1},
		{"locuskit", "", fetchTask{Workers: 1}, 1},
		{"Python, `requests`, `ThreadPoolExecutor(8)`", "threads", fetchTask{Workers: 8}, b.rounds},
		{"Python, `httpx`, asyncio", "async", fetchTask{Workers: 8}, b.rounds},
		{"locuskit", "", fetchTask{Workers: 8}, b.rounds},
	} {
		var best measurement
		for round := range r.rounds {
			fmt.Fprintf(b.log, "%s, %d at a time\n", r.name, r.task.Workers)
			var m measurement
			var err error
			if r.script == "" {
				m, err = s.fetch(ctx, r.task)
			} else {
				m, err = s.run(exec.CommandContext(ctx, interpreter, "-c", requestsScript, r.script))
			}
			if err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
			if rows == 0 {
				rows = m.Rows
			}
			if m.Rows != rows || m.Requests != pythonWhitelabels {
				return errors.Join(fmt.Errorf("%s: %d rows of %d requests, the first had %d", r.name, m.Rows, m.Requests, rows))
			}
			if round == 0 {
				best = m
			}
			best.Wall, best.CPU, best.PeakMB = min(best.Wall, m.Wall), min(best.CPU, m.CPU), min(best.PeakMB, m.PeakMB)
		}
		fmt.Fprintf(b.report, "| %s | %d | %.2f s | %.2f s | %.1f MB |\n", r.name, r.task.Workers, best.Wall, best.CPU, best.PeakMB)
	}
	fmt.Fprintf(b.report, "\nEach fetched the same %d connections. Python keeps its connections open, as ours does (the tutorial's `requests.get` does not).\n\n", rows)
	return nil
}
