package build

import (
	"context"
	"errors"
)

type quickly struct{}

// Quickly marks a context whose owner wants to know what is there: a Workspace builds no
// worker for it, waits for none that is being built, and downloads nothing.
func Quickly(ctx context.Context) context.Context { return context.WithValue(ctx, quickly{}, true) }

func isQuick(ctx context.Context) bool { return ctx.Value(quickly{}) != nil }

// errNoWorker is what a quick question gets before there is a worker.
var errNoWorker = errors.New("the process that runs the cells is not built yet")
