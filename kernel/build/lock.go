package build

import (
	"context"
	"path/filepath"

	"locuslab/kernel/filelock"
)

// lock keeps other kernels out of one part of the session's module.
func (w *Workspace) lock(ctx context.Context, name string) (unlock func(), err error) {
	return lockFile(ctx, filepath.Join(w.home, name+".lock"), w.progress)
}

// lockFile keeps other kernels out of what a file stands for.
func lockFile(ctx context.Context, path string, progress func(string)) (unlock func(), err error) {
	return filelock.Lock(ctx, path, func() { progress("another kernel is building what this one needs: waiting for it…") })
}
