package gosuite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
	"locuslab/kernel/kerneltest"
)

func TestMain(m *testing.M) { kerneltest.Main(m) }

// kernelSpec registers the kernel, with a bound on its memory.
func kernelSpec(t *testing.T) client.Spec {
	t.Helper()
	spec := kerneltest.Spec(t)
	spec.Argv = limited(spec.Argv...)
	return spec
}

// runCells executes cells in a kernel of their own, in a folder of their own, and
// returns what they wrote. That a cell failed is the error, unless it ended with
// os.Exit(0).
func runCells(ctx context.Context, spec client.Spec, dir string, cells []string, runAll bool) (got *printed, err error) {
	var log strings.Builder
	k, err := client.Start(ctx, spec, client.Options{Dir: dir, Stderr: &log})
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, log.String())
	}
	var heard streams
	k.Watch(heard.hear)
	running := make([]*client.Running, len(cells))
	start := func(from, to int) (err error) {
		for i := from; i < to && err == nil; i++ {
			running[i], err = k.Start(client.Cell{Code: cells[i]})
		}
		return err
	}
	if runAll {
		err = start(0, len(cells))
	}
	for i, code := range cells {
		if !runAll {
			err = start(i, i+1)
		}
		if err == nil {
			err = await(ctx, running[i])
		}
		if errors.Is(err, errExited) {
			err = nil
			break
		}
		if err != nil {
			err = fmt.Errorf("cell %d of %d: %w\n%s", i+1, len(cells), err, indented(code))
			break
		}
	}
	// What the kernel still said belongs to the output.
	err = errors.Join(err, k.Close())
	return heard.printed(), err
}

// errExited is how a cell ends that calls os.Exit(0), as programs do that are done.
var errExited = errors.New("the cell has ended the process of the notebook with status 0")

// await waits for a cell to be done.
func await(ctx context.Context, cell *client.Running) error {
	outcome, err := cell.Wait(ctx)
	if err != nil {
		return fmt.Errorf("the kernel did not answer: %w", err)
	}
	if f := outcome.Failure(); f != nil {
		if f.Name == "WorkerDied" && f.Value == "the worker exited with status 0" {
			return errExited
		}
		return fmt.Errorf("%s: %s", f.Name, f.Value)
	}
	if outcome.Status != "ok" {
		return fmt.Errorf("status %s", outcome.Status)
	}
	return nil
}

func indented(code string) string {
	if lines := strings.SplitAfter(code, "\n"); len(lines) > 40 {
		code = strings.Join(lines[:40], "") + "…"
	}
	return "    " + strings.ReplaceAll(code, "\n", "\n    ")
}

// streams are the texts that a front end shows.
type streams struct {
	mu    sync.Mutex
	texts []streamText
}

type streamText struct{ cell, name, text string }

func (s *streams) hear(m wire.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch m.Type {
	case "clear_output":
		for i := range s.texts {
			if s.texts[i].cell == m.ParentID() {
				s.texts[i].text = ""
			}
		}
	case "stream":
		var content struct{ Name, Text string }
		if m.Decode(&content) == nil {
			s.texts = append(s.texts, streamText{m.ParentID(), content.Name, content.Text})
		}
	}
}

func (s *streams) printed() *printed {
	s.mu.Lock()
	defer s.mu.Unlock()
	var p printed
	for _, t := range s.texts {
		switch t.name {
		case "stdout":
			p.stdout += t.text
		case "stderr":
			p.stderr += t.text
		}
	}
	return &p
}
