package build

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

type quickly struct{}

// Quickly marks a context whose owner wants to know what is there: a Workspace builds no
// worker for it, waits for none that is being built, and downloads nothing.
func Quickly(ctx context.Context) context.Context { return context.WithValue(ctx, quickly{}, true) }

func isQuick(ctx context.Context) bool { return ctx.Value(quickly{}) != nil }

// errNoWorker is what a quick question gets before there is a worker.
var errNoWorker = errors.New("the process that runs the cells is not built yet")

// presentImage is the worker from the cache, if a worker is there that the next cell
// would get, too, and nobody is building one.
func (w *Workspace) presentImage(ctx context.Context) (*workerImage, error) {
	f, err := os.OpenFile(filepath.Join(w.home, "worker.lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, errNoWorker
	}
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return nil, errNoWorker
	}
	wanted, err := w.workerPackages(ctx)
	if err != nil {
		return nil, err
	}
	image, _ := w.findImage(wanted)
	if image == nil {
		return nil, errNoWorker
	}
	return image, nil
}
