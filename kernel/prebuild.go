package main

import (
	"context"

	"locuslab/kernel/build"
	"locuslab/kernel/lab"
)

// prebuildWorker builds the program that runs the cells of notebooks in dir, so
// that the first cell need not wait for it.
func prebuildWorker(ctx context.Context, cache, dir string, s *lab.Step) error {
	w, err := build.OpenWorkspace(ctx, dir, cache, s.Say)
	if err != nil {
		return err
	}
	_, err = w.WorkerExe(ctx)
	return err
}
