package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"locuslab/kernel/cleanup"
	"locuslab/kernel/display"
	"locuslab/kernel/trace"
	"locuslab/kernel/worker"
	"locuslab/kernel/worker/wire"
)

// Trace implements magic.Host: the cell runs as always, while the runtime of the
// worker writes down what its goroutines do; then that is drawn.
func (h host) Trace(ctx context.Context, code string) error {
	if err := h.start(ctx); err != nil {
		return err
	}
	dir, err := cleanup.MkdirTemp("", "trace")
	if err != nil {
		return fmt.Errorf("trace the cell: %w", err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "trace")
	process := h.process
	if err := process.Trace(file); err != nil {
		return err
	}
	_, failure := h.Run(ctx, code)
	if h.process != process { // the cell took the worker with it
		return failure
	}
	if err := process.Trace(""); err != nil {
		return errors.Join(failure, err)
	}
	f, err := os.Open(file)
	if err != nil {
		return errors.Join(failure, fmt.Errorf("trace the cell: %w", err))
	}
	defer f.Close()
	run, err := trace.Read(f, wire.TraceMark)
	if err != nil {
		if failure != nil { // a cell that does not compile leaves no run
			return failure
		}
		return err
	}
	picture := run.Picture(fmt.Sprintf("In[%d]: what its goroutines did", h.count), h.goroutineName)
	h.out.Display(display.Bundle{Data: map[string]any{
		"image/svg+xml": picture.SVG(), "text/html": picture.HTML(), "text/plain": picture.String(),
	}})
	return failure
}

// goroutineName is the function that a goroutine began with, if a cell names it,
// and the line that started it; a library's function where no cell did.
func (h host) goroutineName(g *trace.Goroutine) string {
	if g.By == nil {
		return "the cell"
	}
	for _, call := range g.By {
		f, ok := h.units.Frame(cellCall(call))
		if !ok {
			continue
		}
		if f == nil {
			break
		}
		what := "go"
		if start, _ := h.units.Frame(cellCall(g.Start)); start != nil && !strings.Contains(start.Function, "func") && start.Function != "" {
			what = start.Function
		}
		return fmt.Sprintf("%s, In[%d]:%d", what, f.Count, f.Line)
	}
	return g.Start.Func[strings.LastIndexByte(g.Start.Func, '/')+1:]
}

func cellCall(f trace.Frame) worker.Frame {
	return worker.Frame{Func: f.Func, File: f.File, Line: f.Line}
}
